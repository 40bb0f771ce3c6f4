"""`doctor --providers`: who has a key, who takes it, who is well, and nothing that costs money."""

import pytest
from fake_firefly import CLIENT, FakeFirefly
from fake_openai import FakeOpenAI
from fake_stability import FakeStability
from fake_wire import KEY, html

HTTP = {"openai", "gemini", "replicate", "together", "stability", "firefly", "bfl"}


@pytest.fixture
def openai(monkeypatch):
    with FakeOpenAI() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield server


@pytest.fixture
def stability(monkeypatch):
    with FakeStability() as server:
        monkeypatch.setenv("STABILITY_BASE_URL", server.base_url)
        yield server


def found(outcome):
    """Provider → code."""
    return {item["message"].split()[0]: item["code"] for item in outcome.body["findings"]}


def test_without_keys_everybody_is_named_and_nobody_asked(cli, project, openai):
    outcome = cli("doctor", "--providers", "--json")
    told = found(outcome)
    assert outcome.code == 0
    assert set(told) >= HTTP
    assert {told[name] for name in HTTP} == {"provider_no_key"}
    assert openai.others == []
    assert "set OPENAI_API_KEY" in cli("doctor", "--providers").out


def test_what_this_machine_lacks_is_named_and_what_it_has_is_not(cli, project, monkeypatch):
    monkeypatch.setattr("generation.providers.espeak.shutil.which", lambda _: None)
    outcome = cli("doctor", "--providers", "--json")
    assert (outcome.code, found(outcome)["espeak-ng"]) == (0, "provider_absent")
    assert "local" not in found(outcome)


def test_each_with_a_key_is_asked_by_a_free_call(cli, project, openai, stability, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("STABILITY_API_KEY", "sk-wrong-canary-000")
    outcome = cli("doctor", "--providers", "--json")
    told = found(outcome)
    assert outcome.code == 3
    assert (told["openai"], told["stability"]) == ("provider_ready", "provider_refused")
    assert (openai.submissions, stability.submissions) == ([], [])
    assert (len(openai.others), len(stability.others)) == (1, 1)
    assert "canary" not in outcome.out


def test_one_that_is_not_well_is_a_warning(cli, project, openai, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    openai.health = html(500)
    outcome = cli("doctor", "--providers", "--json")
    assert (outcome.code, found(outcome)["openai"]) == (3, "provider_unwell")


def test_firefly_has_two_keys_and_two_addresses(cli, project, monkeypatch):
    with FakeFirefly() as server:
        monkeypatch.setenv("FIREFLY_BASE_URL", server.base_url)
        monkeypatch.setenv("FIREFLY_IMS_BASE_URL", server.base_url)
        monkeypatch.setenv("FIREFLY_SERVICES_CLIENT_SECRET", KEY)
        assert "set FIREFLY_SERVICES_CLIENT_ID" in cli("doctor", "--providers").out
        assert server.others == []
        monkeypatch.setenv("FIREFLY_SERVICES_CLIENT_ID", CLIENT)
        assert found(cli("doctor", "--providers", "--json"))["firefly"] == "provider_ready"


def test_a_project_cannot_have_the_secret_sent_to_a_host_of_its_own(cli, project, monkeypatch):
    """The address of tokens, too, gets a secret."""
    monkeypatch.setenv("FIREFLY_SERVICES_CLIENT_ID", CLIENT)
    monkeypatch.setenv("FIREFLY_SERVICES_CLIENT_SECRET", KEY)
    (project / ".env").write_text("FIREFLY_IMS_BASE_URL=https://evil.example\n")
    (project / ".env").chmod(0o600)
    outcome = cli("doctor", "--providers", "--json")
    told = [item for item in outcome.body["findings"] if "evil.example" in item["message"]]
    assert [item["code"] for item in told] == ["host_not_allowed"]
    assert outcome.code == 3


@pytest.mark.parametrize("option", ["--repair", "--full", "--duplicates", "--apply"])
def test_it_goes_with_no_other_examination(cli, project, option):
    assert cli("doctor", "--providers", option).code == 2
