"""Doctor: findings by severity with what to do, progress and an end, repair."""

import threading

import pytest

from gallery import Finding
from tui.screens.browse import BrowseScreen
from tui.screens.entry import ConfirmScreen

SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))

pytestmark = pytest.mark.anyio


async def test_findings_stand_the_gravest_first_with_what_to_do(running):
    findings = [
        Finding("a_note", "info", "all is well"),
        Finding("a_doubt", "warning", "odd", "look at it"),
        Finding("damage", "error", "broken", "mend it"),
    ]
    async with running(examine=lambda **_: iter(findings)) as ui:
        await ui.press("D")
        assert [finding.severity for finding in ui.screen.findings] == ["error", "warning", "info"]
        assert "1 error · 1 warning" in ui.lines[0]
        assert "→ mend it" in ui.text
        await ui.press("down")
        assert "→ look at it" in ui.text


async def test_the_demo_is_well(running):
    async with running() as ui:
        await ui.press("D")
        assert "the project is well" in ui.lines[0]


async def test_a_file_that_is_gone_is_found_shown_and_marked_by_repair(running, workspace, demo):
    asset = workspace.gallery.search('"sword"').assets[0]
    (demo / asset.path).unlink()
    async with running() as ui:
        await ui.press("D")
        assert "missing_file" in ui.text
        assert ui.screen.finding.asset == asset.id
        await ui.press("r")
        assert isinstance(ui.screen, ConfirmScreen)
        await ui.press("escape")
        assert workspace.gallery.get(asset.id).missing is None
        await ui.press("r", "enter")
        assert workspace.gallery.get(asset.id).missing is not None
        assert "mended" in ui.text


async def test_enter_shows_the_picture_that_a_finding_is_about(running, workspace):
    asset_id = workspace.gallery.search('"sword"').assets[0].id
    findings = [Finding("a_doubt", "warning", "odd", None, asset_id), Finding("other", "info", "no picture")]
    async with running(examine=lambda **_: iter(findings)) as ui:
        await ui.press("D", "down", "enter")
        assert ui.notices() == ["this finding is about no single asset"]
        await ui.press("up", "enter")
        assert isinstance(ui.screen, BrowseScreen)
        assert ui.screen.finds.current == asset_id


async def test_an_examination_shows_how_far_it_is_and_esc_stops_it_with_what_was_found(running):
    begun = threading.Event()

    def examine(*, progress, **_):
        yield Finding("found_so_far", "warning", "odd")
        for number in range(10_000):
            progress(number, 10_000, "")
            begun.set()
            threading.Event().wait(0.01)

    async with running(examine=examine) as ui:
        await ui.pilot.press("D")
        while not begun.is_set():
            await ui.pilot.pause(0.01)
        while "of 10,000" not in ui.text:
            await ui.pilot.pause(0.01)
        await ui.press("escape")
        assert "this is not everything" in ui.lines[0]
        assert "found_so_far" in ui.text


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_head_findings_status_and_keys(running, size):
    async with running(size=size) as ui:
        await ui.press("D")
        assert ui.lines[0].startswith(" Doctor")
        assert "info" in ui.lines[1]
        assert "findings" in ui.lines[-2]
        assert "Keys" in ui.lines[-1]
        assert all(len(line) <= size[0] for line in ui.lines)
