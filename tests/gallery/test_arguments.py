"""What callers hand in: one text is one text, not its letters; nonsense is an error of ours that names the argument."""

from pathlib import Path

import pytest
from gallery_builders import make_picture, make_pictures

from gallery.journal.editing import Edit
from ontology.errors import InvalidInputError


@pytest.fixture
def ids(gallery, root):
    return [item.id for item in gallery.add(make_pictures(root / "p", 2)).results]


def outcomes(result):
    return [item.outcome for item in result.results]


@pytest.mark.parametrize("shape", [str, Path])
def test_one_path_may_stand_alone(gallery, root, shape):
    make_picture(root / "a.png")
    assert outcomes(gallery.add(shape(root / "a.png"))) == ["added"]
    assert outcomes(gallery.add(shape(root / "a.png"), tags="role:bg")) == ["known"]
    assert gallery.count("role:bg") == 1


def test_a_path_as_text_is_not_walked_letter_by_letter(gallery, root, monkeypatch):
    monkeypatch.chdir(root)
    result = gallery.add("/none/a.png", dry_run=True)
    assert [(item.path, item.outcome) for item in result.results] == [("/none/a.png", "failed")]


def test_one_id_and_one_tag_may_stand_alone(gallery, ids):
    assert outcomes(gallery.tag(ids[0], add="role:bg")) == ["changed"]
    assert gallery.get(ids[0]).asset.tags == ("role:bg",)
    assert outcomes(gallery.tag(ids[0], add="loc:park", remove="role:bg")) == ["changed"]
    assert outcomes(gallery.untag(ids[0], "loc:park")) == ["changed"]
    assert gallery.get(ids[0]).asset.tags == ()
    assert outcomes(gallery.edit({ids[0]: Edit(add="role:bg"), ids[1]: Edit(add=["role:bg"])})) == ["changed"] * 2
    assert outcomes(gallery.trash(ids[0])) == ["trashed"]
    assert outcomes(gallery.restore(ids[0])) == ["restored"]


@pytest.mark.parametrize("wrong", [None, "", [""], [None], 5, [5], b"role:bg", [b"x"]])
@pytest.mark.parametrize(
    ("argument", "call"),
    [
        ("paths", lambda gallery, wrong: gallery.add(wrong)),
        ("tags", lambda gallery, wrong: gallery.add([], tags=wrong)),
        ("ids", lambda gallery, wrong: gallery.tag(wrong, add=["role:bg"])),
        ("add", lambda gallery, wrong: gallery.tag([], add=wrong)),
        ("remove", lambda gallery, wrong: gallery.tag([], remove=wrong)),
        ("ids", lambda gallery, wrong: gallery.untag(wrong, ["role:bg"])),
        ("tags", lambda gallery, wrong: gallery.untag([], wrong)),
        ("ids", lambda gallery, wrong: gallery.trash(wrong)),
        ("ids", lambda gallery, wrong: gallery.restore(wrong)),
        ("add", lambda gallery, wrong: gallery.edit({"a0": Edit(add=wrong)})),
        ("remove", lambda gallery, wrong: gallery.edit({"a0": Edit(remove=wrong)})),
        ("edits", lambda gallery, wrong: gallery.edit(wrong)),
    ],
)
def test_where_several_are_meant_nonsense_is_named(gallery, root, argument, call, wrong):
    with pytest.raises(InvalidInputError, match=f"`{argument}`") as caught:
        call(gallery, wrong)
    assert caught.value.hint
    assert list(root.iterdir()) == []


@pytest.mark.parametrize(
    ("argument", "call"),
    [
        ("query", lambda gallery: gallery.search(None)),
        ("query", lambda gallery: gallery.count(5)),
        ("limit", lambda gallery: gallery.search(limit="10")),
        ("limit", lambda gallery: gallery.search(limit=None)),
        ("cursor", lambda gallery: gallery.search(cursor=5)),
        ("state", lambda gallery: gallery.search(state="gone")),
        ("state", lambda gallery: gallery.count(state=None)),
        ("state", lambda gallery: gallery.count(state=["live"])),
        ("limit", lambda gallery: gallery.history(limit="x")),
        ("limit", lambda gallery: gallery.asset_history("a0", limit=2.5)),
        ("batch", lambda gallery: gallery.undo("x")),
        ("batch", lambda gallery: gallery.undo(True)),
        ("asset_id", lambda gallery: gallery.get(None)),
        ("asset_id", lambda gallery: gallery.thumbnail(5)),
        ("asset_id", lambda gallery: gallery.asset_history(None)),
        ("rating", lambda gallery: gallery.edit({"a0": Edit(rating="5")})),
        ("edits", lambda gallery: gallery.edit({"a0": {"add": ["role:bg"]}})),
        ("edits", lambda gallery: gallery.edit({None: Edit()})),
    ],
)
def test_nonsense_is_an_error_of_ours_that_names_the_argument(gallery, argument, call):
    with pytest.raises(InvalidInputError, match=f"`{argument}`"):
        call(gallery)


def test_nothing_named_is_still_nothing_done(gallery, ids):
    assert gallery.tag([], add=["role:bg"]).results == ()
    assert gallery.tag(iter(ids), add=("role:bg",)).batch == 2
    assert gallery.trash({}).results == ()
