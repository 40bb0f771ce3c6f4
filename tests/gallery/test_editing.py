"""Edits of many assets, each in its own way, as one batch."""

import pytest
from gallery_builders import make_pictures

from gallery.journal.editing import Edit, edit_each
from ontology.errors import InvalidInputError, TagError


@pytest.fixture
def ids(gallery, root):
    return [item.id for item in gallery.add(make_pictures(root, 3)).results]


def facts(gallery, asset_id):
    view = gallery.get(asset_id).asset
    return (view.tags, view.rating)


def test_each_asset_changes_as_its_edit_says_and_one_undo_takes_all_back(gallery, context, ids):
    gallery.tag(ids[1:2], add=["loc:park"])
    edits = {
        ids[0]: Edit(add=("role:bg",), rating=4),
        ids[1][:9]: Edit(remove=("loc:park",)),
        ids[2]: Edit(),
        "nope": Edit(rating=1),
    }
    bulk = edit_each(context, edits)
    assert [item.outcome for item in bulk.results] == ["changed", "changed", "unchanged", "failed"]
    assert [facts(gallery, name) for name in ids] == [(("role:bg",), 4), ((), None), ((), None)]
    assert gallery.history()[0].kind == "edit"
    gallery.undo()
    assert [facts(gallery, name) for name in ids] == [((), None), (("loc:park",), None), ((), None)]


def test_tags_alone_are_a_batch_of_the_kind_tag_and_a_dry_run_is_none(gallery, context, ids):
    assert edit_each(context, {ids[0]: Edit(add=("role:bg",))}, dry_run=True).batch is None
    assert gallery.count("role:bg") == 0
    edit_each(context, {ids[0]: Edit(add=("role:bg",))})
    assert gallery.history()[0].kind == "tag"


def test_a_rating_can_be_taken_away(gallery, context, ids):
    edit_each(context, {ids[0]: Edit(rating=5)})
    assert edit_each(context, {ids[0]: Edit(rating=5)}).batch is None
    edit_each(context, {ids[0]: Edit(rating=None)})
    assert facts(gallery, ids[0]) == ((), None)


def test_bad_edits_change_nothing(gallery, context, ids):
    for edits, error in (
        ({ids[0]: Edit(rating=6)}, InvalidInputError),
        ({ids[0]: Edit(add=("loc:nowhere",))}, TagError),
        ({ids[0]: Edit(add=("role:bg",)), ids[0][:9]: Edit()}, InvalidInputError),
    ):
        with pytest.raises(error):
            edit_each(context, edits)
    assert gallery.last_batch() == 1


def test_a_tag_too_many_fails_for_that_asset_alone(gallery, context, ids):
    gallery.tag(ids[:1], add=[f"w{n * 7919}x{n}" for n in range(256)])
    bulk = edit_each(context, {name: Edit(add=("role:bg",)) for name in ids})
    assert [item.outcome for item in bulk.results] == ["failed", "changed", "changed"]
