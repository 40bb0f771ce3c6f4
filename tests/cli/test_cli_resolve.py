"""`resolve`, `prefill` and `demo` on the demo project, which is made with the same services as any other."""

import io
import json
import shlex
from pathlib import Path

import pytest
import yaml
from PIL import Image

import callsheet
from callsheet.exit_codes import ExitCode

DATA = Path(callsheet.__file__).parent / "demo_project"

EXPECTED = {
    "alex_faces_gravelord": ["exact dungeon_gate", "exact alex_full", "exact gravelord_full"],
    "ambush_in_the_forest": [
        "exact forest_autumn",
        "identity mara_full",
        "exact rumblejaw_roar",
        "exact ashmane_front",
    ],
    "camp_in_the_forest": ["exact forest_camp_night", "identity tobbin_with_crate", "exact ember_dragon"],
    "festival_poster": ["role fireworks_night", "role champion_cheer"],
    "lanterns_on_the_rooftop": ["exact rooftop_lantern_night", "exact ruby_cheering"],
    "lesson_in_the_hallway": [
        "exact school_hallway",
        "exact alex_closeup",
        "exact quillby_potion",
        "exact hazel_reading",
    ],
    "library_search": ["identity library_books", "exact ruby_bowling", "exact bramble_wizard", "gap npc:headmistress"],
    "mara_in_the_hall": ["broader dungeon_keep", "identity mara_full", "identity cobweb_spider"],
    "marsh_by_moonlight": ["exact marsh_night"],
    "player_in_the_cell": ["identity dungeon_cage", "exact player_hand_spark"],
    "rooftop_dusk_to_night": ["exact rooftop_edge", "exact ruby_bowling", "exact bramble_wizard"],
    "warden_on_the_tower": ["role fireworks_night", "exact alex_full", "role hungry_caterpillar"],
}


def first_answers(body):
    first = {}
    for match in body["matches"]:
        first.setdefault((match["slot"], match["identity"]), f"{match['tier']} {Path(match['asset']['path']).stem}")
    gaps = [f"gap {gap['identity']}" for gap in body["gaps"] if gap["filled_by"] is None]
    return list(first.values()) + gaps


@pytest.mark.parametrize("block", sorted(EXPECTED))
def test_every_block_of_the_demo_is_answered_as_its_story_needs(cli, demo, block):
    outcome = cli("resolve", "--block", block, "--json")

    assert outcome.code == ExitCode.OK
    assert first_answers(outcome.body) == EXPECTED[block]
    assert outcome.body["notices"] == []


def test_the_blocks_of_the_demo_are_these(cli, demo):
    assert {block["id"] for block in cli("blocks", "ls", "--json").body["blocks"]} == set(EXPECTED)


def test_the_demo_shows_all_four_tiers_and_a_true_gap():
    words = {answer.split()[0] for answers in EXPECTED.values() for answer in answers}

    assert words == {"exact", "identity", "broader", "role", "gap"}


def test_the_demo_is_sound(cli, demo):
    assert cli("doctor", "--json").code == ExitCode.OK
    assert cli("ontology", "check").code == ExitCode.OK
    assert cli("blocks", "check").out == ""


def test_resolve_answers_a_question_of_its_own_options(cli, demo):
    outcome = cli(
        "resolve", "--location", "loc:dungeon_entrance", "--hero", "npc:alex", "--enemy", "npc:boss_01", "--json"
    )

    assert [match["tier"] for match in outcome.body["matches"]][:1] == ["exact"]
    assert set(outcome.body) == {
        *("request", "background_asset", "background_assets", "hero_assets", "enemy_assets", "enemies"),
        *("other_characters", "matches", "gaps", "trace", "notices"),
    }


def test_explain_tells_reasons_and_how_every_tier_stood(cli, demo):
    plain = cli("resolve", "--location", "loc:dungeon_hall", "--hero", "npc:mara")
    explained = cli("resolve", "--location", "loc:dungeon_hall", "--hero", "npc:mara", "--explain")

    assert "which contains loc:dungeon_hall" in plain.out
    assert "loc:dungeon_hall + role:bg: for now tier broader stands in" in plain.out
    assert "not reached" not in plain.out
    assert "not reached" in explained.out


def test_an_unknown_id_is_a_notice_with_a_suggestion_and_the_rest_still_resolves(cli, demo):
    arguments = ("resolve", "--hero", "npc:alexx", "--enemy", "npc:boss_01")

    outcome = cli(*arguments)

    assert outcome.code == ExitCode.OK
    assert "npc:alex" in outcome.err
    assert "gravelord_full" in outcome.out
    assert cli(*arguments, "--strict").code == ExitCode.PARTLY


def test_options_win_over_the_block(cli, demo):
    body = cli("resolve", "--block", "alex_faces_gravelord", "--hero", "npc:ruby", "--max", "1", "--json").body

    assert body["request"]["hero_id"] == "npc:ruby"
    assert len(body["matches"]) == 3


def test_a_block_can_come_from_a_file_and_from_stdin(cli, demo, monkeypatch):
    text = json.dumps({"tags": ["loc:marsh"], "operation_type": "text_to_image"})
    (demo / "one.json").write_text(text)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    from_stdin = cli("resolve", "--block", "-", "--json").body
    from_file = cli("resolve", "--block", "one.json", "--json").body

    assert from_file == from_stdin
    assert first_answers(from_file) == ["exact marsh_night"]


@pytest.mark.parametrize("arguments", [("--hero", ""), ("--require", "npc:alex"), ("--prefer", "camera:view:pov")])
def test_a_question_without_a_slot_is_refused(cli, demo, arguments):
    outcome = cli("resolve", *arguments)

    assert outcome.code == ExitCode.USAGE
    assert "nothing is asked for" in outcome.err


def test_a_source_or_a_prompt_is_enough_for_a_call(cli, demo):
    asset = cli("ls", '"sword"', "--json").body["assets"][0]

    varied = cli("prefill", "image_to_image", "--source", asset["id"], "--json").body
    worded = cli("prefill", "text_to_image", "--prompt", "a sword", "--json").body

    assert varied["params"]["asset_id"] == asset["id"]
    assert worded["params"] == {"prompt": "a sword"}


def test_a_thousand_unknown_enemies_do_not_push_the_answer_away(cli, demo):
    enemies = [word for number in range(1000) for word in ("--enemy", f"npc:nobody_{number}")]

    outcome = cli("resolve", "--hero", "npc:alex", *enemies)

    assert outcome.code == ExitCode.OK
    assert len(outcome.err.splitlines()) < 40


def test_a_wrong_kind_of_id_names_the_right_one(cli, demo):
    outcome = cli("resolve", "--location", "npc:alex")

    assert outcome.code == ExitCode.USAGE
    assert "loc:" in outcome.err


def test_prefill_makes_a_fusion_call_of_the_first_pictures(cli, demo):
    call = cli("prefill", "fusion", "--block", "alex_faces_gravelord", "--json").body

    assert set(call) == {"operation", "asked", "params", "slots", "warnings", "unfilled"}
    assets = call["params"]["fusion_assets"]
    assert [asset["fusion_type"] for asset in assets] == ["background", "character", "character"]
    assert [asset["layer"] for asset in assets] == [0, 1, 2]
    assert [Path(asset["url"]).stem for asset in assets] == ["dungeon_gate", "alex_full", "gravelord_full"]
    assert "blue hair" in call["params"]["prompt"]


@pytest.mark.parametrize(
    "operation", ["text_to_image", "image_to_image", "image_to_video", "video_transition", "fusion"]
)
def test_every_operation_can_be_prefilled_and_shown(cli, demo, operation):
    outcome = cli("prefill", operation, "--block", "rooftop_dusk_to_night", "--prompt", "slow dusk")

    assert outcome.code == ExitCode.OK
    assert operation in outcome.out
    assert "slow dusk" in outcome.out


def test_too_few_pictures_make_a_weaker_call_and_say_so(cli, demo):
    outcome = cli("prefill", "fusion", "--location", "loc:marsh", "--json")

    assert outcome.body["operation"] == "image_to_image"
    assert outcome.body["asked"] == "fusion"
    assert outcome.body["warnings"][0]["code"] == "degraded"


def test_a_source_asset_is_the_base(cli, demo):
    asset = cli("ls", '"sword"', "--json").body["assets"][0]

    call = cli("prefill", "image_to_image", "--hero", "npc:alex", "--source", asset["id"][:9], "--json").body

    assert call["params"]["asset_id"] == asset["id"]
    assert call["params"]["image_url"] == asset["url"]


def test_a_block_s_base_image_is_looked_up_in_the_gallery(cli, demo):
    asset = cli("ls", '"sword"', "--json").body["assets"][0]
    (demo / "blocks" / "based.yaml").write_text(f'id: based\ntags: ["npc:alex"]\nbase_image_asset_id: {asset["id"]}\n')

    call = cli("prefill", "image_to_image", "--block", "based", "--json").body

    assert call["params"]["image_url"] == asset["url"]


def test_an_operation_that_does_not_exist_is_exit_2_with_the_list(cli, demo):
    outcome = cli("prefill", "fuse", "--hero", "npc:alex")

    assert outcome.code == ExitCode.USAGE
    assert "fusion" in outcome.err


def test_an_empty_gallery_answers_with_gaps(cli, project):
    outcome = cli("resolve", "--hero", "npc:alex")

    assert outcome.code == ExitCode.OK
    assert "no picture fits" in outcome.out
    assert "npc:alex + role:char:hero" in outcome.out


def test_trashed_pictures_are_no_candidates(cli, demo):
    cli("rm", "--query", "npc:alex")

    assert cli("resolve", "--hero", "npc:alex", "--weakest", "identity", "--json").body["matches"] == []


def test_a_demo_is_made_once_and_found_again(cli, tmp_path):
    made = cli("demo", tmp_path / "d")
    found = cli("demo", tmp_path / "d")

    assert made.code == found.code == ExitCode.OK
    assert made.out.startswith("Made")
    assert found.out == made.out.replace("Made", "Found", 1)
    assert '"fusion_assets"' in made.out
    assert "Try next:" in made.out
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


@pytest.mark.parametrize("place", ["/somewhere/run", "/some where/run"])
def test_what_to_try_next_works_from_a_checkout_too(cli, demo, monkeypatch, place):
    monkeypatch.setenv("CALLSHEET_PROGRAM", place)

    printed = cli("demo", demo).out
    alias = next(line.strip() for line in printed.splitlines() if line.strip().startswith("alias "))

    assert shlex.split(shlex.split(alias)[1].partition("=")[2]) == [place, "do"]
    assert f"cd {demo}" in printed


def test_a_demo_never_mixes_into_a_folder_of_somebody_else(cli, tmp_path):
    (tmp_path / "mine.txt").write_text("")

    assert cli("demo", tmp_path).code == ExitCode.CONFLICT


def test_a_dry_run_of_the_demo_says_where_and_makes_nothing(cli, demo, tmp_path):
    assert cli("demo", tmp_path / "d", "--dry-run").out == f"would be made  {tmp_path / 'd'}\n"
    assert not (tmp_path / "d").exists()
    assert cli("demo", demo, "--dry-run").out == f"is there already  {demo}\n"


def test_a_demo_is_not_looked_for_in_another_project(cli, project):
    outcome = cli("demo", project)

    assert outcome.code == ExitCode.CONFLICT
    assert "another project" in outcome.err


def test_a_demo_that_could_not_be_finished_leaves_nothing(cli, tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    monkeypatch.setattr("callsheet.demo.shutil.copytree", full)

    assert cli("demo", tmp_path / "d").code == ExitCode.FAILURE
    assert [path.name for path in tmp_path.iterdir() if path.name == "d" or "partial" in path.name] == []


def test_the_demo_ships_as_many_pictures_as_promised_all_credited_and_public_domain():
    pictures = sorted((DATA / "pictures").iterdir())
    credits_text = (DATA / "CREDITS").read_text(encoding="utf-8")

    assert 36 <= len(pictures) <= 48
    assert sum(path.stat().st_size for path in pictures) < 3_000_000
    assert [path.name for path in pictures if path.name not in credits_text] == []
    assert "public domain" in " ".join(credits_text.split())
    for path in pictures:
        with Image.open(path) as picture:
            picture.load()


def test_the_demo_has_the_cast_and_the_places_it_needs():
    terms = {}
    for path in (DATA / "ontology").iterdir():
        terms |= yaml.safe_load(path.read_text(encoding="utf-8")).get("terms", {})
    kinds = [
        term.get("kind", "npc") for name, term in terms.items() if name.startswith("npc:") and "replaced_by" not in term
    ]
    places = {name: term for name, term in terms.items() if name.startswith("loc:")}

    assert len(kinds) >= 8
    assert set(kinds) == {"hero", "npc", "monster"}
    assert len(places) >= 6
    assert len([term for term in places.values() if term.get("broader")]) >= 2


def test_a_prompt_asks_the_question(cli, demo):
    body = cli("resolve", "--prompt", "Alex at the dungeon entrance against boss_01", "--json").body

    assert body["request"]["location_id"] == "loc:dungeon_entrance"
    assert first_answers(body) == EXPECTED["alex_faces_gravelord"]


def test_the_prompt_of_a_call_asks_the_question_when_nothing_else_does(cli, demo):
    call = cli("prefill", "fusion", "--prompt", "Mara in the dungeon hall", "--json").body
    other = cli("prefill", "fusion", "--prompt", "Mara in the dungeon hall", "--location", "loc:marsh", "--json").body

    assert [slot["identity"] for slot in call["slots"]] == ["loc:dungeon_hall", "npc:mara"]
    assert call["params"]["prompt"] == "Mara in the dungeon hall"
    assert [slot["identity"] for slot in other["slots"]] == ["loc:marsh"]


def test_two_questions_at_once_are_refused(cli, demo):
    assert cli("resolve", "--prompt", "Alex", "--block", "mara_in_the_hall").code == ExitCode.USAGE


def test_a_scene_is_resolved_shot_by_shot(cli, demo):
    body = cli("resolve", "--scene", "duel_at_the_gate", "--json").body

    assert [shot["shot"] for shot in body["shots"]] == ["wide", "closeup", "empty_gate"]
    assert first_answers(body["shots"][1])[1] == "exact alex_closeup"
    assert [match["slot"] for match in body["shots"][2]["matches"]] == ["background"]
    assert "# closeup" in cli("resolve", "--scene", "duel_at_the_gate").out


def test_one_shot_and_a_scene_without_shots_are_answers_of_their_own(cli, demo):
    shot = cli("resolve", "--scene", "duel_at_the_gate/wide", "--json").body
    scene = cli("resolve", "--scene", "festival_on_the_roof", "--json").body

    assert first_answers(shot) == ["exact dungeon_gate", "exact alex_full", "exact gravelord_full"]
    assert first_answers(scene)[-1] == "gap npc:headmistress"


def test_a_shot_can_be_prefilled_with_its_prompt_and_a_whole_scene_cannot(cli, demo):
    call = cli("prefill", "fusion", "--scene", "duel_at_the_gate/wide", "--json").body
    several = cli("prefill", "fusion", "--scene", "duel_at_the_gate")

    assert call["params"]["prompt"].startswith("A boy with blue hair")
    assert several.code == ExitCode.USAGE
    assert "wide, closeup, empty_gate" in several.err


def test_an_unknown_scene_or_shot_names_the_nearest(cli, demo):
    assert "duel_at_the_gate" in cli("resolve", "--scene", "duel_at_gate").err
    assert "closeup" in cli("resolve", "--scene", "duel_at_the_gate/close_up").err
    assert cli("resolve", "--scene", "nope").code == ExitCode.NOT_FOUND


def test_a_scenes_file_with_faults_names_all_of_them(cli, demo):
    (demo / "scenes.yaml").write_text(
        "scenes:\n  a: {hero: loc:marsh, plot: thick}\n  b: {shots: [{operation: fuse}]}\n"
    )

    outcome = cli("resolve", "--scene", "a")

    assert outcome.code == ExitCode.USAGE
    assert "plot" in outcome.err
    assert "fuse" in outcome.err


def test_explain_names_the_rule_and_a_change_that_really_makes_an_asset_first(cli, demo):
    question = ("resolve", "--location", "loc:dungeon_entrance", "--hero", "npc:mara")
    asset = cli("ls", '"champion_cheer"', "--json").body["assets"][0]["id"]

    told = cli(*question, "--explain", asset, "--json").body
    hero = next(slot for slot in told["slots"] if slot["slot"] == "hero")
    changes = [word for tag in hero["change"]["add"] for word in ("--add", tag)]
    changes += [word for tag in hero["change"]["remove"] for word in ("--remove", tag)]

    assert told["asset"] == asset
    assert hero["chosen"] is False
    assert hero["lost_to"]
    assert f"to make it first: callsheet tag {asset} --add npc:mara" in cli(*question, "--explain", asset[:8]).out
    cli("tag", asset, *changes)
    assert first_answers(cli(*question, "--json").body)[1] == "exact champion_cheer"


def test_a_trashed_asset_is_no_answer_to_explain_and_no_source(cli, demo):
    asset = "a03b02d01ff248783"
    cli("rm", asset)

    for command in (
        ("resolve", "--hero", "npc:alex", "--explain", asset),
        ("prefill", "image_to_image", "--source", asset),
    ):
        outcome = cli(*command)
        assert outcome.code == ExitCode.NOT_FOUND
        assert "in the trash" in outcome.err


def test_a_prompt_that_names_nobody_says_whom_it_may_mean(cli, demo):
    outcome = cli("resolve", "--prompt", "@alexx")

    assert outcome.code == ExitCode.USAGE
    assert "npc:alex" in outcome.err
    assert "the prompt names nobody" in cli("resolve", "--prompt", "hm").err


def test_a_prompt_can_come_from_stdin(cli, demo, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("Alex at the dungeon entrance\nagainst boss_01\n"))

    assert first_answers(cli("resolve", "--prompt", "-", "--json").body) == EXPECTED["alex_faces_gravelord"]


def test_what_a_shot_says_wins_over_the_project_s_default(cli, demo):
    (demo / "callsheet.toml").write_text("[resolve]\nmax_results = 1\n")
    (demo / "scenes.yaml").write_text(
        "scenes:\n  a/z:\n    hero: alex\n    shots:\n"
        "      - {id: many, overrides: {max_results: 5}}\n      - {id: few}\n"
    )

    shots = cli("resolve", "--scene", "a/z", "--json").body["shots"]

    assert [len(shot["matches"]) for shot in shots] == [2, 1]
    assert len(cli("resolve", "--scene", "a/z/few", "--json").body["matches"]) == 1


def test_an_asset_without_explain_is_no_question(cli, demo):
    outcome = cli("resolve", "--hero", "npc:alex", "a03b02d01ff248783")

    assert outcome.code == ExitCode.USAGE
    assert "--explain a03b02d01ff248783" in outcome.err


def test_coverage_counts_pictures_and_names_gaps(cli, demo):
    body = cli("coverage", "--json").body

    assert body["characters"]["npc:alex"]["char:hero"] == 2
    assert body["locations"]["loc:dungeon_hall"] == {"bg": 0}
    assert {"slot": "other", "identity": "npc:headmistress", "wanted_role": "role:char:npc"} in body["gaps"]
    assert "npc:headmistress + role:char:npc" in cli("coverage", "--gaps").out
    assert "loc:marsh" in cli("coverage").out
