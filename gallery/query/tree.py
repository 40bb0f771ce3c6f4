"""The tree of a query. Its leaves hold spellings as they may be stored, so running it needs no vocabulary."""

from dataclasses import dataclass


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
class Words:
    """Assets with a file whose folded path holds every one of these folded words."""

    words: tuple[str, ...]


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


Node = Everything | AnyOf | Family | Words | Not | All | Either
