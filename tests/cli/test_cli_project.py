"""`init`, `config`, `doctor`, and the ontology and block commands."""

import io
import os

import pytest

from callsheet.exit_codes import ExitCode


def test_init_makes_a_project_that_resolves_its_own_sample_block(cli, tmp_path):
    made = cli("init", tmp_path / "new")
    resolved = cli("resolve", "--block", "entrance_fight", "--json", in_=tmp_path / "new")

    assert made.code == ExitCode.OK
    assert {"callsheet.toml", ".gitignore", "ontology/project.yaml", "blocks/entrance_fight.yaml"} <= set(
        made.out.split()
    )
    assert resolved.code == ExitCode.OK
    assert [gap["slot"] for gap in resolved.body["gaps"]] == ["background", "hero", "enemy"]
    assert resolved.body["notices"] == []


def test_what_init_writes_is_ignored_by_git_where_it_is_ours(cli, tmp_path):
    cli("init", tmp_path / "new")

    assert {".callsheet/", ".env"} <= set((tmp_path / "new" / ".gitignore").read_text().split())


def test_init_keeps_the_files_that_are_there(cli, tmp_path):
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "project.yaml").write_text("version: 1\n")

    outcome = cli("init", tmp_path)

    assert "kept  ontology/project.yaml" in outcome.out
    assert (tmp_path / "ontology" / "project.yaml").read_text() == "version: 1\n"


@pytest.mark.parametrize("present", ["node_modules", "node_modules\n", "", ".env\n"])
def test_init_adds_what_a_gitignore_lacks_lest_keys_be_committed(cli, tmp_path, present):
    (tmp_path / ".gitignore").write_text(present)

    outcome = cli("init", tmp_path)

    lines = (tmp_path / ".gitignore").read_text().splitlines()
    assert "extended  .gitignore" in outcome.out
    assert {".callsheet/", ".env"} <= set(lines)
    assert lines.count(".env") == 1
    assert (tmp_path / ".gitignore").read_text().startswith(present)


def test_init_that_runs_out_of_room_leaves_no_half_file(cli, tmp_path, monkeypatch):
    def full(self, *_args, **_kwargs):
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr("pathlib.Path.write_text", full)

    outcome = cli("init", tmp_path / "new")

    assert outcome.code == ExitCode.FAILURE
    assert "No space left" in outcome.err
    assert "fault of Callsheet" not in outcome.err
    assert [path for path in (tmp_path / "new").rglob("*") if path.is_file()] == []


def test_init_in_a_project_is_a_conflict(cli, project):
    assert cli("init", project).code == ExitCode.CONFLICT


def test_a_dry_run_of_init_writes_nothing(cli, tmp_path):
    outcome = cli("init", tmp_path / "new", "--dry-run")

    assert "callsheet.toml" in outcome.out
    assert not (tmp_path / "new").exists()


def test_a_name_with_quotes_makes_a_file_that_loads(cli, tmp_path):
    cli("init", tmp_path / "new", "--name", 'The "big" \\ one')

    assert cli("config", "--json", in_=tmp_path / "new").code == ExitCode.OK


def test_init_over_a_file_is_refused(cli, tmp_path):
    (tmp_path / "taken").write_text("")

    assert cli("init", tmp_path / "taken").code == ExitCode.USAGE


def settings_of(outcome):
    return {item["name"]: (item["value"], item["source"]) for item in outcome.body["settings"]}


def test_config_says_where_each_setting_came_from(cli, project, monkeypatch):
    (project / ".env").write_text("CALLSHEET_ACTOR=robin\nOPENAI_API_KEY=secret\n")
    monkeypatch.setenv("CALLSHEET_RESOLVE__MAX_RESULTS", "7")

    outcome = cli("config", "--json")

    assert settings_of(outcome)["resolve.max_results"] == (7, "environment")
    assert settings_of(outcome)["actor"] == ("robin", str(project / ".env"))
    assert settings_of(outcome)["tags.policy"] == ("warn", str(project / "callsheet.toml"))
    assert "secret" not in outcome.out


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('polcy = "warn"', "resolve.polcy"),
        ("max_results = 0", "resolve.max_results"),
        ("max_results = [", "callsheet.toml"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(cli, project, line, named):
    (project / "callsheet.toml").write_text("[resolve]\n" + line + "\n")

    outcome = cli("config")

    assert outcome.code == ExitCode.USAGE
    assert named in outcome.err


def test_ontology_check_prints_one_diagnostic_a_line_and_exits_2(cli, project):
    (project / "ontology" / "bad.yaml").write_text("version: 1\nterms:\n  npc:alex: {label: A}\n  npc:x: {lable: no}\n")

    outcome = cli("ontology", "check")

    assert outcome.code == ExitCode.USAGE
    lines = outcome.out.splitlines()
    assert any(line.startswith("ontology/bad.yaml:4:11: unknown_field: ") for line in lines)
    assert any("term_twice" in line and "bad.yaml:3:3" in line and "project.yaml:4:3" in line for line in lines)


def test_ontology_check_of_a_sound_vocabulary_is_silent_and_ok(cli, project):
    outcome = cli("ontology", "check")

    assert (outcome.code, outcome.out) == (ExitCode.OK, "")


def test_a_broken_ontology_stops_other_commands_with_the_first_fault_and_the_way_out(cli, project):
    (project / "ontology" / "bad.yaml").write_text("terms: [")

    outcome = cli("ls")

    assert outcome.code == ExitCode.USAGE
    assert "bad.yaml" in outcome.err
    assert "callsheet ontology check" in outcome.err


def test_ontology_show_lists_terms_in_the_agreed_shape(cli, project):
    terms = cli("ontology", "show", "npc", "--json").body["terms"]

    assert [term["id"] for term in terms] == ["npc:alex", "npc:boss_01"]
    assert set(terms[0]) == {"id", "label", "kind", "broader", "aliases", "keywords", "deprecated"}


def test_ontology_show_of_an_alias_shows_its_term_and_of_nothing_the_nearest(cli, project):
    assert cli("ontology", "show", "npc:alexander", "--json").body["terms"][0]["id"] == "npc:alex"
    unknown = cli("ontology", "show", "npc:alx")
    assert unknown.code == ExitCode.NOT_FOUND
    assert "npc:alex" in unknown.err


@pytest.mark.parametrize(
    ("text", "first"), [("gravel", "npc:boss_01"), ("entrance", "loc:dungeon_entrance"), ("alexnder", "npc:alex")]
)
def test_ontology_find_finds_by_part_and_by_mistake(cli, project, text, first):
    assert cli("ontology", "find", text, "--json").body["terms"][0]["id"] == first


def test_ontology_find_without_a_hit_is_exit_4(cli, project):
    assert cli("ontology", "find", "zzzzzz").code == ExitCode.NOT_FOUND


def test_blocks_are_listed_shown_and_checked(cli, project):
    assert "entrance_fight" in cli("blocks").out
    assert cli("blocks", "show", "entrance_fight", "--json").body["request"]["hero_id"] == "npc:alex"
    assert cli("blocks", "check").code == ExitCode.OK


def test_a_bad_block_file_is_named_with_its_place_and_hides_no_other(cli, project):
    (project / "blocks" / "bad.yaml").write_text("id: bad\ntags: [")

    listed, checked = cli("blocks", "ls"), cli("blocks", "check")

    assert "entrance_fight" in listed.out
    assert "blocks/bad.yaml:3:1: yaml_syntax" in listed.err
    assert checked.code == ExitCode.USAGE


def test_a_block_with_an_unknown_id_is_a_warning_that_names_the_nearest(cli, project):
    (project / "blocks" / "typo.yaml").write_text('id: typo\ntags: ["npc:alx"]')

    outcome = cli("blocks", "check")

    assert outcome.code == ExitCode.OK
    assert "npc:alex" in outcome.out


def test_two_blocks_with_one_id_are_both_named(cli, project):
    (project / "blocks" / "twin.json").write_text('[{"id": "entrance_fight", "tags": []}]')

    fault = cli("blocks", "check").out

    assert "blocks/twin.json" in fault
    assert "blocks/entrance_fight.yaml" in fault


def test_an_unknown_block_names_the_nearest(cli, project):
    outcome = cli("resolve", "--block", "entrance_figth")

    assert outcome.code == ExitCode.NOT_FOUND
    assert "entrance_fight" in outcome.err


def test_doctor_finds_a_fresh_project_sound(cli, gallery):
    outcome = cli("doctor", "--json")

    assert outcome.code == ExitCode.OK
    assert {finding["severity"] for finding in outcome.body["findings"]} == {"info"}


def test_doctor_names_a_file_that_is_gone(cli, project, gallery):
    (project / "assets" / "red.png").unlink()

    outcome = cli("doctor")

    assert outcome.code == ExitCode.PARTLY
    assert "red.png" in outcome.out


def test_doctor_mends_a_lost_thumbnail(cli, project, gallery):
    for thumbnail in (project / ".callsheet" / "thumbs").rglob("*.jpg"):
        thumbnail.unlink()

    assert cli("doctor").code == ExitCode.PARTLY
    assert cli("doctor", "--repair", "--dry-run").code == ExitCode.PARTLY
    assert list((project / ".callsheet" / "thumbs").rglob("*.jpg")) == []
    cli("doctor", "--repair")
    assert cli("doctor").code == ExitCode.OK


def test_doctor_reports_a_broken_ontology_instead_of_failing(cli, project):
    (project / "ontology" / "bad.yaml").write_text("terms: [")

    outcome = cli("doctor")

    assert outcome.code == ExitCode.INTEGRITY
    assert "bad.yaml" in outcome.out


def test_a_broken_ontology_does_not_hide_damage_to_the_gallery(cli, project, gallery):
    (project / "ontology" / "bad.yaml").write_text("terms: [")
    (project / "assets" / "red.png").unlink()

    shown = cli("doctor").out

    assert "bad.yaml" in shown
    assert "red.png" in shown


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("operation_type: fuse", "unknown_operation"),
        ("default_strength: 9", "invalid_action_block"),
        ("opertion_type: fusion", "unknown_field"),
        ("compatibleNext: [entrance_figth]", "unknown_block"),
    ],
)
def test_blocks_check_sees_what_only_a_call_would_use(cli, project, text, code):
    (project / "blocks" / "odd.yaml").write_text(f'id: odd\ntags: ["npc:alex"]\n{text}\n')

    outcome = cli("blocks", "check", "--json")

    assert [fault["code"] for fault in outcome.body["diagnostics"]] == [code]


PLACES = {
    "in a list of a file": ("- id: a\n- id: b\n  tags:\n    - npc:alex\n    - npc:alxe\n", "5:7: unknown_id"),
    "in a mapping": ("id: a\ntags:\n  location: dungeon\n  hero: alxe\n", "4:9: unknown_id"),
    "in a reference": ("id: a\nreferenceImage:\n  npcId: alxe\n", "3:10: unknown_id"),
    "a second place": ('id: a\ntags: ["loc:dungeon", "loc:dungeon_entrance"]\n', "2:23: second_location"),
    "no tags": ("id: a\nlabel: A\ntags: 3\n", "3:7: invalid_action_block"),
    "a strength": ("id: a\ndefault_strength: 9\n", "2:19: invalid_action_block"),
    "an operation": ("id: a\noperationType: fuse\n", "2:16: unknown_operation"),
    "a field": ("id: a\ntags: [player]\nprompf: x\n", "3:1: unknown_field"),
    "no id": ("- id: a\n- tags: [npc:alex]\n", "2:3: no_block_id"),
    "no block": ("- id: a\n-\n  just words\n", "3:3: no_block_id"),
    "one id twice": ("- id: a\n- label: A\n  id: a\n", "3:3: duplicate_block: block a is in blocks/odd.yaml:1:3 too"),
    "what may follow": ("id: a\ncompatibleNext:\n  - a\n  - bb\n", "4:5: unknown_block"),
    "an end": ("id: a\nfrom: a\nto: cc\n", "3:5: unknown_block"),
    "a base image": ("id: a\nbase_image_asset_id: a0000000000000000\n", "2:22: unknown_asset"),
    "a base image that is a number": ("id: a\nbaseImageAssetId: 12\n", "2:19: unknown_asset"),
}


@pytest.mark.parametrize("what", PLACES)
def test_blocks_check_names_the_line_of_every_fault(cli, project, what):
    text, expected = PLACES[what]
    (project / "blocks" / "odd.yaml").write_text(text)

    outcome = cli("blocks", "check")

    assert f"blocks/odd.yaml:{expected}" in outcome.out
    assert len(outcome.out.splitlines()) == 1


def test_json_blocks_have_lines_too_whatever_they_are_indented_with(cli, project):
    (project / "blocks" / "odd.json").write_text('[\n\t{"id": "a",\n\t\t"tags": ["npc:alex", "npc:alxe"]}\n]')

    assert "blocks/odd.json:3:24: unknown_id" in cli("blocks", "check").out


@pytest.mark.parametrize(
    ("text", "code"),
    [("to: nowhere", ExitCode.USAGE), ("generated_asset_id: a0000000000000000", ExitCode.OK), ("to: {}", ExitCode.OK)],
)
def test_a_link_to_no_block_is_an_error_and_an_unknown_asset_a_warning(cli, project, text, code):
    (project / "blocks" / "odd.yaml").write_text(f"id: odd\n{text}\n")

    assert cli("blocks", "check").code == code


def test_a_link_is_only_doubtful_while_a_file_cannot_be_read(cli, project):
    (project / "blocks" / "odd.yaml").write_text("id: odd\nto: elsewhere\n")
    (project / "blocks" / "torn.yaml").write_text("id: [\n")

    found = {fault["code"]: fault["severity"] for fault in cli("blocks", "check", "--json").body["diagnostics"]}

    assert found == {"yaml_syntax": "error", "unknown_block": "warning"}


def test_the_checkup_tells_of_dangling_links_with_their_line(cli, project):
    (project / "blocks" / "odd.yaml").write_text("id: odd\nto: nowhere\nbase_image_asset_id: a0000000000000000\n")

    shown = cli("doctor").out

    assert "blocks/odd.yaml:2:5" in shown
    assert "blocks/odd.yaml:3:22" in shown


def test_a_key_that_stands_twice_in_a_json_block_is_a_fault(cli, project):
    (project / "blocks" / "twice.json").write_text('{"id": "a", "tags": [], "tags": ["npc:alex"]}')

    assert "'tags' stands there twice" in cli("blocks", "check").out


def test_a_pipe_among_the_blocks_is_not_waited_for(cli, project):
    os.mkfifo(project / "blocks" / "pipe.yaml")

    assert cli("blocks", "ls").code == ExitCode.OK


def test_ontology_check_reads_stdin(cli, project, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"version: 1\nterms:\n  npc:a: {lable: x}\n")))

    outcome = cli("ontology", "check", "-")

    assert outcome.code == ExitCode.USAGE
    assert outcome.out.startswith("stdin:3:")


def test_a_variable_that_cannot_be_read_is_named(cli, project, monkeypatch):
    monkeypatch.setenv("CALLSHEET_TAGS", "foo")
    assert "CALLSHEET_TAGS__POLICY" in cli("config").err
    monkeypatch.delenv("CALLSHEET_TAGS")
    monkeypatch.setenv("CALLSHEET_TAGS__POLCY", "warn")
    outcome = cli("config")
    assert outcome.code == ExitCode.USAGE
    assert "did you mean tags.policy?" in outcome.err


def test_a_dotenv_that_is_no_text_is_named(cli, project):
    (project / ".env").write_bytes(b"\xff\xfe\x00")

    outcome = cli("config")

    assert outcome.code == ExitCode.USAGE
    assert ".env" in outcome.err


def test_a_folder_around_the_person_that_is_not_the_one_worked_on_is_mentioned(cli, project, tmp_path, monkeypatch):
    cli("init", tmp_path / "other")
    monkeypatch.setenv("CALLSHEET_PROJECT", str(tmp_path / "other"))

    mentioned = cli("ls", in_=project).err
    monkeypatch.setenv("CALLSHEET_PROJECT", str(project))

    assert f"working on {tmp_path / 'other'}" in mentioned
    assert "working on" not in cli("ls", in_=project).err


def test_nothing_is_made_by_looking(cli, project):
    for command in (
        ("ls",),
        ("search", "x"),
        ("history",),
        ("doctor",),
        ("blocks",),
        ("resolve", "--hero", "npc:alex"),
    ):
        cli(*command)

    assert not (project / ".callsheet").exists()


FOREIGN = """
characters:
  - {id: "character:sam", label: Sam, keywords: [green hat]}
  - {id: "npc:alex", label: Alexandra, keywords: [blue hair]}
location:old_mill: {label: The old mill}
"camera:angle_pov": {label: From the eyes}
strange: {id: "a b c:!!", label: Odd}
"""


def test_a_foreign_vocabulary_is_taken_in_and_what_cannot_be_held_is_reported(cli, project):
    (project / "theirs.yaml").write_text(FOREIGN)
    arguments = ("ontology", "import", "theirs.yaml", "--map", "location=loc", "--map", "character=npc")

    dry = cli(*arguments, "--dry-run", "--json")
    assert not (project / "ontology" / "imported-theirs.yaml").exists()
    outcome = cli(*arguments)

    assert dry.code == outcome.code == ExitCode.PARTLY
    assert {"npc:sam", "loc:old_mill"} <= {term["id"] for term in dry.body["terms"]}
    assert any(item["severity"] == "warning" for item in dry.body["report"])
    assert cli("ontology", "check").code == ExitCode.OK
    assert cli("ontology", "show", "npc:sam", "--json").body["terms"][0]["keywords"] == ["green hat"]
    assert cli(*arguments).code == ExitCode.CONFLICT


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nowhere.yaml",), ExitCode.NOT_FOUND),
        (("theirs.yaml", "--map", "x"), ExitCode.USAGE),
        (("theirs.yaml", "--map", "location=loc", "--map", "location=npc"), ExitCode.USAGE),
    ],
)
def test_an_import_that_cannot_be_is_refused(cli, project, words, code):
    (project / "theirs.yaml").write_text(FOREIGN)

    assert cli("ontology", "import", *words).code == code


def test_the_vocabulary_is_compiled_once_and_again_when_a_file_changes(cli, project, gallery):
    cli("ontology", "show")
    compiled = project / ".callsheet" / "cache" / "ontology.compiled"
    first = compiled.read_bytes()
    (project / "ontology" / "more.yaml").write_text("version: 1\nterms:\n  npc:late: {label: Late}\n")

    assert cli("ontology", "show", "npc:late").code == ExitCode.OK
    assert compiled.read_bytes() != first
    compiled.write_bytes(b"harmed")
    assert cli("ontology", "show", "npc:late").code == ExitCode.OK


def test_doctor_reads_the_scenes_too(cli, project):
    (project / "scenes.yaml").write_text("scenes:\n  a: {hero: alx, location: dungeon}\n")
    warned = cli("doctor")
    (project / "scenes.yaml").write_text("scenes:\n  a: {plot: thick}\n")
    broken = cli("doctor")

    assert warned.code == ExitCode.PARTLY
    assert "npc:alx" in warned.out
    assert broken.code == ExitCode.INTEGRITY
    assert "plot" in broken.out


def test_a_harmed_snapshot_is_built_again_and_said_so(cli, project, gallery):
    cli("resolve", "--hero", "npc:alex")
    snapshot = project / ".callsheet" / "cache" / "index.snapshot"
    snapshot.write_bytes(snapshot.read_bytes()[:-5])

    assert "the index was built anew" in cli("resolve", "--hero", "npc:alex").err
    assert "the index was built anew" not in cli("resolve", "--hero", "npc:alex").err
