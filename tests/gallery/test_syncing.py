"""Folders and gallery brought in step in one pass; what is out of reach is no deletion."""

import os
import shutil

import pytest
from gallery_builders import (
    change_modes,
    make_picture,
    make_pictures,
    mount_disk,
    open_context,
    open_folder,
    ordinary_user,
)
from sqlalchemy import select, update

from gallery import Gallery
from gallery.following import roots
from gallery.store.paths import ProjectPaths, is_gone, was_respelt
from gallery.store.tables import root as root_table
from ontology.errors import ConflictError, InvalidInputError, NotFoundError


@pytest.fixture
def folder(root):
    make_pictures(root / "p", 3)
    return root / "p"


def outcomes(result):
    return [(item.outcome, item.path) for item in result.results if item.outcome != "known"]


def test_a_second_pass_finds_nothing_to_do(gallery, folder):
    assert len(gallery.sync(folder).batches) == 1
    again = gallery.sync(folder)
    assert (outcomes(again), again.batches) == ([], ())


def test_new_moved_edited_and_deleted_files_each_get_their_outcome(gallery, folder):
    ids = [item.id for item in gallery.sync(folder, tags=["role:bg"]).results]
    (folder / "000.png").rename(folder / "moved.png")
    make_picture(folder / "001.png", "white", size=(20, 20))
    (folder / "002.png").unlink()
    make_picture(folder / "new.png", "orange")
    result = gallery.sync(folder)
    assert outcomes(result) == [
        ("changed", "p/001.png"),
        ("relinked", "p/moved.png"),
        ("added", "p/new.png"),
        ("missing", "p/002.png"),
    ]
    assert gallery.get(ids[0]).paths == ("p/moved.png",)
    assert gallery.get(ids[2]).missing is not None
    assert all(gallery.get(asset_id).asset.tags == ("role:bg",) for asset_id in ids)
    assert len(result.batches) == 2


def test_a_file_that_is_back_is_found_again(gallery, folder):
    gallery.sync(folder)
    content = (folder / "000.png").read_bytes()
    (folder / "000.png").unlink()
    gallery.sync(folder)
    assert gallery.count() == 2
    (folder / "000.png").write_bytes(content)
    assert outcomes(gallery.sync(folder)) == [("relinked", "p/000.png")]
    assert gallery.count() == 3


def test_a_missing_mark_can_be_undone(gallery, folder):
    gallery.sync(folder)
    (folder / "000.png").unlink()
    gallery.sync(folder)
    assert gallery.undo().results[0].outcome == "reverted"
    assert gallery.count() == 3


def test_of_several_files_the_others_stay_and_the_asset_is_where_they_are(gallery, root, folder):
    gallery.sync(folder)
    shutil.copy(folder / "000.png", folder / "copy.png")
    gallery.sync(folder)
    (folder / "000.png").unlink()
    (item,) = [item for item in gallery.sync(folder).results if item.outcome == "copy_gone"]
    found = gallery.get(item.id)
    assert (found.asset.path, found.paths, found.missing) == ("p/copy.png", ("p/copy.png",), None)
    assert found.history[0].after["paths"] == ["p/copy.png"]
    (folder / "copy.png").unlink()
    assert outcomes(gallery.sync(folder)) == [("missing", "p/copy.png")]


def test_both_copies_gone_at_once_is_one_missing_asset(gallery, folder):
    shutil.copy(folder / "000.png", folder / "copy.png")
    gallery.sync(folder)
    (folder / "000.png").unlink()
    (folder / "copy.png").unlink()
    assert outcomes(gallery.sync(folder)) == [("missing", "p/000.png"), ("missing", "p/copy.png")]
    assert gallery.count() == 2
    assert outcomes(gallery.sync(folder)) == []


def test_files_elsewhere_and_in_the_trash_are_left_alone(gallery, root, folder):
    elsewhere = make_picture(root / "q" / "other.png", "orange")
    ids = [item.id for item in gallery.add([folder, elsewhere]).results]
    gallery.trash(ids[0])
    elsewhere.unlink()
    (folder / "000.png").unlink()
    assert outcomes(gallery.sync(folder)) == []
    assert gallery.get(ids[0]).missing is None
    assert gallery.get(ids[3]).missing is None


def test_a_folder_whose_name_begins_alike_is_another_folder(gallery, root, folder):
    other = make_picture(root / "p-2" / "x.png", "orange")
    gallery.sync([folder, root / "p-2"])
    other.unlink()
    assert outcomes(gallery.sync(folder)) == []
    make_picture(root / "p-2" / "y.png", "white")
    assert ("missing", "p-2/x.png") in outcomes(gallery.sync(root / "p-2"))


def test_a_dry_run_tells_and_changes_nothing(gallery, context, folder):
    gallery.sync(folder)
    (folder / "000.png").unlink()
    assert outcomes(gallery.sync(folder, dry_run=True)) == [("missing", "p/000.png")]
    assert gallery.count() == 3


def _moved(folder):
    (folder / "002.png").rename(folder / "moved.png")


def _moved_and_copied(folder):
    _moved(folder)
    shutil.copy(folder / "moved.png", folder / "moved-2.png")


def _one_of_two_moved(folder):
    (folder / "copy.png").rename(folder / "moved.png")


def _both_of_two_gone(folder):
    (folder / "000.png").unlink()
    (folder / "copy.png").unlink()


def _one_of_two_back(folder):
    (folder.parent / "lost.png").rename(folder / "lost.png")


def _written_over_by_another_that_is_gone(folder):
    (folder / "002.png").replace(folder / "001.png")


def _one_of_two_written_over_and_the_other_gone(folder):
    (folder / "copy.png").write_bytes((folder / "001.png").read_bytes())
    (folder / "000.png").unlink()


def _one_of_two_edited_and_the_other_gone(folder):
    make_picture(folder / "copy.png", "white", size=(20, 20))
    (folder / "000.png").unlink()


@pytest.mark.parametrize(
    ("happen", "gone"),
    [
        (_moved, []),
        (_moved_and_copied, []),
        (_one_of_two_moved, [("copy_gone", "p/copy.png")]),
        (_both_of_two_gone, [("missing", "p/000.png"), ("missing", "p/copy.png")]),
        (_one_of_two_back, [("copy_gone", "p/lost-2.png")]),
        (_written_over_by_another_that_is_gone, []),
        (_one_of_two_written_over_and_the_other_gone, [("missing", "p/000.png")]),
        (_one_of_two_edited_and_the_other_gone, [("copy_gone", "p/000.png")]),
    ],
)
def test_a_dry_run_tells_what_the_real_one_then_does(gallery, folder, happen, gone):
    """`000.png` has a copy; of `lost.png` and its copy both are gone and known to be."""
    shutil.copy(folder / "000.png", folder / "copy.png")
    lost = make_picture(folder / "lost.png", "orange")
    shutil.copy(lost, folder / "lost-2.png")
    gallery.sync(folder)
    lost.rename(folder.parent / "lost.png")
    (folder / "lost-2.png").unlink()
    gallery.sync(folder)
    happen(folder)
    last = gallery.last_batch()
    told = outcomes(gallery.sync(folder, dry_run=True))
    assert gallery.last_batch() == last
    done = outcomes(gallery.sync(folder))
    assert told == done
    assert [item for item in done if item[0] in {"missing", "copy_gone"}] == gone


def test_the_project_folder_and_one_around_it_hold_the_project(gallery, root, folder, tmp_path):
    outside = make_picture(tmp_path / "outside.png", "orange")
    gallery.sync(tmp_path)
    (folder / "000.png").unlink()
    outside.unlink()
    assert outcomes(gallery.sync(root)) == [("missing", "p/000.png")]
    (folder / "001.png").unlink()
    gone = outcomes(gallery.sync(tmp_path))
    assert sorted(gone) == sorted([("missing", "p/001.png"), ("missing", str(outside))])


def test_many_gone_files_are_marked_in_chunks_of_one_run(gallery, folder, monkeypatch):
    from gallery.following import syncing

    monkeypatch.setattr(syncing, "ROWS_AT_ONCE", 2)
    make_pictures(folder, 7)
    gallery.sync(folder)
    for number in range(1, 7):
        (folder / f"{number:03}.png").unlink()
    result = gallery.sync(folder)
    assert len(outcomes(result)) == 6
    assert len(result.batches) == 4
    gallery.undo()
    assert gallery.count() == 7


# Out of reach


def refused(gallery, folder, **options):
    before = gallery.last_batch()
    with pytest.raises(ConflictError) as caught:
        gallery.sync(folder, **options)
    assert caught.value.code == "root_unavailable"
    assert "--accept-root" in caught.value.hint
    assert gallery.last_batch() == before
    return caught.value.message


def test_a_folder_that_is_gone_is_no_deletion(gallery, folder):
    gallery.sync(folder)
    folder.rename(folder.with_name("elsewhere"))
    assert "p is not there" in refused(gallery, folder)
    assert "is not there" in refused(gallery, folder, accept_root=True)
    folder.with_name("elsewhere").rename(folder)
    assert outcomes(gallery.sync(folder)) == []


def test_a_folder_that_is_empty_is_no_deletion_unless_it_is_said_to_be(gallery, folder):
    gallery.add(folder)
    for path in folder.iterdir():
        path.unlink()
    assert "p is empty" in refused(gallery, folder)
    assert len(outcomes(gallery.sync(folder, accept_root=True))) == 3
    assert outcomes(gallery.sync(folder)) == []


def test_another_folder_with_other_files_is_no_deletion(gallery, folder):
    gallery.sync(folder)
    folder.rename(folder.with_name("elsewhere"))
    make_picture(folder / "other.png", "orange")
    assert "another folder than before" in refused(gallery, folder)
    assert len(outcomes(gallery.sync(folder, accept_root=True))) == 4
    assert outcomes(gallery.sync(folder)) == []


def test_the_same_files_on_another_disk_are_the_same_folder(gallery, folder):
    gallery.sync(folder)
    shutil.copytree(folder, folder.with_name("copy"))
    shutil.rmtree(folder)
    folder.with_name("copy").rename(folder)
    (folder / "000.png").unlink()
    assert outcomes(gallery.sync(folder)) == [("missing", "p/000.png")]


def test_an_unmounted_disk_is_no_deletion(gallery, tmp_path):
    disk = tmp_path / "disk"
    with mount_disk(disk):
        make_pictures(disk, 3)
        gallery.sync(disk)
    assert "is empty" in refused(gallery, disk)
    make_picture(disk / "under.png", "orange")
    assert "another folder" in refused(gallery, disk)
    assert gallery.count() == 3


def test_a_disk_mounted_within_is_remembered_and_its_files_left_alone(gallery, folder):
    with mount_disk(folder / "usb"):
        make_pictures(folder / "usb" / "deep", 5)
        gallery.sync(folder)
    (folder / "000.png").unlink()
    (failed,) = [item for item in gallery.sync(folder).results if item.outcome == "failed"]
    assert (failed.path, failed.error.code) == ("p/usb", "root_unavailable")
    assert gallery.count() == 5
    accepted = outcomes(gallery.sync(folder, accept_root=True))
    assert sorted(outcome for outcome, _ in accepted) == ["copy_gone"] * 2 + ["missing"] * 3
    assert outcomes(gallery.sync(folder)) == []


def test_a_file_or_a_folder_that_never_was_cannot_be_kept_in_step(gallery, folder):
    with pytest.raises(InvalidInputError, match="is a file"):
        gallery.sync(folder / "000.png")
    with pytest.raises(NotFoundError, match="no folder"):
        gallery.sync(folder / "never")
    assert gallery.count() == 0


def test_a_folder_that_may_not_be_looked_into_is_no_deletion():
    with open_folder() as project:
        with open_context(project) as context:
            Gallery(context).sync(make_pictures(project / "p" / "deep", 3)[0].parent.parent)
        change_modes(project / ".callsheet", folders=0o777, files=0o666)
        (project / "p" / "deep").chmod(0)
        with ordinary_user(), open_context(project) as context:
            result = Gallery(context).sync(project / "p")
            assert [item.outcome for item in result.results] == ["failed"]
            assert Gallery(context).count() == 3


def test_what_is_remembered_is_device_and_inode_and_when(gallery, context, folder):
    gallery.sync(folder)
    status = folder.stat()
    with context.database.read() as connection:
        (row,) = connection.execute(select(root_table)).all()
    assert (row.path, row.identity) == ("p", f"{status.st_dev}:{status.st_ino}")
    assert row.seen_at == context.now()


def test_a_device_that_changed_its_number_is_told_by_its_files(gallery, context, folder):
    gallery.sync(folder)
    with context.database.write() as connection:
        connection.execute(update(root_table).values(identity="1:2"))
    assert outcomes(gallery.sync(folder)) == []
    with context.database.read() as connection:
        assert connection.execute(select(root_table.c.identity)).scalar_one() == roots.identity_of(folder)


# Names


def test_a_name_whose_capitals_changed_keeps_the_asset(gallery, folder):
    (item, *_) = gallery.sync(folder, tags=["role:bg"]).results
    (folder / "000.png").rename(folder / "000.PNG")
    assert outcomes(gallery.sync(folder)) == [("relinked", "p/000.PNG")]
    assert gallery.get(item.id).paths == ("p/000.PNG",)


def test_where_capitals_make_no_difference_the_old_spelling_is_left(gallery, folder, monkeypatch):
    """On a file system that ignores case, the old name still leads to the file: its folder does not list it."""
    (item, *_) = gallery.sync(folder).results
    (folder / "000.png").rename(folder / "000.PNG")
    (folder / "000.png").hardlink_to(folder / "000.PNG")
    listed = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: [name for name in listed(path) if name != "000.png"])
    gallery.add(folder / "000.PNG")
    assert gallery.get(item.id).paths == ("p/000.PNG",)


def test_two_files_whose_names_differ_in_capitals_alone_are_two(folder):
    (folder / "A.png").write_bytes(b"x")
    (folder / "a.png").hardlink_to(folder / "A.png")
    assert not was_respelt(folder / "a.png", folder / "A.png")
    assert not was_respelt(folder / "none.png", folder / "NONE.png")


def test_gone_is_what_is_surely_gone(folder):
    assert is_gone(folder / "none.png")
    assert is_gone(folder / "000.png" / "below")
    assert not is_gone(folder / "000.png")
    assert not is_gone(folder / ("x" * 5000))


def test_which_folder_holds_the_project(root, tmp_path):
    paths = ProjectPaths(root)
    assert paths.holds_project(".")
    assert paths.holds_project(str(tmp_path))
    assert paths.holds_project("/")
    assert not paths.holds_project(f"{root}-2")
    assert not paths.holds_project("p")
