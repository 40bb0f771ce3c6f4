"""Sidecars travel with the files: written without noise, read by what changed since, never over somebody's work."""

import json

import pytest
from exchange_builders import fill, problems, told
from gallery_builders import make_pictures, open_context

from gallery import Gallery
from gallery.exchange.formats import ExportOptions, ImportOptions
from ontology.errors import InvalidInputError

SUFFIX = ".callsheet.json"


@pytest.fixture
def ids(gallery, root):
    return fill(gallery, root)


def place(root, number):
    return root / "assets" / f"{number:03}.png{SUFFIX}"


def write(gallery, **options):
    return gallery.export(None, "sidecars", ExportOptions(**options))


def read(gallery, root, **options):
    return gallery.import_from(root, "sidecars", ImportOptions(**options))


def edit(path, change):
    path.write_text(change(path.read_text()))


def outcomes(result):
    return [item.outcome for item in result.results]


def test_a_sidecar_has_a_tag_a_line_sorted_keys_and_nothing_that_changes_by_itself(gallery, root, ids):
    assert outcomes(write(gallery)) == ["written"] * 4
    text = place(root, 1).read_text()
    body = json.loads(text)
    assert list(body) == sorted(body)
    assert '\n    "npc:alex",\n    "role:char:hero",\n' in text
    assert text.endswith("}\n")
    assert set(body) == {
        *("format", "version", "id", "sha256", "tags", "rejected", "rating", "note", "parents", "operation"),
    }
    gallery.tag(ids[1], add=["sketch"])
    gallery.undo()
    assert outcomes(write(gallery, force=True)) == ["unchanged"] * 4


def test_sidecars_carry_everything_into_another_gallery_of_the_same_files(gallery, root, ids, tmp_path):
    write(gallery)
    with open_context(tmp_path / "clone", ontology=gallery.context.ontology) as opened:
        other = Gallery(opened)
        (tmp_path / "clone").mkdir()
        (root / "assets").rename(tmp_path / "clone" / "assets")
        other.add(tmp_path / "clone" / "assets")
        assert sorted(outcomes(read(other, tmp_path / "clone"))) == ["changed"] * 3 + ["unchanged"]
        assert sorted(outcomes(write(other))) == ["unchanged"] * 4 + ["written"]
        assert other.get(ids[0]).note == gallery.get(ids[0]).note
        assert other.get(ids[0]).parents == gallery.get(ids[0]).parents


def test_what_was_read_or_written_says_nothing_new(gallery, root, ids):
    write(gallery)
    gallery.tag(ids[1], remove=["npc:alex"])
    assert outcomes(read(gallery, root)) == ["unchanged"] * 4
    assert "npc:alex" not in gallery.get(ids[1]).asset.tags


def test_an_edit_of_the_sidecar_alone_is_taken_as_it_stands(gallery, root, ids):
    write(gallery)
    edit(place(root, 1), lambda text: text.replace('"npc:alex"', '"npc:boss_01"'))
    assert sorted(outcomes(read(gallery, root))) == ["changed", *["unchanged"] * 3]
    tags = gallery.get(ids[1]).asset.tags
    assert ("npc:alex" in tags, "npc:boss_01" in tags) == (False, True)
    gallery.undo()
    assert "npc:alex" in gallery.get(ids[1]).asset.tags


def test_where_both_changed_tags_are_added_and_contradictions_told(gallery, root, ids):
    write(gallery)
    edit(place(root, 0), lambda text: text.replace('"npc:alex"', '"npc:boss_01"').replace('"rating": 4', '"rating": 1'))
    gallery.tag(ids[0], add=["sketch"])
    assert problems(read(gallery, root)) == ["conflict"]
    found = gallery.get(ids[0]).asset
    assert {"npc:alex", "npc:boss_01", "sketch"} <= set(found.tags)
    assert found.rating == 4
    assert problems(read(gallery, root)) == ["conflict"], "until it is settled it is told again"
    read(gallery, root, replace=True)
    assert gallery.get(ids[0]).asset.rating == 1


def test_a_slip_in_a_tag_takes_no_other_away_and_is_told_until_it_is_mended(gallery, root, ids):
    write(gallery)
    edit(place(root, 1), lambda text: text.replace('"npc:alex"', '"npc:alexx"'))
    for _ in range(2):
        assert problems(read(gallery, root)) == ["unknown_term"]
    assert "npc:alex" in gallery.get(ids[1]).asset.tags


def test_an_edit_that_was_not_read_is_not_written_over(gallery, root, ids):
    write(gallery)
    edit(place(root, 1), lambda text: text.replace('"npc:alex"', '"npc:boss_01"'))
    gallery.tag(ids[1], add=["sketch"])
    result = write(gallery)
    assert [item.error.code for item in result.results if item.error] == ["conflict"]
    assert "npc:boss_01" in place(root, 1).read_text()
    read(gallery, root)
    assert "written" in outcomes(write(gallery))
    assert {"sketch", "npc:boss_01"} <= set(json.loads(place(root, 1).read_text())["tags"])


def test_a_file_of_somebody_else_is_not_written_over_unless_it_is_wanted(gallery, root, ids, tmp_path):
    place(root, 0).write_text("not yours")
    (tmp_path / "far").write_text("far away")
    place(root, 1).symlink_to(tmp_path / "far")
    result = write(gallery)
    assert [item.error.code for item in result.results if item.error] == ["conflict"] * 2
    assert place(root, 0).read_text() == "not yours"
    write(gallery, force=True)
    assert json.loads(place(root, 1).read_text())["id"] == ids[1]
    assert (tmp_path / "far").read_text() == "far away"


def test_line_ends_of_version_control_are_no_edit(gallery, root, ids):
    write(gallery)
    place(root, 1).write_bytes(place(root, 1).read_bytes().replace(b"\n", b"\r\n"))
    assert outcomes(read(gallery, root)) == ["unchanged"] * 4
    assert outcomes(write(gallery)) == ["unchanged"] * 4


def test_a_dry_run_writes_and_reads_nothing(gallery, root, ids):
    assert outcomes(write(gallery, dry_run=True)) == ["written"] * 4
    assert not place(root, 0).exists()
    write(gallery)
    edit(place(root, 1), lambda text: text.replace('"npc:alex"', '"npc:boss_01"'))
    assert "changed" in outcomes(read(gallery, root, dry_run=True))
    assert "npc:alex" in gallery.get(ids[1]).asset.tags


def test_each_copy_of_a_picture_has_the_same_sidecar_and_both_are_read_as_one(gallery, root, ids):
    copy = make_pictures(root / "copies", 1)[0]
    gallery.add(copy)
    write(gallery)
    assert place(root, 0).read_text() == copy.with_name(copy.name + SUFFIX).read_text()
    for path in (place(root, 0), copy.with_name(copy.name + SUFFIX)):
        edit(path, lambda text: text.replace('"rating": 4', '"rating": 1'))
    assert "failed" not in outcomes(read(gallery, root))
    assert gallery.get(ids[0]).asset.rating == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<<<<<<< ours\n{}\n", "invalid"),
        ("[]", "invalid"),
        ('{"format": "other"}', "foreign_format"),
        ('{"format": "callsheet-sidecar", "version": 7}', "unknown_version"),
        ('{"rating": 17}', "invalid"),
        ("[" * 100_000, "invalid"),
    ],
)
def test_a_sidecar_that_cannot_be_read_is_told_and_the_others_are_read(gallery, root, ids, text, code):
    write(gallery)
    place(root, 0).write_text(text)
    edit(place(root, 1), lambda text: text.replace('"npc:alex"', '"npc:boss_01"'))
    assert sorted(told(read(gallery, root)), key=str)[:2] == [("changed", None), ("failed", code)]


def test_one_by_hand_may_say_as_little_as_it_likes(gallery, root, ids):
    place(root, 3).write_text('{"tags": ["npc:alexander"], "generation": {"prompt": "a door"}}')
    assert "changed" in outcomes(read(gallery, root))
    assert gallery.get(ids[3]).asset.tags == ("npc:alex",)
    assert gallery.get(ids[3]).generation["prompt"] == "a door"


def test_sidecars_have_one_place_only(gallery, root):
    with pytest.raises(InvalidInputError):
        gallery.export(root / "somewhere", "sidecars")
