"""Running a query in the database. It must answer as `gallery.query.matching` does."""

import json
from collections.abc import Mapping
from typing import Any

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
from gallery.query.sql_text import Folded, Listed, LoraNames, Unindexed, is_in_list
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
from gallery.store.tables import asset, asset_parent, asset_path, asset_tag, collection, collection_member, generation

Related = tuple[ColumnElement[int], ColumnElement[bool]]
"""A column with the keys of assets, and the condition for the rows of its table that are meant."""

_AFTER_COLON = ";"  # the next character: a prefix is a range of the index
_AFTER_HEX = "g"  # sorts behind every digit of an id
_ESCAPE = "\\"
_PARAMETERS = 200  # more texts than this become one parameter


def condition(node: Node, *, ordered_by: str | None = None) -> ColumnElement[bool]:
    """What to put behind WHERE in a selection from `asset`. It is never null. `Orphan` must be grounded before.

    `ordered_by`: the field whose index is to be used, if any. Others would be entered for a condition that holds for
    half of the assets, and all these sorted for one page.

    What belongs to an asset is looked up asset by asset: that suits a walk through an order until a page is full, and a
    few assets that are left. `gallery.query.sql_gathering` finds all at once.
    """
    match node:
        case Not():
            return not_(condition(node.node, ordered_by=ordered_by))
        case All():
            return and_(true(), *(condition(inner, ordered_by=ordered_by) for inner in node.nodes))
        case Either():
            return or_(*(condition(inner, ordered_by=ordered_by) for inner in node.nodes))
        case _:
            found = related(node)
            if found is None:
                return _of_asset(node, ordered_by)
            key, which = found
            return exists().where(key == asset.c.key, which)


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


def related(leaf: Leaf) -> Related | None:  # noqa: C901, PLR0912  # one case for each leaf of this kind
    """Where the rows that belong to an asset decide about a leaf: which ones; None where its own row does."""
    match leaf:
        case AnyOf():
            return asset_tag.c.asset_key, is_one_of(asset_tag.c.tag, leaf.tags)
        case Family():
            return asset_tag.c.asset_key, _in_family(leaf)
        case Number(field="steps"):
            return generation.c.asset_key, _between(generation.c.steps, leaf.low, leaf.high)
        case Has(fact="parents"):
            return asset_parent.c.asset_key, true()
        case Has() if leaf.fact in _MADE:
            return generation.c.asset_key, _MADE[leaf.fact]
        case Choice(field="seed"):
            return generation.c.asset_key, generation.c.seed == leaf.value
        case Text(field="path"):
            return asset_path.c.asset_key, _holds(asset_path.c.words, leaf)
        case Text() if leaf.field != "note":
            return generation.c.asset_key, _is_made_with(leaf)
        case Glob():
            like = asset_path.c.words.like(like_pattern(leaf.pattern, _ESCAPE), escape=_ESCAPE)
            return asset_path.c.asset_key, like
        case Under():
            below = asset_path.c.words.startswith(f"{leaf.folder}/", autoescape=True)
            return asset_path.c.asset_key, (asset_path.c.words == leaf.folder) | below
        case ChildOf():
            return asset_parent.c.asset_key, _begins(asset_parent.c.parent_id, leaf.prefix)
        case Member():
            key = select(collection.c.key).where(collection.c.name == leaf.collection).scalar_subquery()
            return collection_member.c.asset_key, collection_member.c.collection_key == key
        case _:
            return None


def _of_asset(leaf: Leaf, ordered_by: str | None) -> ColumnElement[bool]:
    match leaf:
        case Everything():
            return true()
        case Number():
            return _number(leaf, ordered_by)
        case Ratio():
            return _ratio(leaf)
        case Span():
            moment = _MOMENTS[leaf.field]
            column = moment if ordered_by == leaf.field else Unindexed(moment)
            return _between(column, leaf.since, leaf.until, until_open=True)
        case Has():
            return _has(leaf.fact, ordered_by)
        case Choice():
            return (asset.c.media_type if leaf.field == "media" else asset.c.format) == leaf.value
        case Text():
            return and_(asset.c.note.is_not(None), _holds(Folded(asset.c.note), leaf))
        case Id():
            return _begins(asset.c.id if ordered_by == "id" else Unindexed(asset.c.id), leaf.prefix)
        case ParentOf():
            child = aliased(asset)
            made = select(asset_parent.c.parent_id).join(child, child.c.key == asset_parent.c.asset_key)
            return asset.c.id.in_(made.where(_begins(child.c.id, leaf.prefix)))
        case _:
            raise TypeError(f"{leaf} must be grounded first")


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


def _number(node: Number, ordered_by: str | None) -> ColumnElement[bool]:
    if node.field == "tags":
        counted = select(func.count()).where(asset_tag.c.asset_key == asset.c.key).scalar_subquery()
        return _between(counted, node.low, node.high)
    column = PIXELS if node.field == "pixels" else asset.c[_NUMBERS.get(node.field, node.field)]
    return _between(column if ordered_by == node.field else Unindexed(column), node.low, node.high)


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


def _has(fact: Fact, ordered_by: str | None) -> ColumnElement[bool]:
    if fact == "tags":  # nearly all have some: gathering them would be to read the whole table
        return exists().where(asset_tag.c.asset_key == asset.c.key)
    if fact == "children":
        return asset.c.id.in_(select(asset_parent.c.parent_id))
    return (_COLUMNS[fact] if ordered_by == fact else Unindexed(_COLUMNS[fact])).is_not(None)


def _is_made_with(leaf: Text) -> ColumnElement[bool]:
    column: ColumnElement[Any] = generation.c[_TEXTS.get(leaf.field, leaf.field)]
    text: ColumnElement[Any] = Folded(LoraNames(column)) if leaf.field == "lora" else Folded(column)
    conditions = [_MADE.get(leaf.field, true())]
    if leaf.field == "prompt":  # folded already, with more around it: what is not in there need not be folded now
        conditions += [generation.c.words.contains(word, autoescape=True) for word in leaf.words]
    return and_(*conditions, _holds(text, leaf))


def _holds(text: ColumnElement[Any], node: Text) -> ColumnElement[bool]:
    if not node.whole:
        return and_(true(), *(text.contains(word, autoescape=True) for word in node.words))
    (whole,) = node.words
    if node.field == "lora":
        return (literal("\n") + text + literal("\n")).contains(f"\n{whole}\n", autoescape=True)
    return text == whole


PIXELS = cast(asset.c.width, BigInteger) * cast(asset.c.height, BigInteger)

_NUMBERS = {"duration": "duration_ms"}
_MOMENTS = {"created": asset.c.created_at, "added": asset.c.added_at, "edited": asset.c.edited_at}
_TEXTS = {"negative": "negative_prompt", "lora": "loras"}
_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "rating": asset.c.rating,
    "width": asset.c.width,
    "height": asset.c.height,
    "duration": asset.c.duration_ms,
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
