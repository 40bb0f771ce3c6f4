"""The smallest change of an asset's tags that makes it first in a slot.

Changes are tried by size. Tags that no rule tells apart (two cameras that are wished for, two strangers) are
interchangeable, so only their number is tried. Of the request's other characters, too, only the number is tried: those
that matter are known from what their slots would return (`bystanders.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations
from typing import NamedTuple

from resolver.bystanders import Bystanders
from resolver.contest import Contest
from resolver.roles import BACKGROUND_ROLE, HERO_ROLE, MONSTER_ROLE, NPC_ROLE, POV_ROLE, ROLE, is_character, is_location
from resolver.slots import FALLBACK_TIERS, Slot
from resolver.tiers import place_of

ROLES = (BACKGROUND_ROLE, POV_ROLE, HERO_ROLE, NPC_ROLE, MONSTER_ROLE)
MAX_BLIND = 3
"""Free touches that are tried where not even the best tags are known to win: chains through other slots."""


class Change(NamedTuple):
    """Canonical tags to add and to remove, sorted."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


class Touches(NamedTuple):
    """What may be touched: `forced` always, `singles` each for itself, `alike` by number, the first ones first.

    Where a stand-in is looked for (`below`), `gained` and `lost` are how many of the request's other characters the
    asset can come to carry, and be rid of.
    """

    forced: frozenset[str]
    singles: tuple[str, ...]
    alike: tuple[tuple[str, ...], ...]
    below: bool = False
    gained: int = 0
    lost: int = 0


class Attempt(NamedTuple):
    """Touches of one size; which of the bystanders are `gained` and `lost` is still open."""

    touched: tuple[str, ...]
    below: bool
    gained: int
    lost: int


def smallest_change(contest: Contest, slot: Slot, bystanders: Bystanders) -> Change | None:
    """The change of fewest tags that makes the asset first in the slot; the empty one where it is; None without any.

    Of equally small ones: the better tier, then fewer removals, then the added tags and the removed ones in order.
    """
    shown, request = contest.shown, contest.request
    if shown.id in request.excluded_asset_ids or shown.media_type not in request.media_types:
        return None
    if not frozenset(request.required_tags).isdisjoint(request.excluded_tags):
        return None
    searches = [_touches(contest, slot)]
    if contest.rivals.is_open_below(slot):
        searches.append(_touches_below(contest, slot, bystanders))
    least = len(searches[0].forced)
    enough = [len(shown.tags ^ ideal) for ideal in _ideals(contest, slot) if contest.is_first(slot, ideal)]
    if not enough and len(searches) == 1:
        return None
    for size in range(least, min(enough, default=least + MAX_BLIND) + 1):
        attempts = chain.from_iterable(_of_size(touches, size) for touches in searches)
        found = _best_winner(contest, slot, bystanders, attempts)
        if found is not None:
            return found
    return None


def _best_winner(contest: Contest, slot: Slot, bystanders: Bystanders, attempts: Iterable[Attempt]) -> Change | None:
    """The best change that wins, of attempts of one size."""
    own = contest.shown.tags
    best: tuple[int, int, Change] | None = None
    for attempt in attempts:
        touched = _with_bystanders(contest, slot, bystanders, attempt) if attempt.below else attempt.touched
        if touched is None:
            continue
        tags = own.symmetric_difference(touched)
        if contest.is_first(slot, tags):
            change = _change(own, touched)
            found = (slot.tiers.index(contest.tier_with(slot, tags) or ""), len(change.remove), change)
            best = found if best is None else min(best, found)
    return best[2] if best is not None else None


def _with_bystanders(contest: Contest, slot: Slot, bystanders: Bystanders, attempt: Attempt) -> tuple[str, ...] | None:
    """The touches of an attempt at standing in, with the bystanders that it gains and loses; None where it must fail.

    Lost are those whose slot would return the asset, and the first of the others; gained the first whose would not.
    """
    touched, _, gained, lost = attempt
    present = bystanders.present_but({slot.identity, *touched})
    rest = contest.shown.tags.symmetric_difference(touched).difference(present)
    place = place_of(slot, rest)
    if place is None or place.tier not in FALLBACK_TIERS:
        return None
    if not (gained or present):
        return touched
    looks = bystanders.looks(rest, len(present) - lost + gained)
    harmful = [tag for tag in present if bystanders.is_harmful(tag, looks)]
    if len(harmful) > lost or (gained and lost > len(harmful)):
        return None
    harmless = bystanders.harmless(looks, gained, slot.identity) if gained else []
    if len(harmless) < gained:
        return None
    others = [tag for tag in present if tag not in harmful]
    return (*touched, *harmless, *harmful, *others[: lost - len(harmful)])


def _change(own: frozenset[str], touched: Iterable[str]) -> Change:
    ordered = sorted(touched)
    return Change(tuple(tag for tag in ordered if tag not in own), tuple(tag for tag in ordered if tag in own))


def _of_size(touches: Touches, size: int) -> Iterator[Attempt]:
    """Every set of exactly this many touches, the forced ones always among them."""
    free = size - len(touches.forced)
    sizes = [touches.gained, touches.lost, *map(len, touches.alike)]
    for count in range(min(free, len(touches.singles)) + 1):
        for picked in combinations(touches.singles, count):
            for gained, lost, *counts in _counts(free - count, sizes):
                alike = (group[:number] for group, number in zip(touches.alike, counts, strict=True))
                touched = (*touches.forced, *picked, *chain.from_iterable(alike))
                yield Attempt(touched, touches.below, gained, lost)


def _counts(total: int, sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every way to take `total` things from groups of these sizes, as a number for each group."""
    if not sizes:
        if total == 0:
            yield ()
        return
    for number in range(max(0, total - sum(sizes[1:])), min(total, sizes[0]) + 1):
        for rest in _counts(total - number, sizes[1:]):
            yield (number, *rest)


def _touches(contest: Contest, slot: Slot) -> Touches:
    """Everything whose presence or absence a rule of this slot can see, where the slot's own pictures decide."""
    own_identity = () if slot.identity is None else (slot.identity,)
    return _sorted_out(contest, {*slot.role_order, BACKGROUND_ROLE, *own_identity})


def _touches_below(contest: Contest, slot: Slot, bystanders: Bystanders) -> Touches:
    """Everything that a rule of any slot can see, where who stands in depends on whom other slots return."""
    request, own = contest.request, contest.shown.tags
    present = frozenset(bystanders.present_but({slot.identity}))
    seen = {*ROLES, *contest.wider, *(tag for tag in (slot.identity, request.location_id) if tag is not None)}
    touches = _sorted_out(contest, seen, present)
    in_the_way = bystanders.sure_to_harm(slot)
    fixed = {*touches.forced, *request.required_tags}
    wishes = tuple(sorted(tag for tag in own.intersection(request.preferred_tags) - fixed if not _is_marked(tag)))
    return Touches(
        forced=touches.forced | in_the_way,
        singles=touches.singles,
        alike=(*touches.alike, wishes),
        below=True,
        gained=len(bystanders.absent) - (slot.identity in bystanders.absent),
        lost=len(present - in_the_way),
    )


def _sorted_out(contest: Contest, seen: AbstractSet[str], bystanders: AbstractSet[str] = frozenset()) -> Touches:
    """Own tags, wishes and what is `seen`, by whether a rule tells them apart. Bystanders are left out."""
    request, own = contest.request, contest.shown.tags
    required, excluded, wished = map(frozenset, (request.required_tags, request.excluded_tags, request.preferred_tags))
    forced = (required - own) | (excluded & own)
    people_or_places = {tag for tag in own if is_character(tag) or is_location(tag)} - bystanders
    roles = {tag for tag in own if tag.startswith(ROLE)}
    plain_wishes = {tag for tag in wished if not (tag in seen or _is_marked(tag))}
    strangers = people_or_places - seen - wished
    singles = (seen | roles | (people_or_places & wished) | (wished - plain_wishes)) - strangers
    usable = own | ((seen | wished) - excluded)
    alike = (
        sorted(plain_wishes - own - excluded),
        sorted(filter(is_character, strangers)),
        sorted(filter(is_location, strangers)),
    )
    fixed = forced | required
    return Touches(
        forced,
        tuple(sorted((singles & usable) - fixed)),
        tuple(tuple(tag for tag in group if tag not in fixed) for group in alike),
    )


def _is_marked(tag: str) -> bool:
    return is_character(tag) or is_location(tag) or tag.startswith(ROLE)


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
