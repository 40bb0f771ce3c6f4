"""Who descends from whom while an import decides: nobody may come to be made from itself."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from gallery.store.chunks import chunked
from gallery.store.tables import asset
from gallery.views import ItemError


class Descent:
    """The parents of everything that some assets descend from: stored ones, and those that an import decided on.

    Read for all entries of a part at once, generation by generation, however many there are.
    """

    def __init__(self, decided: Mapping[str, Sequence[str]]) -> None:
        self._parents: dict[str, Sequence[str]] = dict(decided)

    def read(self, connection: Connection, ids: Iterable[str]) -> None:
        """Read the ancestors of these."""
        level = set(ids) - self._parents.keys()
        while level:
            stored: dict[str, Sequence[str]] = dict.fromkeys(level, ())
            for piece in chunked(sorted(level)):
                columns = select(asset.c.id, asset.c.parents).where(asset.c.id.in_(piece))
                stored |= {row.id: row.parents for row in connection.execute(columns)}
            self._parents |= stored
            level = {name for listed in stored.values() for name in listed} - self._parents.keys()

    def leads_back(self, name: str, parents: Iterable[str]) -> bool:
        """Whether an asset with these parents would descend from itself."""
        met: set[str] = set()
        pending = list(parents)
        while pending:
            found = pending.pop()
            if found == name:
                return True
            if found not in met:
                met.add(found)
                pending += self._parents.get(found, ())
        return False

    def decide(self, name: str, parents: Sequence[str]) -> None:
        """The asset is to have these parents."""
        self._parents[name] = parents


def circle(name: str) -> ItemError:
    """Told of an asset whose parents were left out."""
    message = f"{name} would be made from itself, by way of its parents"
    return ItemError("circle", message, "its parents were left out, the rest was taken; `callsheet show ID --tree`")
