"""When a file is taken for written, and when for gone. The clock is the test's own."""

import os

import pytest

from gallery.following.settling import PATIENCE, Settling


@pytest.fixture
def settling():
    return Settling(seconds=1.0)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"begun")
    return path


def test_a_file_settles_when_it_has_looked_the_same_for_a_while(settling, file):
    settling.note(str(file), 0.0)
    assert settling.settled(0.9, 10) == []
    assert settling.settled(1.0, 10) == [str(file)]
    assert settling.is_empty


def test_a_file_that_grows_is_waited_for_although_nobody_tells_of_it(settling, file):
    settling.note(str(file), 0.0)
    file.write_bytes(b"begun and gone on")
    assert settling.settled(1.0, 10) == []
    assert settling.settled(1.9, 10) == []
    assert settling.settled(2.0, 10) == [str(file)]


def test_a_file_put_in_the_others_place_is_another_file(settling, file, tmp_path):
    settling.note(str(file), 0.0)
    status = file.stat()
    other = tmp_path / "b.png"
    other.write_bytes(b"other")
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(file)
    assert settling.settled(1.0, 10) == []
    assert settling.settled(2.0, 10) == [str(file)]


def test_an_empty_file_is_let_go(settling, file):
    file.write_bytes(b"")
    settling.note(str(file), 0.0)
    assert settling.settled(1.0, 10) == []
    assert settling.is_empty


def test_a_file_that_goes_while_it_is_waited_for_is_gone(settling, file):
    settling.note(str(file), 0.0)
    file.unlink()
    assert settling.settled(1.0, 10) == []
    assert settling.departed(1.5, 10) == []
    assert settling.departed(2.0, 10) == [str(file)]


def test_a_file_that_is_back_is_not_gone(settling, file):
    content = file.read_bytes()
    file.unlink()
    settling.note(str(file), 0.0)
    file.write_bytes(content)
    settling.note(str(file), 0.5)
    assert settling.departed(9.0, 10) == []


def test_what_is_gone_waits_for_what_is_still_being_written(settling, file, tmp_path):
    settling.note(str(tmp_path / "gone.png"), 0.0)
    settling.note(str(file), 5.0)
    assert settling.departed(5.0, 10) == []
    assert settling.departed(float(PATIENCE), 10) == [str(tmp_path / "gone.png")]


def test_only_so_many_at_a_time(settling, tmp_path):
    for number in range(5):
        (tmp_path / f"{number}.png").write_bytes(b"x")
        settling.note(str(tmp_path / f"{number}.png"), 0.0)
        settling.note(str(tmp_path / f"gone{number}.png"), 0.0)
    assert [len(settling.settled(1.0, 3)) for _ in range(3)] == [3, 2, 0]
    assert [len(settling.departed(1.0, 3)) for _ in range(3)] == [3, 2, 0]
    assert settling.is_empty
