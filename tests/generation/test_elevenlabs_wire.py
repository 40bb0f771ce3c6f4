"""What goes to ElevenLabs and what its answers mean, row by row."""

from datetime import UTC, datetime
from decimal import Decimal

import fake_elevenlabs
import pytest
from error_tables import assert_told_as, every_row_of
from fake_elevenlabs import error, invalid
from fake_wire import Reply
from sound_cases import EFFECTS, MUSIC, SPEECH
from vendor_cases import context, made

from generation.errors import (
    AmbiguousOutcomeError,
    AuthError,
    ContentRejectedError,
    InvalidRequestError,
    QuotaExceededError,
    RateLimitedError,
    TransientError,
)

VENDOR = EFFECTS


def test_an_effect_goes_as_json_with_nothing_that_is_not_known(sent):
    seen = sent(prompt="a jump", duration=1.5, loop=True, negative_prompt="birds", extra={"prompt_influence": 0.8})
    assert seen.path == "/v1/sound-generation?output_format=mp3_44100_128"
    assert seen.json == {
        "text": "a jump\n\nAvoid: birds",
        "duration_seconds": 1.5,
        "loop": True,
        "prompt_influence": 0.8,
        "model_id": "eleven_text_to_sound_v2",
    }


def test_a_speech_goes_to_its_voice(fake, provider):
    request = SPEECH.request(
        voice="21m00Tcm4TlvDq8ikWAM", speed=1.1, language="de-DE", seed=7, extra={"voice_settings": {"stability": 0.4}}
    )
    made(provider, request)
    (seen,) = fake.submissions
    assert seen.path == "/v1/text-to-speech/21m00Tcm4TlvDq8ikWAM?output_format=mp3_44100_128"
    assert seen.json == {
        "text": "The gate is open.",
        "model_id": "eleven_v4",
        "language_code": "de",
        "seed": 7,
        "voice_settings": {"stability": 0.4, "speed": 1.1},
    }


def test_without_a_voice_one_is_taken_that_everybody_has(fake, provider):
    made(provider, SPEECH.request())
    assert fake.submissions[0].path.startswith("/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb?")


def test_music_has_its_length_in_milliseconds_and_no_seed(fake, provider):
    result = made(provider, MUSIC.request(duration=12.5, seed=3))
    (seen,) = fake.submissions
    assert seen.path.startswith("/v1/music?")
    assert seen.json == {"prompt": "The gate is open.", "music_length_ms": 12_500, "model_id": "music_v2"}
    assert [item.field for item in result.adjustments] == ["seed"]


@pytest.mark.parametrize(
    ("vendor_of", "fields", "used"),
    [
        (EFFECTS, {"duration": 0.4}, 0.5),
        (EFFECTS, {"duration": 90.0}, 30.0),
        (MUSIC, {"duration": 1.0}, 3.0),
        (SPEECH, {"speed": 3.0}, 1.2),
        (SPEECH, {"speed": 0.1}, 0.7),
    ],
)
def test_what_it_does_not_take_becomes_the_nearest_that_it_does(provider, vendor_of, fields, used):
    (told,) = made(provider, vendor_of.request(**fields)).adjustments
    assert (told.field, told.used) == (next(iter(fields)), used)


@pytest.mark.parametrize(
    ("fields", "wanted", "media_type"),
    [
        ({}, "mp3_44100_128", "audio/mpeg"),
        ({"format": "wav"}, "wav_44100", "audio/wav"),
        ({"format": "opus"}, "opus_48000_128", "audio/ogg"),
        ({"extra": {"output_format": "mp3_44100_192"}}, "mp3_44100_192", "audio/mpeg"),
        ({"extra": {"output_format": "pcm_24000"}}, "pcm_24000", "audio/wav"),
    ],
)
def test_the_format_stands_in_the_address(fake, provider, fields, wanted, media_type):
    (output,) = made(provider, EFFECTS.request(duration=1.0, **fields)).outputs
    assert fake.submissions[0].path.endswith(f"?output_format={wanted}")
    assert "output_format" not in fake.submissions[0].json
    assert output.media_type == media_type
    assert output.duration == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("chosen", ["ulaw_8000", "mp3&x=1", 7, "", "mp3_44100_128&model_id=dear"])
def test_a_format_that_cannot_be_kept_is_not_asked_for(fake, provider, chosen):
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(EFFECTS.request(extra={"output_format": chosen}), context())
    assert (caught.value.field, fake.submissions) == ("output_format", [])


@pytest.mark.parametrize("voice", ["../user", "a b", "x" * 65, "?x=1"])
def test_a_voice_that_would_lead_elsewhere_is_not_asked_for(fake, provider, voice):
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(SPEECH.request(voice=voice), context())
    assert (caught.value.field, fake.submissions) == ("voice", [])


def test_what_it_took_is_told_in_credits(fake, provider):
    fake.cost = 123
    result = made(provider, EFFECTS.request(duration=1.0))
    assert (result.cost.amount, result.cost.source) == (Decimal("0.0246"), "computed")
    assert (result.usage, result.request_id) == ({"credits": 123}, "req-1")
    assert result.raw["character-cost"] == "123"


@pytest.mark.parametrize("odd", ["-5", "many", "1e9", "9" * 30, "12.5"])
def test_odd_credits_do_not_become_money(fake, provider, odd):
    fake.cost = odd
    result = made(provider, EFFECTS.request(duration=1.0))
    assert result.cost.amount == pytest.approx(Decimal("0.008"), abs=Decimal("0.001"))  # by the second
    assert result.usage == {}


# --- A speech whose answer was lost ---------------------------------------------------------------------------------


def then(**fields):
    """What the engine lends when it asks for a call that was sent just now."""
    now = datetime.now(UTC)
    return context(sent=now, now=lambda: now, **fields)


def lost(provider, fake, request):
    fake.script.append(lambda handler, seen: (handler.vendor.answer(seen), handler.drop()))
    with pytest.raises(AmbiguousOutcomeError):
        provider.submit(request, context())


def test_a_lost_speech_is_fetched_from_the_history_and_not_bought_again(fake, provider):
    request = SPEECH.request()
    lost(provider, fake, request)
    result = provider.recover(request, then()).result
    (output,) = result.outputs
    assert (output.media_type, output.duration) == ("audio/mpeg", pytest.approx(1.5, abs=0.1))
    assert (result.cost.amount, result.cost.source, result.request_id) == (SPEECH.price, "computed", "made-0")
    assert (len(fake.submissions), fake.charges) == (1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Something else."},
        {"voice_id": "21m00Tcm4TlvDq8ikWAM"},
        {"model_id": "eleven_v3"},
        {"date_unix": 1_600_000_000},
        {"date_unix": 99_999_999_999},
        {"date_unix": 10**30},
        {"date_unix": "now"},
        {"history_item_id": None},
    ],
)
def test_what_is_not_surely_it_is_not_taken_for_it(fake, provider, change):
    lost(provider, fake, SPEECH.request())
    fake.history[0] |= change
    assert provider.recover(SPEECH.request(), then()) is None


@pytest.mark.parametrize(("minutes", "is_it"), [(9, True), (11, False)])
def test_what_was_made_long_after_it_was_sent_is_another(fake, provider, minutes, is_it):
    lost(provider, fake, SPEECH.request())
    fake.history[0]["date_unix"] += minutes * 60
    assert (provider.recover(SPEECH.request(), then()) is not None) == is_it


@pytest.mark.parametrize(("seed", "sent_as"), [(7, 7), (2**32, 0), (-1, 2**32 - 1)])
def test_a_seed_is_one_that_it_takes(fake, provider, seed, sent_as):
    made(provider, SPEECH.request(seed=seed))
    assert fake.submissions[0].json["seed"] == sent_as


def test_of_two_alike_nobody_knows_which_it_is(fake, provider):
    lost(provider, fake, SPEECH.request())
    made(provider, SPEECH.request())
    assert provider.recover(SPEECH.request(), then()) is None


def test_what_never_arrived_is_not_in_the_history(fake, provider):
    assert provider.recover(SPEECH.request(), then()) is None
    assert provider.recover(SPEECH.request(), context()) is None
    assert provider.recover(EFFECTS.request(), then()) is None


def test_a_history_that_cannot_be_read_decides_nothing(fake, provider):
    lost(provider, fake, SPEECH.request())
    fake.health = error(401, "missing_permissions")
    assert provider.recover(SPEECH.request(), then()) is None
    fake.health = Reply(200, "<html>")
    assert provider.recover(SPEECH.request(), then()) is None


ROWS = [
    (error(401, "invalid_api_key"), AuthError, "provider_auth", None),
    (error(401, "missing_permissions"), AuthError, "provider_auth", None),
    (error(401, "quota_exceeded"), QuotaExceededError, "quota_exceeded", None),
    (error(400, "quota_exceeded"), QuotaExceededError, "quota_exceeded", None),
    (error(402, "payment_required"), QuotaExceededError, "quota_exceeded", None),
    (error(402, "whatever"), QuotaExceededError, "quota_exceeded", None),
    (error(403, "subscription_required", "needs the Pro plan"), AuthError, "provider_auth", None),
    (error(400, "max_character_limit_exceeded"), InvalidRequestError, "provider_refused", None),
    (error(404, "voice_not_found"), InvalidRequestError, "provider_refused", None),
    (error(400, "voice_not_found"), InvalidRequestError, "provider_refused", None),
    (error(400, "model_not_found"), InvalidRequestError, "model_gone", None),
    (invalid("duration_seconds", "too long"), InvalidRequestError, "provider_refused", None),
    (error(429, "too_many_concurrent_requests"), RateLimitedError, "rate_limited", 2.0),
    (error(429, "too_many_concurrent_requests", headers={"retry-after": "9"}), RateLimitedError, "rate_limited", 9),
    (error(429, "system_busy"), RateLimitedError, "rate_limited", None),
    (error(429, "rate_limit_exceeded", headers={"retry-after": "30"}), RateLimitedError, "rate_limited", 30),
    (error(400, "x", "blocked by moderation"), ContentRejectedError, "content_rejected", None),
    (error(403, "x", "violates our Terms of Service"), ContentRejectedError, "content_rejected", None),
    (error(500, "internal"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(503, "busy"), TransientError, "provider_unwell", None),
    (error(504, "x"), AmbiguousOutcomeError, "outcome_unknown", None),
    (Reply(404, {"detail": "Not Found"}), InvalidRequestError, "model_gone", None),
    (Reply(400, {"detail": {"type": "x", "code": "quota_exceeded", "message": "newer answers"}}), QuotaExceededError,
     "quota_exceeded", None),
]  # fmt: skip


@every_row_of(ROWS)
def test_every_row_of_the_table_of_errors(fake, provider, reply, kind, code, wait):
    assert_told_as(provider, fake, EFFECTS.request(), (reply, kind, code, wait))


@pytest.mark.parametrize(
    ("reply", "field"),
    [
        (error(404, "voice_not_found"), "voice"),
        (error(400, "max_character_limit_exceeded"), "prompt"),
        (invalid("duration_seconds", "too long"), "duration_seconds"),
        (error(400, "model_not_found"), "model"),
    ],
)
def test_what_is_wrong_with_the_request_is_named(fake, provider, reply, field):
    fake.script.append(reply)
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(EFFECTS.request(), context())
    assert caught.value.field == field


def test_a_name_of_a_voice_that_it_has_not_is_a_fault_of_the_spec(fake, provider):
    with pytest.raises(InvalidRequestError, match="NoSuchVoice"):
        provider.submit(SPEECH.request(voice="NoSuchVoice"), context())
    assert fake.charges == 0


def test_the_fake_is_strict(fake, provider):
    with pytest.raises(InvalidRequestError, match="Extra inputs"):
        provider.submit(EFFECTS.request(extra={"silly": 1}), context())
    assert fake_elevenlabs.KNOWN["/v1/music"]
