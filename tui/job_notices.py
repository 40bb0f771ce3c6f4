"""What is told of a run when it is over, whatever screen is shown then."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from textual.notifications import SeverityLevel

from tui.making import Ending

_MOST_APART = 3
"""More jobs than that are counted."""

_BAD = frozenset({"failed", "refused", "unknown"})


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice for `Shell.tell`."""

    text: str
    title: str = ""
    severity: SeverityLevel = "information"


def notices_of(ending: Ending) -> Iterator[Notice]:
    """One for each job, or one for many of them."""
    if ending.error is not None:
        yield _failure(ending.error.message, ending.error.hint)
    bodies = [job.to_json() for job in ending.jobs]
    if len(bodies) > _MOST_APART:
        counts = Counter(body["status"] for body in bodies)
        told = ", ".join(f"{number:,} {status}" for status, number in counts.items())
        yield Notice(f"{told}\n→ Q shows the queue", severity="warning" if _BAD & set(counts) else "information")
    elif not bodies and ending.error is None:
        yield Notice("no job is due")
    else:
        yield from (_notice(body) for body in bodies)


def _notice(body: Mapping[str, Any]) -> Notice:
    error = body.get("error")
    if body["status"] == "done":
        return Notice(f"{body['spec_id']}: {result_words(body)}")
    if error is None:
        return Notice(f"{body['spec_id']} is {body['status']}\n→ Q shows the queue", severity="warning")
    if body["status"] in _BAD:
        return _failure(f"{body['spec_id']}: {error['message']}", error.get("hint"))
    return Notice(f"{body['spec_id']} is {body['status']}: {error['message']}\n→ Q shows it", severity="warning")


def _failure(message: str, hint: str | None) -> Notice:
    return Notice(message + (f"\n→ {hint}" if hint else ""), "Not done", "error")


def result_words(body: Mapping[str, Any]) -> str:
    """What a job that is done has made, and for how much."""
    from generation.job_words import KINDS  # noqa: PLC0415  # loaded with the engine; the first paint comes before it

    number = len(body["assets"])
    kind = "stand-in" if body["stand_in"] else KINDS.get(body["operation"], "picture")
    what = f"{number:,} {kind}{'' if number == 1 else 's'}"
    if body["outcome"] == "unchanged":
        return "nothing changed: it is in the gallery already"
    cost = "?" if body["cost"] is None else f"${body['cost']}"
    return f"bought before, {what} at no cost" if body["outcome"] == "cached" else f"made {what} for {cost}"
