"""What goes to OpenAI and what its answers mean, row by row."""

import fake_openai
import pytest
from error_tables import assert_told_as, every_row_of
from fake_openai import error
from fake_wire import Reply, changed
from vendor_cases import OPENAI, context, input_picture, shortened

from generation.errors import (
    AmbiguousOutcomeError,
    AuthError,
    ContentRejectedError,
    InvalidRequestError,
    QuotaExceededError,
    RateLimitedError,
    TransientError,
)
from generation.providers.access import Access, Secret
from generation.providers.openai import OpenAIProvider, tokens_of

VENDOR = OPENAI


def test_a_text_goes_as_json_with_nothing_that_is_not_known(sent):
    seen = sent(prompt="a coin", size=(1536, 1024), quality="high", n=2, format="webp",
                background="transparent", negative_prompt="blur")  # fmt: skip
    assert seen.path == "/v1/images/generations"
    assert seen.json == {
        "model": "gpt-image-2.5-flare",
        "prompt": "a coin\n\nAvoid: blur",
        "n": 2,
        "size": "1536x1024",
        "quality": "high",
        "output_format": "webp",
        "background": "transparent",
    }


def test_one_picture_goes_as_image_and_several_as_image_in_brackets(sent):
    one = sent(operation="image_to_image", inputs=[input_picture("base")])
    assert [part.name for part in one.parts if part.file_name] == ["image"]
    many = sent(operation="fusion", inputs=[input_picture(layer=1), input_picture("background")])
    assert [(part.name, part.file_name) for part in many.parts if part.file_name] == [
        ("image[]", "image-1.png"),
        ("image[]", "image-2.png"),
    ]
    assert many.path == "/v1/images/edits"
    assert many.headers["content-type"].startswith("multipart/form-data; boundary=")


def test_the_bytes_of_a_picture_arrive_as_they_are(sent):
    item = input_picture("base", media_type="image/jpeg")
    seen = sent(operation="image_to_image", inputs=[item])
    (part,) = [part for part in seen.parts if part.file_name]
    assert (part.data, part.media_type, part.file_name) == (item.data, "image/jpeg", "image-1.jpg")


def test_a_mask_belongs_to_the_picture_that_is_changed(sent):
    inputs = [input_picture("mask"), input_picture(layer=2), input_picture("base", layer=9)]
    seen = sent(operation="inpaint", inputs=inputs)
    files = [(part.name, part.data) for part in seen.parts if part.file_name]
    assert files == [("image[]", inputs[2].data), ("image[]", inputs[1].data), ("mask", inputs[0].data)]


@pytest.mark.parametrize(
    "inputs",
    [
        [input_picture("base")],
        [input_picture("base"), input_picture("mask"), input_picture("mask")],
        [input_picture("base"), input_picture("mask", media_type="image/jpeg")],
    ],
)
def test_an_inpainting_without_one_png_mask_is_not_sent(fake, provider, inputs):
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(OPENAI.request(operation="inpaint", inputs=inputs), context())
    assert (caught.value.field, fake.submissions) == ("inputs", [])


def test_strength_is_said_in_words(sent):
    seen = sent(operation="image_to_image", inputs=[input_picture("base")], strength=0.2)
    assert seen.fields["prompt"] == "a coin\n\nStay close to the picture: change little."


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({}, "1024x1024"),
        ({"aspect_ratio": "16:9"}, "1360x768"),
        ({"size": (64, 64)}, "816x816"),
        ({"size": (1920, 1080)}, "1920x1088"),
        ({"model": "gpt-image-1.5", "size": (1920, 1080)}, "1536x1024"),
        ({"model": "gpt-image-1.5", "aspect_ratio": "9:16"}, "1024x1536"),
    ],
)
def test_the_size_is_one_that_the_model_makes(sent, fields, size):
    assert sent(**fields).json["size"] == size


@pytest.mark.parametrize(
    ("asked", "used"), [("high", "high"), ("hd", "high"), ("standard", "medium"), ("auto", None), ("silly", None)]
)
def test_the_quality_is_one_that_the_model_knows(sent, asked, used):
    assert sent(quality=asked).json.get("quality") == used


def test_transparency_needs_a_format_that_holds_it(fake, provider):
    request = OPENAI.request(format="jpg", background="transparent")
    result = provider.submit(request, context()).result
    assert fake.submissions[-1].json["output_format"] == "png"
    assert [item.field for item in result.adjustments] == ["format"]


def test_extras_go_along_and_become_texts_in_a_form(sent):
    extra = {"moderation": "low", "output_compression": 80}
    assert {**extra}.items() <= sent(extra=extra).json.items()
    form = sent(operation="image_to_image", inputs=[input_picture()], extra=extra)
    assert (form.fields["moderation"], form.fields["output_compression"]) == ("low", "80")


def test_organisation_and_project_go_along(fake):
    access = Access(fake.base_url, Secret(fake_openai.KEY), "OPENAI_API_KEY", {"OpenAI-Organization": "org-1"})
    models = OPENAI.provider(fake)._models.values()
    OpenAIProvider(list(models), access, trust_env=False).submit(OPENAI.request(), context())
    assert fake.submissions[0].headers["openai-organization"] == "org-1"


def test_the_cost_is_worked_out_of_the_tokens(fake, provider):
    result = provider.submit(OPENAI.request(operation="image_to_image", inputs=[input_picture()]), context()).result
    # 10 words at $5, 300 of the picture at $8, 1000 out at $30, per million
    assert str(result.cost.amount) == "0.032450"
    assert (result.usage["total_tokens"], result.request_id) == (1310, "req-1")


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"input_tokens": 5, "output_tokens": 7}, (0, 5, 7, 0)),
        ({"input_tokens": 5, "output_tokens": 7, "input_tokens_details": {"text_tokens": 4}}, (4, 1, 7, 0)),
        ({"input_tokens": 5, "output_tokens": 7, "output_tokens_details": {"text_tokens": 2}}, (0, 5, 5, 2)),
        ({"input_tokens": 5, "output_tokens": 7, "input_tokens_details": {"text_tokens": 400}}, (5, 0, 7, 0)),
        ({"input_tokens": -5, "output_tokens": 7}, None),
        ({"input_tokens": True, "output_tokens": 7}, None),
        ({"input_tokens": 5, "output_tokens": 10**12}, None),
        ({}, None),
        ("many", None),
    ],
)
def test_what_is_not_told_apart_counts_as_the_dearer_kind(usage, tokens):
    found = tokens_of(usage)
    assert (found and (found.text_in, found.image_in, found.image_out, found.text_out)) == tokens


def test_fewer_pictures_than_asked_for_are_kept_and_told(fake, provider):
    fake.script.append(changed(lambda body: body["data"].pop() and None))
    result = provider.submit(OPENAI.request(n=3), context()).result
    assert ([item.index for item in result.outputs], result.partial) == ([0, 1], "1 of 3 are missing")

    def damage(body):
        body["data"][1]["b64_json"] = shortened(body["data"][1]["b64_json"])

    fake.script.append(changed(damage))
    result = provider.submit(OPENAI.request(n=3), context()).result
    assert [item.index for item in result.outputs] == [0, 1]
    assert result.partial.startswith("1 of 3 are missing; the picture is cut")


def test_a_revised_prompt_is_kept(fake, provider):
    fake.script.append(changed(lambda body: body["data"][0].update(revised_prompt="a golden coin")))
    (output,) = provider.submit(OPENAI.request(), context()).result.outputs
    assert output.revised_prompt == "a golden coin"


ROWS = [
    (error(429, "x", code="rate_limit_exceeded", headers={"retry-after": "3"}), RateLimitedError, "rate_limited", 3),
    (error(429, "x", code="rate_limit_exceeded", headers={"retry-after-ms": "40"}), RateLimitedError, "rate_limited",
     0.04),
    (error(429, "images per min (IPM): Limit 5. Please try again after 12 seconds."), RateLimitedError, "rate_limited",
     12),
    (error(429, "You exceeded your current quota", code="insufficient_quota", kind="insufficient_quota"),
     QuotaExceededError, "quota_exceeded", None),
    (error(429, "x", kind="insufficient_quota"), QuotaExceededError, "quota_exceeded", None),
    (error(400, "x", code="billing_hard_limit_reached"), QuotaExceededError, "quota_exceeded", None),
    (error(400, "Blocked", code="moderation_blocked", kind="image_generation_user_error"), ContentRejectedError,
     "content_rejected", None),
    (error(400, "x", code="content_policy_violation"), ContentRejectedError, "content_rejected", None),
    (error(401, "x", code="invalid_api_key"), AuthError, "provider_auth", None),
    (error(403, "Your organization must be verified"), AuthError, "provider_auth", None),
    (error(404, "x", code="model_not_found"), InvalidRequestError, "model_gone", None),
    (error(400, "x", code="model_not_found"), InvalidRequestError, "model_gone", None),
    (error(400, "x", param="size"), InvalidRequestError, "provider_refused", None),
    (error(413, "too large"), InvalidRequestError, "provider_refused", None),
    (error(500, "x", kind="server_error"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(502, "x"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(503, "overloaded"), TransientError, "provider_unwell", None),
    (error(504, "x"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(408, "x"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(409, "x"), TransientError, "provider_unwell", None),
    (Reply(400, {"error": "flat"}), InvalidRequestError, "provider_refused", None),
]  # fmt: skip


@every_row_of(ROWS)
def test_every_row_of_the_table_of_errors(fake, provider, reply, kind, code, wait):
    assert_told_as(provider, fake, OPENAI.request(), (reply, kind, code, wait))


def test_a_bad_parameter_is_named(fake, provider):
    fake.script.append(error(400, "Invalid size", param="size"))
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(OPENAI.request(), context())
    assert caught.value.field == "size"


def test_the_categories_of_a_refusal_are_told(fake, provider):
    message = "Your request was rejected by the safety system. safety_violations=[sexual, violence]."
    fake.script.append(error(400, message, code="moderation_blocked"))
    with pytest.raises(ContentRejectedError) as caught:
        provider.submit(OPENAI.request(), context())
    assert caught.value.categories == ("sexual", "violence")
