"""Examining a whole project: vocabulary, action blocks, then the gallery's own examination."""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

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
from ontology.escaping import visible
from ontology.loader import builtin_ontology
from ontology.terms import Ontology

if TYPE_CHECKING:
    from generation.manifest.auditing import StrayEntry


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
        yield from _of_changed_files(ws)
        yield from _of_project(ws, ontology)
        yield from _of_manifest(ws, repair=repair)
    yield from _of_secrets(ws)
    context = build_gallery_context(ws.project, ws.settings, ontology)
    with context.database:
        yield from _of_gallery(context, repair=repair, full=full, progress=progress)


def _of_gallery(context: GalleryContext, *, repair: bool, full: bool, progress: Progress | None) -> Iterator[Finding]:
    try:
        mended = doctor.repair(context).fixed if repair else ()
        for item in mended:
            yield Finding.of_mended(item.code, item.message, item.asset)
        yield from doctor.examination(context, full=full, progress=progress)
    except CallsheetError as error:
        yield Finding(error.code, "error", error.message, error.hint)


def _of_project(ws: Workspace, ontology: Ontology) -> Iterator[Finding]:
    counted = f"{plural(len(ontology.terms), 'term')}, {plural(len(ws.blocks), 'action block')}"
    yield Finding("project", "info", f"{visible(ws.settings.name or ws.root.name)}: {counted}")
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


def _of_changed_files(ws: Workspace) -> Iterator[Finding]:
    """What a program that stays open could not take in."""
    for fault in ws.file_faults:
        yield from _of_diagnostics(fault.diagnostics) if fault.diagnostics else ()
        yield Finding("not_taken_in", "error", f"{fault.sentence}: {fault.message}", fault.hint)


def _of_secrets(ws: Workspace) -> Iterator[Finding]:
    """Files with keys or tokens that others on this machine may read."""
    for path in (ws.project.env_file, ws.project.tokens_file):
        with suppress(OSError):
            if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                shown = path.relative_to(ws.root)
                message = f"{shown} holds secrets, and others on this machine may read it"
                yield Finding("readable_secret", "warning", message, f"chmod 600 {shown}", path=str(shown))


def _of_manifest(ws: Workspace, *, repair: bool) -> Iterator[Finding]:
    """Entries that were made here and lead nowhere, and what waits to follow the manifest."""
    if not (ws.root / ws.settings.generation.manifest).is_file():
        return
    try:
        make = ws.generation
        plan = make.context.manifest
        if plan is None:
            return
        for stray in make.take_out_strays() if repair else ():
            message = visible(f"{stray.entry.name} was taken out of {plan.path.name}")
            yield Finding.of_mended("manifest_lists_trash", message, stray.trashed, stray.file)
        for stray in make.stray_entries():
            yield _of_stray(stray, plan.path.name)
        if plan.is_waiting:
            message = f"constants or command of {plan.path.name} wait for the next run"
            yield Finding("manifest_waits", "info", message, "`callsheet manifest constants` does them now")
    except CallsheetError as error:
        yield Finding(error.code, "error", error.message, error.hint)


def _of_stray(stray: "StrayEntry", manifest: str) -> Finding:
    what = visible(f"{manifest} lists {stray.entry.name}, {stray.file}")
    if stray.trashed is None:
        hint = "make it again: `callsheet generate SPEC`; or take the entry out of the manifest"
        return Finding("manifest_lists_nothing", "warning", f"{what}, which is not there", hint, path=stray.file)
    way = "`callsheet doctor --repair` takes the entry out" if stray.may_go else "or take the entry out by hand"
    hint = f"`callsheet restore {stray.trashed}` brings it back; {way}"
    message = f"{what}, which is in the trash"
    return Finding("manifest_lists_trash", "warning", message, hint, stray.trashed, stray.file)


def _of_diagnostics(diagnostics: Iterable[Diagnostic]) -> Iterator[Finding]:
    for item in diagnostics:
        severity = "info" if item.severity == "notice" else item.severity
        message = f"{item.place}: {item.message}" if item.place else item.message
        yield Finding(item.code, severity, message, item.hint)
