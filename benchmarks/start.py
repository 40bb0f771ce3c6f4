"""A cold start: building the index from a database, opening its snapshot, and `callsheet resolve` as a whole process.

The project is made in a temporary folder, its rows written by plain SQL. The index is built several times, in turns
with a bare pass that fetches the same columns of the same rows and does nothing with them; the least of each counts.
Whole processes are run several times too, and the median is shown beside that of a bare interpreter. Only ratios and
the limit of a cold start can fail, and only with --check.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.options import LARGE, benchmark_parser, parsed
from benchmarks.population import make_assets
from callsheet.project import Project, start_project
from callsheet.upgrade import SCHEMA, upgrade
from callsheet.wiring import build_live_index
from gallery.index.plain_reading import PlainReader
from gallery.store.driver import connect
from ontology.garbage import without_collection
from resolver import CandidateIndex

USUAL = 100_000
RUNS, BUILDS = 5, 3
BUILD_LIMIT = 2.5
"""Seconds for a million assets: a figure of the machine, shown and never a failure."""
BUILD_RATIO = 8.0
"""So many bare passes over the rows building may take: 4 to 6 were seen, and 12 when it went row by row."""
RESOLVE_LIMIT = 1.0
VERSION_RATIO = 20.0
SNAPSHOT_RATIO = 20.0
QUESTION = ("resolve", "--location", "loc:l1", "--hero", "npc:c1", "--enemy", "npc:c2", "--json")


def fill(project: Project, assets: int) -> None:
    """A gallery of made-up rows and one batch."""
    upgrade(project.database_file, project.backups_dir)
    connection = connect(project.database_file, create=False)
    try:
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO asset (key, id, sha256, version, path, media_type, format, bytes, width, height, created_at,"
            " added_at, rating, tags) VALUES (?, ?, ?, 1, ?, 'image', 'png', 1, 8, 8, ?, ?, ?, ?)",
            rows(assets),
        )
        connection.execute("INSERT INTO batch (kind, at, actor, origin) VALUES ('add', '2026-01-01', '', 'import')")
        connection.execute("COMMIT")
    finally:
        connection.close()


def rows(assets: int) -> Iterator[tuple[object, ...]]:
    """Rows of the asset table."""
    for key, asset in zip(count(1), make_assets(assets), strict=False):
        moment = asset.created_at.strftime("%Y-%m-%d %H:%M:%S.%f")
        digest = hashlib.sha256(str(key).encode()).hexdigest()
        yield key, f"a{digest[:16]}", digest, f"p/{key}.png", moment, moment, asset.rating, json.dumps(asset.tags)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes once."""
    started = perf_counter()
    work()
    return perf_counter() - started


def process(arguments: Sequence[str], folder: Path) -> float:
    """The median seconds of a whole process."""

    def run() -> None:
        subprocess.run([sys.executable, *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S603  # ours

    run()
    return median(seconds(run) for _ in range(RUNS))


def open_index(project: Project) -> None:
    """Bring an index up, as a new process would, and let it go."""
    live = build_live_index(project)
    with live.current():
        pass
    live.close()


def bare_pass(project: Project) -> None:
    """Fetch what an index needs of every live asset."""
    connection = connect(project.database_file, create=False)
    try:
        found = connection.execute(
            "SELECT id, tags, media_type, rating, created_at FROM asset "
            "WHERE trashed_at IS NULL AND missing_since IS NULL"
        )
        while found.fetchmany(2000):
            pass
    finally:
        connection.close()


def build(project: Project) -> None:
    """The index of the whole gallery, from its database alone, and nothing written."""
    reader = PlainReader(project.database_file, project.backups_dir, project.root, SCHEMA)
    with reader.moment() as moment, without_collection():
        assert moment is not None  # noqa: S101  # it has just been filled
        CandidateIndex.from_batches(moment.batches(), lookup=lambda _: ())
    reader.close()


def measure(assets: int) -> bool:
    """Print the figures of one size; whether every limit holds."""
    with TemporaryDirectory() as place:
        root = Path(place) / "project"
        start_project(root)
        project = Project(root)
        fill(project, assets)
        passes = [(seconds(lambda: bare_pass(project)), seconds(lambda: build(project))) for _ in range(BUILDS)]
        rows_read, built = map(min, zip(*passes, strict=True))
        rebuilt = seconds(lambda: open_index(project))
        opened = median(seconds(lambda: open_index(project)) for _ in range(RUNS))
        bare = process(["-c", "pass"], root)
        version = process(["-m", "callsheet", "--version"], root)
        resolved = process(["-m", "callsheet", *QUESTION], root)
    holds = (
        resolved <= RESOLVE_LIMIT,
        version <= VERSION_RATIO * bare,
        rebuilt >= SNAPSHOT_RATIO * opened,
        built <= BUILD_RATIO * rows_read,
    )
    print(f"{assets:,} assets")
    print(f"  bare pass over the rows   {rows_read:8.3f} s")
    print(f"  index from the database   {built:8.3f} s  {built / rows_read:6.1f} x  (<= {BUILD_RATIO:.0f} x)", end="")
    print(_limit(assets, built))
    print(f"    and its snapshot written{rebuilt:8.3f} s")
    print(f"  index from its snapshot   {opened:8.4f} s  {rebuilt / opened:6.1f} x  (>= {SNAPSHOT_RATIO:.0f} x)")
    print(f"  bare interpreter          {bare:8.4f} s")
    print(f"  callsheet --version       {version:8.4f} s  {version / bare:6.1f} x  (<= {VERSION_RATIO:.0f} x)")
    print(f"  callsheet resolve, cold   {resolved:8.4f} s            (<= {RESOLVE_LIMIT:.0f} s)\n", flush=True)
    return all(holds)


def _limit(assets: int, built: float) -> str:
    """What is said about the seconds of the target, at the size it is for."""
    if assets != LARGE:
        return ""
    return f"  {BUILD_LIMIT:g} s: {'held' if built <= BUILD_LIMIT else 'NOT HELD'} on this machine, now"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every size; 1 when a limit is missed and --check was given."""
    options = parsed(benchmark_parser("start", __doc__, sizes=[USUAL]), arguments)
    holds = [measure(size) for size in options.sizes]
    return int(options.check and not all(holds))
