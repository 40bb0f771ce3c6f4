"""`generate` with a key: the same over the wire, by fakes of the vendors on loopback."""

import json

import pytest
from fake_firefly import CLIENT
from fake_gemini import FakeGemini
from fake_openai import FakeOpenAI
from fake_wire import KEY, Reply
from vendor_cases import BFL, FIREFLY, REPLICATE, STABILITY, TOGETHER

SPEC = """
version: "1.0"
id: coin
tags: [gold]
generation: {type: image, provider: PROVIDER}
prompt: {base: "a coin", parameters: {size: 1024x1024, quality: high}}
"""


@pytest.fixture
def openai():
    with FakeOpenAI() as server:
        yield server


@pytest.fixture
def gemini():
    with FakeGemini() as server:
        yield server


def write_spec(project, provider):
    (project / "specs").mkdir(exist_ok=True)
    (project / "specs" / "coin.yaml").write_text(SPEC.replace("PROVIDER", provider), encoding="utf-8")


def made(cli, *options):
    outcome = cli("generate", "coin", "--json", *options)
    return outcome, outcome.body["jobs"][0]


def test_with_a_key_in_the_environment_a_picture_is_bought(cli, project, openai, monkeypatch):
    write_spec(project, "dalle-3")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", openai.base_url)
    outcome, job = made(cli)
    assert (outcome.code, job["status"], job["provider"], job["model"]) == (0, "done", "openai", "gpt-image-2.5-flare")
    assert job["cost"] == outcome.body["spent"] == "0.03005"
    assert cli("show", job["assets"][0], "--json").body["tags"] == ["gold"]
    assert cli("costs", "--json").body["by_provider"][0]["spent"] == "0.03005"
    assert openai.charges == 1
    again, same = made(cli)
    assert (same["outcome"], again.body["spent"], openai.charges) == ("unchanged", "0.00", 1)


def test_the_address_of_the_settings_wins_and_the_key_may_stand_in_dotenv(cli, project, gemini, monkeypatch):
    write_spec(project, "nano2")
    (project / ".env").write_text(f"GEMINI_API_KEY={KEY}\n")
    with (project / "callsheet.toml").open("a") as file:
        file.write(f'\n[providers.gemini]\nbase_url = "{gemini.base_url}"\n')
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:9")
    _, job = made(cli)
    assert (job["status"], job["provider"], job["cost"]) == ("done", "gemini", "0.035115")


def test_the_environment_wins_over_dotenv_and_a_key_may_stand_in_a_file(cli, project, openai, monkeypatch, tmp_path):
    write_spec(project, "openai")
    (project / ".env").write_text("OPENAI_API_KEY=sk-wrong\n")
    (tmp_path / "key.txt").write_text(f"{KEY}\n")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key.txt"))
    monkeypatch.setenv("OPENAI_BASE_URL", openai.base_url)
    _, job = made(cli)
    assert (job["status"], job["provider"]) == ("done", "openai")


def test_a_key_file_that_is_not_there_is_named(cli, project, monkeypatch):
    write_spec(project, "openai")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", "/nowhere/key")
    outcome = cli("generate", "coin", "--json")
    assert outcome.code == 1
    assert "OPENAI_API_KEY_FILE" in outcome.error["message"]


def test_a_dry_run_with_a_key_spends_nothing(cli, project, openai, monkeypatch):
    write_spec(project, "openai")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", openai.base_url)
    outcome = cli("generate", "coin", "--dry-run", "--json")
    assert outcome.code == 0
    assert (openai.submissions, openai.charges) == ([], 0)


def test_a_wrong_key_is_told_and_nothing_is_sent(cli, project, openai, monkeypatch):
    write_spec(project, "openai")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mistyped-000000000001")
    monkeypatch.setenv("OPENAI_BASE_URL", openai.base_url)
    outcome = cli("generate", "coin")
    assert outcome.code == 7
    assert openai.submissions == []
    assert "000000000001" not in outcome.out + outcome.err


def test_the_key_is_in_no_file_of_the_project(cli, project, openai, monkeypatch):
    """Neither after a success nor after failures that repeat it."""
    write_spec(project, "openai")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", openai.base_url)
    told = [made(cli)[0]]
    for status in (400, 401, 429, 500):
        openai.script += [
            Reply(status, {"error": {"message": f"with {KEY}", "param": KEY, "code": "insufficient_quota"}})
        ]
        told.append(cli("generate", "coin", "--force", "--json"))
    told.append(cli("queue", "show", "j1", "--json"))
    told.append(cli("costs", "--health", "--json"))
    assert len(openai.submissions) >= 4
    for outcome in told:
        assert KEY not in outcome.out + outcome.err
    files = [path for path in project.rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        assert KEY.encode() not in path.read_bytes()
        assert json.dumps(KEY)[1:-1].encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("written", "vendor", "variable", "cost"),
    [
        ("stable-diffusion", STABILITY, "STABILITY_API_KEY", "0.065"),
        ("flux", TOGETHER, "TOGETHER_API_KEY", "0.002832"),
        ("replicate", REPLICATE, "REPLICATE_API_TOKEN", "0.003"),
        ("flux-2", BFL, "BFL_API_KEY", "0.03"),
    ],
)
def test_the_names_of_the_seeds_lead_to_vendors_that_can_be_asked(
    cli, project, monkeypatch, written, vendor, variable, cost
):
    write_spec(project, written)
    with vendor.fake() as fake:
        monkeypatch.setenv(variable, KEY)
        monkeypatch.setenv(f"{vendor.name.upper()}_BASE_URL", fake.base_url)
        outcome, job = made(cli)
        assert (outcome.code, job["status"], job["provider"], job["cost"]) == (0, "done", vendor.name, cost)
        assert "canary" not in outcome.out
    told = cli("show", job["assets"][0], "--json").body
    assert told["generation"]["model"] == job["model"]


def test_firefly_is_asked_when_the_project_says_what_it_pays(cli, project, monkeypatch):
    write_spec(project, "firefly")
    with FIREFLY.fake() as fake:
        for name in ("FIREFLY_BASE_URL", "FIREFLY_IMS_BASE_URL"):
            monkeypatch.setenv(name, fake.base_url)
        monkeypatch.setenv("FIREFLY_SERVICES_CLIENT_ID", CLIENT)
        monkeypatch.setenv("FIREFLY_SERVICES_CLIENT_SECRET", KEY)
        outcome, _ = made(cli)
        assert outcome.code == 7
        assert "nobody knows the price" in outcome.out + outcome.err
        (project / "models.toml").write_text(
            '[models."firefly:image4_standard".price]\nunit = "image"\nsource = "our contract"\n'
            'as_of = 2026-11-01\nrows = [{ price = "0.05" }]\n'
        )
        outcome, job = made(cli)
        assert (outcome.code, job["status"], job["cost"]) == (0, "done", "0.05")
        assert (len(fake.submissions), fake.charges) == (1, 1)
