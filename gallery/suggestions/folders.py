"""The other pictures of the folder: what most of them carry, this one may deserve too."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, Text, func, literal_column, select

from gallery.reading.rows import is_live
from gallery.store.chunks import chunked
from gallery.store.tables import FOLDER_OF_ASSET, asset
from gallery.suggestions.subject import Subject
from gallery.suggestions.values import Evidence, SourceName
from ontology.escaping import visible
from ontology.terms import Ontology

NAME: SourceName = "folder"

SMALLEST = 3
"""Pictures, this one among them; fewer are no company."""

LARGEST = 1000
"""Pictures of a folder that are looked at: of a larger one those that were taken in with the assets in question."""

LEAST_SHARE = 0.5
WEIGHT = 0.85

_ROWS_AT_ONCE = 20_000
_SHOWN = 60
_FOLDER = literal_column(FOLDER_OF_ASSET, Text)


@dataclass(slots=True)
class _Folder:
    """How often each canonical tag stands in a folder; `tagged`: its pictures that have any tags."""

    size: int = 0
    tagged: int = 0
    carrying: Counter[str] = field(default_factory=Counter)
    members: dict[int, frozenset[str]] = field(default_factory=dict)

    def take(self, key: int, tags: frozenset[str]) -> None:
        self.members[key] = tags
        self.tagged += bool(tags)
        self.carrying.update(tags)


class FolderNeighbours:
    """The source. A folder is counted once, however many of its pictures are asked about."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._known: dict[str, _Folder] = {}

    def evidence(self, connection: Connection, subjects: Sequence[Subject]) -> Iterator[tuple[int, Evidence]]:
        """What at least half of the other tagged pictures of the folder carry."""
        self._count(connection, subjects)
        for subject in subjects:
            folder = self._known[folder_of(subject.path)]
            if subject.path:
                yield from ((subject.key, item) for item in _of(folder, subject))

    def _count(self, connection: Connection, subjects: Sequence[Subject]) -> None:
        first: dict[str, int] = {}
        for subject in subjects:
            name = folder_of(subject.path)
            first[name] = min(subject.key, first.get(name, subject.key))
        new = [name for name in first if name not in self._known]
        self._known.update(_sizes(connection, new))
        small = {name: self._known[name] for name in new if SMALLEST <= self._known[name].size <= LARGEST}
        for names in _in_pieces({name: folder.size for name, folder in small.items()}):
            self._take(connection.execute(_rows().where(_FOLDER.in_(names))))
        for name, key in first.items():
            if self._known[name].size > LARGEST:
                self._known[name] = _Folder(self._known[name].size)
                beside = _rows().where(_FOLDER.in_([name]), asset.c.key >= key - LARGEST // 2)
                self._take(connection.execute(beside.order_by(asset.c.key).limit(LARGEST)))

    def _take(self, rows: Iterable[Any]) -> None:
        for name, key, tags in rows:
            self._known[name].take(key, frozenset(map(self._ontology.canonical, tags)))


def folder_of(path: str) -> str:
    """The folder of a stored path with its last `/`; empty for the project's own."""
    return path[: path.rfind("/") + 1]


def _of(folder: _Folder, subject: Subject) -> Iterator[Evidence]:
    own = folder.members.get(subject.key, frozenset())
    others = folder.tagged - bool(own)
    for tag, carrying in folder.carrying.items():
        # One of two, or both of two, prove little: the divisor is one larger.
        if carrying > 1 and carrying >= LEAST_SHARE * others and tag not in subject.canonical:
            where = f"the folder {visible(folder_of(subject.path), limit=_SHOWN)}" if "/" in subject.path else "here"
            reason = f"{carrying} of the {others} other tagged assets in {where} carry it"
            yield Evidence(tag, NAME, WEIGHT * carrying / (others + 1), reason)


def _rows() -> Select[Any]:
    return select(_FOLDER, asset.c.key, asset.c.tags).where(is_live())


def _sizes(connection: Connection, names: Sequence[str]) -> dict[str, _Folder]:
    """Every folder with its number of live assets."""
    found = {name: _Folder() for name in names}
    for piece in chunked(names):
        found.update((name, _Folder(size)) for name, size in connection.execute(_count_of(piece)))
    return found


def _count_of(names: Sequence[str]) -> Select[str, int]:
    return select(_FOLDER, func.count()).where(_FOLDER.in_(names), is_live()).group_by(_FOLDER)


def _in_pieces(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Folders in pieces, none of which has too many rows at once or too many names for a statement."""
    names: list[str] = []
    rows = 0
    for name, size in sizes.items():
        if names and (rows + size > _ROWS_AT_ONCE or len(names) >= LARGEST // 2):
            yield names
            names, rows = [], 0
        names.append(name)
        rows += size
    if names:
        yield names
