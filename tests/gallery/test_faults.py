"""Faults of a real machine: kills at named points, a full disk, torn logs, too little memory.

After each: the database is sound, every live asset's file is there with its bytes, and doing it again changes nothing.
`docs/reliability.md` lists every fault with the test that covers it; the last tests here hold it to that.
"""

import ast
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from failpoints import run_program, was_killed
from gallery_builders import make_picture, make_pictures, mount_disk, open_context
from sqlalchemy import select

from gallery import Gallery
from gallery.reading.rows import is_live
from gallery.store.database import DATABASE_NAME
from gallery.store.tables import asset, asset_path
from gallery.store.turns import turn

HOUSE = Path(__file__).parents[2]


def assert_sound(root):
    """What must hold after every fault."""
    with open_context(root) as context:
        gallery = Gallery(context)
        assert [finding for finding in gallery.doctor(full=True) if finding.severity == "error"] == []
        with context.database.read() as connection:
            joined = select(asset.c.sha256, asset_path.c.path).join(asset_path, asset_path.c.asset_key == asset.c.key)
            rows = connection.execute(joined.where(is_live())).all()
    for sha256, path in rows:
        assert hashlib.sha256((root / path).read_bytes()).hexdigest() == sha256


def assert_settled(root, folder, count):
    """Doing it again takes in the rest, and doing it once more changes nothing."""
    with open_context(root) as context:
        gallery = Gallery(context)
        gallery.sync(folder)
        last = gallery.last_batch()
        assert gallery.count() == count
        gallery.sync(folder)
        assert gallery.last_batch() == last
    assert_sound(root)


ADDING = [
    "gallery.intake.ingest:write_thumbnail before 1",
    "gallery.intake.ingest:write_thumbnail after 6",
    "gallery.intake.ingest:take_stock before 2",
    "gallery.intake.ingest:store before 2",
    "gallery.intake.storing:_insert_assets after 2",
    "gallery.intake.storing:_write_files after 1",
    "gallery.intake.storing:index_tags after 2",
    "gallery.intake.storing:record after 2",
    "gallery.intake.ingest:store after 2",
    "gallery.intake.ingest:store after 3",
    "callsheet.upgrade:_migrate after 1",
]


@pytest.mark.slow
@pytest.mark.parametrize("point", ADDING)
def test_killed_while_adding_only_whole_assets_are_there(root, point):
    folder = make_pictures(root / "p", 10)[0].parent
    done = run_program("    gallery.add(root / 'p', tags=['role:bg'])", root, point=point)
    assert was_killed(done), done.stderr
    with open_context(root) as context:
        assert Gallery(context).count() in {0, 4, 8}
        assert Gallery(context).count("role:bg") == Gallery(context).count()
    assert_sound(root)
    assert_settled(root, folder, 10)


@pytest.mark.slow
@pytest.mark.parametrize(
    "point",
    [
        "gallery.following.departing:apply before 1",
        "gallery.following.departing:apply after 1",
        "gallery.following.roots:remember before 1",
    ],
)
def test_killed_while_marking_what_is_gone_nothing_is_half_marked(root, point):
    files = make_pictures(root / "p", 6)
    with open_context(root) as context:
        Gallery(context).sync(root / "p")
    for path in files[:3]:
        path.unlink()
    done = run_program("    gallery.sync(root / 'p')", root, point=point)
    assert was_killed(done), done.stderr
    with open_context(root) as context:
        assert Gallery(context).count() in {6, 3}
    assert_settled(root, root / "p", 3)


# A full disk


@pytest.mark.slow
def test_a_disk_that_fills_while_adding_leaves_no_partial_row(tmp_path):
    disk = tmp_path / "disk"
    with mount_disk(disk, megabytes=3):
        folder = make_pictures(tmp_path / "p", 40)[0].parent
        (disk / "filler").write_bytes(b"x" * (2 * 2**20 + 900 * 1024))
        done = run_program("    gallery.add(Path(sys.argv[3]))", disk, folder)
        assert done.returncode == 1
        assert re.search(r"disk_full|No space|no room|cannot be written", done.stderr), done.stderr
        (disk / "filler").unlink()
        assert_settled(disk, folder, 40)


LIMIT = (
    "import resource, signal as s; s.signal(s.SIGXFSZ, s.SIG_IGN);resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"
)

TAG_UNTIL_FULL = """
    before = gallery.count()
    ids = [view.id for view in gallery.search(limit=100).assets]
    try:
        for n in range(2000):
            gallery.tag(ids, add=[f"word{n * 7919}x{n}"])
            gallery.tag(ids, remove=[f"word{n * 7919}x{n}"])
    except Exception as error:
        print(error.code)
    print(gallery.count() == before)
"""


@pytest.mark.slow
def test_a_disk_that_is_full_at_commit_rolls_back_and_reading_works(root):
    with open_context(root) as context:
        Gallery(context).add(make_pictures(root / "p", 100))
    done = run_program(TAG_UNTIL_FULL, root, limits=LIMIT.format(400_000))
    assert done.stdout.split() == ["storage", "True"], done.stderr
    assert_settled(root, root / "p", 100)


# Damage


def committed(root, number):
    """A project whose log holds so many commits, and the files of its database as a power cut leaves them."""
    with open_context(root) as context:
        gallery = Gallery(context)
        ids = [item.id for item in gallery.add(make_pictures(root / "p", 2)).results]
        with context.database.read() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        for count in range(number):
            gallery.tag(ids, add=[f"word{count * 7919}"])
        data = root / ".callsheet"
        return {
            path.name: path.read_bytes() for path in data.glob(f"{DATABASE_NAME}*") if not path.name.endswith("shm")
        }


def put_back(root, files):
    for path in (root / ".callsheet").glob(f"{DATABASE_NAME}*"):
        path.unlink()
    for name, content in files.items():
        (root / ".callsheet" / name).write_bytes(content)


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.35, 0.5, 0.77, 0.999])
def test_a_torn_log_gives_the_last_commit_that_is_whole(root, kept):
    files = committed(root, 8)
    log = files[f"{DATABASE_NAME}-wal"]
    assert log
    put_back(root, files | {f"{DATABASE_NAME}-wal": log[: int(len(log) * kept)]})
    with open_context(root) as context:
        tags = {len(view.tags) for view in Gallery(context).search().assets}
        assert len(tags) == 1, "one commit is on both assets or on neither"
        assert tags.pop() <= 8
        assert Gallery(context).last_batch() <= 9
    assert_sound(root)


def test_a_flipped_byte_in_the_log_ends_it_there(root):
    files = committed(root, 8)
    log = bytearray(files[f"{DATABASE_NAME}-wal"])
    log[len(log) // 2] ^= 255
    put_back(root, files | {f"{DATABASE_NAME}-wal": bytes(log)})
    with open_context(root) as context:
        assert 0 < len(Gallery(context).search().assets[0].tags) < 8
    assert_sound(root)


def test_without_its_log_the_database_is_that_of_the_last_checkpoint(root):
    files = committed(root, 8)
    put_back(root, {DATABASE_NAME: files[DATABASE_NAME]})
    with open_context(root) as context:
        assert [view.tags for view in Gallery(context).search().assets] == [(), ()]
    assert_sound(root)


# Locks


def test_the_lock_of_a_program_that_died_is_free_whatever_its_number_was(tmp_path):
    holder = (
        "import sys, time; from pathlib import Path; from gallery.store.turns import turn\n"
        "with turn(Path(sys.argv[1]), 1): print('held', flush=True); time.sleep(60)"
    )
    lock = tmp_path / "write.lock"
    with subprocess.Popen([sys.executable, "-c", holder, lock], stdout=subprocess.PIPE, cwd=HOUSE) as program:
        program.stdout.readline()
        with pytest.raises(Exception, match="held by another program"), turn(lock, 0.1):
            pass
        program.kill()
        program.wait()
    with turn(lock, 0.1):
        assert lock.exists()


# Too little memory

ROOM = (
    "import resource; from PIL import Image, PngImagePlugin, JpegImagePlugin; Image.init();"
    "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize() + {0} * 2**20;"
    "resource.setrlimit(resource.RLIMIT_AS, (used, used))"
)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell how much memory is used")
def test_a_picture_for_which_memory_is_short_fails_alone(root):
    make_pictures(root / "p", 3)
    make_picture(root / "p" / "large.png", "red", size=(6300, 6300))
    body = "    print(sorted((i.outcome, i.error and i.error.code) for i in gallery.add(root / 'p').results))"
    # one worker: the room is for one picture's decoder, not for the stacks of eight threads
    done = run_program(body, root, limits="ingest._workers = lambda: 1\n" + ROOM.format(90))
    assert done.stdout.strip() == str([("added", None)] * 3 + [("failed", "no_memory")]), done.stderr
    assert_settled(root, root / "p", 4)


def test_a_file_for_which_memory_is_short_fails_alone(gallery, root, monkeypatch):
    from gallery.intake import media

    def refuse(_):
        raise MemoryError

    make_pictures(root / "p", 2)
    monkeypatch.setattr(media, "_decode", refuse)
    assert {item.error.code for item in gallery.add(root / "p").results} == {"no_memory"}


# The list is kept

WANTED_E = [1, 2, *range(5, 32), 34, *range(36, 44)]
WANTED_F = [1, 2, *range(6, 11), 20, *range(24, 38), 39, 40, *range(43, 48)]


def rows():
    """`E20` → the cell that says what covers it."""
    text = (HOUSE / "docs" / "reliability.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| ([EF]\d+) \|[^|]*\|[^|]*\| (.*?) \|$", text, re.MULTILINE))


def test_every_fault_stands_in_the_list():
    wanted = {f"E{number}" for number in WANTED_E} | {f"F{number}" for number in WANTED_F}
    assert wanted - rows().keys() == set()


def test_every_fault_has_its_test_or_says_what_it_waits_for():
    for number, cell in rows().items():
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", cell)
        assert named or cell.startswith("later: "), number
        for path, name in named:
            tree = ast.parse((HOUSE / path).read_text(encoding="utf-8"))
            assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, (number, path, name)


def test_a_list_without_its_tests_is_noticed():
    assert len(rows()) > 35
    assert "tests/gallery/test_doctor_content.py" in rows()["E20"]
