"""Tags of hydrus, of boorus and of training sets come in under our names."""

import dataclasses
import json

import pytest
from exchange_builders import told
from gallery_builders import SMALL_ONTOLOGY, make_picture, make_pictures
from hypothesis import given
from hypothesis import strategies as st

from gallery import Gallery
from gallery.exchange.captions import CaptionOptions, caption_of
from gallery.exchange.formats import ExportOptions, ImportOptions
from gallery.exchange.spelling import Spelling
from gallery.exchange.tag_files import read_booru, read_caption, read_hydrus
from ontology.errors import ConflictError, InvalidInputError
from ontology.loader import check_ontology_text
from ontology.normalize import check_tags
from ontology.terms import Namespace, Ontology


@pytest.mark.parametrize(
    ("name", "text", "tags"),
    [
        ("a.txt", "character:samus aran\nblonde hair\n\n", ["character:samus aran", "blonde hair"]),
        ("a.txt", "one\r\ntwo\r\n", ["one", "two"]),
        ("a.json", '["one", "series:two"]', ["one", "series:two"]),
        ("a.json", '{"tags": ["one"], "urls": ["https://x.example"]}', ["one"]),
        ("a.json", '{"file_data": {"tags": ["one"]}}', ["one"]),
        ("a.json", '{"tags": {"my tags": {"storage_tags": {"0": ["one"], "2": ["deleted"]}}}}', ["one"]),
        ("a.json", '{"tags": {"my tags": ["one"], "ptr": ["two"]}}', ["one", "two"]),
    ],
)
def test_hydrus_writes_a_tag_a_line_or_json(name, text, tags):
    assert read_hydrus(name, text) == tags


@pytest.mark.parametrize(
    ("name", "text", "tags"),
    [
        ("a.txt", "samus_aran  1girl\nblue_sky", ["samus_aran", "1girl", "blue_sky"]),
        (
            "a.json",
            '{"id": 1, "tag_string": "x", "tag_string_general": "1girl", "tag_string_character": "samus_aran"}',
            ["character:samus_aran", "1girl"],
        ),
        ("a.json", '{"tags": "one two"}', ["one", "two"]),
        ("a.json", '[{"tags": ["one"]}]', ["one"]),
        ("a.json", '{"post": {"tags": {"general": ["one"], "species": ["fox"]}}}', ["species:fox", "one"]),
        ("a.json", '{"tags_artist": ["jane"], "tags_general": "one"}', ["artist:jane", "one"]),
        ("a.json", '{"tag_string_general": ""}', []),
    ],
)
def test_boorus_write_tags_between_spaces_or_the_json_of_a_post(name, text, tags):
    assert read_booru(name, text) == tags


@pytest.mark.parametrize("read", [read_hydrus, read_booru])
@pytest.mark.parametrize("text", ["{", "3", '{"a": 1}', "[" * 100_000, "1" * 5000, '"one"'])
def test_other_json_is_told(read, text):
    assert not isinstance(read("a.json", text), list)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("sks, old king, red scarf\n", ["sks", "old king", "red scarf"]),
        (r"ganyu \(genshin impact\), a\,b", ["ganyu (genshin impact)", "a,b"]),
        ("(smile:1.2), ((blush)), [tears]", ["smile", "blush", "tears"]),
        ("one,, ,two\nthree", ["one", "two", "three"]),
        ("", []),
    ],
)
def test_captions_have_commas_between_tags(text, tags):
    assert read_caption("a.txt", text) == tags


spell = Spelling(SMALL_ONTOLOGY, {"character": "npc", "place": "loc", "meta": ""}).ours


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("character:Alex", "npc:alex"),
        ("character:alexander", "npc:alexander"),
        ("character:gravelord", "npc:boss_01"),
        ("place:the dungeon", "loc:dungeon"),
        ("character:samus aran (metroid)", "npc:samus_aran_metroid"),
        ("npc:alex", "npc:alex"),
        ("meta:highres", None),
        ("series:metroid: prime", "metroid:_prime".replace(":", "_").replace("__", "_")),
        ("dungeon entrance", "loc:dungeon_entrance"),
        ("red scarf", "red_scarf"),
        ("mood:so/so", "mood:so_so"),
        (":d", ":d"),
    ],
)
def test_a_foreign_tag_is_spelt_as_ours(theirs, ours):
    assert spell(theirs) == ours


def test_where_tags_have_no_namespaces_a_colon_is_a_part_of_the_word():
    words = Spelling(SMALL_ONTOLOGY, {"character": "npc"}, has_namespaces=False)
    assert words.ours("re:zero") == "re_zero"
    assert words.ours("character:alex") == words.ours("npc:alex") == "npc:alex"
    assert words.ours("artist:jane") == "jane"
    assert words.unmapped == {"artist": 1}


@given(st.sampled_from(["character:", "mood:", "series:", ""]), st.text(max_size=20))
def test_whatever_a_tag_holds_it_is_taken_or_told(space, text):
    found = spell(space + text)
    checked = check_tags([found or "x"], SMALL_ONTOLOGY)
    assert bool(checked.tags) != bool(checked.errors)


@pytest.fixture
def folder(gallery, root):
    pictures = root / "downloads"
    gallery.add(make_pictures(pictures, 2))
    return pictures


def take(gallery, folder, name, **options):
    return gallery.import_from(folder, name, ImportOptions(**options))


def test_a_folder_of_hydrus_is_taken_with_a_mapping_and_undone_at_once(gallery, folder):
    (folder / "000.png.txt").write_text("character:alexander\nseries:metroid\nnice view\n")
    (folder / "001.txt").write_text("place:dungeon\ncharacter:nobody\n")
    result = take(gallery, folder, "hydrus", mapping={"character": "npc", "place": "loc"})
    assert told(result) == [("changed", None), ("changed", None)]
    assert [asset.tags for asset in gallery.search("npc:alex").assets] == [("npc:alex", "metroid", "nice_view")]
    assert (result.undeclared, dict(result.unmapped)) == (("npc:nobody",), {"series": 1})
    assert not result.is_complete
    gallery.undo()
    assert [asset.tags for asset in gallery.search().assets] == [(), ()]


@pytest.mark.parametrize("replace", [False, True])
def test_a_tag_that_a_rule_keeps_apart_is_left_out_and_told(gallery, folder, replace):
    single = [*SMALL_ONTOLOGY.namespaces.values(), Namespace("style", "Styles", closed=False, single=True)]
    ontology = Ontology(terms=SMALL_ONTOLOGY.terms.values(), namespaces=single, label="Strict")
    strict = Gallery(dataclasses.replace(gallery.context, ontology=ontology))
    strict.tag(strict.search().assets[0].id, add=["style:ink"])
    for name in ("000.png.txt", "001.png.txt"):
        (folder / name).write_text("style:oil\nstyle:chalk\nnice\n")
    result = take(strict, folder, "hydrus", mapping={"style": "style"}, replace=replace)
    assert {code for item in result.results for code in [problem.code for problem in item.problems]} == {
        "clashing_tags"
    }
    styles = sorted(tag for found in strict.search().assets for tag in found.tags if tag.startswith("style:"))
    assert styles == (["style:oil", "style:oil"] if replace else ["style:ink", "style:oil"])
    assert strict.count("nice") == 2


def test_terms_that_are_lacking_are_written_down_for_the_vocabulary(gallery, folder, tmp_path):
    (folder / "000.png.txt").write_text('character:Samus "Aran" (metroid)\n')
    draft = tmp_path / "new.yaml"
    take(gallery, folder, "hydrus", mapping={"character": "npc"}, declare=draft, dry_run=True)
    assert not draft.exists()
    result = take(gallery, folder, "hydrus", mapping={"character": "npc"}, declare=draft)
    assert result.declared == str(draft)
    assert "npc:samus_aran_metroid" in draft.read_text()
    assert check_ontology_text(draft.read_text())[1] == ()
    with pytest.raises(ConflictError):
        take(gallery, folder, "hydrus", declare=draft)


def test_a_mapping_to_a_namespace_that_is_not_declared_is_refused(gallery, folder):
    with pytest.raises(InvalidInputError, match="there is no namespace `artist`"):
        take(gallery, folder, "hydrus", mapping={"creator": "artist"})


def test_a_picture_that_is_known_at_another_place_is_found_by_its_bytes(gallery, folder, tmp_path):
    copy = tmp_path / "copies" / "x.png"
    copy.parent.mkdir()
    copy.write_bytes((folder / "000.png").read_bytes())
    copy.with_suffix(".txt").write_text("npc:alex")
    assert told(take(gallery, copy.parent, "booru")) == [("changed", None)]


@pytest.mark.parametrize("name", ["hydrus", "booru", "kohya"])
def test_files_that_cannot_be_used_are_told_one_by_one(gallery, folder, name, tmp_path):
    (folder / "000.txt").write_bytes(b"npc:alex \xff")
    (folder / "001.txt").write_bytes(b"x" * (1024 * 1024 + 1))
    (folder / "lonely.txt").write_text("npc:alex")
    make_picture(folder / "stranger.png", "white")
    (folder / "stranger.txt").write_text("npc:alex")
    (tmp_path / "secret.txt").write_text("npc:alex")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    codes = {item.path.rpartition("/")[2]: item.error.code for item in take(gallery, folder, name).results}
    assert codes == {
        "000.txt": "not_utf8",
        "001.txt": "too_long",
        "lonely.txt": "not_found",
        "stranger.txt": "not_found",
    }


CAPTIONED = ("npc:alex", "role:char:hero", "mood:so_dark", "(sketch)")


@pytest.mark.parametrize(
    ("options", "caption"),
    [
        ({}, r"npc:alex, role:char:hero, mood:so_dark, \(sketch\)"),
        ({"strip_namespace": True, "without": frozenset({"role"})}, r"alex, so dark, \(sketch\)"),
        ({"trigger": "sks man"}, r"sks man, npc:alex, role:char:hero, mood:so_dark, \(sketch\)"),
        ({"trigger": "alex", "strip_namespace": True}, r"alex, char hero, so dark, \(sketch\)"),
    ],
)
def test_a_caption_has_the_trigger_first_and_the_tags_in_their_order(options, caption):
    assert caption_of(CAPTIONED, CaptionOptions(**options)) == caption


def export(gallery, folder, query=None, **options):
    return gallery.export(folder, "kohya", ExportOptions(query, CaptionOptions(**options)))


@pytest.mark.parametrize("strip", [True, False])
def test_a_data_set_goes_out_and_comes_back_into_the_same_tags(gallery, folder, root, tmp_path, strip):
    ids = [asset.id for asset in gallery.search().assets]
    gallery.tag(ids[0], add=["npc:alex", "role:char:hero", "(sketch)", "camera:view:pov"])
    result = export(gallery, tmp_path / "set", "npc:alex", strip_namespace=strip)
    assert [item.outcome for item in result.results] == ["written"]
    before = gallery.get(ids[0]).asset.tags
    gallery.tag(ids[0], remove=before)
    take(gallery, tmp_path / "set", "kohya")
    assert gallery.get(ids[0]).asset.tags == before


def test_two_pictures_of_one_name_get_captions_of_their_own(gallery, root, tmp_path):
    for place in ("a/hero.png", "b/hero.png", "c/HERO.jpg"):
        gallery.add(make_picture(root / place, (len(place), 5, ord(place[0]))))
    result = export(gallery, tmp_path / "set")
    assert [item.outcome for item in result.results] == ["written"] * 3
    assert len({path.stem.casefold() for path in (tmp_path / "set").glob("*.txt")}) == 3


def test_nothing_in_the_folder_is_written_over_unless_it_is_wanted(gallery, folder, tmp_path):
    out = tmp_path / "set"
    out.mkdir()
    (out / "000.txt").write_text("mine")
    result = export(gallery, out)
    assert sorted(told(result), key=str) == [("failed", "exists"), ("written", None)]
    assert (out / "000.txt").read_text() == "mine"
    assert not (out / "000.png").exists()
    assert told(export(gallery, out, force=True)) == [("written", None)] * 2
    assert (out / "000.txt").read_text() == "\n"


def test_links_lead_to_the_pictures_and_leave_them_alone(gallery, folder, tmp_path):
    export(gallery, tmp_path / "set", link=True)
    linked = tmp_path / "set" / "000.png"
    assert linked.is_symlink()
    assert linked.resolve() == (folder / "000.png").resolve()


def test_a_dry_run_writes_not_even_the_folder_and_a_lost_file_is_told(gallery, folder, tmp_path):
    (folder / "000.png").unlink()
    result = export(gallery, tmp_path / "set", dry_run=True)
    assert sorted(told(result), key=str) == [("failed", "not_found"), ("written", None)]
    assert not (tmp_path / "set").exists()


def test_the_json_of_a_post_beside_its_picture_is_taken(gallery, folder):
    post = {"tag_string_character": "alexander", "tag_string_general": "1girl :d"}
    (folder / "000.json").write_text(json.dumps(post))
    result = take(gallery, folder / "000.json", "booru", mapping={"character": "npc"})
    assert gallery.search("npc:alex").assets[0].tags == ("npc:alex", "1girl")
    assert [problem.code for problem in result.results[0].problems]
