"""What goes over the wire and what comes back, as values. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from json import dumps, loads
from typing import Any


@dataclass(frozen=True, slots=True)
class File:
    """One file of a form."""

    part: str
    name: str
    data: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class Form:
    """A `multipart/form-data` body."""

    fields: Mapping[str, str]
    files: Sequence[File] = ()


def field_text(value: Any) -> str:
    """A value as a field of a form has it: `true`, `4.5`, `[1, 2]`."""
    return value if isinstance(value, str) else dumps(value)


class Sealed(bytes):
    """A body that holds a key. It does not show itself: tracebacks show variables."""

    def __repr__(self) -> str:
        return f"<{len(self)} sealed bytes>"


@dataclass(frozen=True, slots=True)
class Raw:
    """A body that is sent as it is."""

    data: bytes = field(repr=False)
    media_type: str


Body = Mapping[str, Any] | Form | Raw
"""JSON, a form, or bytes."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent to buy something. `headers` beside those of the key."""

    path: str
    body: Body
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers` with names in lower case, safe to show; `location`: where it redirects, as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    location: str = field(default="", repr=False)

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return loads(self.body)
        except (ValueError, RecursionError):
            return None

    def text(self) -> str:
        """The beginning of the body, for people."""
        return self.body[:20_000].decode("utf-8", "replace")
