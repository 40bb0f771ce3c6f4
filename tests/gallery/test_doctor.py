"""The doctor: a healthy gallery has nothing but notes; each fault has its code; repair mends what is safe."""

import os
import re
from pathlib import Path

import pytest
from gallery_builders import NOON, SMALL_ONTOLOGY, make_picture, make_pictures, open_context
from sqlalchemy import delete, insert, update

from gallery import Gallery
from gallery.checks.database import check_pages
from gallery.store.tables import asset, asset_path, asset_tag
from ontology.errors import NotFoundError
from ontology.terms import Ontology


@pytest.fixture
def files(root):
    return make_pictures(root / "p", 3)


@pytest.fixture
def ids(gallery, files):
    return [item.id for item in gallery.add(files, tags=["role:bg"]).results]


def codes(findings, *, above_info=True):
    return sorted({found.code for found in findings if not above_info or found.severity != "info"})


def test_a_healthy_gallery_has_notes_only(gallery, ids):
    gallery.trash(ids[:1])
    findings = gallery.doctor()
    assert codes(findings) == []
    assert codes(findings, above_info=False) == ["assets", "sqlite", "trashed"]
    assert findings[0].to_json().keys() == {*("code", "severity", "message", "hint", "asset", "path", "mended")}
    assert gallery.repair().to_json() == {"fixed": [], "left": [], "batches": []}


def test_a_project_without_a_database_is_healthy_and_stays_without(gallery, root):
    assert codes(gallery.doctor(), above_info=False) == ["no_database", "sqlite"]
    gallery.repair()
    assert list(root.iterdir()) == []


def test_a_missing_file_is_found_marked_and_found_again(gallery, files, ids):
    content = files[0].read_bytes()
    status = files[0].stat()
    files[0].unlink()
    (finding,) = [found for found in gallery.doctor() if found.severity != "info"]
    assert (finding.code, finding.asset, finding.path) == ("missing_file", ids[0], "p/000.png")
    repaired = gallery.repair()
    assert ([found.code for found in repaired.fixed], repaired.left, repaired.batches) == (["missing_file"], (), (2,))
    assert gallery.count() == 2
    assert gallery.get(ids[0]).to_json()["missing"] == "2026-11-21T12:00:00Z"
    assert codes(gallery.doctor()) == []
    assert "missing" in codes(gallery.doctor(), above_info=False)
    files[0].write_bytes(content)
    assert codes(gallery.doctor()) == ["found_file"]
    assert gallery.repair().batches == (3,)
    assert gallery.count() == 3
    assert [batch.kind for batch in gallery.history(limit=2)] == ["found", "missing"]
    assert status.st_size == len(content)


def test_a_wrong_marking_can_be_undone(gallery, files, ids):
    files[0].unlink()
    gallery.repair()
    assert gallery.undo().results[0].outcome == "reverted"
    assert gallery.count() == 3


def test_a_lost_copy_is_a_note(gallery, root, files, ids):
    (root / "copy.png").write_bytes(files[0].read_bytes())
    gallery.add([root / "copy.png"])
    (root / "copy.png").unlink()
    assert codes(gallery.doctor()) == []
    assert "missing_copy" in codes(gallery.doctor(), above_info=False)


def test_a_gallery_whose_files_are_all_gone_is_not_marked(gallery, files, ids):
    for path in files:
        path.unlink()
    assert codes(gallery.doctor()) == ["everything_missing"]
    repaired = gallery.repair()
    assert (codes(repaired.left), repaired.fixed) == (["everything_missing"], ())
    assert gallery.count() == 3


def test_a_folder_outside_that_is_not_there_is_no_deletion(gallery, tmp_path, ids):
    outside = tmp_path / "drive"
    gallery.add(make_pictures(outside, 12)[9:])
    outside.rename(tmp_path / "unplugged")
    (finding,) = [found for found in gallery.doctor() if found.severity != "info"]
    assert finding.code == "folder_unavailable"
    assert "3 files" in finding.message
    gallery.repair()
    assert gallery.count() == 6


def test_a_changed_file_is_told_by_content(gallery, files, ids):
    status = files[1].stat()
    os.utime(files[1], ns=(1, status.st_mtime_ns + 10**9))
    assert codes(gallery.doctor()) == []
    content = bytearray(files[1].read_bytes())
    content[-1] ^= 1
    files[1].write_bytes(content)
    assert codes(gallery.doctor()) == ["changed_file"]
    make_picture(files[1], "white", size=(50, 50))
    (finding,) = [found for found in gallery.doctor() if found.severity != "info"]
    assert (finding.code, finding.asset) == ("changed_file", ids[1])
    assert "callsheet add p/001.png" in finding.hint
    gallery.add(files)
    assert codes(gallery.doctor()) == []


def test_a_folder_in_the_place_of_a_file_is_a_changed_file(gallery, files, ids):
    files[0].unlink()
    files[0].mkdir()
    os.utime(files[0], ns=(1, 1))
    assert codes(gallery.doctor()) == ["changed_file"]


def test_thumbnails_are_rebuilt_and_orphans_swept(gallery, context, ids):
    first, second = gallery.thumbnail(ids[0]), gallery.thumbnail(ids[1])
    first.unlink()
    second.write_bytes(b"")
    orphan = first.with_name("0" * 64 + ".jpg")
    orphan.write_bytes(b"x")
    assert codes(gallery.doctor(), above_info=False) == ["assets", "missing_thumbnail", "orphan_thumbnail", "sqlite"]
    repaired = gallery.repair()
    assert sorted(found.code for found in repaired.fixed) == ["missing_thumbnail"] * 2 + ["orphan_thumbnail"]
    assert first.exists()
    assert second.stat().st_size > 0
    assert not orphan.exists()


def test_a_thumbnail_that_cannot_be_rebuilt_is_left_and_asked_for_in_vain(gallery, files, ids):
    gallery.thumbnail(ids[0]).unlink()
    make_picture(files[0], "white", size=(9, 9))
    assert codes(gallery.repair().left) == ["changed_file", "missing_thumbnail"]
    with pytest.raises(NotFoundError, match="no thumbnail"):
        gallery.thumbnail(ids[0])
    files[0].write_bytes(b"cut")
    with pytest.raises(NotFoundError):
        gallery.thumbnail(ids[0])


def test_a_thumbnail_asked_for_is_made_anew(gallery, ids):
    gallery.thumbnail(ids[0]).unlink()
    assert gallery.thumbnail(ids[0][:9]).exists()


def test_leftovers_of_killed_programs_are_swept_when_they_are_old(gallery, context, ids):
    thumbs = gallery.thumbnail(ids[0]).parent
    backups = context.database.backups
    backups.mkdir()
    strays = [thumbs / ".tmp-1-x.jpg", context.data_dir / ".callsheet.db.1-x.tmp", backups / "a.db.partial"]
    for stray in strays:
        stray.write_bytes(b"x")
    fresh = NOON.timestamp()
    for stray in strays:
        os.utime(stray, (fresh, fresh))
    assert codes(gallery.doctor()) == []
    for stray in strays:
        os.utime(stray, (fresh - 4000, fresh - 4000))
    assert codes(gallery.doctor()) == ["stray_file"]
    assert len(gallery.repair().fixed) == 3
    assert not any(stray.exists() for stray in strays)


def test_a_wrong_tag_index_is_found_and_rebuilt(gallery, context, ids):
    gallery.tag(ids[2:], add=["loc:park"])
    with context.database.write() as connection:
        connection.execute(delete(asset_tag).where(asset_tag.c.asset_key == 1))
        connection.execute(insert(asset_tag).values(tag="loc:park", asset_key=2))
    assert {found.asset for found in gallery.doctor() if found.code == "tag_index"} == set(ids[:2])
    assert gallery.count("role:bg") == 2
    gallery.repair()
    assert codes(gallery.doctor()) == []
    assert (gallery.count("role:bg"), gallery.count("loc:park")) == (3, 1)


def test_rows_that_refer_to_nothing_are_damage(gallery, context, ids):
    context.database.close()
    from gallery.store.driver import connect

    connection = connect(context.database.path, create=False, foreign_keys=False)
    connection.execute("INSERT INTO asset_path (path, asset_key, words, size, mtime_ns) VALUES ('x', 999, 'x', 1, 1)")
    connection.close()
    assert "dangling_row" in codes(gallery.doctor())


def test_a_row_that_breaks_a_rule_of_its_table_is_damage(gallery, context, ids):
    context.database.close()
    from gallery.store.driver import connect

    connection = connect(context.database.path, create=False)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("UPDATE asset SET rating = 9 WHERE key = 1")
    connection.close()
    assert "damaged_database" in codes(gallery.doctor())


def test_a_file_that_is_no_database_is_a_finding(gallery, context, ids):
    context.database.close()
    for name in ("callsheet.db-wal", "callsheet.db-shm"):
        (context.data_dir / name).unlink(missing_ok=True)
    context.database.path.write_bytes(b"nonsense" * 1000)
    with open_context(context.root) as reopened:
        (finding,) = [found for found in Gallery(reopened).doctor() if found.severity == "error"]
        assert finding.code == "damaged_database"


def test_tags_that_the_vocabulary_lost_or_renamed_are_told(gallery, context, root, ids):
    gallery.tag(ids[:2], add=["loc:park", "npc:alex"])
    with context.database.write() as connection:
        connection.execute(update(asset).where(asset.c.key == 3).values(tags=["npc:alexander"]))
        connection.execute(delete(asset_tag).where(asset_tag.c.asset_key == 3))
        connection.execute(insert(asset_tag).values(tag="npc:alexander", asset_key=3))
    smaller = Ontology(
        [term for term in SMALL_ONTOLOGY.terms.values() if term.id != "loc:park"], SMALL_ONTOLOGY.namespaces.values()
    )
    with open_context(root, ontology=smaller) as reopened:
        found = {finding.code: finding for finding in Gallery(reopened).doctor()}
    assert found["unknown_tag"].severity == "warning"
    assert "2 assets" in found["unknown_tag"].message
    assert found["renamed_tag"].severity == "info"
    assert "1 asset is read as" in found["renamed_tag"].message


def test_every_code_stands_in_the_documentation():
    project = Path(__file__).parents[2]
    sources = (project / "gallery" / "checks").glob("*.py")
    used = {code for path in sources for code in re.findall(r'Finding\(\s*"(\w+)"', path.read_text())}
    documented = set(re.findall(r"`(\w+)`", (project / "docs" / "gallery.md").read_text()))
    assert len(used) > 15
    assert used <= documented


def test_a_file_that_vanishes_under_the_doctors_eyes_is_no_crash(gallery, context, files, ids, monkeypatch):
    from gallery.checks import files as checking

    def vanish(_):
        raise FileNotFoundError

    os.utime(files[0], ns=(1, 1))
    monkeypatch.setattr(checking, "hash_of", vanish)
    assert codes(gallery.doctor()) == ["changed_file"]


def test_an_asset_that_was_found_meanwhile_is_not_marked_twice(gallery, context, files, ids):
    files[0].unlink()
    from gallery.checks import doctor

    findings = [found for found in gallery.doctor() if found.code == "missing_file"]
    gallery.repair()
    batches = []
    assert doctor._mark_missing(context, findings, batches) == findings
    assert batches == []


def test_an_asset_without_files_counts_as_missing_not_as_damage(gallery, context, root, files, ids):
    files[0].write_bytes(files[1].read_bytes())
    gallery.add(files)
    with context.database.read() as connection:
        assert connection.execute(asset_path.select()).all()
    assert codes(gallery.doctor()) == []
    assert gallery.get(ids[0]).missing is not None


def test_one_is_told_as_one(gallery, root, tmp_path):
    first, _ = gallery.add([make_picture(root / "a.png"), make_picture(tmp_path / "drive" / "b.png", "blue")]).results
    (tmp_path / "drive").rename(tmp_path / "unplugged")
    gallery.trash(first.id)
    told = {finding.code: finding for finding in gallery.doctor()}
    assert told["assets"].message == "1 asset"
    assert told["folder_unavailable"].message.startswith("1 file out of reach")
    assert told["trashed"].message == "1 in the trash"
    assert "`callsheet ls --trashed`" in told["trashed"].hint


def test_every_finding_is_one_line(gallery, context, root, tmp_path, monkeypatch):
    odd = make_picture(root / "new\nline.png")
    gallery.add([odd, *make_pictures(tmp_path / "dr\nive", 2)])
    odd.unlink()
    (tmp_path / "dr\nive").rename(tmp_path / "unplugged")
    found = [*gallery.doctor(), *gallery.repair().left]
    make_picture(odd, "blue")
    found += gallery.doctor()
    said = [("*** in database main ***\nTree 5 page 7: wrong",)]
    connection = type("Connection", (), {"exec_driver_sql": lambda _, sql: said if "quick" in sql else []})()
    pages = list(check_pages(context, connection))
    assert "*** in database main ***; Tree 5 page 7: wrong" in pages[0].message
    assert {"missing_file", "changed_file", "folder_unavailable"} <= {finding.code for finding in found}
    assert all("\n" not in f"{finding.message}{finding.hint}" for finding in [*found, *pages])
    assert "new\nline.png" in {finding.path for finding in found}
