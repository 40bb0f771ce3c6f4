"""How jobs are shown: while they run, at their end, in the queue; and the exit code they make."""

import sys
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from callsheet.cli import output
from callsheet.exit_codes import ExitCode, exit_code_of_code
from callsheet.wording import plural

if TYPE_CHECKING:
    from callsheet.workspace import Workspace
    from generation.events import Event
    from generation.ledger.reports import CostReport
    from generation.result import Total
    from generation.service import Outcome

_ENDS = frozenset(
    {
        *("generation.finished", "generation.failed", "generation.refused", "generation.cancelled"),
        *("generation.parked", "generation.lost"),
    }
)
_MONEY = frozenset({"generation.reserved", "generation.settled", "generation.released", "generation.lost"})
_GOOD = frozenset({"done", "planned"})
_WAITING = frozenset({"queued", "waiting", "manual", "working"})


class JobProgress:
    """A line on stderr while jobs run: how many are done, what is spent and held, and the limit.

    Silent where nobody looks.
    """

    def __init__(self, ws: "Workspace", total: int) -> None:
        self._ws = ws
        self._total = total
        self._live = output.is_terminal(sys.stderr)
        self._lock = threading.Lock()
        self._done = 0
        self._money = ""
        self._now: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            output.status("")

    def __call__(self, event: "Event") -> None:
        """Take note of an event."""
        if not self._live:
            return
        with self._lock:
            if event.name in _ENDS:
                self._done += 1
                self._now.pop(event.job, None)
            else:
                self._now[event.job] = f"{event.spec_id} {event.name.partition('.')[2]}"
            if event.name in _MONEY or not self._money:
                self._money = self._costs()
            output.status(f"{self._done}/{self._total} · {self._money} · {', '.join(self._now.values())}")

    def _costs(self) -> str:
        from generation.money import text_of  # noqa: PLC0415  # --help loads nothing of generation

        held = self._ws.generation.balance()
        limit = text_of(self._ws.generation.context.month_budget)
        return f"${text_of(held.spent)} spent, ${text_of(held.reserved)} reserved of ${limit}"


def show_jobs(done: "Outcome", report: "CostReport | None") -> None:
    """A line for each job, what went wrong on stderr, the costs at the end."""
    bodies = [item.to_json() for item in done.jobs]
    output.table(("JOB", "SPEC", "STATUS", "BY", "COST", "ASSETS"), [_row(body) for body in bodies])
    for body in bodies:
        tell_of(body)
    if any(body.get("stand_in") for body in bodies):
        were = "would be" if done.estimate is not None else "were"
        output.note(f"stand-ins {were} made by this machine in place of the real thing: set a provider's key for that")
    if done.estimate is not None:
        planned = plural(sum(body["status"] == "planned" for body in bodies), "spec")
        output.note(f"dry run: {planned} would be made for {total_text(done.estimate)}")
    if report is not None:
        month = report.to_json()
        output.note(
            f"this run ${done.to_json()['spent']} · {report.month}: ${month['spent']} of ${month['limit']} spent"
        )


def total_text(total: "Total") -> str:
    """`$0.04 to $0.08, 1 of unknown price`."""
    said = total.to_json()
    amounts = f"${said['low']}" if said["low"] == said["high"] else f"${said['low']} to ${said['high']}"
    return amounts + (f", {total.unknown} of unknown price" if total.unknown else "")


def _row(body: Mapping[str, Any]) -> Sequence[str]:
    status = body["status"] if body.get("outcome") in (None, "dry_run") else body["outcome"]
    made = f"{body['provider'] or '–'}:{body['model']}" if body.get("model") else body["provider"] or "–"
    marks = ["preview"] * bool(body.get("preview")) + ["stand-in"] * bool(body.get("stand_in"))
    made += f" ({', '.join(marks)})" if marks else ""
    return (body["id"] or "–", body["spec_id"], status, made, cost_text(body), " ".join(body["assets"]) or "–")


def cost_text(body: Mapping[str, Any]) -> str:
    """`$0.04`; an estimate as `≤ $0.04`, an unknown one as `?`."""
    if body["cost"] is None:
        return "?"
    return f"≤ ${body['cost']}" if body.get("outcome") == "dry_run" else f"${body['cost']}"


def tell_of(body: Mapping[str, Any]) -> None:
    """What keeps a job from being done, which checks it did not pass, and what else is to be known; on stderr."""
    for check in body.get("checks", ()):
        if not check["passed"]:
            said = f": {check['detail']}" if check["detail"] else ""
            output.note(f"{body['id']} {check['asset'] or body['spec_id']} does not pass {check['code']}{said}")
    for message in body.get("notices", ()):
        output.note(f"{body['id'] or body['spec_id']}: {message}")
    error = body.get("error")
    if error is None or body["status"] == "done":
        return
    name = body["id"] or body["spec_id"]
    output.note(f"{name} {body['status']}: {error['message']}")
    if error.get("hint"):
        output.note(f"  try: {error['hint']}")


def exit_code(done: "Outcome") -> ExitCode:
    """0 when all went well, 3 when a part did not, the failure's own code where nothing else is there."""
    return code_of([item.to_json() for item in done.jobs])


def code_of(bodies: Sequence[Mapping[str, Any]]) -> ExitCode:
    """As `exit_code`, for jobs as JSON has them."""
    bad = [body for body in bodies if body["status"] not in _GOOD | _WAITING]
    if not bad:
        return ExitCode.PARTLY if any(body["status"] in {"waiting", "manual"} for body in bodies) else ExitCode.OK
    codes = {_code(body) for body in bad}
    return codes.pop() if len(bad) == len(bodies) and len(codes) == 1 else ExitCode.PARTLY


def _code(body: Mapping[str, Any]) -> ExitCode:
    if body["status"] == "refused":
        return ExitCode.BUDGET
    error = body.get("error") or {}
    return exit_code_of_code(str(error.get("code", "")))
