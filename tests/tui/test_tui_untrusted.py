"""What comes out of data is shown, never acted on: attacks through files, tags, prompts and the vocabulary."""

import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from textual.content import Content
from textual.widgets import Static

from gallery import Finding
from gallery.store.tables import asset, batch
from ontology.escaping import is_unseen
from tui.literal import fitted, joined, literal, literal_lines, strip_of

pytestmark = pytest.mark.anyio

ACTION = "[@click=app.quit]press me[/]"
BROKEN = "[/broken [b"
ESCAPES = "\x1b]52;c;cGF3bmVk\x07\x1b[2J\x1b[31mred\x9b31m"
BIDI = "a\u202etxe.exe\u200b\ufeff"
HOSTILE = [ACTION, BROKEN, ESCAPES, BIDI]


def png(parameters):
    info = PngInfo()
    info.add_itxt("parameters", parameters)
    content = io.BytesIO()
    Image.new("RGB", (32, 24), "teal").save(content, "PNG", pnginfo=info)
    return content.getvalue()


@pytest.fixture
def hostile(workspace, demo):
    """A picture whose name, note, prompt and stored tags are all attacks at once; its id."""
    folder = demo / "assets/hostile"
    folder.mkdir()
    name = f"{ACTION}{BROKEN}{ESCAPES}{BIDI}".replace("/", "|")
    place = folder / f"{name}.png"
    place.write_bytes(
        png(f"a fox {ACTION}\n{BROKEN}\n{ESCAPES} {BIDI}\nSteps: 20, Sampler: Euler a, Seed: 1, Model: {ACTION}")
    )
    (item,) = workspace.gallery.add(place).results
    context = workspace.gallery.context
    with context.database.write() as connection:  # as an older version, or another program, may have left them
        connection.execute(asset.update().where(asset.c.id == item.id).values(tags=HOSTILE, note="\n".join(HOSTILE)))
    return item.id


def assert_harmless(ui):
    """Nothing that a terminal would obey, or a person could not see, is on the screen; and the app still runs."""
    shown = "".join(segment.text for strip in ui.strips() for segment in strip)
    assert [char for char in shown if is_unseen(char)] == []
    assert ui.app.is_running


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_names_tags_notes_and_prompts_are_literal_in_browse(running, hostile, size):
    async with running(f"id:{hostile}", size=size) as ui:
        await ui.until(lambda: "Euler" in str(ui.screen.query_one("#details", Static).content))
        assert_harmless(ui)
        assert "[@click=app.quit]" in ui.text
        assert "\\x1b]52;c;" in ui.text or size[0] < 200
        await ui.press("enter")
        assert_harmless(ui)
        assert "press me" in ui.text.split("Prompt")[-1]
        await ui.press("x")
        assert_harmless(ui)


async def test_a_click_on_an_action_in_a_name_does_nothing_but_move(running, hostile):
    async with running(f"id:{hostile}", size=(200, 60)) as ui:
        await ui.until(lambda: "Euler" in str(ui.screen.query_one("#details", Static).content))
        row = next(number for number, line in enumerate(ui.lines) if "press me" in line and number > 2)
        column = ui.lines[row].index("press me")
        await ui.pilot.click(offset=(column + 2, row))
        await ui.settle()
        assert_harmless(ui)


async def test_names_and_tags_are_literal_in_tag_mode_and_its_pickers(running, hostile):
    async with running(f"id:{hostile}", size=(120, 40)) as ui:
        await ui.press("T")
        assert_harmless(ui)
        assert "[@click=app.quit]" in ui.text
        await ui.press("minus")
        assert_harmless(ui)
        assert "[/broken" in ui.text
        await ui.press("escape", "S")
        assert_harmless(ui)
        await ui.press("1")
        assert_harmless(ui)


async def test_what_is_copied_is_the_prompt_itself(running, hostile, workspace):
    async with running(f"id:{hostile}") as ui:
        await ui.press("Y")
        assert ui.app.clipboard == workspace.gallery.get(hostile).generation["prompt"]
        assert_harmless(ui)


async def test_notices_and_errors_quote_data_literally(running):
    async with running() as ui:
        for text in HOSTILE:
            ui.app.tell(text)
        await ui.settle()
        assert_harmless(ui)
        await ui.press("slash")
        await ui.type("[@click=app.quit]")
        assert_harmless(ui)


async def test_a_hostile_label_of_a_term_is_literal_in_the_picker(running, workspace, demo):
    (demo / "ontology/hostile.yaml").write_text(
        'version: 1\nterms:\n  npc:trap: {label: "[@click=app.quit]Trap[/]", keywords: ["[/x"]}\n', encoding="utf-8"
    )
    workspace.reload_vocabulary()
    async with running() as ui:
        await ui.press("n")
        await ui.type("trap")
        assert "[@click=app.quit]Trap[/]" in ui.text
        assert_harmless(ui)


JOINER = "\u200d"
"""A vocabulary may hold it, as scripts need it, and no other unseen character; a terminal swallows it."""


@pytest.fixture
def trap(workspace, demo, hostile):
    """A character whose label, keyword, file and pictures are attacks; the id of one of them, which is a candidate."""
    (demo / f"ontology/{ESCAPES}{BIDI}.yaml").write_text(
        "version: 1\nterms:\n"
        f'  npc:trap: {{label: "{JOINER}[@click=app.quit]Trap[/]", keywords: ["[/x{JOINER}"], kind: hero}}\n'
        '  npc:trap2: {label: "[/broken"}\n',
        encoding="utf-8",
    )
    workspace.reload_vocabulary()
    context = workspace.gallery.context
    with context.database.write() as connection:
        connection.execute(asset.update().where(asset.c.id == hostile).values(tags=HOSTILE))
        connection.execute(batch.update().values(actor=ACTION + ESCAPES))
    workspace.gallery.tag([hostile], add=["npc:trap"])
    return hostile


async def test_names_tags_and_reasons_are_literal_in_resolve_and_in_a_prefilled_call(running, trap, demo):
    async with running(size=(200, 60)) as ui:
        await ui.press("R", "n")
        await ui.type("trap")
        assert_harmless(ui)
        await ui.press("enter")
        assert ui.screen.candidates.current.asset.id == trap
        assert "[@click=app.quit]" in ui.text
        assert "[/broken" in ui.text
        await ui.press("w")
        assert_harmless(ui)
        await ui.press("escape", "minus")
        assert_harmless(ui)
        await ui.press("escape", "t")
        await ui.type("Trap [@click=app.quit]x[/] [/")
        await ui.press("ctrl+s")
        assert_harmless(ui)
        assert "[@click=app.quit]x[/] [/" in ui.text
        await ui.press("f", "down")
        assert_harmless(ui)
        assert "[@click=app.quit]" in ui.text
        await ui.press("y")
        assert "[@click=app.quit]x[/] [/" in ui.app.clipboard
        await ui.press("S")
        assert_harmless(ui)


async def test_labels_are_literal_in_coverage_and_its_drafts(running, trap, demo):
    async with running(size=(200, 60)) as ui:
        await ui.press("C")
        assert "\\u200d[@click=app.quit" in ui.text
        assert_harmless(ui)
        while ui.screen.grid.current.identity != "npc:trap":
            await ui.press("n")
        await ui.press("enter")
        assert_harmless(ui)
        assert any("trap-hero.yaml" in notice for notice in ui.notices())


async def test_actors_paths_and_tags_are_literal_in_the_history(running, trap):
    async with running(size=(200, 60)) as ui:
        await ui.press("H", "down")
        await ui.until("[@click=app.quit]press me[/]")
        assert_harmless(ui)
        await ui.press("enter")
        assert_harmless(ui)


async def test_labels_are_literal_in_the_ontology_and_in_previews(running, trap):
    async with running(size=(200, 60)) as ui:
        await ui.press("O", "slash")
        await ui.type("trap")
        await ui.press("enter")
        assert "\\u200d[@click=app.quit]Trap[/]" in ui.text
        assert "[/x\\u200d" in ui.text
        assert "\\x1b]52;c;" in ui.text
        assert_harmless(ui)
        await ui.press("r")
        await ui.type("[/")
        await ui.press("enter")
        assert_harmless(ui)


async def test_findings_are_literal_in_the_doctor(running):
    findings = [Finding("a_doubt", "warning", text, text, None, text) for text in HOSTILE]
    async with running(examine=lambda **_: iter(findings), size=(200, 60)) as ui:
        await ui.press("D")
        for _ in HOSTILE:
            assert_harmless(ui)
            await ui.press("down")
        assert "[@click=app.quit]press me[/]" in ui.text


async def test_the_name_of_the_project_is_literal(running):
    async with running(name=f"{ACTION}{BROKEN}") as ui:
        assert_harmless(ui)
        await ui.press("ctrl+p")
        assert_harmless(ui)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_way_from_data_to_the_screen_keeps_the_text_and_loses_what_acts(text):
    for content in (literal(text), literal(text, "bold"), literal_lines(text), joined([literal(text)])):
        assert isinstance(content, Content)
        assert not any(is_unseen(char) for char in content.plain)
        assert not any("@click" in str(span.style) for span in content.spans)
    assert "press me" not in text or "press me" in literal(text).plain
    for width in (1, 5, 20, 200):
        assert strip_of([(text, None)], width).cell_length == width
        assert not any(is_unseen(char) for char in fitted(text, width))


@pytest.mark.parametrize(
    ("text", "width", "shown"), [("abc", 5, "abc  "), ("abcdef", 4, "abc…"), ("猫猫猫", 4, "猫 …"), ("", 2, "  ")]
)
def test_a_text_is_cut_or_filled_to_its_cells(text, width, shown):
    assert fitted(text, width) == shown
