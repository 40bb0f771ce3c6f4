"""Checking action blocks against the vocabulary."""

from collections.abc import Iterator
from difflib import get_close_matches

from callsheet.workspace import Workspace
from ontology.diagnostics import Diagnostic
from ontology.errors import InvalidInputError
from resolver import OPERATIONS, resolve_assets_for_action
from resolver.block_view import BlockView
from resolver.request import snake_case

FIELDS = frozenset(
    {
        *(
            "id",
            "label",
            "description",
            "kind",
            "tags",
            "operation_type",
            "prompt",
            "reference_image",
            "from",
            "to",
            "via",
        ),
        *("base_image_asset_id", "generated_asset_id", "default_strength", "compatible_next", "compatible_prev"),
        *("duration_sec", "style", "composition", "camera_movement", "consistency", "version", "source", "notes"),
    }
)
"""Fields of an action block, in snake_case. Those that Callsheet does not read are other tools' own."""


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
            notices = ()
        yield from _shape_faults(ws, block_id, shown)
        for notice in notices:
            where = f" in {notice.field}" if notice.field else ""
            message = f"block {block_id}: {notice.message}{where}"
            yield Diagnostic(notice.code, message, notice.hint, "warning", id=block_id, file=shown)


def _shape_faults(ws: Workspace, block_id: str, shown: str) -> Iterator[Diagnostic]:
    """What a request never asks for, but a call would: the operation, the strength, the blocks that may follow."""
    view = BlockView(ws.blocks[block_id])

    def warn(code: str, message: str, hint: str) -> Diagnostic:
        return Diagnostic(code, f"block {block_id}: {message}", hint, "warning", id=block_id, file=shown)

    for name in ws.blocks[block_id]:
        if snake_case(str(name)) not in FIELDS:
            near = get_close_matches(snake_case(str(name)), sorted(FIELDS), n=1)
            hint = f"did you mean {near[0]}?" if near else "Callsheet reads nothing from it; other tools may"
            yield warn("unknown_field", f"the field {name!r} is not known", hint)
    if view.operation_type is not None and view.operation_type not in OPERATIONS:
        yield warn("unknown_operation", f"no operation is called {view.operation_type!r}", ", ".join(OPERATIONS))
    try:
        _ = view.default_strength
    except InvalidInputError as error:
        yield Diagnostic(error.code, error.message, error.hint, id=block_id, file=shown)
    following = view.get("compatible_next", "compatibleNext")
    if following is not None and not isinstance(following, list):
        yield warn("unknown_block", f"compatibleNext is {following!r:.40}, not a list", "write a list of block ids")
    for name in following if isinstance(following, list) else ():
        if name not in ws.blocks:
            near = get_close_matches(str(name), list(ws.blocks), n=1)
            hint = f"did you mean {near[0]}?" if near else "`callsheet blocks ls` lists them"
            yield warn("unknown_block", f"compatibleNext names {name!r}, which this project does not have", hint)
