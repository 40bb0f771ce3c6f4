"""`generate`, `queue`, `costs` as a person or a program uses them."""

import csv
import io
import json
import shlex
import sys

import pytest
from PIL import Image

from callsheet import Workspace
from generation.errors import BudgetError
from generation.providers.base import Health
from generation.providers.local import LocalProvider

SPEC = """
version: "1.0"
id: coin
tags: [gold]
generation: {type: image, provider: local}
prompt: {base: "a coin", parameters: {size: 64x64}}
integration: {manifest_key: coin, manifest_path: ui/coin.png}
"""


@pytest.fixture
def spec(project):
    (project / "specs").mkdir(exist_ok=True)
    (project / "specs" / "coin.yaml").write_text(SPEC, encoding="utf-8")
    return project


def typed(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_prefilled_fusion_becomes_a_tagged_collage_in_the_gallery_for_nothing(cli, demo, monkeypatch):
    asked = ("--location", "loc:dungeon_entrance", "--hero", "npc:alex", "--enemy", "npc:boss_01")
    call = cli("prefill", "fusion", *asked, "--prompt", "the duel", "--json").out
    typed(monkeypatch, call)
    body = cli("generate", "-", "--json").body
    (job,) = body["jobs"]
    assert body["spent"] == "0.00"
    assert (job["status"], job["provider"], job["cost"], job["stand_in"]) == ("done", "local", "0.00", True)
    shown = cli("show", job["assets"][0], "--json").body
    assert {"loc:dungeon_entrance", "npc:alex", "npc:boss_01", "stand-in"} == set(shown["tags"])
    assert shown["parents"] == [item["asset_id"] for item in json.loads(call)["params"]["fusion_assets"]]
    assert shown["generation"]["prompt"] == "the duel"
    assert (demo / shown["path"]).is_file()
    assert "local · stand-in · $0.00 · j1" in cli("show", job["assets"][0]).out
    found = cli("search", "stand-in", "--json").body["assets"]
    assert [item["id"] for item in found] == job["assets"]
    history = cli("history", "--json").body["batches"]
    assert (history[0]["origin"], history[0]["size"]) == ("generation", 1)


def test_every_prefilled_operation_can_be_run(cli, demo, monkeypatch):
    for operation in ("text_to_image", "image_to_image", "image_to_video", "video_transition"):
        call = cli("prefill", operation, "--scene", "duel_at_the_gate/wide", "--json").out
        typed(monkeypatch, call)
        (job,) = cli("generate", "-", "--json").body["jobs"]
        assert job["status"] == "done", job


def test_the_specs_of_the_demo_give_resized_files_in_the_manifest_constants_and_a_report(cli, demo):
    with (demo / "callsheet.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[generation]\nconstants = {folder = "src", languages = ["typescript"]}\n')
    body = cli("generate", "headmistress", "duel-at-the-gate", "--json").body
    assert body["spent"] == "0.00"
    with Image.open(demo / "assets/images/characters/headmistress.png") as image:
        assert image.size == (512, 768)
    entries = json.loads((demo / "assets/manifest.json").read_bytes())["assets"]["images"]
    assert entries["headmistress"]["path"] == "images/characters/headmistress.png"
    assert entries["headmistress"]["standIn"] is True
    assert set(entries) == {"headmistress", "duelAtTheGate"}
    assert 'DUEL_AT_THE_GATE: "duelAtTheGate"' in (demo / "src/assets.ts").read_text(encoding="utf-8")
    assert {path.suffix for path in (demo / ".callsheet/reports").iterdir()} == {".json", ".md"}
    before = (demo / "assets/manifest.json").read_bytes()
    assert cli("generate", "headmistress", "duel-at-the-gate", "--json").body["spent"] == "0.00"
    assert (demo / "assets/manifest.json").read_bytes() == before


def test_a_folder_says_which_of_its_templates_it_leaves_out_and_how_they_are_made(cli, demo):
    done = cli("generate", "specs/", "--dry-run")
    assert done.code == 0
    assert "left out: festival-card, jump-sfx; a template wants values" in done.err
    hints = [line.removeprefix("→ ") for line in done.err.splitlines() if line.startswith("→ callsheet generate ")]
    assert hints == [
        "callsheet generate festival-card --set 'who=*'",
        "callsheet generate jump-sfx --set 'jump_type=*' --set variant=TEXT",
    ]
    body = cli("generate", "specs/", "--dry-run", "--json").body
    assert [(item["template"], item["hint"]) for item in body["left_out"]] == [
        ("festival-card", hints[0]), ("jump-sfx", hints[1]),
    ]  # fmt: skip
    for hint in hints:
        made = cli(*shlex.split(hint)[1:], "--dry-run", "--json").body
        assert (len(made["jobs"]), made["left_out"]) == (3, [])


def test_a_check_that_is_not_passed_is_told_and_is_no_failure(cli, spec):
    file = spec / "specs" / "coin.yaml"
    file.write_text(
        f"{SPEC}post_processing: [{{action: validate, checks: [no_alpha, is_power_of_two, ratio: '16:9']}}]\n"
    )
    done = cli("generate", "coin")
    assert done.code == 0
    assert "does not pass ratio" in done.err
    assert "does not pass ratio" in cli("queue", "show", "j1").err


def test_a_spec_is_made_at_its_place_and_again_changes_nothing(cli, spec):
    first = cli("generate", "coin", "--json").body["jobs"][0]
    assert (first["outcome"], (spec / "assets/ui/coin.png").is_file()) == ("made", True)
    before = (spec / "assets/ui/coin.png").read_bytes()
    again = cli("generate", "specs/coin.yaml", "--json").body["jobs"][0]
    assert (again["outcome"], again["assets"]) == ("unchanged", first["assets"])
    assert (spec / "assets/ui/coin.png").read_bytes() == before


def test_a_dry_run_writes_nothing(cli, spec):
    outcome = cli("generate", "coin", "--dry-run", "--json")
    assert (outcome.code, outcome.body["jobs"][0]["status"], outcome.body["spent"]) == (0, "planned", "0.00")
    assert not (spec / "assets/ui/coin.png").exists()
    assert cli("queue", "ls", "--all", "--json").body == {"jobs": []}


def test_a_preview_has_no_place_and_is_promoted_to_the_final_picture_at_its_place(cli, spec):
    ahead = cli("generate", "coin", "--preview", "--dry-run", "--json").body["jobs"][0]
    assert (ahead["status"], ahead["preview"]) == ("planned", True)
    made = cli("generate", "coin", "--preview", "--json").body["jobs"][0]
    shown = cli("show", made["assets"][0], "--json").body
    assert (made["status"], set(shown["tags"]), shown["width"]) == ("done", {"gold", "preview", "stand-in"}, 32)
    assert not (spec / "assets/ui/coin.png").exists()
    dry = cli("promote", made["assets"][0], "--dry-run")
    assert (dry.code, "≤ $0.00" in dry.out) == (0, True)
    assert not (spec / "assets/ui/coin.png").exists()
    final = cli("promote", made["id"], "--json").body["jobs"][0]
    assert cli("show", final["assets"][0], "--json").body["parents"] == made["assets"]
    with Image.open(spec / "assets/ui/coin.png") as image:
        assert image.size == (64, 64)
    assert cli("promote", made["assets"][0], "--json").body["jobs"][0]["outcome"] == "unchanged"


def test_promoting_what_is_no_preview_says_how_previews_are_found(cli, spec):
    made = cli("generate", "coin", "--json").body["jobs"][0]
    refused = cli("promote", made["id"])
    assert (refused.code, "is no preview" in refused.err, "search preview" in refused.err) == (2, True, True)
    assert cli("promote", "j99").code == 4
    assert cli("promote").code == 2
    assert cli("promote", made["id"], made["assets"][0], "a99").code == 3


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "nothing is named"),
        (("nothing",), 4, "no spec or template"),
        (("coin", "--max-cost", "-1"), 2, "no amount of US dollars"),
        (("coin", "--max-cost", "NaN"), 2, "no amount of US dollars"),
        (("coin", "--max-cost", "1e9"), 2, "no amount of US dollars"),
        (("coin", "--provider", "nobody"), 7, "nobody"),
        (("coin", "--n", "0"), 2, "--n"),
    ],
)
def test_what_cannot_be_made_says_why_with_its_exit_code(cli, spec, arguments, code, told):
    outcome = cli("generate", *arguments)
    assert outcome.code == code
    assert told in outcome.err


def test_a_name_that_is_nearly_that_of_a_file_is_suggested(cli, spec):
    template = (
        "template: jump\nparameters: [{name: of, type: string}]\ngeneration: {type: image}\nprompt: {base: '{{of}}'}\n"
    )
    (spec / "specs" / "sfx_jump.yaml").write_text(template, encoding="utf-8")
    outcome = cli("generate", "sfx-jump")
    assert outcome.code == 4
    assert "did you mean sfx_jump?" in outcome.err


def test_a_file_of_mine_at_the_place_of_a_spec_is_a_conflict(cli, spec):
    (spec / "assets" / "ui").mkdir()
    (spec / "assets" / "ui" / "coin.png").write_bytes((spec / "assets" / "red.png").read_bytes())
    outcome = cli("generate", "coin")
    assert outcome.code == 5
    assert "was not made by the spec coin" in outcome.err


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"operation": "fly", "params": {}}', '{"operation": "fusion", "params": 1}']
)
def test_stdin_that_is_no_call_and_no_spec_is_exit_2(cli, project, monkeypatch, text):
    typed(monkeypatch, text)
    assert cli("generate", "-").code == 2


class Dear(LocalProvider):
    """Draws like `local`, and asks for money."""

    name = "dear"
    stand_in = False

    def estimate(self, request):
        from decimal import Decimal

        from generation.result import CostEstimate

        return CostEstimate(Decimal("0.03"), Decimal("0.05"), "a price of its own")

    def check(self):
        return Health("ready", "well")


@pytest.fixture
def dear(monkeypatch, spec):
    """A project whose spec asks `dear`, for 0.05 at most."""
    from callsheet import wiring
    from generation.engine.routing import Route

    monkeypatch.setattr(wiring, "build_providers", lambda *_, **__: {"local": LocalProvider(), "dear": Dear()})
    monkeypatch.setattr("generation.engine.naming.route_of", lambda _, name, *__: Route(name, name))
    return spec


def test_a_run_beyond_its_limit_is_exit_6_with_amount_and_limit(cli, dear):
    outcome = cli("generate", "coin", "--provider", "dear", "--max-cost", "0.04")
    assert outcome.code == 6
    assert "may cost $0.05, but the limit of this run is $0.04" in outcome.err
    (job,) = cli("queue", "ls", "--all", "--json").body["jobs"]
    assert job["status"] == "refused"


def test_the_budget_of_the_settings_holds_and_names_the_day_it_starts_anew(cli, dear):
    with (dear / "callsheet.toml").open("a", encoding="utf-8") as file:
        file.write('\n[generation]\nbudget = "0.04"\n')
    outcome = cli("generate", "coin", "--provider", "dear")
    assert outcome.code == 6
    assert "it starts anew at" in outcome.err
    with Workspace.open(dear) as ws, pytest.raises(BudgetError):
        ws.generate(ws.specs["coin"], providers=["dear"])


@pytest.mark.parametrize("budget", ["-1", "many", "true", '"1e9"'])
def test_a_budget_that_is_no_amount_is_refused_with_its_place(cli, project, budget):
    with (project / "callsheet.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[generation]\nbudget = {budget}\n" if budget != "many" else '\n[generation]\nbudget = "many"\n')
    outcome = cli("costs")
    assert outcome.code == 2
    assert "generation.budget" in outcome.err


def test_costs_tell_the_month_by_provider_model_spec_and_kind(cli, spec):
    cli("generate", "coin")
    body = cli("costs", "--json").body
    assert {"month", "spent", "reserved", "unknown", "limit", "by_provider"} <= body.keys()
    assert (body["spent"], body["limit"]) == ("0.00", "100.00")
    assert [(line["provider"], line["calls"], line["success_rate"]) for line in body["by_provider"]] == [
        ("local", 1, 1.0)
    ]
    assert [line["spec_id"] for line in body["by_spec"]] == ["coin"]
    rows = list(csv.DictReader(io.StringIO(cli("costs", "--csv").out)))
    assert {row["by"] for row in rows} == {"provider", "model", "spec_id", "asset_type"}
    assert "coin" in cli("costs").out


def test_health_is_a_score_with_its_weights(cli, spec):
    cli("generate", "coin")
    body = cli("costs", "--health", "--json").body
    assert body["health_score"] == 100
    assert sum(body["weights"].values()) == 100
    assert body["budget"]["monthly_limit"] == "100.00"
    assert [job["spec_id"] for job in body["recent_generations"]] == ["coin"]
    assert "health   100 of 100" in cli("costs", "--health").out


@pytest.mark.parametrize("month", ["2026", "2026-13", "november"])
def test_a_month_that_is_none_is_exit_2(cli, project, month):
    assert cli("costs", "--month", month).code == 2


def test_a_month_without_anything_is_empty(cli, project):
    body = cli("costs", "--month", "1999-01", "--json").body
    assert (body["spent"], body["by_provider"]) == ("0.00", [])


def test_a_job_shows_every_decision_and_purchase(cli, spec):
    cli("generate", "coin")
    body = cli("queue", "show", "j1", "--json").body
    assert [step["step"] for step in body["trace"]] == ["route", "place", "integrate"]
    assert [attempt["state"] for attempt in body["attempts"]] == ["settled"]
    assert body["asked"]["spec"]["prompt"] == "a coin"
    assert "a coin" in cli("queue", "show", "1").out


def test_a_job_that_is_over_can_neither_be_cancelled_nor_resolved(cli, spec):
    cli("generate", "coin")
    assert cli("queue", "cancel", "j1").code == 5
    assert cli("queue", "resolve", "j1", "--not-charged").code == 5
    assert cli("queue", "show", "j99").code == 4
    assert cli("queue", "resolve", "j1").code == 2
    assert cli("queue", "run").err.strip() == "no job is due"


def test_undo_takes_back_what_was_made(cli, spec):
    (job,) = cli("generate", "coin", "--json").body["jobs"]
    cli("undo")
    assert cli("show", job["assets"][0], "--json").body["trashed"] is not None


def test_reread_keeps_what_is_known_of_a_picture_that_was_made_here(cli, spec):
    (job,) = cli("generate", "coin", "--json").body["jobs"]
    before = cli("show", job["assets"][0], "--json").body["generation"]
    assert cli("reread", job["assets"][0], "--json").body["results"][0]["outcome"] == "unchanged"
    assert cli("show", job["assets"][0], "--json").body["generation"] == before


def test_the_library_generates_and_tells_costs(demo):
    with Workspace.open(demo) as ws:
        result = ws.resolve(location_id="loc:dungeon_entrance", hero_id="npc:alex", enemy_ids=["npc:boss_01"])
        job = ws.generate(ws.prefill("fusion", result, prompt="the duel"), max_cost="0.50")
        assert (job.state, str(job.spent)) == ("done", "0.000000")
        assert ws.costs().balance.spent == 0
        assert ws.gallery.get(job.assets[0]).operation == "fusion"
