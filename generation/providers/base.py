"""The seam between the engine and those who make things.

A provider translates: from `GenerationRequest` to its wire and back. It never retries, never decides about money, never
writes a file: the engine does, in one place each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from generation.capability import Capability
from generation.request import GenerationRequest
from generation.result import CostEstimate, GenerationResult

__all__ = [
    "CallContext",
    "Capability",
    "Done",
    "Health",
    "Pending",
    "Provider",
    "Submission",
]


@dataclass(frozen=True, slots=True)
class Done:
    """The call has ended well."""

    result: GenerationResult


@dataclass(frozen=True, slots=True)
class Pending:
    """The call was accepted. `remote_id` is committed before anybody waits; `poll_after` is in seconds."""

    remote_id: str
    poll_after: float = 1.0
    poll_url: str | None = None


Submission = Done | Pending


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a provider can be asked now. `absent`: a program or package that it needs is not on this machine.

    `missing_key`: the variable that would hold its key.
    """

    state: Literal["ready", "no_key", "absent", "unwell", "refused"]
    detail: str
    missing_key: str | None = None


@dataclass(frozen=True, slots=True)
class CallContext:
    """What the engine lends to one call.

    `client_request_id` is ours and the same for every attempt at one purchase; `deadline` is when it must have ended;
    `now` tells the time; `cancelled` is asked between steps; `strict` turns adjustments into `InvalidRequestError`;
    `sent` is when the call was made that is asked for, where it was made before.
    """

    client_request_id: str
    deadline: datetime
    now: Callable[[], datetime]
    cancelled: Callable[[], bool]
    strict: bool = False
    sent: datetime | None = None


class Provider(Protocol):
    """Somebody who makes things. Errors are those of `generation.errors`, each with `charged` and `outcome_known`."""

    @property
    def name(self) -> str:
        """Its name in specs and settings."""
        ...

    @property
    def stand_in(self) -> bool:
        """Whether what it makes only stands in for the real thing."""
        ...

    def capabilities(self) -> Sequence[Capability]:
        """What it can do."""
        ...

    def estimate(self, request: GenerationRequest) -> CostEstimate:
        """What the call may cost. No I/O."""
        ...

    def submit(self, request: GenerationRequest, context: CallContext) -> Submission:
        """The only call that is paid for. It is made once; the engine has committed that it will be."""
        ...

    def poll(self, remote_id: str, request: GenerationRequest, context: CallContext) -> Submission:
        """How a pending call is doing. Free; may be asked again at any time.

        An error with `charged` of yes or no is the end of the call; what goes wrong with the question is neither.
        """
        ...

    def recover(self, request: GenerationRequest, context: CallContext) -> Submission | None:
        """After an unknown outcome: the call in the provider's own history; None when it cannot be told. Free."""
        ...

    def cancel(self, remote_id: str, context: CallContext) -> bool:
        """Ask it to stop a pending call; whether it agreed, and nothing is charged. Raises nothing."""
        ...

    def check(self) -> Health:
        """Whether it can be asked, by free calls only. Raises `UntrustedHostError` where nothing may be sent at all."""
        ...
