"""`GET /history`: what was done, newest first; a batch can be opened, and taken back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, get_args

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.context import ApiContext
from api.web.addresses import address
from api.web.rendering import show, wants_piece
from gallery.journal.batches import Origin
from gallery.journal.history import Filter, history_page, last_batch, moment_of
from gallery.journal.opening import AssetChange, open_batch
from gallery.views import BatchView
from ontology.errors import InvalidInputError

AT_ONCE: Final = 50
CHANGES_AT_ONCE: Final = 60
SAID: Final[Mapping[str, str]] = {
    "add": "Added",
    "tag": "Tagged",
    "rate": "Rated",
    "note": "Noted",
    "edit": "Edited",
    "trash": "Moved to the trash",
    "restore": "Restored",
    "undo": "Undone",
    "redo": "Done again",
    "import": "Imported",
    "missing": "Found missing",
    "found": "Found again",
    "rename": "Renamed a term",
    "merge": "Merged",
    "deprecate": "Deprecated a term",
    "search": "Saved searches",
    "collection": "Collected",
    "link": "Linked",
    "confirm": "Confirmed edited files",
    "reject": "Turned suggestions down",
    "unreject": "Allowed suggestions again",
}
"""Kinds in words; others stand as they are."""


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/history", include_in_schema=False)
    services = context.services

    @routes.get("")
    def history(
        request: Request,
        kind: str = "",
        origin: str = "",
        actor: str = "",
        since: str = "",
        cursor: Annotated[str | None, Query(max_length=40)] = None,
        limit: Annotated[int, Query(ge=1, le=AT_ONCE)] = AT_ONCE,
    ) -> Response:
        """The page; for htmx the rows alone."""
        asked = {"kind": kind, "origin": origin, "actor": actor, "since": since}
        fault, page = None, None
        try:
            wanted = Filter(kind or None, origin or None, actor or None, moment_of(since) if since.strip() else None)
            page = history_page(services.gallery.context, limit=limit, cursor=cursor, wanted=wanted)
        except InvalidInputError as error:
            fault = {"detail": error.message, "hint": error.hint}
        values: dict[str, Any] = {
            "batches": page.batches if page else (),
            "older": address("/history", asked | {"cursor": page.cursor}, {}) if page and page.cursor else None,
            "asked": asked,
            "fault": fault,
            "origins": get_args(Origin),
            "said": said,
            "counted": counted,
            "newest": last_batch(services.gallery.context),
            "kinds": SAID,
        }
        return show(context, request, "batch_rows.html" if wants_piece(request) else "history.html", **values)

    @routes.get("/{number}")
    def batch(request: Request, number: int, cursor: Annotated[str | None, Query(max_length=40)] = None) -> Response:
        """One batch as a page of its own; for htmx what it changed."""
        opened = open_batch(services.gallery.context, number, limit=CHANGES_AT_ONCE, cursor=cursor)
        values: dict[str, Any] = {
            "batch": opened.batch,
            "changes": [shown_change(one) for one in opened.changes],
            "more": address(f"/history/{number}", {"cursor": opened.cursor}, {}) if opened.cursor else None,
            "said": said,
            "counted": counted,
            "newest": last_batch(services.gallery.context),
        }
        return show(context, request, "changes.html" if wants_piece(request) else "batch.html", **values)

    return routes


def said(batch: BatchView) -> str:
    """What a batch did, in words."""
    if batch.kind == "add" and not batch.assets:
        return "Declared a term"
    return SAID.get(batch.kind, batch.kind)


def counted(batch: BatchView) -> list[tuple[int, str]]:
    """How much it changed: `(3, "pictures")`, `(1, "file")`."""
    numbers = Counter(record.kind for record in batch.records)
    numbers["picture"] = batch.assets
    ordered = sorted(numbers.items(), key=lambda item: item[0] != "picture")
    return [(number, _several(name, number)) for name, number in ordered if number]


def _several(name: str, number: int) -> str:
    if number == 1:
        return name
    return f"{name}es" if name.endswith("ch") else f"{name}s"


@dataclass(frozen=True, slots=True)
class ShownChange:
    """What is shown of one asset: tags that came and went, and other fields as `(name, before, after)`."""

    asset: str
    path: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    fields: tuple[tuple[str, str, str], ...]


_MOST_TEXT: Final = 200


def shown_change(change: AssetChange) -> ShownChange:
    """A change as a person reads it."""
    before, after = _tags(change.before), _tags(change.after)
    names = [name for name in {**change.before, **change.after} if name != "tags"]
    fields = ((name, _text(change.before.get(name)), _text(change.after.get(name))) for name in names)
    return ShownChange(
        change.asset,
        change.path,
        tuple(tag for tag in after if tag not in before),
        tuple(tag for tag in before if tag not in after),
        tuple(fields),
    )


def _tags(value: Mapping[str, Any]) -> list[str]:
    found = value.get("tags")
    return [str(tag) for tag in found] if isinstance(found, list) else []


def _text(value: Any) -> str:
    if value is None or value in ([], {}):
        return "–"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…"
