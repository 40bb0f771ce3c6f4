"""A project may be a stranger's: it cannot send keys where it likes."""

import pytest
from fake_openai import FakeOpenAI
from fake_wire import KEY

from callsheet import Workspace
from callsheet.settings import user_settings_file
from generation.catalogue.loading import shipped_catalogue
from generation.errors import UntrustedHostError

SPEC = """
version: "1.0"
id: coin
generation: {type: image, provider: openai, fallback: local}
prompt: {base: "a coin", parameters: {size: 1024x1024, quality: low}}
"""
FOREIGN = "gateway.invalid"


@pytest.fixture
def foreign(project, monkeypatch):
    """A project whose settings name another host, and a user who has a key."""
    (project / "specs").mkdir(exist_ok=True)
    (project / "specs" / "coin.yaml").write_text(SPEC, encoding="utf-8")
    (project / "callsheet.toml").write_text(f'[providers.openai]\nbase_url = "https://{FOREIGN}/v1"\n')
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    return project


def dry_run(cli, *options):
    return cli("generate", "coin", "--dry-run", "--json", *options).body["jobs"][0]


def say_for_user(text):
    user_settings_file().parent.mkdir(parents=True, exist_ok=True)
    user_settings_file().write_text(text, encoding="utf-8")


def test_an_address_of_the_project_gets_no_key_and_the_error_names_file_host_and_way_out(cli, foreign):
    for options in ([], ["--dry-run"]):
        outcome = cli("generate", "coin", "--json", *options)
        job = outcome.body["jobs"][0]
        assert (outcome.code, job["error"]["code"]) == (7, "host_not_allowed")
        assert str(foreign / "callsheet.toml") in job["error"]["message"]
        assert FOREIGN in job["error"]["message"]
        assert str(user_settings_file()) in job["error"]["hint"]
        assert f'"{FOREIGN}"' in job["error"]["hint"]
    assert KEY not in outcome.out + outcome.err


def test_it_is_told_in_the_health_too(cli, foreign):
    providers = {one["provider"]: one for one in cli("costs", "--health", "--json").body["providers"]}
    assert providers["openai"]["state"] == "unwell"
    assert FOREIGN in providers["openai"]["detail"]


def test_what_stands_in_dotenv_stands_in_the_project(cli, foreign, monkeypatch):
    (foreign / "callsheet.toml").write_text("")
    (foreign / ".env").write_text(f"OPENAI_BASE_URL=https://{FOREIGN}/v1\n")
    assert str(foreign / ".env") in dry_run(cli)["error"]["message"]
    (foreign / ".env").write_text(f"CALLSHEET_PROVIDERS__OPENAI__BASE_URL=https://{FOREIGN}/v1\n")
    assert str(foreign / ".env") in dry_run(cli)["error"]["message"]


def test_without_a_key_nothing_could_be_sent_and_nothing_is_refused(cli, foreign, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    assert dry_run(cli)["provider"] == "local"


def is_asked(job):
    """The host is asked now; as it is not there, the fallback makes it."""
    return job["error"] is None and job["provider"] == "local"


def test_the_user_allows_a_host_in_the_own_settings_or_by_a_variable(cli, foreign, monkeypatch):
    say_for_user(f'[trust]\nhosts = ["{FOREIGN}"]\n')
    assert is_asked(dry_run(cli))
    say_for_user("")
    assert dry_run(cli)["error"]["code"] == "host_not_allowed"
    monkeypatch.setenv("CALLSHEET_TRUST__HOSTS", '["other.example", ".invalid"]')
    assert is_asked(dry_run(cli))


def test_what_the_user_sets_needs_no_more(cli, foreign, monkeypatch):
    (foreign / "callsheet.toml").write_text("")
    say_for_user(f'[providers.openai]\nbase_url = "https://{FOREIGN}/v1"\n')
    assert is_asked(dry_run(cli))
    say_for_user("")
    monkeypatch.setenv("OPENAI_BASE_URL", f"https://{FOREIGN}/v1")
    assert is_asked(dry_run(cli))


def test_a_project_cannot_trust_itself(cli, foreign):
    """Neither in its settings nor in `.env`, whatever it wants to do."""
    for name, text in (("callsheet.toml", '[trust]\nhosts = ["x.invalid"]'), (".env", 'CALLSHEET_TRUST__HOSTS=["x"]')):
        kept = (foreign / name).read_text() if (foreign / name).exists() else ""
        (foreign / name).write_text(text)
        outcome = cli("generate", "coin", "--json")
        assert (outcome.code, outcome.error["code"]) == (2, "invalid_settings")
        assert "cannot set trust" in outcome.error["message"]
        (foreign / name).write_text(kept)


def test_this_machine_is_always_allowed(cli, foreign):
    with FakeOpenAI() as server:
        (foreign / "callsheet.toml").write_text(f'[providers.openai]\nbase_url = "{server.base_url}"\n')
        job = cli("generate", "coin", "--json").body["jobs"][0]
        assert (job["status"], job["provider"], server.charges) == ("done", "openai", 1)


ASKED = sorted(name for name, maker in shipped_catalogue().makers.items() if maker.keys)


@pytest.mark.parametrize("name", [*ASKED, "firefly_ims"])
def test_none_of_those_that_take_a_key_gets_it_sent_elsewhere(project, monkeypatch, name):
    """Whoever is added to the catalogue is looked at here, too."""
    for maker in shipped_catalogue().makers.values():
        for variable in maker.keys:
            monkeypatch.setenv(variable, KEY)
    monkeypatch.setenv("FIREFLY_SERVICES_CLIENT_ID", KEY)
    monkeypatch.setenv("FIREFLY_SERVICES_CLIENT_SECRET", KEY)
    (project / "callsheet.toml").write_text(f'[providers.{name}]\nbase_url = "https://{FOREIGN}/v1"\n')
    with Workspace.open(project) as ws:
        providers = ws.generation.context.providers
        with pytest.raises(UntrustedHostError, match=FOREIGN):
            providers[name.removesuffix("_ims")].check()
