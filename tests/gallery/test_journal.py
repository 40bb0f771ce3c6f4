"""Undo, redo, history: each batch's own delta, across restarts and other people's edits."""

from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest
from gallery_builders import NOON, SCHEMA, make_picture, make_pictures, open_context, picture_bytes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from gallery import Gallery
from gallery.index.plain_reading import PlainReader
from gallery.intake import ingest
from gallery.intake.inspecting import inspect
from gallery.journal.batches import Change, apply
from gallery.journal.deltas import reverted
from gallery.journal.history import Filter
from gallery.store.tables import batch
from ontology.errors import ConflictError, InvalidInputError, NotFoundError


@pytest.fixture
def ids(gallery, root):
    return [item.id for item in gallery.add(make_pictures(root, 3)).results]


def tags(gallery, asset_id):
    return gallery.get(asset_id).asset.tags


def outcomes(bulk):
    return [(item.outcome, item.error and item.error.code) for item in bulk.results]


def test_undo_takes_back_the_newest_and_redo_brings_it_again(gallery, ids):
    gallery.tag(ids, add=["role:bg"])
    gallery.tag(ids[:1], add=["loc:park"], remove=["role:bg"])
    gallery.undo()
    assert tags(gallery, ids[0]) == ("role:bg",)
    gallery.undo()
    assert tags(gallery, ids[0]) == ()
    gallery.redo()
    assert tags(gallery, ids[0]) == ("role:bg",)
    gallery.redo()
    assert tags(gallery, ids[0]) == ("loc:park",)
    with pytest.raises(NotFoundError, match="nothing to redo"):
        gallery.redo()


def test_undo_and_redo_are_batches_that_name_what_they_revert(gallery, ids):
    gallery.tag(ids, add=["role:bg"])
    gallery.undo()
    gallery.redo()
    found = [(b.seq, b.kind, b.reverts, b.undone_by) for b in gallery.history(limit=3)]
    assert found == [(4, "redo", 3, None), (3, "undo", 2, 4), (2, "tag", None, None)]


def test_undo_survives_a_restart_and_takes_back_what_anybody_did(root):
    with open_context(root, actor="ann") as context:
        ids = [item.id for item in Gallery(context).add(make_pictures(root, 1)).results]
        Gallery(context).tag(ids, add=["role:bg"])
    with open_context(root, actor="bob") as context:
        Gallery(context).undo()
        assert tags(Gallery(context), ids[0]) == ()
        assert [b.actor for b in Gallery(context).history()] == ["bob", "ann", "ann"]
    with open_context(root) as context:
        Gallery(context).redo()
        assert tags(Gallery(context), ids[0]) == ("role:bg",)


def test_a_new_edit_ends_redo(gallery, ids):
    gallery.tag(ids, add=["role:bg"])
    gallery.undo()
    gallery.tag(ids, add=["loc:park"])
    with pytest.raises(NotFoundError, match="nothing to redo"):
        gallery.redo()
    gallery.undo()
    gallery.redo()
    assert tags(gallery, ids[0]) == ("loc:park",)


def test_undoing_an_add_trashes_and_redoing_it_restores_with_tags(gallery, root):
    files = make_pictures(root, 2)
    ids = [item.id for item in gallery.add(files, tags=["role:bg"]).results]
    assert outcomes(gallery.undo()) == [("reverted", None)] * 2
    assert gallery.count() == 0
    assert all(path.exists() for path in files)
    assert gallery.get(ids[0]).trashed == NOON
    gallery.redo()
    assert gallery.count("role:bg") == 2


def test_undo_of_an_older_batch_reverts_its_own_delta_only(gallery, ids):
    gallery.tag(ids[:1], add=["role:bg", "npc:alex"])
    gallery.tag(ids[:1], add=["loc:park"])
    assert outcomes(gallery.undo(2)) == [("reverted", None)]
    assert tags(gallery, ids[0]) == ("loc:park",)


def test_what_somebody_else_did_to_the_same_tag_stays(gallery, ids):
    gallery.tag(ids[:1], add=["role:bg"])
    gallery.untag(ids[:1], ["role:bg"])
    gallery.tag(ids[:1], add=["role:bg"])
    assert outcomes(gallery.undo(2)) == [("unchanged", "changed_since")]
    assert tags(gallery, ids[0]) == ("role:bg",)


def test_an_undone_batch_in_between_does_not_count_as_somebody_elses(gallery, ids):
    gallery.tag(ids[:1], add=["role:bg"])
    gallery.untag(ids[:1], ["role:bg"])
    gallery.undo()
    assert outcomes(gallery.undo()) == [("reverted", None)]
    assert tags(gallery, ids[0]) == ()


def test_an_undo_tells_which_newer_batches_it_had_to_pass_over(gallery, ids, root):
    gallery.tag(ids[:1], add=["role:bg"])
    picture = next(root.rglob("000.png"))
    picture.write_bytes(picture_bytes("white", (9, 9)))
    gallery.add(picture)
    for dry_run in (True, False):
        undone = gallery.undo(dry_run=dry_run)
        assert [(item.batch, item.kind) for item in undone.passed_over] == [(3, "add")]
        assert undone.to_json()["passed_over"] == [{"batch": 3, "kind": "add"}]
    assert "passed_over" not in gallery.redo().to_json()
    assert gallery.undo(2).passed_over == ()


def test_what_is_redone_is_told_as_redone(gallery, ids):
    gallery.tag(ids[:1], add=["role:bg"])
    gallery.undo()
    assert outcomes(gallery.redo()) == [("redone", None)]


@pytest.mark.parametrize("name", ["kind", "origin"])
def test_a_kind_or_an_origin_that_there_is_not_is_refused_naming_those_there_are(gallery, name):
    with pytest.raises(InvalidInputError, match=f"no {name} `bogus`") as caught:
        gallery.history(wanted=Filter(**{name: "bogus"}))
    assert {"kind": "add, tag, rate", "origin": "hand, suggestion"}[name] in caught.value.hint


def test_a_removed_tag_comes_back_where_it_stood(gallery, ids):
    gallery.tag(ids[:1], add=["w1", "x22", "y333", "z4444"])
    gallery.untag(ids[:1], ["x22", "w1"])
    gallery.tag(ids[:1], add=["role:bg"])
    gallery.undo(3)
    assert tags(gallery, ids[0]) == ("w1", "x22", "y333", "z4444", "role:bg")


def test_undoing_a_trash_restores_and_undoing_a_restore_trashes(gallery, ids):
    gallery.trash(ids[:2])
    gallery.restore(ids[:1])
    gallery.undo()
    assert gallery.count() == 1
    gallery.undo()
    assert gallery.count() == 3


def test_a_trash_that_was_done_anew_is_not_taken_back_by_the_first_ones_undo(gallery, ids):
    gallery.trash(ids[:1])
    gallery.restore(ids[:1])
    gallery.trash(ids[:1])
    assert outcomes(gallery.undo(2)) == [("unchanged", "changed_since")]
    assert gallery.get(ids[0]).trashed is not None


def test_undoing_the_add_of_something_trashed_since_changes_nothing(gallery, ids):
    gallery.trash(ids)
    assert outcomes(gallery.undo(1)) == [("unchanged", "changed_since")] * 3


def test_facts_about_files_are_not_taken_back(gallery, root, ids):
    (root / "000.png").rename(root / "zzz.png")
    gallery.add([root])
    assert outcomes(gallery.undo(2)) == [("unchanged", "file_fact")]
    assert gallery.get(ids[0]).paths == ("zzz.png",)
    gallery.undo()
    assert gallery.count() == 0


def test_a_rating_is_taken_back_unless_it_was_changed_since(gallery, context, ids):
    def rate(before, after):
        with context.database.write() as connection:
            return apply(connection, context, "rate", [Change(1, {"rating": before}, {"rating": after})])

    first, second = rate(None, 3), rate(3, 5)
    assert outcomes(gallery.undo(first)) == [("unchanged", "changed_since")]
    assert outcomes(gallery.undo(second)) == [("reverted", None)]
    assert gallery.get(ids[0]).asset.rating == 3


def test_a_batch_is_undone_once_and_must_exist_and_be_an_edit(gallery, ids):
    gallery.tag(ids, add=["role:bg"])
    gallery.undo()
    with pytest.raises(ConflictError, match="undone by batch 3"):
        gallery.undo(2)
    for number in (99, 0, -1, 10**30):
        with pytest.raises(NotFoundError, match=f"no batch {number}"):
            gallery.undo(number)
    with pytest.raises(InvalidInputError, match="`undo`"):
        gallery.undo(3)
    gallery.redo()
    with pytest.raises(InvalidInputError, match="`redo`"):
        gallery.undo(4)
    gallery.undo(2)


def test_with_nothing_done_there_is_nothing_to_undo(gallery):
    with pytest.raises(NotFoundError, match="nothing to undo"):
        gallery.undo()
    with pytest.raises(NotFoundError, match="nothing to redo"):
        gallery.redo()
    assert gallery.last_batch() == 0
    assert gallery.history() == ()


def test_the_history_of_an_asset_tells_before_and_after(gallery, ids):
    gallery.tag(ids, add=["role:bg"])
    newest, first = gallery.asset_history(ids[0][:9])
    assert (newest.batch.kind, newest.before, newest.after) == ("tag", {"tags": []}, {"tags": ["role:bg"]})
    assert first.after["added"] is True
    assert newest.to_json()["after"] == {"tags": ["role:bg"]}
    assert gallery.get(ids[0]).to_json()["history"][0] == newest.to_json()
    assert len(gallery.asset_history(ids[0], limit=1)) == 1


@pytest.mark.parametrize("limit", [0, -1, 10**30])
def test_a_history_has_a_sensible_length(gallery, ids, limit):
    with pytest.raises(InvalidInputError, match="1 to 10000"):
        gallery.history(limit=limit)
    with pytest.raises(InvalidInputError, match="1 to 10000"):
        gallery.asset_history(ids[0], limit=limit)


def test_numbers_rise_even_when_the_clock_goes_back(root):
    with open_context(root) as context:
        Gallery(context).add(make_pictures(root, 1))
    with open_context(root, now=lambda: NOON.replace(year=2020)) as context:
        ids = [view.id for view in Gallery(context).search().assets]
        assert Gallery(context).tag(ids, add=["role:bg"]).batch == 2
        assert [b.seq for b in Gallery(context).history()] == [2, 1]
        Gallery(context).undo()
        assert tags(Gallery(context), ids[0]) == ()


def test_a_batch_without_changes_can_be_undone_by_its_number(gallery, context):
    with context.database.write() as connection:
        connection.execute(insert(batch).values(kind="found", at=NOON, actor="", origin="hand"))
    with pytest.raises(NotFoundError, match="nothing to undo"):
        gallery.undo()
    assert gallery.undo(1).to_json() == {"results": [], "batch": 2}


# What nothing can be taken back of, and what was written in several batches


def test_undo_passes_over_what_was_only_found_on_disk(gallery, root, ids):
    gallery.tag(ids, add=["role:bg"])
    (root / "copy.png").write_bytes((root / "000.png").read_bytes())
    assert [item.outcome for item in gallery.add([root / "copy.png"]).results] == ["copy"]
    (root / "001.png").rename(root / "moved.png")
    gallery.add([root])
    assert outcomes(gallery.undo()) == [("reverted", None)] * 3
    assert gallery.count("role:bg") == 0
    assert gallery.history(limit=1)[0].reverts == 2
    gallery.redo()
    assert gallery.count("role:bg") == 3


def test_undo_passes_over_what_was_overtaken(gallery, root, ids):
    content = (root / "000.png").read_bytes()
    (root / "000.png").unlink()
    assert gallery.repair().batches == (2,)
    (root / "000.png").write_bytes(content)
    assert gallery.add([root / "000.png"]).batch == 3
    assert gallery.undo().results[0].outcome == "reverted"
    assert gallery.history(limit=1)[0].reverts == 1


@pytest.fixture
def run(gallery, root, monkeypatch):
    """Five assets that were added by one call in three batches, behind one that was there before."""
    monkeypatch.setattr(ingest, "CHUNK_FILES", 2)
    gallery.add([make_picture(root / "before.png", "white", size=(3, 3))])
    return gallery.add(make_pictures(root / "many", 5))


def test_the_batches_of_one_call_are_a_run(gallery, run):
    assert run.to_json()["batches"] == [2, 3, 4]
    assert run.to_json()["batch"] == 4
    assert [(b.seq, b.run) for b in gallery.history()] == [(4, 2), (3, 2), (2, None), (1, None)]
    assert [b.to_json()["run"] for b in gallery.history(limit=1)] == [2]


@pytest.mark.parametrize("number", [None, 2, 3, 4])
def test_a_run_is_undone_as_one_and_redone_as_one(gallery, run, number):
    bulk = gallery.undo(number)
    assert {item.id for item in bulk.results} == {item.id for item in run.results}
    assert outcomes(bulk) == [("reverted", None)] * 5
    assert (gallery.count(), bulk.batch) == (1, 7)
    assert [(b.seq, b.kind, b.reverts, b.run) for b in gallery.history(limit=3)] == [
        (7, "undo", 2, 5),
        (6, "undo", 3, 5),
        (5, "undo", 4, None),
    ]
    with pytest.raises(ConflictError):
        gallery.undo(3)
    assert outcomes(gallery.redo()) == [("redone", None)] * 5
    assert gallery.count() == 6
    assert [(b.seq, b.kind, b.reverts, b.run) for b in gallery.history(limit=3)] == [
        (10, "redo", 5, 8),
        (9, "redo", 6, 8),
        (8, "redo", 7, None),
    ]
    assert outcomes(gallery.undo()) == [("reverted", None)] * 5
    gallery.redo()
    gallery.undo(4)
    assert gallery.undo().batch is not None
    assert gallery.count() == 0


def test_followers_read_the_undo_of_a_run(gallery, context, run):
    reader = PlainReader(context.database.path, context.database.backups, context.root, SCHEMA)
    seen = gallery.last_batch()
    gallery.undo()
    with reader.moment() as moment:
        touched = dict(moment.touched_since(seen))
    reader.close()
    assert touched == {item.id: None for item in run.results}


def test_an_asset_that_several_batches_of_a_run_touched_is_told_once_and_comes_back_as_it_was(
    gallery, root, monkeypatch
):
    monkeypatch.setattr(ingest, "CHUNK_FILES", 1)
    (first,) = gallery.add([make_picture(root / "a.png")]).results
    (root / "b.png").write_bytes((root / "a.png").read_bytes())
    gallery.add([root / "a.png", make_picture(root / "c.png", "blue"), root / "b.png"], tags=["role:bg"])
    assert gallery.get(first.id).asset.tags == ("role:bg",)
    bulk = gallery.undo()
    assert sorted(outcomes(bulk)) == [("reverted", None)] * 2
    assert gallery.get(first.id).asset.tags == ()
    gallery.redo()
    assert gallery.get(first.id).asset.tags == ("role:bg",)
    assert gallery.count() == 2


def test_what_others_wrote_between_the_batches_of_a_run_stays(gallery, context, root, monkeypatch):
    monkeypatch.setattr(ingest, "CHUNK_FILES", 2)
    (first,) = gallery.add([make_picture(root / "before.png", "white", size=(3, 3))]).results

    def meanwhile(done, *_):
        if done == 3:
            gallery.tag(first.id, add="role:bg")

    gallery.add(make_pictures(root / "many", 4), progress=meanwhile)
    assert [b.kind for b in gallery.history()] == ["add", "tag", "add", "add"]
    gallery.undo()
    assert (gallery.count(), tags(gallery, first.id)) == (1, ("role:bg",))
    gallery.undo()
    assert (gallery.count(), tags(gallery, first.id)) == (1, ())
    gallery.redo()
    gallery.redo()
    assert (gallery.count(), tags(gallery, first.id)) == (5, ("role:bg",))


def test_a_run_of_which_nothing_is_left_is_passed_over_as_one(gallery, root, monkeypatch):
    monkeypatch.setattr(ingest, "CHUNK_FILES", 1)
    files = make_pictures(root / "many", 2)
    ids = [item.id for item in gallery.add(files).results]
    for number, path in enumerate(files):
        (root / f"copy{number}.png").write_bytes(path.read_bytes())

    def meanwhile(done, *_):
        if done == 2:
            gallery.tag(ids, add="role:bg")

    assert gallery.add([root / "copy0.png", root / "copy1.png"], progress=meanwhile).batches == (3, 5)
    assert outcomes(gallery.undo()) == [("reverted", None)] * 2
    assert (gallery.count(), gallery.count("role:bg")) == (2, 0)
    gallery.undo()
    assert gallery.count() == 0
    with pytest.raises(NotFoundError, match="nothing to undo"):
        gallery.undo()
    assert outcomes(gallery.undo(3)) == [("unchanged", "file_fact")] * 2


def test_more_than_a_thousand_files_of_one_add_are_undone_by_one_undo(gallery, context, root, monkeypatch):
    picture = inspect(str(make_picture(root / "a.png")))
    make_empty_files(root / "many", 1001)
    monkeypatch.setattr(ingest, "inspect", lambda path: replace(picture, sha256=sha256(path.encode()).hexdigest()))
    result = gallery.add(root / "many")
    assert len(result.batches) == 2
    gallery.undo()
    assert gallery.count() == 0


def make_empty_files(folder, count):
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.png").touch()


WORDS = st.sampled_from(["role:bg", "loc:park", "npc:alex", "plain"])
EDITS = st.lists(
    st.tuples(st.sampled_from(["tag", "untag", "trash", "restore"]), st.sets(st.integers(0, 2), min_size=1), WORDS),
    max_size=8,
)


def state(gallery, ids):
    found = [gallery.get(name) for name in ids]
    return [(detail.asset.tags, detail.trashed is not None) for detail in found]


def do(gallery, ids, edit):
    kind, which, word = edit
    chosen = [ids[n] for n in sorted(which)]
    if kind == "tag":
        return gallery.tag(chosen, add=[word])
    if kind == "untag":
        return gallery.untag(chosen, [word])
    return gallery.trash(chosen) if kind == "trash" else gallery.restore(chosen)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_undo_after_any_edits_restores_every_state_and_redo_every_one_again(edits, tmp_path_factory):
    root = tmp_path_factory.mktemp("project")
    with open_context(root) as context:
        gallery = Gallery(context)
        ids = [item.id for item in gallery.add(make_pictures(root, 3)).results]
        states = [state(gallery, ids)]
        states += [state(gallery, ids) for edit in edits if do(gallery, ids, edit).batch is not None]
        for expected in reversed(states[:-1]):
            gallery.undo()
            assert state(gallery, ids) == expected
        for expected in states[1:]:
            gallery.redo()
            assert state(gallery, ids) == expected
        assert not [finding for finding in gallery.doctor() if finding.severity != "info"]


TAGS = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)


@given(first=TAGS, after=st.lists(TAGS, min_size=1, max_size=4))
def test_undo_never_touches_a_tag_that_a_later_edit_touched(first, after):
    """Taking back the first step of a chain of edits: what the later ones did stands, the rest is as it was."""
    now = after[-1]
    later = [({"tags": before}, {"tags": then}) for before, then in pairwise(after)]
    new = reverted({"tags": first}, {"tags": after[0]}, {"tags": now, "trashed_at": None}, later, moment="")
    by_later = set().union(*(set(before["tags"]) ^ set(then["tags"]) for before, then in later))
    own = (set(first) ^ set(after[0])) - by_later
    assert set(new.get("tags", now)) == (set(now) ^ own)


def test_any_undone_batch_is_done_again_by_its_number_also_after_an_edit(gallery, ids):
    first = gallery.tag(ids, add=["role:bg"]).batch
    gallery.undo(first)
    gallery.tag(ids[:1], add=["loc:park"])
    result = gallery.redo(first)
    assert outcomes(result) == [("redone", None)] * 3
    assert tags(gallery, ids[0]) == ("role:bg", "loc:park")
    with pytest.raises(ConflictError, match=f"batch {first} stands"):
        gallery.redo(first)
    with pytest.raises(NotFoundError):
        gallery.redo(99)
    gallery.undo(first)
    assert tags(gallery, ids[1]) == ()


def test_a_batch_lists_what_it_did_to_each_asset_page_by_page(gallery, ids):
    seq = gallery.tag(ids, add=["role:bg"]).batch
    changes = gallery.batch_changes(seq)
    assert [change.id for change in changes] == sorted(ids)
    assert changes[0].to_json()["before"] == {"tags": []}
    assert changes[0].after == {"tags": ["role:bg"]}
    assert gallery.batch_changes(seq, limit=2, after=changes[0].id) == changes[1:]
    assert gallery.batch_changes(99) == ()
    with pytest.raises(InvalidInputError):
        gallery.batch_changes(seq, limit=0)
