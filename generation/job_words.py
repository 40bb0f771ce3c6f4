"""What is said of jobs to people, the same in every face: what a state means, what an unknown call can be. Pure.

Nothing here is data of a project: all of it may stand in a page or on a screen as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from generation.events import Event, EventName
from generation.ledger.states import JobState
from generation.request import Operation


@dataclass(frozen=True, slots=True)
class Words:
    """`title`: of the lane where such jobs stand. `meaning`: what it means, and what can be done."""

    title: str
    meaning: str


LANES: Final[Mapping[JobState, Words]] = {
    "unknown": Words(
        "Unknown", "a call was sent, and nobody knows whether it was accepted and charged: a person says how it ended"
    ),
    "manual": Words("Parked", "no provider makes it: a person is to, as its instructions say"),
    "working": Words("Running", "a call is being made, or its result is taken in"),
    "waiting": Words("Waiting", "for the moment that a provider named, or for its result"),
    "queued": Words("Queued", "nothing was sent yet, or it was stopped: it goes on when the queue is run"),
    "failed": Words("Failed", "it ended without a result; what was bought is kept, and it can be tried again"),
    "refused": Words("Refused", "a budget said no, and nothing was sent; it can be tried again"),
    "cancelled": Words("Cancelled", "somebody cancelled it; it can be tried again"),
    "done": Words("Done", "what was made is in the gallery"),
}
"""State → its lane; what waits for a person stands first."""


@dataclass(frozen=True, slots=True)
class WideLane:
    """A lane where there is room for few: of one state, or of several that ask the same of a person."""

    name: str
    states: tuple[JobState, ...]
    words: Words


WIDE_LANES: Final = (
    WideLane("unknown", ("unknown",), LANES["unknown"]),
    WideLane(
        "waiting",
        ("queued", "waiting"),
        Words(LANES["waiting"].title, "nothing was sent yet, or it waits for a moment that a provider named"),
    ),
    WideLane("running", ("working",), LANES["working"]),
    WideLane("parked", ("manual",), LANES["manual"]),
    WideLane(
        "failed",
        ("failed", "refused", "cancelled"),
        Words("Not made", "it failed, a budget said no, or somebody cancelled it; it can be tried again"),
    ),
    WideLane("done", ("done",), LANES["done"]),
)
"""Every state in one of them, those first that a person is to look at."""

ResolveAs = Literal["charged", "not_charged", "poll"]


@dataclass(frozen=True, slots=True)
class UnknownChoice:
    """One of the things that can be said of a call of unknown outcome (`Generation.resolve`)."""

    key: ResolveAs
    title: str
    meaning: str


UNKNOWN_CHOICES: Final[tuple[UnknownChoice, ...]] = (
    UnknownChoice(
        "poll",
        "Ask the provider",
        "A free question, and nothing is bought. What the provider knows of the call is booked and its result taken in;"
        " where it cannot tell, the call stays unknown.",
    ),
    UnknownChoice(
        "not_charged",
        "It was not charged",
        "Look at the provider's account first. The money that is held is free again, and the job is queued: running it"
        " sends the call once more.",
    ),
    UnknownChoice(
        "charged",
        "It was charged",
        "Look at the provider's account first. The amount you name is booked as spent, and the job fails, as its result"
        " is lost. Trying it again buys it again.",
    ),
)

EVENTS: Final[Mapping[EventName, str]] = {
    "generation.queued": "queued",
    "generation.started": "begins",
    "generation.routed": "choosing a provider",
    "generation.reserved": "money is reserved",
    "generation.sent": "sent, waiting for the answer",
    "generation.accepted": "the provider works on it",
    "generation.waiting": "waiting before another try",
    "generation.stored": "the result is stored",
    "generation.settled": "paid",
    "generation.released": "nothing was charged",
    "generation.lost": "its outcome is unknown",
    "generation.cached": "bought before, at no cost",
    "generation.processed": "processed",
    "generation.integrated": "in the manifest",
    "generation.finished": "done",
    "generation.failed": "failed",
    "generation.refused": "refused by a budget",
    "generation.parked": "parked for a person",
    "generation.cancelled": "cancelled",
}
"""Event → how far its job is."""

KINDS: Final[Mapping[Operation, str]] = {
    "text_to_speech": "sound",
    "sound_effect": "sound",
    "music": "sound",
    "image_to_video": "video",
    "video_transition": "video",
}
"""Operation → what it makes; all others make a picture."""

ENDS: Final[frozenset[EventName]] = frozenset(
    {
        *("generation.finished", "generation.failed", "generation.refused", "generation.cancelled"),
        *("generation.parked", "generation.lost"),
    }
)
"""After these nobody works on the job any more, unless a person says so."""


def is_end(event: Event) -> bool:
    """Whether nobody works on the job for now: it is over, or waits until a moment. A pause between tries is no end."""
    return event.name in ENDS or (event.name == "generation.waiting" and "until" in event.keys)
