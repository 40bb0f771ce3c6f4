"""Contact sheets: the pictures of a query in its order, on as many pages as they need."""

import pytest
from gallery_builders import make_picture
from PIL import Image
from PIL.PdfParser import PdfParser

from gallery.drawing.contact_sheets import SheetOptions
from gallery.drawing.sheet_page import Cell, Grid, draw_page
from ontology.errors import ConflictError, InvalidInputError, NotFoundError

PLAIN = SheetOptions(columns=3, size=64, caption="none", title="")
FRAME = (0xEE, 0xF1, 0xF4)


def colour(number):
    return (255 - 10 * number, 10 * number, 128)


@pytest.fixture
def filled(gallery, root):
    """Eight squares, each of its own colour, tagged by turns."""
    for number in range(8):
        path = make_picture(root / f"{number}.png", colour(number), size=(80, 80))
        gallery.add(path, tags=["mood:calm" if number % 2 else "mood:tense"])
    return gallery


def centres(picture, number, columns=3, size=64):
    return [
        picture.getpixel((24 + column * (size + 16) + size // 2, 24 + row * (size + 16) + size // 2))
        for row, column in (divmod(place, columns) for place in range(number))
    ]


def near(first, second):
    return all(abs(a - b) < 12 for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("query", ["", "mood:calm", "-mood:calm"])
def test_pictures_stand_in_the_order_of_the_query(filled, tmp_path, query):
    found = filled.search(query).assets
    drawn = filled.contact_sheet(tmp_path / "sheet.png", query, options=PLAIN)
    assert (drawn.assets, drawn.total, drawn.without_picture) == (len(found), len(found), ())
    with Image.open(tmp_path / "sheet.png") as sheet:
        for seen, view in zip(centres(sheet, len(found)), found, strict=True):
            assert near(seen, colour(int(view.path.removesuffix(".png"))))


def test_a_collection_keeps_its_own_order(filled, tmp_path):
    chosen = [view.id for view in filled.search().assets][::-2]
    filled.create_collection("refs", chosen)
    filled.move_in_collection("refs", chosen[-1:], to=1)
    filled.contact_sheet(tmp_path / "sheet.png", "collection:refs sort:collection", options=PLAIN)
    names = {view.id: int(view.path.removesuffix(".png")) for view in filled.search().assets}
    with Image.open(tmp_path / "sheet.png") as sheet:
        expected = [colour(names[one]) for one in [chosen[-1], *chosen[:-1]]]
        assert all(map(near, centres(sheet, 4), expected))


def test_many_pictures_take_several_pages_and_a_limit_takes_the_first(filled, tmp_path, monkeypatch):
    monkeypatch.setattr("gallery.drawing.sheet_page.PAGE_HEIGHT", 300)  # two rows
    drawn = filled.contact_sheet(tmp_path / "sheet.png", options=PLAIN, limit=7)
    assert [path.name for path in drawn.files] == ["sheet-1.png", "sheet-2.png"]
    assert (drawn.assets, drawn.total) == (7, 8)
    with Image.open(tmp_path / "sheet-2.png") as last, Image.open(tmp_path / "sheet-1.png") as first:
        seen = [pixel for page, number in ((first, 6), (last, 1)) for pixel in _below_head(page, number)]
    expected = [colour(int(view.path.removesuffix(".png"))) for view in filled.search().assets[:7]]
    assert all(map(near, seen, expected))


def _below_head(page, number):
    """Several pages are numbered, above the pictures."""
    return centres(page.crop((0, 40, page.width, page.height)), number)


def test_a_pdf_holds_all_pages(filled, tmp_path, monkeypatch):
    monkeypatch.setattr("gallery.drawing.sheet_page.PAGE_HEIGHT", 300)
    drawn = filled.contact_sheet(tmp_path / "sheet.pdf", options=PLAIN)
    assert drawn.files == (tmp_path / "sheet.pdf",)
    with PdfParser(str(tmp_path / "sheet.pdf")) as pdf:
        assert len(pdf.pages) == 2


def test_thumbnails_that_are_gone_or_damaged_are_made_anew(filled, context, tmp_path):
    thumbs = sorted(path for path in (context.data_dir / "thumbs").rglob("*") if path.is_file())
    thumbs[0].unlink()
    thumbs[1].write_bytes(b"")
    thumbs[2].write_bytes(thumbs[3].read_bytes()[:100])
    drawn = filled.contact_sheet(tmp_path / "sheet.png", options=PLAIN)
    assert drawn.without_picture == ()
    expected = [colour(int(view.path.removesuffix(".png"))) for view in filled.search().assets]
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert all(map(near, centres(sheet, 8), expected))


def test_an_asset_without_any_file_keeps_its_place_and_is_named(filled, context, root, tmp_path):
    second = filled.search().assets[1]
    filled.thumbnail(second.id).unlink()
    (root / second.path).unlink()
    drawn = filled.contact_sheet(tmp_path / "sheet.png", options=PLAIN)
    assert (drawn.assets, drawn.without_picture) == (8, (second.id,))
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.getpixel((24 + 80 + 4, 24 + 4)) == FRAME


def test_nothing_is_written_over_unless_that_is_wanted(filled, tmp_path, monkeypatch):
    monkeypatch.setattr("gallery.drawing.sheet_page.PAGE_HEIGHT", 300)
    (tmp_path / "sheet-2.png").write_text("mine")
    with pytest.raises(ConflictError, match=r"sheet-2\.png exists"):
        filled.contact_sheet(tmp_path / "sheet.png", options=PLAIN)
    assert [path.name for path in tmp_path.glob("sheet*")] == ["sheet-2.png"]
    filled.contact_sheet(tmp_path / "sheet.png", options=PLAIN, force=True)
    assert (tmp_path / "sheet-2.png").read_bytes().startswith(b"\x89PNG")
    assert not list(tmp_path.glob(".*.tmp*"))


def test_a_dry_run_names_the_files_and_writes_none(filled, tmp_path):
    drawn = filled.contact_sheet(f"{tmp_path}/sheet.jpg", dry_run=True)
    assert drawn.files == (tmp_path / "sheet.jpg",)
    assert not list(tmp_path.glob("sheet*"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": 0},
        {"columns": 21},
        {"size": 47},
        {"size": 257},
        {"caption": "prompt"},
    ],
)
def test_what_is_out_of_bounds_is_refused(wrong):
    with pytest.raises(InvalidInputError, match=next(iter(wrong))):
        SheetOptions(**wrong)


@pytest.mark.parametrize(("name", "limit"), [("sheet.gif", 5), ("sheet", 5), ("sheet.png", 0), ("sheet.png", 10_001)])
def test_files_and_limits_have_bounds_too(filled, tmp_path, name, limit):
    with pytest.raises(InvalidInputError):
        filled.contact_sheet(tmp_path / name, limit=limit)


def test_a_query_that_finds_nothing_draws_nothing(filled, tmp_path):
    with pytest.raises(NotFoundError, match="nothing to draw"):
        filled.contact_sheet(tmp_path / "sheet.png", "npc:alex")


def test_what_shines_through_stands_on_the_frame(tmp_path):
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    page = draw_page([Cell(clear, "")], 1, Grid(1, 64, 0), title="", mark="")
    assert page.getpixel((24 + 32, 24 + 32)) == FRAME


def test_wide_and_high_pictures_keep_their_shape_and_small_ones_their_size():
    wide = draw_page([Cell(Image.new("RGB", (200, 50), "red"), "")], 1, Grid(1, 100, 0), title="", mark="")
    small = draw_page([Cell(Image.new("RGB", (10, 10), "red"), "")], 1, Grid(1, 100, 0), title="", mark="")
    assert _red_box(wide) == (24, 24 + 37, 124, 24 + 62)
    assert _red_box(small) == (24 + 45, 24 + 45, 24 + 55, 24 + 55)


def _red_box(page):
    return page.getchannel("G").point(lambda value: 255 * (value < 10)).getbbox()


def test_captions_stay_below_their_picture():
    cells = [Cell(Image.new("RGB", (64, 64), "red"), "role:char:hero " * 20) for _ in range(2)]
    page = draw_page(cells, 2, Grid(2, 64, 3), title="", mark="")
    between = page.crop((24 + 64, 24, 24 + 64 + 16, page.height))
    assert between.getextrema() == ((255, 255),) * 3
