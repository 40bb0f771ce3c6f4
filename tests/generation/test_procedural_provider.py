"""Sounds of this machine: free, told why, of the length asked for, marked as stand-ins."""

import io
import wave
from datetime import UTC, datetime

import pytest
from generation_builders import open_generation
from vendor_cases import context

from generation.errors import InvalidRequestError
from generation.money import ZERO
from generation.providers import procedural
from generation.providers.procedural import ProceduralMusic, ProceduralSfx
from generation.request import GenerationRequest
from generation.specs.model import Integration, Spec

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def provider():
    return ProceduralSfx()


def asked(prompt="a jump", **fields):
    return GenerationRequest("sound_effect", "synth-1", prompt, **fields)


def made(provider, prompt="a jump", **fields):
    return provider.submit(asked(prompt, **fields), context()).result


def shape(data):
    with wave.open(io.BytesIO(data)) as file:
        return file.getnchannels(), file.getframerate(), file.getnframes()


def test_an_effect_is_a_wav_file_that_costs_nothing_and_says_what_it_is(provider):
    result = made(provider, "soft jump in a cave", duration=0.5)
    (output,) = result.outputs
    assert (output.media_type, output.duration, output.sample_rate) == ("audio/wav", 0.5, 44_100)
    assert shape(output.data) == (1, 44_100, 22_050)
    assert output.revised_prompt == "jump; soft, cave; 0.50 s"
    assert result.raw["layers"] == ["jump"]
    assert (result.cost.amount, result.stand_in, result.adjustments) == (ZERO, True, ())


def test_the_same_request_gives_the_same_bytes_and_another_seed_others(provider):
    assert made(provider).outputs == made(provider).outputs
    assert made(provider, seed=1).outputs[0].data != made(provider, seed=2).outputs[0].data
    assert made(provider, "a coin").outputs[0].seed != made(provider, "a jump").outputs[0].seed


def test_variations_have_seeds_of_their_own(provider):
    outputs = made(provider, n=3, seed=9).outputs
    assert [(each.index, each.seed) for each in outputs] == [(0, 9), (1, 10), (2, 11)]
    assert len({each.data for each in outputs}) == 3
    assert made(provider, seed=10).outputs[0].data == outputs[1].data


def test_a_length_of_the_prompt_is_taken_where_none_is_asked_for(provider):
    assert made(provider, "a jump of 0.3-0.5 seconds").outputs[0].duration == pytest.approx(0.4)
    assert made(provider, "a jump of 0.3-0.5 seconds", duration=1.0).outputs[0].duration == 1.0


def test_words_that_nobody_knows_are_told(provider):
    (told,) = made(provider, "ein Sprung").adjustments
    assert (told.field, told.asked) == ("prompt", "ein Sprung")
    assert "docs/providers.md" in told.reason


@pytest.mark.parametrize(
    ("fields", "field", "used"),
    [
        ({"voice": "Kore"}, "voice", None),
        ({"speed": 2.0}, "speed", None),
        ({"size": (32, 32)}, "size", None),
        ({"format": "mp3"}, "format", "wav"),
        ({"duration": 900.0}, "duration", 60.0),
        ({"duration": 0.001}, "duration", 0.05),
    ],
)
def test_what_is_not_honoured_is_told_and_refused_where_that_was_asked(provider, fields, field, used):
    (told,) = made(provider, **fields).adjustments
    assert (told.field, told.used) == (field, used)
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(asked(**fields), context(strict=True))
    assert (caught.value.field, caught.value.code) == (field, "unsupported")


def test_another_operation_is_refused(provider):
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(GenerationRequest("music", "synth-1", "x"), context())
    assert (caught.value.code, caught.value.hops) == ("unsupported", True)


def test_without_numpy_it_says_what_brings_it(provider, monkeypatch):
    assert provider.check().state == "ready"
    monkeypatch.setattr(procedural, "find_spec", lambda _: None)
    assert provider.check().state == "absent"
    assert "callsheet[audio]" in provider.check().detail


def test_nothing_is_ever_pending_or_lost(provider):
    assert provider.recover(asked(), context()).result.outputs == made(provider).outputs
    assert provider.poll("x", asked(), context()).result.outputs == made(provider).outputs
    assert provider.cancel("x", context()) is False
    assert provider.estimate(asked()).high == ZERO


def sound(**fields):
    place = Integration("audio.sfx.jump", "sfxJump1A", "audio/sfx/jump/sfxJump1A.wav", "audio", None)
    given = {
        "id": "jump", "asset_type": "audio", "operation": "sound_effect", "providers": ("fake:vendor",),
        "prompt": "a jump", "parameters": {}, "integration": place,
    }  # fmt: skip
    return Spec(**given | fields)


def test_where_all_that_lacks_is_a_key_an_effect_is_made_here(tmp_path):
    with open_generation(tmp_path, ProceduralSfx()) as generation:
        (planned,) = generation.generate([sound()], dry_run=True).jobs
        assert (planned.to_json()["provider"], planned.to_json()["stand_in"]) == ("procedural-sfx", True)
        job = generation.generate([sound()]).only()
        assert (job.state, job.provider, job.stand_in) == ("done", "procedural-sfx", True)
    assert shape((tmp_path / "assets/audio/sfx/jump/sfxJump1A.wav").read_bytes())[1] == 44_100


def test_speech_without_a_voice_here_is_no_picture(tmp_path):
    with open_generation(tmp_path, ProceduralSfx()) as generation:
        (planned,) = generation.generate([sound(operation="text_to_speech")], dry_run=True).jobs
        assert planned.to_json()["status"] == "failed"


def test_a_piece_of_music_has_two_channels_and_the_length_asked_for():
    request = GenerationRequest("music", "band-1", "calm music", duration=3.0, loop=True)
    result = ProceduralMusic().submit(request, context()).result
    (output,) = result.outputs
    assert shape(output.data) == (2, 44_100, 132_300)
    assert (output.duration, output.revised_prompt, result.stand_in) == (3.0, "60 bpm; calm; 3.00 s; loop", True)
    long = ProceduralMusic().submit(GenerationRequest("music", "band-1", "calm", duration=0.2), context()).result
    assert [(item.field, item.used) for item in long.adjustments] == [("duration", 1.0)]
