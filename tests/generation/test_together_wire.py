"""What goes to Together and what its answers mean, row by row."""

from decimal import Decimal

import pytest
from error_tables import assert_told_as, every_row_of
from fake_delivery import opened_data_url
from fake_together import SCHNELL, error
from fake_wire import Reply, changed
from vendor_cases import TOGETHER, context, input_picture, made, shortened

from generation.errors import (
    AmbiguousOutcomeError,
    AuthError,
    ContentRejectedError,
    InvalidRequestError,
    ProviderFailedError,
    QuotaExceededError,
    RateLimitedError,
    TransientError,
)
from generation.request import InputAsset

VENDOR = TOGETHER
KONTEXT = "black-forest-labs/FLUX.1-kontext-pro"
FLUX2 = "black-forest-labs/FLUX.2-pro"
SDXL = "stabilityai/stable-diffusion-xl-base-1.0"


def test_a_text_goes_as_json_and_base64_is_asked_for(sent):
    seen = sent(size=(1920, 1080), seed=7, n=2, format="png", negative_prompt="blur")
    assert seen.path == "/v1/images/generations"
    assert seen.json == {
        "model": SCHNELL,
        "prompt": "a coin\n\nAvoid: blur",
        "n": 2,
        "width": 1920,
        "height": 1088,
        "steps": 4,
        "response_format": "base64",
        "output_format": "png",
        "seed": 7,
    }


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/"])
def test_the_version_may_stand_in_the_address(fake, path):
    provider = TOGETHER.provider(fake, base_url=fake.address + path)
    made(provider, TOGETHER.request())
    assert fake.submissions[0].path == "/v1/images/generations"
    assert provider.check().state == "ready"


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({}, (1024, 1024)),
        ({"aspect_ratio": "16:9"}, (1360, 768)),
        ({"size": (100, 100)}, (256, 256)),
        ({"size": (9000, 3000)}, (2048, 688)),
        ({"size": (3000, 3000)}, (2048, 2048)),
        ({"model": SDXL, "size": (1920, 1080)}, (1344, 768)),
    ],
)
def test_the_size_is_one_that_the_model_makes(sent, fields, size):
    asked = sent(**fields).json
    assert (asked["width"], asked["height"]) == size


def test_one_picture_goes_to_kontext_and_several_to_flux_2(sent):
    item = input_picture("base", media_type="image/jpeg")
    one = sent(model=KONTEXT, operation="image_to_image", inputs=[item], strength=0.2).json
    assert one["image_url"].startswith("data:image/jpeg;base64,")
    assert opened_data_url(one["image_url"]) == item.data
    assert one["prompt"] == "a coin\n\nStay close to the picture: change little."
    inputs = [input_picture("character", label="Alex", layer=1), input_picture("background")]
    many = sent(model=FLUX2, operation="fusion", inputs=inputs).json
    assert [opened_data_url(link) for link in many["reference_images"]] == [inputs[1].data, inputs[0].data]
    assert "Image 2 shows a character: Alex." in many["prompt"]


def test_a_negative_prompt_goes_as_such_where_there_is_a_parameter_for_it(sent):
    asked = sent(model=SDXL, negative_prompt="blur").json
    assert (asked["prompt"], asked["negative_prompt"]) == ("a coin", "blur")


@pytest.mark.parametrize(
    ("model", "inputs"),
    [
        (KONTEXT, [input_picture(), input_picture(layer=1)]),
        (FLUX2, [InputAsset(b"x" * 21_000_000, "image/png")]),
        (FLUX2, [input_picture(media_type="image/gif")]),
    ],
)
def test_what_it_does_not_take_is_not_sent(fake, provider, model, inputs):
    request = TOGETHER.request(model=model, operation="image_to_image", inputs=inputs)
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(request, context())
    assert (caught.value.field, fake.submissions) == ("inputs", [])


def test_extras_go_along(sent):
    assert sent(extra={"guidance_scale": 5, "disable_safety_checker": False}).json["guidance_scale"] == 5


@pytest.mark.parametrize(
    ("fields", "cost"),
    [
        ({}, "0.002832"),  # 1024 x 1024 at $0.0027 a megapixel
        ({"n": 2}, "0.005663"),
        ({"size": (1920, 1080)}, "0.005641"),
        ({"model": KONTEXT}, "0.04"),
    ],
)
def test_the_cost_is_worked_out_of_megapixels_or_pictures(provider, fields, cost):
    result = made(provider, TOGETHER.request(**fields))
    assert (result.cost.amount, result.cost.source) == (Decimal(cost), "computed")


def test_fewer_pictures_than_asked_for_are_kept_and_told(fake, provider):
    fake.script.append(changed(lambda body: body["data"].pop() and None))
    result = made(provider, TOGETHER.request(n=3))
    assert ([item.index for item in result.outputs], result.partial) == ([0, 1], "1 of 3 are missing")
    assert result.cost.amount == Decimal("0.005663")

    def damage(body):
        body["data"][1]["b64_json"] = shortened(body["data"][1]["b64_json"])

    fake.script.append(changed(damage))
    assert made(provider, TOGETHER.request(n=3)).partial.startswith("1 of 3 are missing; the picture is cut")


@pytest.mark.parametrize("data", [None, [], {}, [7], [{"type": "url", "url": "https://x.example/a.jpg"}]])
def test_an_answer_without_pictures_was_charged_for(fake, provider, data):
    """An address is none: nobody asked for one, and it may not last."""
    fake.script.append(changed(lambda body: body.update(data=data)))
    with pytest.raises(ProviderFailedError) as caught:
        made(provider, TOGETHER.request())
    assert (caught.value.charged, caught.value.cost) == ("yes", Decimal("0.002832"))


ROWS = [
    (error(401, "Invalid API key", code="invalid_api_key"), AuthError, "provider_auth", None),
    (error(402, "You have reached your credit limit", kind="credit_limit"), QuotaExceededError, "quota_exceeded", None),
    (error(403, "Your tier has no access to this model"), AuthError, "provider_auth", None),
    (error(404, "Unable to access model x", code="model_not_available"), InvalidRequestError, "model_gone", None),
    (error(400, "Unable to access model x", code="model_not_available"), InvalidRequestError, "model_gone", None),
    (error(400, "bad", param="width"), InvalidRequestError, "provider_refused", None),
    (error(422, "steps must be between 1 and 4", param="steps"), InvalidRequestError, "provider_refused", None),
    (error(422, "NSFW content detected in the prompt"), ContentRejectedError, "content_rejected", None),
    (error(400, "The request was blocked by our safety system"), ContentRejectedError, "content_rejected", None),
    (error(429, "Slow down", kind="rate_limit", headers={"Retry-After": "3"}), RateLimitedError, "rate_limited", 3),
    (error(500, "x"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(503, "The server is overloaded", kind="server_overloaded"), TransientError, "provider_unwell", None),
    (error(504, "x"), AmbiguousOutcomeError, "outcome_unknown", None),
    (Reply(524, "<title>A timeout occurred</title>"), AmbiguousOutcomeError, "outcome_unknown", None),
    (Reply(422, {"message": "flat", "code": "x"}), InvalidRequestError, "provider_refused", None),
    (Reply(400, {"error": "flatter"}), InvalidRequestError, "provider_refused", None),
    (Reply(400, {"error": {}}), InvalidRequestError, "provider_address", None),
]


@every_row_of(ROWS)
def test_every_row_of_the_table_of_errors(fake, provider, reply, kind, code, wait):
    assert_told_as(provider, fake, TOGETHER.request(), (reply, kind, code, wait))


def test_a_bad_field_is_named(fake, provider):
    fake.script.append(error(422, "steps must be at most 4", param="steps"))
    with pytest.raises(InvalidRequestError) as caught:
        made(provider, TOGETHER.request())
    assert caught.value.field == "steps"
