"""Reading again how assets were made: those added by an older version, and those whose sidecar was changed.

What is read is no decision of anybody, so it is not in the journal: it can be read again at any time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from gallery.context import GalleryContext
from gallery.embedded.facts import MADE_HERE, Embedded
from gallery.embedded.reading import read_embedded, with_sidecar
from gallery.embedded.sidecar import SOURCE as SIDECAR
from gallery.intake.alpha import may_hide
from gallery.intake.media import FileBytes, MediaError, examine_bytes, read_file
from gallery.intake.sidecars import read_beside
from gallery.reading.arguments import several_texts
from gallery.reading.generations import generations_of, write_generations
from gallery.reading.identifiers import find_assets
from gallery.reading.rows import is_live
from gallery.store.chunks import chunked
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset, asset_path, generation
from gallery.views import BulkResult, ItemError, ItemResult

CHUNK_ASSETS = 500
"""So many are written in one transaction."""

Progress = Callable[[int, int, str], None]
"""Called after each asset with: assets done, assets in all, the id."""


@dataclass(frozen=True, slots=True)
class _Asset:
    """One asset to read: its files as stored, the oldest first."""

    key: int
    id: str
    sha256: str
    paths: tuple[str, ...]


def reread(
    context: GalleryContext,
    ids: str | Iterable[str] | None = None,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> BulkResult:
    """Read how these assets were made, from their files and sidecars; without ids those in sight that do not say yet.

    Outcomes: `read` (new, or other than before), `unchanged`, `nothing` (nothing there, or nothing any more), `failed`
    (no file of it is as it was). Written so many at a time; what is done stays done. Raises `InvalidInputError` for an
    ambiguous id, before anything is read.
    """
    with context.database.read() as connection:
        asked = None if ids is None else find_assets(connection, several_texts("ids", ids))
        wanted = _lacking(connection) if asked is None else [item.key for item in asked if item.key is not None]
    done = _Progress(progress, len(wanted))
    by_key: dict[int, ItemResult] = {}
    for chunk in chunked(wanted, CHUNK_ASSETS):
        by_key.update(_reread(context, chunk, done, dry_run=dry_run))
    if asked is None:
        return BulkResult(tuple(by_key[key] for key in wanted if key in by_key), None)
    return BulkResult(
        tuple(ItemResult(item.id, "failed", item.error) if item.key is None else by_key[item.key] for item in asked),
        None,
    )


@dataclass
class _Progress:
    told: Progress | None
    total: int
    done: int = 0

    def step(self, asset_id: str) -> None:
        self.done += 1
        if self.told is not None:
            self.told(self.done, self.total, asset_id)


def _lacking(connection: Connection) -> list[int]:
    """The keys of all assets in sight of which nothing is known."""
    known = select(generation.c.asset_key).where(generation.c.asset_key == asset.c.key)
    return list(
        connection.execute(select(asset.c.key).where(is_live(), ~known.exists()).order_by(asset.c.key)).scalars()
    )


def _reread(
    context: GalleryContext, keys: Sequence[int], done: _Progress, *, dry_run: bool
) -> Iterator[tuple[int, ItemResult]]:
    with context.database.read() as connection:
        assets = _assets(connection, keys)
        before = generations_of(connection, keys)
    paths = ProjectPaths(context.root)
    found: dict[int, Embedded] = {}
    results: dict[int, ItemResult] = {}
    for item in assets:
        embedded = _read(paths, item)
        if embedded is None:
            error = ItemError("not_found", "no file of it is there as it was", "add the file again where it is now")
            results[item.key] = ItemResult(item.id, "failed", error)
        else:
            now = _now(embedded, before.get(item.key))
            changed = now != before.get(item.key)
            outcome = "nothing" if now is None else "read" if changed else "unchanged"
            results[item.key] = ItemResult(item.id, outcome, _trouble(embedded))
            if changed:
                found[item.key] = embedded
        done.step(item.id)
    if found and not dry_run:
        _write(context, {item.key: item for item in assets}, found)
    yield from results.items()


def _now(embedded: Embedded, before: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is to be known of an asset. Of one that was made here that stands in no file; only a sidecar outdoes it."""
    facts = embedded.facts
    if before is not None and before["source"] == MADE_HERE and (facts is None or facts.source != SIDECAR):
        return before
    return None if facts is None else facts.to_json()


def _trouble(embedded: Embedded) -> ItemError | None:
    """What could not be read; the outcome stands all the same."""
    return ItemError("unreadable_text", "; ".join(embedded.troubles)) if embedded.troubles else None


def _write(context: GalleryContext, assets: dict[int, _Asset], found: dict[int, Embedded]) -> None:
    """Unless the bytes of an asset were replaced in the meantime: those were read when they came."""
    with context.database.write() as connection:
        present: set[int] = set()
        for piece in chunked(list(found)):
            rows = connection.execute(select(asset.c.key, asset.c.sha256).where(asset.c.key.in_(piece)))
            present.update(row.key for row in rows if row.sha256 == assets[row.key].sha256)
        write_generations(connection, [(key, found[key].facts) for key in found if key in present])


def _assets(connection: Connection, keys: Sequence[int]) -> list[_Asset]:
    files: dict[int, list[str]] = {}
    rows: list[Any] = []
    for piece in chunked(keys):
        rows += connection.execute(select(asset.c.key, asset.c.id, asset.c.sha256).where(asset.c.key.in_(piece))).all()
        of_asset = select(asset_path.c.asset_key, asset_path.c.path).where(asset_path.c.asset_key.in_(piece))
        for key, path in connection.execute(of_asset.order_by(asset_path.c.key)):
            files.setdefault(key, []).append(path)
    return [_Asset(row.key, row.id, row.sha256, tuple(files.get(row.key, ()))) for row in rows]


def _read(paths: ProjectPaths, item: _Asset) -> Embedded | None:
    """What the first file says that still has the asset's bytes; None when none has."""
    for stored in item.paths:
        place = str(paths.absolute(stored))
        try:
            data = read_file(place).data
        except (OSError, MediaError):
            continue
        if sha256(data).hexdigest() == item.sha256:
            return with_sidecar(_embedded(data), read_beside(place))
    return None


def _embedded(data: bytes) -> Embedded:
    """What the bytes say; only where something may be hidden in the pixels are they decoded."""
    found = read_embedded(data)
    if found == Embedded() and may_hide(data):
        with suppress(MediaError):
            return examine_bytes(FileBytes(data, 0)).embedded
    return found
