"""Sounds on the command line."""

import pytest
from sounds import sound, tone

from callsheet.exit_codes import ExitCode


@pytest.fixture
def jump(cli, project):
    (project / "assets" / "jump.wav").write_bytes(sound(tone(0.4, channels=2)))
    return cli("add", "assets/jump.wav", "--json").body["results"][0]["id"]


def test_a_sound_is_shown_with_its_length(cli, jump):
    assert "length   0.4 s, 44.1 kHz stereo" in cli("show", jump).out
    body = cli("show", jump, "--json").body
    assert (body["duration"], body["sample_rate"], body["channels"], body["width"]) == (0.4, 44100, 2, None)


def test_sounds_are_found_by_length(cli, jump):
    assert [asset["id"] for asset in cli("search", "media:audio duration:<2", "--json").body["assets"]] == [jump]
    assert cli("search", "duration:>2", "--json").body["assets"] == []
    refused = cli("search", "duration:long", "--json")
    assert (refused.code, "units are s, ms, min, h" in refused.error["hint"]) == (ExitCode.USAGE, True)


def test_a_broken_sound_is_told_and_the_others_are_taken(cli, project):
    (project / "assets" / "bad.flac").write_bytes(sound(kind="flac")[:900])
    outcome = cli("add", "assets")
    assert outcome.code == ExitCode.PARTLY
    assert "assets/bad.flac: the sound is damaged" in outcome.err


def test_doctor_verifies_sounds(cli, project, jump):
    assert cli("doctor", "--full").code == ExitCode.OK
    whole = (project / "assets" / "jump.wav").read_bytes()
    (project / "assets" / "jump.wav").write_bytes(whole[:-8])
    assert "jump.wav" in cli("doctor", "--full").out
