"""The jump template of the project's first documents: twelve sounds named by its pattern, with a key or without any."""

import io
import json

import pytest
import soundfile
from fake_elevenlabs import FakeElevenLabs
from fake_wire import KEY
from seed_specs import JUMP

VARIANTS = ("light", "heavy", "crisp", "airy")
NAMES = [f"sfxJump{number}{letter}" for number in (1, 2, 3) for letter in "ABCD"]
SETTINGS = '\n[generation.constants]\nfolder = "src/generated"\nlanguages = ["javascript", "python"]\n'


@pytest.fixture
def jumps(project, monkeypatch):
    for name in ("ELEVENLABS_API_KEY", "REPLICATE_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    (project / "specs").mkdir(exist_ok=True)
    (project / "specs" / "sfx-jump.yaml").write_text(JUMP, encoding="utf-8")
    with (project / "callsheet.toml").open("a", encoding="utf-8") as file:
        file.write(SETTINGS)
    return project


def generated(cli, *more):
    chosen = [word for variant in VARIANTS for word in ("--set", f"variant={variant}")]
    return cli("generate", "jump-sfx", "--set", "jump_type=*", *chosen, *more, "--json").body


def section(project):
    manifest = json.loads((project / "assets/manifest.json").read_text(encoding="utf-8"))
    return manifest["assets"]["audio"]["sfx"]["jump"]


def test_three_kinds_in_four_variants_are_twelve_files_named_by_the_pattern(cli, jumps):
    body = generated(cli)
    assert [job["status"] for job in body["jobs"]] == ["done"] * 12
    assert {(job["provider"], job["stand_in"]) for job in body["jobs"]} == {("procedural-sfx", True)}
    assert body["spent"] == "0.00"
    folder = jumps / "assets/audio/sfx/jump"
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}.mp3" for name in NAMES]
    assert len({path.read_bytes() for path in folder.iterdir()}) == 12


def test_each_is_as_the_template_asks_for(cli, jumps):
    """Its peak at -1 dB, no silence around it, 0.2 to 0.6 seconds of MP3 at 192 kbit/s."""
    for job in generated(cli)["jobs"]:
        found = cli("queue", "show", job["id"], "--json").body
        assert {(check["code"], check["passed"]) for check in found["checks"]} == {
            ("duration_range", True),
            ("format", True),
            ("bitrate", True),
        }
        (file,) = found["files"]
        samples, rate = soundfile.read(io.BytesIO((jumps / "assets" / file["path"]).read_bytes()))
        assert rate == 44_100
        assert abs(samples).max() == pytest.approx(10 ** (-1 / 20), abs=0.15)  # MP3 moves it a little
        assert abs(samples[: rate // 50]).max() > 0.005


def test_manifest_and_constants_name_them_all(cli, jumps):
    generated(cli)
    entries = section(jumps)
    assert sorted(entries) == NAMES
    assert {name: entry["path"] for name, entry in entries.items()} == {
        name: f"audio/sfx/jump/{name}.mp3" for name in NAMES
    }
    assert {(entry["type"], entry["aiProvider"], entry["standIn"]) for entry in entries.values()} == {
        ("audio", "procedural-sfx", True)
    }
    constants = "".join(path.read_text(encoding="utf-8") for path in (jumps / "src/generated").iterdir())
    assert 'SFX_JUMP1_A: "sfxJump1A"' in constants
    assert "audio/sfx/jump/sfxJump3D.mp3" in constants


def test_a_second_time_nothing_is_made_or_written(cli, jumps):
    generated(cli)
    before = (jumps / "assets/manifest.json").read_bytes()
    assert {job["outcome"] for job in generated(cli)["jobs"]} == {"unchanged"}
    assert (jumps / "assets/manifest.json").read_bytes() == before


def test_they_are_assets_of_the_gallery(cli, jumps):
    ids = [name for job in generated(cli)["jobs"] for name in job["assets"]]
    assert len(set(ids)) == 12
    found = cli("search", "media:audio duration:<1 stand-in", "--json").body
    assert {asset["id"] for asset in found["assets"]} == set(ids)
    shown = cli("show", ids[0], "--json").body
    assert shown["media_type"] == "audio"
    assert shown["generation"]["model"] == "synth-1"
    assert shown["generation"]["prompt"].startswith("Platformer game jump sound effect, dust-cloud style")


def test_one_of_them_may_be_named(cli, jumps):
    chosen = ("--set", "jump_type=energy-burst", "--set", "variant=crisp", "--output-name", "sfxJump2A")
    (job,) = cli("generate", "jump-sfx", *chosen, "--json").body["jobs"]
    assert job["status"] == "done"
    assert list(section(jumps)) == ["sfxJump2A"]
    assert (jumps / "assets/audio/sfx/jump/sfxJump2A.mp3").is_file()


@pytest.fixture
def elevenlabs(jumps, monkeypatch):
    with FakeElevenLabs() as server:
        server.seconds = 0.45
        monkeypatch.setenv("ELEVENLABS_API_KEY", KEY)
        monkeypatch.setenv("ELEVENLABS_BASE_URL", server.base_url)
        yield server


def test_with_a_key_elevenlabs_makes_them_over_the_wire(cli, jumps, elevenlabs):
    body = generated(cli)
    assert {(job["status"], job["provider"], job["stand_in"]) for job in body["jobs"]} == {
        ("done", "elevenlabs", False)
    }
    folder = jumps / "assets/audio/sfx/jump"
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}.mp3" for name in NAMES]
    assert (len(elevenlabs.submissions), elevenlabs.charges) == (12, 12)
    asked = {seen.json["text"] for seen in elevenlabs.submissions}
    assert len(asked) == 12
    assert all("jump sound effect" in text for text in asked)
    assert {seen.path for seen in elevenlabs.submissions} == {"/v1/sound-generation?output_format=mp3_44100_128"}
    assert body["spent"] == "0.0432"  # 12 x 18 credits of $0.0002
    assert cli("costs", "--json").body["spent"] == "0.0432"


def test_what_elevenlabs_made_stands_in_the_manifest_as_the_real_thing(cli, jumps, elevenlabs):
    jobs = generated(cli)["jobs"]
    entries = section(jumps)
    assert sorted(entries) == NAMES
    assert {(entry["aiProvider"], entry["aiCost"], "standIn" in entry) for entry in entries.values()} == {
        ("elevenlabs", 0.0036, False)
    }
    found = cli("queue", "show", jobs[0]["id"], "--json").body
    assert {check["code"]: check["passed"] for check in found["checks"]} == {
        "duration_range": True,
        "format": True,
        "bitrate": True,
    }


def test_a_dry_run_says_what_they_may_cost_at_most(cli, jumps, elevenlabs):
    body = generated(cli, "--dry-run")
    assert {(job["status"], job["provider"], job["cost"]) for job in body["jobs"]} == {
        ("planned", "elevenlabs", "0.24")
    }
    assert elevenlabs.submissions == []
