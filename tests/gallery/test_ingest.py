"""Adding files: every outcome, every odd name, and nothing lost when it is interrupted."""

import hashlib
import os
import subprocess
import threading
from pathlib import Path

import pytest
from gallery_builders import NOON, make_picture, make_pictures, open_context, picture_bytes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from gallery import Gallery
from gallery.intake import ingest, walking
from gallery.store.tables import asset
from gallery.store.thumbnails import find_thumbnail, write_thumbnail
from ontology.errors import CallsheetError, TagError


def outcomes(result):
    return {item.path: item.outcome for item in result.results}


def errors(result):
    return {item.path: item.error.code for item in result.results if item.error}


def touch_later(path):
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))


@pytest.fixture
def picture(root):
    return make_picture(root / "pictures" / "a.png", "red", size=(20, 10))


def test_a_new_file_is_added_with_all_its_facts(gallery, context, root, picture):
    result = gallery.add([picture], tags=["NPC:Alexander", " role:bg "])
    (item,) = result.results
    assert (item.path, item.outcome, item.error) == ("pictures/a.png", "added", None)
    assert result.batch == gallery.last_batch() == 1
    detail = gallery.get(item.id)
    assert item.id == "a" + detail.sha256[:16]
    assert detail.asset.to_json() == {
        "id": item.id,
        "path": "pictures/a.png",
        "url": picture.as_uri(),
        "tags": ["npc:alex", "role:bg"],
        "media_type": "image",
        "rating": None,
        "width": 20,
        "height": 10,
        "duration": None,
        "created_at": detail.asset.to_json()["created_at"],
        "version": 1,
        "edited_at": None,
    }
    assert detail.paths == ("pictures/a.png",)
    assert find_thumbnail(context.data_dir, detail.sha256).suffix == ".jpg"
    assert result.to_json() == {
        "results": [{"path": "pictures/a.png", "id": item.id, "outcome": "added", "error": None, "notice": None}],
        "batch": 1,
        "batches": [1],
    }


def test_adding_twice_changes_nothing(gallery, root, picture):
    gallery.add([root])
    before = [asset.to_json() for asset in gallery.search().assets]
    again = gallery.add([root], tags=[])
    assert outcomes(again) == {"pictures/a.png": "known"}
    assert again.batch is None
    assert [asset.to_json() for asset in gallery.search().assets] == before


def test_an_unchanged_file_is_not_read_again(gallery, picture, monkeypatch):
    gallery.add([picture])
    monkeypatch.setattr(ingest, "inspect", None)
    assert outcomes(gallery.add([picture])) == {"pictures/a.png": "known"}


def test_a_touched_file_with_the_same_bytes_is_known_and_its_time_kept_for_next_time(gallery, picture, monkeypatch):
    gallery.add([picture])
    touch_later(picture)
    result = gallery.add([picture])
    assert outcomes(result) == {"pictures/a.png": "known"}
    assert result.batch is None
    monkeypatch.setattr(ingest, "inspect", None)
    assert outcomes(gallery.add([picture])) == {"pictures/a.png": "known"}


def test_the_same_bytes_twice_are_one_asset_with_two_paths(gallery, root, picture):
    make_picture(root / "pictures" / "b.png", "red", size=(20, 10))
    result = gallery.add([root])
    assert outcomes(result) == {"pictures/a.png": "added", "pictures/b.png": "copy"}
    assert len({item.id for item in result.results}) == 1
    assert gallery.get(result.results[0].id).paths == ("pictures/a.png", "pictures/b.png")
    assert gallery.count() == 1


def test_a_copy_added_later_is_a_batch_and_a_new_version(gallery, root, picture):
    (first,) = gallery.add([picture]).results
    result = gallery.add([make_picture(root / "b.png", "red", size=(20, 10))])
    assert (outcomes(result), result.batch) == ({"b.png": "copy"}, 2)
    detail = gallery.get(first.id)
    assert (detail.asset.version, detail.asset.path) == (2, "pictures/a.png")
    assert detail.history[0].after == {"paths": ["pictures/a.png", "b.png"]}


def test_a_file_edited_in_place_keeps_its_id_and_tags_and_is_a_new_version(gallery, picture):
    (first,) = gallery.add([picture], tags=["role:bg"]).results
    old = gallery.get(first.id)
    make_picture(picture, "blue", size=(30, 10))
    result = gallery.add([picture])
    assert [(item.id, item.outcome) for item in result.results] == [(first.id, "changed")]
    new = gallery.get(first.id)
    assert new.sha256 != old.sha256
    assert (new.asset.version, new.asset.width, new.asset.tags) == (2, 30, ("role:bg",))


def test_tags_of_a_file_that_was_edited_are_flagged(gallery, context, root):
    tagged, bare = make_picture(root / "tagged.png"), make_picture(root / "bare.png", "blue")
    gallery.add(bare)
    (item,) = gallery.add(tagged, tags=["role:bg"]).results
    make_picture(tagged, "white", size=(20, 20))
    make_picture(bare, "black", size=(20, 20))
    gallery.add([tagged, bare])
    with context.database.read() as connection:
        edited = dict(connection.execute(select(asset.c.path, asset.c.edited_at)).all())
    assert edited == {"tagged.png": NOON, "bare.png": None}
    assert gallery.get(item.id).history[0].after["edited_at"] == "2026-11-21T12:00:00Z"


def test_the_first_bytes_of_a_changed_asset_come_back_as_an_asset_with_the_next_digits(gallery, root, picture):
    (first,) = gallery.add([picture]).results
    digits = gallery.get(first.id).sha256
    make_picture(picture, "blue")
    gallery.add([picture])
    (second,) = gallery.add([make_picture(root / "old.png", "red", size=(20, 10))]).results
    assert (second.outcome, second.id) == ("added", "a" + digits[16:32])


def test_an_edited_file_whose_old_bytes_live_on_elsewhere_becomes_its_own_asset(gallery, root, picture):
    make_picture(root / "b.png", "red", size=(20, 10))
    first = gallery.add([root], tags=["role:bg"]).results[0]
    make_picture(root / "b.png", "blue", size=(21, 10))
    result = gallery.add([root / "b.png"])
    (item,) = result.results
    assert (item.outcome, item.id != first.id) == ("added", True)
    assert gallery.get(first.id).paths == ("pictures/a.png",)
    assert gallery.get(item.id).asset.tags == ()


def test_both_copies_edited_alike_are_one_changed_asset(gallery, root, picture):
    make_picture(root / "b.png", "red", size=(20, 10))
    first = gallery.add([root]).results[0]
    for path in (picture, root / "b.png"):
        make_picture(path, "blue", size=(22, 10))
    result = gallery.add([root])
    assert outcomes(result) == {"b.png": "changed", "pictures/a.png": "known"}
    assert {item.id for item in result.results} == {first.id}
    assert gallery.count() == 1


def test_a_renamed_file_is_known_by_its_bytes_and_keeps_its_tags(gallery, root, picture):
    (first,) = gallery.add([picture], tags=["role:bg"]).results
    picture.rename(root / "renamed.png")
    result = gallery.add([root])
    assert [(item.id, item.outcome) for item in result.results] == [(first.id, "relinked")]
    detail = gallery.get(first.id)
    assert (detail.paths, detail.asset.path, detail.asset.tags) == (("renamed.png",), "renamed.png", ("role:bg",))


def test_two_files_that_change_names_keep_their_tags(gallery, root):
    a, b = make_picture(root / "a.png", "red"), make_picture(root / "b.png", "blue", size=(9, 9))
    gallery.add([a], tags=["role:bg"])
    gallery.add([b], tags=["loc:park"])
    a.rename(root / "c.png")
    b.rename(a)
    (root / "c.png").rename(b)
    gallery.add([root])
    assert {view.path: view.tags for view in gallery.search().assets} == {"b.png": ("role:bg",), "a.png": ("loc:park",)}
    assert [finding.code for finding in gallery.doctor() if finding.severity != "info"] == []


def test_a_file_overwritten_with_another_assets_bytes_is_a_copy_and_its_own_asset_is_missing(gallery, root):
    make_picture(root / "a.png", "red")
    make_picture(root / "b.png", "blue", size=(9, 9))
    ids = {item.path: item.id for item in gallery.add([root]).results}
    (root / "a.png").write_bytes((root / "b.png").read_bytes())
    result = gallery.add([root])
    assert outcomes(result) == {"a.png": "copy", "b.png": "known"}
    lost = gallery.get(ids["a.png"])
    assert lost.missing is not None
    assert (lost.paths, lost.asset.path) == ((), "a.png")
    assert gallery.count() == 1
    make_picture(root / "again.png", "red")
    assert outcomes(gallery.add([root / "again.png"])) == {"again.png": "relinked"}
    assert gallery.get(ids["a.png"]).asset.path == "again.png"


def test_a_missing_assets_file_that_is_back_is_relinked(gallery, picture):
    (item,) = gallery.add([picture]).results
    content = picture.read_bytes()
    picture.unlink()
    gallery.repair()
    assert gallery.count() == 0
    picture.write_bytes(content)
    assert outcomes(gallery.add([picture])) == {"pictures/a.png": "relinked"}
    assert gallery.get(item.id).missing is None


def test_a_missing_assets_file_that_is_back_untouched_is_relinked_without_reading_it(
    gallery, root, picture, monkeypatch
):
    gallery.add([picture])
    picture.rename(root / "away")
    gallery.repair()
    (root / "away").rename(picture)
    monkeypatch.setattr(ingest, "inspect", None)
    assert outcomes(gallery.add([picture])) == {"pictures/a.png": "relinked"}
    assert gallery.count() == 1


def test_bytes_in_the_trash_stay_there_untouched(gallery, root, picture):
    (item,) = gallery.add([picture]).results
    gallery.trash([item.id])
    make_picture(root / "b.png", "red", size=(20, 10))
    before = gallery.get(item.id)
    result = gallery.add([root], tags=["role:bg"])
    assert outcomes(result) == {"b.png": "in_trash", "pictures/a.png": "in_trash"}
    assert result.batch is None
    assert gallery.get(item.id) == before


def test_new_bytes_under_the_name_of_a_trashed_asset_are_a_new_asset(gallery, picture):
    (old,) = gallery.add([picture], tags=["role:bg"]).results
    gallery.trash([old.id])
    make_picture(picture, "blue", size=(5, 5))
    (new,) = gallery.add([picture]).results
    assert (new.outcome, new.id != old.id) == ("added", True)
    assert gallery.get(old.id).trashed is not None


def test_tags_go_to_known_files_too(gallery, picture):
    gallery.add([picture])
    result = gallery.add([picture], tags=["role:bg"])
    assert (outcomes(result), result.batch) == ({"pictures/a.png": "known"}, 2)
    assert gallery.count("role:bg") == 1
    gallery.undo()
    assert gallery.count("role:bg") == 0


def test_a_tag_too_many_fails_for_that_file_alone(gallery, root, picture):
    gallery.add([picture], tags=[f"mood:word{n}xyz{n * 7919}" for n in range(256)])
    make_picture(root / "b.png", "blue")
    result = gallery.add([root], tags=["role:bg"])
    assert outcomes(result) == {"b.png": "added", "pictures/a.png": "failed"}
    assert errors(result) == {"pictures/a.png": "too_many_tags"}


def test_tags_are_checked_before_anything_is_read(gallery, root, picture):
    with pytest.raises(TagError):
        gallery.add([root], tags=["loc:nowhere"])
    assert not (root / ".callsheet").exists()


def test_a_dry_run_tells_all_and_writes_nothing(gallery, root, picture, monkeypatch):
    monkeypatch.setattr(ingest, "CHUNK_FILES", 1)
    make_picture(root / "z.png", "red", size=(20, 10))
    result = gallery.add([root], dry_run=True)
    assert outcomes(result) == {"pictures/a.png": "added", "z.png": "copy"}
    assert result.batch is None
    assert not (root / ".callsheet").exists()


def test_folders_are_walked_in_order_and_odd_entries_passed_over(gallery, root, tmp_path, picture):
    make_picture(tmp_path / "outside.png", "green")
    make_picture(root / "pictures" / ".hidden.png", "green")
    make_picture(root / ".git" / "x.png", "green")
    make_picture(root / "pictures" / "deep" / "b.png", "blue")
    (root / "pictures" / "notes.txt").write_text("no picture")
    (root / "pictures" / "empty.png").write_bytes(b"")
    (root / "pictures" / "link.png").symlink_to(tmp_path / "outside.png")
    (root / "pictures" / "loop").symlink_to(root)
    os.mkfifo(root / "pictures" / "pipe.png")
    result = gallery.add([root])
    assert outcomes(result) == {
        ".git": "skipped",
        "pictures/.hidden.png": "skipped",
        "pictures/a.png": "added",
        "pictures/deep/b.png": "added",
        "pictures/empty.png": "skipped",
        "pictures/link.png": "skipped",
        "pictures/loop": "skipped",
        "pictures/notes.txt": "skipped",
        "pictures/pipe.png": "skipped",
    }
    assert list(outcomes(result)) == sorted(outcomes(result))
    assert errors(result) == {
        ".git": "hidden",
        "pictures/.hidden.png": "hidden",
        "pictures/empty.png": "not_media",
        "pictures/link.png": "link",
        "pictures/loop": "link",
        "pictures/notes.txt": "not_media",
        "pictures/pipe.png": "not_a_file",
    }
    assert result.failed == ()
    (root / "cut.png").write_bytes(picture_bytes(size=(300, 300))[:80])
    assert [item.path for item in gallery.add([root]).failed] == ["cut.png"]


def test_in_a_folder_a_file_too_large_is_a_failure_only_where_it_may_be_media(gallery, root, monkeypatch):
    make_picture(root / "pictures" / "a.png")
    (root / "pictures" / "archive.zip").write_bytes(b"PK" + bytes(100))
    monkeypatch.setattr("gallery.intake.media.MAX_BYTES", 10)

    assert outcomes(gallery.add([root / "pictures"])) == {
        "pictures/a.png": "failed",
        "pictures/archive.zip": "skipped",
    }
    assert outcomes(gallery.add([root / "pictures" / "archive.zip"])) == {"pictures/archive.zip": "failed"}


def test_what_is_named_must_be_a_picture(gallery, root, tmp_path, picture):
    (root / "notes.txt").write_text("no picture")
    os.mkfifo(root / "pipe")
    gallery.add([picture])
    result = gallery.add(
        [root / "notes.txt", root / "none.png", root / "pipe", root / ".callsheet", "nul\0", root / "notes.txt" / "x"]
    )
    assert errors(result) == {
        "notes.txt": "not_media",
        "none.png": "not_found",
        "pipe": "not_a_file",
        ".callsheet": "own_data",
        result.results[4].path: "not_found",
        "notes.txt/x": "not_found",
    }
    assert len(result.failed) == 6
    assert result.failed[0].error.to_json().keys() == {"code", "message", "hint"}


def test_a_link_or_a_hidden_file_that_is_named_is_wanted(gallery, root, tmp_path):
    target = make_picture(tmp_path / "outside.png", "green")
    (root / "link.png").symlink_to(target)
    make_picture(root / ".hidden.png", "blue")
    assert outcomes(gallery.add([root / "link.png", root / ".hidden.png"])) == {
        "link.png": "added",
        ".hidden.png": "added",
    }


def test_files_outside_the_project_have_absolute_paths(gallery, tmp_path):
    outside = make_picture(tmp_path / "elsewhere" / "ö [x] #1?.png", "red")
    (item,) = gallery.add([outside]).results
    assert item.path == str(outside)
    assert gallery.get(item.id).asset.url == outside.as_uri()


def test_a_file_has_one_name_however_it_is_reached(gallery, root, picture, monkeypatch):
    (root / "alias").symlink_to(picture.parent)
    monkeypatch.chdir(picture.parent)
    ways = ["a.png", "./a.png", "../pictures/a.png", root / "alias" / "a.png", picture, picture.parent, "."]
    assert outcomes(gallery.add(ways)) == {"pictures/a.png": "added"}


def test_a_file_that_vanishes_while_it_is_added_is_reported(gallery, root, monkeypatch):
    first, *_ = make_pictures(root, 3)
    true_inspect = ingest.inspect

    def inspect(path):
        if path.endswith("000.png"):
            first.unlink()
        return true_inspect(path)

    monkeypatch.setattr(ingest, "inspect", inspect)
    result = gallery.add([root])
    assert outcomes(result) == {"000.png": "failed", "001.png": "added", "002.png": "added"}
    assert errors(result) == {"000.png": "not_found"}


@pytest.mark.parametrize(
    ("error", "code"), [(PermissionError(13, "no"), "permission"), (OSError(5, "I/O"), "unreadable")]
)
def test_a_file_that_cannot_be_read_is_reported_and_the_rest_goes_in(gallery, root, monkeypatch, error, code):
    make_pictures(root, 2)
    true_inspect = ingest.inspect

    def inspect(path):
        if path.endswith("000.png"):
            raise error
        return true_inspect(path)

    monkeypatch.setattr(ingest, "inspect", inspect)
    result = gallery.add([root])
    assert (outcomes(result), errors(result)) == ({"000.png": "failed", "001.png": "added"}, {"000.png": code})


def test_a_folder_that_may_not_be_listed_is_reported(gallery, root, picture, monkeypatch):
    true_scandir = os.scandir

    def scandir(folder):
        if str(folder).endswith("closed"):
            raise PermissionError(13, "no")
        return true_scandir(folder)

    (root / "closed").mkdir()
    monkeypatch.setattr(os, "scandir", scandir)
    assert errors(gallery.add([root])) == {"closed": "permission"}


def test_a_truncated_picture_is_reported_and_the_rest_goes_in(gallery, root, picture):
    (root / "cut.png").write_bytes(picture_bytes(size=(300, 300))[:80])
    result = gallery.add([root])
    assert (outcomes(result), errors(result)) == (
        {"cut.png": "failed", "pictures/a.png": "added"},
        {"cut.png": "damaged"},
    )


@pytest.mark.parametrize(
    "name", ["new\nline.png", "esc\x1b[31m.png", "[/red].png", "bidi\u202eabc.png", "a\u0301.png", "%41.png"]
)
def test_odd_names_are_kept_to_the_letter(gallery, root, name):
    path = make_picture(root / name)
    (item,) = gallery.add([root]).results
    assert (item.path, item.outcome) == (name, "added")
    assert gallery.get(item.id).asset.url == path.as_uri()


def test_names_composed_differently_are_different_files(gallery, root):
    make_picture(root / "\u00e9.png", "red")
    make_picture(root / "e\u0301.png", "red")
    result = gallery.add([root])
    assert sorted(outcomes(result).values()) == ["added", "copy"]
    assert gallery.count('"\u00c9"') == 1


def test_a_name_that_is_not_utf8_is_reported_in_printable_form(gallery, root, picture):
    bad = os.fsdecode(os.fsencode(root) + b"/\xff.png")
    Path(bad).write_bytes(picture_bytes("blue"))
    Path(os.fsdecode(os.fsencode(root) + b"/\xfe.txt")).write_bytes(b"no picture")
    result = gallery.add([root])
    assert outcomes(result) == {"pictures/a.png": "added", "\\xfe.txt": "skipped", "\\xff.png": "failed"}
    assert errors(result) == {"\\xfe.txt": "not_media", "\\xff.png": "name_not_utf8"}
    assert errors(gallery.add([bad])) == {"\\xff.png": "name_not_utf8"}


def test_an_interruption_keeps_what_is_done_and_a_rerun_adds_the_rest(gallery, root, monkeypatch):
    make_pictures(root, 6)
    monkeypatch.setattr(ingest, "CHUNK_FILES", 2)

    def interrupt(done, total, path):
        assert total == 6
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gallery.add([root], progress=interrupt)
    assert gallery.count() == 3
    assert list(outcomes(gallery.add([root])).values()) == ["known"] * 3 + ["added"] * 3


def test_many_files_are_written_in_chunks_each_a_batch(gallery, root, monkeypatch):
    make_pictures(root, 5)
    monkeypatch.setattr(ingest, "CHUNK_FILES", 2)
    seen = []
    result = gallery.add([root], progress=lambda done, total, path: seen.append((done, total, path)))
    assert (result.batches, result.batch) == ((1, 2, 3), 3)
    assert seen[-1] == (5, 5, "004.png")
    assert [batch.size for batch in gallery.history()] == [1, 2, 2]


def test_thumbnails_that_cannot_be_written_stop_the_adding_with_nothing_half_written(gallery, root, picture):
    (root / ".callsheet").mkdir()
    (root / ".callsheet" / "thumbs").write_text("in the way")
    with pytest.raises(CallsheetError, match="thumbnails cannot be written") as caught:
        gallery.add([picture])
    assert caught.value.code == "storage"
    assert gallery.count() == 0


def test_a_path_that_another_program_took_away_meanwhile_is_reported(gallery, context, picture, monkeypatch):
    gallery.add([picture])
    true_place = ingest._Run._known_files

    def known(run, names):
        found = true_place(run, names)
        with context.database.write() as connection:
            connection.exec_driver_sql("DELETE FROM asset_path")
        return found

    monkeypatch.setattr(ingest._Run, "_known_files", known)
    assert errors(gallery.add([picture])) == {"pictures/a.png": "changed_meanwhile"}


def test_an_id_that_clashes_takes_the_next_digits(gallery, context, root):
    path = make_picture(root / "a.png")
    (item,) = gallery.add([path], dry_run=True).results
    other = make_picture(root / "b.png", "blue")
    gallery.add([other])
    with context.database.write() as connection:
        connection.execute(asset.update().values(id=item.id))
    (added,) = gallery.add([path]).results
    assert (added.outcome, added.id != item.id) == ("added", True)
    assert added.id == "a" + gallery.get(added.id).sha256[16:32]


def test_nothing_named_is_nothing_done(gallery, root):
    assert gallery.add([]).to_json() == {"results": [], "batch": None, "batches": []}
    assert list(root.iterdir()) == []


def test_an_edited_file_whose_other_copy_is_gone_is_a_changed_asset(gallery, root, picture):
    make_picture(root / "b.png", "red", size=(20, 10))
    first = gallery.add([root]).results[0]
    picture.unlink()
    make_picture(root / "b.png", "blue", size=(21, 10))
    assert [(item.id, item.outcome) for item in gallery.add([root / "b.png"]).results] == [(first.id, "changed")]


def test_an_entry_that_vanishes_while_its_folder_is_listed_is_reported(gallery, root, picture, monkeypatch):
    def vanish(*_, **__):
        raise FileNotFoundError

    monkeypatch.setattr(walking._Walk, "_file", vanish)
    assert errors(gallery.add([root])) == {"pictures/a.png": "not_found"}


def test_a_name_that_is_not_utf8_and_cannot_be_read_is_reported(gallery, root, monkeypatch):
    Path(os.fsdecode(os.fsencode(root) + b"/\xff.png")).write_bytes(picture_bytes("blue"))

    def refuse(_):
        raise PermissionError(13, "no")

    monkeypatch.setattr(walking, "read_head", refuse)
    assert errors(gallery.add([root])) == {"\\xff.png": "name_not_utf8"}


def test_a_folder_deeper_than_recursion_is_walked(gallery, root, monkeypatch):
    monkeypatch.chdir(root)
    for _ in range(1200):
        Path("d").mkdir()
        os.chdir("d")
    monkeypatch.chdir(root)
    make_picture(root / "a.png")
    try:
        assert outcomes(gallery.add([root])) == {"a.png": "added"}
    finally:
        subprocess.run(["rm", "-rf", root / "d"], check=True)  # too deep for pytest to sweep


def test_a_thumbnail_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        write_thumbnail(tmp_path, "ab" * 32, ".jpg", b"x")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_bytes_that_wander_from_one_changed_file_to_another_do_not_clash(gallery, root):
    gallery.add([make_picture(root / "c.png", "red")])
    gallery.add([make_picture(root / "a.png", "blue", size=(9, 9))])
    (root / "c.png").write_bytes((root / "a.png").read_bytes())
    make_picture(root / "a.png", "green", size=(10, 9))
    assert outcomes(gallery.add([root])) == {"a.png": "changed", "c.png": "changed"}
    assert gallery.count() == 2


colours = st.integers(0, 5)
files = st.dictionaries(st.sampled_from(["a.png", "b.png", "sub/c.png", "sub/d.png"]), colours, max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(files, min_size=1, max_size=4))
def test_whatever_happens_to_the_files_each_live_asset_is_its_file_and_adding_again_changes_nothing(
    states, tmp_path_factory
):
    root = tmp_path_factory.mktemp("project")
    with open_context(root) as context:
        gallery = Gallery(context)
        for state in states:
            for path in root.rglob("*.png"):
                path.unlink()
            for name, colour in state.items():
                make_picture(root / name, (colour, 0, 0), size=(4 + colour, 4))
            assert gallery.add([root]).failed == ()
            assert set(outcomes(gallery.add([root])).values()) <= {"known"}
            found = {path: view.sha256 for view in details(gallery) for path in view.paths}
            assert {name: found.get(name) for name in state} == {name: sha256(root / name) for name in state}
            assert not [
                finding
                for finding in gallery.doctor()
                if finding.severity == "error" and finding.code != "everything_missing"
            ]


def details(gallery):
    return [gallery.get(view.id) for view in gallery.search(limit=500).assets]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_chunk_is_written_while_the_next_is_looked_at(gallery, root, monkeypatch):
    """Else the threads that decode would wait for every write."""
    monkeypatch.setattr(ingest, "CHUNK_FILES", 2)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    make_pictures(root, 4)
    begun, written_after = threading.Event(), []
    true_inspect, true_store = ingest.inspect, ingest.store

    def inspect(path):
        if path.endswith("002.png"):
            begun.set()
        return true_inspect(path)

    def store(*given):
        written_after.append(begun.wait(60))
        return true_store(*given)

    monkeypatch.setattr(ingest, "inspect", inspect)
    monkeypatch.setattr(ingest, "store", store)
    assert gallery.add([root]).batches == (1, 2)
    assert written_after == [True, True]


def test_a_thumbnail_does_not_carry_the_comment_of_its_picture(context, gallery, root):
    picture = make_picture(root / "a.jpg", comment=b"between us")
    (item,) = gallery.add([picture]).results
    assert b"between us" not in find_thumbnail(context.data_dir, gallery.get(item.id).sha256).read_bytes()
