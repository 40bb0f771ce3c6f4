"""The program in a real terminal: tmux sends the keys and shows what a person would see."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from needs import lacks

from callsheet.workspace import Workspace

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


class Terminal:
    """One tmux server with one pane."""

    def __init__(self, folder, size, environment):
        self._socket = str(folder / "tmux.socket")
        columns, lines = size
        given = " ".join(f"{name}={value}" for name, value in environment.items())
        command = f"env -u COLUMNS -u LINES {given} {sys.executable} -m callsheet tui"
        self._run("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(lines), command)

    def _run(self, *arguments):
        return subprocess.run(
            ["tmux", "-S", self._socket, *arguments], capture_output=True, text=True, check=True
        ).stdout

    def press(self, *keys):
        for key in keys:
            self._run("send-keys", key)

    def text(self):
        return self._run("capture-pane", "-p")

    def until(self, wanted, *, seconds=60):
        """The screen, once it shows a text or fulfils a condition."""
        met = wanted if callable(wanted) else lambda text: wanted in text
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if met(text := self.text()):
                return text
            time.sleep(0.05)
        raise AssertionError(f"never seen: {wanted}\n{self.text()}")

    def ends(self, *, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            gone = subprocess.run(["tmux", "-S", self._socket, "has-session"], capture_output=True, check=False)
            if gone.returncode:
                return True
            time.sleep(0.05)
        return False

    def close(self):
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def terminal(demo, tmp_path, monkeypatch):
    if shutil.which("tmux") is None:
        lacks("tmux", "tmux")
    monkeypatch.chdir(demo)
    opened = []

    def open_at(size, **environment):
        made = Terminal(tmp_path, size, {"PYTHONPATH": str(ROOT), **environment})
        opened.append(made)
        return made

    yield open_at
    for one in opened:
        one.close()


def tags_of_the_sword(demo):
    with Workspace.open(demo) as ws:
        return ws.gallery.search('"sword"').assets[0].tags


def until_tags(demo, expected, seconds=30):
    end = time.monotonic() + seconds
    while tags_of_the_sword(demo) != expected and time.monotonic() < end:
        time.sleep(0.1)
    assert tags_of_the_sword(demo) == expected


def test_a_picture_is_found_tagged_and_the_tags_are_undone_from_the_keyboard(terminal, demo):
    screen = terminal((100, 30))
    screen.until("1 of 47")
    screen.press("/")
    screen.press('"', *"sword", '"', "Enter")
    shown = screen.until("1 of 1")
    assert "no tags yet" in shown
    screen.press("T")
    screen.until("1 untagged of 1")
    screen.press("n")
    screen.until("Enter takes")
    screen.press("a", "l")
    screen.until(lambda text: "npc:mara" not in text and "npc:alex" in text)
    screen.press("Tab")
    screen.until(lambda text: "Location" in text and "loc:" in text)
    screen.press("m", "a", "r", "s", "h")
    screen.until("loc:marsh")
    screen.press("Enter")
    until_tags(demo, ("npc:alex", "loc:marsh"))
    screen.until(lambda text: "n Character  npc:alex" in text and "l Location   loc:marsh" in text)
    screen.press("z")
    until_tags(demo, ("npc:alex",))
    screen.press("z")
    until_tags(demo, ())
    screen.press("q")
    assert screen.ends()


def test_an_action_is_resolved_pinned_prefilled_and_kept_as_a_spec_from_the_keyboard(terminal, demo):
    screen = terminal((110, 40))
    screen.until("1 of 47")
    screen.press("R")
    screen.until("Ask for pictures")
    screen.press("l")
    screen.until("Enter takes")
    screen.press(*"entrance", "Enter")
    screen.until("background loc:dungeon_entrance")
    screen.press("n")
    screen.until("Enter takes")
    screen.press(*"alex", "Enter")
    screen.until("hero npc:alex")
    screen.press("e")
    screen.until("Enter takes")
    screen.press(*"boss_01", "Enter")
    screen.until("Against npc:boss_01")
    screen.press("Right")
    screen.press("Enter")
    screen.until("pinned")
    screen.press("f")
    screen.until("Prefill · fusion")
    screen.press("e")
    screen.until("Ctrl+S takes")
    screen.press(*"Duel", "C-s")
    screen.until(lambda text: "prompt     Duel" in text)
    screen.press("S")
    screen.until("drafted specs/")
    written = [path.read_text(encoding="utf-8") for path in (demo / "specs").glob("*fusion*.yaml")]
    assert len(written) == 1
    assert 'base: "Duel"' in written[0]
    screen.press("G")
    screen.until("makes a stand-in, at no cost")
    screen.press("Enter")
    screen.until("made 1 stand-in for $0.00")
    screen.until("done; v shows it")
    screen.press("Q")
    screen.until("Done 1")
    screen.press("Enter")
    screen.until(lambda text: "/ id:a" in text and "1 of 1" in text)
    with Workspace.open(demo) as ws:
        (job,) = ws.generation.queue(everything=True)
        assert ws.gallery.get(job.assets[0]).generation["prompt"] == "Duel"
    screen.press("R")
    screen.until(lambda text: "background loc:dungeon_entrance" in text and "6 candidates" in text)
    screen.press("Escape")
    screen.until("1 of 1")
    screen.press("q")
    assert screen.ends()


def test_what_resolve_was_asked_is_there_when_its_call_is_left(terminal):
    screen = terminal((110, 40))
    screen.until("1 of 47")
    screen.press("R", "n")
    screen.until("Enter takes")
    screen.press(*"alex", "Enter")
    screen.until("hero npc:alex")
    screen.press("f")
    screen.until("Prefill · image_to_image")
    screen.press("Escape")
    screen.until("hero npc:alex")
    screen.press("q")
    assert screen.ends()


def test_the_smallest_terminal_without_colour_shows_what_is_needed(terminal):
    screen = terminal((60, 20), NO_COLOR="1")
    shown = screen.until("1 of 47")
    assert "List" in shown
    assert "Filter" in shown.rstrip().splitlines()[-1]
    screen.press("p")
    screen.until(lambda text: any(shade in text for shade in "░▒▓"))
    screen.press("q")
    assert screen.ends()


def test_without_a_terminal_there_is_a_clear_error(demo):
    run = subprocess.run(
        [sys.executable, "-m", "callsheet", "tui"],
        cwd=demo,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "needs a terminal" in run.stderr
    assert "callsheet ls" in run.stderr
