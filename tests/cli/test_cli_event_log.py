"""The log of what is made: one vocabulary, as the spec's `log_level` says, and never a key, in it or anywhere else."""

import io
import json
import re
from contextlib import redirect_stderr

import pytest
from fake_openai import FakeOpenAI
from fake_wire import KEY, Reply
from PIL import Image

from callsheet import Workspace
from callsheet.event_log import LARGEST, EventLog
from generation.events import NAMES, Event
from generation.providers.openai import OpenAIProvider

SPEC = """
version: "1.0"
id: coin
tags: [gold]
generation: {type: image, provider: PROVIDER}
prompt: {base: "a coin", parameters: {size: 1024x1024, quality: low}}
integration: {manifest_key: coin, manifest_path: ui/coin.png}
"""


@pytest.fixture
def spec(project):
    """Write the spec with a provider and a level; the project."""
    (project / "specs").mkdir(exist_ok=True)

    def write(provider="local", level=None):
        extra = "" if level is None else f"observability: {{log_level: {level}}}\n"
        (project / "specs" / "coin.yaml").write_text(SPEC.replace("PROVIDER", provider) + extra, encoding="utf-8")
        return project

    return write


def logged(project):
    path = project / ".callsheet" / "logs" / "generation.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def names(project):
    return [line["event"].partition(".")[2] for line in logged(project)]


def test_each_step_is_a_line_with_who_what_for_how_much_and_how_long(cli, spec):
    project = spec()
    job = cli("generate", "coin", "--json").body["jobs"][0]
    assert names(project) == ["started", "sent", "settled", "integrated", "finished"]
    for line in logged(project):
        assert line["event"] in NAMES
        assert (line["subsystem"], line["job"], line["spec_id"]) == ("asset-generation", job["id"], "coin")
        assert line["level"] == "info"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[0-9:.]+Z", line["timestamp"])
    settled = next(line for line in logged(project) if line["event"] == "generation.settled")
    assert (settled["provider"], settled["cost"]) == ("local", "0.00")
    assert settled["duration_seconds"] >= 0


def test_the_level_of_the_spec_says_what_is_kept(cli, spec):
    project = spec(level="debug")
    cli("generate", "coin")
    assert names(project) == [
        *("queued", "started", "routed", "reserved", "sent", "stored"),
        *("settled", "processed", "integrated", "finished"),
    ]
    (project / ".callsheet/logs/generation.jsonl").unlink()
    spec(level="error")
    cli("generate", "coin", "--force")
    assert names(project) == []
    spec("gemini, fallback: manual", level="warning")
    cli("generate", "coin")
    assert names(project) == ["parked"]


def test_a_program_with_the_library_and_the_queue_write_into_the_same_log(cli, spec):
    project = spec("gemini, fallback: manual")
    with Workspace.open(project) as ws:
        ws.generate(ws.specs["coin"])
    assert names(project) == ["started", "parked"]
    cli("queue", "run", "j1")
    assert names(project) == ["started", "parked"] * 2


def test_a_log_that_cannot_be_written_stops_nothing(cli, spec):
    project = spec()
    (project / ".callsheet").mkdir(exist_ok=True)
    (project / ".callsheet/logs").write_text("in the way")
    assert cli("generate", "coin", "--json").body["jobs"][0]["outcome"] == "made"


def test_a_long_log_is_put_aside_and_text_stays_on_its_line(tmp_path):
    log = EventLog(tmp_path / "logs" / "generation.jsonl")
    log(Event("generation.failed", "j1", "coin", {"message": "two\nlines \x1b[31m"}))
    assert log.path.read_text().count("\n") == 1
    assert "\x1b" not in log.path.read_text()
    log.path.write_bytes(b"x" * LARGEST)
    log(Event("generation.started", "j2", "coin"))
    assert (log.path.read_text().count("\n"), log.path.with_suffix(".1.jsonl").stat().st_size) == (1, LARGEST)
    log.path.write_bytes(b"y" * LARGEST)
    log(Event("generation.started", "j3", "coin"))
    assert log.path.with_suffix(".1.jsonl").read_bytes()[:1] == b"y"


def everything(project):
    """Every file of the project, and what pictures hold in their text."""
    files = [path for path in project.rglob("*") if path.is_file()]
    assert {".db", ".jsonl", ".json", ".md", ".png", ".yaml"} <= {path.suffix for path in files}
    told = [path.read_bytes() for path in files]
    for path in files:
        if path.suffix == ".png":
            with Image.open(path) as picture:
                told.append(repr(picture.info).encode())
    return b"\n".join(told)


@pytest.mark.parametrize("place", ["environment", "file"])
def test_the_key_stands_in_no_file_log_row_report_sidecar_or_traceback(cli, spec, monkeypatch, tmp_path_factory, place):
    """Bought, refused with the key in every field, broken by a fault of ours, all with debugging on."""
    project = spec("openai", level="debug")
    with FakeOpenAI() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("CALLSHEET_DEBUG", "1")
        if place == "environment":
            monkeypatch.setenv("OPENAI_API_KEY", KEY)
        else:
            path = tmp_path_factory.mktemp("keys") / "key.txt"
            path.write_text(KEY)
            monkeypatch.setenv("OPENAI_API_KEY_FILE", str(path))
        told = [cli("generate", "coin", "--json")]
        for status in (400, 401, 403, 429, 500):
            body = {"error": {"message": f"bad key {KEY}", "param": KEY, "code": KEY, "type": KEY}}
            server.script += [Reply(status, body, {"X-Request-Id": KEY})]
            told.append(cli("generate", "coin", "--force", "--json"))
            told.append(cli("queue", "resolve", f"j{len(told) // 2 + 1}", "--not-charged"))
        monkeypatch.setattr(OpenAIProvider, "result", _broken)
        told.append(cli("generate", "coin", "--force"))
        assert "cannot read" in told[-1].err
        told.append(cli("queue", "resolve", "j7", "--charged", "0.03"))
        monkeypatch.setattr(OpenAIProvider, "estimate", lambda self, request: _broken(self, request, {}))
        told.append(cli("generate", "coin", "--force"))
        assert "Traceback" in told[-1].err
        monkeypatch.undo()
    told += [cli("queue", "show", f"j{number}", "--json") for number in range(1, 8)]
    told += [cli(*words) for words in (("costs", "--json"), ("config", "--json"), ("export", "sidecars"), ("doctor",))]
    for outcome in told:
        assert KEY not in outcome.out + outcome.err
        assert "canary" not in outcome.out + outcome.err
    held = everything(project)
    assert b"canary" not in held
    assert KEY.encode() not in held


def _broken(self, sent, content):
    raise RuntimeError(f"cannot read {content!r} of {self.access!r} {self.wire!r} {sent!r}")


def test_a_listener_that_breaks_keeps_neither_the_log_nor_the_work_from_going_on(spec):
    def hook(event):
        raise RuntimeError(event.name)

    project = spec()
    with Workspace.open(project) as ws, redirect_stderr(io.StringIO()) as err:
        done = ws.generation_told(hook).generate([ws.specs["coin"]])
    assert (done.only().outcome, err.getvalue()) == ("made", "")
    assert names(project)[-1] == "finished"
