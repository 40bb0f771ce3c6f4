"""A YAML file as it was written: texts, lists and tables that know their line and column (both from 1)."""

from dataclasses import dataclass
from typing import Protocol

from ontology.diagnostics import Diagnostic, Severity


class Placed(Protocol):
    """Anything that knows where it stands in its file."""

    @property
    def line(self) -> int:
        """From 1."""
        ...

    @property
    def column(self) -> int:
        """From 1, in characters."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a file."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as text. `implied` says what YAML makes of it when it is unquoted and not text ("a number")."""

    text: str
    line: int
    column: int
    implied: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A YAML sequence."""

    items: tuple["Node", ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Table:
    """A YAML mapping, in the order of the file; keys are texts, each once."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    line: int
    column: int


Node = Scalar | Listing | Table

NOTHING = "nothing"
"""`Scalar.implied` of an empty value, `~` and `null`."""


class Findings:
    """What is wrong with one file, collected while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.diagnostics: list[Diagnostic] = []

    def add(
        self,
        code: str,
        at: Placed,
        message: str,
        hint: str | None = None,
        *,
        id: str | None = None,  # noqa: A002  # the field of Diagnostic
        severity: Severity = "error",
    ) -> None:
        """Note one finding at a place of this file."""
        self.diagnostics.append(Diagnostic(code, message, hint, severity, id, self.file, at.line, at.column))
