"""Pictures on a terminal, seen through a real pseudo-terminal."""

import os
import pty
import subprocess
import sys

import pytest
from PIL import Image

from callsheet.cli.pictures import HALF_BLOCK, picture_text


def on_a_terminal(*arguments, **environment):
    """What the program writes to a terminal of 120 columns."""
    leader, follower = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "callsheet", *arguments],
        stdout=follower,
        stderr=subprocess.DEVNULL,
        env=plain | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "120"} | environment,
    )
    os.close(follower)
    written = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        written += piece
    os.close(leader)
    assert process.wait() == 0
    return written.decode()


def test_a_picture_is_two_pixels_in_each_cell(tmp_path):
    Image.new("RGB", (4, 4), "#102030").save(tmp_path / "x.png")

    drawn = picture_text(tmp_path / "x.png", columns=4, rows=2)

    assert drawn.plain == "\n".join([HALF_BLOCK * 4] * 2)
    assert {str(span.style) for span in drawn.spans} == {"#102030 on #102030"}


def test_a_wide_picture_keeps_its_shape_and_an_odd_row_ends_in_the_background(tmp_path):
    Image.new("RGBA", (30, 10), (0, 0, 0, 0)).save(tmp_path / "x.png")

    drawn = picture_text(tmp_path / "x.png", columns=9, rows=9)

    assert drawn.plain.split("\n") == [HALF_BLOCK * 9] * 2
    assert "on default" in str(drawn.spans[-1].style)


def test_the_demo_draws_its_pictures_on_a_terminal(demo):
    written = on_a_terminal("demo", str(demo))

    assert written.count(HALF_BLOCK) > 300
    assert "assets/alex_full.png" in written


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_cannot_gets_the_table_alone(demo, environment):
    written = on_a_terminal("demo", str(demo), **environment)

    assert HALF_BLOCK not in written
    assert "assets/alex_full.png" in written.replace("\r\n", "")


def test_show_draws_the_picture_of_the_asset(demo):
    from callsheet import Workspace

    with Workspace.open(demo) as ws:
        asset = ws.gallery.search('"alex_full"').assets[0].id

    assert HALF_BLOCK in on_a_terminal("show", asset)
