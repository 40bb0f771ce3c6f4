"""The layout of Browse, Tag mode and the queue, as text, at the sizes that terminals have.

`CALLSHEET_RENEW_DUMPS=1 python -m pytest tests/tui/test_tui_dumps.py` writes them anew; look at the difference
before it is committed. Ids and dates are replaced by signs of the same length, pictures by the room they take.
"""

import os
import re
import time
from pathlib import Path

import pytest
from generation_builders import coin

from generation.errors import AmbiguousOutcomeError, ContentRejectedError
from tui.widgets.picture import Picture

DUMPS = Path(__file__).parent / "dumps"
SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))
SHOWN = {"browse": ("sort:path", ()), "tag": ("sort:path -role:*", ("T",)), "queue": ("sort:path", ("Q",))}
LOOKS = {"": {}, "-plain": {"plain": True}, "-no-color": {}}
CASES = [
    *((name, size, "") for name in SHOWN for size in SIZES),
    *((name, (80, 24), look) for name in SHOWN for look in ("-plain", "-no-color")),
    ("browse", (60, 20), "-plain"),
]
ROOM = "▒"

pytestmark = pytest.mark.anyio


def normalised(ui):
    """What is seen, without what differs from run to run or from one version of a picture library to the next."""
    lines = [list(line.ljust(ui.app.size.width)) for line in ui.lines]
    for picture in ui.screen.query(Picture):
        room = picture.content_region
        for y in range(room.y, room.bottom):
            lines[y][room.x : room.right] = ROOM * room.width
    text = "\n".join("".join(line).rstrip() for line in lines)
    text = re.sub(r"\ba[0-9a-f]{7,16}\b", lambda found: "#" * len(found[0]), text)
    text = re.sub(r"\b\d{4}-\d\d-\d\d( \d\d:\d\d)?\b", lambda found: "YYYY-MM-DD HH:MM"[: len(found[0])], text)
    return re.sub(r"(?m)^ \d{4}-\d\d: ", " YYYY-MM: ", text) + "\n"


@pytest.fixture
def lanes(workspace, queued, provider):
    """A job in each lane that no time changes."""
    for number, (name, end) in enumerate(
        (("coin", None), ("mask", ContentRejectedError("it shows a face")), ("gem", AmbiguousOutcomeError("cut off")))
    ):
        provider.script = [end]
        workspace.generation.generate([coin(id=name, prompt=f"a {name}, number {number}")])
    workspace.generation.generate([coin(id="statue", providers=("manual",), prompt="a statue")])
    _, cup = queued(coin(id="ring", prompt="a ring"), coin(id="cup", prompt="a cup"))
    workspace.generation.cancel(cup)


@pytest.mark.parametrize(
    ("name", "size", "look"), CASES, ids=lambda value: "x".join(map(str, value)) if isinstance(value, tuple) else value
)
async def test_the_layout_is_the_one_that_was_looked_at(running, request, monkeypatch, name, size, look):
    if name == "queue":
        request.getfixturevalue("lanes")
    if look == "-no-color":
        monkeypatch.setenv("NO_COLOR", "1")
    query, keys = SHOWN[name]
    dump = DUMPS / f"{name}-{size[0]}x{size[1]}{look}.txt"
    async with running(query, size=size, **LOOKS[look]) as ui:
        await ui.press(*keys)
        if os.environ.get("CALLSHEET_RENEW_DUMPS"):
            await ui.pilot.pause(1)
            await ui.settle()
            dump.parent.mkdir(exist_ok=True)
            dump.write_text(normalised(ui), encoding="utf-8")
        expected = dump.read_text(encoding="utf-8")
        ends = time.monotonic() + 30
        while normalised(ui) != expected and time.monotonic() < ends:
            await ui.pilot.pause(0.05)
        assert normalised(ui) == expected
