"""How pictures are drawn: half blocks anywhere, pixels where the terminal has them, nothing where nobody looks."""

import builtins
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from callsheet.cli.pictures import may_draw_pixels
from callsheet.terminal import build_tui_context
from callsheet.workspace import Workspace
from tui.graphics import Chosen, choose_drawing
from tui.widgets.small_pictures import SmallPictures

ROOT = Path(__file__).parents[2]
KITTY, SIXEL = b"\x1b_G", b"\x1bP"


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def without_the_package(monkeypatch):
    imported = builtins.__import__

    def refuse(name, *given, **options):
        if name.partition(".")[0] == "textual_image":
            raise ImportError(name)
        return imported(name, *given, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)


@pytest.mark.parametrize(
    ("environment", "may"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "foot"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux"}, False),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, False),
        ({}, False),
    ],
)
def test_a_terminal_is_known_by_what_it_calls_itself(environment, may):
    assert may_draw_pixels(environment) is may


def test_blocks_are_the_default_of_a_terminal_that_is_not_known():
    assert choose_drawing("auto", terminal_may=False).drawing == "blocks"
    assert choose_drawing("none", terminal_may=True).drawing == "none"
    assert choose_drawing("blocks", terminal_may=True).drawing == "blocks"


def test_without_the_package_there_are_blocks_and_who_asked_for_more_is_told(without_the_package):
    assert choose_drawing("auto", terminal_may=True) == Chosen("blocks")
    chosen = choose_drawing("kitty", terminal_may=False)
    assert chosen.drawing == "blocks"
    assert "pip install 'callsheet[images]'" in chosen.notice


def test_nothing_is_asked_where_there_is_no_terminal(demo, without_the_package):
    with (demo / "callsheet.toml").open("a", encoding="utf-8") as file:
        file.write('\n[tui]\npictures = "sixel"\n')
    with Workspace.open(demo) as ws:
        context = build_tui_context(ws)
    assert (context.pictures, context.notice) == ("blocks", "")


@pytest.mark.anyio
async def test_nothing_is_written_to_a_terminal_where_nobody_looks(running, capfd):
    async with running(pictures="kitty") as ui:
        assert ui.app.drawing == "blocks"
        assert "▀" in ui.text
    assert "\x1b_G" not in capfd.readouterr().out


@pytest.mark.anyio
async def test_without_pictures_the_room_is_for_the_details_and_the_grid_for_names(running):
    async with running(pictures="none") as ui:
        assert "▀" not in ui.text
        assert not ui.screen.query_one("#picture").display
        await ui.press("x")
        assert "▀" not in ui.text
        assert sum("." in line[:70] for line in ui.lines) > 10


@pytest.mark.anyio
async def test_what_is_to_be_told_of_the_pictures_is_told(running):
    async with running(notice="pictures need a package") as ui:
        assert "pictures need a package" in ui.notices()


def seen_on_a_terminal(demo, wish, wanted, seconds=60):
    """Run the program on a terminal of its own until it has written `wanted`; what it wrote."""
    with (demo / "callsheet.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[tui]\npictures = "{wish}"\n')
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    program = subprocess.Popen(
        [sys.executable, "-m", "callsheet", "tui"],
        cwd=demo, stdin=side, stdout=side, stderr=side, close_fds=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"},
    )  # fmt: skip
    os.close(side)
    written, end = b"", time.monotonic() + seconds
    try:
        while wanted not in written and time.monotonic() < end:
            if select.select([main], [], [], 0.2)[0]:
                written += os.read(main, 65536)
    finally:
        program.kill()
        program.wait()
        os.close(main)
    return written


@pytest.mark.slow
@pytest.mark.parametrize(("wish", "code"), [("kitty", KITTY + b"a=p"), ("sixel", SIXEL)])
def test_the_pixels_of_a_picture_are_sent_to_a_terminal_that_takes_them(demo, wish, code):
    assert code in seen_on_a_terminal(demo, wish, code)


@pytest.mark.slow
def test_half_blocks_are_sent_to_any_other_terminal(demo):
    written = seen_on_a_terminal(demo, "auto", "▀".encode())
    assert "▀".encode() in written
    assert KITTY not in written
    assert SIXEL not in written


@pytest.fixture
def picture_file(tmp_path):
    Image.new("RGB", (40, 32), "teal").save(tmp_path / "small.jpg")
    return tmp_path / "small.jpg"


class Owner:
    """A widget whose threads run when the test says so."""

    def __init__(self):
        self.app = SimpleNamespace(no_color=False, is_running=True, call_from_thread=lambda call, *given: call(*given))
        self.is_attached, self.threads, self.drawn_anew = True, [], 0

    def call_after_refresh(self, call):
        call()

    def run_worker(self, work, **_):
        self.threads.append(work)

    def refresh(self):
        self.drawn_anew += 1

    def run_all(self):
        while self.threads:
            self.threads.pop(0)()


def test_what_was_asked_for_last_is_read_first_and_nothing_is_forgotten(picture_file):
    read, owner = [], Owner()

    def find(asset_id):
        read.append(asset_id)
        return picture_file

    pictures = SmallPictures(owner, find)
    names = [f"a{number:02}" for number in range(30)]
    assert [pictures.strips(name, 10, 4) for name in names] == [()] * 30
    owner.run_all()
    assert read[:8] == ["a00", *reversed(names[23:])]
    assert sorted(read) == names
    assert all(len(pictures.strips(name, 10, 4)) for name in names)
    assert pictures.strips("later", 10, 4) == ()  # asked for when all had been read
    owner.run_all()
    assert len(pictures.strips("later", 10, 4))
    assert len(read) == 31


def test_of_another_size_they_are_read_anew_and_the_old_ones_never_shown(picture_file):
    owner = Owner()
    pictures = SmallPictures(owner, lambda _: picture_file)
    pictures.strips("a", 10, 4)
    assert pictures.strips("a", 20, 4) == ()
    owner.threads.pop(0)()
    assert pictures.strips("a", 20, 4) == ()
    owner.run_all()
    assert {strip.cell_length for strip in pictures.strips("a", 20, 4)} == {20}


def test_what_cannot_be_read_says_so(tmp_path):
    owner = Owner()
    pictures = SmallPictures(owner, lambda _: tmp_path / "none.jpg")
    pictures.strips("a", 16, 4)
    owner.run_all()
    assert "no picture" in pictures.strips("a", 16, 4)[0].text
