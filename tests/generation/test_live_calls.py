"""`./run live`: the cheapest real call of each provider that has a key, told before, capped, never in CI.

Here against the fakes on loopback, whose addresses the user sets.
"""

from decimal import Decimal

import live_calls
import pytest
from fake_gemini_speech import FakeGeminiSpeech
from fake_openai_speech import FakeOpenAISpeech
from fake_wire import KEY, Reply
from live_calls import LIMIT, main

from generation.catalogue.loading import shipped_catalogue


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch, tmp_path):
    """No key of whoever runs the tests, and no settings: not one real call."""
    for maker in shipped_catalogue().makers.values():
        for name in maker.keys:
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(live_calls, "mkdtemp", lambda **_: _folder(tmp_path))


def _folder(tmp_path):
    (tmp_path / "live").mkdir()
    return str(tmp_path / "live")


@pytest.fixture
def openai(monkeypatch):
    with FakeOpenAISpeech() as server:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield server


@pytest.fixture
def gemini(monkeypatch):
    with FakeGeminiSpeech() as server:
        monkeypatch.setenv("GEMINI_API_KEY", KEY)
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.base_url)
        yield server


def test_without_a_key_it_says_so_and_that_is_no_failure(capsys):
    assert main([]) == 0
    assert "no provider has a key" in capsys.readouterr().out


def test_in_ci_it_refuses_whoever_has_a_key(openai, monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    assert main([]) == 2
    assert "never in CI" in capsys.readouterr().out
    assert (openai.submissions, openai.others) == ([], [])


def test_each_provider_with_a_key_makes_one_thing_and_the_price_is_told_before(openai, gemini, tmp_path, capsys):
    assert main([]) == 0
    told = capsys.readouterr().out.splitlines()
    assert (openai.charges, gemini.charges) == (1, 1)
    at = next(number for number, line in enumerate(told) if line.startswith("together at most $"))
    assert not any("made" in line for line in told[:at])
    most = Decimal(told[at].split("$")[1].partition(";")[0])
    assert 0 < most <= LIMIT
    assert sum("made" in line for line in told[at:]) == 2
    assert 0 < Decimal(told[-1].removeprefix("spent $")) <= LIMIT
    assert not (tmp_path / "live").exists()
    assert KEY not in "\n".join(told)


def test_it_is_the_cheapest_that_is_asked_for(openai, capsys):
    """Of all that the catalogue knows of the provider, by the estimate of a picture, a sound or a word."""
    assert main(["openai", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "openai:tts-1" in shown.replace("openai       ", "openai:")
    assert main(["openai"]) == 0
    assert len(openai.submissions) == 1
    assert openai.submissions[0].json["model"] == "tts-1"


def test_a_dry_run_and_a_name_that_nobody_has_cost_nothing(openai, capsys):
    assert main(["--dry-run"]) == 0
    assert "together at most" in capsys.readouterr().out
    assert main(["nobody"]) == 2
    assert main(["--yes"]) == 2
    assert openai.submissions == []


def test_only_those_that_are_named_are_asked(openai, gemini):
    assert main(["gemini"]) == 0
    assert (openai.charges, gemini.charges) == (0, 1)


def test_what_would_be_beyond_the_limit_is_left_out(openai, gemini, monkeypatch, capsys):
    monkeypatch.setattr(live_calls, "LIMIT", Decimal("0.0001"))
    assert main([]) == 0
    assert "left out" in capsys.readouterr().out
    assert openai.charges + gemini.charges == 1


def test_a_key_that_is_refused_and_a_call_that_fails_are_failures(openai, monkeypatch, capsys):
    openai.script.append(Reply(400, {"error": {"message": "no", "code": "moderation_blocked"}}))
    assert main([]) == 7
    assert "failed" in capsys.readouterr().out
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong")
    assert main([]) == 7


def test_an_unknown_outcome_keeps_the_ledger_and_says_where(openai, tmp_path, capsys):
    openai.script.append(Reply(500, "oh"))
    assert main([]) == 7
    assert str(tmp_path / "live") in capsys.readouterr().out
    assert (tmp_path / "live" / ".callsheet" / "callsheet.db").exists()
