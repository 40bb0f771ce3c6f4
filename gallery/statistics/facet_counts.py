"""How many assets have a tag of each namespace, and which tags are the most frequent in it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, Select, distinct, func, not_, select

from gallery.reading.rows import hidden_keys, is_live
from gallery.statistics.views import Ranking, Share
from gallery.store.tables import asset, asset_tag
from ontology.terms import PLAYER, Ontology

BUILT_IN = ("npc", "loc", "role", "camera")
FREE_WORDS = ""
_CHARACTERS = "npc"
_AFTER_COLON = ";"  # the next character: a prefix is a range of the index

Matching = ColumnElement[bool]


def facet_counts(
    connection: Connection, ontology: Ontology, matching: Matching, *, everything: bool, top: int
) -> dict[str, Ranking]:
    """Namespace → its ranking: characters, locations, roles, cameras, then the others by name, free words last.

    Stored tags are read as the vocabulary has them now: an asset with two spellings of one tag counts once. With
    `everything`, `matching` is every live asset, which is counted from the index of tags alone.
    """
    stored = _stored(connection, matching, everything=everything)
    spellings: defaultdict[str, list[str]] = defaultdict(list)
    for tag in stored:
        spellings[ontology.canonical(tag)].append(tag)
    members: dict[str, dict[str, list[str]]] = {name: {} for name in BUILT_IN}
    for tag, forms in spellings.items():
        members.setdefault(_facet(tag), {})[tag] = forms
    return {
        name: _ranking(connection, matching, name, members[name], stored, top)
        for name in sorted(members, key=lambda one: (_order(one), one))
    }


def tag_uses(connection: Connection, ontology: Ontology) -> Counter[str]:
    """Tag, as the vocabulary has it now → live assets that carry it, from the index of tags alone.

    For putting what is used most first: an asset with two spellings of one tag counts twice.
    """
    uses: Counter[str] = Counter()
    for tag, number in _stored(connection, is_live(), everything=True).items():
        uses[ontology.canonical(tag)] += number
    return uses


def _facet(tag: str) -> str:
    if tag == PLAYER:
        return _CHARACTERS
    name, colon, _ = tag.partition(":")
    return name if colon else FREE_WORDS


def _order(name: str) -> int:
    if name == FREE_WORDS:
        return len(BUILT_IN) + 1
    return BUILT_IN.index(name) if name in BUILT_IN else len(BUILT_IN)


def _stored(connection: Connection, matching: Matching, *, everything: bool) -> Counter[str]:
    """Tag as it is stored → assets. For all live ones: all entries of the index, less those of the few hidden ones."""
    counted = select(asset_tag.c.tag, func.count()).group_by(asset_tag.c.tag)
    if not everything:
        joined = counted.join(asset, asset.c.key == asset_tag.c.asset_key)
        return Counter(dict(_pairs(connection, joined.where(matching))))
    found = Counter(dict(_pairs(connection, counted)))
    found.subtract(dict(_pairs(connection, counted.where(asset_tag.c.asset_key.in_(hidden_keys())))))
    return +found


def _pairs(connection: Connection, grouped: Select[str, int]) -> Iterable[tuple[str, int]]:
    return ((row[0], int(row[1])) for row in connection.execute(grouped))


def _ranking(
    connection: Connection,
    matching: Matching,
    name: str,
    members: Mapping[str, list[str]],
    stored: Counter[str],
    top: int,
) -> Ranking:
    if not members:
        return Ranking(0, 0, ())
    counts = {
        tag: stored[forms[0]] if len(forms) == 1 else _carrying(connection, matching, forms)
        for tag, forms in members.items()
    }
    most = sorted(counts, key=lambda tag: (-counts[tag], tag))[:top]
    which = _inside(name, {form for forms in members.values() for form in forms}, stored)
    of_asset = select(asset_tag.c.tag).where(asset_tag.c.asset_key == asset.c.key, which)
    number = select(func.count()).select_from(asset).where(matching, of_asset.exists())
    shares = tuple(Share(tag, counts[tag]) for tag in most)
    return Ranking(int(connection.execute(number).scalar_one()), len(counts), shares)


def _carrying(connection: Connection, matching: Matching, forms: Collection[str]) -> int:
    """Assets with any of a few spellings."""
    number = select(func.count(distinct(asset_tag.c.asset_key))).join(asset, asset.c.key == asset_tag.c.asset_key)
    return int(connection.execute(number.where(matching, asset_tag.c.tag.in_(sorted(forms)))).scalar_one())


def _inside(name: str, forms: Collection[str], stored: Collection[str]) -> ColumnElement[bool]:
    """The condition for the stored tags of a facet, as a range with the exceptions that renamed tags make."""
    if name == FREE_WORDS:
        inside = not_(asset_tag.c.tag.contains(":"))
        is_inside = {tag for tag in stored if ":" not in tag}
    else:
        inside = (asset_tag.c.tag >= f"{name}:") & (asset_tag.c.tag < f"{name}{_AFTER_COLON}")
        is_inside = {tag for tag in stored if tag.startswith(f"{name}:")}
    but, also = sorted(is_inside - set(forms)), sorted(set(forms) - is_inside)
    if but:
        inside &= asset_tag.c.tag.not_in(but)
    return inside | asset_tag.c.tag.in_(also) if also else inside
