"""Tagging: deltas over many assets, canonical when new, whatever is stored when taken away."""

import threading

import pytest
from gallery_builders import make_picture, make_pictures, open_context
from sqlalchemy import select

from gallery import Gallery
from gallery.store.tables import asset, asset_tag
from ontology.errors import InvalidInputError, NotFoundError, TagError
from ontology.terms import Namespace, Ontology, Term


@pytest.fixture
def ids(gallery, root):
    return [item.id for item in gallery.add(make_pictures(root, 3)).results]


def tags(gallery, asset_id):
    return gallery.get(asset_id).asset.tags


def results(bulk):
    return [(item.id, item.outcome, item.error and item.error.code) for item in bulk.results]


def index(context):
    with context.database.read() as connection:
        return {tuple(row) for row in connection.execute(select(asset_tag.c.tag, asset_tag.c.asset_key))}


def test_tags_are_stored_canonical_in_order_and_once(gallery, ids):
    bulk = gallery.tag(ids[:1], add=["NPC: Alexander", "cam:pov", "npc:alex", "free word"])
    assert results(bulk) == [(ids[0], "changed", None)]
    assert tags(gallery, ids[0]) == ("npc:alex", "camera:view:pov", "free_word")
    assert bulk.batch == 2


def test_many_assets_change_in_one_batch_and_each_gets_a_version(gallery, ids):
    gallery.tag(ids[:1], add=["role:bg"])
    bulk = gallery.tag(ids, add=["role:bg"], remove=["loc:park"])
    assert [item.outcome for item in bulk.results] == ["unchanged", "changed", "changed"]
    assert [gallery.get(name).asset.version for name in ids] == [2, 2, 2]
    assert gallery.history()[0].size == 2


def test_nothing_changed_is_no_batch(gallery, ids):
    assert gallery.tag(ids, remove=["role:bg"]).batch is None
    assert gallery.last_batch() == 1


def test_unknown_ids_fail_one_by_one_in_their_place(gallery, ids):
    bulk = gallery.tag(["zzz", ids[0], "a" + "0" * 16, ids[0]], add=["role:bg"])
    assert results(bulk) == [
        ("zzz", "failed", "not_found"),
        (ids[0], "changed", None),
        ("a" + "0" * 16, "failed", "not_found"),
    ]
    assert [item.id for item in bulk.failed] == ["zzz", "a" + "0" * 16]
    assert bulk.to_json()["results"][1] == {"id": ids[0], "outcome": "changed", "error": None}
    assert bulk.to_json()["results"][0]["error"]["hint"]


def test_ids_that_no_text_column_could_hold_are_not_found(gallery, ids):
    bulk = gallery.tag(["\udcff", "\0", ids[0]], add=["role:bg"])
    assert [item.outcome for item in bulk.results] == ["failed", "failed", "changed"]


def test_ids_may_be_shortened_and_each_asset_counts_once(gallery, ids):
    bulk = gallery.tag([ids[0][:8], ids[0]], add=["role:bg"])
    assert results(bulk) == [(ids[0], "changed", None)]


def test_an_ambiguous_beginning_changes_nothing_and_lists_the_ids(gallery, ids):
    with pytest.raises(InvalidInputError) as caught:
        gallery.tag([ids[1], "a"], add=["role:bg"])
    assert caught.value.code == "ambiguous_id"
    assert all(name in caught.value.message for name in ids)
    assert gallery.count("role:bg") == 0


def test_more_than_ten_ambiguous_ids_are_cut(gallery, root):
    gallery.add(make_pictures(root, 12))
    with pytest.raises(InvalidInputError, match="…"):
        gallery.get("a")


@pytest.mark.parametrize("nonsense", ["", "b12", "a12/../x", "A\x1b", "a" * 40, "a1%"])
def test_what_is_no_beginning_of_an_id_is_not_found(gallery, ids, nonsense):
    with pytest.raises(NotFoundError, match="there is no asset"):
        gallery.get(nonsense)


def test_a_full_id_wins_over_longer_ones_and_capitals_do_not_matter(gallery, ids):
    assert gallery.get(ids[0].upper()).asset.id == ids[0]


def test_invalid_tags_change_nothing_at_all(gallery, ids):
    with pytest.raises(TagError):
        gallery.tag(ids, add=["role:bg", "view:pov_1"])
    assert gallery.count("role:bg") == 0


def test_a_tag_cannot_be_added_and_removed_at_once(gallery, ids):
    with pytest.raises(InvalidInputError, match="at once"):
        gallery.tag(ids, add=["npc:alex"], remove=["npc:alexander"])


def test_the_257th_tag_fails_for_that_asset_and_the_others_get_theirs(gallery, ids):
    many = [f"w{n * 7919}x{n}" for n in range(256)]
    gallery.tag(ids[:1], add=many)
    bulk = gallery.tag(ids[:2], add=["role:bg"])
    assert results(bulk) == [(ids[0], "failed", "too_many_tags"), (ids[1], "changed", None)]
    assert len(tags(gallery, ids[0])) == 256
    assert results(gallery.tag(ids[:1], add=["role:bg"], remove=many[:1])) == [(ids[0], "changed", None)]


def store(context, key, stored):
    with context.database.write() as connection:
        connection.execute(asset.update().where(asset.c.key == key).values(tags=stored))
        connection.execute(asset_tag.delete().where(asset_tag.c.asset_key == key))
        connection.execute(asset_tag.insert(), [{"tag": tag, "asset_key": key} for tag in stored])


def test_removing_takes_every_stored_spelling(gallery, context, ids):
    store(context, 1, ["npc:alexander", "role:bg", "npc:old_name", "npc:alex"])
    gallery.untag(ids[:1], ["npc:alex"])
    assert tags(gallery, ids[0]) == ("role:bg",)
    assert index(context) == {("role:bg", 1)}


def test_a_tag_whose_term_is_gone_can_still_be_removed(gallery, context, ids):
    store(context, 1, ["loc:nowhere", "npc:gone"])
    gallery.tag(ids[:1], remove=["LOC:Nowhere"])
    assert tags(gallery, ids[0]) == ("npc:gone",)


def test_adding_what_is_there_in_an_old_spelling_changes_nothing(gallery, context, ids):
    store(context, 1, ["npc:alexander"])
    assert results(gallery.tag(ids[:1], add=["npc:alex"])) == [(ids[0], "unchanged", None)]
    assert tags(gallery, ids[0]) == ("npc:alexander",)


def test_the_index_follows_the_tags(gallery, context, ids):
    gallery.tag(ids[:2], add=["role:bg", "loc:park"])
    gallery.tag(ids[:1], add=["npc:alex"], remove=["loc:park"])
    assert index(context) == {("role:bg", 1), ("role:bg", 2), ("loc:park", 2), ("npc:alex", 1)}


def test_a_dry_run_tells_and_writes_nothing(gallery, ids):
    bulk = gallery.tag(ids, add=["role:bg"], dry_run=True)
    assert [item.outcome for item in bulk.results] == ["changed"] * 3
    assert bulk.batch is None
    assert gallery.last_batch() == 1


def test_the_journal_knows_who_and_why(gallery, ids):
    gallery.tag(ids, add=["role:bg"], origin="suggestion")
    newest = gallery.history()[0]
    assert (newest.actor, newest.origin, newest.kind) == ("tester", "suggestion", "tag")
    assert newest.to_json() == {
        "batch": 2,
        "kind": "tag",
        "at": "2026-11-21T12:00:00Z",
        "actor": "tester",
        "origin": "suggestion",
        "reverts": None,
        "undone_by": None,
        "run": None,
        "size": 3,
        "records": [],
    }


def test_trashed_assets_can_be_tagged_by_id(gallery, ids):
    gallery.trash(ids[:1])
    assert results(gallery.tag(ids[:1], add=["role:bg"])) == [(ids[0], "changed", None)]


def test_deltas_of_two_threads_on_one_asset_merge(gallery, ids):
    words = [[f"x{n * 7919}q{i}" for i in range(10)] for n in range(4)]

    def work(mine):
        for word in mine:
            gallery.tag(ids[:1], add=[word])

    threads = [threading.Thread(target=work, args=(mine,)) for mine in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(tags(gallery, ids[0])) == {word for mine in words for word in mine}
    assert gallery.get(ids[0]).asset.version == 41


def test_the_policy_of_the_context_holds(root):
    strict = Ontology([Term("mood:melancholic", "Melancholic")], [Namespace("mood", "Moods", closed=False)])
    with open_context(root, ontology=strict) as context:
        from dataclasses import replace

        (item,) = Gallery(context).add([make_picture(root / "a.png")]).results
        with pytest.raises(TagError):
            Gallery(replace(context, tag_policy="strict")).tag([item.id], add=["mood:melancholik"])
        assert Gallery(context).tag([item.id], add=["mood:melancholik"]).batch == 2
