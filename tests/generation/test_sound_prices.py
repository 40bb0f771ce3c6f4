"""What sounds may cost, and what they did cost: by credits, tokens, characters or seconds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.catalogue.charging import Tokens, cost_of_sound
from generation.catalogue.loading import shipped_catalogue
from generation.catalogue.pricing import estimate
from generation.request import GenerationRequest

MODELS = shipped_catalogue().models
SPEECH = ["openai:gpt-4o-mini-tts", "gemini:gemini-3.8-flash-tts"]


def asked(name, prompt="The gate is open.", **fields):
    return GenerationRequest(MODELS[name].operations[0], MODELS[name].id, prompt, **fields)


def priced(name, prompt="The gate is open.", **fields):
    return estimate(MODELS[name], asked(name, prompt, **fields))


@pytest.mark.parametrize("name", SPEECH)
def test_speech_by_the_second_is_estimated_by_its_text(name):
    """A thousand characters are said in 33 to 168 seconds."""
    rate = MODELS[name].price.rates["second"]
    found = priced(name, "x" * 1000)
    assert found.low == pytest.approx(rate * 33, rel=Decimal("0.02"))
    assert found.high == pytest.approx(rate * 168, rel=Decimal("0.02"))


@pytest.mark.parametrize("name", SPEECH)
def test_who_speaks_slowly_costs_more(name):
    assert priced(name, "x" * 1000, speed=0.5).high > 1.9 * float(priced(name, "x" * 1000).high)


@given(st.text(max_size=500), st.sampled_from(SPEECH))
def test_a_longer_text_never_costs_less(text, name):
    shorter, longer = priced(name, text), priced(name, text + " and more")
    assert shorter.low <= longer.low
    assert shorter.high <= longer.high


def test_a_length_that_is_asked_for_is_what_is_paid():
    assert priced("elevenlabs:music_v2", duration=60.0).high == Decimal("0.60")
    assert priced("elevenlabs:music_v2").high == Decimal("6.00")


@pytest.mark.parametrize(
    ("name", "counted", "amount", "source"),
    [
        ("elevenlabs:eleven_text_to_sound_v2", {"seconds": 2.0, "credits_": 50}, "0.01", "computed"),
        ("elevenlabs:eleven_text_to_sound_v2", {"seconds": 2.0}, "0.016", "computed"),
        ("elevenlabs:eleven_text_to_sound_v2", {"seconds": None}, "0.24", "estimated"),
        ("elevenlabs:eleven_v4", {"seconds": None}, "0.00136", "computed"),
        ("gemini:gemini-3.8-flash-tts", {"seconds": 9.0, "tokens": Tokens(text_in=1000, audio_out=1000)}, "0.0095",
         "computed"),
        ("gemini:gemini-3.8-flash-tts", {"seconds": 2.0}, "0.00045", "computed"),
        ("google:chirp3-hd", {"seconds": 2.0, "credits_": 7}, "0.00051", "computed"),
        ("replicate:meta/musicgen", {"seconds": 8.0}, "0.084", "estimated"),
    ],
)  # fmt: skip
def test_what_was_counted_decides_the_cost(name, counted, amount, source):
    cost = cost_of_sound(MODELS[name], asked(name), counted.pop("seconds"), **counted)
    assert (cost.amount, cost.source) == (Decimal(amount), source)
