"""Checking action blocks against the vocabulary."""

from collections.abc import Iterator

from callsheet.workspace import Workspace
from ontology.diagnostics import Diagnostic
from ontology.errors import InvalidInputError
from resolver import resolve_assets_for_action


def block_faults(ws: Workspace) -> Iterator[Diagnostic]:
    """One diagnostic for every block of the wrong shape (error) and every id that is not understood (warning)."""
    for block_id in ws.blocks:
        path = ws.block_files.files[block_id]
        shown = path.relative_to(ws.root).as_posix() if path.is_relative_to(ws.root) else str(path)
        try:
            request = ws.request_from_block(block_id)
            notices = resolve_assets_for_action(request, (), ontology=ws.ontology).notices
        except InvalidInputError as error:
            yield Diagnostic(error.code, error.message, error.hint, id=block_id, file=shown)
            continue
        for notice in notices:
            where = f" in {notice.field}" if notice.field else ""
            message = f"block {block_id}: {notice.message}{where}"
            yield Diagnostic(notice.code, message, notice.hint, "warning", id=block_id, file=shown)
