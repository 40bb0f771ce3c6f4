"""Searches by name: saved, used in queries, renamed with those that use them, and taken back."""

import pytest
from gallery_builders import make_pictures

from ontology.errors import ConflictError, InvalidInputError, NotFoundError


@pytest.fixture
def filled(gallery, root):
    gallery.add(make_pictures(root, 4), tags=["role:bg"])
    ids = [view.id for view in gallery.search("sort:path").assets]
    gallery.tag(ids[:2], add=["npc:alex"])
    return gallery


def outcomes(result):
    return [(item.id, item.outcome) for item in result.results]


def test_a_saved_search_is_used_by_its_name_and_means_what_is_saved_now(filled):
    assert outcomes(filled.save_search("alex", "npc:alex sort:path")) == [("alex", "saved")]
    assert filled.count("@alex") == filled.count("search:alex role:bg") == 2
    assert [view.path for view in filled.search("@alex").assets] == ["000.png", "001.png"]
    with pytest.raises(ConflictError, match="saved already") as caught:
        filled.save_search("alex", "-npc:alex")
    assert caught.value.code == "exists"
    assert outcomes(filled.save_search("alex", "-npc:alex", replace=True)) == [("alex", "changed")]
    assert [view.path for view in filled.search("@alex sort:path").assets] == ["002.png", "003.png"]
    assert outcomes(filled.save_search("@alex", " -npc:alex ")) == [("alex", "unchanged")]
    assert filled.saved_search("alex").to_json() == {
        "name": "alex",
        "query": "-npc:alex",
        "saved_at": "2026-11-21T12:00:00Z",
    }


def test_saving_renaming_and_removing_can_be_undone(filled):
    filled.save_search("a", "npc:alex")
    filled.save_search("aa", "role:bg")
    filled.save_search("b", "@a or search:a -@aa")
    assert outcomes(filled.rename_search("a", "alex")) == [("alex", "renamed"), ("b", "changed")]
    assert texts(filled) == {"aa": "role:bg", "alex": "npc:alex", "b": "@alex or search:alex -@aa"}
    filled.undo()
    assert texts(filled) == {"a": "npc:alex", "aa": "role:bg", "b": "@a or search:a -@aa"}
    filled.redo()
    filled.remove_search("b")
    filled.remove_search("alex")
    assert texts(filled) == {"aa": "role:bg"}
    filled.undo()
    assert texts(filled) == {"aa": "role:bg", "alex": "npc:alex"}
    assert [batch.kind for batch in filled.history(limit=2)] == ["undo", "search"]


def texts(gallery):
    return {search.name: search.query for search in gallery.searches()}


def test_a_dry_run_says_what_would_be_and_changes_nothing(filled):
    filled.save_search("a", "npc:alex")
    last = filled.last_batch()
    results = [
        filled.save_search("b", "role:bg", dry_run=True),
        filled.rename_search("a", "c", dry_run=True),
        filled.remove_search("a", dry_run=True),
    ]
    assert [result.batch for result in results] == [None, None, None]
    assert (filled.last_batch(), texts(filled)) == (last, {"a": "npc:alex"})


def test_a_ring_cannot_be_saved_nor_what_cannot_be_read(filled):
    filled.save_search("a", "npc:alex")
    filled.save_search("b", "@a")
    for name, query in (("a", "@b"), ("c", "@c"), ("c", "npc:alex ("), ("c", "@nobody"), ("c", "collection:none")):
        with pytest.raises(InvalidInputError):
            filled.save_search(name, query, replace=True)
    assert texts(filled) == {"a": "npc:alex", "b": "@a"}


@pytest.mark.parametrize("name", ["", "A b", "ä", "a" * 61, "-a", "a:b", "a/b"])
def test_a_name_is_plain(filled, name):
    with pytest.raises(InvalidInputError):
        filled.save_search(name, "role:bg")
    assert texts(filled) == {}


@pytest.mark.parametrize("query", ["", "   "])
def test_nothing_cannot_be_saved(filled, query):
    with pytest.raises(InvalidInputError, match="empty"):
        filled.save_search("a", query)


def test_one_that_others_use_is_not_removed(filled):
    filled.save_search("a", "npc:alex")
    filled.save_search("b", "-@a")
    with pytest.raises(ConflictError, match="@a is used by @b") as caught:
        filled.remove_search("a")
    assert caught.value.code == "in_use"
    filled.remove_search("b")
    filled.remove_search("a")
    assert filled.searches() == ()


def test_a_missing_one_names_the_nearest(filled):
    filled.save_search("night-gates", "role:bg")
    for call in (filled.saved_search, filled.remove_search, lambda name: filled.rename_search(name, "x")):
        with pytest.raises(NotFoundError, match="no saved search `night-gate`") as caught:
            call("night-gate")
        assert caught.value.hint == "did you mean @night-gates?"
    filled.save_search("x", "role:bg")
    with pytest.raises(ConflictError):
        filled.rename_search("x", "night-gates")


def test_an_empty_project_has_none_and_gets_no_file(gallery, root):
    assert gallery.searches() == ()
    with pytest.raises(InvalidInputError, match="no saved search"):
        gallery.search("@x")
    assert list(root.iterdir()) == []
