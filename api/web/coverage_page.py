"""`GET /coverage`: who and what has how many pictures, in which role and view, and what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import ApiContext
from api.web.answers_shown import label_of
from api.web.inquiry import Inquiry
from api.web.rendering import show
from gallery.drawing.coverage_map import ANY_ROLE, ROLES, query_of, wanted_in
from gallery.drawing.heat_map import Column, Panel, Row, short_count, step_names, step_of
from generation.specs.filling import filling
from ontology.terms import PLAYER, Ontology
from resolver.covering import wanted_of

MOST_ROWS: Final = 100
"""So many rows of a table are drawn at once, so that a large vocabulary is no large page."""

MOST_GAPS: Final = 60
_PARAMETERS: Final = {"background": "location", "hero": "hero", "enemy": "enemy", "other": "other"}


def router(context: ApiContext) -> APIRouter:
    """The route."""
    routes = APIRouter()

    @routes.get("/coverage", include_in_schema=False)
    def coverage_page(request: Request, find: str = "", start: int = 0, views: str = "") -> Response:
        """The tables and the gaps. `find` keeps to ids and labels that hold it; `start` is the first row drawn."""
        found = context.services.coverage()["gaps"]
        gaps_of = {(gap["identity"], gap["wanted_role"]): gap for gap in found}
        drawing = _Drawing(find.strip().lower(), max(0, start), views, gaps_of, context.services.ontology)
        panels = [drawing.panel(panel) for panel in context.services.coverage_map().panels]
        gaps = list(_gaps(context, found, drawing.wanted))
        specs = list(context.services.specs.values())
        values: dict[str, Any] = {
            "find": find,
            "views": views,
            "panels": panels,
            "gaps": [gap | {"spec": next(iter(filling(gap, specs)), None)} for gap in gaps[:MOST_GAPS]],
            "more_gaps": len(gaps) - MOST_GAPS,
            "steps": step_names(),
        }
        return show(context, request, "coverage.html", **values)

    return routes


@dataclass(frozen=True, slots=True)
class Cell:
    """A count; `href` leads to its pictures. None: the question makes no sense. `gap`: what is to be filled here.

    `view`: where nothing is missing that has to be there, but a picture could be drafted: the column.
    """

    count: int | None
    shown: str
    step: int | None
    gap: Mapping[str, Any] | None
    href: str
    view: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What part of the tables is drawn: rows that hold `wanted`, from `start` on; columns of the views asked for."""

    wanted: str
    start: int
    views: str
    gaps: Mapping[tuple[str, str], Mapping[str, Any]]
    ontology: Ontology

    def panel(self, panel: Panel) -> dict[str, Any]:
        """A table, for the template."""
        rows = [row for row in panel.rows if self.wanted in row.name.lower() or self.wanted in row.label.lower()]
        places = [
            place for place, column in enumerate(panel.columns) if self.views or column.group in (ROLES, ANY_ROLE)
        ]
        columns = [panel.columns[place] for place in places]
        start = self.start if self.start < len(rows) else 0
        drawn = rows[start : start + MOST_ROWS]
        return {
            "title": panel.title,
            "columns": columns,
            "groups": list(Panel("", tuple(columns), ()).groups()),
            "rows": [
                (row, [self._cell(row, place, panel.columns[place]) for place in places], self._usual(row.name))
                for row in drawn
            ],
            "total": len(rows),
            "start": start,
            "more": max(0, len(rows) - start - len(drawn)),
            "has_views": len(places) < len(panel.columns),
        }

    def _cell(self, row: Row, place: int, column: Column) -> Cell:
        count = row.counts[place]
        step = None if not count else step_of(count)
        wanted = wanted_in(column)
        gap = self.gaps.get((row.name, wanted["wanted_role"])) if column.group == ROLES else None
        shown = "" if count is None else short_count(count)
        view = wanted if count == 0 and column.group != ROLES else None
        return Cell(count, shown, step, gap, "/?" + urlencode({"q": query_of(row.name, column)}), view)

    def _usual(self, identity: str) -> dict[str, str] | None:
        """What a picture of a character in some view would be for; None for a place, or for what is no current term."""
        term = self.ontology.term(identity)
        if identity != PLAYER and (not identity.startswith("npc:") or term is None or term.deprecated):
            return None
        slot, role = wanted_of(identity, self.ontology)
        return {"slot": slot, "identity": identity, "wanted_role": role}


def _gaps(context: ApiContext, found: Sequence[Mapping[str, Any]], wanted: str) -> Iterator[dict[str, Any]]:
    """What is missing of what holds the text."""
    for gap in found:
        label = label_of(gap["identity"], context.services.ontology)
        if wanted in gap["identity"].lower() or wanted in label.lower():
            href = Inquiry.of([(_PARAMETERS[gap["slot"]], gap["identity"])]).href
            yield {**gap, "label": label, "href": href}
