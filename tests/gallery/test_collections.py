"""Collections: named, ordered, journaled; one move writes one row."""

from itertools import pairwise

import pytest
from gallery_builders import make_pictures, open_context
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from gallery import Gallery
from gallery.query.syntax import collection_renamed_in, collections_in
from gallery.relations.collecting import collections_of
from gallery.relations.ordering import places_between
from ontology.errors import ConflictError, InvalidInputError, NotFoundError


@pytest.fixture
def ids(gallery, root):
    return [item.id for item in gallery.add(make_pictures(root, 6)).results]


@pytest.fixture
def order(gallery, ids):
    """The members of `mine` as numbers, by their place among `ids`."""
    return lambda: [ids.index(asset.id) for asset in gallery.collection("mine").assets]


@pytest.fixture
def mine(gallery, ids):
    """A collection of the assets 0 1 2 3."""
    gallery.create_collection("Mine", ids[:4])


def outcomes(bulk):
    return [(item.outcome, item.error and item.error.code) for item in bulk.results]


def test_a_collection_keeps_its_label_as_typed_and_is_found_in_every_spelling(gallery, ids):
    bulk = gallery.create_collection(" Alex  Approved ", [ids[2], ids[0][:9], "nope"])
    assert [(item.id, item.outcome) for item in bulk.results] == [
        ("collection:alex_approved", "created"),
        (ids[2], "added"),
        (ids[0], "added"),
        ("nope", "failed"),
    ]
    page = gallery.collection("ALEX approved")
    assert [asset.id for asset in page.assets] == [ids[2], ids[0]]
    assert page.to_json() | {"assets": []} == {
        "name": "alex_approved",
        "label": "Alex  Approved",
        "created_at": "2026-11-21T12:00:00Z",
        "size": 2,
        "hidden": 0,
        "assets": [],
        "cursor": None,
    }
    assert [item.to_json()["name"] for item in gallery.collections()] == ["alex_approved"]


@pytest.mark.parametrize("name", ["", " ", "npc:alex", "a/b", "a\nb", "x" * 121, "a\u202eb", "a*"])
def test_what_cannot_be_a_free_word_cannot_be_a_name(gallery, name):
    with pytest.raises(InvalidInputError, match="name of a collection"):
        gallery.create_collection(name)
    assert gallery.last_batch() == 0


def test_a_name_is_given_once(gallery, mine):
    gallery.create_collection("other")
    with pytest.raises(ConflictError, match="already"):
        gallery.create_collection("MINE")
    with pytest.raises(ConflictError, match="already"):
        gallery.rename_collection("other", "mine")


def test_unknown_collections_are_not_found(gallery, ids):
    for call in (
        lambda: gallery.collection("nope"),
        lambda: gallery.collect("nope", ids),
        lambda: gallery.remove_collection("nope"),
    ):
        with pytest.raises(NotFoundError, match="no collection `nope`"):
            call()


def test_assets_go_to_the_end_or_to_a_place_and_stay_where_they_are_already(gallery, ids, mine, order):
    assert outcomes(gallery.collect("mine", [ids[4], ids[1]], at=2)) == [("added", None), ("unchanged", None)]
    assert order() == [0, 4, 1, 2, 3]
    gallery.collect("mine", ids[5])
    assert order() == [0, 4, 1, 2, 3, 5]
    assert gallery.collect("mine", ids).batch is None
    gallery.uncollect("mine", [ids[0], ids[3]])
    gallery.collect("mine", [ids[3], ids[0]], at=99)
    assert order() == [4, 1, 2, 5, 3, 0]
    with pytest.raises(InvalidInputError, match="from 1"):
        gallery.collect("mine", ids[5], at=0)


@pytest.mark.parametrize(
    ("moved", "to", "expected"),
    [
        ([3], 1, [3, 0, 1, 2]),
        ([0], 3, [1, 2, 0, 3]),
        ([0], 4, [1, 2, 3, 0]),
        ([0], 99, [1, 2, 3, 0]),
        ([3, 0], 2, [1, 3, 0, 2]),
        ([1], 2, [0, 1, 2, 3]),
        ([1, 2], 2, [0, 1, 2, 3]),
    ],
)
def test_members_are_moved_to_where_they_are_to_stand(gallery, ids, mine, order, moved, to, expected):
    before = gallery.last_batch()
    bulk = gallery.move_in_collection("mine", [ids[n] for n in moved], to=to)
    assert order() == expected
    assert (bulk.batch is None) == (expected == [0, 1, 2, 3]) == (gallery.last_batch() == before)
    if bulk.batch:
        gallery.undo()
        assert order() == [0, 1, 2, 3]


def test_only_members_can_be_moved(gallery, ids, mine):
    assert outcomes(gallery.move_in_collection("mine", [ids[5], "nope", ids[3]], to=1)) == [
        ("failed", "no_member"),
        ("failed", "not_found"),
        ("moved", None),
    ]


def test_a_member_in_the_trash_is_hidden_and_keeps_its_place(gallery, ids, mine, order):
    gallery.trash(ids[1])
    assert order() == [0, 2, 3]
    assert [(view.size, view.hidden) for view in gallery.collections()] == [(3, 1)]
    gallery.move_in_collection("mine", ids[3], to=2)
    gallery.restore(ids[1])
    assert order() == [0, 1, 3, 2]


def test_pages_follow_each_other(gallery, ids, mine):
    first = gallery.collection("mine", limit=3)
    second = gallery.collection("mine", limit=3, cursor=first.cursor)
    assert [asset.id for asset in first.assets + second.assets] == ids[:4]
    assert second.cursor is None
    for cursor in ("x", "-", "a-b"):
        with pytest.raises(InvalidInputError, match="cursor"):
            gallery.collection("mine", cursor=cursor)


def test_a_removed_collection_comes_back_with_its_order_and_what_was_undone_can_be_redone(gallery, ids, mine, order):
    gallery.move_in_collection("mine", ids[3], to=1)
    assert outcomes(gallery.remove_collection("mine")) == [("removed", None)]
    assert gallery.collections() == ()
    gallery.undo()
    assert order() == [3, 0, 1, 2]
    gallery.redo()
    assert gallery.collections() == ()
    gallery.undo()
    gallery.undo()
    gallery.undo()
    assert gallery.collections() == ()
    gallery.redo()
    assert order() == [0, 1, 2, 3]


def test_a_name_that_is_taken_by_now_is_not_given_back(gallery, mine):
    gallery.rename_collection("mine", "yours")
    gallery.create_collection("mine")
    assert outcomes(gallery.undo(3)) == [("unchanged", "taken")]
    gallery.remove_collection("yours")
    gallery.rename_collection("mine", "yours")
    assert outcomes(gallery.undo(6)) == [("unchanged", "taken")]


def test_undo_takes_back_its_own_part_alone(gallery, ids, mine, order):
    first = gallery.collect("mine", [ids[4], ids[5]], at=1).batch
    gallery.move_in_collection("mine", ids[5], to=6)
    gallery.uncollect("mine", ids[0])
    assert order() == [4, 1, 2, 3, 5]
    assert outcomes(gallery.undo(first)) == [("reverted", None)]
    assert order() == [1, 2, 3, 5]
    gallery.rename_collection("mine", "renamed")
    gallery.undo(gallery.last_batch() - 2)
    assert [asset.id for asset in gallery.collection("renamed").assets] == [ids[n] for n in (0, 1, 2, 3, 5)]


def test_undoing_the_making_of_a_collection_leaves_what_others_put_in_since(gallery, ids, mine, order):
    gallery.collect("mine", ids[5])
    assert outcomes(gallery.undo(2)) == [("reverted", None)]
    assert order() == [5]
    assert gallery.history()[0].to_json()["records"] == [{"kind": "collection", "name": "mine", "change": "changed"}]


def test_a_number_of_a_collection_is_never_given_again(gallery, ids, mine, order):
    gallery.remove_collection("mine")
    gallery.create_collection("other", ids[5])
    gallery.undo(3)
    assert order() == [0, 1, 2, 3]
    assert [view.name for view in gallery.collections()] == ["mine", "other"]


def test_dry_runs_tell_and_write_nothing(gallery, ids, mine, order):
    before = gallery.last_batch()
    for bulk in (
        gallery.create_collection("new", ids, dry_run=True),
        gallery.collect("mine", ids[4], dry_run=True),
        gallery.move_in_collection("mine", ids[3], to=1, dry_run=True),
        gallery.uncollect("mine", ids[0], dry_run=True),
        gallery.rename_collection("mine", "x", dry_run=True),
        gallery.remove_collection("mine", dry_run=True),
    ):
        assert bulk.batch is None
        assert bulk.results[0].outcome != "unchanged"
    assert (gallery.last_batch(), order()) == (before, [0, 1, 2, 3])


def test_one_move_among_many_writes_one_row_and_a_short_record(root):
    with open_context(root) as context:
        gallery = Gallery(context)
        ids = [item.id for item in gallery.add(make_pictures(root, 300)).results]
        gallery.create_collection("mine", ids)
        written = []

        def count(_connection, _cursor, statement, parameters, _context, executemany):
            if "collection_member" in statement and statement.startswith(("INSERT", "UPDATE", "DELETE")):
                written.append(len(parameters) if executemany else 1)

        with context.database.read() as connection:
            engine = connection.engine
        event.listen(engine, "before_cursor_execute", count)
        gallery.move_in_collection("mine", ids[250], to=7)
        event.remove(engine, "before_cursor_execute", count)
        assert sum(written) <= 2
        assert [asset.id for asset in gallery.collection("mine").assets[5:8]] == [ids[5], ids[250], ids[6]]


class TestPlaces:
    """Places sort as their elements stand, and there is always room between two."""

    @given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 5)), max_size=60))
    def test_whatever_is_put_anywhere_sorts_where_it_was_put(self, insertions):
        places = []
        for number, (where, count) in enumerate(insertions):
            at = where % (len(places) + 1)
            low = places[at - 1] if at else None
            high = places[at] if at < len(places) else None
            places[at:at] = places_between(low, high, [f"{number}-{n}" for n in range(count)])
            assert all(one < two for one, two in pairwise(places))

    @pytest.mark.parametrize("at", [0, 1, -1])
    def test_a_thousand_at_one_spot_do_not_grow_out_of_hand(self, at):
        places = places_between(None, None, ["a", "b"])
        for number in range(1000):
            index = at if at >= 0 else len(places)
            low = places[index - 1] if index else None
            high = places[index] if index < len(places) else None
            places.insert(index, *places_between(low, high, [str(number)]))
        assert all(one < two for one, two in pairwise(places))
        assert max(map(len, places)) <= (16 if at != 1 else 300)

    def test_so_many_that_the_steps_do_not_fit_are_put_between(self):
        places = places_between("fffffffffff0", None, [str(n) for n in range(50)])
        assert all(one < two for one, two in pairwise(["fffffffffff0", *places]))
        places = places_between(None, "000000000003", [str(n) for n in range(50)])
        assert all(one < two for one, two in pairwise([*places, "000000000003"]))


def test_what_somebody_else_took_out_and_put_in_again_stays(gallery, ids, mine, order):
    first = gallery.collect("mine", ids[5]).batch
    gallery.uncollect("mine", ids[5])
    gallery.collect("mine", ids[5])
    assert outcomes(gallery.undo(first)) == [("unchanged", "changed_since")]
    assert order() == [0, 1, 2, 3, 5]


def texts(gallery):
    return {search.name: search.query for search in gallery.searches()}


def test_renaming_a_collection_renames_it_in_saved_searches_and_undo_takes_back_both(gallery, ids, mine):
    gallery.create_collection("mine2", ids[:1])
    before = {"a": "collection:mine sort:collection", "b": '-.Collection:"mine" or "collection:mine"', "c": "@a"}
    before["d"] = "collection:mine2 -=collection:mine"
    for name, query in before.items():
        gallery.save_search(name, query)
    last = gallery.last_batch()
    tried, done = (gallery.rename_collection("mine", "My Refs", dry_run=dry) for dry in (True, False))
    told = [("collection:my_refs", "renamed"), ("search:a", "changed"), ("search:b", "changed")]
    assert [(item.id, item.outcome) for item in done.results] == told
    assert (tried.results, tried.batch, done.batch) == (done.results, None, last + 1)
    after = {"a": "collection:my_refs sort:collection", "b": '-.Collection:"my_refs" or "collection:mine"'}
    assert texts(gallery) == before | after
    assert gallery.count("@c") == 4
    gallery.undo()
    assert (texts(gallery), gallery.count("@c")) == (before, 4)
    gallery.redo()
    assert (texts(gallery), gallery.count("@c")) == (before | after, 4)


def test_another_label_alone_leaves_saved_searches_as_they_are(gallery, mine):
    gallery.save_search("a", "collection:mine")
    assert outcomes(gallery.rename_collection("mine", "MINE")) == [("renamed", None)]


def test_a_name_that_needs_quotes_gets_them_in_saved_searches(gallery, mine):
    gallery.save_search("a", "(collection:mine)")
    gallery.rename_collection("mine", "refs(old")
    assert texts(gallery) == {"a": '(collection:"refs(old")'}
    assert gallery.count("@a") == 4


def test_a_name_that_a_saved_search_cannot_take_in_is_refused(gallery, mine):
    gallery.save_search("a", "collection:mine " + "x" * 100 + " " * 1870 + "role:bg")
    with pytest.raises(InvalidInputError, match="cannot be written in the query"):
        gallery.rename_collection("mine", "m" * 100)
    assert [view.name for view in gallery.collections()] == ["mine"]


def test_where_collection_is_a_namespace_only_the_dotted_field_is_renamed():
    text = "collection:mine .collection:mine"
    assert collections_in(text, dotted=True) == ["mine"]
    assert collection_renamed_in(text, "mine", "yours", dotted=True) == "collection:mine .collection:yours"


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_collection_that_saved_searches_name_is_not_removed(gallery, mine, dry_run):
    gallery.save_search("a", "collection:mine")
    gallery.save_search("b", "-collection:mine")
    with pytest.raises(ConflictError, match="`mine` is used by @a, @b") as caught:
        gallery.remove_collection("Mine", dry_run=dry_run)
    assert caught.value.code == "in_use"
    gallery.remove_search("a")
    gallery.save_search("b", "role:bg", replace=True)
    assert outcomes(gallery.remove_collection("mine", dry_run=dry_run)) == [("removed", None)]


def test_the_collections_of_an_asset_are_told_by_name(gallery, ids, mine):
    gallery.create_collection("Alone", [ids[5]])
    gallery.create_collection("All of them", ids)
    assert [view.name for view in collections_of(gallery.context, ids[0][:9])] == ["all_of_them", "mine"]
    assert collections_of(gallery.context, ids[0])[1].size == 4
    assert [view.label for view in collections_of(gallery.context, ids[5])] == ["All of them", "Alone"]
    with pytest.raises(NotFoundError):
        collections_of(gallery.context, "a0000")
