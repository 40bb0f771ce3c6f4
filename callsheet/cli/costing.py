"""`costs`: what was spent on what, and how generation stands."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli import output
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson
from ontology.errors import InvalidInputError

if TYPE_CHECKING:
    from generation.health import HealthReport
    from generation.ledger.reports import CostReport, Line

_HEADINGS = {"provider": "PROVIDER", "model": "MODEL", "spec_id": "SPEC", "asset_type": "KIND"}


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(costs)


def costs(
    month: Annotated[
        str | None, typer.Option("--month", metavar="YYYY-MM", help="A UTC month (default: this one).")
    ] = None,
    health: Annotated[
        bool, typer.Option("--health", help="Instead: budget, providers, the last jobs, and a score.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what was spent this month, on what, and how it went.

    Reserved is held for calls under way; unknown hangs on calls of which nobody knows whether they were charged.

    Example: callsheet costs --month 2026-11 --json
    """
    from generation.ledger.costs_csv import costs_csv, month_named  # noqa: PLC0415  # --help loads no database

    if month is not None:
        month_named(month)
    if health and (as_csv or month is not None):
        raise InvalidInputError(
            "--health tells how it stands now", hint="callsheet costs --health --json", code="usage"
        )
    if as_csv and as_json:
        raise InvalidInputError("--csv and --json are two forms", hint="choose one", code="usage")
    with workspace() as ws:
        if health:
            report = ws.generation.health()
            output.data(report.to_json()) if as_json else _show_health(report)
            return
        found = ws.costs(month)
    if as_json:
        output.data(found.to_json())
    elif as_csv:
        output.text(costs_csv(found))
    else:
        _show(found)


def _show(found: "CostReport") -> None:
    said = found.to_json()
    output.line(
        f"{found.month}  ${said['spent']} spent · ${said['reserved']} reserved · ${said['unknown']} unknown"
        f" · limit ${said['limit']} · ${said['remaining']} left"
    )
    if not found.total.calls:
        output.note("nothing was bought in this month")
        return
    for name, heading in _HEADINGS.items():
        output.line()
        rows = [_row(line, line.to_json(name)) for line in found.lines[name]]
        output.table((heading, "SPENT", "UNKNOWN", "CALLS", "GOOD", "EACH", "SECONDS"), rows)


def _row(line: "Line", said: dict[str, Any]) -> tuple[str, ...]:
    rate = "–" if line.success_rate is None else f"{line.success_rate:.0%}"
    each = "–" if said["average"] is None else f"${said['average']}"
    seconds = "–" if line.seconds is None else f"{line.seconds:g}"
    return (line.name, f"${said['spent']}", f"${said['unknown']}", str(line.calls), rate, each, seconds)


def _show_health(report: "HealthReport") -> None:
    said = report.to_json()
    output.line(f"health   {said['health_score']} of 100")
    for name, weight in said["weights"].items():
        output.line(f"         {name:10} {said['parts'][name]:.2f} × {weight}")
    money = said["budget"]
    output.line(
        f"budget   ${money['current_spend']} of ${money['monthly_limit']} spent in {money['month']},"
        f" ${money['remaining']} left"
    )
    width = max((len(provider["provider"]) for provider in said["providers"]), default=0)
    for provider in said["providers"]:
        output.line(f"provider {provider['provider']:{width}} {provider['state']}: {provider['detail']}")
    for job in said["recent_generations"]:
        output.line(f"job      {job['id']:6} {job['spec_id']}  {job['outcome'] or job['status']}")
