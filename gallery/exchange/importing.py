"""Taking entries into the gallery: so many at a time, each part one transaction, all of it one run for undo.

An import that is interrupted leaves what came before; the same import again goes on from there, for what is in the
gallery already is unchanged.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from sqlalchemy import Connection

from gallery.context import GalleryContext
from gallery.exchange.deciding import Deciding, Files, Part
from gallery.exchange.entries import CollectionEntry, Entry, Found, SearchEntry
from gallery.exchange.matching import known_assets
from gallery.exchange.record_import import take_records
from gallery.exchange.results import ImportItem
from gallery.exchange.sidecar_state import note
from gallery.exchange.tag_reading import TagReading
from gallery.exchange.taking_in import files_of, take_in
from gallery.journal.batches import Origin, apply, record
from gallery.reading.generations import write_generations
from gallery.store.paths import ProjectPaths

CHUNK_ENTRIES = 1000
ORIGIN: Final[Origin] = "import"
KIND: Final = "import"

Progress = Callable[[int, int, str], None]
"""Called after each part with: entries done, entries in all, the place of the last one."""


class Source(Protocol):
    """What a format hands over: it can be gone through more than once. `total`: about how many entries there are.

    `is_foreign`: the tags are another program's. `knows_ids`: entries name other assets by the ids of their gallery.
    """

    total: int
    is_foreign: bool
    knows_ids: bool

    def __iter__(self) -> Iterator[Found]:
        """The entries, in their order."""
        ...


@dataclass
class ImportRun:
    """One import. `replace`: the file wins where both say something."""

    context: GalleryContext
    source: Source
    tags: TagReading
    replace: bool = False
    dry_run: bool = False
    progress: Progress | None = None
    results: list[ImportItem] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def carry_out(self) -> None:
        """Take in everything. Raises what the source and the database raise; what was done until then stays done."""
        self._paths = ProjectPaths(self.context.root)
        self._deciding = Deciding(self.context, self.tags, self.source.is_foreign, self.replace)
        if self.source.knows_ids:
            self._learn_names()
        for piece in _pieces(self.source):
            if isinstance(piece[0], CollectionEntry | SearchEntry):
                self._take_records(piece)
            else:
                self._take(piece)
            if self.progress is not None:
                self.progress(len(self.results), self.source.total, piece[-1].where)

    def _learn_names(self) -> None:
        """Which ids of the file are others here, before anything refers to them."""
        with self.context.database.read() as connection:
            for piece in _pieces(self.source):
                entries = [item for item in piece if isinstance(item, Entry)]
                known = known_assets(connection, entries, names_only=True)
                for entry in entries:
                    row = known.match(entry)
                    if row is not None and entry.id is not None and row.id != entry.id:
                        self._deciding.renamed[entry.id] = row.id

    def _take(self, piece: Sequence[Any]) -> None:
        """Decide without the lock first: where nothing is to be written nobody waits, and a dry run ends here."""
        with self.context.database.read() as connection:
            files = self._files(connection, piece)
            part = self._deciding.decide(connection, piece, files)
        if not (self.dry_run or part.is_empty()):
            with self.context.database.write() as connection:
                part = self._deciding.decide(connection, piece, files)
                self.batches += self._written(connection, part)
        self._deciding.settle(part, is_written=not self.dry_run)
        self.results += part.results

    def _files(self, connection: Connection, piece: Sequence[Any]) -> Files:
        entries = [item for item in piece if isinstance(item, Entry)]
        known = known_assets(connection, entries, names_only=True)
        return {entry.where: files_of(self._paths, entry) for entry in entries if known.match(entry) is None}

    def _written(self, connection: Connection, part: Part) -> list[int]:
        """Write it; the batches. Assets that are new and assets that change are one batch each, of one run."""
        batches = list[int]()
        added = take_in(connection, self.context, part.newcomers)
        if added:
            batches.append(record(connection, self.context, KIND, added, origin=ORIGIN, run=self._run(batches)))
        if part.changes:
            run = self._run(batches)
            batches.append(apply(connection, self.context, KIND, part.changes, origin=ORIGIN, run=run))
        write_generations(connection, part.generations)
        note(connection, part.sidecars)
        return batches

    def _run(self, batches: Sequence[int] = ()) -> int | None:
        return next(iter([*self.batches, *batches]), None)

    def _take_records(self, piece: Sequence[Any]) -> None:
        database, deciding = self.context.database, self._deciding
        with database.read() if self.dry_run else database.write() as connection:
            coming = deciding.claimed if self.dry_run else None
            taken = take_records(connection, self.context, piece, deciding.renamed, coming, replace=self.replace)
            if taken.records and not self.dry_run:
                run = self._run()
                seq = apply(connection, self.context, KIND, records=taken.records, origin=ORIGIN, run=run)
                self.batches.append(seq)
        self.results += taken.results


def _pieces(found: Iterable[Found]) -> Iterator[list[Any]]:
    """Entries about assets in parts of a fixed size; each collection with all of its members; each search."""
    piece: list[Found] = []
    for item in found:
        if piece and not _belongs(item, piece):
            yield piece
            piece = []
        piece.append(item)
    if piece:
        yield piece


def _belongs(item: Found, piece: Sequence[Found]) -> bool:
    first = piece[0]
    if isinstance(item, CollectionEntry):
        return isinstance(first, CollectionEntry) and item.name == first.name and item.label is None
    if isinstance(item, SearchEntry):
        return isinstance(first, SearchEntry) and len(piece) < CHUNK_ENTRIES
    return not isinstance(first, CollectionEntry | SearchEntry) and len(piece) < CHUNK_ENTRIES
