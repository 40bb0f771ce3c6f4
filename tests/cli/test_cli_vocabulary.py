"""`callsheet ontology rename | merge | deprecate | add | usage | orphans`."""

import pytest


def test_a_dry_run_lists_what_a_rename_touches(cli, demo):
    outcome = cli("ontology", "rename", "npc:alex", "npc:alexis", "--dry-run")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "assets    3",
        "blocks    3",
        "scenes    1",
        "specs     1",
        "files     6",
    ]
    assert "lesson_in_the_hallway" in lines[1]
    assert "dry run: npc:alex renamed, now npc:alexis" in outcome.err
    assert cli("ontology", "show", "npc:alexis").code == 4


def test_a_rename_is_done_shown_and_taken_back(cli, demo):
    before = (demo / "ontology/characters.yaml").read_bytes()
    body = cli("ontology", "rename", "npc:alex", "npc:alexis", "--json").body
    assert (body["action"], body["assets"]["total"], len(body["files"])) == ("rename", 3, 6)
    assert cli("search", "npc:alexis", "--json").body["total"] == 3
    assert cli("resolve", "--hero", "npc:alex", "--strict").code == 0
    assert cli("ontology", "check").code == 0
    assert cli("undo", "--json").body["batch"] == body["batch"] + 1
    assert (demo / "ontology/characters.yaml").read_bytes() == before


def test_the_alias_can_be_left_out(cli, demo):
    assert cli("ontology", "rename", "npc:alex", "npc:alexis", "--no-keep-alias").code == 0
    assert cli("ontology", "usage", "npc:alex").code == 4


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("rename", "npc:alex", "npc:ruby"), 5, "exists"),
        (("rename", "npc:alx", "npc:foo"), 4, "not_found"),
        (("rename", "role:bg", "role:x"), 2, "builtin_term"),
        (("merge", "npc:alex", "npc:nobody"), 4, "not_found"),
        (("deprecate", "role:bg"), 2, "builtin_term"),
        (("add", "npc:alex"), 5, "exists"),
        (("add", "who:x"), 2, "would_not_load"),
        (("usage", "npc:alx"), 4, "not_found"),
    ],
)
def test_what_cannot_be_done_says_why_and_how_else(cli, demo, words, code, error):
    outcome = cli("ontology", *words, "--json")
    assert (outcome.code, outcome.error["code"], bool(outcome.error["hint"])) == (code, error, True)


def test_two_terms_become_one(cli, demo):
    assert cli("ontology", "merge", "npc:alex", "npc:ruby").code == 0
    assert cli("ontology", "show", "npc:alex", "--json").body["terms"][0]["id"] == "npc:ruby"


def test_a_term_is_declared_and_deprecated(cli, demo):
    added = cli("ontology", "add", "loc:hall", "--label", "Great hall", "--broader", "loc:dungeon", "--keyword", "big")
    assert added.out == "files     1: ontology/locations.yaml\n"
    (term,) = cli("ontology", "show", "loc:hall", "--json").body["terms"]
    assert (term["label"], term["broader"], term["keywords"]) == ("Great hall", ["loc:dungeon"], ["big"])
    assert cli("ontology", "deprecate", "loc:hall", "--replaced-by", "loc:dungeon_hall").code == 0
    assert cli("ontology", "show", "loc:hall", "--json").body["terms"][0]["id"] == "loc:dungeon_hall"


def test_uses_are_listed(cli, demo):
    rows = cli("ontology", "usage", "--namespace", "loc", "--sort", "wider").out.splitlines()
    assert rows[0].split() == ["ID", "LABEL", "ASSETS", "WIDER", "BLOCKS", "SCENES", "SPECS", "SEARCHES"]
    assert rows[1].split() == ["loc:school", "The", "school", "1", "5", "0", "0", "0", "0"]
    assert rows[-1].split()[0] == "loc:sky_tower"


def test_orphans_are_listed_with_their_ways_out(cli, demo):
    file = demo / "ontology/characters.yaml"
    file.write_text(file.read_text().replace('"npc:hazel"', '"npc:librarienne"'))
    outcome = cli("ontology", "orphans")
    assert "npc:hazel" in outcome.out
    assert "not used: npc:librarienne" in outcome.out
    assert "1 tag without a term, 1 term without a use" in outcome.err
    body = cli("ontology", "orphans", "--json").body
    assert [(one["tag"], one["code"], one["assets"]) for one in body["tags"]] == [("npc:hazel", "unknown_term", 1)]


def test_tags_that_do_not_go_together_are_refused_and_replaced_on_request(cli, project, gallery):
    (project / "ontology/style.yaml").write_text("version: 1\nnamespaces: {style: {single: true}}\n")
    assert cli("tag", gallery["red"], "--add", "style:ink").code == 0
    outcome = cli("tag", gallery["red"], "--add", "style:oil")
    assert outcome.code == 2
    assert "`style:oil` does not go together with `style:ink`: one tag of `style:` at a time" in outcome.err
    assert cli("tag", gallery["red"], "--add", "style:oil", "--replace").code == 0
    assert cli("show", gallery["red"], "--json").body["tags"] == ["style:oil"]
    assert (
        cli("tag", gallery["red"], "--add", "style:ink", "--add", "style:pen", "--json").error["code"]
        == "clashing_tags"
    )
