"""Opening, reading, writing: one file, several programs, and files that are not as they should be."""

import importlib
import sqlite3
import sys
import threading

import pytest
from gallery_builders import NOON, SMALL_ONTOLOGY, make_picture, open_context
from sqlalchemy import exc, func, insert, select, text

from callsheet.upgrade import SCHEMA
from gallery import Gallery
from gallery.context import GalleryContext
from gallery.store import driver
from gallery.store.database import DATABASE_NAME, Database
from gallery.store.model import metadata
from gallery.store.schema import FOREIGN, UNVERSIONED, Schema, current_revision
from gallery.store.tables import batch
from ontology.errors import CallsheetError, ConflictError, IntegrityError

BATCH = {"kind": "tag", "at": NOON, "actor": "", "origin": "hand"}


def count_batches(database):
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(batch)).scalar_one()


def write_batch(database):
    with database.write() as connection:
        connection.execute(insert(batch).values(**BATCH))


def test_reading_a_project_without_a_database_finds_nothing_and_makes_nothing(context, root):
    assert count_batches(context.database) == 0
    assert list(root.iterdir()) == []


def test_the_first_write_makes_the_file_with_the_promised_pragmas(context):
    write_batch(context.database)
    with context.database.read() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "mmap_size", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "mmap_size": 0,
        "busy_timeout": 5000,
    }
    assert sorted(path.name for path in context.data_dir.glob("*.db")) == [DATABASE_NAME]


def test_a_failed_write_leaves_nothing(context):
    write_batch(context.database)

    def fail():
        with context.database.write() as connection:
            connection.execute(insert(batch).values(**BATCH))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert count_batches(context.database) == 1


def test_a_broken_rule_of_a_table_is_no_fault_of_the_file(context):
    def write_twice():
        with context.database.write() as connection:
            for _ in range(2):
                connection.execute(insert(batch).values(seq=7, **BATCH))

    with pytest.raises(exc.IntegrityError):
        write_twice()
    assert count_batches(context.database) == 0


def test_moments_come_back_aware_and_in_utc(context):
    write_batch(context.database)
    with context.database.read() as connection:
        assert connection.execute(select(batch.c.at)).scalar_one() == NOON


def test_threads_of_one_process_take_turns(context):
    write_batch(context.database)
    threads = [threading.Thread(target=lambda: [write_batch(context.database) for _ in range(5)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count_batches(context.database) == 21


def test_a_part_of_the_program_that_never_stops_writing_is_reported(root):
    with (
        open_context(root, busy_seconds=0.01) as context,
        context.database.write(),
        pytest.raises(ConflictError, match="another part of this program"),
    ):
        write_batch(context.database)


def test_a_database_locked_by_another_program_is_named_with_a_way_out(root):
    with open_context(root, busy_seconds=0.05) as context:
        write_batch(context.database)
        other = driver.connect(context.database.path, create=False)
        other.execute("BEGIN IMMEDIATE")
        try:
            with pytest.raises(ConflictError) as caught:
                write_batch(context.database)
        finally:
            other.close()
        assert caught.value.code == "locked"
        assert str(context.database.path) in caught.value.message
        assert "try again" in caught.value.hint
        write_batch(context.database)
        assert count_batches(context.database) == 2


def test_a_damaged_file_is_an_integrity_error_that_names_the_newest_backup(context):
    backups = context.data_dir / "backups"
    backups.mkdir(parents=True)
    (backups / "callsheet-0001-x.db").write_bytes(b"")
    context.database.path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(IntegrityError, match="damaged") as caught:
        count_batches(context.database)
    assert "callsheet-0001-x.db" in caught.value.hint
    with pytest.raises(IntegrityError):
        write_batch(context.database)


def test_a_damaged_page_is_found_without_a_backup_to_name(context):
    write_batch(context.database)
    context.database.close()
    content = bytearray(context.database.path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    context.database.path.write_bytes(content)
    with Database(context.database.path, SCHEMA) as reopened:
        with pytest.raises(IntegrityError, match="damaged") as caught:
            read_everything(reopened)
        assert "there is no backup" in caught.value.hint


def read_everything(database):
    with database.read() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.select()).all()


def test_a_file_from_a_newer_version_is_refused_for_reading_and_writing(context):
    write_batch(context.database)
    with context.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with Database(context.database.path, SCHEMA) as reopened:
        for attempt in (count_batches, write_batch):
            with pytest.raises(ConflictError, match="newer version"):
                attempt(reopened)


def test_a_file_from_an_older_version_is_not_upgraded_by_reading(context):
    write_batch(context.database)
    calls = []
    later = Schema(revisions=(*SCHEMA.revisions, "later"), upgrade=lambda path, backups: calls.append((path, backups)))
    with Database(context.database.path, later) as reopened:
        with pytest.raises(ConflictError, match="older version"):
            count_batches(reopened)
        assert calls == []
        write_batch(reopened)
        assert calls == [(context.database.path, context.data_dir / "backups")]


def test_another_programs_database_is_left_alone(context):
    context.data_dir.mkdir()
    connection = sqlite3.connect(context.database.path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = context.database.path.read_bytes()
    assert current_revision(context.database.path) == FOREIGN
    for attempt in (count_batches, write_batch):
        with pytest.raises(ConflictError, match="another program"):
            attempt(context.database)
    assert context.database.path.read_bytes() == before


def test_an_empty_file_is_an_empty_gallery_that_can_be_written(context):
    context.data_dir.mkdir()
    context.database.path.touch()
    assert current_revision(context.database.path) == UNVERSIONED
    assert count_batches(context.database) == 0
    write_batch(context.database)
    assert count_batches(context.database) == 1


def test_a_file_whose_version_table_is_empty_counts_as_unversioned(context):
    context.data_dir.mkdir()
    connection = sqlite3.connect(context.database.path)
    connection.execute("CREATE TABLE alembic_version (version_num)")
    connection.close()
    assert current_revision(context.database.path) == UNVERSIONED


def test_what_the_driver_says_of_a_full_disk_or_a_lost_file_is_explained(context):
    from gallery.store.faults import as_callsheet_error

    full = as_callsheet_error(Exception("database or disk is full"), context.database.path, context.database.backups)
    odd = as_callsheet_error(Exception("disk I/O error"), context.database.path, context.database.backups)
    assert (full.code, odd.code) == ("disk_full", "storage")
    assert all(isinstance(error, CallsheetError) and error.hint for error in (full, odd))


def test_an_old_sqlite_makes_writers_take_turns_at_a_lock_file(root):
    assert driver.has_wal_reset_bug(sqlite3) == (sqlite3.sqlite_version_info < (3, 51, 3))
    old = type("Old", (), {"__name__": "old", "sqlite_version_info": (3, 51, 2)})
    assert driver.has_wal_reset_bug(old)


@pytest.mark.skipif(sqlite3.sqlite_version_info >= (3, 51, 3), reason="this Python's own SQLite has no bug to avoid")
def test_the_whole_gallery_works_on_pythons_own_old_sqlite(root):
    with open_context(root, driver=sqlite3, busy_seconds=0.05) as context:
        gallery = Gallery(context)
        (item,) = gallery.add([make_picture(root / "a.png")]).results
        gallery.tag([item.id], add=["role:bg"])
        assert gallery.count("role:bg") == 1
        assert (context.data_dir / "write.lock").exists()
        assert "old_sqlite" in {finding.code for finding in gallery.doctor()}
        from gallery.store.turns import turn

        with turn(context.data_dir / "write.lock", 0), pytest.raises(ConflictError, match=r"write\.lock is held"):
            gallery.tag([item.id], add=["loc:park"])
        assert gallery.count("loc:park") == 0


def test_without_pysqlite3_pythons_own_module_is_taken(monkeypatch):
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    assert driver._choose() is sqlite3
    monkeypatch.undo()
    assert driver._choose() is importlib.import_module("pysqlite3")


def test_a_missing_file_is_not_made_by_connecting(tmp_path):
    with pytest.raises(driver.DRIVER.OperationalError):
        driver.connect(tmp_path / "none.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_explained(root):
    with Database(root / "file" / DATABASE_NAME, SCHEMA) as database:
        (root / "file").write_text("in the way")
        with pytest.raises((CallsheetError, OSError)):
            write_batch(database)


def test_importing_the_gallery_loads_nothing_heavy():
    import subprocess

    program = "import sys, gallery; print([m for m in ('sqlalchemy', 'PIL', 'alembic', 'lark') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_name_of_the_package_can_be_fetched_and_no_other():
    import gallery

    assert all(getattr(gallery, name) is not None for name in gallery.__all__)
    assert gallery.GalleryContext is GalleryContext
    with pytest.raises(AttributeError):
        _ = gallery.nonsense


def test_a_context_tells_the_time_by_itself(context):
    plain = GalleryContext(context.root, context.data_dir, context.database, SMALL_ONTOLOGY)
    assert plain.now().utcoffset().total_seconds() == 0
