"""Folders followed by a real process over real files; every wait is for a line that it writes."""

import shutil
import signal
import sqlite3
import subprocess
import time

import pytest
from gallery_builders import make_picture, make_pictures, mount_disk, open_context, picture_bytes
from watched import PATIENCE, Watched

from gallery import Gallery
from gallery.following.watching import Watcher
from ontology.errors import CallsheetError, ConflictError, InvalidInputError, NotFoundError

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"
    (root / "p").mkdir(parents=True)
    (root / "callsheet.toml").write_text("[tags]\npolicy = 'open'\n", encoding="utf-8")
    return root


@pytest.fixture
def watched(project):
    with Watched(project, "p") as process:
        process.until_said("watching:")
        yield process


def gallery_says(project, ask):
    with open_context(project) as context:
        return ask(Gallery(context))


def healthy(project):
    return gallery_says(project, lambda gallery: not [one for one in gallery.doctor() if one.severity == "error"])


def test_a_picture_comes_in_moves_is_edited_and_goes(project, watched):
    make_picture(project / "p" / "a.png")
    (added,) = watched.until(1, "added")
    assert added["path"] == "p/a.png"
    gallery_says(project, lambda gallery: gallery.tag(added["id"], add=["role:bg"]))
    (project / "p" / "sub").mkdir()
    (project / "p" / "a.png").rename(project / "p" / "sub" / "b.png")
    (moved,) = watched.until(1, "relinked")
    assert (moved["id"], moved["path"]) == (added["id"], "p/sub/b.png")
    make_picture(project / "p" / "sub" / "b.png", "white", size=(30, 30))
    (changed,) = watched.until(1, "changed")
    assert changed["id"] == added["id"]
    (project / "p" / "sub" / "b.png").unlink()
    (missing,) = watched.until(1, "missing")
    assert missing["id"] == added["id"]
    found = gallery_says(project, lambda gallery: gallery.get(added["id"]))
    assert (found.asset.tags, found.missing is not None) == (("role:bg",), True)
    assert watched.results == []
    assert watched.stop() == 0
    assert healthy(project)


def test_what_was_there_before_comes_in_first_and_gets_the_tags(project):
    make_pictures(project / "p", 3)
    with Watched(project, "p", options=["--add", "sketch"]) as watched:
        watched.until(3, "added")
        watched.until_said("watching: 3 files in p")
        make_picture(project / "p" / "new.png", "orange")
        watched.until(1, "added")
        assert watched.stop(signal.SIGTERM) == 0
    assert gallery_says(project, lambda gallery: gallery.count("sketch")) == 4


def test_a_file_that_is_still_being_written_is_waited_for(project, watched):
    content = picture_bytes("red", (64, 64))
    half = len(content) // 2
    with (project / "p" / "slow.png").open("wb") as file:
        file.write(content[:half])
        file.flush()
        make_picture(project / "p" / "quick.png", "white")
        for byte in content[half:]:  # as long as it grows it has not settled
            file.write(bytes([byte]))
            file.flush()
    told = watched.until(2, "added")
    assert {item["path"] for item in told} == {"p/slow.png", "p/quick.png"}
    assert watched.results == []


def test_a_file_renamed_into_its_place_comes_in_under_that_name_alone(project, watched):
    make_picture(project / "p" / ".draft.png", "orange")
    (project / "p" / ".draft.png").rename(project / "p" / "done.png")
    make_picture(project / "outside.png", "white")
    (project / "outside.png").rename(project / "p" / "from-outside.png")
    assert {item["path"] for item in watched.until(2, "added")} == {"p/done.png", "p/from-outside.png"}
    make_picture(project / "p" / ".draft.png", "purple")
    (project / "p" / ".draft.png").rename(project / "p" / "done.png")
    assert watched.until(1, "changed")[0]["path"] == "p/done.png"


def test_a_folder_that_moves_in_and_within_and_out_takes_its_pictures_along(project, watched):
    make_picture(project / "p" / "stays.png", "purple")
    watched.until(1, "added")
    make_pictures(project / "elsewhere" / "deep", 4)
    (project / "elsewhere").rename(project / "p" / "in")
    ids = {item["id"] for item in watched.until(4, "added")}
    (project / "p" / "in").rename(project / "p" / "within")
    assert {item["id"] for item in watched.until(4, "relinked")} == ids
    make_picture(project / "p" / "within" / "deep" / "later.png", "orange")
    watched.until(1, "added")
    (project / "p" / "within").rename(project / "out")
    assert len(watched.until(5, "missing")) == 5
    assert watched.results == []


def test_a_damaged_picture_is_reported_and_taken_in_when_it_is_whole(project, watched):
    content = picture_bytes("red", (64, 64))
    (project / "p" / "cut.png").write_bytes(content[: len(content) // 2])
    (failed,) = watched.until(1, "failed")
    assert failed["error"]["code"] == "damaged"
    (project / "p" / "cut.png").write_bytes(content)
    watched.until(1, "added")


def test_links_hidden_files_and_other_files_do_not_come_in(project, watched, tmp_path):
    outside = make_picture(tmp_path / "outside" / "secret.png", "purple").parent
    (project / "p" / "link").symlink_to(outside)
    make_picture(project / "p" / ".hidden" / "a.png", "blue")
    (project / "p" / "notes.txt").write_text("no picture")
    (project / "p" / "empty.png").write_bytes(b"")
    (skipped,) = watched.until(1, "skipped")
    assert (skipped["path"], skipped["error"]["code"]) == ("p/link", "link")
    make_picture(outside / "another.png", "green")
    make_picture(project / "p" / "last.png", "orange")
    assert watched.until(1, "added")[0]["path"] == "p/last.png"
    assert watched.results == []
    assert gallery_says(project, lambda gallery: gallery.count()) == 1


def test_a_folder_that_goes_away_is_waited_for(project, watched):
    make_pictures(project / "p", 3)
    watched.until(3, "added")
    (project / "p").rename(project / "unplugged")
    watched.until_said("waiting: p is not there")
    make_picture(project / "unplugged" / "new.png", "orange")
    (project / "unplugged" / "000.png").unlink()
    (project / "unplugged").rename(project / "p")
    watched.until_said("back: p is there again")
    watched.until(1, "added")
    assert watched.until(1, "missing")[0]["path"] == "p/000.png"
    make_picture(project / "p" / "later.png", "purple")
    watched.until(1, "added")
    assert watched.stop() == 0


def test_a_folder_that_is_emptied_is_waited_for_and_nothing_marked(project, watched):
    contents = {path: path.read_bytes() for path in make_pictures(project / "p", 3)}
    watched.until(3, "added")
    for path in contents:
        path.unlink()
    watched.until_said("waiting: p is empty")
    assert gallery_says(project, lambda gallery: gallery.count()) == 3
    first, *_ = contents
    first.write_bytes(contents[first])
    assert len(watched.until(2, "missing")) == 2


def test_an_unmounted_disk_is_waited_for(project):
    disk = project / "disk"
    with mount_disk(disk):
        make_pictures(disk, 3)
        with Watched(project, "disk") as watched:
            watched.until(3, "added")
            subprocess.run(["umount", "-l", str(disk)], check=True)
            watched.until_said("waiting: disk is empty")
            assert gallery_says(project, lambda gallery: gallery.count()) == 3
            assert watched.stop() == 0


def test_a_folder_that_is_not_there_at_the_start_is_refused(project):
    make_pictures(project / "p", 2)
    gallery_says(project, lambda gallery: gallery.sync(project / "p"))
    shutil.rmtree(project / "p")
    with Watched(project, "p") as watched:
        assert watched.process.wait(40) == 5
        watched.until_said("root_unavailable")
    with Watched(project, "never") as watched:
        assert watched.process.wait(40) == 4


def test_a_burst_of_thousands_is_taken_in_chunks_and_none_is_lost(project, watched):
    make_pictures(project / "p", 2500)
    assert len({item["id"] for item in watched.until(2500, "added")}) == 2500
    sizes = gallery_says(project, lambda gallery: [batch.size for batch in gallery.history()])
    assert max(sizes) <= 1000
    for path in (project / "p").iterdir():
        if path.name != "000.png":
            path.unlink()
    assert len(watched.until(2499, "missing")) == 2499
    assert healthy(project)


def until_either(one, other, count, outcome):
    """Each file is told by whoever of the two was first."""
    paths = set()
    deadline = time.monotonic() + PATIENCE
    while len(paths) < count:
        assert time.monotonic() < deadline, paths
        for each in (one, other):
            each.look(0.1)
            paths |= {item["path"] for item in each.until(0, outcome)}


def test_two_watchers_of_one_project_are_one_gallery(project):
    with Watched(project, "p") as one, Watched(project, "p") as other:
        for each in (one, other):
            each.until_said("watching:")
        make_pictures(project / "p", 40)
        make_picture(project / "p" / "last.png", "orange")
        until_either(one, other, 41, "added")
        (project / "p" / "last.png").unlink()
        until_either(one, other, 1, "missing")
        assert [each.stop() for each in (one, other)] == [0, 0]
        assert not [item for each in (one, other) for item in each.results if item["outcome"] == "failed"]
    assert gallery_says(project, lambda gallery: gallery.count()) == 40
    assert healthy(project)


def test_a_busy_database_is_waited_for(project, watched):
    make_picture(project / "p" / "a.png")
    watched.until(1, "added")
    other = sqlite3.connect(project / ".callsheet" / "callsheet.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    make_picture(project / "p" / "b.png", "orange")
    watched.until_said("is locked by another program")
    other.execute("ROLLBACK")
    other.close()
    watched.until(1, "added")
    assert watched.stop() == 0


def test_killed_in_the_midst_of_a_burst_it_goes_on_where_it_was(project):
    with Watched(project, "p") as watched:
        watched.until_said("watching:")
        make_pictures(project / "p", 300)
        watched.until(1, "added")
        watched.process.kill()
    assert healthy(project)
    with Watched(project, "p") as watched:
        watched.until_said("watching: 300 files")
    assert gallery_says(project, lambda gallery: gallery.count()) == 300
    assert healthy(project)


# In this process


def test_stopping_ends_the_events(root, gallery):
    make_pictures(root / "p", 2)
    watcher = gallery.watch(root / "p")
    kinds = []
    for event in watcher.events():
        kinds.append(event.kind)
        watcher.stop()
    assert kinds == ["watching"]
    assert gallery.count() == 2


def test_what_cannot_be_watched_is_refused_before_anything_is_read(root, gallery):
    for folders, error in (([], InvalidInputError), (root / "none", NotFoundError)):
        with pytest.raises(error):
            next(gallery.watch(folders).events())


def test_more_folders_than_the_system_watches_are_explained(root, context, monkeypatch):
    import watchfiles

    def refuse(*_, **__):
        raise OSError("OS file watch limit reached. about [...]")
        yield

    monkeypatch.setattr(watchfiles, "watch", refuse)
    (root / "p").mkdir()
    with pytest.raises(CallsheetError) as caught:
        list(Watcher(context, root / "p").events())
    assert caught.value.code == "watch_limit"
    assert "max_user_watches" in caught.value.hint


def test_everything_is_looked_at_again_now_and_then(root, gallery, monkeypatch):
    """What the system did not tell of (a network folder, a full queue) comes in all the same."""
    import watchfiles

    def deaf(*_, **__):
        while True:
            yield set()

    monkeypatch.setattr(watchfiles, "watch", deaf)
    (root / "p").mkdir()
    watcher = gallery.watch(root / "p", rescan_seconds=0.0)
    events = watcher.events()
    assert next(events).result.results == ()
    make_picture(root / "p" / "unheard.png")
    assert next(events).result.results[0].outcome == "added"
    watcher.stop()


def test_a_first_look_that_finds_the_folder_gone_waits(root, gallery):
    make_pictures(root / "p", 2)
    gallery.sync(root / "p")
    (root / "p").rename(root / "q")
    with pytest.raises(ConflictError):
        next(gallery.watch(root / "p").events())
