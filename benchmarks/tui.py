"""The terminal UI with large galleries: first paint, page down, memory; as ratios within one run.

First paint is from the start of the program on a terminal of 120 x 40 to the screen of Browse, which comes before the
database is opened; the first assets are told beside it. The gallery of `--sizes` is a real database; the million for
paging is made up behind the same methods, as is its thousand.
"""

import asyncio
import fcntl
import gc
import multiprocessing
import os
import pty
import resource
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter
from types import SimpleNamespace
from typing import Any
from unittest import mock

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import DataTable

from benchmarks.options import LARGE, benchmark_parser, parsed, shortened
from benchmarks.population import make_assets
from benchmarks.query import fill
from callsheet.project import Project
from callsheet.settings import load_settings
from callsheet.terminal import build_tui_context
from callsheet.workspace import Workspace
from gallery import AssetView, Page
from gallery.project_files import Refreshed
from ontology.errors import NotFoundError
from ontology.loader import builtin_ontology
from tui.app import CallsheetApp
from tui.context import TuiContext
from tui.listing import id_of
from tui.screens.browse import BrowseScreen
from tui.widgets.asset_list import AssetList

SIZE = (120, 40)
EMPTY_TARGET, TABLE_TARGET, PAGE_TARGET = 3.0, 1 / 20, 1.25
"""The last: what a page down among a million may take of one among a thousand, noise included."""

EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("nothing here")
Empty().run()
"""
TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
PAGES = 30
TAGS = ("npc:alex", "loc:dungeon", "role:char:hero", "camera:view:front")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print times, ratios and memory; 1 where `--check` is given and a ratio misses its target."""
    parser = benchmark_parser("tui", __doc__, sizes=[100_000])
    parser.add_argument("--rounds", type=int, default=5, help="the median of so many is shown (default 5)")
    parser.add_argument("--paging", type=int, default=LARGE, help="assets of the large made-up gallery (default 1M)")
    options = parsed(parser, arguments)
    missed = False
    for size in options.sizes:
        missed |= _first_paint(size, options.rounds)
    missed |= _paging(options.paging, options.rounds)
    _memory(1_000, max(options.sizes))
    return int(missed and options.check)


def _first_paint(size: int, rounds: int) -> bool:
    empty, frame, assets, inside = [], [], [], []
    with TemporaryDirectory() as folder:
        project = _project(Path(folder), size)
        for _ in range(rounds):
            empty += _program(["-c", EMPTY], [b"nothing here"], project.root)
            first, then = _program(["-m", "callsheet", "tui"], [b"to filter", b"role:"], project.root)
            frame.append(first)
            assets.append(then)
            with Workspace(project, load_settings(project)) as ws:
                inside.append(asyncio.run(_ours(build_tui_context(ws))))
    table, ours = asyncio.run(_table(size)), median(inside)
    print(
        f"{shortened(size)} assets, from the start of the program: empty app {median(empty) * 1e3:.0f} ms,"
        f" our screen {median(frame) * 1e3:.0f} ms, its first assets {median(assets) * 1e3:.0f} ms"
    )
    missed = _told("first paint over an empty Textual app", median(frame) / median(empty), EMPTY_TARGET)
    print(f"  within a program that runs: ours with its assets {ours * 1e3:.0f} ms, DataTable.add_rows {table:.2f} s")
    return _told("first assets over DataTable.add_rows", ours / table, TABLE_TARGET) | missed


def _told(what: str, ratio: float, target: float) -> bool:
    missed = ratio > target
    print(f"  {what}: {ratio:.3f}, target <= {target:g}{'  MISSED' if missed else ''}")
    return missed


def _project(root: Path, size: int) -> Project:
    project = Project(root)
    project.data_dir.mkdir()
    project.settings_file.write_text("", encoding="utf-8")
    fill(project.database_file, make_assets(size))
    return project


class _Painted:
    """Set when a line that counts was drawn."""

    def __init__(self) -> None:
        self.at: float | None = None

    def note(self, line: Strip, mark: str) -> Strip:
        """Look at a line that was drawn."""
        if self.at is None and mark in line.text:
            self.at = perf_counter()
        return line


async def _until_painted(app: App[None], painted: _Painted) -> float:
    gc.collect()
    begun = perf_counter()
    async with app.run_test(size=SIZE) as pilot:
        while painted.at is None:
            await pilot.pause(0.001)
        await pilot.pause()
    return painted.at - begun


def _program(arguments: Sequence[str], marks: Sequence[bytes], folder: Path) -> list[float]:
    """Seconds from the start of a Python program on a terminal of its own until each mark is on its screen."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    begun = perf_counter()
    running = subprocess.Popen(  # noqa: S603  # this very program
        [sys.executable, *arguments],
        stdin=its,
        stdout=its,
        stderr=its,
        cwd=folder,
        env={**os.environ, **TERMINAL},
    )
    os.close(its)
    shown, took = b"", []
    try:
        for mark in marks:
            while mark not in shown:
                shown += os.read(ours, 1 << 16)
            took.append(perf_counter() - begun)
    finally:
        running.kill()
        running.wait()
        os.close(ours)
    return took


async def _ours(context: TuiContext) -> float:
    painted, draw = _Painted(), AssetList.render_line
    with mock.patch.object(AssetList, "render_line", lambda self, y: painted.note(draw(self, y), "role:")):
        return await _until_painted(CallsheetApp(context), painted)


async def _table(size: int) -> float:
    painted, draw = _Painted(), DataTable.render_line

    class Table(App[None]):
        def compose(self) -> ComposeResult:
            yield DataTable()

        def on_mount(self) -> None:
            table = self.query_one(DataTable)
            table.add_columns("id", "name", "rating", "tags")
            table.add_rows((id_of(n), f"picture_{n}.png", "★3", " ".join(TAGS)) for n in range(size))

    with mock.patch.object(DataTable, "render_line", lambda self, y: painted.note(draw(self, y), "picture_")):
        return await _until_painted(Table(), painted)


class MadeUpGallery:
    """So many assets behind the methods that Browse calls, made when they are asked for."""

    def __init__(self, size: int) -> None:
        self.size = size

    def search(self, query: str = "", *, limit: int = 100, **_: Any) -> Page:
        """The first page."""
        del query
        first = min(limit, self.size)
        return Page(tuple(map(self._view, range(first))), self.size, "more" if first < self.size else None)

    def ids_in_order(self, query: str = "", **_: Any) -> Iterator[list[str]]:
        """All ids."""
        del query
        for start in range(0, self.size, 5_000):
            yield [id_of(number) for number in range(start, min(start + 5_000, self.size))]

    def views(self, ids: Sequence[str]) -> dict[str, AssetView]:
        """Some assets."""
        return {one: self._view(int(one[1:], 16)) for one in ids}

    def _view(self, number: int) -> AssetView:
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        return AssetView(id_of(number), f"assets/{number}.png", "", TAGS, "image", 3, 512, 512, moment, 1)

    def thumbnail(self, asset_id: str) -> Path:
        """There is none."""
        raise NotFoundError(f"{asset_id} has no picture")

    def get(self, asset_id: str) -> Any:
        """There are no details."""
        raise NotFoundError(asset_id)

    def tag_uses(self) -> dict[str, int]:
        """Nothing is counted."""
        return {}

    def last_batch(self) -> int:
        """Nothing changes."""
        return 1


def made_up_context(size: int, folder: Path) -> TuiContext:
    """A context over a made-up gallery."""
    services: Any = SimpleNamespace(gallery=MadeUpGallery(size), ontology=builtin_ontology(), refresh=Refreshed)
    return TuiContext(services, "made up", folder, folder, folder / "tui.json", monotonic)


def _paging(large: int, rounds: int) -> bool:
    small = min(1_000, large)
    took: dict[int, list[float]] = {small: [], large: []}
    with TemporaryDirectory() as folder:
        for number in range(rounds):
            for size in (small, large):
                place = Path(folder) / f"{number}-{size}"
                took[size].append(asyncio.run(_page_downs(made_up_context(size, place))))
    few, many = median(took[small]), median(took[large])
    print(f"page down: {few * 1e3:.1f} ms of {shortened(small)}, {many * 1e3:.1f} ms of {shortened(large)} assets")
    return _told(f"page down at {shortened(large)} over {shortened(small)}", many / few, PAGE_TARGET)


async def _page_downs(context: TuiContext) -> float:
    app = CallsheetApp(context)
    async with app.run_test(size=SIZE) as pilot:
        await _known(app, pilot)
        times = []
        for _ in range(min(PAGES, app.screen.query_one("#list").listing.total // 40)):  # type: ignore[attr-defined]
            begun = perf_counter()
            await pilot.press("pagedown")
            times.append(perf_counter() - begun)
    return median(times)


async def _known(app: CallsheetApp, pilot: Pilot[None]) -> None:
    """Until all ids are there."""
    while True:
        await pilot.pause(0.01)
        screen = app.screen
        if isinstance(screen, BrowseScreen) and screen.finds.listing.total == screen.finds.listing.known > 0:
            return


def _memory(small: int, large: int) -> None:
    few, many = (_peak(size) for size in (small, large))
    grown = (many - few) / 1024
    a_thousand = grown * 1024 / max(1, (large - small) / 1000)
    print(
        f"memory: {few / 1024:.0f} MiB with {shortened(small)}, {many / 1024:.0f} MiB with {shortened(large)} assets:"
        f" {grown:+.1f} MiB, {a_thousand:.1f} KiB a thousand"
    )


def _peak(size: int) -> int:
    """The largest size (KiB) of a process that shows so many assets and goes to the last."""
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_show_in_child, args=(size, theirs))
    child.start()
    peak: int = ours.recv()
    child.join()
    return peak


def _show_in_child(size: int, answer: Connection) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_to_the_end(made_up_context(size, Path(folder))))
    answer.send(_kibibytes())


def _kibibytes() -> int:
    """The largest size of this process. Linux counts in `getrusage` what the process was before it became this one."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


async def _to_the_end(context: TuiContext) -> None:
    app = CallsheetApp(context)
    async with app.run_test(size=SIZE) as pilot:
        await _known(app, pilot)
        await pilot.press("end")
        await pilot.press("pageup")
