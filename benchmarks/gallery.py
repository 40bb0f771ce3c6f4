"""The gallery's speed: adding pictures, writing rows, finding what looks alike, turning pages.

Adding is `Gallery.add` from end to end (find, read, hash, decode, thumbnail, likeness, rows) into a database that is
there already, against decoding the same bytes with the same library and doing nothing else. Pictures and project lie in
memory where the system has such a place, so that no disk is measured. One worker is this process held to one processor.
The kinds of work take turns, and ratios are medians over the passes. Exit 1 when a target is missed.
"""

import argparse
import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from PIL import Image
from sqlalchemy.orm import Session

from benchmarks.population import FIRST_MOMENT, make_assets
from callsheet.upgrade import SCHEMA
from gallery.context import GalleryContext
from gallery.intake.held import Held, Stock
from gallery.intake.media import THUMBNAIL_PIXELS, Picture
from gallery.intake.storing import store, write_rows
from gallery.likeness.similar import candidates, near_duplicates
from gallery.service import Gallery
from gallery.store.database import DATABASE_NAME, Database
from gallery.store.driver import connect
from gallery.store.tables import AssetPathRow, AssetRow, AssetTagRow
from ontology.loader import builtin_ontology

SIDE = 1024
CHUNK = 1000
MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of our own is made in it

PAGE, LONG_PAGE, LATE_PAGE = 50, 500, 10_000
MINUTE = timedelta(minutes=1)

Verdicts = list[bool]


def verdict(verdicts: Verdicts, name: str, value: float, target: float, *, at_most: bool = False) -> None:
    """Print one ratio with its target and note whether it is met."""
    met = value <= target if at_most else value >= target
    verdicts.append(met)
    sign = "<=" if at_most else ">="
    print(f"  {name:<52} {value:8.2f} x   target {sign} {target:g}: {'met' if met else 'MISSED'}")


def seconds(work: Callable[[], object]) -> float:
    """How long it takes once."""
    started = perf_counter()
    work()
    return perf_counter() - started


@contextmanager
def place() -> Iterator[Path]:
    """An empty folder, in memory where there is such a place."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@contextmanager
def open_gallery(root: Path) -> Iterator[Gallery]:
    """A gallery whose database is there already, as it is whenever something is added for the second time."""
    root.mkdir()
    with Database(root / ".callsheet" / DATABASE_NAME, SCHEMA) as database:
        with database.write():
            pass
        yield Gallery(GalleryContext(root, root / ".callsheet", database, builtin_ontology()))


@contextmanager
def processors(count: int) -> Iterator[None]:
    """Hold this process to so many processors."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def make_files(folder: Path, count: int, file_format: str) -> list[Path]:
    """Soft colours under a little noise: about 1.5 MB as PNG, 0.1 MB as JPEG."""
    folder.mkdir()
    chance = Random(file_format)
    files = []
    for number in range(count):
        soft = Image.frombytes("RGB", (16, 16), chance.randbytes(768)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        noise = Image.frombytes("RGB", (SIDE, SIDE), chance.randbytes(3 * SIDE * SIDE))
        path = folder / f"{number:04}.{file_format}"
        Image.blend(soft, noise, 0.03).save(path, quality=90)
        files.append(path)
    return files


def decode(path: Path) -> None:
    """The limit: read the bytes and decode them; a JPEG at the scale that a thumbnail needs."""
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        image.draft("RGB", (THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
        image.load()


def adding(verdicts: Verdicts, passes: int, counts: dict[str, int]) -> None:
    """Adding pictures with one worker, against decoding them, and then with two, against one.

    In this order: a process that once had a second thread is a little slower ever after, for its locks are real ones
    from then on.
    """
    targets = {"png": 0.75, "jpg": 0.7}
    with place() as root:
        folders = {name: make_files(root / name, count, name) for name, count in counts.items()}
        for name, files in folders.items():
            rates = []
            for number in range(passes):
                with processors(1):
                    bare = seconds(lambda files=files: [decode(path) for path in files])
                rates.append(bare / _added(root / f"{name}-{number}", files, 1))
            print(f"{len(files)} pictures of {SIDE} x {SIDE}, {name}")
            verdict(verdicts, "adding / decoding, one worker", median(rates), targets[name])
        if len(os.sched_getaffinity(0)) > 1:
            for name, files in folders.items():
                scales = []
                for number in range(passes):
                    one, two = (_added(root / f"{name}-{number}-of-{size}", files, size) for size in (1, 2))
                    scales.append(one / two)
                verdict(verdicts, f"two workers / one, {name}", median(scales), 1.7)


def _added(project: Path, files: Sequence[Path], workers: int) -> float:
    with processors(workers), open_gallery(project) as gallery:
        return seconds(lambda: gallery.add([files[0].parent]))


def made_stock(count: int) -> Stock:
    """What `storing` is handed for pictures that were looked at; with real hashes of likeness, by chance."""
    chance = Random(1)
    stock = Stock()
    for number, made in enumerate(make_assets(count)):
        digest = f"{number:064x}"
        picture = Picture(digest, "png", 1, 1, 8, 8, made.created_at, b"", ".jpg", dhash=_dhash(chance))
        held = Held(f"a{number:016x}", picture.sha256, f"p/{number}.png", tags=list(made.tags), picture=picture)
        held.files[held.path] = (1, 1)
        stock.held.append(held)
    return stock


def _dhash(chance: Random) -> int:
    return chance.getrandbits(64) - 2**63


def _rows(stock: Stock) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], list[tuple[object, ...]]]:
    moment = "2026-01-01 00:00:00.000000"
    assets, paths, tags = [], [], []
    for key, held in enumerate(stock.held, 1):
        digits = held.picture.dhash if held.picture else None
        created = "" if held.picture is None else f"{held.picture.created_at:%Y-%m-%d %H:%M:%S.%f}"
        assets.append((key, held.id, held.sha256, held.path, created, moment, json.dumps(held.tags), digits))
        paths.append((held.path, key, held.path))
        tags += [(tag, key) for tag in held.tags]
    return assets, paths, sorted(tags)


def write_raw(path: Path, stock: Stock) -> float:
    """The limit: the same rows from the same values by `executemany` of the driver, at once, without the journal."""
    connection = connect(path, create=False)

    def write() -> None:
        assets, paths, tags = _rows(stock)
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO asset (key, id, sha256, version, path, media_type, format, bytes, width, height, created_at,"
            " added_at, tags, dhash) VALUES (?, ?, ?, 1, ?, 'image', 'png', 1, 8, 8, ?, ?, ?, ?)",
            assets,
        )
        connection.executemany(
            "INSERT INTO asset_path (path, asset_key, words, size, mtime_ns) VALUES (?, ?, ?, 1, 1)", paths
        )
        connection.executemany("INSERT INTO asset_tag (tag, asset_key) VALUES (?, ?)", tags)
        connection.execute("COMMIT")

    took = seconds(write)
    connection.close()
    return took


def write_orm(gallery: Gallery, stock: Stock) -> float:
    """The baseline: the same rows as objects, by `add_all`, a thousand assets at a time, without the journal."""
    now = FIRST_MOMENT

    def write() -> None:
        for start in range(0, len(stock.held), CHUNK):
            piece = stock.held[start : start + CHUNK]
            with gallery.context.database.write() as connection, Session(connection) as session:
                session.add_all(
                    AssetRow(
                        key=start + place, id=held.id, sha256=held.sha256, version=1, path=held.path,
                        media_type="image", format="png", bytes=1, width=8, height=8, created_at=now, added_at=now,
                        tags=held.tags, rejected=[], parents=[], dhash=held.picture and held.picture.dhash,
                    )
                    for place, held in enumerate(piece, 1)
                )  # fmt: skip
                session.flush()
                for place, held in enumerate(piece, 1):
                    key = start + place
                    session.add(AssetPathRow(path=held.path, asset_key=key, words=held.path, size=1, mtime_ns=1))
                    session.add_all(AssetTagRow(tag=tag, asset_key=key) for tag in held.tags)
                session.flush()

    return seconds(write)


def write_store(gallery: Gallery, stock: Stock, *, journal: bool) -> float:
    """What `add` does with what was looked at, a thousand at a time; without its journal, to compare like with like."""

    def write() -> None:
        for start in range(0, len(stock.held), CHUNK):
            piece = Stock(held=stock.held[start : start + CHUNK])
            with gallery.context.database.write() as connection:
                if journal:
                    store(connection, gallery.context, piece, "hand", None)
                else:
                    write_rows(connection, gallery.context, piece)

    return seconds(write)


def bulk_rows(verdicts: Verdicts, assets: int, passes: int) -> None:
    """Rows of assets, their files and their tags."""
    against_orm, against_raw, journals = [], [], []
    with place() as folder:
        for number in range(passes):
            took: dict[str, float] = {}
            for name in ("raw", "rows", "whole", "orm"):
                stock = made_stock(assets)
                with open_gallery(folder / f"{name}-{number}") as gallery:
                    if name == "raw":
                        took[name] = write_raw(gallery.context.database.path, stock)
                    elif name == "orm":
                        took[name] = write_orm(gallery, stock)
                    else:
                        took[name] = write_store(gallery, stock, journal=name == "whole")
            against_orm.append(took["orm"] / took["rows"])
            against_raw.append(took["rows"] / took["raw"])
            journals.append(took["whole"] / took["raw"])
    print(f"rows of {assets:,} assets with their paths and tags")
    verdict(verdicts, "ORM add_all / ours", median(against_orm), 15)
    verdict(verdicts, "ours / raw sqlite3, both without journal", median(against_raw), 2, at_most=True)
    print(f"  {'ours with the journal / raw without':<52} {median(journals):8.2f} x")


def fill(path: Path, assets: int) -> None:
    """Rows of assets alone, a minute apart, with hashes of likeness by chance."""
    chance = Random(2)
    connection = connect(path, create=False)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO asset (key, id, sha256, version, path, media_type, format, bytes, width, height, created_at,"
        " added_at, tags, dhash) VALUES (?, ?, ?, 1, 'x.png', 'image', 'png', 1, 8, 8, ?, '2026-01-01', '[]', ?)",
        (
            (key, f"a{key:016x}", f"{key:064x}", f"{FIRST_MOMENT + key * MINUTE:%Y-%m-%d %H:%M:%S.%f}", _dhash(chance))
            for key in range(1, assets + 1)
        ),
    )
    connection.execute("COMMIT")
    connection.close()


def likeness(verdicts: Verdicts, assets: int, asked: int = 20) -> None:
    """Finding near duplicates among few and among many: the effort must grow slower than the gallery."""
    few, many = max(assets // 100, 1000), assets
    times, shares = [], []
    for size in (few, many):
        with place() as folder, open_gallery(folder / "project") as gallery:
            fill(gallery.context.database.path, size)
            chance = Random(2)
            values = [_dhash(chance) for _ in range(asked)]
            with gallery.context.database.read() as connection:
                near_duplicates(connection, 0, 8)
                times.append(median(seconds(lambda v=value: near_duplicates(connection, v, 8)) for value in values))
                shares.append(median(len(candidates(connection, value, 8)) for value in values) / size)
    print(f"similar pictures, distance 8, of {few:,} and of {many:,}: {times[0] * 1e3:.1f} and {times[1] * 1e3:.1f} ms")
    verdict(
        verdicts, f"time for a gallery {many / few:g} times as large", times[1] / times[0], many / few / 4, at_most=True
    )
    verdict(verdicts, "pictures compared / all (largest)", shares[1], 0.01, at_most=True)


def pages(verdicts: Verdicts, assets: int, repeats: int = 30) -> None:
    """A late page against an early one, newest first; neither counts the matches, as the very first does."""
    late = min(LATE_PAGE, assets // PAGE - 1)
    with place() as folder, open_gallery(folder / "project") as gallery:
        fill(gallery.context.database.path, assets)
        early = cursor = gallery.search(limit=PAGE).cursor
        for _ in range(late * PAGE // LONG_PAGE):
            cursor = gallery.search(limit=LONG_PAGE, cursor=cursor).cursor
        took: dict[str | None, list[float]] = {early: [], cursor: []}
        for _ in range(repeats):
            for start, found in took.items():
                found.append(seconds(lambda start=start: gallery.search(limit=PAGE, cursor=start)))
    print(f"pages of {PAGE} of {assets:,} assets")
    ratio = median(took[cursor]) / median(took[early])
    verdict(verdicts, f"page {late:,} / page 2", ratio, 1.5, at_most=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks gallery", description=__doc__)
    parser.add_argument("--passes", type=int, default=7, help="how often each is measured (default 7)")
    parser.add_argument("--png", type=int, default=32, help="how many PNG pictures are added (default 32)")
    parser.add_argument("--jpeg", type=int, default=1000, help="how many JPEG pictures are added (default 1,000)")
    parser.add_argument("--rows", type=int, default=10_000, help="assets whose rows are written (default 10,000)")
    parser.add_argument("--assets", type=int, default=100_000, help="assets searched in (default 100,000)")
    parser.add_argument("--large", action="store_true", help="search in 1,000,000 assets")
    parser.add_argument("--only", choices=("adding", "rows", "likeness", "pages"), help="one part alone")
    options = parser.parse_args(arguments)
    if min(options.passes, options.png, options.jpeg, options.rows) < 1 or options.assets < 1000:
        parser.error("counts are at least 1, --assets at least 1,000")
    assets = 1_000_000 if options.large else options.assets
    verdicts: Verdicts = []
    parts: dict[str, Callable[[], None]] = {
        "adding": lambda: adding(verdicts, options.passes, {"png": options.png, "jpg": options.jpeg}),
        "rows": lambda: bulk_rows(verdicts, options.rows, options.passes),
        "likeness": lambda: likeness(verdicts, assets),
        "pages": lambda: pages(verdicts, assets),
    }
    for name, part in parts.items():
        if options.only in (None, name):
            part()
    return int(not all(verdicts))
