"""The states of jobs and purchases, and what leads from one to another: the one place that allows a step. Pure."""

from typing import Final, Literal

JobState = Literal["queued", "working", "done", "failed", "refused", "waiting", "manual", "unknown", "cancelled"]
"""`refused`: a budget said no. `waiting`: until a moment, or for a provider that has accepted the call. `manual`: a
person is to make it. `unknown`: nobody knows whether a call was accepted; a person decides."""

JobEvent = Literal[
    "claim", "finish", "fail", "refuse", "wait", "park", "lose", "cancel", "interrupt", "retry", "charge", "release"
]
"""`interrupt`: its process went away. `charge`, `release`: a person said how an unknown call ended."""

AttemptState = Literal["reserved", "sent", "pending", "settled", "released", "unknown"]
"""`reserved`: money is held, nothing was sent. `sent`: committed before the call is made. `pending`: the provider has
accepted it and given it a name. `settled`: paid. `released`: nothing was charged."""

AttemptEvent = Literal["send", "accept", "settle", "release", "lose"]

_JOB_STEPS: Final[dict[tuple[JobState, JobEvent], JobState]] = {
    ("queued", "claim"): "working",
    ("queued", "cancel"): "cancelled",
    ("working", "finish"): "done",
    ("working", "fail"): "failed",
    ("working", "refuse"): "refused",
    ("working", "wait"): "waiting",
    ("working", "park"): "manual",
    ("working", "lose"): "unknown",
    ("working", "cancel"): "cancelled",
    ("working", "interrupt"): "queued",
    ("waiting", "claim"): "working",
    ("waiting", "cancel"): "cancelled",
    ("waiting", "lose"): "unknown",
    ("queued", "lose"): "unknown",
    ("manual", "cancel"): "cancelled",
    ("manual", "retry"): "queued",
    ("unknown", "charge"): "failed",
    ("unknown", "release"): "queued",
    ("unknown", "retry"): "queued",
    ("failed", "retry"): "queued",
    ("refused", "retry"): "queued",
    ("cancelled", "retry"): "queued",
}

_ATTEMPT_STEPS: Final[dict[tuple[AttemptState, AttemptEvent], AttemptState]] = {
    ("reserved", "send"): "sent",
    ("reserved", "release"): "released",
    ("sent", "accept"): "pending",
    ("sent", "settle"): "settled",
    ("sent", "release"): "released",
    ("sent", "lose"): "unknown",
    ("pending", "settle"): "settled",
    ("pending", "release"): "released",
    ("pending", "lose"): "unknown",
    ("unknown", "accept"): "pending",
    ("unknown", "settle"): "settled",
    ("unknown", "release"): "released",
}

JOB_STATES: Final[tuple[JobState, ...]] = (
    *("queued", "working", "waiting", "unknown", "manual", "done", "failed", "refused", "cancelled"),
)
"""Every state, the open ones first."""

OPEN: Final[frozenset[JobState]] = frozenset({"queued", "working", "waiting", "unknown", "manual"})
"""Jobs that something is still to become of."""

IN_FLIGHT: Final[frozenset[AttemptState]] = frozenset({"reserved", "sent", "pending"})
"""Purchases on which a process works."""


class IllegalStepError(Exception):
    """A step that the table does not know: a fault of the program, or somebody else was faster."""


def next_job_state(state: JobState, event: JobEvent) -> JobState:
    """Where a job goes. Raises `IllegalStepError`."""
    found = _JOB_STEPS.get((state, event))
    if found is None:
        raise IllegalStepError(f"a job that is {state} cannot {event}")
    return found


def next_attempt_state(state: AttemptState, event: AttemptEvent) -> AttemptState:
    """Where a purchase goes. Raises `IllegalStepError`."""
    found = _ATTEMPT_STEPS.get((state, event))
    if found is None:
        raise IllegalStepError(f"a purchase that is {state} cannot {event}")
    return found
