"""The frozen values that leave the ledger, and their JSON. Money is decimal dollars, as text in JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from gallery.store.moments import rfc3339
from generation.ledger.sharing import names_of_call
from generation.ledger.states import AttemptState, JobState
from generation.money import ZERO, text_of

Json = dict[str, Any]


def job_name(key: int) -> str:
    """How a job is called everywhere: `j12`."""
    return f"j{key}"


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One purchase, or the intent of one. `outputs`: what came back, keys into the storage of results."""

    key: int
    job_key: int
    provider: str
    model: str
    fingerprint: str
    client_request_id: str
    state: AttemptState
    owner: str | None
    month: str
    reserved: Decimal
    estimate_low: Decimal | None
    estimate_high: Decimal | None
    basis: str
    cost: Decimal | None
    cost_source: str | None
    discrepancy: str | None
    remote_id: str | None
    request_id: str | None
    error: Mapping[str, Any] | None
    outputs: Sequence[Mapping[str, Any]]
    adjustments: Sequence[Mapping[str, Any]]
    reserved_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None

    @property
    def shared_by(self) -> int:
        """How many jobs share the call; this is the share of one of them."""
        return len(names_of_call(self.client_request_id))

    def to_json(self) -> Json:
        """Money as text, moments in RFC 3339."""
        return {
            "provider": self.provider,
            "model": self.model,
            "state": self.state,
            "reserved": text_of(self.reserved),
            "estimate": {
                "low": text_of(self.estimate_low),
                "high": text_of(self.estimate_high),
                "basis": self.basis,
            },
            "cost": text_of(self.cost),
            "cost_source": self.cost_source,
            "discrepancy": self.discrepancy,
            "remote_id": self.remote_id,
            "request_id": self.request_id,
            "fingerprint": self.fingerprint,
            "shared_by": self.shared_by,
            "error": None if self.error is None else dict(self.error),
            "outputs": [dict(item) for item in self.outputs],
            "adjustments": [dict(item) for item in self.adjustments],
            "reserved_at": _moment(self.reserved_at),
            "sent_at": _moment(self.sent_at),
            "ended_at": _moment(self.ended_at),
        }


@dataclass(frozen=True, slots=True)
class JobView:
    """One job. `asked` is the whole order; `cost` what its purchases came to, None while one is of unknown outcome.

    `unknown`: what hangs on unknown outcomes. `outcome` (of a job that is done): `made`, `cached`, `unchanged`.
    """

    key: int
    run: str
    spec_id: str
    asset_type: str
    operation: str
    state: JobState
    outcome: str | None
    asked: Mapping[str, Any]
    provider: str | None
    model: str | None
    trace: Sequence[Mapping[str, Any]]
    error: Mapping[str, Any] | None
    assets: Sequence[str]
    batch: int | None
    stand_in: bool
    cancel_requested: bool
    owner: str | None
    resume_at: datetime | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    spent: Decimal = ZERO
    reserved: Decimal = ZERO
    unknown: Decimal = ZERO
    attempts: Sequence[AttemptView] = field(default=())

    @property
    def id(self) -> str:
        """Its name."""
        return job_name(self.key)

    @property
    def is_preview(self) -> bool:
        """Whether it makes a preview."""
        return self.asked.get("preview_of") is not None

    @property
    def files(self) -> list[Json]:
        """What lies where, `{path, asset, best, further}`, the best first; paths below `assets/`."""
        return [
            {"path": step["path"], "asset": step["asset"], "best": number == 0, "further": list(step["further"])}
            for number, step in enumerate(self._placed())
        ]

    @property
    def checks(self) -> list[Json]:
        """How the pictures passed their checks, `{asset, code, passed, detail}`."""
        return [{"asset": step["asset"], **check} for step in self._placed() for check in step["checks"]]

    @property
    def scores(self) -> Json:
        """The scores of each asset, by its id."""
        return {step["asset"]: dict(step["scores"]) for step in self._placed() if step["asset"] and step["scores"]}

    def _placed(self) -> list[Mapping[str, Any]]:
        """The steps of the trace by which the files of the last time were placed."""
        placed = {step["path"]: step for step in self.trace if step.get("step") == "place" and "further" in step}
        return [step for step in placed.values() if step["asset"] is None or step["asset"] in self.assets]

    @property
    def notices(self) -> list[str]:
        """What a person should know of a job that is done, each once."""
        return list(dict.fromkeys(step["message"] for step in self.trace if step.get("step") == "notice"))

    def to_json(self, *, whole: bool = False) -> Json:
        """`{spec_id, status, provider, model, cost, assets, outcome, id, …}`; `whole` adds order, trace, purchases."""
        body: Json = {
            "id": self.id,
            "spec_id": self.spec_id,
            "status": self.state,
            "operation": self.operation,
            "provider": self.provider,
            "model": self.model,
            "cost": text_of(None if self.unknown else self.spent),
            "unknown": text_of(self.unknown),
            "assets": list(self.assets),
            "outcome": self.outcome,
            "stand_in": self.stand_in,
            "preview": self.is_preview,
            "batch": self.batch,
            "files": self.files,
            "checks": self.checks,
            "scores": self.scores,
            "notices": self.notices,
            "error": None if self.error is None else dict(self.error),
            "resume_at": _moment(self.resume_at),
            "created_at": _moment(self.created_at),
            "finished_at": _moment(self.finished_at),
        }
        if whole:
            attempts = [item.to_json() for item in self.attempts]
            body |= {"asked": dict(self.asked), "trace": [dict(step) for step in self.trace], "attempts": attempts}
        return body
