"""A whole shots.json as older tools write it: 45 shots become specs that check clean, and a dry run prices them all."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from fake_openai import FakeOpenAI
from fake_wire import KEY

SHOTS = Path(__file__).parents[2] / "fixtures" / "shots" / "shots.json"


@pytest.fixture
def imported(cli, project):
    outcome = cli("specs", "import", SHOTS, "--json")
    assert [one["outcome"] for one in outcome.body["results"]] == ["created"] * 45
    assert outcome.body["diagnostics"] == []
    return project


def test_they_check_clean_and_the_notice_that_all_have_is_shown_once(cli, imported):
    outcome = cli("specs", "check", "--json")
    assert outcome.code == 0
    assert len(outcome.body["specs"]) == 45
    assert {one["severity"] for one in outcome.body["diagnostics"]} == {"notice"}
    shown = cli("specs", "check")
    assert shown.out.count("\n") == 1
    assert "[and in 44 more places]" in shown.out
    assert "45 specs, 0 errors, 45 notices" in shown.err


def test_the_coin_among_them_is_that_of_the_seed_field_by_field(imported):
    assert yaml.safe_load((imported / "specs/shots/coin.yaml").read_text(encoding="utf-8")) == {
        "version": "1.0",
        "id": "sprite-coin",
        "generation": {"type": "image", "provider": "dalle-3"},
        "prompt": {
            "base": "Glowing coin with buff arm emblem, neon rim light, high readability...",
            "style": "bold outline, centered object, transparent background, flat stylized 2D sprite",
        },
        "integration": {"manifest_key": "coin", "manifest_path": "images/collectibles/coin.png"},
    }


def test_a_dry_run_without_a_key_is_clean_and_free(cli, imported):
    outcome = cli("generate", "specs/shots", "--dry-run", "--json")
    assert outcome.code == 0
    assert [job["status"] for job in outcome.body["jobs"]] == ["planned"] * 45
    assert outcome.body["estimate"] == {"low": "0.00", "high": "0.00", "unknown": 0}
    assert "45 specs would be made for $0.00" in cli("generate", "shots", "--dry-run").err


def test_a_dry_run_with_a_key_prices_every_one_and_buys_nothing(cli, imported, monkeypatch):
    with FakeOpenAI() as server:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        outcome = cli("generate", "specs/shots", "--dry-run", "--json")
        assert (outcome.code, server.submissions, server.charges) == (0, [], 0)
    jobs = outcome.body["jobs"]
    assert {(job["status"], job["provider"]) for job in jobs} == {("planned", "openai")}
    for end in ("low", "high"):
        assert Decimal(outcome.body["estimate"][end]) == sum(Decimal(job["estimate"][end]) for job in jobs)
    assert Decimal(outcome.body["estimate"]["low"]) > 0


def test_only_folders_of_specs_can_be_made(cli, imported):
    (imported / "assets" / "more").mkdir(parents=True)
    assert cli("generate", "assets/more", "--dry-run", "--json").code == 4
    assert cli("generate", "..", "--dry-run", "--json").code == 4
