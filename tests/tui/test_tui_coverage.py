"""Coverage: the table, its gaps, and what Enter does in a cell."""

import threading

import pytest

from ontology.loader import builtin_ontology
from tui.coverage_table import coverage_table
from tui.screens import generating
from tui.screens.browse import BrowseScreen
from tui.screens.coverage import CoverageScreen

SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))


@pytest.mark.anyio
async def test_every_count_is_what_its_query_finds(running, workspace):
    async with running() as ui:
        await ui.press("C")
        cells = [cell for line in ui.screen.grid.table.lines for cell in line.cells if cell is not None and cell.count]
        assert len(cells) > 20
        assert {cell.query: cell.count for cell in cells} == {
            cell.query: workspace.gallery.count(cell.query) for cell in cells
        }


@pytest.mark.anyio
async def test_enter_on_a_count_opens_browse_with_just_these_pictures(running):
    async with running() as ui:
        await ui.press("C")
        cell = ui.screen.grid.current
        assert cell.count
        await ui.press("enter")
        assert isinstance(ui.screen, BrowseScreen)
        assert ui.screen.query_now == cell.query
        assert ui.screen.finds.listing.total == cell.count


@pytest.mark.anyio
async def test_enter_on_a_gap_drafts_a_spec_and_says_where_and_drafts_it_once(running, workspace, demo):
    async with running() as ui:
        await ui.press("C")
        while (cell := ui.screen.grid.current) is None or not cell.is_gap or cell.identity != "npc:cobweb":
            await ui.press("n")
        cell = ui.screen.grid.current
        assert cell.is_gap
        before = set((demo / "specs").iterdir())
        await ui.press("enter")
        (made,) = set((demo / "specs").iterdir()) - before
        assert any(f"specs/{made.name}" in notice for notice in ui.notices())
        (spec,) = workspace.specs.select(f"specs/{made.name}")
        assert {cell.identity, cell.mark} <= set(spec.tags)
        await ui.press("enter")
        assert set((demo / "specs").iterdir()) - before == {made}


@pytest.mark.anyio
async def test_a_view_that_is_missing_is_drafted_with_its_camera(running, workspace, demo):
    async with running() as ui:
        await ui.press("C")
        for _ in range(12):
            cell = ui.screen.grid.current
            if cell.mark.startswith("camera:") and not cell.count:
                break
            await ui.press("right")
        before = set((demo / "specs").iterdir())
        await ui.press("enter")
        (made,) = set((demo / "specs").iterdir()) - before
        (spec,) = workspace.specs.select(f"specs/{made.name}")
        assert {cell.identity, cell.mark, "role:char:hero"} <= set(spec.tags)


@pytest.mark.anyio
async def test_n_goes_through_all_gaps_of_the_resolver_and_round(running, workspace):
    async with running() as ui:
        await ui.press("C")
        wanted = {(gap["identity"], gap["wanted_role"]) for gap in workspace.coverage()["gaps"]}
        seen = []
        for _ in range(len(wanted) + 1):
            await ui.press("n")
            seen.append((ui.screen.grid.current.identity, ui.screen.grid.current.mark))
        assert set(seen) == wanted
        assert seen[0] == seen[-1]
        await ui.press("x")
        assert all(line.has_gap for line in ui.screen.grid.table.lines if line.cells)


@pytest.mark.anyio
async def test_the_cursor_passes_over_cells_that_cannot_be(running):
    async with running() as ui:
        await ui.press("C", *["down"] * 40)
        assert ui.screen.grid.current.identity.startswith("loc:")
        await ui.press("left", "left", "left")
        assert ui.screen.grid.current.mark == "role:bg"
        await ui.press("home")
        assert ui.screen.grid.current.identity == "npc:alex"


@pytest.mark.anyio
async def test_what_is_tagged_elsewhere_is_counted_anew(running, workspace):
    async with running() as ui:
        await ui.press("C")
        gaps = ui.screen.grid.table.gaps
        gap = workspace.coverage()["gaps"][0]
        free = workspace.gallery.search("-role:*").assets[0].id
        workspace.gallery.tag([free], add=[gap["identity"], gap["wanted_role"]], replace=True)
        ui.app.look_for_changes()
        await ui.settle()
        assert ui.screen.grid.table.gaps == gaps - 1


@pytest.mark.anyio
async def test_a_click_moves_and_a_double_click_opens(running):
    async with running(size=(120, 40)) as ui:
        await ui.press("C")
        line = next(place for place, text in enumerate(ui.lines) if text.startswith("npc:boss_01"))
        column = ui.lines[line].index("2")
        await ui.pilot.click(offset=(column, line))
        await ui.settle()
        assert (ui.screen.grid.current.identity, ui.screen.grid.current.mark) == ("npc:boss_01", "role:char:monster")
        await ui.pilot.click(offset=(column, line), times=2)
        await ui.settle()
        assert isinstance(ui.screen, BrowseScreen)


@pytest.mark.anyio
@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_the_cell_of_the_cursor_wherever_it_goes(running, size):
    async with running(size=size) as ui:
        await ui.press("C")
        for keys in ([], ["right"] * 9, ["end"], ["pageup"], ["left"] * 20):
            await ui.press(*keys)
            cell = ui.screen.grid.current
            shown = "gap" if cell.is_gap else str(cell.count or "·")
            assert f"[{shown}]" in ui.text
            assert cell.identity in ui.lines[-2]
            assert all(len(line) <= size[0] for line in ui.lines)


def test_a_project_without_anybody_has_an_empty_table():
    table = coverage_table({"characters": {}, "locations": {}, "cameras": {}, "gaps": []}, builtin_ontology())
    assert table.gaps == 0
    assert [line.cells for line in table.lines] == [(), ()]


@pytest.mark.anyio
async def test_a_gap_that_a_spec_of_the_project_fills_gets_no_second_one(running, workspace, demo):
    before = set((demo / "specs").iterdir())
    async with running() as ui:
        await ui.press("C")
        while (cell := ui.screen.grid.current) is None or not cell.is_gap or cell.identity != "npc:boss_02":
            await ui.press("n")
        await ui.press("enter")
        assert any("specs/pale_warden.yaml" in notice and "makes it already" in notice for notice in ui.notices())
        assert "specs/pale_warden.yaml" in ui.text
        await ui.press("G")
        await ui.until("Generate?")
        assert "pale-warden" in ui.text
    assert set((demo / "specs").iterdir()) == before


@pytest.mark.anyio
async def test_the_next_gap_waits_until_the_gaps_are_counted(running, workspace, monkeypatch):
    counted, count = threading.Event(), workspace.coverage
    monkeypatch.setattr(workspace, "coverage", lambda *given: counted.wait(60) and count(*given))
    async with running() as ui:
        await ui.pilot.press("C")
        await ui.until(lambda: isinstance(ui.screen, CoverageScreen) and ui.screen.is_mounted)
        await ui.pilot.press("n", "G")
        await ui.until(lambda: any("being counted" in notice for notice in ui.notices()))
        assert not any("no gap" in notice or "already" in notice for notice in ui.notices())
        counted.set()
        await ui.until(lambda: ui.screen.grid.current is not None and ui.screen.grid.current.is_gap)


@pytest.mark.anyio
async def test_a_spec_that_is_drafted_when_its_screen_was_left_is_told(running, workspace, hold):
    async with running() as ui:
        await ui.press("C")
        while (cell := ui.screen.grid.current) is None or not cell.is_gap or cell.identity != "npc:cobweb":
            await ui.press("n")
        drafting = hold(workspace, "draft_spec")
        await ui.pilot.press("enter")
        await ui.until(drafting.was_called)
        await ui.leave(CoverageScreen)
        drafting.go_on()
        await ui.settle()
        assert ui.app.is_running
        assert any("specs/" in notice for notice in ui.notices())


@pytest.mark.anyio
async def test_who_has_left_is_not_asked_what_may_be_made(running, hold):
    async with running() as ui:
        await ui.press("C", "n")
        foreseeing = hold(generating, "foresee")
        await ui.pilot.press("G")
        await ui.until(foreseeing.was_called)
        await ui.leave(CoverageScreen)
        foreseeing.go_on()
        await ui.settle()
        assert "Generate?" not in ui.text
