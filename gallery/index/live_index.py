"""The resolver's index of a gallery, in step with the database; on disk as a snapshot, so that a start is cheap."""

import hashlib
import json
import secrets
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from gallery.index.plain_reading import NOTHING_YET, Mark, Moment, PlainReader
from gallery.views import AssetView
from ontology.errors import IntegrityError
from ontology.garbage import without_collection
from resolver import CandidateIndex

SNAPSHOT = "index.snapshot"
BATCHES_PER_SNAPSHOT = 1000
"""How far the snapshot may fall behind before it is written anew."""
MOST_KEPT = 4096
"""Views of so many assets are kept, usually of about 1 KB; answers tend to hold the same ones."""

_MAGIC = b"callsheet-gallery-index\x01"
_HEADER = struct.Struct("<I")
_DIGEST_SIZE = hashlib.sha256().digest_size

Lookup = Callable[[Sequence[int | str]], Iterable[AssetView]]


class LiveIndex:
    """One gallery's index. `current()` brings it in step with every process that writes, before each answer.

    Thread-safe: answers are given one at a time.
    """

    def __init__(self, reader: PlainReader, cache: Path) -> None:
        self._reader = reader
        self._snapshot = cache / SNAPSHOT
        self._lock = threading.RLock()
        self._moment: Moment | None = None
        self._index: CandidateIndex | None = None
        self._seen = NOTHING_YET
        self._saved = NOTHING_YET
        self._views: dict[int | str, AssetView] = {}  # as of the batch that was seen
        self.rebuilt_because: str | None = None
        """Why the index was last built from the database, or None when its snapshot served."""
        self.distrusted: str | None = None
        """Why a snapshot that was there was not used: worth telling, unlike a first start without one."""

    @contextmanager
    def current(self) -> Iterator[CandidateIndex]:
        """The index as of this moment; the assets it returns are of the same moment.

        Raises `ConflictError` (locked, older or newer database), `IntegrityError` (damaged or emptied) and
        `CallsheetError` (`storage`, `disk_full`).
        """
        with self._lock, self._reader.moment() as moment:
            if moment is None:
                self._forget()
                yield CandidateIndex()
                return
            self._moment = moment
            try:
                yield self._follow(moment)
            finally:
                self._moment = None

    def close(self) -> None:
        """Let go of the database. The index can be used again afterwards, and goes on from where it was."""
        with self._lock:
            self._reader.close()

    def _forget(self) -> None:
        self._index, self._seen, self._saved = None, NOTHING_YET, NOTHING_YET
        self._views.clear()

    def _follow(self, moment: Moment) -> CandidateIndex:
        index, mark = self._index, moment.mark()
        if index is not None and mark == self._seen:
            return index
        if index is None or not moment.knows(self._seen):
            index = self._open(moment)
        if mark != self._seen:
            for asset_id, asset in moment.touched_since(self._seen.batch):
                self._views.pop(asset_id, None)
                if asset is None:
                    index.discard(asset_id)
                else:
                    index.update(asset)
            self._seen = mark
        self._index = index
        if self._seen.batch - self._saved.batch >= BATCHES_PER_SNAPSHOT:
            self._save(index)
        return index

    def _open(self, moment: Moment) -> CandidateIndex:
        """The index from its snapshot where that is sound and of this database's history, else from the database."""
        self.rebuilt_because = self.distrusted = None
        self._views.clear()
        try:
            index, mark = read_snapshot(self._snapshot, self._look_up)
            if moment.knows(mark):
                self._seen = self._saved = mark
                return index
            self.distrusted = "the snapshot belongs to another history of the database"
        except FileNotFoundError:
            self.rebuilt_because = "there was no snapshot"
        except (IntegrityError, OSError) as error:
            self.distrusted = str(error)
        self.rebuilt_because = self.rebuilt_because or self.distrusted
        self._seen = moment.mark()
        with without_collection():
            index = CandidateIndex.from_batches(moment.batches(), lookup=self._look_up)
        self._save(index)
        return index

    def _save(self, index: CandidateIndex) -> None:
        """Write the snapshot. Failing is no error: it is a cache, and the next start builds the index again."""
        with suppress(OSError):
            write_snapshot(self._snapshot, index, self._seen)
        self._saved = self._seen

    def _look_up(self, ids: Sequence[int | str]) -> Iterable[AssetView]:
        if self._moment is None:
            raise RuntimeError("the index was asked outside of current()")
        views = self._views
        unread = [str(asset_id) for asset_id in ids if asset_id not in views]
        if unread:
            if len(views) + len(unread) > MOST_KEPT:
                unread = [str(asset_id) for asset_id in ids]
                views.clear()
            views.update(self._moment.of_ids(unread))
        return [views[asset_id] for asset_id in ids if asset_id in views]


def write_snapshot(path: Path, index: CandidateIndex, mark: Mark) -> None:
    """Write an index with the batch it has seen; a reader sees the old file or the new one. Raises OSError."""
    body = index.to_bytes(mark.batch)
    header = json.dumps(mark._asdict()).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        draft.write_bytes(b"".join((_MAGIC, _HEADER.pack(len(header)), header, hashlib.sha256(header).digest(), body)))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read_snapshot(path: Path, look_up: Lookup) -> tuple[CandidateIndex, Mark]:
    """The index of a snapshot and the batch it has seen. Raises FileNotFoundError, OSError, and `IntegrityError`."""
    data = path.read_bytes()
    header_at = len(_MAGIC) + _HEADER.size
    if not data.startswith(_MAGIC) or len(data) < header_at:
        raise IntegrityError(f"{path} is no snapshot of an index that this program knows")
    (length,) = _HEADER.unpack_from(data, len(_MAGIC))
    header = data[header_at : header_at + length]
    body_at = header_at + length + _DIGEST_SIZE
    if hashlib.sha256(header).digest() != data[header_at + length : body_at]:
        raise IntegrityError(f"the snapshot {path} is damaged")
    try:
        mark = Mark(**json.loads(header))
    except (TypeError, ValueError) as error:
        raise IntegrityError(f"the snapshot {path} was written by another version") from error
    index, batch = CandidateIndex.from_bytes(memoryview(data)[body_at:], lookup=look_up)
    if batch != mark.batch:
        raise IntegrityError(f"the snapshot {path} contradicts itself")
    return index, mark
