"""The report of a run: what was made, what it cost, how long it took, which checks failed and what did not work. Pure.

It is made of the answer of a run, `{"jobs": [...], "spent": "0.00"}` as `callsheet generate --json` gives it; a job may
also carry `checks` (`[{asset, code, passed, detail}]`) and `scores` (`{asset: {name: value}}`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from gallery.store.moments import from_rfc3339
from generation.money import ZERO, text_of, usd
from ontology.escaping import visible

FAILED: Final = frozenset({"failed", "refused", "lost", "unknown"})
"""How a job stands of which something is to be told that went wrong."""

_SPECIAL: Final = frozenset("\\`*_{}[]<>#|~&$:@")
"""What Markdown, its tables and its links by themselves, and HTML would see something in."""
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class RunReport:
    """`body` is the report as JSON has it."""

    body: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """`{started_at, finished_at, seconds, total, by_status, made, spent, checks, jobs, failures}`."""
        return dict(self.body)

    def to_markdown(self) -> str:
        """The same to read: a summary, a table of jobs, failed checks and failures."""
        return _markdown(self.body)


def run_report(answer: Mapping[str, Any]) -> RunReport:
    """The report of a run's answer. Jobs keep their order; amounts that are unknown stay so. Raises nothing."""
    jobs = [_job(job) for job in answer.get("jobs", ())]
    moments = [
        found
        for job in answer.get("jobs", ())
        for found in (_moment(job, "created_at"), _moment(job, "finished_at"))
        if found
    ]
    begun, ended = (min(moments), max(moments)) if moments else (None, None)
    checks = [check for job in jobs for check in job["checks"]]
    failed = [{"spec_id": job["spec_id"], **check} for job in jobs for check in job["checks"] if not check["passed"]]
    return RunReport(
        {
            "started_at": _text(begun),
            "finished_at": _text(ended),
            "seconds": None if begun is None or ended is None else (ended - begun).total_seconds(),
            "total": len(jobs),
            "by_status": dict(sorted(Counter(job["status"] for job in jobs).items())),
            "made": sum(len(job["assets"]) for job in jobs),
            "stand_ins": sum(1 for job in jobs if job["stand_in"]),
            "spent": answer.get("spent", text_of(_sum(jobs))),
            "unknown_costs": sum(1 for job in jobs if job["cost"] is None),
            "checks": {"passed": len(checks) - len(failed), "failed": failed},
            "jobs": jobs,
            "failures": [_failure(job) for job in jobs if job["error"] is not None or job["status"] in FAILED],
        }
    )


def _job(job: Mapping[str, Any]) -> dict[str, Any]:
    begun, ended = _moment(job, "created_at"), _moment(job, "finished_at")
    return {
        "id": job.get("id"),
        "spec_id": str(job.get("spec_id", "")),
        "status": str(job.get("status", "")),
        "outcome": job.get("outcome"),
        "provider": job.get("provider"),
        "model": job.get("model"),
        "cost": job.get("cost"),
        "seconds": None if begun is None or ended is None else (ended - begun).total_seconds(),
        "assets": list(job.get("assets", ())),
        "stand_in": bool(job.get("stand_in", False)),
        "checks": [dict(check) for check in job.get("checks") or ()],
        "scores": dict(job.get("scores") or {}),
        "error": job.get("error"),
    }


def _failure(job: Mapping[str, Any]) -> dict[str, Any]:
    error = job["error"] or {}
    return {
        "spec_id": job["spec_id"],
        "status": job["status"],
        "code": error.get("code"),
        "message": error.get("message"),
        "hint": error.get("hint"),
    }


def _sum(jobs: Sequence[Mapping[str, Any]]) -> Decimal:
    return sum((usd(job["cost"]) for job in jobs if job["cost"] is not None), ZERO)


def _moment(job: Mapping[str, Any], name: str) -> datetime | None:
    written = job.get(name)
    try:
        return from_rfc3339(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _markdown(body: Mapping[str, Any]) -> str:
    parts = ["# Generation run\n", _summary(body)]
    if body["jobs"]:
        rows = [("Spec", "Status", "By", "Cost", "Time", "Assets"), *map(_row, body["jobs"])]
        parts.append("## Jobs\n\n" + _table(rows))
    if body["checks"]["failed"]:
        failed = [
            (each["spec_id"], each.get("asset"), each["code"], each.get("detail")) for each in body["checks"]["failed"]
        ]
        parts.append("## Checks that failed\n\n" + _table([("Spec", "Asset", "Check", "Why"), *failed]))
    if body["failures"]:
        lines = [_failure_line(each) for each in body["failures"]]
        parts.append("## What did not work\n\n" + "".join(lines))
    return "\n".join(parts)


def _summary(body: Mapping[str, Any]) -> str:
    states = ", ".join(f"{number} {_shown(status)}" for status, number in body["by_status"].items()) or "none"
    lines = [f"Jobs: {body['total']} ({states})", f"Assets: {body['made']}{_stand_ins(body)}"]
    unknown = f", and {body['unknown_costs']} of unknown cost" if body["unknown_costs"] else ""
    lines.append(f"Spent: {_shown(body['spent'])} USD{unknown}")
    if body["seconds"] is not None:
        lines.append(f"Time: {_duration(body['seconds'])}, from {body['started_at']} to {body['finished_at']}")
    failed = len(body["checks"]["failed"])
    if failed or body["checks"]["passed"]:
        lines.append(f"Checks: {body['checks']['passed']} passed, {failed} failed")
    return "".join(f"- {line}\n" for line in lines)


def _stand_ins(body: Mapping[str, Any]) -> str:
    return f" (stand-ins: those of {body['stand_ins']} jobs)" if body["stand_ins"] else ""


def _row(job: Mapping[str, Any]) -> tuple[Any, ...]:
    by = " ".join(str(each) for each in (job["provider"], job["model"]) if each)
    outcome = f"{job['status']}, {job['outcome']}" if job["outcome"] else job["status"]
    seconds = None if job["seconds"] is None else _duration(job["seconds"])
    return (job["spec_id"], outcome, by, job["cost"] or "unknown", seconds, " ".join(map(str, job["assets"])))


def _failure_line(failure: Mapping[str, Any]) -> str:
    said = ": ".join(_shown(each) for each in (failure["code"], failure["message"]) if each)
    hint = f" ({_shown(failure['hint'])})" if failure["hint"] else ""
    return f"- {_shown(failure['spec_id'])}, {_shown(failure['status'])}{': ' if said else ''}{said}{hint}\n"


def _table(rows: Sequence[Sequence[Any]]) -> str:
    head, *others = [[_shown("" if cell is None else cell) for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *others]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


def _shown(text: object) -> str:
    """A text in which Markdown and HTML see nothing but letters."""
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in visible(str(text), limit=_LONGEST))
