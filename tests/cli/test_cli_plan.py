"""`plan`: what shots have, what is missing, for how much; and the way from there to a gallery that lacks nothing."""

import json

import pytest
from fake_openai import FakeOpenAI
from fake_wire import KEY
from PIL import Image

from callsheet import Workspace

SCENES = """
scenes:
  duel:
    location: dungeon_entrance
    hero: alex
    enemies: [boss_01]
    shots: [{id: wide}, {id: close, camera: closeup}]
  escape:
    location: dungeon_entrance
    hero: alex
"""


@pytest.fixture
def scenes(project):
    (project / "scenes.yaml").write_text(SCENES, encoding="utf-8")
    return project


def missing(body):
    return [(one["identity"], one["wanted_role"], one["scenes"], one["shots"]) for one in body["missing"]]


def test_the_plan_of_the_demo_names_what_its_scenes_lack_with_the_spec_that_makes_it(cli, demo):
    body = cli("plan", "--json").body
    assert [(scene["scene"], scene["ready"], len(scene["shots"])) for scene in body["scenes"]] == [
        ("duel_at_the_gate", True, 3),
        ("festival_on_the_roof", False, 1),
    ]
    (one,) = body["missing"]
    assert (one["identity"], one["wanted_role"], one["filled_by"]) == ("npc:headmistress", "role:char:npc", None)
    assert one["spec"] == {"id": "headmistress", "file_name": None, "exists": True}
    assert one["completes"] == ["festival_on_the_roof"]
    assert one["provider"] == "openai"
    assert 0 < float(one["estimate"]["low"]) <= float(one["estimate"]["high"])
    total = {"low": one["estimate"]["low"], "high": one["estimate"]["high"], "unknown": 0}
    assert (body["total"], body["ready"]) == (total, 1)


def test_the_total_is_the_sum_of_the_prices(cli, scenes):
    body = cli("plan", "--json").body
    assert missing(body) == [
        ("loc:dungeon_entrance", "role:bg", ["duel", "escape"], 3),
        ("npc:alex", "role:char:hero", ["duel", "escape"], 3),
        ("npc:boss_01", "role:char:monster", ["duel"], 2),
    ]
    highs = [float(one["estimate"]["high"]) for one in body["missing"]]
    assert all(highs)
    assert float(body["total"]["high"]) == pytest.approx(sum(highs))


def test_nothing_is_written_unless_it_is_asked_for(cli, scenes):
    before = sorted(scenes.rglob("*"))
    assert cli("plan").code == 0
    dry = cli("plan", "--write-specs", "--dry-run", "--sheet", "plan.png", "--json")
    assert {one["outcome"] for one in dry.body["written"]} == {"created"}
    assert dry.body["files"] == ["plan.png"]
    assert [path for path in sorted(scenes.rglob("*")) if ".callsheet" not in path.parts] == [
        path for path in before if ".callsheet" not in path.parts
    ]


def test_drafts_are_written_once_and_are_the_specs_of_the_next_plan(cli, scenes):
    written = cli("plan", "--write-specs", "--json").body["written"]
    assert [one["outcome"] for one in written] == ["created"] * 3
    assert cli("specs", "check").code == 0
    again = cli("plan", "--write-specs", "--json").body
    assert again["written"] == []
    assert {one["spec"]["id"] for one in again["missing"]} == {one["id"] for one in written}
    assert all(one["spec"]["exists"] for one in again["missing"])


def test_a_draft_that_cannot_be_written_does_not_keep_the_others_from_it(cli, scenes):
    (scenes / "specs").mkdir(exist_ok=True)
    (scenes / "specs" / "alex-hero.yaml").write_text("# mine\n", encoding="utf-8")
    outcome = cli("plan", "--write-specs", "--json")
    assert outcome.code == 3
    outcomes = {one["id"]: one["outcome"] for one in outcome.body["written"]}
    assert outcomes.pop("alex-hero") == "failed"
    assert set(outcomes.values()) == {"created"}
    assert (scenes / "specs" / "alex-hero.yaml").read_text() == "# mine\n"


def test_who_is_not_in_the_vocabulary_is_told_and_the_rest_is_planned(cli, scenes):
    (scenes / "scenes.yaml").write_text("scenes: {one: {hero: stranger, location: dungeon}}", encoding="utf-8")
    body = cli("plan", "--json").body
    by_identity = {one["identity"]: one for one in body["missing"]}
    assert by_identity["npc:stranger"]["spec"] is None
    assert by_identity["npc:stranger"]["error"]["hint"]
    assert by_identity["loc:dungeon"]["spec"]["id"]
    assert body["total"]["unknown"] == 1
    shown = cli("plan")
    assert "npc:stranger" in shown.err
    assert "1 of unknown price" in shown.err


def test_another_file_stdin_and_a_file_that_is_not_there(cli, scenes, monkeypatch, tmp_path):
    other = tmp_path / "mine.yaml"
    other.write_text("scenes: {one: {hero: alex}}", encoding="utf-8")
    assert missing(cli("plan", other, "--json").body) == [("npc:alex", "role:char:hero", ["one"], 1)]
    assert cli("plan", "nowhere.yaml", "--json").code == 4
    assert (cli("plan", "--strict").code, cli("plan", "--dry-run").code) == (3, 2)
    (scenes / "scenes.yaml").write_text("scenes: {one: {heroes: alex}}", encoding="utf-8")
    broken = cli("plan", "--json")
    assert (broken.code, broken.error["code"]) == (2, "invalid_scene")
    (scenes / "scenes.yaml").unlink()
    assert (cli("plan", "--json").code, cli("plan", "--json").error["code"]) == (4, "not_found")


def test_the_sheet_has_a_row_for_each_shot_with_a_place_for_what_is_missing(cli, scenes, gallery):
    cli("tag", gallery["red"], "--add", "loc:dungeon_entrance", "--add", "role:bg")
    assert cli("plan", "--sheet", "plan.png").code == 0
    with Image.open(scenes / "plan.png") as drawn:
        three_rows, colours = drawn.height, drawn.convert("RGB").getcolors(1 << 24)
        reds = sum(count for count, (red, green, blue) in colours if red > 240 and max(green, blue) < 20)
        assert reds > 3 * 32 * 20
    assert cli("plan", "--sheet", "plan.png").code == 5
    (scenes / "scenes.yaml").write_text("scenes: {one: {location: dungeon_entrance}}", encoding="utf-8")
    assert cli("plan", "--sheet", "plan.png", "--force").code == 0
    with Image.open(scenes / "plan.png") as drawn:
        assert drawn.height < three_rows / 2


def test_from_a_plan_to_a_gallery_that_lacks_nothing(cli, scenes):
    """Gaps, specs, assets with their tags, no gap; all by the command line, without a key."""
    gaps = {gap["identity"] for gap in cli("coverage", "--json").body["gaps"]}
    assert {"npc:alex", "npc:boss_01", "loc:dungeon_entrance"} <= gaps
    specs = [one["id"] for one in cli("plan", "--write-specs", "--json").body["written"]]
    made = cli("generate", *specs, "--json")
    assert (made.code, made.body["spent"]) == (0, "0.00")
    for job in made.body["jobs"]:
        assert {"stand-in"} < set(cli("show", job["assets"][0], "--json").body["tags"])
    assert cli("search", "npc:alex role:char:hero", "--json").body["total"] == 1
    after = cli("plan", "--json")
    assert (missing(after.body), after.body["ready"]) == ([], 2)
    assert after.body["stand_ins"] == len(
        {slot["asset_id"] for scene in after.body["scenes"] for shot in scene["shots"] for slot in shot["slots"]}
    )
    assert f"nothing is missing; {after.body['stand_ins']} stand-ins among the pictures" in cli("plan").err
    assert all(slot["stand_in"] for scene in after.body["scenes"] for shot in scene["shots"] for slot in shot["slots"])
    assert cli("plan", "--strict").code == 0
    left = {gap["identity"] for gap in cli("coverage", "--json").body["gaps"]}
    assert gaps - left == {"npc:alex", "npc:boss_01", "loc:dungeon_entrance"}
    assert "gaps" in cli("resolve", "--scene", "duel/wide", "--json").body
    assert cli("resolve", "--scene", "duel/wide", "--strict").code == 0


def test_previews_are_seen_in_a_plan_and_leave_everything_missing_until_they_are_promoted(cli, scenes):
    before = missing(cli("plan", "--write-specs", "--json").body)
    gaps = cli("coverage", "--json").body["gaps"]
    specs = ("alex-hero", "boss-01-monster", "dungeon-entrance-background")
    previews = cli("generate", *specs, "--preview", "--json").body["jobs"]
    body = cli("plan", "--json").body
    assert (missing(body), body["ready"]) == (before, 0)
    assert cli("coverage", "--json").body["gaps"] == gaps
    slots = [slot for scene in body["scenes"] for shot in scene["shots"] for slot in shot["slots"]]
    assert {slot["preview"] for slot in slots} == {True}
    assert "alex (identity, stand-in, preview)" in cli("plan").out
    assert cli("promote", *(job["assets"][0] for job in previews)).code == 0
    body = cli("plan", "--json").body
    assert (missing(body), body["ready"]) == ([], 2)
    assert cli("coverage", "--json").body["gaps"] != gaps


def test_the_same_way_in_python_over_the_wire_then_a_fusion_of_what_was_made(scenes, monkeypatch):
    """Every picture is bought once; the fusion goes out with all of them, and comes back tagged with who is in it."""
    with FakeOpenAI() as server, Workspace.open(scenes) as ws:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        plan = ws.plan("scenes.yaml")
        assert {saved.outcome for saved in ws.write_specs(plan)} == {"created"}
        jobs = [ws.generate(ws.specs[one.making.spec.id]) for one in plan.missing]
        assert [(job.state, job.outcome) for job in jobs] == [("done", "made")] * 3
        assert ws.plan().missing == ()
        result = ws.resolve(
            location_id="loc:dungeon_entrance", hero_id="npc:alex", enemy_ids=["npc:boss_01"], max_results=1
        )
        assert [match.tier for match in result.matches] == ["exact"] * 3
        fusion = ws.generate(ws.prefill("fusion", result, prompt="They meet."), providers=["openai"], max_cost="1.00")
        assert (fusion.state, fusion.operation) == ("done", "fusion")
        found = ws.gallery.get(fusion.assets[0])
        assert {"npc:alex", "npc:boss_01", "loc:dungeon_entrance"} <= set(found.asset.tags)
        assert set(found.parents) == {job.assets[0] for job in jobs}
        assert server.charges == 4
        assert float(ws.costs().to_json()["spent"]) > 0


def test_what_is_prefilled_is_piped_into_generate(cli, scenes, monkeypatch, tmp_path):
    cli("plan", "--write-specs")
    assert cli("generate", "alex-hero", "boss-01-monster", "dungeon-entrance-background").code == 0
    call = cli("prefill", "fusion", "--scene", "duel/wide", "--json").out
    assert json.loads(call)["operation"] == "fusion"
    (tmp_path / "call.json").write_text(call, encoding="utf-8")
    with (tmp_path / "call.json").open() as file:
        monkeypatch.setattr("sys.stdin", file)
        outcome = cli("generate", "-", "--max-cost", "0.50", "--json")
    job = outcome.body["jobs"][0]
    assert (outcome.code, job["status"], job["cost"]) == (0, "done", "0.00")
    shown = cli("show", job["assets"][0], "--json").body
    assert {"npc:alex", "npc:boss_01", "loc:dungeon_entrance"} <= set(shown["tags"])
    assert len(shown["parents"]) == 3
