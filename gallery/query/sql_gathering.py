"""Finding all that matches at once: what each leaf finds is read from its own index or table, and put together as sets.

It costs what there is to read, in whichever order an answer lies; no plan of the database can be much worse. As soon as
few assets are left, the database is asked about those alone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pyroaring import BitMap
from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from gallery.query.sql import condition, related
from gallery.query.sql_text import Listed, Together, is_in_list
from gallery.query.tree import (
    All,
    AnyOf,
    ChildOf,
    Choice,
    Either,
    Everything,
    Family,
    Has,
    Id,
    Leaf,
    Member,
    Node,
    Not,
    Number,
    Span,
)
from gallery.reading.rows import State, in_state
from gallery.store.tables import asset

_ORDERS = ("created", "added", "rating")

FEW = 10_000
"""So many assets are looked at one by one rather than compared with everything else."""


def gathered(connection: Connection, node: Node, state: State) -> BitMap:
    """The keys of the assets of one state that match. `Orphan` must be grounded before."""
    gathering = _Gathering(connection, state)
    return gathering.within(gathering.keys(node))


def among(keys: BitMap) -> ColumnElement[bool]:
    """The condition for the assets with these keys."""
    return is_in_list(asset.c.key, Listed(bindparam(None, json.dumps(list(keys)))))


@dataclass
class _Gathering:
    """`keys` may hold assets of other states, until `within` takes them out."""

    connection: Connection
    state: State

    @cached_property
    def everything(self) -> BitMap:
        if self.state != "live":
            return self._read(select(asset.c.key).where(in_state(self.state)))
        return self._all_keys() - self._hidden

    @cached_property
    def _hidden(self) -> BitMap:
        """Few, and each of the two has its index; the live ones would be nearly all."""
        hidden = (asset.c.trashed_at, asset.c.missing_since)
        return BitMap.union(*(self._read(select(asset.c.key).where(column.is_not(None))) for column in hidden))

    def _all_keys(self) -> BitMap:
        """Keys are given in a row, so that mostly counting is enough."""
        number, last = self.connection.execute(
            select(select(func.count()).select_from(asset).scalar_subquery(), func.max(asset.c.key))
        ).one()
        if number == (last or 0):
            return BitMap(range(1, number + 1))
        return self._read(select(asset.c.key))

    def within(self, keys: BitMap) -> BitMap:
        """Those of the state."""
        return keys - self._hidden if self.state == "live" else keys & self.everything

    def keys(self, node: Node) -> BitMap:
        match node:
            case Not():
                return self.everything - self.keys(node.node)
            case Either():
                return BitMap.union(BitMap(), *map(self.keys, node.nodes))
            case All():
                return self._all(node.nodes)
            case Everything():
                return self.everything
            case _:
                return self._read(self._of_leaf(node))

    def _all(self, nodes: Sequence[Node]) -> BitMap:
        """The cheap ones first: each may leave so few that the dear ones need not be gathered."""
        found: BitMap | None = None
        rest = sorted(nodes, key=_dearness)
        while rest:
            if found is not None and len(found) <= FEW:
                return self._left(found, rest)
            node, *rest = rest
            if isinstance(node, Not):
                found = (self.everything if found is None else found) - self.keys(node.node)
            else:
                keys = self.keys(node)
                found = keys if found is None else found & keys
        return self.everything if found is None else found

    def _left(self, keys: BitMap, nodes: Sequence[Node]) -> BitMap:
        """Those of a few assets for which the nodes hold."""
        if not keys:
            return keys
        return self._read(select(asset.c.key).where(among(keys), in_state(self.state), condition(All(tuple(nodes)))))

    def _of_leaf(self, leaf: Leaf) -> Select[int]:
        found = related(leaf)
        if found is not None:
            key, which = found
            return select(key).where(which)
        field = "id" if isinstance(leaf, Id) else leaf.fact if isinstance(leaf, Has) else getattr(leaf, "field", None)
        matching = condition(leaf, ordered_by=field)
        if field in _ORDERS:  # their indexes hold assets of one state, and serve only who asks for it
            matching &= in_state(self.state)
        return select(asset.c.key).where(matching)

    def _read(self, keys: Select[int]) -> BitMap:
        """As one text: a row for each of a million keys would take several times as long."""
        (column,) = keys.selected_columns
        together = keys.with_only_columns(Together(column), maintain_column_froms=True)
        return BitMap(json.loads(self.connection.execute(together).scalar_one() or "[]"))


def _dearness(node: Node) -> int:
    """What an index answers, then what a column does, then texts and what is made of several."""
    if isinstance(node, AnyOf | Family | Member | ChildOf) or (isinstance(node, Choice) and node.field == "seed"):
        return 0
    if isinstance(node, Id) or (isinstance(node, Number | Span) and node.field in (*_ORDERS, "duration")):
        return 1
    if isinstance(node, Not):
        return 2 + _dearness(node.node)
    if isinstance(node, All | Either):
        return max(map(_dearness, node.nodes), default=0)
    return 3
