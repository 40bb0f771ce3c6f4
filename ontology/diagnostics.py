"""A finding about vocabulary or tags: what, where, why, and the way out."""

from dataclasses import dataclass
from typing import Any, Literal

from ontology.escaping import visible

Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` is stable; `file`, `line` and `column` (both from 1) are None where there is no source.

    Codes are listed in `docs/ontology.md`.
    """

    code: str
    message: str
    hint: str | None = None
    severity: Severity = "error"
    id: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None

    @property
    def place(self) -> str:
        """`file:line:column`, as much of it as there is; empty without a source."""
        file = None if self.file is None else visible(self.file)
        return ":".join(str(part) for part in (file, self.line, self.column) if part is not None)

    def __str__(self) -> str:
        """`file:line:column: code: message (hint)`, the form that `callsheet ontology check` prints."""
        hint = f" ({self.hint})" if self.hint else ""
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.code}: {self.message}{hint}"

    def to_json(self) -> dict[str, Any]:
        """`{code, message, hint, severity, id, file, line, column}`."""
        return {name: getattr(self, name) for name in _FIELDS}


_FIELDS = ("code", "message", "hint", "severity", "id", "file", "line", "column")
