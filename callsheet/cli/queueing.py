"""`queue`: what is being made, what waits, what is of unknown outcome."""

from typing import Annotated

import typer

from callsheet.cli import output
from callsheet.cli.job_lines import JobProgress, code_of, cost_text, tell_of
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun
from callsheet.exit_codes import ExitCode
from ontology.errors import InvalidInputError

commands = typer.Typer(rich_markup_mode=None, help="Look after the things that are made.", invoke_without_command=True)

JobName = Annotated[str, typer.Argument(metavar="ID", help="A job, e.g. j12.")]


def register(app: typer.Typer) -> None:
    """Add this module's group of commands."""
    app.add_typer(commands, name="queue")


@commands.callback()
def queue(context: typer.Context) -> None:
    """List the jobs that are open."""
    if context.invoked_subcommand is None:
        list_jobs()


@commands.command("ls")
def list_jobs(
    everything: Annotated[bool, typer.Option("--all", help="Also the jobs that are over.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="So many, the newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the jobs that are open, the newest first.

    Example: callsheet queue ls --all
    """
    with workspace() as ws:
        bodies = [job.to_json() for job in ws.generation.queue(everything=everything, limit=limit)]
    if as_json:
        output.data({"jobs": bodies})
        return
    if not bodies:
        output.note("no job is open; --all lists those that are over" if not everything else "there was no job yet")
        return
    rows = [
        (body["id"], body["spec_id"], body["status"], body["provider"] or "–", cost_text(body), body["created_at"][:16])
        for body in bodies
    ]
    output.table(("JOB", "SPEC", "STATUS", "BY", "COST", "SINCE"), rows)
    for body in bodies:
        tell_of(body)


@commands.command("show")
def show_job(job: JobName, as_json: AsJson = False) -> None:
    """Show one job with its decisions and purchases.

    Example: callsheet queue show j12
    """
    with workspace() as ws:
        body = ws.generation.job(job).to_json(whole=True)
    if as_json:
        output.data(body)
        return
    for label in ("id", "spec_id", "status", "outcome", "provider", "model", "cost"):
        if body[label] is not None:
            output.line(f"{label.replace('_id', ''):9}{body[label]}")
    output.line(f"{'prompt':9}{body['asked']['spec']['prompt']}")
    for name in body["assets"]:
        output.line(f"{'asset':9}{name}")
    for file in body["files"]:
        for name in file["further"]:
            output.line(f"{'beside':9}assets/{name}")
    for step in body["trace"]:
        said = step.get("message") or step.get("path") or ""
        output.line(
            f"{step['step']:9}{' '.join(str(step[key]) for key in ('provider', 'code') if step.get(key))} {said}"
        )
    for attempt in body["attempts"]:
        cost = attempt["cost"] if attempt["cost"] is not None else f"≤ {attempt['reserved']}"
        shared = f", a share of a call of {attempt['shared_by']} jobs" if attempt["shared_by"] > 1 else ""
        output.line(f"{'call':9}{attempt['provider']}:{attempt['model']} {attempt['state']} ${cost}{shared}")
        if attempt["discrepancy"]:
            output.line(f"{'':9}{attempt['discrepancy']}")
    tell_of(body)


@commands.command("cancel")
def cancel_jobs(
    jobs: Annotated[list[str], typer.Argument(metavar="ID", help="Jobs, e.g. j12 j13.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Cancel jobs that are open. What was sent already may be charged.

    Example: callsheet queue cancel j12
    """
    with workspace() as ws:
        make = ws.generation
        bodies = [(make.job(name) if dry_run else make.cancel(name)).to_json() for name in jobs]
    if as_json:
        output.data({"jobs": bodies})
        return
    for body in bodies:
        said = "would be cancelled" if dry_run else body["status"]
        output.line(f"{body['id']}  {'is asked to stop' if said == 'working' else said}")


@commands.command("run")
def run_jobs(
    jobs: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID", help="Jobs, also failed or cancelled ones; default: all due."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Go on with the queue, or with these jobs.

    Example: callsheet queue run
    """
    with workspace() as ws:
        progress = JobProgress(ws, len(jobs or ()))
        with progress:
            done = ws.generation_told(progress).run(jobs or ())
        bodies = [job.to_json() for job in done]
    if as_json:
        output.data({"jobs": bodies})
        return code_of(bodies)
    if not bodies:
        output.note("no job is due")
        return ExitCode.OK
    for body in bodies:
        output.line(f"{body['id']}  {body['spec_id']}  {body['outcome'] or body['status']}  {' '.join(body['assets'])}")
        tell_of(body)
    return code_of(bodies)


@commands.command("resolve")
def resolve_job(
    job: JobName,
    charged: Annotated[
        str | None, typer.Option("--charged", metavar="DOLLARS", help="It was charged, this much; the result is lost.")
    ] = None,
    not_charged: Annotated[
        bool, typer.Option("--not-charged", help="It was not charged: the job is queued again.")
    ] = False,
    poll: Annotated[bool, typer.Option("--poll", help="Ask the provider what became of it.")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Settle a call whose outcome nobody knows.

    A call that was sent and not answered is never sent again by itself: look at the provider's account, and say.

    Example: callsheet queue resolve j12 --charged 0.04
    """
    from generation.money import usd  # noqa: PLC0415  # each command loads what it needs

    if [charged is not None, not_charged, poll].count(True) != 1:
        hint = f"callsheet queue resolve {job} --charged AMOUNT | --not-charged | --poll"
        raise InvalidInputError("say one thing about the call", hint=hint, code="usage")
    amount = None if charged is None else usd(charged, what="--charged")
    with workspace() as ws:
        make = ws.generation
        found = make.job(job) if dry_run else make.resolve(job, charged=amount, not_charged=not_charged, poll=poll)
    body = found.to_json()
    if as_json:
        output.data(body)
    else:
        output.line(f"{body['id']}  {body['status']}  {cost_text(body)}")
        if body["status"] == "queued":
            output.note("`callsheet queue run` goes on with it")
    return ExitCode.OK
