"""Examining a whole project: vocabulary, action blocks, then the gallery's own examination."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from callsheet.block_checks import block_faults
from callsheet.workspace import Workspace
from ontology.diagnostics import Diagnostic
from ontology.errors import CallsheetError, OntologyError

SEVERITIES = ("info", "warning", "error")


@dataclass(frozen=True, slots=True)
class CheckupFinding:
    """One finding: `severity` is info, warning or error."""

    code: str
    severity: str
    message: str
    hint: str | None = None
    asset: str | None = None

    def to_json(self) -> dict[str, Any]:
        """`{code, severity, message, hint, asset}`."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "asset": self.asset,
        }


def worst(findings: Sequence[CheckupFinding]) -> str:
    """The gravest severity among the findings; "info" when there is none."""
    return max((finding.severity for finding in findings), key=SEVERITIES.index, default="info")


def examine(ws: Workspace, *, repair: bool = False) -> list[CheckupFinding]:
    """Everything that is wrong or worth knowing. With `repair`, the gallery first mends what can be mended."""
    try:
        ontology = ws.ontology
    except OntologyError as error:
        return list(_of_diagnostics(error.diagnostics))
    counted = f"{len(ontology.terms)} terms, {len(ws.blocks)} action blocks"
    findings = [CheckupFinding("project", "info", f"{ws.root}: {counted}")]
    findings += _of_diagnostics(ws.block_files.diagnostics)
    findings += _of_diagnostics(block_faults(ws))
    try:
        mended = ws.gallery.repair().fixed if repair else ()
        found = ws.gallery.doctor()
    except CallsheetError as error:
        return [*findings, CheckupFinding(error.code, "error", error.message, error.hint)]
    findings += [CheckupFinding(item.code, "info", f"mended: {item.message}", None, item.asset) for item in mended]
    findings += [CheckupFinding(item.code, item.severity, item.message, item.hint, item.asset) for item in found]
    return findings


def _of_diagnostics(diagnostics: Iterable[Diagnostic]) -> Iterator[CheckupFinding]:
    for item in diagnostics:
        where = ":".join(str(part) for part in (item.file, item.line, item.column) if part is not None)
        severity = "info" if item.severity == "notice" else item.severity
        yield CheckupFinding(item.code, severity, f"{where}: {item.message}" if where else item.message, item.hint)
