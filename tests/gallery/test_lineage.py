"""Lineage: parents and operations, up and down, never in a circle."""

from itertools import pairwise

import pytest
from gallery_builders import make_pictures
from sqlalchemy import update

from gallery.journal.batches import Change, apply
from gallery.relations import lineage
from gallery.store.tables import asset
from ontology.errors import InvalidInputError, NotFoundError

ELSEWHERE = "a0123456789abcdef"


@pytest.fixture
def ids(gallery, root):
    return [item.id for item in gallery.add(make_pictures(root, 6)).results]


def outcomes(bulk):
    return [(item.outcome, item.error and item.error.code) for item in bulk.results]


def made(gallery, asset_id):
    found = gallery.get(asset_id)
    return (found.parents, found.operation)


def test_an_asset_tells_what_it_was_made_from_in_order_and_undo_takes_it_back(gallery, ids):
    gallery.link(ids[0], parents=[ids[2], ids[1][:9]], operation="fusion", origin="generation")
    assert made(gallery, ids[0]) == ((ids[2], ids[1]), "fusion")
    assert gallery.get(ids[0]).to_json()["parents"] == [ids[2], ids[1]]
    newest = gallery.history()[0]
    assert (newest.kind, newest.origin) == ("link", "generation")
    gallery.link(ids[0], parents=[], operation=None)
    assert made(gallery, ids[0]) == ((), None)
    gallery.undo()
    assert made(gallery, ids[0]) == ((ids[2], ids[1]), "fusion")
    gallery.undo()
    assert made(gallery, ids[0]) == ((), None)


def test_parents_or_operation_alone_leave_the_other(gallery, ids):
    gallery.link(ids[:2], parents=ids[2])
    gallery.link(ids[:2], operation="upscale")
    assert [made(gallery, name) for name in ids[:2]] == [((ids[2],), "upscale")] * 2
    assert gallery.link(ids[:2], parents=ids[2], operation=" Upscale ").batch is None


@pytest.mark.parametrize(
    ("given", "stored"), [("Text to Image", "text_to_image"), ("image-to-image", "image_to_image"), ("x-4", "x-4")]
)
def test_operations_are_spelt_one_way(given, stored):
    assert lineage.operation_name(given) == stored


@pytest.mark.parametrize("operation", ["", "a:b", "a\nb", "x" * 121])
def test_what_cannot_be_an_operation_is_refused(gallery, ids, operation):
    with pytest.raises(InvalidInputError, match="operation"):
        gallery.link(ids[0], operation=operation)
    assert gallery.last_batch() == 1


def test_a_parent_may_be_elsewhere_if_it_is_named_by_its_whole_id(gallery, ids):
    gallery.link(ids[0], parents=[ELSEWHERE, ids[1]])
    tree = gallery.family_tree(ids[0]).to_json()
    assert [(item["id"], item["state"], item["path"]) for item in tree["ancestors"]] == [
        (ELSEWHERE, "unknown", None),
        (ids[1], "live", "001.png"),
    ]
    with pytest.raises(NotFoundError, match="no asset `a01234`"):
        gallery.link(ids[0], parents="a01234")


def test_nothing_is_made_from_itself(gallery, ids):
    gallery.link(ids[0], parents=ids[1])
    gallery.link(ids[1], parents=ids[2])
    assert outcomes(gallery.link([ids[2], ids[3]], parents=ids[0])) == [("failed", "circle"), ("linked", None)]
    assert outcomes(gallery.link(ids[4], parents=ids[4])) == [("failed", "circle")]
    assert outcomes(gallery.link("nope", parents=ids[4])) == [("failed", "not_found")]


def test_undo_closes_no_circle(gallery, ids):
    gallery.link(ids[0], parents=ids[1])
    gallery.link(ids[0], parents=[])
    gallery.link(ids[1], parents=ids[0])
    assert outcomes(gallery.undo(3)) == [("unchanged", "circle")]
    assert made(gallery, ids[0]) == ((), None)
    gallery.undo(4)
    assert made(gallery, ids[1]) == ((), None)


def test_undo_of_several_does_not_close_one_between_them(gallery, context, ids):
    with context.database.write() as connection:
        changes = [Change(1, {"parents": [ids[1]]}, {"parents": []}), Change(2, {"parents": [ids[0]]}, {"parents": []})]
        apply(connection, context, "link", changes)
    assert outcomes(gallery.undo()) == [("reverted", None), ("unchanged", "circle")]


def test_parents_that_somebody_added_since_stay_when_others_go(gallery, ids):
    gallery.link(ids[0], parents=[ids[1], ids[2]])
    gallery.link(ids[0], parents=[ids[1], ids[2], ids[3]])
    gallery.undo(2)
    assert made(gallery, ids[0]) == ((ids[3],), None)


def test_too_many_parents_are_refused(gallery, ids):
    with pytest.raises(InvalidInputError, match="256"):
        gallery.link(ids[0], parents=[f"a{n:016x}" for n in range(257)])


def shape(relatives, below):
    return [(item["id"], item["repeated"], shape(item[below], below)) for item in relatives]


def test_a_tree_shows_ancestors_and_descendants_and_marks_whoever_is_shared(gallery, ids):
    gallery.link(ids[0], parents=[ids[1], ids[2]], operation="fusion")
    gallery.link(ids[1], parents=[ids[3]])
    gallery.link(ids[2], parents=[ids[3]])
    gallery.link(ids[3], parents=[ELSEWHERE])
    gallery.trash(ids[1])
    tree = gallery.family_tree(ids[0]).to_json()
    one, two, three = ids[1], ids[2], ids[3]
    assert shape(tree["ancestors"], "parents") == [
        (one, False, [(three, False, [(ELSEWHERE, False, [])])]),
        (two, False, [(three, True, [])]),
    ]
    assert [item["state"] for item in tree["ancestors"]] == ["trashed", "live"]
    below = gallery.family_tree(ids[3][:9]).to_json()
    assert shape(below["descendants"], "children") == [
        (one, False, [(ids[0], False, [])]),
        (two, False, [(ids[0], True, [])]),
    ]
    assert below["descendants"][0]["children"][0]["operation"] == "fusion"


def test_a_tree_is_as_deep_as_asked_and_tells_where_it_was_cut(gallery, ids):
    for child, parent in pairwise(ids):
        gallery.link(child, parents=parent)
    tree = gallery.family_tree(ids[0], depth=2).to_json()
    assert shape(tree["ancestors"], "parents") == [(ids[1], False, [(ids[2], False, [])])]
    assert tree["ancestors"][0]["parents"][0]["has_more"]
    assert not gallery.family_tree(ids[0], depth=5).to_json()["ancestors"][0]["has_more"]
    for depth in (0, 101):
        with pytest.raises(InvalidInputError, match="1 to 100"):
            gallery.family_tree(ids[0], depth=depth)


def test_a_tree_of_very_many_is_cut_and_says_so(gallery, ids, monkeypatch):
    monkeypatch.setattr(lineage, "MOST_RELATIVES", 3)
    gallery.link(ids[1:], parents=ids[0])
    tree = gallery.family_tree(ids[0]).to_json()
    assert (len(tree["descendants"]), tree["more_descendants"]) == (3, True)


def test_a_circle_that_came_from_elsewhere_does_not_hang_a_tree(gallery, context, ids):
    with context.database.write() as connection:
        for child, parent in ((0, 1), (1, 0), (2, 2)):
            connection.execute(update(asset).where(asset.c.id == ids[child]).values(parents=[ids[parent]]))
    assert shape(gallery.family_tree(ids[0]).to_json()["ancestors"], "parents") == [
        (ids[1], False, [(ids[0], True, [])])
    ]
    assert gallery.family_tree(ids[2]).to_json()["ancestors"] == []
