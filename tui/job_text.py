"""Jobs in words: a line of the list, and all that is known of one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from textual.content import Content

from generation.job_words import LANES, UNKNOWN_CHOICES
from generation.ledger.states import JobState
from generation.ledger.views import AttemptView, JobView
from generation.money import text_of
from tui.job_notices import result_words
from tui.literal import fitted, joined, literal, literal_lines
from tui.making import Making
from tui.widgets.rows import Row

_LOOKS: Mapping[JobState, str] = {"unknown": "bad", "manual": "mark", "failed": "bad", "refused": "bad", "done": "good"}
_NAME_WIDTH, _WIDE_NAME, _BY_WIDTH = 20, 32, 28
_WIDE, _VERY_WIDE = 81, 110
"""Columns of the list, from which on names have more room, and the provider has a place of its own."""

_LONGEST_PROMPT = 4_000
_MOST_STEPS = 40


def queue_rows(jobs: Sequence[JobView], making: Making, width: int) -> Iterator[Row]:
    """The jobs by lane, what waits for a person first; a head for each lane that is not empty."""
    for state, words in LANES.items():
        lane = [job for job in jobs if job.state == state]
        if lane:
            head = (f"{words.title} ", "head"), (f"{len(lane):,} ", "text"), (f" {words.meaning}", "dim")
            yield Row(f"lane-{state}", head, is_head=True)
            yield from (_row(job, making, width) for job in lane)


def _row(job: JobView, making: Making, width: int) -> Row:
    name = fitted(job.spec_id, _WIDE_NAME if width >= _WIDE else _NAME_WIDTH)
    by = (fitted(made_by(job), _BY_WIDTH) + "  ", "dim") if width >= _VERY_WIDE else ("", "dim")
    pieces = (f" {job.id:>5}  ", "dim"), (f"{name}  ", "text"), (f"{cost_of(job):>7}  ", "text"), by
    return Row(job.key, (*pieces, (_note(job, making), _LOOKS.get(job.state, "dim"))))


def made_by(job: JobView) -> str:
    """`provider:model`."""
    return f"{job.provider}:{job.model}" if job.model else job.provider or "–"


def cost_of(job: JobView) -> str:
    """What it came to; `?` while a call is of unknown outcome."""
    return "?" if job.unknown else f"${text_of(job.spent)}"


def _note(job: JobView, making: Making) -> str:
    """What is to be known at a glance."""
    if job.state == "working":
        step = making.steps.get(job.id)
        told = f"{making.seconds(job.id) or 0:.0f} s · {step.words}" if step else "under way in another program"
        return f"is asked to stop; {told}" if job.cancel_requested else told
    if job.state == "unknown":
        return f"${text_of(job.unknown)} held: u says how it ended"
    if job.state == "waiting" and job.resume_at is not None:
        return f"until {job.resume_at.astimezone():%Y-%m-%d %H:%M}"
    if job.state == "done":
        return result_words(job.to_json())
    return str(job.error["message"]) if job.error is not None else ""


def job_text(job: JobView, making: Making) -> Content:
    """Everything about a job, what a person has to do first."""
    return joined(_lines(job, making))


def _lines(job: JobView, making: Making) -> Iterator[Content]:
    words = LANES[job.state]
    yield literal(f"{job.id} {job.spec_id}", "bold")
    yield Content.assemble((words.title, "bold $text-accent"), f": {words.meaning}")
    if (step := making.steps.get(job.id)) is not None:
        yield literal(f"{step.words}, {making.seconds(job.id) or 0:.0f} s", "$text-accent")
    if job.error is not None and job.state != "done":
        yield literal_lines(str(job.error["message"]), "$text-warning" if job.state == "manual" else "$text-error")
        if job.error.get("hint") and job.state != "unknown":
            yield literal_lines(f"→ {job.error['hint']}", "$text-accent")
    if job.state == "unknown":
        yield from _choices()
    if job.stand_in:
        yield literal("a stand-in: made by this machine in place of the real thing", "$text-warning")
    yield literal(f"{job.operation} by {made_by(job)}, {cost_of(job)}")
    yield literal(f"ordered {job.created_at.astimezone():%Y-%m-%d %H:%M}", "$foreground-muted")
    yield from _result(job)
    yield from _asked(job.asked.get("spec") or {})
    yield from _section("Calls", list(_calls(job.attempts)))
    yield from _section("How it came about", [_step(step) for step in job.trace[-_MOST_STEPS:]])


def _choices() -> Iterator[Content]:
    yield literal("u says how it ended:", "bold")
    for choice in UNKNOWN_CHOICES:
        yield Content.assemble(("  ", ""), (choice.title, "bold"), f": {choice.meaning}")


def _result(job: JobView) -> Iterator[Content]:
    if job.assets:
        yield _head("Made", "Enter shows it in Browse")
        for file in job.files:
            yield literal(f"  {file['path']}")
        for check in job.checks:
            if not check["passed"]:
                yield literal(f"  does not pass {check['code']}: {check['detail'] or ''}", "$text-warning")
    for notice in job.notices:
        yield literal_lines(f"! {notice}", "$text-warning")


def _asked(spec: Mapping[str, Any]) -> Iterator[Content]:
    prompt = str(spec.get("prompt") or "")
    if prompt:
        yield _head("Prompt", "Y copies it")
        yield literal_lines(f"{prompt[:_LONGEST_PROMPT]}…" if len(prompt) > _LONGEST_PROMPT else prompt)
    if spec.get("negative_prompt"):
        yield from _section("Negative prompt", [literal_lines(str(spec["negative_prompt"])[:_LONGEST_PROMPT])])
    inputs = [str(item.get("asset") or item) for item in spec.get("inputs") or ()]
    yield from _section("From", [literal(f"  {', '.join(inputs)}")] if inputs else [])


def _calls(attempts: Sequence[AttemptView]) -> Iterator[Content]:
    for one in attempts:
        cost = f"${text_of(one.cost)}" if one.cost is not None else f"at most ${text_of(one.reserved)}"
        shared = f", a share of a call of {one.shared_by} jobs" if one.shared_by > 1 else ""
        yield literal(f"  {one.provider}:{one.model} {one.state}, {cost}{shared}")
        if one.error is not None:
            yield literal(f"    {one.error.get('message', '')}", "$text-warning")
        if one.discrepancy:
            yield literal(f"    {one.discrepancy}", "$text-warning")
        for said in dict.fromkeys(output.get("revised_prompt") for output in one.outputs):
            if said:
                yield literal_lines(f"    the provider made of the prompt: {str(said)[:_LONGEST_PROMPT]}")


def _step(step: Mapping[str, Any]) -> Content:
    said = step.get("message") or step.get("path") or ""
    named = " ".join(str(step[key]) for key in ("provider", "code") if step.get(key))
    return literal(f"  {step.get('step', '')} {named} {said}".rstrip(), "$foreground-muted")


def _section(title: str, lines: Sequence[Content]) -> Iterator[Content]:
    if lines:
        yield _head(title)
        yield from lines


def _head(title: str, hint: str = "") -> Content:
    return Content.assemble("\n", (title, "bold"), (f"  {hint}", "$foreground-muted") if hint else "")
