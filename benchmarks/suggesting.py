"""Suggested tags: one asset of a large gallery, and thousands in a row, source by source.

The gallery is made once for each size: folders of a hundred pictures, prompts on every second one, hashes of likeness
by chance. "one" is the median of single assets, each asked by a call of its own, with the index ready; "bulk" is the
time of one asset among many that are asked for by one call. A gallery a hundred times as large may cost three times as
much.
"""

import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.options import benchmark_parser, parsed
from benchmarks.population import CHARACTERS, LOCATIONS, MadeAsset, make_assets
from callsheet.upgrade import SCHEMA
from gallery.context import GalleryContext
from gallery.index.live_index import LiveIndex
from gallery.index.plain_reading import PlainReader
from gallery.store.database import DATABASE_NAME, Database
from gallery.store.driver import connect
from gallery.suggestions.suggesting import suggest, suggest_each
from gallery.suggestions.values import SOURCES
from ontology.loader import builtin_ontology
from ontology.terms import Ontology, Term

TARGET = 3.0
FOLDER = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where `--check` is given and the target is missed."""
    parser = benchmark_parser("suggesting", __doc__, sizes=(10_000, 1_000_000))
    parser.add_argument("--asked", type=int, default=50, help="how many are asked one by one (default 50)")
    parser.add_argument("--bulk", type=int, default=2000, help="how many are asked for at once (default 2000)")
    options = parsed(parser, arguments)
    print(f"{'assets':>10} {'source':<10} {'one':>9} {'bulk':>9}   (ms an asset)")
    alone = [_measure(size, options) for size in options.sizes]
    ratio = max(alone) / alone[0]
    met = ratio <= TARGET
    print(f"\none asset, largest / smallest gallery: {ratio:.2f} x, target <= {TARGET:g}: {'met' if met else 'MISSED'}")
    return 1 if options.check and not met else 0


def _measure(size: int, options: Namespace) -> float:
    """Prints the figures of one size; milliseconds of one asset, with all sources."""
    chance = Random(3)
    with TemporaryDirectory() as folder, Database(Path(folder, DATABASE_NAME), SCHEMA) as database:
        root = Path(folder)
        with database.write():
            pass
        fill(database.path, make_assets(size))
        live = LiveIndex(PlainReader(database.path, root / "backups", root, SCHEMA), root / "cache")
        context = GalleryContext(root, root, database, _vocabulary(), live_index=live)
        ids = [f"a{chance.randrange(size) + 1:016x}" for _ in range(min(options.bulk, size))]
        suggest(context, ids[:1])  # builds the index and the word tree
        alone = 0.0
        for source in (None, *SOURCES):
            one = median(_seconds(context, [asset_id], source) for asset_id in ids[: options.asked])
            bulk = _seconds(context, ids, source) / len(ids)
            print(f"{size:>10,} {source or 'all':<10} {one * 1e3:>9.2f} {bulk * 1e3:>9.2f}", flush=True)
            alone = alone if source else one
        live.close()
        return alone * 1e3


def _seconds(context: GalleryContext, ids: Sequence[str], source: str | None) -> float:
    started = perf_counter()
    for _ in suggest_each(context, ids, sources=source):
        pass
    return perf_counter() - started


def _vocabulary() -> Ontology:
    known = builtin_ontology()
    terms = [Term(name, f"Person {number}") for number, name in enumerate(CHARACTERS)]
    terms += [Term(name, f"Place {number}") for number, name in enumerate(LOCATIONS)]
    return Ontology((*known.terms.values(), *terms), known.namespaces.values())


def fill(path: Path, assets: Sequence[MadeAsset]) -> None:
    """The rows of assets, with files in folders and a prompt on every second one."""
    connection = connect(path, create=False)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO asset (key, id, sha256, version, path, media_type, format, bytes, width, height, created_at,"
        " added_at, tags, dhash)"
        " VALUES (?, ?, ?, 1, ?, 'image', 'png', 1, 8, 8, ?, '2026-01-01 00:00:00.000000', ?, ?)",
        _asset_rows(assets),
    )
    connection.executemany(
        "INSERT INTO asset_path (path, asset_key, words, size, mtime_ns) VALUES (?, ?, '', 1, 1)",
        ((_path(key), key) for key in range(1, len(assets) + 1)),
    )
    connection.executemany(
        "INSERT INTO generation (asset_key, tool, source, certainty, reason, prompt, loras, words, raw)"
        " VALUES (?, 'a1111', 'png', 1, '', ?, '[]', '', '{}')",
        ((key, f"Person {key % 2000} in place {key % 1000}, wide shot") for key in range(2, len(assets) + 1, 2)),
    )
    connection.execute("COMMIT")
    connection.close()


def _asset_rows(assets: Sequence[MadeAsset]) -> Iterator[tuple[object, ...]]:
    chance = Random(2)
    for key, made in enumerate(assets, 1):
        created = f"{made.created_at:%Y-%m-%d %H:%M:%S.%f}"
        dhash = chance.getrandbits(64) - 2**63
        yield key, f"a{key:016x}", f"{key:064x}", _path(key), created, json.dumps(made.tags), dhash


def _path(key: int) -> str:
    return f"pictures/folder{key // FOLDER}/person_{key % 2000}_{key}.png"
