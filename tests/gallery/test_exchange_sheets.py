"""A sheet opens in a spreadsheet without running anything, and comes back to the byte."""

import csv
import io

import pytest
from exchange_builders import NOTE, fill, problems, told
from gallery_builders import make_pictures, open_context
from hypothesis import given
from hypothesis import strategies as st

from gallery import Gallery
from gallery.exchange.formats import ImportOptions
from gallery.exchange.sheets import COLUMNS, plain, safe
from gallery.journal.editing import Edit
from ontology.errors import InvalidInputError


def sheet_of(gallery):
    stream = io.BytesIO()
    gallery.export(stream, "csv")
    return stream.getvalue()


def take(gallery, data, **options):
    return gallery.import_from(io.BytesIO(data), "csv", ImportOptions(**options))


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@given(st.text(max_size=12) | st.text("'=+-@\t\r\n \uff1da", max_size=8))
def test_no_cell_runs_and_every_cell_comes_back(cell):
    written = safe(cell)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    assert plain(written) == cell


@pytest.mark.parametrize("cell", ["'til dawn", "a=1", "", "'", "''", "npc:alex -x"])
def test_a_harmless_cell_stands_as_it_is(cell):
    assert safe(cell) == cell == plain(cell)


def test_a_formula_in_a_tag_or_a_note_is_quoted(gallery, root):
    (item,) = gallery.add(make_pictures(root, 1)).results
    gallery.edit({item.id: Edit(add=["-cmd"], note='=HYPERLINK("http://x.example","look")')})
    (row,) = rows_of(sheet_of(gallery))
    assert row["tags"] == "'-cmd"
    assert row["note"] == '\'=HYPERLINK("http://x.example","look")'


def test_out_and_in_and_out_again_is_the_same_to_the_byte(gallery, root, tmp_path):
    """E 36: quotes, line ends and umlauts in a note, CRLF between the rows."""
    fill(gallery, root)
    data = sheet_of(gallery)
    assert data.startswith(",".join(COLUMNS).encode() + b"\r\n")
    assert take(gallery, data).is_complete
    assert sheet_of(gallery) == data
    with open_context(tmp_path) as opened:
        other = Gallery(opened)
        assert [item.outcome for item in take(other, data).results] == ["added"] * 4
        assert sheet_of(other) == data
        assert NOTE in [row["note"] for row in rows_of(sheet_of(other))]


@pytest.mark.parametrize(
    "dress",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data + b"\r\n\r\n",
        lambda data: data + b",,,,,,,,,,,,,,\r\n",
        lambda data: data.rstrip(b"\r\n"),
    ],
    ids=["byte order mark", "blank lines behind", "a row of empty cells", "no last line end"],
)
def test_what_spreadsheets_do_to_a_file_changes_nothing(gallery, root, dress):
    fill(gallery, root)
    data = sheet_of(gallery)
    result = take(gallery, dress(data))
    assert result.is_complete
    assert [item.outcome for item in result.results] == ["unchanged"] * 4


def test_a_sheet_by_hand_needs_a_name_for_the_picture_and_nothing_else(gallery, root):
    gallery.add(make_pictures(root / "assets", 2))
    result = take(gallery, b"Path,Tags,Rating\nassets/000.png,npc:alex role:bg,4\nassets/none.png,npc:alex,\n")
    assert told(result) == [("changed", None), ("failed", "not_found")]
    assert gallery.search("npc:alex").assets[0].rating == 4


def test_an_empty_cell_says_nothing_unless_the_file_is_to_win(gallery, root):
    ids = fill(gallery, root)
    data = f"id,rating,tags\n{ids[0]},,sketch\n".encode()
    take(gallery, data)
    assert gallery.get(ids[0]).asset.rating == 4
    take(gallery, data, replace=True)
    assert (gallery.get(ids[0]).asset.rating, gallery.get(ids[0]).asset.tags) == (None, ("sketch",))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b"a0000000000000001,1,2,3", "invalid"),
        (b"a0000000000000001,x", "invalid"),
        (b"a0000000000000001,\xff", "not_utf8"),
        (b'a0000000000000001,"1', "invalid"),
        (b'a0000000000000001,"1"2', "invalid"),
        (b"a0000000000000001,9", "invalid"),
    ],
)
def test_a_bad_row_is_told_with_its_line(gallery, root, row, code):
    ids = fill(gallery, root)
    result = take(gallery, b"id,rating\n" + f"{ids[1]},3\n".encode() + row + b"\n")
    assert [(item.path, item.error and item.error.code) for item in result.results] == [
        ("line 2", None),
        ("line 3", code),
    ]
    assert gallery.get(ids[1]).asset.rating == 3


def test_columns_that_nothing_can_hold_are_told_once(gallery, root):
    ids = fill(gallery, root)
    result = take(gallery, f"id,mood\n{ids[0]},dark\n{ids[1]},dark\n".encode())
    assert [item.error and item.error.code for item in result.results] == ["unknown_field", None, None]
    assert problems(result) == []


@pytest.mark.parametrize("data", [b"", b"name;tags\n", b"\xff\xfei\0d\0", b"\x89PNG\r\n\x1a\n\0\0", b"id,id\n"])
def test_what_is_no_sheet_of_assets_is_refused(gallery, data):
    with pytest.raises(InvalidInputError):
        take(gallery, data)
