"""Of several near-identical pictures: which to keep, what it inherits, and what speaks against it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from gallery.likeness.dhash import differing_bits
from gallery.views import AssetView, ItemError
from ontology.cardinality import clashes
from ontology.tags import MAX_TAGS
from ontology.terms import Ontology

Outcome = Literal["proposed", "doubtful", "merged", "failed"]

_SAME_SHAPE: Final = 0.03
"""By so much the ratio of width to height may differ: scaling to whole pixels does that, cropping does more."""


@dataclass(frozen=True, slots=True)
class Member:
    """One picture of a group; `key` and `dhash` as in the database."""

    key: int
    dhash: int
    asset: AssetView

    def rank(self) -> tuple[Any, ...]:
        """Sorts the one to keep first: most pixels, highest rating, most tags, oldest; at last by id."""
        asset = self.asset
        pixels = (asset.width or 0) * (asset.height or 0)
        return (-pixels, -(asset.rating or 0), -len(asset.tags), asset.created_at, asset.id)


@dataclass(frozen=True, slots=True)
class Merge:
    """A group of near-identical pictures, the one to keep first; the tags and the rating that it would have.

    A group with `doubts` is for a person to look at: nothing is proposed for it.
    """

    members: tuple[Member, ...]
    tags: tuple[str, ...]
    rating: int | None
    doubts: tuple[ItemError, ...]
    outcome: Outcome
    error: ItemError | None = None

    def to_json(self) -> dict[str, Any]:
        """`{outcome, keep, trash, tags, rating, doubts, error, assets}`; `keep` is null in a doubtful group.

        Each asset has its `distance` from the first.
        """
        first, *others = self.members
        is_doubtful = self.outcome == "doubtful"
        return {
            "outcome": self.outcome,
            "keep": None if is_doubtful else first.asset.id,
            "trash": [] if is_doubtful else [other.asset.id for other in others],
            "tags": list(self.tags),
            "rating": self.rating,
            "doubts": [doubt.to_json() for doubt in self.doubts],
            "error": self.error and self.error.to_json(),
            "assets": [
                {**member.asset.to_json(), "distance": differing_bits(first.dhash, member.dhash)}
                for member in self.members
            ],
        }


def merge(ontology: Ontology, alike: Sequence[Member]) -> Merge:
    """The proposal for a group of at least two."""
    members = tuple(sorted(alike, key=Member.rank))
    ratings = [member.asset.rating for member in members if member.asset.rating is not None]
    tags = _all_tags(ontology, members)
    doubts = tuple(_doubts(ontology, members, tags))
    return Merge(members, tags, max(ratings, default=None), doubts, "doubtful" if doubts else "proposed")


def _all_tags(ontology: Ontology, members: Sequence[Member]) -> tuple[str, ...]:
    """Those of the first, then what the others add, each once in whatever spelling."""
    first, *others = members
    tags = list(first.asset.tags)
    present = set(map(ontology.canonical, tags))
    for other in others:
        for tag in other.asset.tags:
            meant = ontology.canonical(tag)
            if meant not in present:
                present.add(meant)
                tags.append(meant)
    return tuple(tags)


def _doubts(ontology: Ontology, members: Sequence[Member], tags: Sequence[str]) -> list[ItemError]:
    doubts: list[ItemError] = []
    shown = sorted({who for member in members if (who := _characters(ontology, member))})
    if len(shown) > 1:
        named = " / ".join(" + ".join(who) for who in shown)
        message = f"they are said to show different characters: {named}"
        doubts.append(ItemError("different_characters", message, "correct their tags, or trash one yourself"))
    if not _have_one_shape(members):
        message = "their sides have different ratios: one is cropped or stretched"
        doubts.append(ItemError("different_shape", message, "trash the one you do not need yourself"))
    if len(tags) > MAX_TAGS:
        message = f"together they have {len(tags)} tags, {MAX_TAGS} are the most"
        doubts.append(ItemError("too_many_tags", message, "take some away first"))
    for clash in clashes(tags, ontology):
        named = " and ".join(f"`{tag}`" for tag in clash.tags)
        message = f"their tags do not go together: {named} ({clash.rule})"
        doubts.append(ItemError("clashing_tags", message, "correct their tags, or trash one yourself"))
    return doubts


def _characters(ontology: Ontology, member: Member) -> tuple[str, ...]:
    meant = set(map(ontology.canonical, member.asset.tags))
    return tuple(sorted(tag for tag in meant if tag == "player" or tag.startswith("npc:")))


def _have_one_shape(members: Sequence[Member]) -> bool:
    ratios = [
        member.asset.width / member.asset.height for member in members if member.asset.width and member.asset.height
    ]
    return not ratios or max(ratios) <= min(ratios) * (1 + _SAME_SHAPE)
