"""Running a query in the database. It must answer as `gallery.query.matching` does."""

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select, true

from gallery.query.tree import All, AnyOf, Either, Everything, Family, Node, Not, Words
from gallery.tables import asset, asset_path, asset_tag

_AFTER_COLON = ";"  # the next character: a prefix is a range of the index


def condition(node: Node) -> ColumnElement[bool]:
    """What to put behind WHERE in a selection from `asset`."""
    match node:
        case Everything():
            return true()
        case AnyOf():
            return _is_tagged(asset_tag.c.tag.in_(sorted(node.tags)))
        case Family():
            return _is_tagged(_in_family(node))
        case Words():
            holding = and_(*(asset_path.c.words.contains(word, autoescape=True) for word in node.words))
            return _is_among(select(asset_path.c.asset_key).where(holding))
        case Not():
            return not_(condition(node.node))
        case All():
            return and_(*map(condition, node.nodes))
        case Either():
            return or_(*map(condition, node.nodes))


def _in_family(node: Family) -> ColumnElement[bool]:
    inside = (asset_tag.c.tag >= f"{node.prefix}:") & (asset_tag.c.tag < f"{node.prefix}{_AFTER_COLON}")
    if node.but:
        inside &= asset_tag.c.tag.not_in(sorted(node.but))
    return inside | asset_tag.c.tag.in_(sorted(node.also)) if node.also else inside


def _is_tagged(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return _is_among(select(asset_tag.c.asset_key).where(which))


def _is_among(keys: Select[tuple[int]]) -> ColumnElement[bool]:
    return asset.c.key.in_(keys)
