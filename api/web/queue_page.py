"""`GET /queue`: what is being made, what waits for a person, what it costs; `GET /queue/{id}`: one job."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import ApiContext
from api.web.rendering import show
from gallery.reading.cards import MOST_CARDS, Card, cards
from generation.engine.planning import LOCAL
from generation.job_words import UNKNOWN_CHOICES, WIDE_LANES, WideLane
from generation.ledger.costs_csv import month_named
from generation.ledger.ordering import count_states
from generation.ledger.paging import job_page
from generation.ledger.reports import CostReport
from generation.ledger.states import OPEN
from generation.ledger.views import JobView
from generation.money import ZERO, text_of
from ontology.errors import InvalidInputError

MOST_PICTURES: Final = 4
MOST_LINES: Final = 20


MOST_OPEN: Final = 50
MOST_OVER: Final = 12
"""So many jobs of a lane are drawn: of what is open, and of what is over."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane with its newest jobs; `total` counts all."""

    kind: WideLane
    jobs: tuple[JobView, ...]
    total: int


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/queue", include_in_schema=False)

    @routes.get("")
    def queue_page(request: Request, month: str = "") -> Response:
        """The lanes, the money of the month, and the costs of a month by whom and by what."""
        making = context.generation
        making.look_after()
        fault, report, now = None, None, making.costs()
        try:
            report = making.costs(month_named(month)) if month else now
        except InvalidInputError as error:
            fault = {"detail": error.message, "hint": error.hint}
        lanes = _lanes(context)
        return show(
            context,
            request,
            "queue.html",
            lanes=lanes,
            is_new=not any(lane.total for lane in lanes),
            money=_money(now),
            report=report,
            lines=None if report is None else {name: report.lines[name][:MOST_LINES] for name in ("provider", "model")},
            month=month,
            fault=fault,
            pictures=_pictures(context, (job for lane in lanes for job in lane.jobs)),
            stand_ins=_stand_ins(context),
            dollars=dollars,
            held=_held,
            choices=UNKNOWN_CHOICES,
        )

    @routes.get("/{job_id}")
    def job_page_(request: Request, job_id: str) -> Response:
        """One job: what was asked, every decision, every call, what came of it."""
        job = context.generation.job(job_id)
        return show(
            context, request, "job.html", job=job, pictures=_pictures(context, [job]), dollars=dollars, held=_held
        )

    return routes


def _lanes(context: ApiContext) -> list[Lane]:
    book = context.generation.context.book
    counted = count_states(book)
    found = []
    for kind in WIDE_LANES:
        most = MOST_OPEN if OPEN.issuperset(kind.states) else MOST_OVER
        total = sum(counted.get(state, 0) for state in kind.states)
        jobs = job_page(book, states=kind.states, limit=most).jobs if total else ()
        found.append(Lane(kind, jobs, total))
    return found


def _money(report: CostReport) -> dict[str, Any]:
    """The month in amounts, and in percent of the limit for the bar, which no sum overfills."""
    amounts = {
        "spent": report.balance.spent,
        "reserved": report.balance.reserved,
        "unknown": report.balance.unknown,
    }
    parts, place = [], ZERO
    for name, amount in amounts.items():
        share = min(amount / report.limit * 100, 100 - place) if report.limit > ZERO else ZERO
        parts.append({"name": name, "at": f"{place:.3f}", "wide": f"{share:.3f}"})
        place += share
    return {**report.to_json(), "parts": parts}


def _stand_ins(context: ApiContext) -> frozenset[str]:
    """Names of the provider that draws in place of the real thing, and of its models."""
    maker = context.generation.context.providers.get(LOCAL)
    models = () if maker is None else (one.model for one in maker.capabilities())
    return frozenset({LOCAL, *models})


def _pictures(context: ApiContext, jobs: Iterable[JobView]) -> Mapping[str, Card]:
    """The pictures that the jobs made, by id."""
    ids = list(dict.fromkeys(name for job in jobs for name in job.assets[:MOST_PICTURES]))[:MOST_CARDS]
    return {card.view.id: card for card in cards(context.services.gallery.context, ids)} if ids else {}


def dollars(amount: Decimal | None) -> str:
    """`$0.04`; `?` where nobody knows."""
    return "?" if amount is None else f"${text_of(amount)}"


def _held(job: JobView) -> str:
    """The most that a call of unknown outcome of this job may have cost, as a text for a field."""
    return text_of(job.unknown) or "0.00"
