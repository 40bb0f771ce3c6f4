"""The doctor reads bytes little by little or all at once, goes on where it was stopped, and never touches damage."""

import os
import signal
import subprocess
import sys

import pytest
from gallery_builders import NOON, make_picture, make_pictures, open_context
from sqlalchemy import delete, insert, select, update

from gallery import Gallery
from gallery.checks import content, doctor, hashing
from gallery.store.database import DATABASE_NAME
from gallery.store.driver import connect
from gallery.store.tables import asset, asset_parent, asset_path


@pytest.fixture
def files(root):
    return make_pictures(root / "p", 6)


@pytest.fixture
def ids(gallery, files):
    return [item.id for item in gallery.add(files, tags=["role:bg"]).results]


def found(findings):
    return [(finding.code, finding.path) for finding in findings if finding.severity != "info"]


def rot(path):
    """Another byte in the file, with its size and time as they were."""
    status = path.stat()
    changed = bytearray(path.read_bytes())
    changed[-20] ^= 255
    path.write_bytes(changed)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def checked(context):
    with context.database.read() as connection:
        return dict(connection.execute(select(asset_path.c.path, asset_path.c.checked_at)).all())


def test_bytes_that_rot_under_an_unchanged_time_are_damage(gallery, files, ids):
    rot(files[2])
    (finding,) = [finding for finding in gallery.doctor() if finding.severity != "info"]
    assert (finding.code, finding.severity, finding.path) == ("damaged_file", "error", "p/002.png")
    assert found(gallery.doctor()) == [("damaged_file", "p/002.png")]
    assert codes_left(gallery) == ["damaged_file"]


def codes_left(gallery):
    return [finding.code for finding in gallery.repair().left]


def test_what_was_whole_is_noted_and_what_was_not_stays_due(gallery, context, files, ids):
    rot(files[0])
    gallery.doctor()
    assert checked(context) == {f"p/{n:03}.png": None if n == 0 else NOON for n in range(6)}
    assert gallery.last_batch() == 1


def test_each_examination_reads_those_that_were_checked_longest_ago(gallery, context, files, ids, monkeypatch):
    monkeypatch.setattr(content, "SOME_FILES", 4)
    read = watch_reads(monkeypatch)
    gallery.doctor()
    gallery.doctor()
    assert [path.name for path in read] == [f"{number:03}.png" for number in (0, 1, 2, 3, 4, 5, 0, 1)]


def test_no_more_bytes_than_some_are_read_but_one_file_always_is(gallery, ids, monkeypatch):
    monkeypatch.setattr(content, "SOME_BYTES", 1)
    read = watch_reads(monkeypatch)
    gallery.doctor()
    assert len(read) == 1


def watch_reads(monkeypatch):
    read = []
    monkeypatch.setattr(content, "hash_of", lambda place: read.append(place) or hashing.hash_of(place))
    return read


def test_a_full_check_reads_everything_however_lately_it_was_read(gallery, ids, monkeypatch):
    monkeypatch.setattr(content, "SOME_FILES", 2)
    read = watch_reads(monkeypatch)
    gallery.doctor()
    assert len(read) == 2
    later = NOON.replace(hour=13)
    with open_context(gallery.context.root, now=lambda: later) as context:
        told = []
        Gallery(context).doctor(full=True, progress=lambda done, total, path: told.append((done, total, path)))
    assert len(read) == 2 + 6
    assert told[-1] == (6, 6, "p/005.png")
    assert not (gallery.context.data_dir / content.STARTED).exists()


def test_a_full_check_that_was_stopped_goes_on_where_it_was(gallery, context, files, ids, monkeypatch):
    rot(files[5])

    def stop(done, *_):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gallery.doctor(full=True, progress=stop)
    assert sorted(path for path, moment in checked(context).items() if moment) == [f"p/{n:03}.png" for n in range(3)]
    read = watch_reads(monkeypatch)
    with open_context(context.root, now=lambda: NOON.replace(hour=13)) as later:
        assert found(Gallery(later).doctor(full=True)) == [("damaged_file", "p/005.png")]
    assert [path.name for path in read] == ["003.png", "004.png", "005.png"]
    assert not (context.data_dir / content.STARTED).exists()


FULL = """
import sys
from pathlib import Path
from gallery_builders import open_context
from gallery import Gallery
from gallery.checks import content
content._ROWS_AT_ONCE = 5
with open_context(Path(sys.argv[1])) as context:
    Gallery(context).doctor(full=True, progress=lambda done, *_: print(done, flush=True))
"""


@pytest.mark.slow
def test_a_full_check_that_was_killed_goes_on_where_it_was(root):
    with open_context(root) as context:
        Gallery(context).add(make_pictures(root / "p", 60))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", FULL, str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as program:
        for line in program.stdout:
            if int(line) > 22:
                program.send_signal(signal.SIGKILL)
                break
    with open_context(root) as context:
        done = sum(moment is not None for moment in checked(context).values())
        assert done >= 20
        told = []
        assert found(Gallery(context).doctor(full=True, progress=lambda *now: told.append(now))) == []
        assert told[-1][1] == 60 - done


def test_a_marker_that_says_nothing_is_begun_anew(gallery, context, ids):
    (context.data_dir / content.STARTED).write_text("when?")
    assert found(gallery.doctor(full=True)) == []
    assert all(checked(context).values())


def test_a_file_that_cannot_be_read_is_a_warning_and_the_rest_is_read(gallery, context, files, ids, monkeypatch):
    def refuse(place):
        if place.name == "001.png":
            raise PermissionError(13, "Permission denied")
        return hashing.hash_of(place)

    monkeypatch.setattr(content, "hash_of", refuse)
    assert found(gallery.doctor()) == [("unreadable_file", "p/001.png")]
    assert sum(moment is not None for moment in checked(context).values()) == 5


def test_what_is_no_plain_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no plain file"):
        hashing.hash_of(tmp_path / "pipe")


def test_a_large_file_is_hashed_piece_by_piece(tmp_path, monkeypatch):
    import hashlib

    monkeypatch.setattr(hashing, "_PIECE", 10)
    (tmp_path / "x").write_bytes(b"0123456789" * 7 + b"x")
    assert hashing.hash_of(tmp_path / "x") == hashlib.sha256(b"0123456789" * 7 + b"x").hexdigest()


# Indexes, thumbnails, rows


def test_a_wrong_index_of_parents_is_found_and_rebuilt(gallery, context, ids):
    with context.database.write() as connection:
        connection.execute(update(asset).where(asset.c.key == 1).values(parents=[ids[1], ids[2], ids[1]]))
        connection.execute(insert(asset_parent), [{"parent_id": ids[1], "asset_key": 1}])
        connection.execute(insert(asset_parent), [{"parent_id": ids[0], "asset_key": 3}])
    wrong = {finding.asset for finding in gallery.doctor() if finding.code == "parent_index"}
    assert wrong == {ids[0], ids[2]}
    gallery.repair()
    assert found(gallery.doctor()) == []
    with context.database.read() as connection:
        rows = set(connection.execute(select(asset_parent.c.parent_id, asset_parent.c.asset_key)).all())
    assert rows == {(ids[1], 1), (ids[2], 1)}


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("collection_member", "(collection_key, asset_key, position) VALUES (1, 999, 1)"),
        (
            "generation",
            "(asset_key, tool, source, certainty, reason, loras, words, raw) VALUES (999,'t','s',1,'','[]','','{}')",
        ),
        ("asset_parent", "(parent_id, asset_key) VALUES ('a1', 999)"),
    ],
)
def test_rows_of_assets_that_do_not_exist_are_damage_and_left(gallery, context, ids, table, values):
    context.database.close()
    connection = connect(context.database.path, create=False, foreign_keys=False)
    connection.execute("INSERT INTO collection (key, name, label, created_at) VALUES (1, 'c', 'c', '2026-01-01')")
    connection.execute(f"INSERT INTO {table} {values}")
    connection.close()
    told = [finding for finding in gallery.doctor() if finding.code == "dangling_row"]
    assert f"`{table}`" in told[0].message
    assert "None" not in told[0].message
    gallery.thumbnail(ids[0]).unlink()
    repaired = gallery.repair()
    assert repaired.fixed == ()


def test_a_broken_thumbnail_is_found_by_a_full_check(gallery, ids):
    thumbnail = gallery.thumbnail(ids[0])
    thumbnail.write_bytes(thumbnail.read_bytes()[:-10])
    assert found(gallery.doctor()) == []
    (finding,) = [finding for finding in gallery.doctor(full=True) if finding.severity != "info"]
    assert (finding.code, finding.message) == ("missing_thumbnail", f"{ids[0]} has a broken thumbnail")


def test_a_webp_thumbnail_is_whole_when_its_size_says_so(gallery, root):
    (item,) = gallery.add(make_picture(root / "glass.png", (255, 0, 0, 90), mode="RGBA")).results
    thumbnail = gallery.thumbnail(item.id)
    assert thumbnail.suffix == ".webp"
    assert found(gallery.doctor(full=True)) == []
    thumbnail.write_bytes(thumbnail.read_bytes()[:-1])
    assert [code for code, _ in found(gallery.doctor(full=True))] == ["missing_thumbnail"]


def test_a_thumbnail_in_a_folder_of_no_hash_is_an_orphan(gallery, context, ids):
    stray = context.data_dir / "thumbs" / "odd" / "x.jpg"
    stray.parent.mkdir()
    stray.write_bytes(b"x")
    assert [finding.path for finding in gallery.doctor() if finding.code == "orphan_thumbnail"] == [str(stray)]
    gallery.repair()
    assert not stray.exists()


def test_a_full_check_compares_each_index_of_the_database_with_its_table(gallery, context, ids):
    context.database.close()
    connection = connect(context.database.path, create=False)
    rows = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_asset_live'"
    (page,) = connection.execute(rows).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    file = context.database.path
    content_ = bytearray(file.read_bytes())
    start = (page - 1) * size
    body = content_.index(b"2026" if b"2026" in content_[start : start + size] else b"19", start)
    content_[body : body + 4] = b"1999"
    file.write_bytes(content_)
    assert "damaged_database" in [code for code, _ in found(gallery.doctor(full=True))]


# Pictures of no asset


def test_pictures_of_no_asset_are_listed_and_none_is_removed(gallery, root, ids):
    stray = make_picture(root / "assets" / "stray.png", "purple")
    (root / "assets" / "notes.txt").write_text("no picture")
    gallery.sync(root / "p")
    loose = make_picture(root / "p" / "loose.png", "orange")
    make_picture(root / "elsewhere" / "x.png", "brown")
    unlisted = [finding for finding in gallery.doctor() if finding.code == "unlisted_file"]
    assert {finding.path for finding in unlisted} == {"assets/stray.png", "p/loose.png"}
    assert found(gallery.doctor()) == []
    gallery.repair()
    assert stray.exists()
    assert loose.exists()
    assert gallery.count() == 6


def test_what_the_program_put_down_and_was_killed_over_is_taken_in_by_repair(gallery, root, ids):
    make_picture(root / "assets" / "generated" / "new.png", "purple")
    assert found(gallery.doctor()) == [("orphan_file", "assets/generated/new.png")]
    repaired = gallery.repair()
    assert [finding.code for finding in repaired.fixed] == ["orphan_file"]
    assert gallery.count() == 7
    assert found(gallery.doctor()) == []


# Folders that are kept in step


def test_a_watched_folder_that_is_out_of_reach_is_one_warning_and_nothing_is_marked(gallery, root, tmp_path, ids):
    gallery.sync(root / "p")
    gallery.add(make_picture(root / "q" / "other.png", "purple"))
    (root / "p").rename(tmp_path / "unplugged")
    (finding,) = [finding for finding in gallery.doctor() if finding.severity != "info"]
    assert finding.code == "folder_unavailable"
    assert finding.message.startswith("6 files out of reach: p ")
    gallery.repair()
    assert gallery.count() == 7
    (root / "p").mkdir()
    assert found(gallery.doctor()) == [("folder_unavailable", None)]


def test_a_gallery_of_which_only_copies_are_left_is_not_called_gone(gallery, root, files, ids):
    (root / "copy.png").write_bytes(files[0].read_bytes())
    gallery.add(root / "copy.png")
    for path in files:
        path.unlink()
    assert {code for code, _ in found(gallery.doctor())} == {"missing_file"}
    assert [finding.path for finding in gallery.doctor() if finding.code == "missing_copy"] == ["p/000.png"]


# A damaged database is looked at and left


def test_a_damaged_database_is_not_written_by_doctor_or_repair(gallery, context, root, ids):
    with context.database.write() as connection:
        connection.execute(delete(asset_parent))
    context.database.close()
    file = root / ".callsheet" / DATABASE_NAME
    damaged = bytearray(file.read_bytes())
    for page in range(4096, len(damaged), 4096 * 3):
        damaged[page : page + 8] = b"\xff" * 8
    file.write_bytes(damaged)
    with open_context(root) as reopened:
        other = Gallery(reopened)
        told = [finding for finding in other.doctor(full=True) if finding.code == "damaged_database"]
        assert told
        assert "backup" in told[0].hint
        try:
            assert other.repair().fixed == ()
        except doctor.CallsheetError as error:
            assert error.code == "damaged_database"  # noqa: PT017  # opening for writing may say so first
    assert file.read_bytes() == bytes(damaged)


def test_findings_come_as_they_are_found(gallery, context, ids, files):
    rot(files[0])
    stream = doctor.examination(context)
    assert next(stream).code == "sqlite"
    stream.close()
