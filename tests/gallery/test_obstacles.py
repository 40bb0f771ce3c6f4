"""Projects that may only be looked at, may not be looked at, or stand on a full disk."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest
from gallery_builders import SCHEMA, change_modes, make_pictures, mount_disk, open_context, open_folder, ordinary_user

from gallery import Gallery
from gallery.checks import thumbnails as thumbnail_checks
from gallery.index import plain_reading
from gallery.index.live_index import LiveIndex
from gallery.index.plain_reading import PlainReader
from gallery.store import database, driver, faults
from gallery.store.database import DATABASE_NAME
from gallery.store.faults import as_callsheet_error, unreachable
from gallery.store.turns import turn
from ontology.errors import CallsheetError, ConflictError, IntegrityError


@pytest.fixture
def shared():
    """A project with three assets, closed, in a folder that everybody can reach."""
    with open_folder() as root:
        with open_context(root) as context:
            Gallery(context).add(make_pictures(root / "p", 3), tags=["role:bg"])
        yield root


def reader_of(root):
    data_dir = root / ".callsheet"
    return PlainReader(data_dir / DATABASE_NAME, data_dir / "backups", root, SCHEMA)


def names(root):
    return sorted(path.name for path in (root / ".callsheet").iterdir())


def codes(findings):
    return sorted(finding.code for finding in findings if finding.severity != "info")


@pytest.mark.parametrize(("folders", "files"), [(0o555, 0o444), (0o777, 0o444), (0o555, 0o666)])
def test_a_project_that_may_only_be_looked_at_is_read_and_left_as_it_is(shared, folders, files):
    change_modes(shared, folders=folders, files=files)
    before = names(shared)
    with ordinary_user(), open_context(shared) as context:
        gallery = Gallery(context)
        assert gallery.search("role:bg").total == 3
        assert len(list(gallery.candidates())) == 3
        assert gallery.doctor()
        with reader_of(shared).moment() as moment:
            assert moment.live_count() == 3
        with LiveIndex(reader_of(shared), context.data_dir / "cache").current() as index:
            assert len(index) == 3
        if folders != 0o777:
            with pytest.raises(CallsheetError) as caught:
                gallery.tag([gallery.search().assets[0].id], add=["loc:park"])
            assert (caught.value.code, bool(caught.value.hint)) == ("storage", True)
    assert [name for name in names(shared) if name != "cache"] == before


def test_what_its_owner_writes_meanwhile_is_seen(shared):
    change_modes(shared, folders=0o755, files=0o644)
    with open_context(shared) as owner:
        with ordinary_user(), open_context(shared) as context:
            assert Gallery(context).count("role:bg") == 3
            reader = reader_of(shared)
            with reader.moment() as moment:
                before = moment.mark()
        Gallery(owner).trash([Gallery(owner).search().assets[0].id])
        with ordinary_user(), open_context(shared) as context:
            assert Gallery(context).count("role:bg") == 2
            with reader.moment() as moment:
                assert moment.mark() != before
        reader.close()


def test_a_thumbnail_that_cannot_be_written_is_stood_in_for_by_the_picture(shared):
    shutil.rmtree(shared / ".callsheet" / "thumbs")
    change_modes(shared, folders=0o555, files=0o444)
    with ordinary_user(), open_context(shared) as context:
        gallery = Gallery(context)
        asset = gallery.search().assets[0]
        assert gallery.thumbnail(asset.id) == (shared / asset.path).resolve()
        assert codes(gallery.doctor()) == ["missing_thumbnail"] * 3


def test_repair_leaves_the_thumbnails_that_it_may_not_write(shared):
    shutil.rmtree(shared / ".callsheet" / "thumbs")
    change_modes(shared, folders=0o777, files=0o666)
    (shared / ".callsheet" / "thumbs").mkdir()
    with ordinary_user(), open_context(shared) as context:
        assert codes(Gallery(context).repair().left) == ["missing_thumbnail"] * 3


@pytest.mark.parametrize(
    ("closed", "named"),
    [
        (".callsheet", ".callsheet/callsheet.db"),
        (".callsheet/callsheet.db", "callsheet.db"),
    ],
)
def test_what_may_not_be_read_is_named_with_a_way_out(shared, closed, named):
    (shared / closed).chmod(0)
    with ordinary_user(), open_context(shared) as context:
        gallery = Gallery(context)
        attempts = [
            gallery.count,
            lambda: gallery.tag(["a0"], add=["role:bg"]),
            gallery.repair,
            context.database.exists,
        ]
        if closed != ".callsheet":
            attempts.pop()
        for attempt in attempts:
            with pytest.raises(CallsheetError) as caught:
                attempt()
            assert caught.value.code == "storage"
            assert named in caught.value.message
            assert "permissions" in caught.value.hint or "may read" in caught.value.hint
        with pytest.raises(CallsheetError, match=r"callsheet\.db") as caught, reader_of(shared).moment():
            pass
        assert caught.value.code == "storage"
        assert "storage" in codes(gallery.doctor())
        assert all(finding.hint for finding in gallery.doctor() if finding.code == "storage")


@pytest.mark.parametrize("mode", [0, 0o444])
def test_thumbnails_that_may_not_be_looked_at_are_a_finding(shared, mode):
    change_modes(shared, folders=0o777, files=0o666)
    (shared / ".callsheet" / "thumbs").chmod(mode)
    with ordinary_user(), open_context(shared) as context:
        gallery = Gallery(context)
        found = [finding for finding in gallery.doctor() if finding.severity != "info"]
        assert {finding.code for finding in found} == {"storage"}
        assert "thumbs" in found[0].message
        asset = gallery.search().assets[0]
        assert gallery.thumbnail(asset.id) == (shared / asset.path).resolve()
        assert codes(gallery.repair().left) == codes(found)


def test_pictures_in_a_folder_that_may_not_be_looked_into_are_not_taken_for_deleted(shared):
    (shared / "p").chmod(0)
    with ordinary_user(), open_context(shared) as context:
        (finding,) = [finding for finding in Gallery(context).doctor() if finding.severity != "info"]
    assert finding.code == "folder_unavailable"
    assert finding.message.startswith("3 files out of reach")


def test_a_file_in_the_place_of_the_folder_is_no_empty_gallery(context, root):
    context.data_dir.write_text("in the way")
    gallery = Gallery(context)
    for attempt in (gallery.count, gallery.undo, gallery.repair):
        with pytest.raises(CallsheetError, match=r"\.callsheet is a file") as caught:
            attempt()
        assert caught.value.code == "storage"
    with pytest.raises(CallsheetError, match=r"\.callsheet is a file"), reader_of(root).moment():
        pass
    assert "storage" in codes(gallery.doctor())


def test_a_folder_in_the_place_of_the_database_is_no_empty_gallery(context):
    context.database.path.mkdir(parents=True)
    with pytest.raises(CallsheetError, match="is a folder") as caught:
        Gallery(context).count()
    assert caught.value.code == "storage"


# A database of no bytes


def cut(root):
    (root / ".callsheet" / DATABASE_NAME).write_bytes(b"")


def test_an_emptied_database_is_damage_and_no_thumbnail_is_swept(shared):
    backups = shared / ".callsheet" / "backups"
    backups.mkdir()
    shutil.copy(shared / ".callsheet" / DATABASE_NAME, backups / "callsheet-0001-x.db")
    cut(shared)
    thumbnails = sorted((shared / ".callsheet" / "thumbs").rglob("*.jpg"))
    with open_context(shared) as context:
        gallery = Gallery(context)
        for attempt in (gallery.count, gallery.repair, lambda: gallery.add([shared / "p"])):
            with pytest.raises(IntegrityError, match="is empty") as caught:
                attempt()
            assert "callsheet-0001-x.db" in caught.value.hint
        with pytest.raises(IntegrityError, match="is empty"), reader_of(shared).moment():
            pass
        (finding,) = [finding for finding in gallery.doctor() if finding.severity != "info"]
        assert (finding.code, finding.severity) == ("damaged_database", "error")
        assert sorted((shared / ".callsheet" / "thumbs").rglob("*.jpg")) == thumbnails
        assert len(thumbnails) == 3


def test_the_way_out_of_an_emptied_database_works_without_a_restart(shared):
    kept = (shared / ".callsheet" / DATABASE_NAME).read_bytes()
    with open_context(shared) as context:
        gallery, reader = Gallery(context), reader_of(shared)
        assert gallery.count() == 3
        with reader.moment() as moment:
            assert moment.live_count() == 3
        cut(shared)
        with pytest.raises(IntegrityError, match="is empty"):
            gallery.count()
        with pytest.raises(IntegrityError, match="is empty"), reader.moment():
            pass
        for path in (shared / ".callsheet").glob(f"{DATABASE_NAME}*"):
            path.unlink()
        (shared / ".callsheet" / DATABASE_NAME).write_bytes(kept)
        assert gallery.count() == 3
        with reader.moment() as moment:
            assert moment.live_count() == 3
        reader.close()


def test_tables_that_are_gone_are_an_emptied_database_too(shared):
    cut(shared)
    connection = sqlite3.connect(shared / ".callsheet" / DATABASE_NAME)
    connection.executescript("CREATE TABLE t (x); DROP TABLE t;")
    connection.close()
    with open_context(shared) as context, pytest.raises(IntegrityError, match="is empty"):
        Gallery(context).count()
    with pytest.raises(IntegrityError, match="is empty"), reader_of(shared).moment():
        pass


def test_tables_that_never_were_are_a_new_gallery(root):
    (root / ".callsheet").mkdir()
    connection = sqlite3.connect(root / ".callsheet" / DATABASE_NAME)
    connection.executescript("CREATE TABLE t (x); DROP TABLE t;")
    connection.close()
    reader = reader_of(root)
    with reader.moment() as moment:
        assert moment is None
    reader.close()
    with open_context(root) as context:
        assert Gallery(context).count() == 0


def test_thumbnails_that_may_not_be_looked_at_are_a_sign_of_a_gallery_too(shared):
    cut(shared)
    (shared / ".callsheet" / "thumbs").chmod(0)
    with ordinary_user(), open_context(shared) as context, pytest.raises(IntegrityError, match="is empty"):
        Gallery(context).count()


def test_a_log_beside_an_emptied_database_is_not_swept_away(root):
    (root / ".callsheet").mkdir()
    cut(root)
    log = root / ".callsheet" / f"{DATABASE_NAME}-wal"
    log.write_bytes(b"what was written last")
    with open_context(root) as context, pytest.raises(IntegrityError, match="is empty"):
        Gallery(context).count()
    assert log.exists()


def test_an_empty_file_without_a_gallery_before_it_is_a_new_one(root):
    (root / ".callsheet").mkdir()
    cut(root)
    with open_context(root) as context:
        gallery = Gallery(context)
        assert gallery.count() == 0
        with reader_of(root).moment() as moment:
            assert moment is None
        gallery.add(make_pictures(root / "p", 2))
        assert gallery.count() == 2


def test_in_a_damaged_gallery_no_thumbnail_is_swept(shared):
    orphan = shared / ".callsheet" / "thumbs" / "00" / f"{'0' * 64}.jpg"
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"x")
    connection = driver.connect(shared / ".callsheet" / DATABASE_NAME, create=False, foreign_keys=False)
    connection.execute("INSERT INTO asset_path (path, asset_key, words, size, mtime_ns) VALUES ('x', 999, 'x', 1, 1)")
    connection.close()
    with open_context(shared) as context:
        assert "dangling_row" in codes(Gallery(context).repair().left)
    assert orphan.exists()


def test_without_a_backup_the_way_out_is_told_all_the_same(tmp_path):
    hint = faults.damaged(tmp_path / "callsheet.db", tmp_path / "backups", "x").hint
    assert hint == (
        f"there is no backup in {tmp_path / 'backups'}: put back a copy of your own; "
        "or move callsheet.db* away and add the pictures again, without their tags"
    )


def test_backups_that_may_not_be_looked_at_are_none(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.glob", refuse)
    assert faults.newest_backup(tmp_path) is None


def test_damage_is_told_on_one_line(shared, monkeypatch):
    connection = driver.connect(shared / ".callsheet" / DATABASE_NAME, create=False)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET rootpage = rootpage + 1 WHERE name = 'ix_asset_live'")
    connection.close()
    with open_context(shared) as context:
        found = [finding for finding in Gallery(context).doctor() if finding.code == "damaged_database"]
    assert found
    assert all("\n" not in finding.message and "move callsheet.db* away" in finding.hint for finding in found)


# A full disk


@pytest.mark.parametrize("said", ["disk I/O error", "unable to open database file"])
@pytest.mark.parametrize(("free", "code"), [(0, "disk_full"), (10**9, "storage")])
def test_a_full_disk_is_told_from_a_broken_one_by_its_free_space(tmp_path, monkeypatch, said, free, code):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, free))
    error = as_callsheet_error(Exception(said), tmp_path / "none" / "x.db", tmp_path)
    assert error.code == code
    assert error.hint


def test_a_disk_that_cannot_be_asked_is_not_called_full(tmp_path, monkeypatch):
    def refuse(_):
        raise OSError

    monkeypatch.setattr(shutil, "disk_usage", refuse)
    assert as_callsheet_error(Exception("disk I/O error"), tmp_path / "x.db", tmp_path).code == "storage"


def test_what_the_system_says_is_told_apart(tmp_path):
    path = tmp_path / "x.db"
    full = unreachable(path, OSError(errno.ENOSPC, "No space left on device"))
    odd = unreachable(path, OSError(errno.EIO, "Input/output error"))
    assert (full.code, odd.code) == ("disk_full", "storage")
    assert "Input/output error" in odd.message


@pytest.fixture
def small_disk(tmp_path):
    """A disk of two megabytes."""
    place = tmp_path / "disk"
    with mount_disk(place, megabytes=2):
        yield place


def test_a_full_disk_says_so_when_it_is_read_and_when_it_is_written(small_disk):
    with open_context(small_disk) as context:
        ids = [item.id for item in Gallery(context).add(make_pictures(small_disk / "p", 3)).results]
    with pytest.raises(OSError, match="space"):
        (small_disk / "filler").write_bytes(b"x" * 2**22)
    with open_context(small_disk) as context:
        for attempt in (Gallery(context).count, lambda: Gallery(context).tag(ids, add=["role:bg"])):
            with pytest.raises(CallsheetError) as caught:
                attempt()
            assert caught.value.code == "disk_full"
        assert "disk_full" in codes(Gallery(context).doctor())
    with pytest.raises(CallsheetError) as caught, reader_of(small_disk).moment():
        pass
    assert caught.value.code == "disk_full"
    (small_disk / "filler").unlink()
    with open_context(small_disk) as context:
        assert Gallery(context).count() == 3


# Upgrading and taking turns


def test_an_upgrade_that_the_system_refuses_is_explained(context, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(CallsheetError) as caught:
        Gallery(context).undo()
    assert caught.value.code == "storage"


def test_a_lock_file_that_cannot_be_made_is_explained(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CallsheetError, match="is a file, where a folder belongs"), turn(tmp_path / "file" / "lock", 0):
        pass


@pytest.mark.skipif(sqlite3.sqlite_version_info >= (3, 51, 3), reason="this Python's own SQLite has no bug to avoid")
def test_pythons_own_old_sqlite_reads_what_may_only_be_looked_at_too(shared):
    plain = reader_of(shared)
    plain.driver = sqlite3
    with plain.moment() as moment:
        assert moment.live_count() == 3
    assert plain._kept is None  # closing may checkpoint, so nothing is kept open beyond a writer's turn
    (shared / ".callsheet" / "write.lock").unlink()
    change_modes(shared, folders=0o555, files=0o444)
    with ordinary_user(), open_context(shared, driver=sqlite3) as context:
        assert Gallery(context).count() == 3
        with plain.moment() as moment:
            assert moment.live_count() == 3


def test_a_thumbnail_that_vanishes_under_the_doctors_eyes_is_a_finding(shared, monkeypatch):
    with open_context(shared) as context:
        monkeypatch.setattr(thumbnail_checks, "_listing", lambda folder: [folder / "gone.jpg"])
        assert "storage" in codes(Gallery(context).doctor())


# The connection that is kept


def test_one_connection_serves_many_moments(shared, monkeypatch):
    opened = []
    monkeypatch.setattr(
        plain_reading, "connect", lambda *args, **more: opened.append(1) or driver.connect(*args, **more)
    )
    reader = reader_of(shared)
    for _ in range(3):
        with reader.moment() as moment:
            assert moment.live_count() == 3
    assert len(opened) == 1
    reader.close()
    reader.close()
    with reader.moment() as moment:
        assert moment.live_count() == 3
    assert len(opened) == 2
    reader.close()


def test_a_moment_within_a_moment_has_a_connection_of_its_own(shared):
    reader = reader_of(shared)
    with reader.moment() as outer, open_context(shared) as context:
        assert outer.live_count() == 3
        Gallery(context).trash([Gallery(context).search().assets[0].id])
        reader.close()
        with reader.moment() as inner:
            assert inner.live_count() == 2
        assert outer.live_count() == 3
    reader.close()


def test_a_stream_left_half_way_does_not_hold_the_reader_to_its_moment(shared):
    reader = reader_of(shared)
    with reader.moment() as moment:
        stream = moment.live()
        next(stream)
    with open_context(shared) as context:
        Gallery(context).trash([Gallery(context).search().assets[0].id])
    with reader.moment() as moment:
        assert moment.live_count() == 2
    reader.close()


def test_after_an_error_the_connection_is_another(shared):
    reader = reader_of(shared)
    with pytest.raises(ValueError, match="mine"), reader.moment() as moment:
        raise ValueError("mine")
    with reader.moment() as moment:
        assert moment.live_count() == 3
    reader.close()


def test_a_database_put_in_the_others_place_is_the_one_that_is_read(shared):
    reader = reader_of(shared)
    path = shared / ".callsheet" / DATABASE_NAME
    with reader.moment() as moment:
        first = moment.mark()
    other = path.with_name("other.db")
    shutil.copy(path, other)
    connection = driver.connect(other, create=False, wal=False)
    connection.execute("UPDATE batch SET at = '2020-01-01 00:00:00'")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    other.replace(path)
    with reader.moment() as moment:
        assert moment.mark() != first
    path.unlink()
    with reader.moment() as moment:
        assert moment is None


def test_a_database_upgraded_by_another_program_is_refused_although_it_is_open(shared):
    reader = reader_of(shared)
    with reader.moment():
        pass
    connection = driver.connect(shared / ".callsheet" / DATABASE_NAME, create=False)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(ConflictError, match="newer version"), reader.moment():
        pass


def test_a_connection_is_never_taken_into_another_process(shared, monkeypatch):
    reader = reader_of(shared)
    with reader.moment():
        pass
    inherited = reader._kept.connection
    mine = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: mine + 1)
    with reader.moment() as moment:
        assert moment.live_count() == 3
    assert reader._kept.connection is not inherited
    assert plain_reading._INHERITED.pop() is inherited
    inherited.close()
    reader.close()


def test_a_reader_that_is_forgotten_closes_its_connection(shared):
    program = (
        "import sys, gc, warnings; from pathlib import Path; warnings.simplefilter('error');"
        "from callsheet.upgrade import SCHEMA; from gallery.index.plain_reading import PlainReader;"
        "path = Path(sys.argv[1]); reader = PlainReader(path, path.parent, path.parent.parent, SCHEMA);"
        "context = reader.moment(); context.__enter__(); context.__exit__(None, None, None);"
        "print(path.with_name(path.name + '-wal').exists()); del reader, context; gc.collect();"
        "print(path.with_name(path.name + '-wal').exists())"
    )
    path = shared / ".callsheet" / DATABASE_NAME
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    assert (done.stdout.split(), done.stderr) == (["True", "False"], "")


def test_closing_the_index_lets_go_of_the_database(shared):
    live = LiveIndex(reader_of(shared), shared / "cache")
    with live.current() as index:
        assert len(index) == 3
    assert f"{DATABASE_NAME}-wal" in names(shared)
    live.close()
    assert f"{DATABASE_NAME}-wal" not in names(shared)
    with live.current() as index:
        assert len(index) == 3
    live.close()


def test_the_frozen_engine_is_made_once(shared):
    change_modes(shared, folders=0o555, files=0o444)
    with ordinary_user(), database.Database(shared / ".callsheet" / DATABASE_NAME, SCHEMA) as frozen:
        assert frozen._frozen_engine is frozen._frozen_engine
        with frozen.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM asset").scalar_one() == 3
