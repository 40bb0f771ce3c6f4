"""`backup` and `restore-backup`: whole or not at all, verified, into an empty place only, and never out of it."""

import hashlib
import json
import os
import shutil

import pytest
from PIL import Image

from callsheet import backing_up
from callsheet.backing_up import DATABASE, HEADER, MANIFEST
from callsheet.exit_codes import ExitCode
from gallery.manifest import is_safe
from gallery.store.driver import connect


@pytest.fixture
def tagged(cli, project, gallery):
    cli("tag", gallery["red"], "--add", "npc:alex")
    (project / ".env").write_text("KEY=secret", encoding="utf-8")
    return gallery


@pytest.fixture
def place(cli, tagged, tmp_path):
    """A backup with files."""
    made = tmp_path / "usb" / "backup"
    assert cli("backup", made, "--with-files").code == 0
    return made


def names(folder):
    return [path.name for path in folder.iterdir()]


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def seal(place):
    """Write the hashes of a backup anew, as somebody would who means harm."""
    header = json.loads((place / HEADER).read_text())
    for name in header["sha256"]:
        if (place / name).is_file():
            header["sha256"][name] = hashlib.sha256((place / name).read_bytes()).hexdigest()
    (place / HEADER).write_text(json.dumps(header))


def test_a_project_comes_back_as_it_was(cli, project, tagged, place, tmp_path):
    before = cli("ls", "--json").body
    shutil.rmtree(project)
    told = cli("restore-backup", place, project, "--json", in_=tmp_path)
    assert (told.code, told.body["files"], told.body["listed"]) == (0, 3, 3)
    after = cli("ls", "--json", in_=project).body
    assert after == before
    cli("doctor", "--repair")
    assert cli("doctor", "--full").code == ExitCode.OK
    assert cli("add", "assets").err.startswith("3 known")
    assert cli("undo").code == 0


def test_what_a_backup_holds(place, project):
    held = tree(place)
    assert {HEADER, DATABASE, MANIFEST, "project/callsheet.toml", "project/ontology/project.yaml"} <= held.keys()
    assert not [name for name in held if ".env" in name or "thumbs" in name]
    assert b"secret" not in b"".join(held.values())
    lines = [json.loads(line) for line in held[MANIFEST].decode().splitlines()]
    assert {line["path"] for line in lines} == {f"assets/{colour}.png" for colour in ("red", "green", "blue")}
    for line in lines:
        content = (project / line["path"]).read_bytes()
        assert (line["sha256"], line["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
        assert held[f"files/{line['sha256'][:2]}/{line['sha256']}"] == content
    assert not [name for name in names(place.parent) if "partial" in name]


def test_without_files_they_are_listed_and_the_pictures_come_back_as_missing(cli, tagged, tmp_path):
    told = cli("backup", "--json").body
    assert (told["files"], told["with_files"]) == (3, False)
    assert ".callsheet/backups/backup-" in told["backup"]
    cli("restore-backup", told["backup"], tmp_path / "new")
    findings = cli("doctor", "--json", in_=tmp_path / "new").body["findings"]
    assert "everything_missing" in {finding["code"] for finding in findings}
    assert cli("ls", "--json").body["total"] == 3


def test_a_backup_never_overwrites(cli, tagged, place, tmp_path):
    before = tree(place)
    told = cli("backup", place, "--json")
    assert (told.code, told.error["code"]) == (ExitCode.CONFLICT, "exists")
    (tmp_path / "empty").mkdir()
    assert cli("backup", tmp_path / "empty").code == ExitCode.CONFLICT
    assert tree(place) == before


def test_a_dry_run_leaves_nothing(cli, tagged, tmp_path):
    told = cli("backup", tmp_path / "dry", "--dry-run", "--with-files", "--json").body
    assert told["files"] == 3
    assert not (tmp_path / "dry").exists()
    assert not [name for name in names(tmp_path) if "partial" in name]


def test_files_that_are_gone_or_changed_are_left_out_and_told(cli, project, tagged, tmp_path):
    (project / "assets" / "red.png").unlink()
    Image.new("RGB", (9, 9), "white").save(project / "assets" / "blue.png")
    told = cli("backup", tmp_path / "b", "--with-files", "--json")
    assert told.code == ExitCode.PARTLY
    assert {(item["path"], item["reason"]) for item in told.body["left_out"]} == {
        ("assets/red.png", "missing"),
        ("assets/blue.png", "changed"),
    }
    restored = cli("restore-backup", tmp_path / "b", tmp_path / "new", "--json").body
    assert (restored["files"], restored["listed"]) == (1, 3)


def test_a_damaged_database_is_not_backed_up(cli, project, tagged, tmp_path):
    file = project / ".callsheet" / "callsheet.db"
    content = bytearray(file.read_bytes())
    for page in range(8192, len(content), 4096):
        content[page : page + 8] = b"\xff" * 8
    file.write_bytes(content)
    assert cli("backup", tmp_path / "b").code == ExitCode.INTEGRITY
    assert names(tmp_path).count("b") == 0
    assert not [name for name in names(tmp_path) if "partial" in name]


def test_nothing_added_yet_is_nothing_to_back_up(cli, project):
    assert cli("backup").code == ExitCode.NOT_FOUND


def test_an_interrupted_backup_leaves_nothing(cli, tagged, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(backing_up, "_copy", stop)
    assert cli("backup", tmp_path / "b", "--with-files").code == ExitCode.INTERRUPTED
    assert not [name for name in names(tmp_path) if name == "b" or "partial" in name]


def test_a_disk_that_reads_back_something_else_is_told(cli, tagged, tmp_path, monkeypatch):
    read_back = backing_up._Writing._read_back

    def rot(self, **options):
        next((self.draft / "files").glob("*/*")).write_bytes(b"rot")
        read_back(self, **options)

    monkeypatch.setattr(backing_up._Writing, "_read_back", rot)
    assert cli("backup", tmp_path / "b", "--with-files").code == ExitCode.INTEGRITY
    assert not (tmp_path / "b").exists()


# Restoring


def test_a_dry_run_verifies_and_writes_nothing(cli, place, tmp_path):
    told = cli("restore-backup", place, tmp_path / "new", "--dry-run")
    assert (told.code, "the backup is sound" in told.err) == (0, True)
    assert not (tmp_path / "new").exists()


def test_an_empty_folder_somebody_stands_in_is_filled(cli, place, tmp_path):
    (tmp_path / "new").mkdir()
    assert cli("restore-backup", place, ".", in_=tmp_path / "new").code == 0
    assert cli("ls", "--json").body["total"] == 3
    assert not [name for name in names(tmp_path / "new") if "restoring" in name]


def test_a_place_that_holds_something_is_refused(cli, place, project, tmp_path):
    before = tree(project)
    assert cli("restore-backup", place, project).code == ExitCode.CONFLICT
    assert cli("restore-backup", place, project / "callsheet.toml").code == ExitCode.CONFLICT
    assert tree(project) == before


def test_what_is_no_backup_is_told_from_none(cli, project, tmp_path):
    assert cli("restore-backup", tmp_path / "never", tmp_path / "new").code == ExitCode.NOT_FOUND
    told = cli("restore-backup", project, tmp_path / "new", "--json")
    assert (told.code, told.error["code"]) == (ExitCode.USAGE, "not_a_backup")


def refused(cli, place, tmp_path, code, exit_code=ExitCode.INTEGRITY):
    told = cli("restore-backup", place, tmp_path / "new", "--json")
    assert (told.code, told.error["code"]) == (exit_code, code), told
    assert not (tmp_path / "new").exists()
    assert not [name for name in names(tmp_path) if "restoring" in name]
    return told.error["message"]


@pytest.mark.parametrize("name", [DATABASE, MANIFEST, "project/ontology/project.yaml"])
def test_a_byte_that_changed_is_damage(cli, place, tmp_path, name):
    content = bytearray((place / name).read_bytes())
    content[len(content) // 2] ^= 1
    (place / name).write_bytes(content)
    assert name in refused(cli, place, tmp_path, "damaged_backup")


def test_a_picture_that_changed_is_damage(cli, place, tmp_path):
    file = next((place / "files").glob("*/*"))
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    refused(cli, place, tmp_path, "damaged_backup")


def test_a_picture_larger_than_it_is_said_to_be_is_refused_before_it_is_copied(cli, place, tmp_path):
    file = next((place / "files").glob("*/*"))
    os.truncate(file, 10**9)
    assert "not the file that the manifest names" in refused(cli, place, tmp_path, "damaged_backup")


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"format": "1"}', '{"format": 1}', "[" * 100_000])
def test_a_header_that_says_nothing_is_damage(cli, place, tmp_path, text):
    (place / HEADER).write_text(text)
    refused(cli, place, tmp_path, "damaged_backup")


def test_a_backup_of_a_newer_version_is_refused(cli, place, tmp_path):
    header = json.loads((place / HEADER).read_text())
    (place / HEADER).write_text(json.dumps(header | {"format": 2}))
    refused(cli, place, tmp_path, "newer_backup", ExitCode.CONFLICT)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer_database"),
        ("DROP TABLE alembic_version", "foreign_database"),
    ],
)
def test_a_database_of_a_newer_version_or_another_program_is_refused(cli, place, tmp_path, statement, code):
    connection = connect(place / DATABASE, create=False, wal=False, foreign_keys=False)
    connection.execute(statement)
    connection.close()
    seal(place)
    refused(cli, place, tmp_path, code, ExitCode.CONFLICT)


def test_a_database_that_is_none_is_damage(cli, place, tmp_path):
    (place / DATABASE).write_bytes(b"nonsense" * 1000)
    seal(place)
    refused(cli, place, tmp_path, "damaged_database")


# Ways out of the place (F6)

EVIL = [
    "../x.png",
    "a/../../x.png",
    ".callsheet/callsheet.db",
    "callsheet.toml",
    "a\\..\\x.png",
    "C:x.png",
    "",
    ".",
    "a//b",
]


@pytest.mark.parametrize("path", [*EVIL, "a\0b"])
def test_a_manifest_that_leads_out_of_the_project_is_refused_before_anything_is_written(cli, place, tmp_path, path):
    lines = [json.loads(line) for line in (place / MANIFEST).read_text().splitlines()]
    lines[1]["path"] = path
    (place / MANIFEST).write_text("".join(json.dumps(line) + "\n" for line in lines))
    seal(place)
    assert "line 2" in refused(cli, place, tmp_path, "damaged_backup")
    assert not (tmp_path / "x.png").exists()


def test_which_paths_stay_below_the_project():
    assert not any(map(is_safe, [*EVIL, "/etc/x"]))
    assert all(map(is_safe, ["a.png", "assets/ä b/x.png", "..a/b", "ontology/x.png"]))


@pytest.mark.parametrize(
    "name", ["project/../../x", "project/.env", "project/.callsheet/x", "/etc/passwd", "x", "project"]
)
def test_a_header_that_leads_out_of_the_backup_is_refused(cli, place, tmp_path, name):
    header = json.loads((place / HEADER).read_text())
    header["sha256"][name] = "0" * 64
    (place / HEADER).write_text(json.dumps(header))
    refused(cli, place, tmp_path, "damaged_backup")


def test_links_in_a_backup_are_not_followed(cli, place, tmp_path):
    secret = tmp_path / "secret"
    text = place / "project" / "ontology" / "project.yaml"
    text.rename(secret)
    text.symlink_to(secret)
    refused(cli, place, tmp_path, "damaged_backup")


def test_a_picture_that_is_a_link_is_not_followed(cli, place, tmp_path):
    file = next((place / "files").glob("*/*"))
    file.rename(tmp_path / "secret")
    file.symlink_to(tmp_path / "secret")
    refused(cli, place, tmp_path, "damaged_backup")


def test_two_files_of_one_name_are_damage(cli, place, tmp_path):
    lines = [json.loads(line) for line in (place / MANIFEST).read_text().splitlines()]
    lines[1]["path"] = lines[0]["path"]
    (place / MANIFEST).write_text("".join(json.dumps(line) + "\n" for line in lines))
    seal(place)
    refused(cli, place, tmp_path, "damaged_backup")


def test_files_outside_the_project_are_never_written_there(cli, project, tagged, tmp_path):
    outside = tmp_path / "drive" / "far.png"
    outside.parent.mkdir()
    Image.new("RGB", (7, 7), "purple").save(outside)
    (added,) = cli("add", outside, "--json").body["results"]
    cli("backup", tmp_path / "b", "--with-files")
    outside.unlink()
    assert cli("restore-backup", tmp_path / "b", tmp_path / "new").code == 0
    assert not outside.exists()
    shown = cli("show", added["id"], "--json", in_=tmp_path / "new").body
    assert (len(shown["paths"]), shown["path"][:16]) == (1, "assets/restored/")
    assert (tmp_path / "new" / shown["path"]).exists()


def test_files_outside_that_are_still_there_stay_where_they_are(cli, tagged, tmp_path):
    outside = tmp_path / "drive" / "far.png"
    outside.parent.mkdir()
    Image.new("RGB", (7, 7), "purple").save(outside)
    cli("add", outside)
    cli("backup", tmp_path / "b", "--with-files")
    cli("restore-backup", tmp_path / "b", tmp_path / "new")
    assert not (tmp_path / "new" / "assets" / "restored").exists()


def test_an_older_database_over_newer_files_lists_them_and_removes_none(cli, project, tagged, place):
    Image.new("RGB", (7, 7), "purple").save(project / "assets" / "newer.png")
    cli("add", "assets")
    for leftover in (project / ".callsheet").glob("callsheet.db*"):
        leftover.unlink()
    shutil.copy(place / DATABASE, project / ".callsheet" / "callsheet.db")
    findings = cli("doctor", "--json").body["findings"]
    assert [item["path"] for item in findings if item["code"] == "unlisted_file"] == ["assets/newer.png"]
    cli("doctor", "--repair")
    assert (project / "assets" / "newer.png").exists()
    assert cli("ls", "--json").body["total"] == 3


def test_the_newest_backup_is_what_a_damaged_database_is_answered_with(cli, project, tagged):
    made = cli("backup", "--json").body["backup"]
    (project / ".callsheet" / "callsheet.db").write_bytes(b"nonsense" * 1000)
    for name in ("callsheet.db-wal", "callsheet.db-shm"):
        (project / ".callsheet" / name).unlink(missing_ok=True)
    told = cli("ls", "--json")
    assert told.code == ExitCode.INTEGRITY
    assert f"{made}/database.db" in told.error["hint"]
