"""Small findings that travel with an answer: reasons, warnings, notices."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason or a warning: stable `code`, a sentence, and the tags it is about."""

    code: str
    message: str
    tags: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """`{code, message, tags}`."""
        return {"code": self.code, "message": self.message, "tags": list(self.tags)}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the question itself that the asker may want to mend. `field` is the request field."""

    code: str
    message: str
    hint: str | None = None
    field: str | None = None

    def to_json(self) -> dict[str, Any]:
        """`{code, message, hint, field}`."""
        return {"code": self.code, "message": self.message, "hint": self.hint, "field": self.field}
