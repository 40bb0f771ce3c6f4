"""Ratings, notes, and the flag of files that were edited in place: said of assets, journaled, taken back."""

from datetime import timedelta

import pytest
from gallery_builders import NOON, make_picture, make_pictures, open_context

from gallery import Gallery
from gallery.journal.editing import MAX_NOTE_LENGTH, Edit
from ontology.errors import InvalidInputError


@pytest.fixture
def ids(gallery, root):
    return [item.id for item in gallery.add(make_pictures(root, 3)).results]


def outcomes(bulk):
    return [(item.outcome, item.error and item.error.code) for item in bulk.results]


def test_a_note_is_written_replaced_taken_away_and_all_of_it_undone(gallery, ids):
    notes = [None]
    for note in ("first\nsecond", "other", None):
        assert [item.outcome for item in gallery.edit({ids[0]: Edit(note=note)}).results] == ["changed"]
        notes.append(gallery.get(ids[0]).note)
    assert notes == [None, "first\nsecond", "other", None]
    assert [entry.kind for entry in gallery.history(limit=3)] == ["note"] * 3
    for expected in reversed(notes[:-1]):
        gallery.undo()
        assert gallery.get(ids[0]).note == expected


def test_a_note_keeps_every_character_that_is_text(gallery, ids):
    text = "\x1b[31mred\x07 \u202e end\t[bold]x[/bold]"
    gallery.edit_all(ids[0], Edit(note=text))
    assert gallery.get(ids[0]).to_json()["note"] == text


@pytest.mark.parametrize("note", ["x" * (MAX_NOTE_LENGTH + 1), "a\0b", "a\udc80b", 5, ["x"]])
def test_what_is_no_note_is_refused_and_changes_nothing(gallery, ids, note):
    with pytest.raises(InvalidInputError, match="note"):
        gallery.edit_all(ids, Edit(note=note))
    assert gallery.last_batch() == 1


def test_the_longest_note_fits_and_blank_is_none(gallery, ids):
    gallery.edit_all(ids[0], Edit(note="x" * MAX_NOTE_LENGTH))
    assert len(gallery.get(ids[0]).note) == MAX_NOTE_LENGTH
    gallery.edit_all(ids[0], Edit(note=" \n"))
    assert gallery.get(ids[0]).note is None
    assert outcomes(gallery.edit_all(ids[0], Edit(note=""))) == [("unchanged", None)]


def test_a_note_that_somebody_changed_since_is_not_taken_back_but_the_rating_beside_it_is(gallery, ids):
    first = gallery.edit_all(ids[0], Edit(note="mine", rating=3)).batch
    gallery.edit_all(ids[0], Edit(note="theirs"))
    assert outcomes(gallery.undo(first)) == [("reverted", None)]
    assert (gallery.get(ids[0]).note, gallery.get(ids[0]).asset.rating) == ("theirs", None)


def test_one_edit_for_many_changes_each_asset_once_however_it_is_named(gallery, ids):
    assert outcomes(gallery.edit_all([ids[0], ids[0][:9], "nope"], Edit(rating=2))) == [
        ("changed", None),
        ("failed", "not_found"),
    ]


# Files that were edited in place


def later():
    return NOON + timedelta(days=1)


@pytest.fixture
def edited(root):
    """A gallery with two tagged assets, of which the first got new bytes the day after; and their ids."""
    with open_context(root) as context:
        ids = [item.id for item in Gallery(context).add(make_pictures(root, 2), tags=["role:bg"]).results]
    make_picture(root / "000.png", "white", size=(9, 9))
    with open_context(root, now=later) as context:
        gallery = Gallery(context)
        assert [item.outcome for item in gallery.add([root]).results] == ["changed", "known"]
        yield gallery, ids


def flags(gallery, ids):
    return [gallery.get(name).asset.edited_at for name in ids]


def test_a_file_that_was_edited_in_place_flags_its_old_tags(edited):
    gallery, ids = edited
    assert flags(gallery, ids) == [later(), None]
    assert gallery.search("role:bg").to_json()["assets"][0]["edited_at"] in (None, "2026-11-22T12:00:00Z")
    assert gallery.asset_history(ids[0])[0].after["edited_at"] == "2026-11-22T12:00:00Z"
    assert [f.message for f in gallery.doctor() if f.code == "edited_in_place"] == [
        "1 asset got a new file of the old name, and the tags were not looked at since"
    ]


def test_the_flag_is_a_fact_about_the_file_that_undo_leaves(edited):
    gallery, ids = edited
    assert outcomes(gallery.undo(2)) == [("unchanged", "file_fact")]
    assert flags(gallery, ids) == [later(), None]


def test_whoever_changes_the_tags_by_hand_has_looked_and_undo_flags_again(edited):
    gallery, ids = edited
    gallery.tag(ids, add=["loc:park"], origin="import")
    gallery.edit_all(ids, Edit(rating=3))
    assert flags(gallery, ids) == [later(), None]
    gallery.tag(ids, remove=["loc:park"])
    assert flags(gallery, ids) == [None, None]
    gallery.undo()
    assert flags(gallery, ids) == [later(), None]


def test_confirm_takes_the_flag_away_and_tells_where_there_was_none(edited):
    gallery, ids = edited
    wanted = [("confirmed", None), ("unchanged", None), ("failed", "not_found")]
    assert outcomes(gallery.confirm([*ids, "nope"], dry_run=True)) == wanted
    assert flags(gallery, ids) == [later(), None]
    assert outcomes(gallery.confirm([*ids, "nope"])) == wanted
    assert flags(gallery, ids) == [None, None]
    assert gallery.history(limit=1)[0].kind == "confirm"
    gallery.undo()
    assert flags(gallery, ids) == [later(), None]
    gallery.redo()
    assert gallery.confirm(ids).batch is None


def test_a_confirmation_of_older_bytes_is_not_taken_back_over_a_newer_edit(edited, root):
    gallery, ids = edited
    batch = gallery.confirm(ids).batch
    make_picture(root / "000.png", "black", size=(10, 10))
    gallery.add([root])
    assert outcomes(gallery.undo(batch)) == [("unchanged", "changed_since")]
    assert flags(gallery, ids) == [later(), None]
