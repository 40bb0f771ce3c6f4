"""The manifest keeps up with the gallery and with what follows from it, also after an interruption or an undo."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

SPEC = """
version: "1.0"
id: coin
tags: [gold]
generation: {type: image, provider: local}
prompt: {base: "a coin", parameters: {size: 64x64}}
integration: {manifest_key: coin, manifest_path: ui/coin.png}
"""


@pytest.fixture
def game(project):
    """A project with a spec, constants, and a command that leaves a trace."""
    (project / "specs").mkdir(exist_ok=True)
    (project / "specs" / "coin.yaml").write_text(SPEC, encoding="utf-8")
    command = json.dumps([sys.executable, "-c", "open('ran', 'a').write('x')"])
    with (project / "callsheet.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[generation]\ncommand = {command}\nconstants = {{folder = "src"}}\n')
    return project


def ran(project):
    path = project / "ran"
    return len(path.read_text()) if path.exists() else 0


def keys(project):
    return list(json.loads((project / "assets/manifest.json").read_bytes())["assets"]["images"])


def codes(outcome):
    return [one["code"] for one in outcome.body["findings"] if one["code"].startswith("manifest_")]


def test_constants_follow_a_manifest_that_was_edited_by_hand(cli, game):
    cli("generate", "coin")
    text = (game / "assets/manifest.json").read_text()
    (game / "assets/manifest.json").write_text(text.replace('"coin":', '"gold": {"path": "gold.png"}, "coin":'))
    dry = cli("manifest", "constants", "--dry-run", "--json")
    assert [one["outcome"] for one in dry.body["constants"]] == ["written"]
    assert "GOLD" not in (game / "src/assets.js").read_text()
    done = cli("manifest", "constants", "--json")
    assert (done.code, done.body["command"]["exit_code"], ran(game)) == (0, 0, 2)
    assert 'GOLD: "gold"' in (game / "src/assets.js").read_text()
    again = cli("manifest", "constants", "--json").body
    assert ([one["outcome"] for one in again["constants"]], again["command"]) == (["unchanged"], None)


def test_without_a_manifest_or_anything_that_follows_the_command_says_so(cli, game):
    assert cli("manifest", "constants", "--json").code == 4
    (game / "callsheet.toml").write_text("")
    cli("generate", "coin")
    outcome = cli("manifest", "constants", "--json")
    assert (outcome.code, outcome.error["code"]) == (2, "nothing_follows")


def test_a_command_that_fails_is_told_with_its_words(cli, game):
    cli("generate", "coin")
    (game / "src/assets.js").unlink()
    text = (game / "callsheet.toml").read_text()
    (game / "callsheet.toml").write_text(text.replace("open('ran', 'a').write('x')", "raise SystemExit('no bundler')"))
    outcome = cli("manifest", "constants")
    assert outcome.code == 1
    assert "no bundler" in outcome.err


@pytest.mark.parametrize("then", [("queue", "run"), ("generate", "coin"), ("manifest", "constants")])
def test_what_an_interrupted_run_left_is_done_by_the_next(cli, game, monkeypatch, then):
    with monkeypatch.context() as patch:
        patch.setattr("generation.service.end_run", _interrupt)
        assert cli("generate", "coin").code == 130
    assert (keys(game), ran(game), (game / "src").exists()) == (["coin"], 0, False)
    assert codes(cli("doctor", "--json")) == ["manifest_waits"]
    assert cli(*then).code == 0
    assert ('COIN: "coin"' in (game / "src/assets.js").read_text(), ran(game)) == (True, 1)
    assert codes(cli("doctor", "--json")) == []
    cli(*then)
    assert ran(game) == 1


def _interrupt(*_):
    raise KeyboardInterrupt


def test_an_undo_says_that_the_manifest_lists_it_still_and_the_doctor_takes_it_out(cli, game):
    cli("generate", "coin")
    undone = cli("undo")
    assert "the manifest still lists images.coin" in undone.err
    found = cli("doctor", "--json")
    assert codes(found) == ["manifest_lists_trash"]
    assert found.code == 3
    before = ran(game)
    mended = cli("doctor", "--repair", "--json")
    assert [one["message"] for one in mended.body["findings"] if one["code"] == "manifest_lists_trash"] == [
        "mended: images.coin was taken out of manifest.json"
    ]
    assert keys(game) == []
    assert codes(cli("doctor", "--json")) == ["manifest_waits"]
    cli("manifest", "constants")
    assert ("COIN" in (game / "src/assets.js").read_text(), ran(game)) == (False, before + 1)


def test_what_is_restored_or_made_again_stands_in_the_manifest_again(cli, game):
    job = cli("generate", "coin", "--json").body["jobs"][0]
    cli("undo")
    assert "restore" in next(
        one["hint"] for one in cli("doctor", "--json").body["findings"] if one["code"] == "manifest_lists_trash"
    )
    cli("restore", job["assets"][0])
    assert codes(cli("doctor", "--json")) == []
    cli("undo", "--batch", "1")
    cli("rm", job["assets"][0])
    cli("doctor", "--repair")
    cli("restore", job["assets"][0])
    assert keys(game) == []
    assert cli("generate", "coin", "--json").body["spent"] == "0.00"
    assert keys(game) == ["coin"]


def test_an_entry_with_fields_of_mine_and_one_whose_file_is_gone_are_told_and_stay(cli, game):
    cli("generate", "coin")
    manifest = game / "assets/manifest.json"
    manifest.write_text(manifest.read_text().replace('"aiGenerated"', '"frameConfig": {}, "aiGenerated"'))
    cli("undo")
    assert codes(cli("doctor", "--repair", "--json")) == ["manifest_lists_trash"]
    assert keys(game) == ["coin"]
    (game / "assets/ui/coin.png").unlink()
    cli("redo")
    assert "manifest_lists_nothing" in codes(cli("doctor", "--repair", "--json"))
    assert keys(game) == ["coin"]


def test_a_broken_manifest_keeps_neither_the_undo_nor_the_doctor_from_their_work(cli, game):
    cli("generate", "coin")
    (game / "assets/manifest.json").write_text("{")
    assert cli("undo").code == 0
    findings = cli("doctor", "--json").body["findings"]
    assert any("manifest.json:1:2" in one["message"] for one in findings)
    assert any(one["code"] == "assets" for one in findings)


def test_a_key_file_that_is_not_there_stops_neither_the_undo_nor_the_doctor(cli, game, monkeypatch):
    cli("generate", "coin")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", "/nowhere/key")
    assert cli("undo").code == 0
    findings = cli("doctor", "--json").body["findings"]
    assert any("OPENAI_API_KEY_FILE" in one["message"] for one in findings)
    assert any(one["code"] == "assets" for one in findings)


SLOW = """
import sys, time
from callsheet.cli.app import run
from generation.providers.local import LocalProvider
drawn = LocalProvider.submit
def submit(self, request, context):
    if "second" in request.prompt:
        open("begun", "w").close()
        while not context.cancelled():
            time.sleep(0.02)
    return drawn(self, request, context)
LocalProvider.submit = submit
sys.exit(run(["generate", "first", "second"]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_in_the_middle_then_the_queue_finishes_everything(cli, game):
    """A real program, a real signal: what was made is in the manifest, and what follows is done by the next run."""
    for name in ("first", "second"):
        text = SPEC.replace("id: coin", f"id: {name}").replace("a coin", name).replace("coin", name)
        (game / "specs" / f"{name}.yaml").write_text(text.replace("[gold]", f"[{name}]"), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "CALLSHEET_GENERATION__WORKERS": "1"}
    with subprocess.Popen([sys.executable, "-c", SLOW], cwd=game, env=environment) as program:
        deadline = time.monotonic() + 60
        while not (game / "begun").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 130
    assert (keys(game), ran(game)) == (["first", "second"], 0)  # what was sent is made, what follows waits
    for job in cli("queue", "ls", "--json").body["jobs"]:
        if job["status"] == "unknown":
            cli("queue", "resolve", job["id"], "--not-charged")
    assert cli("queue", "run").code == 0
    assert (keys(game), ran(game)) == (["first", "second"], 1)
    assert "FIRST" in (game / "src/assets.js").read_text()
