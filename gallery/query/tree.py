"""The tree of a query. Its leaves hold spellings as they may be stored, so running it needs no vocabulary.

Every leaf is true or false for every asset: what is not known (no rating, no prompt) is simply not found, and what is
negated then finds it.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

NumberField = Literal["rating", "width", "height", "pixels", "bytes", "steps", "tags", "duration"]
MomentField = Literal["created", "added", "edited"]
ChoiceField = Literal["media", "format", "seed"]
TextField = Literal["path", "note", "prompt", "negative", "model", "sampler", "tool", "lora"]
Fact = Literal[
    "rating", "width", "height", "note", "edited", "trashed", "missing", "generation", "prompt", "negative", "model",
    "seed", "steps", "sampler", "lora", "tags", "parents", "children", "duration",
]  # fmt: skip
"""What an asset may have or lack."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Every asset: what an empty query means."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Assets with at least one of these tags: an id in all its spellings, and those of its narrower terms."""

    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Family:
    """Assets with a tag that begins with the prefix and a colon.

    `also`: tags elsewhere that stand for one inside. `but`: tags inside that stand for one elsewhere.
    """

    prefix: str
    also: frozenset[str]
    but: frozenset[str]


@dataclass(frozen=True, slots=True)
class Orphan:
    """Assets with a namespaced tag that is neither known nor of an open namespace."""

    known: frozenset[str]
    open_namespaces: frozenset[str]


@dataclass(frozen=True, slots=True)
class Number:
    """Assets whose number lies between both bounds, which belong to it; None is no bound."""

    field: NumberField
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """Assets whose width divided by their height lies between the bounds; an open bound does not belong to it."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Assets whose moment is not before `since` and is before `until` (aware, UTC); None is no bound."""

    field: MomentField
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Has:
    """Assets of which this is known or true."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Choice:
    """Assets whose value is this one, letter for letter."""

    field: ChoiceField
    value: str


@dataclass(frozen=True, slots=True)
class Text:
    """Assets of which one such text holds every one of these words; with `whole`, of which it is the only word.

    Words and texts are compared folded. The LoRAs of an asset are one text, with a line for each.
    """

    field: TextField
    words: tuple[str, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Glob:
    """Assets with a file whose folded path is like the pattern as a whole: `*` is any run of characters, `?` is one."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Under:
    """Assets with a file of this folded path, or below it as a folder."""

    folder: str


@dataclass(frozen=True, slots=True)
class Id:
    """Assets whose id begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class ChildOf:
    """Assets that were made from one whose id begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class ParentOf:
    """Assets from which one was made whose id begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Member:
    """Assets in the collection."""

    collection: str


@dataclass(frozen=True, slots=True)
class Not:
    """Assets that the inner node does not match."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """Assets that every node matches."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Assets that at least one node matches."""

    nodes: tuple["Node", ...]


Leaf = (
    Everything | AnyOf | Family | Orphan | Number | Ratio | Span | Has | Choice | Text | Glob | Under | Id | ChildOf
    | ParentOf | Member
)  # fmt: skip
Node = Leaf | Not | All | Either

SortField = Literal[
    "created", "added", "rating", "path", "width", "height", "pixels", "bytes", "duration", "collection"
]


@dataclass(frozen=True, slots=True)
class Sort:
    """One step of an order. What has no value comes last, in either direction.

    `collection`: the one whose own order is meant by the field of this name.
    """

    field: SortField
    descending: bool
    collection: str | None = None


NEWEST_FIRST = (Sort("created", descending=True),)
"""The order of a query that asks for none."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to find, and in which order.

    Ties go by id: rising where the first sort falls, falling where it rises, so that the reversed sort is the reversed
    order.
    """

    node: Node
    sorts: tuple[Sort, ...] = NEWEST_FIRST

    def conjuncts(self) -> tuple["Node", ...]:
        """The nodes that must all hold, of `All` within `All` too."""
        return tuple(_conjuncts(self.node))


def _conjuncts(node: Node) -> list[Node]:
    if not isinstance(node, All):
        return [node]
    return [found for inner in node.nodes for found in _conjuncts(inner)]
