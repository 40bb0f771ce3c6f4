"""What goes to OpenAI, Gemini and Google Cloud for speech, and what their answers mean."""

import io
import wave
from base64 import b64encode

import fake_gemini
import pytest
from fake_gemini import error, finished, quota, reason, retry_info
from fake_wire import changed
from sound_cases import GEMINI_SPEECH, GOOGLE, OPENAI_SPEECH
from vendor_cases import context, made

from generation.errors import (
    AmbiguousOutcomeError,
    AuthError,
    ContentRejectedError,
    InvalidRequestError,
    ProviderError,
    QuotaExceededError,
    RateLimitedError,
    TransientError,
)


@pytest.fixture
def vendor(request):
    return {"openai": OPENAI_SPEECH, "gemini": GEMINI_SPEECH, "google": GOOGLE}[request.param]


openai = pytest.mark.parametrize("vendor", ["openai"], indirect=True)
gemini = pytest.mark.parametrize("vendor", ["gemini"], indirect=True)
google = pytest.mark.parametrize("vendor", ["google"], indirect=True)


def frames_of(output):
    with wave.open(io.BytesIO(output.data)) as file:
        return file.getnframes(), file.getframerate()


# --- OpenAI ---------------------------------------------------------------------------------------------------------


@openai
def test_openai_is_given_words_voice_speed_and_format(sent):
    seen = sent(model="gpt-4o-mini-tts", voice="nova", speed=1.5, format="wav", extra={"instructions": "whisper"})
    assert seen.path == "/v1/audio/speech"
    assert seen.json == {
        "model": "gpt-4o-mini-tts",
        "input": "The gate is open.",
        "voice": "nova",
        "speed": 1.5,
        "response_format": "wav",
        "instructions": "whisper",
    }


@openai
def test_the_head_of_a_streamed_file_is_mended(provider):
    (output,) = made(provider, OPENAI_SPEECH.request(format="wav")).outputs
    assert frames_of(output) == (36_000, 24_000)
    assert output.duration == 1.5


@openai
def test_more_than_4096_characters_are_not_sent(fake, provider):
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(OPENAI_SPEECH.request(prompt="x" * 4097), context())
    assert (caught.value.field, fake.submissions) == ("prompt", [])


@openai
def test_what_costs_by_the_second_is_charged_by_what_came(provider):
    request = OPENAI_SPEECH.request(model="gpt-4o-mini-tts", format="wav")
    cost = made(provider, request).cost
    assert (str(cost.amount), cost.source) == ("0.000375", "computed")
    assert cost.amount <= provider.estimate(request).high


@openai
def test_a_voice_that_it_has_not_is_named(fake, provider):
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(OPENAI_SPEECH.request(voice="nobody"), context())
    assert (caught.value.field, fake.charges) == ("voice", 0)


@openai
def test_a_speed_out_of_its_range_becomes_the_nearest(fake, provider):
    (told,) = made(provider, OPENAI_SPEECH.request(speed=9.0)).adjustments
    assert (told.field, told.used, fake.submissions[0].json["speed"]) == ("speed", 4.0, 4.0)


# --- Gemini ---------------------------------------------------------------------------------------------------------


@gemini
def test_gemini_is_given_words_voice_and_language(sent):
    seen = sent(voice="Puck", language="de-DE", extra={"temperature": 0.5})
    assert seen.path == "/v1/models/gemini-3.8-flash-tts:generateContent"
    assert seen.json == {
        "contents": [{"role": "user", "parts": [{"text": "The gate is open."}]}],
        "generationConfig": {
            "responseModalities": ["AUDIO"],
            "speechConfig": {
                "voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Puck"}},
                "languageCode": "de-DE",
            },
            "temperature": 0.5,
        },
    }


@gemini
def test_several_speakers_are_said_as_they_are(sent):
    own = {"multiSpeakerVoiceConfig": {"speakerVoiceConfigs": []}}
    assert sent(extra={"speechConfig": own}).json["generationConfig"]["speechConfig"] == own


@gemini
@pytest.mark.parametrize(
    ("media_type", "rate"),
    [
        ("audio/l16; rate=24000; channels=1", 24_000),
        ("audio/L16;codec=pcm;rate=16000", 16_000),
        ("audio/pcm", 24_000),
    ],
)
def test_bare_samples_get_a_head_with_the_rate_of_their_type(fake, provider, media_type, rate):
    fake.media_type = media_type
    (output,) = made(provider, GEMINI_SPEECH.request()).outputs
    assert frames_of(output) == (36_000, rate)
    assert (output.sample_rate, output.duration, output.media_type) == (rate, 36_000 / rate, "audio/wav")


@gemini
def test_a_whole_file_in_place_of_bare_samples_is_taken_as_it_is(fake, provider):
    from sounds import sound

    data = sound(kind="mp3")

    def edit(body):
        inline = body["candidates"][0]["content"]["parts"][0]["inlineData"]
        inline |= {"mimeType": "audio/mp3", "data": b64encode(data).decode()}

    fake.script.append(changed(edit))
    (output,) = made(provider, GEMINI_SPEECH.request()).outputs
    assert (output.data, output.media_type) == (data, "audio/mpeg")


@gemini
def test_what_was_counted_is_what_it_costs(fake, provider):
    # 4 words at $0.50 and 38 of sound at $9 per million
    assert str(made(provider, GEMINI_SPEECH.request()).cost.amount) == "0.000344"
    fake.script.append(changed(lambda body: body.pop("usageMetadata") and None))
    cost = made(provider, GEMINI_SPEECH.request()).cost
    assert str(cost.amount) == "0.000338"  # by the second


@gemini
def test_what_is_not_told_apart_is_sound(fake, provider):
    """The dearest of what comes out: what was counted as nothing would be booked as nothing."""

    def edit(body):
        del body["usageMetadata"]["candidatesTokensDetails"]

    fake.script.append(changed(edit))
    assert str(made(provider, GEMINI_SPEECH.request()).cost.amount) == "0.000344"


@gemini
@pytest.mark.parametrize(
    ("reply", "kind", "stage", "charged"),
    [
        (fake_gemini.Reply(200, {"promptFeedback": {"blockReason": "SAFETY"}}), ContentRejectedError, "input", "no"),
        (finished("SAFETY", prompt=1000), ContentRejectedError, "output", "yes"),
        (finished("STOP", {"text": "I would rather write."}, prompt=1000), TransientError, None, "yes"),
        (finished("MAX_TOKENS", prompt=1000), InvalidRequestError, None, "yes"),
    ],
)
def test_a_success_without_a_sound_says_why(fake, provider, reply, kind, stage, charged):
    fake.script.append(reply)
    with pytest.raises(kind) as caught:
        provider.submit(GEMINI_SPEECH.request(), context())
    assert (getattr(caught.value, "stage", None), caught.value.charged) == (stage, charged)
    assert "picture" not in caught.value.message


# --- Google Cloud ---------------------------------------------------------------------------------------------------


@google
@pytest.mark.parametrize(
    ("fields", "language", "name"),
    [
        ({}, "en-US", "en-US-Chirp3-HD-Kore"),
        ({"voice": "Charon", "language": "de-DE"}, "de-DE", "de-DE-Chirp3-HD-Charon"),
        ({"voice": "fr-FR-Neural2-A", "language": "de-DE"}, "fr-FR", "fr-FR-Neural2-A"),
        ({"model": "neural2"}, "en-US", "en-US-Neural2-C"),
        ({"model": "standard", "voice": "B", "language": "sv-SE"}, "sv-SE", "sv-SE-Standard-B"),
    ],
)
def test_a_voice_has_a_language_and_a_family(sent, fields, language, name):
    assert sent(**fields).json["voice"] == {"languageCode": language, "name": name}


@google
def test_google_is_given_words_or_markup_and_how_it_is_said(sent):
    seen = sent(speed=0.8, format="mp3", extra={"pitch": -2.0, "input": {"text": "other"}})
    assert seen.json["input"] == {"text": "The gate is open."}
    assert seen.json["audioConfig"] == {"audioEncoding": "MP3", "speakingRate": 0.8, "pitch": -2.0}
    assert sent(prompt="<speak>Hi</speak>").json["input"] == {"ssml": "<speak>Hi</speak>"}
    assert sent().json["audioConfig"] == {"audioEncoding": "LINEAR16"}


@google
@pytest.mark.parametrize("text", ["x" * 5001, "ä" * 2501])
def test_more_than_5000_bytes_are_not_sent(fake, provider, text):
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(GOOGLE.request(prompt=text), context())
    assert (caught.value.field, fake.submissions) == ("prompt", [])


@google
@pytest.mark.parametrize("fields", [{"voice": "a/b"}, {"voice": "x" * 99}, {"language": "../x"}])
def test_what_is_no_voice_or_language_is_not_sent(fake, provider, fields):
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(GOOGLE.request(**fields), context())
    assert (caught.value.field, fake.submissions) == (next(iter(fields)), [])


ROWS = [
    (error(400, "API key not valid.", "INVALID_ARGUMENT", reason("API_KEY_INVALID")), AuthError, None),
    (error(400, "Voice does not exist", "INVALID_ARGUMENT"), InvalidRequestError, None),
    (error(400, "Billing is not enabled", "FAILED_PRECONDITION"), QuotaExceededError, None),
    (error(403, "The API is disabled", "PERMISSION_DENIED"), AuthError, None),
    (error(404, "gone", "NOT_FOUND"), InvalidRequestError, None),
    (error(429, "x", "RESOURCE_EXHAUSTED", retry_info("34s")), RateLimitedError, 34),
    (error(429, "x", "RESOURCE_EXHAUSTED", quota("CharactersPerDayPerProject")), QuotaExceededError, None),
    (error(500, "x", "INTERNAL"), AmbiguousOutcomeError, None),
    (error(503, "x", "UNAVAILABLE"), TransientError, None),
    (error(504, "x", "DEADLINE_EXCEEDED"), AmbiguousOutcomeError, None),
]


@google
@pytest.mark.parametrize(("reply", "kind", "wait"), ROWS)
def test_every_row_of_googles_table_of_errors(fake, provider, reply, kind, wait):
    fake.script.append(reply)
    with pytest.raises(ProviderError) as caught:
        provider.submit(GOOGLE.request(), context())
    found = caught.value
    assert (type(found), found.retry_after, found.status, found.provider) == (kind, wait, reply.status, "google")
    assert "gemini" not in found.message
