"""Taking files in: found, looked at by several threads, placed by identity, written in chunks.

Files stay where they are. What is done stays done: each chunk is one transaction and one batch, all batches of one call
are a run, which is undone as one.
"""

import os
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, select

from gallery.context import GalleryContext
from gallery.intake.held import Held, Looked, Stock
from gallery.intake.inspecting import NO_MEDIA, inspect
from gallery.intake.media import QUIET, TOO_LARGE, MediaError, Picture
from gallery.intake.placing import Placing
from gallery.intake.sidecars import with_its_sidecar
from gallery.intake.stocktaking import take_stock
from gallery.intake.storing import store
from gallery.intake.walking import File, Found, failure, find_files, may_be_media, os_failure, skipped
from gallery.journal.batches import Origin
from gallery.journal.tagging import tags_to_add
from gallery.reading.arguments import several_paths, several_texts
from gallery.sounds.library import NoAudioLibraryError
from gallery.store.chunks import chunked
from gallery.store.paths import ProjectPaths, shown
from gallery.store.pieces import PIECE
from gallery.store.tables import asset_path
from gallery.store.thumbnails import find_thumbnail, write_thumbnail
from gallery.views import AddItem, AddResult, ItemError
from ontology.errors import CallsheetError

CHUNK_FILES = 1000
"""So many files are written in one transaction: what an interruption can cost at most."""

Progress = Callable[[int, int, str], None]
"""Called in the caller's thread after each file with: files done, files in all, the path."""

_MOST_WORKERS = 8
_MOST_FILES_AT_ONCE = 8  # that a thread is handed

_Seen = Looked | AddItem


def add(
    context: GalleryContext,
    paths: Path | str | Iterable[Path | str],
    *,
    tags: str | Iterable[str] = (),
    dry_run: bool = False,
    progress: Progress | None = None,
    origin: Origin = "hand",
) -> AddResult:
    """Take in files and folders; the tags go to every asset named, known ones included (not to those in the trash).

    Outcomes: added, known, copy, changed, relinked, in_trash, skipped, failed (see `docs/gallery.md`). A file that
    cannot be taken is reported and the rest goes in. Raises `InvalidInputError` (`TagError` for a tag) before anything
    is read, and what the database raises. On `KeyboardInterrupt` what was looked at is written first.
    """
    run = _run(context, paths, tags, progress, origin, dry_run=dry_run)
    return AddResult(tuple(run.results), tuple(run.batches))


def rehearse(
    context: GalleryContext,
    paths: Path | str | Iterable[Path | str],
    *,
    tags: str | Iterable[str] = (),
    progress: Progress | None = None,
) -> tuple[AddResult, dict[int, Held]]:
    """What `add` would answer, and by their keys the known assets that it would change, as they would be then."""
    run = _run(context, paths, tags, progress, "hand", dry_run=True)
    return AddResult(tuple(run.results), ()), run.foreseen


def _run(
    context: GalleryContext,
    paths: Path | str | Iterable[Path | str],
    tags: str | Iterable[str],
    progress: Progress | None,
    origin: Origin,
    *,
    dry_run: bool,
) -> "_Run":
    named = several_paths("paths", paths)
    wanted = tags_to_add(context, several_texts("tags", tags))
    names = ProjectPaths(context.root)
    found = list(find_files(context, names, named))
    # A dry run writes nothing, so later chunks could not see earlier ones: it is one chunk.
    size = max(len(found), 1) if dry_run else CHUNK_FILES
    run = _Run(context, names, wanted, dry_run, progress, origin, total=len(found))
    with _crew() as crew, QUIET:
        run.take(chunked(found, size), crew)
    return run


@contextmanager
def _crew() -> Iterator["_Crew"]:
    """As many threads as there are processors: reading, hashing and decoding happen outside the interpreter's lock."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    size = min(_MOST_WORKERS, processors)
    if size == 1:  # a thread would only add switching
        yield _Crew(None, 1)
        return
    with ThreadPoolExecutor(size, thread_name_prefix="ingest") as pool:
        yield _Crew(pool, size)


@dataclass(frozen=True, slots=True)
class _Crew:
    """Who looks at files: the threads of a pool, or without one whoever asks."""

    pool: ThreadPoolExecutor | None
    size: int

    @contextmanager
    def look(self, work: Callable[[File], _Seen], files: Sequence[File]) -> Iterator[Iterator[_Seen]]:
        """The results in the order of the files, for the block; what was not begun at its end never is.

        Threads are handed several files at a time, as every result that is waited for costs them the lock.
        """
        if self.pool is None:
            yield map(work, files)
            return
        share = max(1, min(_MOST_FILES_AT_ONCE, len(files) // (self.size * _MOST_FILES_AT_ONCE)))
        futures = [self.pool.submit(_each, work, piece) for piece in chunked(files, share)]
        try:
            yield chain.from_iterable(future.result() for future in futures)
        finally:
            for future in futures:
                future.cancel()


def _not_taken(file: File, error: MediaError) -> AddItem:
    """A failure; but what merely lies in a folder is passed over where it is none of what is taken here."""
    if not file.named:
        if error.code == NO_MEDIA.code or (error.code == TOO_LARGE and not may_be_media(file.path)):
            return skipped(file.stored, NO_MEDIA)
        if error.code == NoAudioLibraryError.code:  # whoever works with pictures is not disturbed
            return skipped(file.stored, ItemError(error.code, error.message, error.hint))
    return failure(file.stored, error.code, error.message, error.hint)


def _each(work: Callable[[File], _Seen], files: Sequence[File]) -> list[_Seen]:
    return [work(file) for file in files]


@dataclass
class _Run:
    context: GalleryContext
    paths: ProjectPaths
    tags: Sequence[str]
    dry_run: bool
    progress: Progress | None
    origin: Origin
    total: int
    done: int = 0
    results: list[AddItem] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    foreseen: dict[int, Held] = field(default_factory=dict)

    def take(self, chunks: Iterable[Sequence[Found]], crew: _Crew) -> None:
        """Look at the files and write them; one chunk is written while the next is looked at.

        An interruption ends the looking, not the writing.
        """
        seen: list[_Seen] = []
        for chunk in chunks:
            unread = self._unread(chunk)
            with crew.look(self._inspect, list(unread.values())) as looked:
                self._write(seen)
                seen = []
                try:
                    self._gather(chunk, unread, looked, seen)
                except KeyboardInterrupt:
                    self._write(seen)
                    raise
        self._write(seen)

    def _unread(self, chunk: Sequence[Found]) -> dict[str, File]:
        """By their paths the files of a chunk that were not read as they are now."""
        files = [item for item in chunk if isinstance(item, File)]
        known = self._known_files([file.stored for file in files])
        return {file.stored: file for file in files if known.get(file.stored) != (file.size, file.mtime_ns)}

    def _gather(
        self, chunk: Sequence[Found], unread: Container[str], looked: Iterator[_Seen], seen: list[_Seen]
    ) -> None:
        """Fill `seen`, in the order of the chunk."""
        for item in chunk:
            result: _Seen
            if not isinstance(item, File):
                result = item
            elif item.stored in unread:
                result = next(looked)
            else:
                result = Looked(item.stored, item.size, item.mtime_ns, None)
            seen.append(result)
            self.done += 1
            if self.progress is not None:
                self.progress(self.done, self.total, shown(result.path))

    def _known_files(self, names: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Path → (size, mtime) as they were when the file was last read."""
        columns = (asset_path.c.path, asset_path.c.size, asset_path.c.mtime_ns)
        known: dict[str, tuple[int, int]] = {}
        statement = select(*columns).where(asset_path.c.path.in_(PIECE))
        with self.context.database.read() as connection:
            for piece in chunked(names):
                for path, size, mtime_ns in connection.execute(statement, {PIECE.key: piece}):
                    known[path] = (size, mtime_ns)
        return known

    def _inspect(self, file: File) -> _Seen:
        """Read and decode one file; in any thread."""
        try:
            picture = with_its_sidecar(inspect(file.path), file.path)
        except OSError as error:
            return os_failure(file.stored, error)
        except MediaError as error:
            return _not_taken(file, error)
        if not self.dry_run:
            self._keep_thumbnail(picture)
        return Looked(file.stored, picture.size, picture.mtime_ns, picture)

    def _keep_thumbnail(self, picture: Picture) -> None:
        """Before the row is written: a thumbnail without an asset is harmless, and found by `doctor`."""
        data_dir = self.context.data_dir
        try:
            if find_thumbnail(data_dir, picture.sha256) is None:
                write_thumbnail(data_dir, picture.sha256, picture.thumbnail_suffix, picture.thumbnail)
        except OSError as error:
            raise CallsheetError(
                f"thumbnails cannot be written to {data_dir}: {error.strerror or error}",
                hint="free some space, or check that you may write there, then add the files again",
                code="storage",
            ) from error

    def _write(self, seen: Sequence[_Seen]) -> None:
        """Place the files and store what differs. Where nothing is new a look is enough: nobody waits for a lock."""
        looked = [item for item in seen if isinstance(item, Looked)]
        nothing_new = not self.tags and all(item.picture is None for item in looked)
        if self.dry_run or nothing_new:
            with self.context.database.read() as connection:
                stock, results = self._place(connection, looked, seen)
            if self.dry_run:
                self.foreseen.update((held.key, held) for held in stock.changed() if held.key is not None)
            if self.dry_run or not (stock.changed() or stock.added()):
                self.results += results
                return
        with self.context.database.write() as connection:
            stock, results = self._place(connection, looked, seen)
            run = self.batches[0] if self.batches else None
            seq = store(connection, self.context, stock, self.origin, run)
        self.results += results
        self.batches += [] if seq is None else [seq]

    def _place(
        self, connection: Connection, looked: Sequence[Looked], seen: Sequence[_Seen]
    ) -> tuple[Stock, list[AddItem]]:
        stock = take_stock(connection, looked)
        placing = Placing(self.context, self.paths, stock)
        return stock, [placing.place(item, self.tags) if isinstance(item, Looked) else item for item in seen]
