"""History: batches newest first, what they changed, undo and redo of any, filters, following others."""

import pytest

from tui.screens.keys import TextWindow

SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))

pytestmark = pytest.mark.anyio


def first_id(workspace, query=""):
    return workspace.gallery.search(query).assets[0].id


def listed(ui):
    return [row.key for row in ui.screen.rows.rows]


async def test_batches_are_listed_newest_first_with_what_they_changed(running, workspace):
    asset_id = first_id(workspace, '"sword"')
    seq = workspace.gallery.tag([asset_id], add=["mood:tense"]).batch
    async with running() as ui:
        await ui.press("H")
        await ui.until("+mood:tense")
        assert listed(ui) == sorted(listed(ui), reverse=True)
        assert ui.screen.rows.current.key == seq
        assert "sword" in ui.text


async def test_a_batch_opens_with_every_change(running):
    async with running() as ui:
        await ui.press("H", "end", "enter")
        assert isinstance(ui.screen, TextWindow)
        assert "taken in" in ui.text


async def test_any_batch_is_undone_and_redone_not_only_the_newest(running, workspace):
    asset_id = first_id(workspace)
    workspace.gallery.tag([asset_id], add=["mood:tense"])
    workspace.gallery.tag([asset_id], add=["draft"])
    async with running() as ui:
        await ui.press("H", "down", "u")
        tags = workspace.gallery.get(asset_id).asset.tags
        assert "mood:tense" not in tags
        assert "draft" in tags
        assert "undone by" in ui.text
        row = next(place for place, row in enumerate(ui.screen.rows.rows) if "undone by" in str(row.pieces))
        ui.screen.rows.to_end(last=False)
        await ui.press(*["down"] * row, "r")
        assert "mood:tense" in workspace.gallery.get(asset_id).asset.tags


async def test_what_cannot_be_undone_or_redone_says_why(running, workspace):
    workspace.gallery.tag([first_id(workspace)], add=["mood:tense"])
    workspace.gallery.undo()
    async with running() as ui:
        await ui.press("H", "u", "down", "u", "down", "r")
        first, second, third = ui.notices()
        assert "is itself an undo" in first
        assert "was undone by batch" in second
        assert "was not undone" in third


async def test_kind_and_origin_are_filters(running, workspace):
    workspace.gallery.tag([first_id(workspace)], add=["mood:tense"], origin="suggestion")
    async with running() as ui:
        await ui.press("H", "o", "down", "down", "enter")
        assert len(listed(ui)) == 1
        assert "origin suggestion" in ui.lines[0]
        await ui.press("o", "enter", "f", "down", "enter")
        assert "kind add" in ui.lines[0]
        assert listed(ui) == [1]


async def test_what_others_change_appears(running, workspace):
    async with running() as ui:
        await ui.press("H")
        before = listed(ui)
        seq = workspace.gallery.tag([first_id(workspace)], add=["mood:tense"]).batch
        ui.app.look_for_changes()
        await ui.settle()
        assert listed(ui) == [seq, *before]


async def test_older_batches_are_read_when_the_end_is_reached(running, workspace, monkeypatch):
    monkeypatch.setattr("tui.screens.history.AT_ONCE", 3)
    asset_id = first_id(workspace)
    for number in range(7):
        workspace.gallery.tag([asset_id], add=[f"word{number}"])
    async with running() as ui:
        await ui.press("H")
        assert len(listed(ui)) == 3
        assert "and older ones" in ui.lines[-2]
        for _ in range(4):
            await ui.press("end")
        assert listed(ui) == list(range(workspace.gallery.last_batch(), 0, -1))
        assert "and older ones" not in ui.lines[-2]


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_head_batches_status_and_keys(running, size):
    async with running(size=size) as ui:
        await ui.press("H")
        assert ui.lines[0] == " History · every change"
        assert "edit" in ui.lines[1]
        assert "2 batches" in ui.lines[-2]
        assert "Keys" in ui.lines[-1]
        assert all(len(line) <= size[0] for line in ui.lines)
