"""What goes to Gemini and what its answers mean, row by row."""

from base64 import b64decode
from decimal import Decimal

import pytest
from error_tables import assert_told_as, every_row_of
from fake_gemini import error, finished, quota, reason, retry_info
from fake_wire import Reply, changed
from vendor_cases import GEMINI, context, input_picture

from generation.errors import (
    AmbiguousOutcomeError,
    AuthError,
    ContentRejectedError,
    InvalidRequestError,
    QuotaExceededError,
    RateLimitedError,
    TransientError,
)
from generation.providers.gemini_answers import tokens_of

VENDOR = GEMINI


def test_a_text_goes_with_a_shape_and_a_named_size(sent):
    seen = sent(size=(1920, 1080))
    assert seen.path == "/v1/models/gemini-nano-banana-2.1:generateContent"
    assert seen.json == {
        "contents": [{"role": "user", "parts": [{"text": "a coin"}]}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
        },
    }


def test_pictures_go_before_the_words_in_their_order(sent):
    inputs = [input_picture("character", layer=1), input_picture("background", media_type="image/jpeg")]
    parts = sent(operation="fusion", inputs=inputs).json["contents"][0]["parts"]
    assert [part["inlineData"]["mimeType"] for part in parts[:2]] == ["image/jpeg", "image/png"]
    assert b64decode(parts[1]["inlineData"]["data"]) == inputs[0].data
    assert parts[2]["text"].startswith("a coin\n\nImage 1 is the background.")


@pytest.mark.parametrize(
    ("fields", "image"),
    [
        ({}, {"imageSize": "1K"}),
        ({"aspect_ratio": "21:9"}, {"aspectRatio": "21:9", "imageSize": "1K"}),
        ({"aspect_ratio": "20:9"}, {"aspectRatio": "21:9", "imageSize": "1K"}),
        ({"size": (64, 64)}, {"aspectRatio": "1:1", "imageSize": "1K"}),
        ({"size": (1536, 1024)}, {"aspectRatio": "3:2", "imageSize": "2K"}),
        ({"size": (9000, 9000)}, {"aspectRatio": "1:1", "imageSize": "4K"}),
        ({"model": "gemini-3.1-flash-image", "size": (64, 64)}, {"aspectRatio": "1:1", "imageSize": "512"}),
        ({"model": "gemini-3.1-flash-image"}, {"imageSize": "1K"}),
    ],
)
def test_shape_and_size_are_those_that_the_model_makes(sent, fields, image):
    assert sent(**fields).json["generationConfig"]["imageConfig"] == image


def test_the_estimate_is_for_the_size_that_is_asked_for(provider):
    small = provider.estimate(GEMINI.request(size=(1024, 1024))).high
    large = provider.estimate(GEMINI.request(size=(1536, 1024))).high
    assert small < Decimal("0.05") < large


@pytest.mark.parametrize(("path", "version"), [("", "v1"), ("/v1", "v1"), ("/v1beta/", "v1beta"), ("/", "v1")])
def test_the_version_may_stand_in_the_address(fake, path, version):
    provider = GEMINI.provider(fake, base_url=fake.address + path)
    provider.submit(GEMINI.request(), context())
    assert fake.submissions[-1].path.startswith(f"/{version}/models/")
    assert provider.check().state == "ready"


def test_thoughts_and_words_are_passed_by_and_a_jpeg_called_png_is_a_jpeg(fake, provider):
    result = provider.submit(GEMINI.request(), context()).result
    (output,) = result.outputs
    assert (output.media_type, output.width, output.data[:2]) == ("image/jpeg", 1024, b"\xff\xd8")
    assert (result.model_version, result.request_id) == ("nano-2.1-001", "resp-1")


def test_the_cost_is_worked_out_of_the_tokens(fake, provider):
    result = provider.submit(GEMINI.request(operation="image_to_image", inputs=[input_picture()]), context()).result
    # 10 + 258 in at $1.50, 1120 of the picture at $30, 200 of thought at $7.50, per million
    assert result.cost.amount == Decimal("0.035502")


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"promptTokenCount": 10, "candidatesTokenCount": 1120}, (10, 0, 1120, 0)),
        ({"promptTokenCount": 10}, (10, 0, 0, 0)),
        ({"candidatesTokenCount": 20, "candidatesTokensDetails": [{"modality": "TEXT", "tokenCount": 20}]},
         (0, 0, 0, 20)),
        ({"candidatesTokenCount": 20, "thoughtsTokenCount": 5}, (0, 0, 20, 5)),
        ({"promptTokenCount": -1, "candidatesTokenCount": -1}, None),
        ({}, None),
        (None, None),
    ],
)  # fmt: skip
def test_what_is_not_told_apart_counts_as_the_dearer_kind(usage, tokens):
    found = tokens_of(usage)
    assert (found and (found.text_in, found.image_in, found.image_out, found.text_out)) == tokens


def test_snake_case_is_read_as_well(fake, provider):
    def edit(body):
        part = body["candidates"][0]["content"]["parts"][2]
        inline = part.pop("inlineData")
        part["inline_data"] = {"mime_type": inline["mimeType"], "data": inline["data"]}

    fake.script.append(changed(edit))
    assert len(provider.submit(GEMINI.request(), context()).result.outputs) == 1


@pytest.mark.parametrize("why", ["SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "OTHER"])
def test_a_blocked_prompt_is_a_refusal_although_the_status_is_200(fake, provider, why):
    fake.script.append(Reply(200, {"promptFeedback": {"blockReason": why}}))
    with pytest.raises(ContentRejectedError) as caught:
        provider.submit(GEMINI.request(), context())
    assert (caught.value.stage, caught.value.categories, caught.value.charged) == ("input", (why,), "no")


@pytest.mark.parametrize(
    "why",
    [
        *("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "SAFETY", "PROHIBITED_CONTENT"),
        *("RECITATION", "BLOCKLIST", "SPII"),
    ],
)
def test_a_refused_result_is_a_refusal_and_what_it_cost_is_told(fake, provider, why):
    fake.script.append(finished(why, prompt=1000))
    with pytest.raises(ContentRejectedError) as caught:
        provider.submit(GEMINI.request(), context())
    error = caught.value
    assert (error.stage, error.categories, error.status) == ("output", (why,), 200)
    assert (error.charged, error.cost) == ("yes", Decimal("0.0015"))


@pytest.mark.parametrize(
    "reply",
    [
        finished("NO_IMAGE"),
        finished("IMAGE_OTHER"),
        finished("OTHER"),
        finished("STOP", {"text": "I cannot draw."}, made=5),
        finished("STOP", {"thought": True, "inlineData": {"mimeType": "image/png", "data": "eA=="}}),
        Reply(200, {"candidates": [], "usageMetadata": {"promptTokenCount": 10}}),
    ],
)
def test_an_answer_without_a_picture_is_not_bought_again(fake, provider, reply):
    fake.script.append(reply)
    with pytest.raises(TransientError) as caught:
        provider.submit(GEMINI.request(), context())
    error = caught.value
    assert (error.code, error.charged, error.retryable, error.outcome_known) == ("empty_result", "yes", False, True)
    assert Decimal(0) < error.cost < Decimal("0.001")


def test_the_words_in_place_of_a_picture_are_told(fake, provider):
    fake.script.append(finished("STOP", {"text": "I cannot draw."}))
    with pytest.raises(TransientError, match=r"STOP: I cannot draw\."):
        provider.submit(GEMINI.request(), context())


def test_a_limit_of_tokens_is_a_fault_of_the_request(fake, provider):
    fake.script.append(finished("MAX_TOKENS", made=3))
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(GEMINI.request(), context())
    assert (caught.value.field, caught.value.charged) == ("prompt", "yes")


EXHAUSTED = "RESOURCE_EXHAUSTED"
ROWS = [
    (error(400, "bad", "INVALID_ARGUMENT"), InvalidRequestError, "provider_refused", None),
    (error(400, "API key not valid. Please pass one.", "INVALID_ARGUMENT", reason("API_KEY_INVALID")), AuthError,
     "provider_auth", None),
    (error(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT"), AuthError, "provider_auth",
     None),
    (error(400, "Please enable billing", "FAILED_PRECONDITION"), QuotaExceededError, "quota_exceeded", None),
    (error(400, "User location is not supported for the API use.", "FAILED_PRECONDITION"), AuthError, "provider_auth",
     None),
    (error(401, "no", "UNAUTHENTICATED"), AuthError, "provider_auth", None),
    (error(403, "no", "PERMISSION_DENIED"), AuthError, "provider_auth", None),
    (error(404, "models/x is not found", "NOT_FOUND"), InvalidRequestError, "model_gone", None),
    (error(429, "slow", EXHAUSTED, retry_info("34s")), RateLimitedError, "rate_limited", 34),
    (error(429, "slow", EXHAUSTED, quota("GenerateRequestsPerMinutePerProject"), retry_info("5.5s")), RateLimitedError,
     "rate_limited", 5.5),
    (error(429, "slow", EXHAUSTED, quota("GenerateRequestsPerDayPerProjectPerModel"), retry_info("34s")),
     QuotaExceededError, "quota_exceeded", 34),
    (error(429, "Quota exceeded, limit: 0, model: x", EXHAUSTED), QuotaExceededError, "quota_exceeded", None),
    (error(429, "Please retry in 12.5s.", EXHAUSTED, listed=True), RateLimitedError, "rate_limited", 12.5),
    (error(500, "x", "INTERNAL"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(503, "The model is overloaded.", "UNAVAILABLE"), TransientError, "provider_unwell", None),
    (error(504, "x", "DEADLINE_EXCEEDED"), AmbiguousOutcomeError, "outcome_unknown", None),
]  # fmt: skip


@every_row_of(ROWS)
def test_every_row_of_the_table_of_errors(fake, provider, reply, kind, code, wait):
    assert_told_as(provider, fake, GEMINI.request(), (reply, kind, code, wait))


def test_inputs_that_are_too_much_together_are_not_sent(fake, provider):
    item = input_picture("base")
    large = type(item)(item.data + b"\0" * 16_000_000, "image/png", "base")
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(GEMINI.request(operation="image_to_image", inputs=[large]), context())
    assert (caught.value.field, fake.submissions) == ("inputs", [])
