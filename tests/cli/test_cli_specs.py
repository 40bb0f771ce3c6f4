"""`callsheet specs`: what is to be generated is listed, checked, begun and imported."""

import json

import pytest

from callsheet.exit_codes import ExitCode
from callsheet.workspace import Workspace
from generation.specs.errors import SpecError

COIN = """\
version: "1.0"
id: sprite-coin
tags: [npc:alexander, loot]
generation:
  type: image
  provider: dalle-3
prompt:
  base: a coin
"""
CARD = """\
version: "1.0"
template: card
parameters:
  - {name: who_type, type: enum, values: [npc:alex, npc:boss_01]}
  - {name: mood, type: string}
generation: {type: image, provider: local}
tags: ["{{who_type}}"]
prompt: {base: "{{mood}} card"}
integration: {naming_pattern: "card{{who_type_number}}{{mood_letter}}.png"}
"""


def write(project, text, name="coin.yaml"):
    path = project / "specs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_project_without_specs_says_how_to_begin_one(cli, project):
    outcome = cli("specs")
    assert outcome.code == ExitCode.OK
    assert "callsheet specs new" in outcome.err


def test_specs_and_templates_are_listed(cli, project):
    write(project, COIN)
    write(project, CARD, "card.yaml")
    shown = cli("specs", "ls").out
    assert "sprite-coin" in shown
    assert "template card: --set who_type=… --set mood=…" in shown
    body = cli("specs", "ls", "--json").body
    assert [spec["id"] for spec in body["specs"]] == ["sprite-coin"]
    assert body["templates"][0]["parameters"][0]["values"] == ["npc:alex", "npc:boss_01"]


def test_notices_do_not_fail_a_check(cli, project):
    write(project, COIN)
    outcome = cli("specs", "check")
    assert outcome.code == ExitCode.OK
    assert outcome.out == (
        "specs/coin.yaml:6:13: alias: `dalle-3` stands for openai:gpt-image-2.5-flare: dall-e-3 was retired on"
        " 2026-05-12 (write openai:gpt-image-2.5-flare) [notice]\n"
    )
    assert outcome.err == "1 spec, 0 errors, 1 notice\n"


def test_errors_of_a_check_are_said_with_their_places_and_fail_it(cli, project):
    path = write(project, COIN.replace("provider:", "providr:").replace("a coin", "5"))
    outcome = cli("specs", "check", str(path.relative_to(project)))
    assert outcome.code == ExitCode.USAGE
    assert [line.split(": ")[:2] for line in outcome.out.splitlines()] == [
        ["specs/coin.yaml:6:3", "unknown_field"],
        ["specs/coin.yaml:8:9", "wrong_type"],
    ]
    assert "did you mean provider?" in outcome.out


def test_a_check_as_json_has_every_finding(cli, project):
    write(project, COIN)
    body = cli("specs", "check", "--json").body
    assert [(found["code"], found["severity"], found["line"]) for found in body["diagnostics"]] == [
        ("alias", "notice", 6)
    ]
    assert body["specs"] == ["sprite-coin"]


def test_a_spec_is_checked_by_its_name_and_from_stdin(cli, project, monkeypatch):
    write(project, COIN)
    write(project, "id: [", "bad.yaml")
    assert cli("specs", "check", "sprite-coin").code == ExitCode.OK
    assert cli("specs", "check", "coin").code == ExitCode.OK
    assert cli("specs", "check").code == ExitCode.USAGE
    unknown = cli("specs", "check", "sprite-con")
    assert (unknown.code, "sprite-coin" in unknown.err) == (ExitCode.NOT_FOUND, True)

    class Stdin:
        class buffer:  # noqa: N801  # as sys.stdin has it
            read = staticmethod(lambda: COIN.replace("id: ", "idd: ").encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    piped = cli("specs", "check", "-")
    assert (piped.code, "did you mean id?" in piped.out) == (ExitCode.USAGE, True)


def test_a_template_is_filled_to_see_what_it_makes(cli, project):
    write(project, CARD, "card.yaml")
    outcome = cli("specs", "check", "card", "--set", "who_type=*", "--set", "mood=sad", "--set", "mood=glad")
    assert outcome.code == ExitCode.OK
    assert outcome.out.splitlines() == [
        "card-npc-alex-sad  images/card1A.png",
        "card-npc-alex-glad  images/card1B.png",
        "card-npc-boss-01-sad  images/card2A.png",
        "card-npc-boss-01-glad  images/card2B.png",
    ]
    named = cli("specs", "check", "card", "--set", "who_type=npc:alex", "--set", "mood=a", "--output-name", "joker")
    assert named.out == "card-npc-alex-a  images/joker.png\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--set", "mood=sad"), "`who_type` has no value and no default"),
        (("--set", "who_type=npc:alx", "--set", "mood=a"), "did you mean npc:alex?"),
        (("--set", "mood"), "sets nothing"),
    ],
)
def test_values_that_do_not_fit_are_an_error_of_usage(cli, project, arguments, said):
    write(project, CARD, "card.yaml")
    outcome = cli("specs", "check", "card", *arguments)
    assert outcome.code == ExitCode.USAGE
    assert said in outcome.err


def test_a_spec_is_begun_and_never_written_over(cli, project):
    assert cli("specs", "new", "Sprite Coin").out == "created  specs/sprite-coin.yaml\n"
    assert cli("specs", "check").code == ExitCode.OK
    (project / "specs/sprite-coin.yaml").write_text(COIN, encoding="utf-8")
    refused = cli("specs", "new", "Sprite Coin")
    assert (refused.code, "--force" in refused.err) == (ExitCode.CONFLICT, True)
    assert (project / "specs/sprite-coin.yaml").read_text(encoding="utf-8") == COIN
    assert cli("specs", "new", "Sprite Coin", "--force").out == "overwritten  specs/sprite-coin.yaml\n"


def test_a_gap_of_the_coverage_becomes_a_spec(cli, project):
    gap = cli("coverage", "--json").body["gaps"][0]
    body = cli("specs", "new", "--gap", f"{gap['slot']}:{gap['identity']}", "--json").body
    assert body["draft"]["tags"] == [gap["identity"], gap["wanted_role"]]
    assert (project / body["path"]).read_text(encoding="utf-8") == body["draft"]["text"]
    shown = cli("specs", "new", "--gap", "hero:npc:alex", "--dry-run")
    assert "tags: [npc:alex, role:char:hero]" in shown.out.splitlines()
    assert not (project / "specs/alex-hero.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), ExitCode.USAGE),
        (("a", "--gap", "hero:npc:alex"), ExitCode.USAGE),
        (("--gap", "npc:alex"), ExitCode.USAGE),
        (("--gap", "hero:npc:nobody"), ExitCode.USAGE),
        (("a", "--output", "../a.yaml"), ExitCode.USAGE),
        (("a", "--output", "/tmp/a.yaml"), ExitCode.USAGE),
        (("a", "--output", "a.txt"), ExitCode.USAGE),
    ],
)
def test_what_cannot_be_begun_is_refused(cli, project, arguments, code):
    assert cli("specs", "new", *arguments).code == code
    assert not (project / "specs").exists() or not list((project / "specs").iterdir())


def test_forty_five_shots_are_imported_and_check_clean(cli, project):
    shots = [{"key": f"sprite_thing_{n}", "kind": "sprite", "prompt": f"thing {n}"} for n in range(45)]
    (project / "shots.json").write_text(json.dumps(shots), encoding="utf-8")
    dry = cli("specs", "import", "shots.json", "--dry-run")
    assert (dry.code, dry.err) == (ExitCode.OK, "dry run: 45 created\n")
    assert not (project / "specs").exists()
    assert cli("specs", "import", "shots.json").err == "45 created\n"
    checked = cli("specs", "check")
    assert (checked.code, checked.err) == (ExitCode.OK, "45 specs, 0 errors, 45 notices\n")
    assert cli("specs", "import", "shots.json").err == "45 unchanged\n"


def test_a_part_that_fails_is_reported_and_the_rest_goes_in(cli, project):
    shots = [{"key": "ui_ok", "kind": "ui", "prompt": "ok"}, {"key": "ui_bad", "kind": "ui"}]
    (project / "shots.json").write_text(json.dumps(shots), encoding="utf-8")
    outcome = cli("specs", "import", "shots.json", "--provider", "local")
    assert outcome.code == ExitCode.PARTLY
    assert outcome.out.startswith("shots.json:1:50: missing_field: `prompt` is missing")
    assert "created  specs/shots/ok.yaml" in outcome.out
    assert outcome.err == "1 created, 1 failed\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [("{", ExitCode.USAGE), ('{"a": 1}', ExitCode.USAGE), ("[]", ExitCode.OK), ("[NaN]", ExitCode.USAGE)],
)
def test_a_file_that_holds_no_shots_is_refused(cli, project, content, code):
    (project / "shots.json").write_text(content, encoding="utf-8")
    assert cli("specs", "import", "shots.json").code == code


def test_a_file_that_is_not_there_is_not_found(cli, project):
    assert cli("specs", "import", "nope.json").code == ExitCode.NOT_FOUND
    assert cli("specs", "check", "nope.yaml").code == ExitCode.NOT_FOUND


def test_a_project_says_of_a_model_what_it_knows_better(cli, project):
    write(project, COIN.replace("dalle-3", "house"))
    assert "unknown_provider" in cli("specs", "check").out
    (project / "models.toml").write_text('[aliases]\nhouse = { target = "local" }\n', encoding="utf-8")
    assert cli("specs", "check").out == ""
    (project / "models.toml").unlink()
    with (project / "callsheet.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[models."openai:gpt-image-9"]\nlike = "openai:gpt-image-2"\naliases = ["house"]\n')
    assert cli("specs", "check").out == ""
    (project / "models.toml").write_text("[providers.x]\nkeys = ['HOME']\n", encoding="utf-8")
    assert cli("specs", "check").code == ExitCode.USAGE


def test_the_library_has_the_specs_of_a_project(cli, project):
    write(project, COIN)
    write(project, CARD, "cards.yaml")
    with Workspace.open(project) as ws:
        assert ws.specs["sprite-coin"].tags == ("npc:alex", "loot")
        assert [spec.id for spec in ws.specs.select("sprite-coin")] == ["sprite-coin"]
        assert len(ws.specs.select("card", {"who_type": "*", "mood": ["a", "b"]})) == 4
        assert len(ws.specs.select("cards", {"who_type": "npc:alex", "mood": "a"})) == 1
        assert [spec.id for spec in ws.specs.select("specs/coin.yaml")] == ["sprite-coin"]
        draft = ws.draft_spec(ws.coverage()["gaps"][0])
        assert ws.save_spec(draft["file_name"], draft["text"])["outcome"] == "created"
        assert draft["id"] in ws.specs


def test_a_program_that_stays_open_takes_in_what_others_write(cli, project):
    write(project, COIN)
    with Workspace.open(project) as ws:
        assert list(ws.specs) == ["sprite-coin"]
        write(project, COIN.replace("sprite-coin", "sprite-gem"), "gem.yaml")
        ws.refresh()
        assert list(ws.specs) == ["sprite-coin", "sprite-gem"]
        (project / "specs/gem.yaml").unlink()
        ws.refresh()
        assert list(ws.specs) == ["sprite-coin"]


def test_what_was_broken_meanwhile_is_told_when_it_is_asked_for(cli, project):
    write(project, COIN.replace("type: image", "type: picture"))
    with Workspace.open(project) as ws, pytest.raises(SpecError, match=r"coin\.yaml:5:9: unknown_value"):
        ws.specs["sprite-coin"]


def test_the_schema_is_printed_for_editors(cli, project):
    assert cli("specs", "schema").body["$schema"].endswith("/draft/2020-12/schema")
