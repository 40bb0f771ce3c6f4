"""Examining a whole project: vocabulary, action blocks, then the gallery's own examination."""

from collections.abc import Iterable, Iterator

from callsheet.block_checks import block_faults
from callsheet.wiring import build_gallery_context
from callsheet.wording import plural
from callsheet.workspace import Workspace
from gallery.checks import doctor
from gallery.checks.content import Progress
from gallery.checks.findings import Finding
from gallery.context import GalleryContext
from ontology.diagnostics import Diagnostic
from ontology.errors import CallsheetError, InvalidInputError, OntologyError
from ontology.loader import builtin_ontology
from ontology.terms import Ontology


def examine(
    ws: Workspace, *, repair: bool = False, full: bool = False, progress: Progress | None = None
) -> Iterator[Finding]:
    """Everything that is wrong or worth knowing, as it is found.

    With `repair`, the gallery first mends what can be mended. With `full`, every file is read.
    """
    try:
        ontology = ws.ontology
    except OntologyError as error:
        # A broken vocabulary must not hide what is wrong with the files: the built-in one judges the gallery then.
        ontology = builtin_ontology()
        yield from _of_diagnostics(error.diagnostics)
    else:
        yield from _of_project(ws, ontology)
    context = build_gallery_context(ws.project, ws.settings, ontology)
    with context.database:
        yield from _of_gallery(context, repair=repair, full=full, progress=progress)


def _of_gallery(context: GalleryContext, *, repair: bool, full: bool, progress: Progress | None) -> Iterator[Finding]:
    try:
        mended = doctor.repair(context).fixed if repair else ()
        for item in mended:
            yield Finding(item.code, "info", f"mended: {item.message}", None, item.asset)
        yield from doctor.examination(context, full=full, progress=progress)
    except CallsheetError as error:
        yield Finding(error.code, "error", error.message, error.hint)


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
