"""Changes of what is no asset: saved searches, files of the project, collections, in the journal like all others."""

from datetime import datetime, timedelta

import pytest
from gallery_builders import NOON, make_pictures, open_context
from sqlalchemy import select

from gallery import Gallery
from gallery.intake import ingest
from gallery.journal import undoing as journal
from gallery.journal.batches import Change, apply
from gallery.journal.editing import Edit
from gallery.journal.history import Filter
from gallery.journal.records import Record, read_record
from gallery.journal.taking_back import Taking
from gallery.store.tables import asset_parent
from ontology.errors import CallsheetError, ConflictError, InvalidInputError


@pytest.fixture
def ids(gallery, root):
    return [item.id for item in gallery.add(make_pictures(root, 3)).results]


@pytest.fixture
def do(context):
    """Apply records, and changes of assets, as one batch of the kind `test`."""

    def done(*records, changes=()):
        with context.database.write() as connection:
            return apply(connection, context, "test", changes, records=records)

    return done


@pytest.fixture
def now(context):
    def read(kind, name):
        with context.database.read() as connection:
            return read_record(connection, context, kind, name)

    return read


def outcomes(bulk):
    return [(item.id, item.outcome, item.error and item.error.code) for item in bulk.results]


def search(name, before, after):
    return Record("search", name, before and {"query": before}, after and {"query": after})


def query_of(now, name):
    return (now("search", name) or {}).get("query")


def test_a_saved_search_is_made_changed_and_forgotten_and_all_of_it_taken_back_and_done_again(gallery, do, now):
    states = [None]
    for before, after in ((None, "role:bg"), ("role:bg", "npc:alex"), ("npc:alex", None)):
        do(search("mine", before, after))
        states.append(query_of(now, "mine"))
    assert states == [None, "role:bg", "npc:alex", None]
    for expected in reversed(states[:-1]):
        assert outcomes(gallery.undo()) == [("search:mine", "reverted", None)]
        assert query_of(now, "mine") == expected
    for expected in states[1:]:
        gallery.redo()
        assert query_of(now, "mine") == expected


def test_what_somebody_else_saved_since_stays(gallery, do, now):
    first = do(search("mine", None, "role:bg"))
    do(search("mine", "role:bg", "npc:alex"))
    assert outcomes(gallery.undo(first)) == [("search:mine", "unchanged", "changed_since")]
    assert query_of(now, "mine") == "npc:alex"


def test_a_batch_holds_assets_and_records_and_history_counts_both(gallery, context, ids, do):
    do(search("mine", None, "role:bg"), changes=[Change(1, {"tags": []}, {"tags": ["role:bg"]})])
    newest = gallery.history(limit=1)[0].to_json()
    assert (newest["size"], newest["records"]) == (2, [{"kind": "search", "name": "mine", "change": "created"}])
    gallery.undo()
    assert gallery.count("role:bg") == 0
    assert [record.change for record in gallery.history(limit=1)[0].records] == ["removed"]


def test_a_dry_run_of_undo_writes_no_record(gallery, do, now):
    do(search("mine", None, "role:bg"))
    assert outcomes(gallery.undo(dry_run=True)) == [("search:mine", "reverted", None)]
    assert query_of(now, "mine") == "role:bg"


# Files of the project


@pytest.fixture
def words(root):
    path = root / "ontology" / "words.yaml"
    path.parent.mkdir()
    path.write_bytes(b"version: 1\r\n")
    return path


def file(before, after, name="ontology/words.yaml"):
    return Record("file", name, before and {"text": before}, after and {"text": after})


def test_a_file_is_rewritten_and_undo_writes_the_old_text_back_to_the_byte(gallery, do, words):
    do(file("version: 1\r\n", "version: 2\n"))
    assert words.read_bytes() == b"version: 2\n"
    assert outcomes(gallery.undo(dry_run=True)) == [("file:ontology/words.yaml", "reverted", None)]
    assert words.read_bytes() == b"version: 2\n"
    assert outcomes(gallery.undo()) == [("file:ontology/words.yaml", "reverted", None)]
    assert words.read_bytes() == b"version: 1\r\n"
    gallery.redo()
    assert words.read_bytes() == b"version: 2\n"


def test_a_file_that_was_edited_since_is_left_as_it_is(gallery, do, words):
    do(file("version: 1\r\n", "version: 2\n"))
    words.write_text("mine\n")
    assert outcomes(gallery.undo(2 - 1)) == [("file:ontology/words.yaml", "unchanged", "changed_since")]
    assert words.read_text() == "mine\n"


def test_a_file_that_was_made_goes_again_and_comes_back(gallery, do, root):
    do(file(None, "new\n", "ontology/more.yaml"))
    assert (root / "ontology/more.yaml").read_text() == "new\n"
    gallery.undo()
    assert not (root / "ontology/more.yaml").exists()
    gallery.redo()
    assert (root / "ontology/more.yaml").read_text() == "new\n"


def test_a_file_that_is_not_as_expected_stops_the_whole_batch(gallery, do, ids, words):
    with pytest.raises(ConflictError, match="somebody else"):
        do(file("other", "version: 2\n"), changes=[Change(1, {"tags": []}, {"tags": ["role:bg"]})])
    assert (words.read_bytes(), gallery.count("role:bg"), gallery.last_batch()) == (b"version: 1\r\n", 0, 1)


@pytest.mark.parametrize("name", ["../outside.yaml", "/tmp/outside.yaml", "ontology/../../outside.yaml"])
def test_no_file_outside_of_the_project_is_written(do, name):
    with pytest.raises(InvalidInputError, match="no file of this project"):
        do(file(None, "x", name))


def test_files_are_untouched_until_the_end_of_the_transaction_and_when_it_fails(context, words):
    def in_vain():
        with context.database.write() as connection:
            apply(connection, context, "test", records=[file("version: 1\r\n", "version: 2\n")])
            assert words.read_bytes() == b"version: 1\r\n"
            assert read_record(connection, context, "file", "ontology/words.yaml") == {"text": "version: 2\n"}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_vain()
    assert words.read_bytes() == b"version: 1\r\n"


def test_a_file_that_somebody_saves_during_the_transaction_is_not_overwritten(context, words):
    def in_vain():
        with context.database.write() as connection:
            apply(connection, context, "test", records=[file("version: 1\r\n", "version: 2\n")])
            words.write_text("mine\n")

    with pytest.raises(ConflictError, match="somebody else"):
        in_vain()
    assert words.read_text() == "mine\n"


def test_files_are_put_back_when_a_later_one_cannot_be_written(gallery, do, root, words):
    (root / "blocked").write_text("no folder")
    with pytest.raises(CallsheetError) as caught:
        do(file("version: 1\r\n", "version: 2\n"), file(None, "x", "blocked/more.yaml"))
    assert caught.value.code == "storage"
    assert (words.read_bytes(), gallery.last_batch()) == (b"version: 1\r\n", 0)


def test_files_are_put_back_when_the_commit_fails(context, do, words):
    def in_vain():
        with context.database.write() as connection:
            apply(connection, context, "test", records=[file("version: 1\r\n", "version: 2\n")])
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            connection.exec_driver_sql("INSERT INTO asset_tag VALUES ('x', 999)")

    with pytest.raises(Exception, match="FOREIGN KEY"):
        in_vain()
    assert words.read_bytes() == b"version: 1\r\n"
    do(file("version: 1\r\n", "version: 3\n"))
    assert words.read_bytes() == b"version: 3\n"


def test_two_batches_of_one_file_are_both_taken_back(gallery, do, words):
    do(file("version: 1\r\n", "two"))
    do(file("two", "three"))
    gallery.undo()
    gallery.undo()
    assert words.read_bytes() == b"version: 1\r\n"


def test_the_index_of_parents_follows_the_field(gallery, context, ids, do):
    def parents():
        with context.database.read() as connection:
            return sorted(connection.execute(select(asset_parent.c.parent_id)).scalars())

    do(changes=[Change(1, {"parents": []}, {"parents": [ids[1], "abc"]})])
    assert parents() == sorted([ids[1], "abc"])
    do(changes=[Change(1, {"parents": [ids[1], "abc"]}, {"parents": ["abc", ids[2]]})])
    assert parents() == sorted([ids[2], "abc"])
    gallery.undo(2)
    assert parents() == [ids[2]]


# The history tells it all, and can be asked for a part


def test_the_history_can_be_asked_for_kinds_origins_people_and_days(gallery, root, ids):
    gallery.tag(ids, add=["role:bg"], origin="suggestion")
    gallery.create_collection("mine", ids)
    with open_context(root, actor="bob", now=lambda: NOON + timedelta(days=2)) as context:
        Gallery(context).edit_all(ids[0], Edit(rating=3))

    def numbers(**wanted):
        return [entry.seq for entry in gallery.history(wanted=Filter(**wanted))]

    assert numbers(kind="collection") == [3]
    assert numbers(origin="suggestion") == [2]
    assert numbers(actor="bob") == numbers(since=datetime(2026, 11, 22)) == [4]  # noqa: DTZ001  # naive is UTC
    assert numbers(actor="tester", origin="hand") == [3, 1]
    assert [entry.batch.seq for entry in gallery.asset_history(ids[0], wanted=Filter(kind="rate"))] == [4]
    with pytest.raises(InvalidInputError, match="no origin `magic`"):
        numbers(origin="magic")


# Long runs are taken back in parts


@pytest.fixture
def long_run(gallery, root, monkeypatch):
    """Six assets that one call added in six batches, and a journal that takes back two at a time."""
    monkeypatch.setattr(ingest, "CHUNK_FILES", 1)
    monkeypatch.setattr(journal, "CHANGES_AT_ONCE", 2)
    return gallery.add(make_pictures(root, 6))


def test_a_long_run_is_taken_back_in_several_transactions_and_told_of_as_one(gallery, long_run, monkeypatch):
    transactions = []
    take = Taking.take

    def counted(self, *arguments, **options):
        transactions.append(take(self, *arguments, **options))
        return transactions[-1]

    monkeypatch.setattr(Taking, "take", counted)
    bulk = gallery.undo()
    assert transactions == [2, 2, 2]
    assert (len(bulk.results), bulk.batch, gallery.count()) == (6, 12, 0)
    assert {entry.run for entry in gallery.history(limit=6)} == {None, 7}
    gallery.redo()
    assert (transactions, gallery.count()) == ([2] * 6, 6)


def test_an_undo_that_was_killed_half_way_goes_on_where_it_was(gallery, long_run, monkeypatch):
    take, parts = Taking.take, iter(range(9))

    def dying(self, *arguments, **options):
        if next(parts) == 2:
            raise KeyboardInterrupt
        return take(self, *arguments, **options)

    monkeypatch.setattr(Taking, "take", dying)
    with pytest.raises(KeyboardInterrupt):
        gallery.undo()
    assert gallery.count() == 2
    assert len(gallery.undo().results) == 2
    assert gallery.count() == 0
    gallery.redo()
    gallery.redo()
    assert gallery.count() == 6


def test_what_somebody_does_between_two_parts_stays(gallery, root, long_run, monkeypatch):
    take, parts = Taking.take, iter(range(9))
    ids = [item.id for item in long_run.results]

    def interrupted(self, connection, *arguments, **options):
        if next(parts) == 1:
            trash = Change(1, {"trashed_at": None}, {"trashed_at": "2026-11-21T13:00:00Z"})
            apply(connection, self.context, "trash", [trash])
        return take(self, connection, *arguments, **options)

    monkeypatch.setattr(Taking, "take", interrupted)
    bulk = gallery.undo()
    assert [item.id for item in bulk.results if item.outcome == "unchanged"] == [ids[0]]
    assert gallery.count() == 0
