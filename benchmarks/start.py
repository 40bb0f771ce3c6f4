"""A cold start: building the index from a database, opening its snapshot, and `callsheet resolve` as a whole process.

The project is made in a temporary folder, its rows written by plain SQL. Whole processes are run several times and the
median is shown beside that of a bare interpreter. Only the limits of the targets can fail, and only with --check.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.population import make_assets
from callsheet.project import Project, start_project
from callsheet.upgrade import upgrade
from callsheet.wiring import build_live_index
from gallery.driver import connect

QUICK, LARGE = 100_000, 1_000_000
RUNS = 5
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
        digest = f"{key:064x}"
        yield key, f"a{key:016x}", digest, f"p/{key}.png", moment, moment, asset.rating, json.dumps(asset.tags)


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


def measure(assets: int) -> bool:
    """Print the figures of one size; whether every limit holds."""
    with TemporaryDirectory() as place:
        root = Path(place) / "project"
        start_project(root)
        project = Project(root)
        fill(project, assets)
        rebuilt = seconds(lambda: open_index(project))
        opened = median(seconds(lambda: open_index(project)) for _ in range(RUNS))
        bare = process(["-c", "pass"], root)
        version = process(["-m", "callsheet", "--version"], root)
        resolved = process(["-m", "callsheet", *QUESTION], root)
    holds = (resolved <= RESOLVE_LIMIT, version <= VERSION_RATIO * bare, rebuilt >= SNAPSHOT_RATIO * opened)
    print(f"{assets:,} assets")
    print(f"  index from the database   {rebuilt:8.3f} s, snapshot written (target at 1M: 2.5 s)")
    print(f"  index from its snapshot   {opened:8.4f} s  {rebuilt / opened:6.1f} x  (>= {SNAPSHOT_RATIO:.0f} x)")
    print(f"  bare interpreter          {bare:8.4f} s")
    print(f"  callsheet --version       {version:8.4f} s  {version / bare:6.1f} x  (<= {VERSION_RATIO:.0f} x)")
    print(f"  callsheet resolve, cold   {resolved:8.4f} s            (<= {RESOLVE_LIMIT:.0f} s)")
    return all(holds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one size; 1 when a limit is missed and --check was given."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks start", description=__doc__)
    parser.add_argument("--assets", type=int, default=QUICK, help=f"how many assets (default {QUICK:,})")
    parser.add_argument("--large", action="store_true", help=f"{LARGE:,} assets")
    parser.add_argument("--check", action="store_true", help="exit 1 when a limit is missed")
    options = parser.parse_args(arguments)
    holds = measure(LARGE if options.large else options.assets)
    return int(options.check and not holds)
