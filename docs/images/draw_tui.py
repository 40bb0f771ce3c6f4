"""`python docs/images/draw_tui.py [NAME…]` draws the pictures of docs/tui.md anew, from a fresh demo project."""  # noqa: INP001  # a script

import asyncio
import re
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.pilot import Pilot

from callsheet.demo import demo_project
from callsheet.terminal import build_tui_context
from callsheet.workspace import Workspace
from generation.engine.control import Stop
from tui.app import CallsheetApp

HERE = Path(__file__).parent
SIZE = (110, 32)
SHOTS = {
    "tui-browse": ("", ["down", "down", "down", "space", "space"]),
    "tui-grid": ("", ["x", "right"]),
    "tui-tag": ("-role:*", ["T"]),
    "tui-picker": ("-role:*", ["T", "n", "m"]),
    "tui-bulk": ("npc:*", ["asterisk", "n", "a", "l", "e", "x", "enter"]),
    "tui-resolve": ("", ["R", "b", "down", "enter", "down"]),
    "tui-why": ("", ["R", "b", "down", "enter", "down", "right", "w"]),
    "tui-prefill": ("", ["R", "b", "down", "enter", "f", "down", "down"]),
    "tui-coverage": ("", ["C", "n", "n", "n"]),
    "tui-generate": ("", ["R", "b", "down", "enter", "f", "G"]),
    "tui-queue": ("", ["Q"]),
    "tui-history": ("", ["H"]),
    "tui-ontology": ("", ["O"]),
    "tui-doctor": ("", ["D", "down", "down"]),
}
"""Name of the picture → the first filter, and the keys that lead there."""


def _fill_the_queue(ws: Workspace) -> None:
    """A job that is done, one that a person is to make, one that was stopped, and one that was cancelled."""
    found = ws.resolve(location_id="loc:dungeon_entrance", hero_id="npc:alex", enemy_ids=["npc:boss_01"])
    spec = ws.spec_of(ws.prefill("fusion", found, prompt="Alex faces the Gravelord at the gate"))
    by_hand = replace(spec, id="gate-painted-by-hand", providers=("manual",))
    ws.generation.generate([spec, by_hand])
    stopped = Stop()
    stopped.set()
    ws.generation.generate([replace(spec, id="gate-at-night"), replace(spec, id="gate-in-fog")], stop=stopped)
    ws.generation.cancel("j4")


PREPARED = {"tui-queue": _fill_the_queue}

_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


async def _settled(pilot: Pilot[None]) -> None:
    await pilot.pause(0.5)
    while any(not worker.is_finished for worker in pilot.app.workers):
        await pilot.pause(0.1)
    await pilot.pause(0.2)


async def _draw(project: Path, name: str, query: str, keys: list[str]) -> None:
    with Workspace.open(project) as ws:
        PREPARED.get(name, lambda _: None)(ws)
        app = CallsheetApp(build_tui_context(ws))
        async with app.run_test(size=SIZE) as pilot:
            await _settled(pilot)
            app.screen.query_one("FilterLine").set_query(query)  # type: ignore[attr-defined]
            await _settled(pilot)
            for key in keys:
                await pilot.press(key)
                await _settled(pilot)
            svg = _FONTS.sub("", app.export_screenshot(title="callsheet tui"))
    lines = (line.rstrip() for line in svg.splitlines())
    (HERE / f"{name}.svg").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Draw those that are named, else all."""
    with TemporaryDirectory() as folder:
        project, _ = demo_project(Path(folder) / "dungeon-school")
        for name in sys.argv[1:] or SHOTS:
            query, keys = SHOTS[name]
            (project / ".callsheet/tui.json").unlink(missing_ok=True)
            asyncio.run(_draw(project, name, query, keys))


if __name__ == "__main__":
    main()
