"""What goes to Bark and MusicGen on Replicate."""

import pytest
from sound_cases import BARK, MUSICGEN
from vendor_cases import made

VENDOR = MUSICGEN


@pytest.fixture
def asked(fake, provider):
    def ask(request):
        result = made(provider, request)
        return fake.submissions[-1].json, result

    return ask


def test_musicgen_has_whole_seconds_a_seed_and_a_format(asked):
    body, result = asked(MUSICGEN.request(duration=7.2, seed=3, format="mp3", negative_prompt="drums"))
    assert body == {
        "version": "meta/musicgen:671ac645ce5e552cc63a54a2bbff63fcf798043055d2dac5fc9e36a837eedcfb",
        "input": {
            "prompt": "The gate is open.\n\nAvoid: drums",
            "duration": 8,
            "seed": 3,
            "output_format": "mp3",
        },
    }
    assert result.outputs[0].media_type == "audio/mpeg"
    assert {item.field: item.used for item in result.adjustments} == {
        "negative_prompt": "in the prompt",
        "duration": 8.0,
    }


@pytest.mark.parametrize(("seconds", "used"), [(0.3, 1), (300.0, 30)])
def test_musicgen_is_asked_for_what_it_makes(asked, seconds, used):
    body, result = asked(MUSICGEN.request(duration=seconds))
    assert body["input"]["duration"] == used
    assert result.adjustments[0].used == used


def test_bark_has_a_voice_and_neither_length_nor_format(asked):
    body, result = asked(BARK.request(voice="v2/en_speaker_6", duration=0.5, format="wav", extra={"text_temp": 0.7}))
    assert body == {
        "version": "suno-ai/bark:b76242b40d67c76ab6742e987628a2a9ac019e11d56ab96c4e91ce03b79b2787",
        "input": {"prompt": "The gate is open.", "history_prompt": "v2/en_speaker_6", "text_temp": 0.7},
    }
    assert [(item.field, item.used) for item in result.adjustments] == [("duration", None)]
    assert (result.outputs[0].media_type, result.outputs[0].duration) == ("audio/wav", 2.0)


def test_bark_speaks_the_words_and_nothing_else(asked):
    body, result = asked(BARK.request(operation="text_to_speech", negative_prompt="drums"))
    assert body["input"] == {"prompt": "The gate is open."}
    assert [(item.field, item.used) for item in result.adjustments] == [("negative_prompt", None)]
