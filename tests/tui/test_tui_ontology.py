"""Ontology: terms and their uses, a filter, adding and renaming after a look at what it would do."""

import pytest

from tui.screens.browse import BrowseScreen
from tui.screens.entry import ConfirmScreen, FormScreen

SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))

pytestmark = pytest.mark.anyio


async def find(ui, text):
    await ui.press("O", "slash")
    await ui.type(text)
    await ui.press("enter")


async def test_terms_are_listed_with_their_uses(running, workspace):
    uses = {one.id: one.uses.assets for one in workspace.vocabulary.usage()}
    async with running(size=(200, 60)) as ui:
        await ui.press("O")
        assert f"of {len(workspace.ontology.terms)} terms" in ui.lines[-2]
        line = next(line for line in ui.lines if " npc:alex " in line)
        assert int(line.split()[0]) == uses["npc:alex"]
        await ui.press("o")
        numbers = [row.pieces[0][0].strip() for row in ui.screen.rows.rows]
        shown = [0 if number == "–" else int(number) for number in numbers if number]
        assert shown == sorted(shown, reverse=True)


async def test_the_filter_finds_by_id_label_alias_and_keyword_and_esc_takes_it_away(running, workspace):
    async with running() as ui:
        await find(ui, "gravelord")
        assert ui.screen.term.id == "npc:boss_01"
        await ui.press("escape")
        assert ui.screen.query_one("#search").value == ""
        assert ui.screen.term.id == "npc:boss_01"


async def test_enter_shows_the_pictures_of_a_term(running, workspace):
    async with running() as ui:
        await find(ui, "npc:ruby")
        await ui.press("enter")
        assert isinstance(ui.screen, BrowseScreen)
        assert ui.screen.finds.listing.total == workspace.gallery.count("npc:ruby")


async def test_a_term_is_renamed_after_a_look_and_undone(running, workspace):
    had = workspace.gallery.count("=npc:ruby")
    async with running() as ui:
        await find(ui, "npc:ruby")
        await ui.press("r")
        assert isinstance(ui.screen, FormScreen)
        await ui.type("_red")
        await ui.press("enter")
        assert isinstance(ui.screen, ConfirmScreen)
        assert "rename npc:ruby → npc:ruby_red" in ui.text
        assert f"assets: {had}" in ui.text
        await ui.press("escape")
        assert "npc:ruby_red" not in workspace.ontology.terms
        await ui.press("r")
        await ui.type("_red")
        await ui.press("enter", "enter")
        assert workspace.gallery.count("=npc:ruby_red") == had
        assert ui.screen.term.id == "npc:ruby_red"
        await ui.press("z")
        assert "npc:ruby" in workspace.ontology.terms
        assert "npc:ruby_red" not in workspace.ontology.terms


async def test_a_term_is_added_after_a_look(running, workspace):
    async with running() as ui:
        await ui.press("O", "a")
        await ui.type("zelda")
        await ui.press("enter")
        await ui.type("Zelda")
        await ui.press("enter")
        await ui.type("hero")
        await ui.press("ctrl+s")
        assert "add npc:zelda" in ui.text
        assert "ontology/" in ui.text
        await ui.press("enter")
        term = workspace.ontology.terms["npc:zelda"]
        assert (term.label, term.kind) == ("Zelda", "hero")
        assert ui.screen.term.id == "npc:zelda"


@pytest.mark.parametrize(("term", "said"), [("npc:ruby", "is a term already"), ("nowhere:x", "nowhere")])
async def test_what_would_not_load_is_refused_with_the_reason(running, workspace, term, said):
    before = dict(workspace.ontology.terms)
    async with running() as ui:
        await ui.press("O", "a", "ctrl+u")
        await ui.type(term)
        await ui.press("ctrl+s")
        assert said in ui.notices()[0]
        assert dict(workspace.ontology.terms) == before


async def test_a_built_in_term_is_not_renamed(running):
    async with running() as ui:
        await find(ui, "role:bg")
        await ui.press("r")
        await ui.type("x")
        await ui.press("enter")
        assert not isinstance(ui.screen, ConfirmScreen)
        assert ui.notices()


async def test_a_file_that_somebody_edits_appears(running, workspace, demo):
    async with running() as ui:
        await ui.press("O")
        (demo / "ontology/more.yaml").write_text(
            "version: 1\nterms:\n  npc:newcomer: {label: Newcomer}\n", encoding="utf-8"
        )
        ui.app.look_for_changes()
        await ui.settle()
        assert "npc:newcomer" in [row.key for row in ui.screen.rows.rows]


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_head_terms_status_and_keys(running, size):
    async with running(size=size) as ui:
        await ui.press("O")
        assert ui.lines[0].startswith(" Ontology")
        assert "npc:alex" in ui.text
        assert "terms" in ui.lines[-2]
        assert "Keys" in ui.lines[-1]
        assert all(len(line) <= size[0] for line in ui.lines)
