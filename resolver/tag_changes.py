"""The smallest change of an asset's tags that makes it first in a slot.

Changes are tried by size. Tags that no rule tells apart (two cameras that are wished for, two strangers) are
interchangeable, so only their number is tried, and what cannot win by its rank is not resolved.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations
from typing import NamedTuple

from resolver.contest import Contest
from resolver.roles import BACKGROUND_ROLE, HERO_ROLE, MONSTER_ROLE, NPC_ROLE, POV_ROLE, ROLE, is_character, is_location
from resolver.slots import Slot

ROLES = (BACKGROUND_ROLE, POV_ROLE, HERO_ROLE, NPC_ROLE, MONSTER_ROLE)
MAX_BLIND = 3
"""Free touches that are tried where not even the best tags are known to win: chains through other slots."""


class Change(NamedTuple):
    """Canonical tags to add and to remove, sorted."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


class Touches(NamedTuple):
    """What may be touched: `forced` always, `singles` each for itself, `alike` by number, the first ones first."""

    forced: frozenset[str]
    singles: tuple[str, ...]
    alike: tuple[tuple[str, ...], ...]


def smallest_change(contest: Contest, slot: Slot) -> Change | None:
    """The change of fewest tags that makes the asset first in the slot; the empty one where it is; None without any.

    Of equally small ones: the better tier, then fewer removals, then the added tags and the removed ones in order.
    """
    shown, request = contest.shown, contest.request
    if shown.id in request.excluded_asset_ids or shown.media_type not in request.media_types:
        return None
    if not frozenset(request.required_tags).isdisjoint(request.excluded_tags):
        return None
    touches = _touches(contest, slot)
    enough = [len(shown.tags ^ ideal) for ideal in _ideals(contest, slot) if _wins(contest, slot, ideal)]
    if not enough and not contest.field(slot).is_open_below:
        return None
    most = min(enough, default=len(touches.forced) + MAX_BLIND)
    for size in range(len(touches.forced), most + 1):
        found = _first_winner(contest, slot, touches, size)
        if found is not None:
            return found
    return None


def _wins(contest: Contest, slot: Slot, tags: frozenset[str]) -> bool:
    return contest.may_win_from(slot, tags) is not None and contest.is_first(slot, tags)


def _first_winner(contest: Contest, slot: Slot, touches: Touches, size: int) -> Change | None:
    """The best change of exactly this many tags that wins."""
    own = contest.shown.tags
    hopeful = []
    for touched in _of_size(touches, size):
        tier = contest.may_win_from(slot, own.symmetric_difference(touched))
        if tier is not None:
            change = _change(own, touched)
            hopeful.append((slot.tiers.index(tier), len(change.remove), change))
    for _, _, change in sorted(hopeful):
        if contest.is_first(slot, own.symmetric_difference((*change.add, *change.remove))):
            return change
    return None


def _change(own: frozenset[str], touched: Iterable[str]) -> Change:
    ordered = sorted(touched)
    return Change(tuple(tag for tag in ordered if tag not in own), tuple(tag for tag in ordered if tag in own))


def _of_size(touches: Touches, size: int) -> Iterator[tuple[str, ...]]:
    """Every set of exactly this many touches, the forced ones always among them."""
    free = size - len(touches.forced)
    for count in range(min(free, len(touches.singles)) + 1):
        for picked in combinations(touches.singles, count):
            for counts in _counts(free - count, [len(group) for group in touches.alike]):
                alike = (group[:number] for group, number in zip(touches.alike, counts, strict=True))
                yield (*touches.forced, *picked, *chain.from_iterable(alike))


def _counts(total: int, sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every way to take `total` things from groups of these sizes, as a number for each group."""
    if not sizes:
        if total == 0:
            yield ()
        return
    for number in range(min(total, sizes[0]) + 1):
        for rest in _counts(total - number, sizes[1:]):
            yield (number, *rest)


def _touches(contest: Contest, slot: Slot) -> Touches:
    """Everything whose presence or absence a rule can see, for this slot or, where that matters, for another one."""
    request, own = contest.request, contest.shown.tags
    required, excluded, wished = map(frozenset, (request.required_tags, request.excluded_tags, request.preferred_tags))
    forced = (required - own) | (excluded & own)
    opens_below = contest.field(slot).is_open_below
    seen = _seen_by_rules(contest, slot, across=opens_below)
    people_or_places = {tag for tag in own if is_character(tag) or is_location(tag)}
    roles = {tag for tag in own if tag.startswith(ROLE)}
    plain_wishes = {tag for tag in wished if not (tag in seen or _is_marked(tag))}
    strangers = people_or_places - seen - wished
    singles = (seen | roles | (people_or_places & wished) | (wished - plain_wishes)) - strangers
    usable = own | ((seen | wished) - excluded)
    alike = [
        sorted(plain_wishes - own - excluded),
        sorted(filter(is_character, strangers)),
        sorted(filter(is_location, strangers)),
    ]
    if opens_below:
        alike.append(sorted(plain_wishes & own))
    fixed = forced | required
    return Touches(
        forced,
        tuple(sorted((singles & usable) - fixed)),
        tuple(tuple(tag for tag in group if tag not in fixed) for group in alike),
    )


def _is_marked(tag: str) -> bool:
    return is_character(tag) or is_location(tag) or tag.startswith(ROLE)


def _seen_by_rules(contest: Contest, slot: Slot, *, across: bool) -> set[str]:
    """The identities and roles that the rules of the slot look at; with `across`, those of every slot."""
    if not across:
        own_roles = (*slot.role_order, BACKGROUND_ROLE)
        return {*own_roles, *({slot.identity} if slot.identity else ())}
    seen = {*ROLES, *contest.wider}
    seen |= {other.identity for other in contest.slots if other.identity}
    return seen | ({contest.request.location_id} if contest.request.location_id else set())


def _ideals(contest: Contest, slot: Slot) -> Iterator[frozenset[str]]:
    """The best tags that the asset could have in each tier of the slot: nothing ranks before them there."""
    request = contest.request
    required, excluded, wished = map(frozenset, (request.required_tags, request.excluded_tags, request.preferred_tags))
    keep = frozenset(tag for tag in contest.shown.tags if not _is_marked(tag))
    base = (keep | wished | required) - excluded
    bare = frozenset(tag for tag in base if not _is_marked(tag)) | (required - excluded)
    named = frozenset({slot.identity} - {None}) if slot.identity else frozenset[str]()
    best = next((frozenset({role}) for role in slot.role_order if role not in excluded), frozenset[str]())
    for start in (base, bare):
        for wider in ((), *slot.wider):
            yield (start - named) | best | frozenset(sorted(set(wider) - excluded)[:1])
        yield start | named | best
        yield start | named
