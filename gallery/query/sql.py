"""Running a query in the database. It must answer as `gallery.query.matching` does."""

import json
from collections.abc import Mapping
from typing import Any, Literal, assert_never

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from gallery.query.globbing import like_pattern
from gallery.query.sql_text import Folded, Listed, LoraNames, is_in_list
from gallery.query.tree import (
    All,
    AnyOf,
    ChildOf,
    Choice,
    Either,
    Everything,
    Fact,
    Family,
    Glob,
    Has,
    Id,
    Leaf,
    Member,
    Node,
    Not,
    Number,
    Orphan,
    ParentOf,
    Ratio,
    Span,
    Text,
    Under,
)
from gallery.tables import asset, asset_parent, asset_path, asset_tag, collection, collection_member, generation

Plan = Literal["gather", "walk"]
"""How what belongs to an asset is looked up: gathered as a whole first, or asset by asset while walking in order.

Gathering costs what there is to gather, walking what lies before the page is full: the one suits rare, the other common
finds. Both answer the same.
"""

_AFTER_COLON = ";"  # the next character: a prefix is a range of the index
_AFTER_HEX = "g"  # sorts behind every digit of an id
_ESCAPE = "\\"
_PARAMETERS = 200  # more texts than this become one parameter


def condition(node: Node, plan: Plan = "gather") -> ColumnElement[bool]:
    """What to put behind WHERE in a selection from `asset`. It is never null. `Orphan` must be grounded before."""
    match node:
        case Not():
            return not_(condition(node.node, plan))
        case All():
            return and_(true(), *(condition(inner, plan) for inner in node.nodes))
        case Either():
            return or_(*(condition(inner, plan) for inner in node.nodes))
        case _:
            return _leaf(node, plan)


def grounded(node: Node, connection: Connection) -> Node:
    """The tree with the tags that stand in the database in the place of `Orphan`."""
    match node:
        case Not():
            return Not(grounded(node.node, connection))
        case All():
            return All(tuple(grounded(inner, connection) for inner in node.nodes))
        case Either():
            return Either(tuple(grounded(inner, connection) for inner in node.nodes))
        case Orphan():
            return AnyOf(frozenset(tag for tag in _stored_tags(connection) if _is_orphan(tag, node)))
        case _:
            return node


def _is_orphan(tag: str, node: Orphan) -> bool:
    namespace, colon, _ = tag.partition(":")
    return bool(colon) and namespace not in node.open_namespaces and tag not in node.known


def _stored_tags(connection: Connection) -> list[str]:
    """Every tag once: one step of the index from each to the next, instead of a walk through all its entries."""
    first = select(func.min(asset_tag.c.tag).label("tag")).cte("stored", recursive=True)
    inner = aliased(asset_tag)
    following = select(func.min(inner.c.tag)).where(inner.c.tag > first.c.tag).scalar_subquery()
    stored = first.union_all(select(following).where(first.c.tag.is_not(None)))
    return list(connection.execute(select(stored.c.tag).where(stored.c.tag.is_not(None))).scalars())


def _leaf(node: Leaf, plan: Plan) -> ColumnElement[bool]:  # noqa: C901, PLR0912  # one case for each leaf
    match node:
        case Everything():
            return true()
        case AnyOf():
            return _related(asset_tag.c.asset_key, is_one_of(asset_tag.c.tag, node.tags), plan)
        case Family():
            return _related(asset_tag.c.asset_key, _in_family(node), plan)
        case Number():
            return _number(node, plan)
        case Ratio():
            return _ratio(node)
        case Span():
            return _between(_MOMENTS[node.field], node.since, node.until, until_open=True)
        case Has():
            return _has(node.fact, plan)
        case Choice():
            return _choice(node, plan)
        case Text():
            return _text(node, plan)
        case Glob():
            like = asset_path.c.words.like(like_pattern(node.pattern, _ESCAPE), escape=_ESCAPE)
            return _related(asset_path.c.asset_key, like, plan)
        case Under():
            below = asset_path.c.words.startswith(f"{node.folder}/", autoescape=True)
            return _related(asset_path.c.asset_key, (asset_path.c.words == node.folder) | below, plan)
        case Id():
            return _begins(asset.c.id, node.prefix)
        case ChildOf():
            return _related(asset_parent.c.asset_key, _begins(asset_parent.c.parent_id, node.prefix), plan)
        case ParentOf():
            child = aliased(asset)
            made = select(asset_parent.c.parent_id).join(child, child.c.key == asset_parent.c.asset_key)
            return asset.c.id.in_(made.where(_begins(child.c.id, node.prefix)))
        case Member():
            key = select(collection.c.key).where(collection.c.name == node.collection).scalar_subquery()
            return _related(collection_member.c.asset_key, collection_member.c.collection_key == key, plan)
        case Orphan():
            raise TypeError("ground the tree first")
        case _:
            assert_never(node)


def _related(key: ColumnElement[int], which: ColumnElement[bool], plan: Plan) -> ColumnElement[bool]:
    """Whether a row that belongs to the asset is one of these."""
    if plan == "gather":
        return asset.c.key.in_(select(key).where(which))
    return exists().where(key == asset.c.key, which)


def is_one_of(column: ColumnElement[str], texts: frozenset[str]) -> ColumnElement[bool]:
    """Whether the column holds one of the texts."""
    if len(texts) > _PARAMETERS:
        return is_in_list(column, Listed(bindparam(None, json.dumps(sorted(texts)))))
    return column.in_(sorted(texts))


def _in_family(node: Family) -> ColumnElement[bool]:
    inside = (asset_tag.c.tag >= f"{node.prefix}:") & (asset_tag.c.tag < f"{node.prefix}{_AFTER_COLON}")
    if node.but:
        inside &= not_(is_one_of(asset_tag.c.tag, node.but))
    return inside | is_one_of(asset_tag.c.tag, node.also) if node.also else inside


def _begins(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """Ids are hex digits."""
    return (column >= prefix) & (column < prefix + _AFTER_HEX)


def _between(
    column: ColumnElement[Any], low: Any | None, high: Any | None, *, until_open: bool = False
) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [column.is_not(None)]
    if low is not None:
        conditions.append(column >= low)
    if high is not None:
        conditions.append(column < high if until_open else column <= high)
    return and_(*conditions)


def _number(node: Number, plan: Plan) -> ColumnElement[bool]:
    if node.field == "steps":
        return _related(generation.c.asset_key, _between(generation.c.steps, node.low, node.high), plan)
    if node.field == "tags":
        counted = select(func.count()).where(asset_tag.c.asset_key == asset.c.key).scalar_subquery()
        return _between(counted, node.low, node.high)
    return _between(PIXELS if node.field == "pixels" else asset.c[node.field], node.low, node.high)


def _ratio(node: Ratio) -> ColumnElement[bool]:
    """In whole numbers: width × denominator against numerator × height."""
    width, height = (cast(asset.c[name], BigInteger) for name in ("width", "height"))
    conditions: list[ColumnElement[bool]] = [asset.c.width.is_not(None), asset.c.height.is_not(None)]
    for bound, is_open, is_low in ((node.low, node.low_open, True), (node.high, node.high_open, False)):
        if bound is not None:
            less, more = width * literal(bound.denominator, BigInteger), height * literal(bound.numerator, BigInteger)
            less, more = (more, less) if is_low else (less, more)
            conditions.append(less < more if is_open else less <= more)
    return and_(*conditions)


def _has(fact: Fact, plan: Plan) -> ColumnElement[bool]:
    if fact in _COLUMNS:
        return _COLUMNS[fact].is_not(None)
    if fact == "tags":
        return _related(asset_tag.c.asset_key, true(), plan)
    if fact == "parents":
        return _related(asset_parent.c.asset_key, true(), plan)
    if fact == "children":
        return asset.c.id.in_(select(asset_parent.c.parent_id))
    return _related(generation.c.asset_key, _MADE[fact], plan)


def _choice(node: Choice, plan: Plan) -> ColumnElement[bool]:
    if node.field == "seed":
        return _related(generation.c.asset_key, generation.c.seed == node.value, plan)
    return (asset.c.media_type if node.field == "media" else asset.c.format) == node.value


def _text(node: Text, plan: Plan) -> ColumnElement[bool]:
    if node.field == "path":
        return _related(asset_path.c.asset_key, _holds(asset_path.c.words, node), plan)
    if node.field == "note":
        return and_(asset.c.note.is_not(None), _holds(Folded(asset.c.note), node))
    column: ColumnElement[Any] = generation.c[_TEXTS.get(node.field, node.field)]
    text: ColumnElement[Any] = Folded(LoraNames(column)) if node.field == "lora" else Folded(column)
    return _related(generation.c.asset_key, and_(_MADE.get(node.field, true()), _holds(text, node)), plan)


def _holds(text: ColumnElement[Any], node: Text) -> ColumnElement[bool]:
    if not node.whole:
        return and_(true(), *(text.contains(word, autoescape=True) for word in node.words))
    (whole,) = node.words
    if node.field == "lora":
        return (literal("\n") + text + literal("\n")).contains(f"\n{whole}\n", autoescape=True)
    return text == whole


PIXELS = cast(asset.c.width, BigInteger) * cast(asset.c.height, BigInteger)

_MOMENTS = {"created": asset.c.created_at, "added": asset.c.added_at, "edited": asset.c.edited_at}
_TEXTS = {"negative": "negative_prompt", "lora": "loras"}
_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "rating": asset.c.rating,
    "width": asset.c.width,
    "height": asset.c.height,
    "note": asset.c.note,
    "edited": asset.c.edited_at,
    "trashed": asset.c.trashed_at,
    "missing": asset.c.missing_since,
}
_MADE: Mapping[str, ColumnElement[bool]] = {
    "generation": true(),
    "prompt": generation.c.prompt.is_not(None),
    "negative": generation.c.negative_prompt.is_not(None),
    "model": generation.c.model.is_not(None),
    "seed": generation.c.seed.is_not(None),
    "steps": generation.c.steps.is_not(None),
    "sampler": generation.c.sampler.is_not(None),
    "lora": LoraNames(generation.c.loras).is_not(None),
}
