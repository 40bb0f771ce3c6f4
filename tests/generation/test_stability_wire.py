"""What goes to Stability and what its answers mean, row by row."""

import io
from decimal import Decimal

import pytest
from error_tables import assert_told_as, every_row_of
from fake_stability import error, filtered
from fake_wire import Reply, html
from PIL import Image
from vendor_cases import STABILITY, context, input_picture, made

from generation.errors import (
    AmbiguousOutcomeError,
    AuthError,
    ContentRejectedError,
    InvalidRequestError,
    QuotaExceededError,
    RateLimitedError,
    TransientError,
)
from generation.request import InputAsset

VENDOR = STABILITY


def mask(*, transparent=True):
    """Two by one: the left is to be changed."""
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 255))
    image.putpixel((0, 0), (0, 0, 0, 0) if transparent else (255, 255, 255, 255))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return InputAsset(buffer.getvalue(), "image/png", "mask")


def test_everything_goes_as_a_form_even_without_a_file(sent):
    seen = sent(aspect_ratio="16:9", seed=7, negative_prompt="blur", format="webp")
    assert seen.path == "/v2beta/stable-image/generate/sd3"
    assert seen.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert seen.headers["accept"] == "image/*"
    assert seen.fields == {
        "prompt": "a coin",
        "negative_prompt": "blur",
        "model": "sd3.5-large",
        "mode": "text-to-image",
        "aspect_ratio": "16:9",
        "seed": "7",
        "output_format": "webp",
    }


def test_what_is_passed_on_is_written_as_forms_have_it(provider):
    extra = {"cfg_scale": 4.5, "style_preset": "pixel-art", "safe": True, "points": [1, 2]}
    request = STABILITY.request(extra=extra)
    fields = provider.call(provider.model_of(request), request).body.fields
    assert {name: fields[name] for name in extra} == {
        "cfg_scale": "4.5", "style_preset": "pixel-art", "safe": "true", "points": "[1, 2]",
    }  # fmt: skip


def test_strength_is_a_parameter_and_the_picture_keeps_its_size(sent, provider):
    item = input_picture("base", media_type="image/jpeg")
    seen = sent(operation="image_to_image", inputs=[item], strength=0.25)
    assert seen.fields["strength"] == "0.25"
    assert seen.fields["mode"] == "image-to-image"
    assert seen.fields["prompt"] == "a coin"
    assert "aspect_ratio" not in seen.fields
    (part,) = [part for part in seen.parts if part.file_name]
    assert (part.name, part.file_name, part.data, part.media_type) == ("image", "image.jpg", item.data, "image/jpeg")
    request = STABILITY.request(operation="image_to_image", inputs=[item], size=(1920, 1080))
    told = {item.field: item.used for item in made(provider, request).adjustments}
    assert told == {"size": None}


def test_a_change_without_a_strength_gets_the_usual_one(sent):
    assert sent(operation="image_to_image", inputs=[input_picture("base")]).fields["strength"] == "0.6"


@pytest.mark.parametrize("transparent", [True, False])
def test_a_mask_goes_white_where_the_picture_is_changed(sent, transparent):
    inputs = [mask(transparent=transparent), input_picture()]
    seen = sent(model="stable-image-inpaint", operation="inpaint", inputs=inputs)
    assert seen.path == "/v2beta/stable-image/edit/inpaint"
    (part,) = [part for part in seen.parts if part.name == "mask"]
    grey = Image.open(io.BytesIO(part.data))
    assert (grey.mode, grey.getpixel((0, 0)), grey.getpixel((1, 0))) == ("L", 255, 0)


def test_ultra_and_core_have_paths_of_their_own(sent):
    ultra = sent(model="stable-image-ultra", operation="image_to_image", inputs=[input_picture()], strength=0.5)
    assert ultra.path.endswith("/generate/ultra")
    assert "model" not in ultra.fields
    assert "mode" not in ultra.fields
    assert sent(model="stable-image-core", aspect_ratio="1:1").path.endswith("/generate/core")


@pytest.mark.parametrize(
    ("operation", "model", "inputs"),
    [
        ("image_to_image", "sd3.5-large", []),
        ("image_to_image", "sd3.5-large", [input_picture(), input_picture(layer=1)]),
        ("image_to_image", "sd3.5-large", [input_picture(), mask()]),
        ("image_to_image", "sd3.5-large", [input_picture(media_type="image/gif")]),
        ("image_to_image", "sd3.5-large", [InputAsset(b"x" * 11_000_000, "image/png")]),
        ("inpaint", "stable-image-inpaint", [input_picture()]),
        ("inpaint", "stable-image-inpaint", [input_picture(), mask(), mask()]),
        ("inpaint", "stable-image-inpaint", [input_picture(), InputAsset(b"no picture", "image/png", "mask")]),
    ],
)
def test_what_it_does_not_take_is_not_sent(fake, provider, operation, model, inputs):
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(STABILITY.request(model=model, operation=operation, inputs=inputs), context())
    assert (caught.value.field, fake.submissions) == ("inputs", [])


@pytest.mark.parametrize(
    ("fields", "ratio", "told"),
    [
        ({}, None, set()),
        ({"aspect_ratio": "21:9"}, "21:9", set()),
        ({"aspect_ratio": "20:9"}, "21:9", {"aspect_ratio"}),
        ({"size": (1920, 1080)}, "16:9", {"size"}),
        ({"size": (1024, 1024)}, "1:1", {"size"}),
        ({"size": (1080, 1920)}, "9:16", {"size"}),
    ],
)
def test_there_are_shapes_and_no_sizes(fake, provider, fields, ratio, told):
    result = made(provider, STABILITY.request(**fields))
    assert fake.submissions[0].fields.get("aspect_ratio") == ratio
    assert {item.field for item in result.adjustments} == told


def test_a_seed_that_is_too_large_is_made_smaller_and_told(fake, provider):
    result = made(provider, STABILITY.request(seed=2**40))
    assert int(fake.submissions[0].fields["seed"]) < 2**32
    assert [item.field for item in result.adjustments] == ["seed"]


def test_the_seed_and_the_reason_stand_in_the_headers(provider):
    result = made(provider, STABILITY.request())
    assert (result.outputs[0].seed, result.request_id) == (4711, "req-1")
    assert result.raw == {"finish-reason": "SUCCESS", "seed": "4711", "content-type": "image/png"}


@pytest.mark.parametrize(
    ("model", "cost"),
    [
        ("stable-image-ultra", "0.08"),
        ("stable-image-core", "0.03"),
        ("sd3.5-large", "0.065"),
        ("sd3.5-large-turbo", "0.04"),
        ("sd3.5-medium", "0.035"),
    ],
)
def test_the_cost_is_that_of_the_credits(provider, model, cost):
    assert made(provider, STABILITY.request(model=model)).cost.amount == Decimal(cost)


def test_a_blurred_picture_is_a_refusal_and_not_kept(fake, provider):
    fake.script.append(filtered)
    with pytest.raises(ContentRejectedError) as caught:
        provider.submit(STABILITY.request(), context())
    found = caught.value
    assert (found.stage, found.categories, found.charged) == ("output", ("CONTENT_FILTERED",), "no")
    assert (found.status, found.request_id) == (200, "req-1")


ROWS = [
    (error(400, "bad_request", "prompt: too long"), InvalidRequestError, "provider_refused", None),
    (error(401, "unauthorized"), AuthError, "provider_auth", None),
    (error(402, "payment_required", "You lack sufficient credits"), QuotaExceededError, "quota_exceeded", None),
    (error(403, "content_moderation", "Your request was flagged"), ContentRejectedError, "content_rejected", None),
    (error(403, "forbidden"), AuthError, "provider_auth", None),
    (error(404, "not_found"), InvalidRequestError, "model_gone", None),
    (error(413, "payload_too_large"), InvalidRequestError, "provider_refused", None),
    (error(422, "unprocessable_entity"), InvalidRequestError, "provider_refused", None),
    (error(429, "rate_limit_exceeded", "You have exceeded the rate limit of 150 requests within a 10 second period, "
           "and have been timed out for 60 seconds"), RateLimitedError, "rate_limited", 60),
    (error(429, "rate_limit_exceeded", headers={"Retry-After": "5"}), RateLimitedError, "rate_limited", 5),
    (error(500, "internal_error"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(503, "service_unavailable"), TransientError, "provider_unwell", None),
    (html(504), AmbiguousOutcomeError, "outcome_unknown", None),
]  # fmt: skip


@every_row_of(ROWS)
def test_every_row_of_the_table_of_errors(fake, provider, reply, kind, code, wait):
    assert_told_as(provider, fake, STABILITY.request(), (reply, kind, code, wait))


def test_a_success_that_is_no_picture_is_unknown(fake, provider):
    fake.script.append(Reply(200, {"image": "eA==", "finish_reason": "SUCCESS"}))
    with pytest.raises(AmbiguousOutcomeError):
        provider.submit(STABILITY.request(), context())
