"""Why not this one: where an asset stands in every slot of a request, and what would make it first (contract §3)."""

from collections.abc import Iterable, Mapping
from typing import Any

from ontology.terms import Ontology
from resolver.candidate import AssetId, Candidate, field_of, read_id
from resolver.canonical_reading import TagReader, read_candidate
from resolver.contest import Contest, allowed_place, first_in, refusal
from resolver.index import CandidateIndex
from resolver.request import AssetResolutionRequest
from resolver.resolve import resolve_assets_for_action
from resolver.result import AssetResolutionResult, Match
from resolver.roles import raw_tags
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

    The asset need not be among the candidates; it takes the place of one with its id. Raises RequestError and
    CandidateError, and TypeError for an index with a lookup, which holds no assets to compare with.
    """
    asset_id = read_id(asset)
    others = [other for other in candidates if read_id(other) != asset_id]
    result = resolve_assets_for_action(request, [*others, asset], ontology=ontology)
    contest = Contest(result.request, asset, others, ontology)
    by_id: dict[AssetId, Any] = {field_of(match.asset, "id"): match.asset for match in result.matches}
    return [_explained(contest, slot, result, by_id, ontology) for slot in contest.slots]


def _explained(
    contest: Contest,
    slot: Slot,
    result: AssetResolutionResult,
    by_id: Mapping[AssetId, Any],
    ontology: Ontology | None,
) -> dict[str, Any]:
    shown = contest.shown
    winner = first_in(slot, result)
    is_first = winner == shown.id
    rule = None
    if not is_first:
        first = None if winner is None else read_candidate(by_id[winner], TagReader(ontology))
        rule = _rule(contest, slot, result, first)
    admitted = refusal(contest.request, shown) is None
    place = allowed_place(contest.request, slot, shown.tags) if admitted else None
    change = Change((), ()) if is_first else smallest_change(contest, slot)
    return {
        "slot": slot.name,
        "identity": slot.identity,
        "chosen": any(
            (match.slot, match.identity, field_of(match.asset, "id")) == (slot.name, slot.identity, shown.id)
            for match in result.matches
        ),
        "tier": place.tier if place is not None else None,
        "lost_to": None if is_first else winner,
        "rule": rule,
        "message": RULES[rule] if rule is not None else "it is the first picture of the slot",
        "change": None if change is None else _json(change, shown.asset, TagReader(ontology)),
    }


def _rule(contest: Contest, slot: Slot, result: AssetResolutionResult, first: Candidate | None) -> str:
    """Code of the first rule by which the asset is not first; `first` is the one that is, None in an empty slot."""
    shown = contest.shown
    filtered = refusal(contest.request, shown)
    if filtered is not None:
        return filtered
    place = place_of(slot, shown.tags)
    if place is None:
        return "no_tier"
    if place.tier not in slot.tiers:
        return "weakest_tier"
    if allowed_place(contest.request, slot, shown.tags) is None:
        return "different_identity"
    if first is None:
        return "taken_elsewhere"
    there = place_of(slot, first.tags)
    if there is not None and slot.tiers.index(there.tier) < slot.tiers.index(place.tier):
        return "weaker_tier"
    if place.tier not in IDENTITY_TIERS and _is_taken(shown, result):
        return "taken_elsewhere"
    demoted = _stand_ins_before(contest, slot, result)
    if place.tier == "role" and shown.id in demoted and first.id not in demoted:
        return "demoted"
    return _rank_rule(contest, slot, first, place.tier)


def _rank_rule(contest: Contest, slot: Slot, first: Candidate, tier: str) -> str:
    """The first entry of their ranks in which the two differ; ids always do."""
    own, best = contest.rank_in(slot, contest.shown), contest.rank_in(slot, first)
    differing = (rule for rule, mine, its in zip(RANK_RULES, own or (), best or (), strict=True) if mine != its)
    rule = next(differing)
    return STEP_RULES[tier] if rule == "step" else rule


def _is_taken(shown: Candidate, result: AssetResolutionResult) -> bool:
    return any(match.tier in IDENTITY_TIERS and field_of(match.asset, "id") == shown.id for match in result.matches)


def _stand_ins_before(contest: Contest, slot: Slot, result: AssetResolutionResult) -> set[AssetId]:
    """The ids that earlier enemies got first from tier `role`; empty for slots that are no enemy."""
    if slot.name != "enemy":
        return set()
    firsts: dict[str | None, Match] = {}
    for match in result.matches:
        if match.slot == "enemy":
            firsts.setdefault(match.identity, match)
    earlier = (other.identity for other in contest.slots[: contest.slots.index(slot)])
    return {field_of(firsts[who].asset, "id") for who in earlier if who in firsts and firsts[who].tier == "role"}


def _json(change: Change, asset: Any, reader: TagReader) -> dict[str, list[str]]:
    """The change as data, removals in every spelling that the asset has of them."""
    removed = sorted(
        (tag for tag in set(raw_tags(asset)) if reader[tag] in change.remove), key=lambda raw: (reader[raw], raw)
    )
    return {"add": list(change.add), "remove": removed}
