"""Examining a whole project: vocabulary, action blocks, then the gallery's own examination."""

from collections.abc import Iterable, Iterator, Sequence

from callsheet.block_checks import block_faults
from callsheet.wiring import build_gallery_context
from callsheet.wording import plural
from callsheet.workspace import Workspace
from gallery.findings import Finding
from gallery.service import Gallery
from ontology.diagnostics import Diagnostic
from ontology.errors import CallsheetError, InvalidInputError, OntologyError
from ontology.loader import builtin_ontology
from ontology.terms import Ontology

SEVERITIES = ("info", "warning", "error")


def worst(findings: Sequence[Finding]) -> str:
    """The gravest severity among the findings; "info" when there is none."""
    return max((finding.severity for finding in findings), key=SEVERITIES.index, default="info")


def examine(ws: Workspace, *, repair: bool = False) -> list[Finding]:
    """Everything that is wrong or worth knowing. With `repair`, the gallery first mends what can be mended."""
    try:
        ontology = ws.ontology
    except OntologyError as error:
        # A broken vocabulary must not hide what is wrong with the files: the built-in one judges the gallery then.
        findings, ontology = list(_of_diagnostics(error.diagnostics)), builtin_ontology()
    else:
        findings = list(_of_project(ws, ontology))
    context = build_gallery_context(ws.project, ws.settings, ontology)
    with context.database:
        return findings + _of_gallery(Gallery(context), repair=repair)


def _of_gallery(gallery: Gallery, *, repair: bool) -> list[Finding]:
    try:
        mended = gallery.repair().fixed if repair else ()
        found = gallery.doctor()
    except CallsheetError as error:
        return [Finding(error.code, "error", error.message, error.hint)]
    told = [Finding(item.code, "info", f"mended: {item.message}", None, item.asset) for item in mended]
    return told + found


def _of_project(ws: Workspace, ontology: Ontology) -> Iterator[Finding]:
    counted = f"{plural(len(ontology.terms), 'term')}, {plural(len(ws.blocks), 'action block')}"
    yield Finding("project", "info", f"{ws.root}: {counted}")
    yield from _of_diagnostics(ws.block_files.diagnostics)
    yield from _of_diagnostics(block_faults(ws))
    try:
        scenes = ws.scenes
    except InvalidInputError as error:
        yield Finding(error.code, "error", f"scenes.yaml: {error.message}", error.hint)
        return
    for scene in scenes.values():
        for notice in scene.notices:
            yield Finding(notice.code, "warning", f"scenes.yaml: {notice.message} ({notice.field})", notice.hint)


def _of_diagnostics(diagnostics: Iterable[Diagnostic]) -> Iterator[Finding]:
    for item in diagnostics:
        where = ":".join(str(part) for part in (item.file, item.line, item.column) if part is not None)
        severity = "info" if item.severity == "notice" else item.severity
        yield Finding(item.code, severity, f"{where}: {item.message}" if where else item.message, item.hint)
