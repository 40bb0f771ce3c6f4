"""Why not this one: where an asset stands in every slot of a request, and what would make it first (contract §3)."""

from collections.abc import Iterable, Mapping
from typing import Any

from ontology.terms import Ontology
from resolver.bystanders import Bystanders
from resolver.candidate import AssetId, Candidate
from resolver.canonical_reading import TagReader
from resolver.contest import Contest, refusal
from resolver.index import CandidateIndex
from resolver.plain import PlainSource
from resolver.request import AssetResolutionRequest
from resolver.resolve import canonical_request
from resolver.roles import raw_tags
from resolver.selection import select
from resolver.slots import IDENTITY_TIERS, Slot
from resolver.tag_changes import Change, smallest_change
from resolver.tiers import place_of

RULES = {
    "excluded_asset": "the request excludes it by its id",
    "media_type": "the request asks for other media",
    "required_tags": "it lacks a tag that the request requires",
    "excluded_tags": "it has a tag that the request excludes",
    "no_tier": "it shows neither what the slot asks for nor a role that could stand in",
    "weakest_tier": "the request does not go down to the tier that it stands in",
    "different_identity": "it shows somebody, or some place, that was not asked for",
    "weaker_tier": "the first one stands in a better tier",
    "taken_elsewhere": "it is returned for another slot by its identity, so it does not stand in here",
    "demoted": "it is an earlier enemy's first picture already, so it goes to the end here",
    "nearer_place": "the first one shows a nearer place",
    "preferred_tags": "the first one has more of the preferred tags",
    "role_order": "the first one has an earlier role of the slot's order",
    "other_identities": "the first one shows fewer other characters and places",
    "rating": "the first one is rated higher",
    "created_at": "the first one is newer",
    "id": "the first one has the smaller id",
}
"""Code of each rule by which an asset can lose → what it says."""

RANK_RULES = ("step", "preferred_tags", "role_order", "other_identities", "rating", "created_at", "id")
"""The rule behind each entry of a rank; what `step` says depends on the tier."""
STEP_RULES = {"broader": "nearer_place", "role": "different_identity"}


def explain_asset(
    request: AssetResolutionRequest | Mapping[str, Any],
    asset: Any,
    candidates: Iterable[Any] | CandidateIndex,
    *,
    ontology: Ontology | None = None,
) -> list[dict[str, Any]]:
    """Why an asset is not the answer: for each slot `{slot, identity, chosen, tier, lost_to, rule, message, change}`.

    `chosen`: whether it is among the matches of the slot; `tier`: where it stands, null where the filters or the tiers
    keep it out; `lost_to`: id of the slot's first match, null where that is the asset or nobody; `rule`: code of the
    first rule that keeps it from being first (`RULES`, in `message` as a sentence), null where it is. `change`:
    `{add, remove}`, the fewest tags whose change makes it first in this slot, whatever it does to others; null where no
    tags would, because the rating, the date or the id decide, or because the asset is filtered by id or medium. Tags to
    remove are spelt as the asset has them; several spellings of one tag count once.

    The asset need not be among the candidates; it takes the place of one with its id. An index is not read through, and
    its lookup not asked. Raises RequestError and CandidateError.
    """
    contest = Contest(canonical_request(request, ontology), asset, candidates, ontology)
    answer = _Answer(contest, ontology)
    bystanders = Bystanders(contest)
    reader = TagReader(ontology)
    return [_explained(contest, answer, turn, bystanders, reader) for turn in range(len(contest.slots))]


class _Answer:
    """Who is returned in each slot, the asset among all others; slots go by their number."""

    def __init__(self, contest: Contest, ontology: Ontology | None) -> None:
        kept = [other.asset for other in contest.rivals.kept.values()]
        source = PlainSource(contest.request, [*kept, contest.shown.asset], ontology)
        choices = select(contest.request, contest.slots, source)
        asset_id = contest.shown.id
        self.firsts = [source.candidate(choice.chosen[0][1]) if choice.chosen else None for choice in choices]
        self.holding: set[int] = set()
        """The slots that return the asset."""
        self.is_taken = False
        """Whether one of them returns it by its identity."""
        for turn, choice in enumerate(choices):
            tiers = [tier for tier, handle in choice.chosen if source.candidate(handle).id == asset_id]
            if tiers:
                self.holding.add(turn)
                self.is_taken |= tiers[0] in IDENTITY_TIERS
        self._stand_ins: dict[AssetId, int] = {}
        for turn, choice in enumerate(choices):
            if choice.slot.name == "enemy" and choice.first_stand_in is not None:
                self._stand_ins.setdefault(source.candidate(choice.first_stand_in).id, turn)

    def is_demoted(self, turn: int, asset_id: AssetId) -> bool:
        """Whether an earlier enemy than this slot, itself an enemy, was given the asset first as a stand-in."""
        return self._stand_ins.get(asset_id, turn) < turn


def _explained(
    contest: Contest, answer: _Answer, turn: int, bystanders: Bystanders, reader: TagReader
) -> dict[str, Any]:
    slot, shown, first = contest.slots[turn], contest.shown, answer.firsts[turn]
    is_first = first is not None and first.id == shown.id
    rule = None if is_first else _rule(contest, answer, turn)
    admitted = refusal(contest.request, shown) is None
    change = Change((), ()) if is_first else smallest_change(contest, slot, bystanders)
    return {
        "slot": slot.name,
        "identity": slot.identity,
        "chosen": turn in answer.holding,
        "tier": contest.tier_with(slot, shown.tags) if admitted else None,
        "lost_to": None if is_first or first is None else first.id,
        "rule": rule,
        "message": RULES[rule] if rule is not None else "it is the first picture of the slot",
        "change": None if change is None else _json(change, shown.asset, reader),
    }


def _rule(contest: Contest, answer: _Answer, turn: int) -> str:
    """Code of the first rule by which the asset is not first."""
    slot, shown, first = contest.slots[turn], contest.shown, answer.firsts[turn]
    filtered = refusal(contest.request, shown)
    if filtered is not None:
        return filtered
    place = place_of(slot, shown.tags)
    if place is None:
        return "no_tier"
    if place.tier not in slot.tiers:
        return "weakest_tier"
    if contest.tier_with(slot, shown.tags) is None:
        return "different_identity"
    if first is None:
        return "taken_elsewhere"
    there = place_of(slot, first.tags)
    if there is not None and slot.tiers.index(there.tier) < slot.tiers.index(place.tier):
        return "weaker_tier"
    if place.tier not in IDENTITY_TIERS and answer.is_taken:
        return "taken_elsewhere"
    if place.tier == "role" and slot.name == "enemy" and _is_sent_to_the_end(answer, turn, shown, first):
        return "demoted"
    return _rank_rule(contest, slot, first, place.tier)


def _is_sent_to_the_end(answer: _Answer, turn: int, shown: Candidate, first: Candidate) -> bool:
    return answer.is_demoted(turn, shown.id) and not answer.is_demoted(turn, first.id)


def _rank_rule(contest: Contest, slot: Slot, first: Candidate, tier: str) -> str:
    """The first entry of their ranks in which the two differ; ids always do."""
    own, best = contest.rank_in(slot, contest.shown), contest.rank_in(slot, first)
    differing = (rule for rule, mine, its in zip(RANK_RULES, own or (), best or (), strict=True) if mine != its)
    rule = next(differing)
    return STEP_RULES[tier] if rule == "step" else rule


def _json(change: Change, asset: Any, reader: TagReader) -> dict[str, list[str]]:
    """The change as data, removals in every spelling that the asset has of them."""
    removed = sorted(
        (tag for tag in set(raw_tags(asset)) if reader[tag] in change.remove), key=lambda raw: (reader[raw], raw)
    )
    return {"add": list(change.add), "remove": removed}
