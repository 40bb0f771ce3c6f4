"""Heat maps: numbers with colours, as pictures and as a page."""

from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.drawing.coverage_map import coverage_map
from gallery.drawing.heat_map import STEPS, Column, HeatMap, Panel, Row, short_count, step_names, step_of
from gallery.drawing.heat_map_files import write_heat_map
from gallery.drawing.heat_map_html import heat_map_html
from gallery.drawing.heat_map_png import ROWS_PER_PAGE, heat_map_pages, page_count
from gallery.drawing.lettering import ELLIPSIS, drawable, font, shortened, wrapped
from ontology.errors import CallsheetError, ConflictError, InvalidInputError, NotFoundError

CELLS_LEFT = 24 + 320
"""Where the cells of a drawn row begin: behind the margin and the names."""

FOUND = {
    "characters": {"npc:alex": {"char:hero": 2, "char:npc": 0}, "player": {"char:hero": 0, "pov:player": 0}},
    "locations": {"loc:hall": {"bg": 0}},
    "cameras": {"npc:alex": {"camera:view:pov": 3, "camera:angle:low": 1}, "player": {}, "loc:hall": {}},
    "gaps": [
        {"slot": "background", "identity": "loc:hall", "wanted_role": "role:bg"},
        {"slot": "hero", "identity": "player", "wanted_role": "role:pov:player"},
    ],
}
VIEWS = {"npc:alex": {"char:hero": {"camera:view:pov": 2}}}


def rgb(colour):
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    parts = [part / 255 for part in rgb(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def one_column(rows, **more):
    return HeatMap("Map", (Panel("People", (Column("role", "hero"),), tuple(rows)), *more.get("panels", ())))


def runs(picture, x, colour):
    """How many stretches of a colour a vertical line through a picture meets."""
    column = [picture.getpixel((x, y)) == rgb(colour) for y in range(picture.height)]
    return sum(here and not before for before, here in zip([False, *column], column, strict=False))


def test_a_coverage_becomes_roles_then_views_of_all_and_views_of_each_role():
    people, places = coverage_map(FOUND, VIEWS, {"npc:alex": "Alex"}, title="Game").panels
    assert people.columns == (
        Column("role", "char:hero"),
        Column("role", "char:npc"),
        Column("role", "pov:player"),
        Column("in any role", "angle:low"),
        Column("in any role", "view:pov"),
        Column("as char:hero", "view:pov"),
    )
    assert list(people.groups()) == [("role", 3), ("in any role", 2), ("as char:hero", 1)]
    assert people.rows == (
        Row("npc:alex", "Alex", (2, 0, None, 1, 3, 2)),
        Row("player", "", (0, None, 0, 0, 0, 0), frozenset({2})),
    )
    assert places.rows == (Row("loc:hall", "", (0,), frozenset({0})),)


def test_every_step_is_darker_than_the_one_before_and_its_numbers_can_be_read():
    light = [luminance(step.colour) for step in STEPS]
    assert all(before - after > 0.03 for before, after in pairwise(light))
    for step in STEPS:
        high, low = sorted((luminance(step.colour), luminance(step.ink)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5
    assert step_names() == ["1", "2-3", "4-9", "10-29", "30-99", "100+"]


@pytest.mark.parametrize(("count", "step"), [(0, None), (1, 0), (3, 1), (4, 2), (29, 3), (99, 4), (10**9, 5)])
def test_a_count_falls_into_its_step(count, step):
    assert step_of(count) == step


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (999, "999"), (1000, "1.0k"), (1999, "1.9k"), (34_567, "34k"), (999_999, "999k"), (1_000_000, "1.0M")],
)
def test_a_count_is_shown_in_four_characters_and_never_as_more_than_it_is(count, text):
    assert short_count(count) == text


@pytest.mark.parametrize(("rows", "pages"), [(0, 1), (5, 1), (80, 1), (81, 2), (500, 7)])
def test_many_rows_take_several_pages(rows, pages):
    heat_map = one_column(Row(f"npc:n{n}", "", (100,)) for n in range(rows))
    drawn = list(heat_map_pages(heat_map))
    assert page_count(heat_map) == len(drawn) == pages
    assert [runs(page, CELLS_LEFT + 4, STEPS[-1].colour) for page in drawn] == [
        min(ROWS_PER_PAGE, max(0, rows - ROWS_PER_PAGE * n)) for n in range(pages)
    ]
    assert max(page.height for page in drawn) < 2600


def test_a_panel_begins_on_the_page_that_the_one_before_left():
    places = Panel("Places", (Column("role", "bg"),), tuple(Row(f"loc:n{n}", "", (1,)) for n in range(30)))
    heat_map = one_column((Row(f"npc:n{n}", "", (100,)) for n in range(60)), panels=(places,))
    pages = list(heat_map_pages(heat_map))
    assert [runs(page, CELLS_LEFT + 4, STEPS[0].colour) for page in pages] == [20, 10]


def test_a_gap_has_a_frame_and_a_mark_of_its_own():
    gap, none = (
        next(heat_map_pages(one_column([Row("npc:a", "", (0,), gaps)]))) for gaps in (frozenset({0}), frozenset())
    )
    assert runs(gap, CELLS_LEFT + 1, "#b34700") == 1
    assert runs(none, CELLS_LEFT + 1, "#b34700") == 0
    middle = CELLS_LEFT + 38 // 2
    assert runs(gap, middle, "#b34700") >= 3  # the frame above and below, and the mark between


def test_long_names_end_before_the_cells():
    page = next(heat_map_pages(one_column([Row("npc:" + "long_" * 30, "W" * 300, (1,))])))
    bottom = page.height - 24 - 24 - 24
    assert {page.getpixel((CELLS_LEFT - 3, y)) for y in range(bottom, bottom + 24)} == {(255, 255, 255)}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.elements, self.attributes, self.text = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text.append(data)


HOSTILE = "<img src=x onerror=alert(1)>\"'&amp;</td>\u202e"


def read(page):
    reader = _Reader()
    reader.feed(page)
    return reader


def test_the_page_shows_foreign_text_literally_and_holds_nothing_that_runs_or_is_fetched():
    column = Column(HOSTILE, HOSTILE)
    hostile = HeatMap(HOSTILE, (Panel(HOSTILE, (column,), (Row(HOSTILE, f"label {HOSTILE}", (3,)),)),))
    found = read(heat_map_html(hostile))
    shown = HOSTILE.replace("\u202e", "\\u202e")
    assert found.text.count(shown) == 6  # title, heading, panel, group, column, name
    assert f"label {shown}" in found.text
    assert not {"script", "img", "link", "iframe", "object"} & set(found.elements)
    assert not {name for name in found.attributes if name.startswith("on")} | ({"src", "href"} & found.attributes)


def test_the_page_has_every_number_and_says_which_are_gaps():
    page = heat_map_html(coverage_map(FOUND, VIEWS, {"npc:alex": "Alex"}, title="Game"))
    assert '<td class="s1" title="npc:alex, role, char:hero: 2">2</td>' in page
    assert '<td class="gap" title="gap: loc:hall, role, bg">!</td>' in page
    assert page.count("<tr>") == 2 * 2 + 3
    assert "prefers-color-scheme: dark" in page


def test_both_files_are_written_or_none(tmp_path):
    heat_map = coverage_map(FOUND, VIEWS, {}, title="Game")
    png, html = tmp_path / "map.png", tmp_path / "map.html"
    assert write_heat_map(heat_map, png=png, html=html, dry_run=True) == [png, html]
    assert list(tmp_path.iterdir()) == []
    html.write_text("mine")
    with pytest.raises(ConflictError, match=r"map\.html exists"):
        write_heat_map(heat_map, png=png, html=html)
    assert (png.exists(), html.read_text()) == (False, "mine")
    write_heat_map(heat_map, png=png, html=html, force=True)
    assert png.read_bytes().startswith(b"\x89PNG")
    assert html.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["map.html", "map.png"]


@pytest.mark.parametrize(("png", "html"), [("map.gif", None), (None, "map.txt"), ("map", None)])
def test_another_suffix_is_refused(tmp_path, png, html):
    with pytest.raises(InvalidInputError, match="does not end in"):
        write_heat_map(HeatMap("", ()), png=png and tmp_path / png, html=html and tmp_path / html)


def test_a_place_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(CallsheetError, match=r"map\.png: No space") as caught:
        write_heat_map(HeatMap("", ()), png=tmp_path / "map.png")
    assert caught.value.code == "storage"


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    for folder in (tmp_path / "new", make_file(tmp_path / "file")):
        with pytest.raises(NotFoundError, match="there is no folder"):
            write_heat_map(HeatMap("", ()), png=folder / "map.png")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def make_file(path):
    path.write_text("")
    return path


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Alex", "Alex"),
        ("Café", "Cafe"),
        ("中", "\\u4e2d"),
        ("a\u202eb", "a\\u202eb"),
        ("«x» … ·", "«x» … ·"),
        ("", ""),
    ],
)
def test_letters_that_the_font_lacks_are_shown_otherwise_never_as_nothing(text, drawn):
    assert drawable(text) == drawn


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60), st.integers(0, 300))
def test_a_shortened_text_fits_and_says_that_it_is_cut(text, pixels):
    found = shortened(text, font(14), pixels)
    assert found in ("", text) or (found.endswith(ELLIPSIS) and text.startswith(found[:-1]))
    assert not found or font(14).getlength(found) <= pixels


@given(st.lists(st.text("abcW", min_size=1, max_size=12), max_size=12), st.integers(20, 200), st.integers(1, 4))
def test_wrapped_words_keep_their_order_and_fit(words, pixels, lines):
    found = wrapped(" ".join(words), font(13), pixels, lines)
    assert len(found) <= lines
    assert all(font(13).getlength(line) <= pixels for line in found)
    if not any(line.endswith(ELLIPSIS) or not line for line in found):
        assert " ".join(found).split() == words
