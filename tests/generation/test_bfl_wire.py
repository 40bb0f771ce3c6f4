"""What goes to Black Forest Labs and what its answers mean, row by row."""

from base64 import b64decode
from decimal import Decimal

import pytest
from error_tables import assert_told_as, every_row_of
from fake_bfl import error, faulty
from fake_wire import KEY, Reply, html
from vendor_cases import BFL, context, input_picture, made

from generation.errors import (
    AmbiguousOutcomeError,
    AuthError,
    ContentRejectedError,
    InvalidRequestError,
    ProviderError,
    ProviderFailedError,
    QuotaExceededError,
    RateLimitedError,
    TransientError,
)
from generation.request import InputAsset

VENDOR = BFL
KONTEXT = "flux-kontext-pro"


def failed(provider, request, kind=ProviderError):
    with pytest.raises(kind) as caught:
        made(provider, request)
    return caught.value


def test_a_text_goes_to_the_path_of_its_model(sent):
    seen = sent(size=(1920, 1080), seed=7, format="png", negative_prompt="blur", extra={"safety_tolerance": 1})
    assert seen.path == "/v1/flux-2-pro"
    assert seen.json == {
        "prompt": "a coin\n\nAvoid: blur",
        "width": 1920,
        "height": 1088,
        "seed": 7,
        "output_format": "png",
        "safety_tolerance": 1,
    }
    assert sent(model=KONTEXT, aspect_ratio="16:9").json == {"prompt": "a coin", "aspect_ratio": "16:9"}


def test_pictures_are_numbered_in_their_order(sent):
    inputs = [input_picture("character", label="Alex", layer=1), input_picture("background"), input_picture(layer=2)]
    asked = sent(operation="fusion", inputs=inputs).json
    given = [b64decode(asked[name]) for name in ("input_image", "input_image_2", "input_image_3")]
    assert given == [inputs[1].data, inputs[0].data, inputs[2].data]
    assert "Image 2 shows a character: Alex." in asked["prompt"]


@pytest.mark.parametrize("item", [InputAsset(b"x" * 21_000_000, "image/png"), input_picture(media_type="image/gif")])
def test_what_it_does_not_take_is_not_sent(fake, provider, item):
    request = VENDOR.request(operation="image_to_image", inputs=[item])
    assert failed(provider, request, InvalidRequestError).field == "inputs"
    assert fake.submissions == []


@pytest.mark.parametrize(
    ("fields", "cost", "source"),
    [
        ({}, "0.03", "computed"),
        ({"size": (1024, 1024)}, "0.03", "computed"),
        ({"size": (1040, 1024)}, "0.045", "computed"),  # a second megapixel is begun
        ({"size": (2048, 2048)}, "0.075", "computed"),
        ({"model": "flux-2-max"}, "0.07", "computed"),
        ({"operation": "image_to_image", "inputs": [input_picture()]}, "0.09", "estimated"),
    ],
)
def test_the_first_megapixel_every_further_one_and_those_of_inputs_are_charged(provider, fields, cost, source):
    request = VENDOR.request(**fields)
    result = made(provider, request)
    assert (result.cost.amount, result.cost.source) == (Decimal(cost), source)
    assert provider.estimate(request).high == Decimal(cost)


def test_a_picture_that_goes_in_costs_from_one_to_four_megapixels(provider):
    found = provider.estimate(VENDOR.request(operation="image_to_image", inputs=[input_picture()]))
    assert (found.low, found.high) == (Decimal("0.045"), Decimal("0.09"))


def test_the_seed_is_told_and_the_picture_fetched_without_the_key(fake, provider):
    result = made(provider, VENDOR.request())
    assert (result.outputs[0].seed, result.remote_id) == (42, "c0ffee-1")
    assert fake.delivery.others
    assert all("x-key" not in seen.headers for seen in fake.delivery.others)


def test_it_may_take_several_polls(fake, provider):
    fake.polls = 3
    made(provider, VENDOR.request())
    assert sum(seen.path.startswith("/v1/get_result") for seen in fake.others) == 4


def test_it_may_be_asked_for_at_another_host_of_theirs_which_is_given_the_key(fake, provider, elsewhere):
    port, asked = elsewhere
    fake.polling_at = lambda name: f"http://api.eu1.bfl.ai:{port}/v1/get_result?id={name}"
    assert len(made(provider, VENDOR.request()).outputs) == 1
    assert "api.eu1.bfl.ai" in asked
    polls = [seen for seen in fake.others if seen.path.startswith("/v1/get_result")]
    assert {seen.headers["x-key"] for seen in polls} == {KEY}


@pytest.mark.parametrize("place", ["evil.example", "bfl.ai.evil.example", "xbfl.ai"])
def test_a_foreign_host_is_not_asked_and_the_call_is_found_at_home(fake, provider, elsewhere, place):
    port, asked = elsewhere
    fake.polling_at = lambda name: f"http://{place}:{port}/v1/get_result?id={name}"
    assert provider.submit(VENDOR.request(), context()).remote_id == "c0ffee-1"
    assert len(made(provider, VENDOR.request()).outputs) == 1
    assert place not in asked


@pytest.mark.parametrize("body", [{}, {"id": 7}, {"id": "../x"}, {"polling_url": "http://evil.example/x"}])
def test_an_answer_without_a_name_is_unknown(fake, provider, body):
    fake.script.append(Reply(200, body))
    assert isinstance(failed(provider, VENDOR.request()), AmbiguousOutcomeError)


@pytest.mark.parametrize(
    ("ending", "kind", "stage"),
    [
        ({"status": "Request Moderated"}, ContentRejectedError, "input"),
        ({"status": "Content Moderated"}, ContentRejectedError, "output"),
        (
            {"status": "Request Moderated", "details": {"Moderation Reasons": ["Copyright"]}},
            ContentRejectedError,
            "input",
        ),
        ({"status": "Error"}, ProviderFailedError, None),
    ],
)
def test_a_call_that_failed_costs_nothing(fake, provider, ending, kind, stage):
    fake.endings.append(ending)
    found = failed(provider, VENDOR.request())
    assert (type(found), getattr(found, "stage", None), found.charged) == (kind, stage, "no")
    if "details" in ending:
        assert found.categories == ("Copyright",)


def test_a_call_that_is_gone_is_for_a_person(fake, provider):
    fake.endings.append({"status": "Task not found"})
    found = failed(provider, VENDOR.request(), ProviderFailedError)
    assert (found.charged, found.outcome_known) == ("unknown", False)


@pytest.mark.parametrize("result", [None, {}, {"sample": None}, {"sample": ""}])
def test_a_success_without_a_picture_was_charged_for(fake, provider, result):
    fake.endings.append({"status": "Ready", "result": result})
    found = failed(provider, VENDOR.request(), ProviderFailedError)
    assert (found.code, found.charged, found.cost) == ("empty_result", "yes", Decimal("0.03"))


@pytest.mark.parametrize(
    ("reply", "kind"),
    [(error(404, "x"), InvalidRequestError), (error(403, "x"), AuthError), (html(502), TransientError)],
)
def test_what_goes_wrong_while_asking_decides_nothing(fake, provider, reply, kind):
    request = VENDOR.request()
    name = provider.submit(request, context()).remote_id
    fake.health = reply
    with pytest.raises(kind) as caught:
        provider.poll(name, request, context())
    if kind is not TransientError:
        assert (caught.value.charged, caught.value.outcome_known) == ("unknown", False)


ROWS = [
    (error(402, "Insufficient credits"), QuotaExceededError, "quota_exceeded", None),
    (error(403, "Not authenticated"), AuthError, "provider_auth", None),
    (error(404, "Not Found"), InvalidRequestError, "model_gone", None),
    (faulty("width", "must be a multiple of 16"), InvalidRequestError, "provider_refused", None),
    (error(429, "Too many active tasks"), RateLimitedError, "rate_limited", None),
    (error(429, "x", headers={"Retry-After": "6"}), RateLimitedError, "rate_limited", 6),
    (error(500, "x"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(503, "x"), TransientError, "provider_unwell", None),
    (html(504), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(422, []), InvalidRequestError, "provider_address", None),
]


@every_row_of(ROWS)
def test_every_row_of_the_table_of_errors(fake, provider, reply, kind, code, wait):
    assert_told_as(provider, fake, VENDOR.request(), (reply, kind, code, wait))


def test_a_bad_field_is_named(fake, provider):
    fake.script.append(faulty("safety_tolerance", "must be at most 5"))
    assert failed(provider, VENDOR.request(), InvalidRequestError).field == "safety_tolerance"
