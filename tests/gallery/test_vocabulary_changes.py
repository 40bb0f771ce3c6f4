"""Renaming, merging, deprecating and declaring terms: everything that uses them goes along, and undo brings it back."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vocabulary_projects import FILES, ONTOLOGY, files_of, fill, make_project, rows_of

from callsheet import Workspace
from gallery.journal.batches import Change, apply
from ontology.errors import ConflictError, InvalidInputError, NotFoundError, OntologyError, TagError


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(make_project(tmp_path / "project")) as opened:
        yield opened


@pytest.fixture
def ids(ws):
    return fill(ws)


def tags_of(ws, asset_id):
    return ws.gallery.get(asset_id).asset.tags


def text_of(ws, name):
    return (ws.root / name).read_bytes().decode()


def test_a_renamed_term_is_renamed_in_every_file_asset_and_saved_search(ws, ids):
    change = ws.vocabulary.rename("npc:alex", "npc:alexis")
    assert [tags_of(ws, one)[0] for one in ids[:2]] == ["npc:alexis", "npc:alexis"]
    assert tags_of(ws, ids[2]) == ("npc:ruby", "npc:alexis")
    assert text_of(ws, "blocks/gate.yaml") == (
        "id: at_the_gate   # a block\n"
        'tags: [ "loc:gate", \'npc:alexis\', "npc:alexis", mood:calm ]\n'
        'prompt: "npc:alex waits"\n'
        "referenceImage: {npcId: alexis, tags: [loc:gate]}\n"
    )
    assert text_of(ws, "blocks/more.json") == FILES["blocks/more.json"].replace('"alex"', '"alexis"').replace(
        '"npc:alex"', '"npc:alexis"'
    )
    assert text_of(ws, "scenes.yaml") == FILES["scenes.yaml"].replace("alex", "alexis")
    assert text_of(ws, "specs/poster.yaml") == FILES["specs/poster.yaml"].replace("npc:alex", "npc:alexis").replace(
        "prompt: npc:alexis", "prompt: npc:alex"
    )
    assert text_of(ws, "ontology/places.yaml") == ONTOLOGY["places.yaml"]
    assert rows_of(ws)[2] == [
        ("alex", 'npc:alexis -role:bg "npc:alex"'),
        ("gates", "(loc:gate or =npc:alexis) not draft"),
        ("none", "role:bg"),
    ]
    body = change.to_json()
    assert (body["assets"], body["searches"]) == ({"total": 3, "first": ids[:3]}, ["alex", "gates"])
    assert (body["blocks"], body["scenes"], body["specs"]) == (
        ["at_the_gate", "one", "two"],
        ["duel"],
        ["specs/poster.yaml"],
    )
    assert body["files"] == ["ontology/people.yaml", *sorted(FILES, key=lambda name: (name == "scenes.yaml", name))]
    assert body["batch"] == ws.gallery.last_batch()


def test_the_workspace_knows_the_new_name_at_once_and_the_old_one_as_its_alias(ws, ids):
    gallery = ws.gallery
    ws.vocabulary.rename("npc:alex", "npc:alexis")
    assert ws.ontology.canonical("npc:alex") == ws.ontology.canonical("npc:alexander") == "npc:alexis"
    assert ws.gallery.count("npc:alex") == ws.gallery.count("npc:alexis") == 2
    assert ws.resolve(hero_id="npc:alex").hero_assets
    assert ws.gallery is not gallery
    ws.gallery.tag(ids[3], add=["npc:alex"])
    assert tags_of(ws, ids[3]) == ("npc:alexis",)


def test_without_the_alias_the_old_id_is_unknown(ws, ids):
    ws.vocabulary.rename("npc:alex", "npc:alexis", keep_alias=False)
    assert "npc:alex" not in ws.ontology
    with pytest.raises(TagError):
        ws.gallery.tag(ids[3], add=["npc:alex"])


def test_a_dry_run_says_what_the_rename_says_and_changes_nothing(ws, ids):
    before = files_of(ws.root), rows_of(ws), ws.gallery.last_batch()
    dry = ws.vocabulary.rename("npc:alex", "npc:alexis", dry_run=True).to_json()
    assert (files_of(ws.root), rows_of(ws), ws.gallery.last_batch()) == before
    done = ws.vocabulary.rename("npc:alex", "npc:alexis").to_json()
    assert dry == done | {"batch": None}


def test_undo_takes_all_of_it_back_and_redo_does_it_again(ws, ids):
    before = files_of(ws.root), rows_of(ws)
    ws.vocabulary.rename("npc:alex", "npc:alexis")
    after = files_of(ws.root), rows_of(ws)
    ws.gallery.undo()
    assert (files_of(ws.root), rows_of(ws)) == before
    ws.gallery.redo()
    assert (files_of(ws.root), rows_of(ws)) == after


def test_an_asset_that_was_edited_since_keeps_the_later_edit(ws, ids):
    change = ws.vocabulary.rename("npc:alex", "npc:alexis")
    ws.gallery.tag(ids[0], add=["draft"])
    ws.gallery.undo(change.batch)
    assert tags_of(ws, ids[0]) == ("npc:alex", "loc:gate", "mood:calm", "draft")


def test_what_somebody_turned_down_is_renamed_too(ws, ids):
    with ws.gallery.context.database.write() as connection:
        apply(connection, ws.gallery.context, "reject", [Change(4, {"rejected": []}, {"rejected": ["npc:alex", "x"]})])
    change = ws.vocabulary.rename("npc:alex", "npc:alexis")
    assert (change.assets, change.rejected) == (3, 1)
    assert rows_of(ws)[0][3][-5:].count(["npc:alexis", "x"]) or ["npc:alexis", "x"] in rows_of(ws)[0][3]


def test_old_spellings_on_assets_are_written_as_the_new_id_and_collapse(ws, ids):
    with ws.gallery.context.database.write() as connection:
        tags = ["npc:alexander", "mood:calm", "npc:alex"]
        apply(connection, ws.gallery.context, "tag", [Change(4, {"tags": []}, {"tags": tags})])
    ws.vocabulary.rename("npc:alex", "npc:alexis")
    assert tags_of(ws, ids[3]) == ("npc:alexis", "mood:calm")


def test_an_old_spelling_is_written_as_what_it_stands_for(ws, ids):
    with ws.gallery.context.database.write() as connection:
        apply(connection, ws.gallery.context, "tag", [Change(4, {"tags": []}, {"tags": ["npc:old_name"]})])
    change = ws.vocabulary.rename("npc:old_name", "npc:alex")
    assert tags_of(ws, ids[3]) == ("npc:alex",)
    assert change.files == ()


@pytest.mark.parametrize(("old", "new"), [("sketchy", "sketch"), ("mood:clam", "mood:calm")])
def test_a_tag_that_is_no_term_is_renamed_where_it_stands(ws, ids, old, new):
    ws.gallery.tag(ids[3], add=[old])
    assert ws.vocabulary.rename(old, new).assets == 1
    assert tags_of(ws, ids[3]) == (new,)


def test_a_term_may_move_to_another_namespace(ws, ids):
    change = ws.vocabulary.rename("mood:calm", "loc:calm")
    assert change.blocks == ("at_the_gate",)
    assert tags_of(ws, ids[0])[-1] == "loc:calm"


@pytest.mark.parametrize(
    ("old", "new", "kind", "code"),
    [
        ("npc:nobody", "npc:somebody", NotFoundError, "not_found"),
        ("npc:alex", "npc:ruby", ConflictError, "exists"),
        ("npc:ruby", "npc:alexander", ConflictError, "exists"),
        ("npc:alex", "npc:alex", InvalidInputError, "invalid"),
        ("npc:alex", "npc:Älex!", InvalidInputError, "bad_id"),
        ("npc:alex", "alex", InvalidInputError, "bad_id"),
        ("npc:alex", "who:alex", InvalidInputError, "undeclared_namespace"),
        ("npc:alexander", "npc:sascha", InvalidInputError, "spelling"),
        ("role:bg", "role:back", InvalidInputError, "builtin_term"),
        ("player", "npc:me", InvalidInputError, "builtin_term"),
        ("npc:alex", "loc:alex", InvalidInputError, "wrong_namespace"),
        ("npc:gone", "npc:gone_too", TagError, "unknown_term"),
        ("loc:dungeon", "mood:dungeon", InvalidInputError, "would_not_load"),
        ("npc:ruby", "mood:ruby", InvalidInputError, "wrong_namespace"),
        ("loc:gate", "mood:gate", InvalidInputError, "wrong_namespace"),
    ],
)
def test_what_cannot_be_renamed_is_refused_with_nothing_changed(ws, ids, old, new, kind, code):
    with ws.gallery.context.database.write() as connection:
        apply(connection, ws.gallery.context, "tag", [Change(4, {"tags": []}, {"tags": ["npc:gone"]})])
    before = files_of(ws.root), rows_of(ws), ws.gallery.last_batch()
    with pytest.raises(kind) as caught:
        ws.vocabulary.rename(old, new)
    assert caught.value.code == code
    assert caught.value.hint
    assert (files_of(ws.root), rows_of(ws), ws.gallery.last_batch()) == before


def test_a_broken_vocabulary_is_not_worked_on(ws, ids):
    (ws.root / "ontology/people.yaml").write_text("terms: [")
    with pytest.raises(OntologyError):
        ws.vocabulary.rename("npc:alex", "npc:alexis")


def test_a_broken_block_that_may_name_the_term_stops_the_rename_and_any_other_is_left_alone(ws, ids):
    broken = ws.root / "blocks/broken.yaml"
    broken.write_text("id: [\ntags: npc:alex")
    with pytest.raises(InvalidInputError) as caught:
        ws.vocabulary.rename("npc:alex", "npc:alexis")
    assert (caught.value.code, "broken.yaml" in caught.value.message) == ("unreadable_file", True)
    broken.write_text("id: [\ntags: nothing")
    assert ws.vocabulary.rename("npc:alex", "npc:alexis").notices == (
        "blocks/broken.yaml cannot be read and was left as it is",
    )


def test_a_block_that_is_no_text_stops_the_rename_for_nobody_knows_what_it_names(ws, ids):
    (ws.root / "blocks/odd.yaml").write_bytes(b"id: \xff")
    with pytest.raises(InvalidInputError, match=r"odd\.yaml"):
        ws.vocabulary.rename("npc:alex", "npc:alexis")
    assert ws.vocabulary.orphans().unread == ("blocks/odd.yaml",)
    assert ws.vocabulary.usage("npc:alex")[0].uses.blocks == 3


def test_a_file_that_cannot_be_written_leaves_everything_as_it_was(ws, ids, monkeypatch):
    from gallery.store import drafts

    before = files_of(ws.root), rows_of(ws), ws.gallery.last_batch()
    written = []

    def full(path, text, **options):
        if path.name == "scenes.yaml" and not written.count(path):
            written.append(path)
            raise OSError(28, "No space left on device", str(path))
        return put(path, text, **options)

    put = drafts.write_whole
    monkeypatch.setattr(drafts, "write_whole", full)
    with pytest.raises(Exception, match="No space left"):
        ws.vocabulary.rename("npc:alex", "npc:alexis")
    assert (files_of(ws.root), rows_of(ws), ws.gallery.last_batch()) == before


# Merging


def test_a_merged_term_is_deprecated_and_what_carried_it_carries_the_other_once(ws, ids):
    before = files_of(ws.root), rows_of(ws)
    change = ws.vocabulary.merge("npc:alex", "npc:ruby")
    assert tags_of(ws, ids[0]) == ("npc:ruby", "loc:gate", "mood:calm")
    assert tags_of(ws, ids[2]) == ("npc:ruby",)
    assert ws.ontology.terms["npc:alex"].deprecated
    assert ws.ontology.canonical("npc:alexander") == ws.ontology.canonical("npc:old_name") == "npc:ruby"
    assert "hero: ruby   # short" in text_of(ws, "scenes.yaml")
    assert change.searches == ("alex", "gates")
    ws.gallery.undo()
    assert (files_of(ws.root), rows_of(ws)) == before


@pytest.mark.parametrize(
    ("old", "into", "kind", "code"),
    [
        ("npc:nobody", "npc:alex", NotFoundError, "not_found"),
        ("npc:alex", "npc:nobody", NotFoundError, "not_found"),
        ("npc:alexander", "npc:alex", InvalidInputError, "same_term"),
        ("role:bg", "role:comic_frame", InvalidInputError, "builtin_term"),
        ("npc:alex", "loc:gate", InvalidInputError, "wrong_namespace"),
        ("mood:calm", "npc:alex", InvalidInputError, "wrong_namespace"),
        ("loc:dungeon", "loc:gate", InvalidInputError, "would_not_load"),
    ],
)
def test_what_cannot_be_merged_is_refused_with_nothing_changed(ws, ids, old, into, kind, code):
    before = files_of(ws.root), rows_of(ws), ws.gallery.last_batch()
    with pytest.raises(kind) as caught:
        ws.vocabulary.merge(old, into)
    assert (caught.value.code, bool(caught.value.hint)) == (code, True)
    assert (files_of(ws.root), rows_of(ws), ws.gallery.last_batch()) == before


# Deprecating and declaring


def test_a_deprecated_term_stays_on_its_assets_and_is_read_as_its_replacement(ws, ids):
    before = files_of(ws.root)
    change = ws.vocabulary.deprecate("npc:alex", replaced_by="npc:ruby")
    assert (change.files, change.assets) == (("ontology/people.yaml",), 0)
    assert tags_of(ws, ids[0])[0] == "npc:alex"
    assert ws.gallery.count("npc:ruby") == 2
    ws.gallery.undo()
    assert files_of(ws.root) == before


def test_a_declared_term_stands_with_those_of_its_namespace_and_can_be_used_at_once(ws, ids):
    change = ws.vocabulary.add(
        "loc:hall", label="Hall", broader="loc:dungeon", aliases=["loc:aula"], keywords="big room"
    )
    assert change.files == ("ontology/places.yaml",)
    assert text_of(ws, "ontology/places.yaml") == (
        f"{ONTOLOGY['places.yaml']}  loc:hall: {{label: Hall, broader: [loc:dungeon], aliases: [loc:aula], "
        "keywords: [big room]}\r\n"
    )
    ws.gallery.tag(ids[3], add=["loc:aula"])
    assert tags_of(ws, ids[3]) == ("loc:hall",)


def test_a_term_may_go_into_a_file_of_its_own(ws):
    ws.vocabulary.add("npc:new", label="New", kind="monster", file="ontology/monsters/big.yaml")
    assert text_of(ws, "ontology/monsters/big.yaml") == "version: 1\nterms:\n  npc:new: {label: New, kind: monster}\n"
    ws.gallery.undo()
    assert not (ws.root / "ontology/monsters/big.yaml").exists()


def test_a_project_without_a_vocabulary_gets_its_first_term(tmp_path):
    (tmp_path / "callsheet.toml").write_text("")
    with Workspace.open(tmp_path) as ws:
        assert ws.vocabulary.add("npc:alex").files == ("ontology/terms.yaml",)
        assert ws.ontology.terms["npc:alex"].label == "Alex"


@pytest.mark.parametrize(
    ("term", "options", "kind", "code"),
    [
        ("npc:alex", {}, ConflictError, "exists"),
        ("npc:alexander", {}, ConflictError, "exists"),
        ("role:bg", {}, ConflictError, "exists"),
        ("who:alex", {}, InvalidInputError, "would_not_load"),
        ("npc:a b!", {}, InvalidInputError, "would_not_load"),
        ("loc:x", {"kind": "hero"}, InvalidInputError, "would_not_load"),
        ("loc:x", {"broader": "loc:nowhere"}, InvalidInputError, "would_not_load"),
        ("loc:x", {"aliases": ["npc:alex"]}, InvalidInputError, "would_not_load"),
        ("loc:x", {"file": "../x.yaml"}, InvalidInputError, "not_a_vocabulary_file"),
        ("loc:x", {"file": "blocks/x.yaml"}, InvalidInputError, "not_a_vocabulary_file"),
        ("loc:x", {"file": "ontology/.x.yaml"}, InvalidInputError, "not_a_vocabulary_file"),
        ("loc:x", {"file": "ontology/x.txt"}, InvalidInputError, "not_a_vocabulary_file"),
    ],
)
def test_what_cannot_be_declared_is_refused_with_nothing_changed(ws, term, options, kind, code):
    before = files_of(ws.root)
    with pytest.raises(kind) as caught:
        ws.vocabulary.add(term, **options)
    assert caught.value.code == code
    assert files_of(ws.root) == before


# The law


_NEW = st.sampled_from(["npc:x", "npc:alexander", "npc:x-1", "loc:x", "loc:gate2", "mood:x:y", "mood:calm2"])


@pytest.fixture(scope="module")
def made_once():
    folder = Path(tempfile.mkdtemp())
    with Workspace.open(make_project(folder / "made")) as ws:
        fill(ws)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    old=st.sampled_from(["npc:alex", "npc:ruby", "loc:gate", "loc:dungeon", "mood:calm"]), new=_NEW, keep=st.booleans()
)
def test_undoing_a_rename_restores_every_byte_of_every_file_and_every_row(made_once, old, new, keep):
    root = made_once / "tried"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(made_once / "made", root)
    with Workspace.open(root) as ws:
        before = files_of(root), rows_of(ws)
        try:
            ws.vocabulary.rename(old, new, keep_alias=keep)
        except (InvalidInputError, ConflictError):
            assert (files_of(root), rows_of(ws)) == before
            return
        assert (files_of(root), rows_of(ws)) != before
        ws.gallery.undo()
        assert (files_of(root), rows_of(ws)) == before
