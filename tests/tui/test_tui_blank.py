"""What Browse says where it has nothing to show, and that it goes on by itself once it has."""

import shutil

import pytest

from tui.widgets.asset_list import AssetList

pytestmark = pytest.mark.anyio

SIZES = ((60, 20), (80, 24), (120, 40))


@pytest.fixture
def empty(demo):
    """A project to which no picture was added yet."""
    shutil.rmtree(demo / ".callsheet")
    return demo


@pytest.fixture
def broken(demo):
    """A project whose vocabulary has two faults; gives the file and what it held before."""
    file = demo / "ontology/characters.yaml"
    before = file.read_text(encoding="utf-8")
    file.write_text(before + "  npc:lost: {label: Lost, broader: [npc:nowhere], colour: red}\n", encoding="utf-8")
    return file, before


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_project_says_how_pictures_come_into_it(empty, running, size):
    async with running(size=size) as ui:
        assert "The gallery is empty." in ui.text
        assert "callsheet add assets" in ui.text
        assert ui.lines[-2].strip() == "the gallery is empty"
        await ui.press("x")
        assert "callsheet add assets" in ui.text


async def test_pictures_that_are_added_take_the_place_of_the_advice(empty, running, workspace):
    async with running() as ui:
        workspace.gallery.add([empty / "assets"])
        ui.app.look_for_changes()
        await ui.settle()
        assert "callsheet add" not in ui.text
        assert "1 of 47" in ui.text


@pytest.mark.parametrize("size", SIZES)
async def test_a_broken_vocabulary_shows_every_fault_with_its_place_and_what_to_do(broken, running, size):
    async with running(size=size) as ui:
        told = " ".join(" ".join(line.partition("▏")[0] for line in ui.lines).split())
        assert "ontology/characters.yaml:" in told
        assert str(broken[0].parent) not in told
        assert "npc:nowhere" in told
        assert "colour" in told
        assert "mend it in an editor" in told
        assert not ui.notices()


async def test_the_gallery_appears_once_the_vocabulary_is_mended(broken, running):
    file, before = broken
    async with running() as ui:
        assert "1 of 47" not in ui.text
        file.write_text(before, encoding="utf-8")
        await ui.until("1 of 47")
        await ui.settle()
        assert "cannot be used" not in ui.text
        assert ui.screen.query_one(AssetList).has_focus


async def test_a_faulty_filter_does_not_hide_the_advice_or_the_finds(running):
    async with running("role:bg )") as ui:
        assert "→" in ui.text
        assert "vocabulary" not in ui.text
