"""`add --sync` and `add --watch` as they are typed."""

import os
import shutil
import signal

import pytest

from gallery.following import watching


@pytest.fixture
def synced(cli, project):
    assert cli("add", "assets", "--sync").code == 0
    return project


def test_what_was_deleted_is_told_and_marked(cli, synced):
    (synced / "assets" / "red.png").unlink()
    told = cli("add", "assets", "--sync", "--dry-run")
    assert (told.code, told.err.split("; ")[0]) == (0, "dry run: 2 known, 1 missing\n")
    told = cli("add", "assets", "--sync", "--json").body
    assert [item["path"] for item in told["results"] if item["outcome"] == "missing"] == ["assets/red.png"]
    assert cli("ls", "--json").body["total"] == 2


def test_a_folder_that_is_out_of_reach_is_a_conflict(cli, synced):
    (synced / "assets").rename(synced / "unplugged")
    told = cli("add", "assets", "--sync", "--json")
    assert (told.code, told.error["code"]) == (5, "root_unavailable")
    assert "--accept-root" in told.error["hint"]
    assert cli("ls", "--json").body["total"] == 3
    (synced / "assets").mkdir()
    assert cli("add", "assets", "--sync").code == 5
    assert cli("add", "assets", "--sync", "--accept-root").code == 0
    assert cli("ls", "--json").body["total"] == 0


@pytest.mark.parametrize("options", [["--watch", "--dry-run"], ["--accept-root"]])
def test_options_that_do_not_go_together_are_usage(cli, project, options):
    told = cli("add", "assets", *options)
    assert told.code == 2
    assert "try:" in told.err


def test_a_folder_that_never_was_is_not_found(cli, project):
    assert cli("add", "never", "--sync").code == 4
    assert cli("add", "never", "--watch").code == 4


# Ctrl-C while it watches


@pytest.fixture
def pressed(monkeypatch):
    """Press Ctrl-C, so many times, as soon as a function of the watcher is called."""

    def during(name, times=1):
        carried_out = getattr(watching.ingest if name == "add" else watching, name)

        def interrupted(*given, **named):
            for _ in range(times):
                os.kill(os.getpid(), signal.SIGINT)
            return carried_out(*given, **named)

        monkeypatch.setattr(watching.ingest if name == "add" else watching, name, interrupted)

    return during


@pytest.fixture
def pressed_later(synced, monkeypatch, pressed):
    """As soon as everything was looked at a picture comes; Ctrl-C is pressed while it is taken in."""
    from callsheet.cli import watching as face

    show = face._show
    shutil.copy(synced / "assets" / "red.png", synced / "red.png")

    def later(times=1):
        def shown(event, **named):
            show(event, **named)
            if event.kind == "watching":
                pressed("add", times)
                (synced / "red.png").rename(synced / "assets" / "again.png")

        monkeypatch.setattr(face, "_show", shown)

    return later


def test_what_is_in_hand_is_taken_in_and_told_before_it_ends(cli, synced, pressed_later):
    pressed_later()
    told = cli("add", "assets", "--watch", "--json")
    assert (told.code, told.body["outcome"], told.body["path"]) == (0, "copy", "assets/again.png")
    assert told.err.endswith("stopped\n")


def test_pressed_again_it_does_not_wait(cli, synced, pressed_later):
    pressed_later(times=2)
    assert cli("add", "assets", "--watch").code == 130


def test_a_look_at_everything_is_cut_short(cli, synced, pressed):
    pressed("sync")
    assert cli("add", "assets", "--watch").code == 130


def test_afterwards_ctrl_c_is_what_it_was(cli, synced, pressed_later):
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    pressed_later()
    assert cli("add", "assets", "--watch").code == 0
    assert [signal.getsignal(number) for number in numbers] == before
