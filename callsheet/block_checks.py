"""Checking action blocks against the vocabulary, each other and the gallery."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from callsheet.block_places import BlockPlaces
from callsheet.workspace import Workspace
from ontology.diagnostics import Diagnostic, Severity
from ontology.errors import CallsheetError, InvalidInputError, NotFoundError
from ontology.nodes import Placed
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


LINKS = ("compatible_next", "compatible_prev", "from", "to", "via")
"""Fields whose texts name other blocks."""
ASSETS = ("base_image_asset_id", "generated_asset_id")


def block_faults(ws: Workspace) -> Iterator[Diagnostic]:
    """What is wrong with the blocks that could be read, each at its line.

    Errors: a wrong shape, and a link to a block that there is not. Warnings: ids that are not understood, unknown
    fields and operations, and assets that this gallery does not hold, for another one may.
    """
    for block_id in ws.blocks:
        yield from _BlockCheck(ws, block_id).faults()


class _BlockCheck:
    def __init__(self, ws: Workspace, block_id: str) -> None:
        self._ws = ws
        self._id = block_id
        self._block = ws.blocks[block_id]
        path = ws.block_files.files[block_id]
        self._file = path.relative_to(ws.root).as_posix() if path.is_relative_to(ws.root) else str(path)

    def faults(self) -> Iterator[Diagnostic]:
        """Every fault of the block."""
        yield from self._of_request()
        yield from self._of_fields()
        for name in self._block:
            if snake_case(name) in LINKS:
                yield from self._of_links(name, self._block[name])
            elif snake_case(name) in ASSETS:
                yield from self._of_asset(name, self._block[name])

    def _fault(
        self, code: str, message: str, hint: str | None, at: Placed, severity: Severity = "warning"
    ) -> Diagnostic:
        return Diagnostic(
            code, f"block {self._id}: {message}", hint, severity, self._id, self._file, at.line, at.column
        )

    @property
    def _places(self) -> BlockPlaces:
        return self._ws.block_files.places(self._id)

    def _of_request(self) -> Iterator[Diagnostic]:
        try:
            request = self._ws.request_from_block(self._id)
            notices = resolve_assets_for_action(request, (), ontology=self._ws.ontology).notices
        except InvalidInputError as error:
            yield self._of_error(error)
            return
        for notice in notices:
            where = f" in {notice.field}" if notice.field else ""
            # What a notice is about comes first in its message, and is a single word.
            at = self._places.field(notice.field or "", notice.message.partition(" ")[0])
            yield self._fault(notice.code, f"{notice.message}{where}", notice.hint, at)

    def _of_error(self, error: InvalidInputError) -> Diagnostic:
        """A wrong shape; its message begins with the block, then names the field."""
        message = error.message.removeprefix(f"block {self._id}: ")
        return self._fault(error.code, message, error.hint, self._places.field(message.partition(" ")[0]), "error")

    def _of_fields(self) -> Iterator[Diagnostic]:
        """What a request never asks for, but a call would: the operation, the strength, fields nobody knows."""
        view = BlockView(self._block)
        for name in self._block:
            if snake_case(name) not in FIELDS:
                near = get_close_matches(snake_case(name), sorted(FIELDS), n=1)
                hint = f"did you mean {near[0]}?" if near else "Callsheet reads nothing from it; other tools may"
                yield self._fault("unknown_field", f"the field {name!r} is not known", hint, self._places.key(name))
        if view.operation_type is not None and view.operation_type not in OPERATIONS:
            message = f"no operation is called {view.operation_type!r}"
            at = self._places.field("operation_type")
            yield self._fault("unknown_operation", message, ", ".join(OPERATIONS), at)
        try:
            _ = view.default_strength
        except InvalidInputError as error:
            yield self._of_error(error)

    def _of_links(self, name: str, value: Any) -> Iterator[Diagnostic]:
        """Blocks that are named and not there. An end of a transition may also be a mapping, which names none."""
        if snake_case(name) in ("from", "to", "via"):
            value = [value] if isinstance(value, str) else []
        elif value is not None and not isinstance(value, list):
            message = f"{name} is {value!r:.40}, not a list"
            yield self._fault("unknown_block", message, "write a list of block ids", self._places.field(name), "error")
        # A block of a file that cannot be read may be the one.
        severity: Severity = "warning" if self._ws.block_files.diagnostics else "error"
        for other in value if isinstance(value, list) else ():
            if not isinstance(other, str) or other not in self._ws.blocks:
                near = get_close_matches(str(other), list(self._ws.blocks), n=1)
                hint = f"did you mean {near[0]}?" if near else "`callsheet blocks ls` lists them"
                message = f"{name} names {other!r:.60}, which this project does not have"
                yield self._fault("unknown_block", message, hint, self._places.field(name, str(other)), severity)

    def _of_asset(self, name: str, value: Any) -> Iterator[Diagnostic]:
        if value is None:
            return
        at = self._places.field(name)
        if not isinstance(value, str):
            yield self._fault("unknown_asset", f"{name} is {value!r:.60}, which is no asset id", "an id is a text", at)
            return
        try:
            self._ws.live_asset(value)
        except (NotFoundError, InvalidInputError) as error:
            yield self._fault("unknown_asset", f"{name}: {error.message}", error.hint, at)
        except CallsheetError as error:
            yield self._fault(error.code, f"{name} cannot be looked up: {error.message}", error.hint, at)
