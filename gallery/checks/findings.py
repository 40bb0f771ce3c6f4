"""One observation of the doctor."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

Severity = Literal["info", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


def worst(found: Iterable[Severity]) -> Severity:
    """The gravest of these; "info" when there is none."""
    return max(found, key=SEVERITIES.index, default="info")


def number_of(count: int, noun: str) -> str:
    """`1 asset`, `2 assets`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is stable (listed in `docs/gallery.md`). `info` asks for nothing, `error` means damage.

    `asset` is the id it is about, `path` the stored path or the file, each None where there is none.
    A message is one line. `mended`: it was so, and is no more.
    """

    code: str
    severity: Severity
    message: str
    hint: str | None = None
    asset: str | None = None
    path: str | None = None
    mended: bool = False

    @classmethod
    def of_mended(cls, code: str, what: str, asset: str | None = None, path: str | None = None) -> "Finding":
        """What was mended just now; `what` is one line."""
        return cls(code, "info", f"mended: {what}", None, asset, path, mended=True)

    def to_json(self) -> dict[str, Any]:
        """`{code, severity, message, hint, asset, path, mended}`."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "asset": self.asset,
            "path": self.path,
            "mended": self.mended,
        }
