"""Browse: the filter, the list, the grid, the selection, and what is done with it."""

import json

import pytest
from textual import events

from ontology.errors import CallsheetError
from tui.orders import with_order
from tui.pictures import picture_strips
from tui.screens.browse import BrowseScreen
from tui.screens.bulk import BulkScreen
from tui.screens.chooser import ChooserScreen
from tui.screens.compare import CompareScreen
from tui.screens.keys import TextWindow

SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))

pytestmark = pytest.mark.anyio


async def test_the_filter_is_tried_while_it_is_typed(running):
    async with running() as ui:
        assert "1 of 47" in ui.text
        await ui.press("slash")
        await ui.type("role:bg")
        assert ui.screen.query_now == "role:bg"
        assert ui.app.focused.id == "query"
        await ui.press("enter")
        assert ui.app.focused.id == "list"


async def test_keys_behind_enter_are_commands_however_fast_they_come(running):
    async with running() as ui:
        for key in ("slash", *"rolX", "backspace", *"e:bg", "enter", "space", "j", "x"):
            name, character = {":": ("colon", ":"), "space": ("space", " ")}.get(
                key, (key, key if len(key) == 1 else None)
            )
            ui.app.post_message(events.Key(name, character))
        await ui.settle()
        assert ui.lines[0] == "/ role:bg"
        assert ui.screen.query_now == "role:bg"
        assert ui.screen.shows_grid
        assert ui.screen.finds.has_focus


async def test_what_is_typed_takes_the_place_of_what_is_marked(running):
    async with running("role:bg") as ui:
        await ui.press("slash", "shift+home")
        await ui.type("loc:*")
        await ui.press("enter")
        assert ui.screen.query_now == "loc:*"


async def test_cells_of_the_grid_fill_the_width_and_a_click_finds_them(running):
    async with running(size=(107, 40)) as ui:
        await ui.press("x", "p")
        grid = ui.screen.finds
        width = grid.scrollable_content_region.width
        assert grid._left(grid.per_row) == width
        assert abs(width / grid.per_row - 22) < 6
        assert max(i for i, char in enumerate(ui.lines[5]) if char == "▀") > width - 8
        for column in (0, grid.per_row - 1):
            await ui.pilot.click("#grid", offset=(grid._left(column + 1) - 1, 3))
            await ui.settle()
            assert grid.cursor == column
        await ui.pilot.resize_terminal(80, 40)
        await ui.settle()
        assert ui.text.count("▀") > 100


async def test_two_pictures_are_compared_side_by_side_with_what_sets_them_apart(running):
    async with running('"alex_full" or "mara_full"', size=(120, 40)) as ui:
        await ui.press("c")
        assert any("two pictures can be compared" in notice for notice in ui.notices())
        await ui.press("space", "c")
        assert isinstance(ui.screen, CompareScreen)
        names = next(line for line in ui.lines if "alex_full" in line)
        assert "mara_full" in names
        assert len([line for line in ui.lines if "npc:alex" in line]) == 1
        assert "npc:alex" in next(line for line in ui.lines if "npc:mara" in line)
        shared = next(line for line in ui.lines if "both" in line)
        assert "role:char:hero" in shared or "camera:framing:full" in shared
        await ui.press("escape", "asterisk", "c")
        assert isinstance(ui.screen, CompareScreen)
        await ui.press("c")
        assert isinstance(ui.screen, BrowseScreen)


async def test_a_faulty_filter_shows_a_caret_below_its_place_and_the_finds_stay(running):
    async with running("role:bg") as ui:
        await ui.press("slash")
        await ui.type(" )")  # its beginning finds something, however slowly it is typed
        assert ui.lines[0] == "/ role:bg )"
        caret = next(line for line in ui.lines if line.strip() == "^")
        assert caret.index("^") == ui.lines[0].index(")")
        assert any(line.startswith("→ ") for line in ui.lines)
        await ui.until("water_balloon_prank", "dungeon")
        for _ in range(len(" )")):
            await ui.pilot.press("backspace")
        await ui.type("")
        assert "^" not in ui.text


async def test_a_filter_that_finds_nothing_says_what_may_be_misspelt(running):
    async with running("npc:alxe") as ui:
        assert "npc:alex" in ui.lines[-2]
        assert "nothing found" in ui.text


async def test_an_empty_gallery_says_what_to_do(running, workspace):
    workspace.gallery.trash([view.id for view in workspace.gallery.search(limit=500).assets])
    async with running() as ui:
        assert "callsheet add assets" in ui.text


async def test_the_cursor_moves_by_lines_pages_and_to_the_ends(running):
    async with running(size=(80, 24)) as ui:
        finds = ui.screen.finds
        page = finds.page
        await ui.press("j", "down", "k")
        assert finds.cursor == 1
        await ui.press("pagedown")
        assert finds.cursor == 1 + page
        await ui.press("end")
        assert finds.cursor == 46
        assert "47 of 47" in ui.text
        await ui.press("home")
        assert finds.cursor == 0


async def test_every_asset_is_in_the_list_once_and_in_the_order_of_the_search(running, workspace):
    expected = [view.id for view in workspace.gallery.search("sort:path", limit=500).assets]
    async with running("sort:path") as ui:
        listing = ui.screen.finds.listing
        assert list(listing.ids(0, listing.total)) == expected


async def test_space_selects_and_steps_on_and_esc_lets_go(running):
    async with running() as ui:
        await ui.press("space", "space")
        assert "3 of 47 · 2 selected" in ui.text
        assert ui.text.count("●") == 2
        await ui.press("escape")
        assert "selected" not in ui.lines[-2]
        assert "●" not in ui.text


async def test_a_range_is_selected_with_v_and_with_shift(running):
    async with running() as ui:
        await ui.press("v", "down", "down")
        assert "3 selected · range" in ui.text
        await ui.press("v")
        assert "range" not in ui.lines[-2]
        await ui.press("shift+down")
        assert "4 selected" in ui.text


async def test_all_that_match_are_selected_by_query_and_one_can_be_left_out(running):
    async with running("role:bg") as ui:
        total = ui.screen.finds.listing.total
        await ui.press("asterisk")
        assert f"{total} selected" in ui.text
        await ui.press("space")
        assert f"{total - 1} selected" in ui.text


async def test_a_bulk_change_shows_what_it_would_do_and_esc_does_nothing(running, workspace):
    async with running("npc:*") as ui:
        total, had = ui.screen.finds.listing.total, workspace.gallery.count("npc:alex")
        await ui.press("asterisk", "n", "a", "l", "e", "x", "enter")
        assert isinstance(ui.screen, BulkScreen)
        assert f"+npc:alex on {total - had}" in ui.text
        assert f"already on {had}" in ui.text
        await ui.press("escape")
        assert workspace.gallery.count("npc:alex") == had


async def test_a_bulk_change_is_one_batch_that_one_undo_takes_back(running, workspace):
    async with running("npc:*") as ui:
        total, had = ui.screen.finds.listing.total, workspace.gallery.count("npc:alex")
        before = workspace.gallery.last_batch()
        await ui.press("asterisk", "n", "a", "l", "e", "x", "enter", "enter")
        assert workspace.gallery.count("npc:alex") == total
        assert workspace.gallery.last_batch() == before + 1
        await ui.press("z")
        assert workspace.gallery.count("npc:alex") == had


async def test_a_bulk_change_that_breaks_a_rule_says_on_how_many_and_r_replaces(running, workspace):
    async with running('"alex_full" or "bramble_wizard"') as ui:
        await ui.press("asterisk", "m")
        await ui.type("camera:view:back")
        await ui.press("enter")
        assert isinstance(ui.screen, BulkScreen)
        if "cannot" in ui.text:
            await ui.press("r")
        else:
            await ui.press("enter")
        assert workspace.gallery.count('camera:view:back ("alex_full" or "bramble_wizard")') == 2


async def test_one_picture_is_tagged_at_once(running, workspace):
    async with running('"sword"') as ui:
        await ui.press("l", "m", "a", "r", "enter")
        assert workspace.gallery.count('loc:marsh "sword"') == 1
        assert "loc:marsh" in ui.lines[1]


async def test_the_trash_takes_the_selected_and_undo_brings_them_back(running, workspace):
    async with running("role:bg") as ui:
        total = ui.screen.finds.listing.total
        await ui.press("space", "space", "d")
        assert workspace.gallery.count("role:bg") == total - 2
        assert ui.screen.finds.listing.total == total - 2
        assert "2 in the trash; z takes it back" in ui.notices()
        await ui.press("z")
        assert ui.screen.finds.listing.total == total


async def test_ids_and_prompts_are_copied(running, workspace):
    async with running() as ui:
        first = ui.screen.finds.current
        await ui.press("y")
        assert ui.app.clipboard == first
        await ui.press("space", "space", "y")
        assert ui.app.clipboard.split("\n")[0] == first
        await ui.press("Y")
        assert "this picture says no prompt" in ui.notices()


async def test_the_grid_shows_the_same_finds_at_the_same_place(running):
    async with running(size=(120, 40)) as ui:
        await ui.press("down", "down")
        current = ui.screen.finds.current
        await ui.press("x")
        assert ui.screen.finds.current == current
        assert ui.screen.finds.per_row > 1
        assert "▀" in ui.lines[3]
        await ui.press("right")
        await ui.press("down")
        assert ui.screen.finds.cursor == 3 + ui.screen.finds.per_row
    async with running(size=(120, 40)) as ui:
        assert ui.screen.shows_grid


async def test_a_click_moves_and_a_double_click_opens(running):
    async with running(size=(120, 40)) as ui:
        await ui.pilot.click("#list", offset=(5, 4))
        await ui.settle()
        assert ui.screen.finds.cursor == 4
        await ui.pilot.click("#list", offset=(5, 6), times=2)
        await ui.settle()
        assert ui.screen.has_class("-side")


async def test_an_order_is_chosen_from_a_list_and_stands_in_the_filter(running, workspace):
    async with running("role:bg") as ui:
        await ui.press("o")
        assert isinstance(ui.screen, ChooserScreen)
        await ui.press("down", "down", "down", "enter")
        await ui.type("")
        assert ui.screen.query_now == "role:bg sort:-rating"
        best = workspace.gallery.search("role:bg sort:-rating").assets[0].id
        assert ui.screen.finds.listing.id_at(0) == best


@pytest.mark.parametrize(
    ("query", "ordered"),
    [
        ("", "sort:path"),
        ("role:bg", "role:bg sort:path"),
        ("sort:-rating role:bg", "role:bg sort:path"),
        ('"sort:-rating x" role:bg', '"sort:-rating x" role:bg sort:path'),
        ("role:bg sort:path,rating", "role:bg sort:path"),
    ],
)
def test_an_order_takes_the_place_of_another(query, ordered):
    assert with_order(query, "sort:path") == ordered


async def test_the_tags_of_what_is_found_are_counted(running, workspace):
    expected = workspace.gallery.count("role:bg loc:marsh")
    async with running("role:bg", size=(120, 60)) as ui:
        await ui.press("number_sign")
        assert isinstance(ui.screen, TextWindow)
        counted = [line.split("│")[1].split() for line in ui.lines if line.count("│") == 2 and "loc:marsh" in line]
        assert counted == [[str(expected), "loc:marsh"]]


async def test_the_details_name_blocks_operations_lineage_and_the_prompt(running, workspace):
    alex = workspace.gallery.search('"alex_full"').assets[0].id
    mara = workspace.gallery.search('"mara_full"').assets[0].id
    workspace.gallery.link(alex, parents=[mara], operation="image_to_image")
    async with running('"alex_full"', size=(120, 60)) as ui:
        await ui.until("Use related background and characters")
        assert "Alex faces Gravelord as hero" in ui.text
        assert "Made from, by image_to_image" in ui.text
        assert "assets/mara_full.png" in ui.text
        assert alex in ui.text


async def test_what_can_be_made_of_a_picture_is_proposed_opened_and_copied(running, workspace):
    async with running('"alex_full"') as ui:
        current = ui.screen.finds.current
        await ui.press("M")
        assert "Use related background and characters" in ui.text
        await ui.press("enter", "y")
        copied = json.loads(ui.app.clipboard)
        assert copied == json.loads(json.dumps(workspace.operations(current)[0]["prefill"]))
        assert copied["operation"] == "fusion"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("plain", [False, True])
async def test_every_size_shows_filter_finds_status_and_keys(running, size, plain):
    async with running(size=size, plain=plain) as ui:
        assert ui.lines[0].startswith("/ ")
        assert "water_balloon" in ui.text
        assert "1 of 47" in ui.lines[-2]
        assert "Filter" in ui.lines[-1]
        assert "Keys" in ui.lines[-1]
        assert all(len(line) <= size[0] for line in ui.lines)
        assert ("▀" in ui.text) == (size[0] >= 80)


async def test_below_80_columns_the_picture_is_a_tab(running):
    async with running(size=(60, 20)) as ui:
        assert "List" in ui.lines[1]
        assert "▀" not in ui.text
        await ui.press("p")
        assert "▀" in ui.text
        await ui.press("escape")
        assert "▀" not in ui.text
        await ui.pilot.click("#tabs", offset=(10, 0))
        await ui.settle()
        assert "▀" in ui.text


async def test_a_terminal_that_changes_its_size_is_followed(running):
    async with running(size=(120, 40)) as ui:
        await ui.pilot.resize_terminal(60, 20)
        await ui.settle()
        assert len(ui.lines) == 20
        assert "1 of 47" in ui.lines[-2]
        await ui.pilot.resize_terminal(200, 60)
        await ui.settle()
        assert "a3d2ab8d" in ui.text


async def test_without_colour_the_picture_is_shaded_and_nothing_is_lost(running, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(size=(120, 40)) as ui:
        assert "▀" not in ui.text
        assert any(shade in ui.text for shade in "░▒▓")
        assert "role:comic_frame" in ui.text
        colours = {segment.style.color for strip in ui.strips() for segment in strip if segment.style}
        assert all(colour is None or colour.triplet is None or len(set(colour.triplet)) == 1 for colour in colours)


def test_a_picture_is_fitted_into_its_cells_and_every_line_is_as_wide_as_them(demo):
    for name in ("assets/water_balloon_prank.png", "assets/fireworks_night.gif"):
        for colour in (True, False):
            strips = picture_strips(demo / name, 30, 8, colour=colour)
            assert 0 < len(strips) <= 8
            assert {strip.cell_length for strip in strips} == {30}


async def test_the_screen_stays_below_everything_that_is_opened(running):
    async with running() as ui:
        await ui.press("T", "escape")
        assert isinstance(ui.screen, BrowseScreen)
        await ui.press("T", "B")
        assert isinstance(ui.screen, BrowseScreen)
        assert len(ui.app.screen_stack) == 2


async def test_details_that_cannot_be_read_say_why(running, workspace, monkeypatch):
    def unreadable(*_, **__):
        raise CallsheetError("the family cannot be read", hint="callsheet doctor", code="storage")

    monkeypatch.setattr(workspace.gallery, "family_tree", unreadable)
    async with running('"sword"') as ui:
        await ui.until("the family cannot be read")
        assert "→ callsheet doctor" in ui.text
