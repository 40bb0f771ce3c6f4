"""What became of the files of an open project that were changed meanwhile, by an editor or another process."""

from dataclasses import dataclass
from typing import Any, Literal

from ontology.diagnostics import Diagnostic

Part = Literal["ontology", "blocks", "scenes"]


@dataclass(frozen=True, slots=True)
class FileFault:
    """Files that were changed and cannot be used: what they said before stays in use.

    `diagnostics` has every fault of them, where they have places.
    """

    part: Part
    code: str
    message: str
    hint: str | None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def sentence(self) -> str:
        """What is told to those who may not see files."""
        return f"the files of the {self.part} were changed and cannot be used; what they said before is in use"

    def to_json(self) -> dict[str, Any]:
        """`{part, code, message, hint}`."""
        return {"part": self.part, "code": self.code, "message": self.message, "hint": self.hint}


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What one look at the files led to: the parts taken in anew, and the faults that were not there before."""

    taken: tuple[Part, ...] = ()
    faults: tuple[FileFault, ...] = ()
