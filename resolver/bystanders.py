"""The characters of a request's other slots, as tags of one asset: which of them it can carry and yet stand in.

For the slot that is looked at, one of them is as good as another: each makes the asset show one stranger more. What
tells them apart is whether their own slot would return the asset, because who is returned stands in nowhere else. That
depends on the ranks there, so it is asked once for all slots that are looked at, and no further than it is needed.
"""

from collections.abc import Container, Iterator
from heapq import merge
from itertools import islice
from typing import NamedTuple

from resolver.contest import Contest
from resolver.ranking import Rank, other_identities
from resolver.roles import ROLE, is_character
from resolver.slots import Slot

_OTHERS = 3  # the place of `other_identities` in a rank


class Looks(NamedTuple):
    """What the slots of bystanders see of an asset: its roles, wishes fulfilled, and how many others it shows."""

    roles: frozenset[str]
    liked: int
    others: int


class Bystanders:
    """`present`: those that the asset carries; `absent`: those that it could gain. Both sorted."""

    def __init__(self, contest: Contest) -> None:
        self._contest = contest
        request, own = contest.request, contest.shown.tags
        fixed = {*request.preferred_tags, *request.required_tags, *request.excluded_tags}
        asked = sorted(tag for tag in contest.asking if is_character(tag) and tag not in fixed)
        self.present = tuple(tag for tag in asked if tag in own)
        self.absent = tuple(tag for tag in asked if tag not in own)
        self._unsatisfied = tuple(tag for tag in self.present if self._takes_any(tag))
        self._classes = self._sorted_out()
        self._standings: dict[tuple[Looks, str, tuple[str, ...]], tuple[str, Rank] | None] = {}
        self._harmless: dict[Looks, tuple[list[str], Iterator[str]]] = {}

    def looks(self, tags: frozenset[str], shown: int) -> Looks:
        """How an asset with these tags, and so many of the bystanders besides, looks to the slot of one of them."""
        roles = frozenset(tag for tag in tags if tag.startswith(ROLE))
        slot = self._contest.slots[0]
        # Nobody's own identity is among the tags; the bystander whose slot is asked does not count there.
        strangers = other_identities(slot, tags) + (slot.identity in tags and not slot.is_background)
        return Looks(roles, len(self._contest.preferred & tags), strangers + shown - 1)

    def present_but(self, tags: Container[str | None]) -> list[str]:
        """Those of `present` that are not among some tags."""
        return [tag for tag in self.present if tag not in tags]

    def sure_to_harm(self, slot: Slot) -> frozenset[str]:
        """Those of `present` that an asset must lose to stand in for an enemy.

        Who stands in for an enemy has a role by which every character's slot takes it at `exact`.
        """
        if slot.name != "enemy":
            return frozenset()
        return frozenset(tag for tag in self._unsatisfied if tag != slot.identity)

    def is_harmful(self, tag: str, looks: Looks) -> bool:
        """Whether the slot of one of `present` returns an asset of these looks that carries it."""
        return self._returns(tag, looks)

    def harmless(self, looks: Looks, most: int, but: str | None) -> list[str]:
        """The first of `absent`, except one, that the asset can carry without being returned by their slot."""
        if looks not in self._harmless:
            self._harmless[looks] = ([], self._coming(looks))
        found, coming = self._harmless[looks]
        found += islice(coming, max(0, most + 1 - len(found)))
        return [tag for tag in found if tag != but][:most]

    def _coming(self, looks: Looks) -> Iterator[str]:
        return merge(*(names for names in self._classes if not self._returns(names[0], looks)))

    def _sorted_out(self) -> list[list[str]]:
        """The absent ones in classes: those whose slots have nobody of their own are all alike."""
        rivals, asking = self._contest.rivals, self._contest.asking
        classes: dict[tuple[object, ...], list[str]] = {}
        for tag in self.absent:
            slots = asking[tag]
            empty = not any(any(rivals.own(slot)) for slot in slots)
            key = tuple((slot.name, slot.role_order) for slot in slots) if empty else (tag,)
            classes.setdefault(key, []).append(tag)
        return list(classes.values())

    def _takes_any(self, tag: str) -> bool:
        """Whether a slot of a bystander has fewer at `exact` than it returns, and so takes one more of any rank."""
        rivals, most = self._contest.rivals, self._contest.request.max_results
        return any(len(rivals.own(slot).exact) < most for slot in self._contest.asking[tag] if "exact" in slot.tiers)

    def _returns(self, tag: str, looks: Looks) -> bool:
        """Whether a slot of a bystander returns an asset of these looks that carries it."""
        for slot in self._contest.asking[tag]:
            standing = self._standing(slot, tag, looks)
            if standing is not None and self._contest.rivals.returns(slot, *standing):
                return True
        return False

    def _standing(self, slot: Slot, tag: str, looks: Looks) -> tuple[str, Rank] | None:
        """Tier and rank there; all slots of one kind that ask for a bystander say the same."""
        key = (looks, slot.name, slot.role_order)
        if key not in self._standings:
            standing = self._contest.standing_with(slot, looks.roles | {tag})
            if standing is not None:
                tier, rank = standing
                rank = (rank[0], -looks.liked, rank[2], looks.others, *rank[4:])
                standing = tier, rank
            self._standings[key] = standing
        return self._standings[key]
