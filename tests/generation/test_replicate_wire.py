"""What goes to Replicate and what its answers mean, row by row."""

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from error_tables import assert_told_as, every_row_of
from fake_replicate import SDXL, ended, error
from fake_wire import KEY, Reply, html
from PIL import Image
from vendor_cases import NOON, REPLICATE, context, input_picture, made

from generation.catalogue.loading import load_catalogue
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
from generation.providers.access import Access, Secret
from generation.providers.base import Done, Pending
from generation.providers.replicate import ReplicateProvider
from generation.request import InputAsset

VENDOR = REPLICATE
SDXL_MODEL = "stability-ai/sdxl"


def failed(provider, request, kind=ProviderError, **lent):
    with pytest.raises(kind) as caught:
        made(provider, request, **lent)
    return caught.value


def test_an_official_model_is_asked_by_its_name(sent):
    seen = sent(aspect_ratio="16:9", seed=7, n=2, format="jpg")
    assert seen.path == "/v1/models/black-forest-labs/flux-schnell/predictions"
    assert seen.headers["prefer"] == "wait=5"
    assert seen.json == {
        "input": {"prompt": "a coin", "aspect_ratio": "16:9", "num_outputs": 2, "seed": 7, "output_format": "jpg"}
    }


def test_another_model_is_asked_by_its_version_and_takes_negatives_and_strength_as_they_are(sent):
    inputs = [input_picture("base")]
    seen = sent(model=SDXL_MODEL, operation="image_to_image", inputs=inputs, strength=0.4, negative_prompt="blur",
                size=(1920, 1080))  # fmt: skip
    assert (seen.path, seen.json["version"]) == ("/v1/predictions", SDXL)
    asked = seen.json["input"]
    assert (asked["prompt"], asked["negative_prompt"], asked["prompt_strength"]) == ("a coin", "blur", 0.4)
    assert (asked["width"], asked["height"]) == (1344, 768)
    assert asked["image"].startswith("data:image/png;base64,")


def test_a_format_that_a_model_gives_anyway_is_not_asked_for(sent, provider):
    assert "output_format" not in sent(model=SDXL_MODEL, format="png").json["input"]
    told = made(provider, REPLICATE.request(model=SDXL_MODEL, format="webp")).adjustments
    assert [(item.field, item.used) for item in told] == [("format", None)]


def test_a_mask_that_is_transparent_goes_as_white(fake, sent):
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 255))
    image.putpixel((0, 0), (0, 0, 0, 0))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    inputs = [input_picture("base", size=(8, 8)), InputAsset(buffer.getvalue(), "image/png", "mask")]
    seen = sent(model=SDXL_MODEL, operation="inpaint", inputs=inputs)
    mask = Image.open(io.BytesIO(fake.picture_given(seen.json["input"]["mask"])))
    assert (mask.mode, mask.getpixel((0, 0)), mask.getpixel((1, 1))) == ("L", 255, 0)


@pytest.mark.parametrize(
    "inputs", [[input_picture("base")], [input_picture("base"), input_picture("mask"), input_picture("mask")]]
)
def test_an_inpainting_without_one_mask_is_not_sent(fake, provider, inputs):
    request = REPLICATE.request(model=SDXL_MODEL, operation="inpaint", inputs=inputs)
    assert failed(provider, request, InvalidRequestError).field == "inputs"
    assert fake.submissions == []


def test_several_pictures_go_as_a_list_in_their_order(fake, sent):
    inputs = [input_picture("character", layer=1), input_picture("background")]
    seen = sent(model="black-forest-labs/flux-2-pro", operation="fusion", inputs=inputs)
    given = [fake.picture_given(text) for text in seen.json["input"]["input_images"]]
    assert given == [inputs[1].data, inputs[0].data]


def test_a_large_picture_is_put_on_their_server_before(fake, sent):
    large = InputAsset(input_picture().data + b"\0" * 300_000, "image/png", "base")
    seen = sent(model="black-forest-labs/flux-kontext-pro", operation="image_to_image", inputs=[large])
    assert fake.uploads[seen.json["input"]["input_image"]] == large.data


@pytest.mark.parametrize(
    ("reply", "kind", "code"),
    [
        (html(502), TransientError, "outcome_unknown"),
        (error(402, "no", "no credit"), QuotaExceededError, "quota_exceeded"),
        (Reply(201, {"id": "f"}), TransientError, "provider_unwell"),
    ],
)
def test_a_picture_that_cannot_be_put_there_bought_nothing(fake, provider, monkeypatch, reply, kind, code):
    monkeypatch.setattr(fake, "_free_post", lambda _: reply)
    large = InputAsset(input_picture().data + b"\0" * 300_000, "image/png", "base")
    request = REPLICATE.request(model=REPLICATE.edit_model, operation="image_to_image", inputs=[large])
    found = failed(provider, request, kind)
    assert (found.charged, found.outcome_known, fake.submissions) == ("no", True, [])
    assert found.code == ("provider_unwell" if code == "outcome_unknown" else code)


# --- Models that do not ship -----------------------------------------------------------------------------------------


def with_model(fake, model_id, **fields):
    """A provider that knows one more model, as models.toml would declare it."""
    own = {f"replicate:{model_id}": {"like": "replicate:black-forest-labs/flux-2-pro"} | fields}
    models = load_catalogue(settings=own).models.values()
    return ReplicateProvider(tuple(models), Access(fake.base_url, Secret(KEY), "X"), trust_env=False)


@pytest.mark.parametrize("version", ["", ":" + "a" * 64])
def test_the_parameters_of_any_model_are_read_from_its_own_page_once(fake, version):
    name = f"someone/pixel-art{version}"
    provider = with_model(fake, name)
    inputs = [input_picture("background"), input_picture("character", layer=1)]
    request = REPLICATE.request(model=name, operation="fusion", inputs=inputs, seed=3, format="jpeg")
    for _ in range(2):
        assert len(made(provider, request).outputs) == 1
    assert fake.submissions[0].json["version"] == name
    asked = fake.submissions[0].json["input"]
    assert (len(asked["image_input"]), asked["seed"], asked["output_format"]) == (2, 3, "jpeg")
    assert sum(seen.path.startswith("/v1/models/") for seen in fake.others) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"negative_prompt": "x"}, "negative_prompt"),
        ({"strength": 0.5}, "strength"),
        ({"aspect_ratio": "9:16"}, "aspect_ratio"),
    ],
)
def test_what_a_model_has_no_parameter_for_is_told_before_anything_is_sent(fake, fields, field):
    provider = with_model(fake, "someone/pixel-art", accepts=["negative_prompt", "strength", "aspect_ratio"])
    found = failed(provider, REPLICATE.request(model="someone/pixel-art", **fields), InvalidRequestError)
    assert (found.field, found.code, fake.submissions) == (field, "unsupported", [])


@pytest.mark.parametrize(("name", "code"), [("someone/mute", "unsupported"), ("someone/gone", "model_gone")])
def test_a_model_that_cannot_be_read_is_told_before_anything_is_sent(fake, name, code):
    found = failed(with_model(fake, name), REPLICATE.request(model=name), InvalidRequestError)
    assert (found.code, found.charged, fake.submissions) == (code, "no", [])


# --- What comes back -------------------------------------------------------------------------------------------------


def test_it_may_take_several_polls(fake, provider):
    fake.polls = 3
    request = REPLICATE.request()
    first = provider.submit(request, context())
    assert isinstance(first, Pending)
    assert first.poll_after == 2.0
    stages = [type(provider.poll(first.remote_id, request, context())) for _ in range(3)]
    assert stages == [Pending, Pending, Done]
    assert len(fake.submissions) == 1


def test_one_that_is_done_at_once_is_named_before_its_pictures_are_fetched(fake, provider):
    """What died while fetching could not be asked for again."""
    fake.polls = 0
    found = provider.submit(REPLICATE.request(), context())
    assert (type(found), found.poll_after) == (Pending, 0.0)
    assert fake.delivery.others == []


def test_pictures_are_fetched_without_the_key_through_a_redirect(fake, provider):
    result = made(provider, REPLICATE.request(n=2))
    assert [output.index for output in result.outputs] == [0, 1]
    paths = [seen.path.split("/")[1] for seen in fake.delivery.others]
    assert paths == ["to", "file", "to", "file"]
    assert all("authorization" not in seen.headers for seen in fake.delivery.others)
    assert (result.model_version, result.remote_id) == (None, next(iter(fake.predictions)))


def test_the_cost_is_by_the_picture_or_by_the_time_that_was_taken(fake, provider):
    assert made(provider, REPLICATE.request(n=2)).cost.amount == Decimal("0.006")
    result = made(provider, REPLICATE.request(model=SDXL_MODEL))
    assert (result.cost.amount, result.cost.source) == (Decimal("0.002438"), "computed")  # 2.5 s at $0.000975
    assert (result.usage, result.model_version) == ({"predict_time": 2.5}, SDXL.partition(":")[2])


@pytest.mark.parametrize("told", [None, "many", -1, "NaN", 10**9])
def test_time_that_cannot_be_is_not_believed(fake, provider, told):
    fake.script.append(
        ended("succeeded", output=[fake.delivery.put(input_picture().data)], metrics={"predict_time": told})
    )
    assert made(provider, REPLICATE.request(model=SDXL_MODEL)).cost.source == "estimated"


def test_fewer_pictures_than_asked_for_are_kept_and_told(fake, provider):
    """Flux leaves out single pictures that it does not like."""
    fake.script.append(ended("succeeded", output=[fake.delivery.put(input_picture().data)]))
    result = made(provider, REPLICATE.request(n=3))
    assert (len(result.outputs), result.partial, result.cost.amount) == (1, "2 of 3 are missing", Decimal("0.003"))


@pytest.mark.parametrize("output", [None, [], {}, 7])
def test_a_success_without_pictures_was_charged_for(fake, provider, output):
    fake.script.append(ended("succeeded", output=output))
    found = failed(provider, REPLICATE.request(), ProviderFailedError)
    assert (found.code, found.charged, found.cost) == ("empty_result", "yes", Decimal("0.003"))


def test_a_picture_that_is_gone_was_charged_for(fake, provider):
    url = fake.delivery.put(input_picture().data)
    fake.delivery.gone.add(url.rpartition("/")[2])
    fake.script.append(ended("succeeded", output=url))
    found = failed(provider, REPLICATE.request(), ProviderFailedError)
    assert (found.charged, found.retryable) == ("yes", False)
    assert "gone from where it lay (404)" in found.message


def test_a_result_elsewhere_is_not_fetched_and_nothing_is_decided(fake, provider):
    """Whoever mends it asks again: the prediction is there."""
    fake.script.append(ended("succeeded", output="https://evil.example/x.png"))
    found = failed(provider, REPLICATE.request(), InvalidRequestError)
    assert (found.code, found.charged, found.outcome_known) == ("result_address", "unknown", False)


@pytest.mark.parametrize(
    ("status", "told", "kind", "retryable"),
    [
        ("failed", "NSFW content detected. Try running it again.", ContentRejectedError, False),
        ("failed", "The input or output was flagged as sensitive. (E005)", ContentRejectedError, False),
        ("failed", "E1000: something", ProviderFailedError, True),
        ("failed", "Director: unexpected error handling prediction", ProviderFailedError, True),
        ("failed", "Prediction interrupted; please retry (code: PA)", ProviderFailedError, True),
        ("failed", "CUDA out of memory", InvalidRequestError, False),
        ("failed", "E1001", InvalidRequestError, False),
        ("failed", "division by zero", ProviderFailedError, False),
        ("failed", None, ProviderFailedError, False),
        ("canceled", None, ProviderFailedError, False),
        ("aborted", None, ProviderFailedError, False),
    ],
)
def test_a_prediction_that_failed_costs_nothing_where_pictures_are_paid_for(
    fake, provider, status, told, kind, retryable
):
    fake.script.append(ended(status, told))
    found = failed(provider, REPLICATE.request())
    assert (type(found), found.charged, found.outcome_known, found.retryable) == (kind, "no", True, retryable)


@pytest.mark.parametrize(
    ("status", "more", "cost"),
    [
        ("failed", {}, "0.002438"),
        ("canceled", {"metrics": {"predict_time": 1}}, "0.000975"),
        ("failed", {"metrics": {}}, "0.0585"),  # nobody told: all that was reserved
        ("canceled", {"metrics": {}, "started_at": None}, "0"),
        ("aborted", {"metrics": {}}, "0"),
    ],
)
def test_where_time_is_paid_for_a_failure_costs_the_time_that_it_took(fake, provider, status, more, cost):
    fake.script.append(ended(status, "E1000: interrupted", **more))
    found = failed(provider, REPLICATE.request(model=SDXL_MODEL))
    assert found.cost == Decimal(cost)
    assert found.charged == ("no" if found.cost == 0 else "yes")
    assert found.retryable == (found.cost == 0)


@pytest.mark.parametrize("body", [{}, {"id": None}, {"id": "../../x"}, {"id": ""}])
def test_an_answer_without_a_name_is_unknown(fake, provider, body):
    fake.script.append(Reply(201, body))
    assert isinstance(failed(provider, REPLICATE.request()), AmbiguousOutcomeError)


# --- Asking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (error(429, "x", "Request was throttled. Your rate limit resets in ~30s."), TransientError),
        (html(500), TransientError),
        (html(502), TransientError),
        (Reply(200, "no json"), TransientError),
        (error(401, "x", "no"), AuthError),
        (error(404, "x", "no"), InvalidRequestError),
        (error(402, "x", "no"), QuotaExceededError),
    ],
)
def test_what_goes_wrong_while_asking_decides_nothing(fake, provider, reply, kind):
    request = REPLICATE.request()
    name = provider.submit(request, context()).remote_id
    fake.health = reply  # in place of any free answer
    with pytest.raises(kind) as caught:
        provider.poll(name, request, context())
    assert not isinstance(caught.value, AmbiguousOutcomeError)
    if kind is not TransientError:
        assert (caught.value.charged, caught.value.outcome_known) == ("unknown", False)
    fake.health = None
    assert isinstance(provider.poll(name, request, context()), Done)


def test_a_result_that_cannot_be_fetched_now_is_asked_for_again(fake, provider):
    request = REPLICATE.request()
    name = provider.submit(request, context()).remote_id
    fake.delivery.health = html(503)
    with pytest.raises(TransientError):
        provider.poll(name, request, context())
    fake.delivery.health = None
    assert isinstance(provider.poll(name, request, context()), Done)


@pytest.mark.parametrize(("polls_before", "agreed"), [(None, True), (0, False)])
def test_only_what_had_not_begun_is_called_back_for_nothing(fake, provider, monkeypatch, polls_before, agreed):
    if polls_before is None:
        monkeypatch.setattr(fake, "_now", fake._shown)
    fake.polls = 5
    name = provider.submit(REPLICATE.request(), context()).remote_id
    assert provider.cancel(name, context()) is agreed
    assert fake.predictions[name]["status"] == ("aborted" if agreed else "canceled")


def test_one_that_is_not_there_or_is_not_heard_is_not_called_back(fake, provider):
    assert provider.cancel("nobody", context()) is False
    away = REPLICATE.provider(fake, base_url="http://127.0.0.1:9")
    assert away.cancel("nobody", context()) is False
    assert REPLICATE.provider(fake, key=None).cancel("nobody", context()) is False


# --- After a lost answer ---------------------------------------------------------------------------------------------


def lose(fake, provider, request):
    """The prediction is made, and its answer lost."""

    def lost(handler, seen):
        handler.vendor.answer(seen)
        handler.drop()

    fake.script.append(lost)
    assert isinstance(failed(provider, request), AmbiguousOutcomeError)


def dated(moment):
    """A context of a call that was made then, by the clock of the fake's answers."""
    return context(sent=moment, now=lambda: datetime.now(UTC))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"seed": 3, "n": 2, "aspect_ratio": "16:9"},
        {"model": SDXL_MODEL, "operation": "image_to_image", "inputs": [input_picture("base")]},
    ],
)
def test_a_lost_call_is_found_in_the_list_by_what_was_asked(fake, provider, fields):
    fake.clock = NOON.isoformat().replace("+00:00", "Z")
    request = REPLICATE.request(**fields)
    lose(fake, provider, request)
    found = provider.recover(request, dated(NOON))
    assert isinstance(found, Pending)
    while isinstance(found, Pending):
        found = provider.poll(found.remote_id, request, context())
    assert len(found.result.outputs) == request.n
    assert len(fake.submissions) == 1


def test_a_picture_that_was_put_there_is_found_again(fake, provider):
    fake.clock = NOON.isoformat()
    large = InputAsset(input_picture().data + b"\0" * 300_000, "image/png", "base")
    request = REPLICATE.request(model=REPLICATE.edit_model, operation="image_to_image", inputs=[large])
    lose(fake, provider, request)
    uploads = len(fake.uploads)
    assert provider.recover(request, dated(NOON)) is not None
    assert len(fake.uploads) == uploads  # nothing is put there to find out


@pytest.mark.parametrize("padding", [0, 300_000], ids=["inside", "put there"])
def test_the_same_words_about_another_picture_are_another_call(fake, provider, padding):
    """Many pictures are changed by one prompt: whose result it is shows in the picture alone."""
    fake.clock = NOON.isoformat()
    mine, other = (InputAsset(input_picture(layer=at).data + b"\0" * padding, "image/png", "base") for at in (1, 2))
    asked = {"model": REPLICATE.edit_model, "operation": "image_to_image"}
    lose(fake, provider, REPLICATE.request(**asked, inputs=[other]))
    assert provider.recover(REPLICATE.request(**asked, inputs=[mine]), dated(NOON)) is None
    assert provider.recover(REPLICATE.request(**asked, inputs=[other]), dated(NOON)) is not None


@pytest.mark.parametrize("place", ["delivered", "gone", "elsewhere"])
def test_a_picture_that_became_an_address_is_looked_at_there(fake, provider, place):
    fake.clock = NOON.isoformat()
    request = REPLICATE.request(model=REPLICATE.edit_model, operation="image_to_image", inputs=[input_picture("base")])
    lose(fake, provider, request)
    (prediction,) = fake.predictions.values()
    delivered = fake.delivery.put(request.inputs[0].data)
    prediction["input"]["input_image"] = delivered if place != "elsewhere" else "https://evil.example/x.png"
    fake.delivery.gone |= {delivered.rpartition("/")[2]} if place == "gone" else set()
    assert (provider.recover(request, dated(NOON)) is not None) == (place == "delivered")


def test_what_was_made_before_or_is_another_or_is_there_twice_is_not_taken_for_it(fake, provider):
    request = REPLICATE.request()
    fake.clock = (NOON - timedelta(seconds=20)).isoformat()
    lose(fake, provider, request)
    assert provider.recover(request, dated(NOON)) is None
    fake.clock = NOON.isoformat()
    lose(fake, provider, REPLICATE.request(prompt="a gem"))
    assert provider.recover(request, dated(NOON)) is None
    lose(fake, provider, request)
    assert provider.recover(request, dated(NOON)) is not None
    lose(fake, provider, request)
    assert provider.recover(request, dated(NOON)) is None


def test_the_list_is_read_page_by_page_as_far_as_the_call_may_be(fake, provider):
    fake.clock, fake.page = (NOON - timedelta(hours=1)).isoformat(), 2
    lose(fake, provider, REPLICATE.request(prompt="long ago"))
    lose(fake, provider, REPLICATE.request(prompt="before"))
    fake.clock = NOON.isoformat()
    lose(fake, provider, REPLICATE.request())
    for number in range(3):
        lose(fake, provider, REPLICATE.request(prompt=f"then {number}"))
    assert provider.recover(REPLICATE.request(), dated(NOON)) is not None
    assert sum(seen.path.startswith("/v1/predictions") for seen in fake.others) == 3
    lose(fake, provider, REPLICATE.request())
    assert provider.recover(REPLICATE.request(), dated(NOON)) is None  # the other one lies on another page


def test_of_a_list_that_is_not_read_to_the_moment_of_the_call_nothing_is_taken(fake, provider):
    """What stands alone on the pages that were read may have its like on the next."""
    fake.clock, fake.page = NOON.isoformat(), 1
    for number in range(11):
        lose(fake, provider, REPLICATE.request(prompt=f"coin {number}"))
    assert provider.recover(REPLICATE.request(prompt="coin 10"), dated(NOON)) is None


def test_what_was_made_much_later_is_another(fake, provider):
    fake.clock = (NOON + timedelta(minutes=11)).isoformat()
    lose(fake, provider, REPLICATE.request())
    assert provider.recover(REPLICATE.request(), dated(NOON)) is None


def test_a_clock_that_goes_wrong_here_is_set_by_theirs(fake, provider):
    """Ours is an hour late: what was made then is dated an hour later than we think."""
    wrong = datetime.now(UTC) - timedelta(hours=1)
    fake.clock = datetime.now(UTC).isoformat()
    request = REPLICATE.request()
    lose(fake, provider, request)
    assert provider.recover(request, context(sent=wrong, now=lambda: wrong)) is not None
    fake.predictions[next(iter(fake.predictions))]["created_at"] = (
        datetime.now(UTC) - timedelta(minutes=5)
    ).isoformat()
    assert provider.recover(request, context(sent=wrong, now=lambda: wrong)) is None


def test_without_the_moment_of_the_call_nothing_is_guessed(fake, provider):
    lose(fake, provider, REPLICATE.request())
    assert provider.recover(REPLICATE.request(), context()) is None


@pytest.mark.parametrize("reply", [html(500), Reply(200, "[]"), Reply(200, {"results": [7, {"id": 1}]})])
def test_a_list_that_cannot_be_read_tells_nothing(fake, provider, reply):
    fake.health = reply
    assert provider.recover(REPLICATE.request(), dated(NOON)) is None


# --- Errors ----------------------------------------------------------------------------------------------------------

ROWS = [
    (error(401, "Unauthenticated", "no token"), AuthError, "provider_auth", None),
    (error(403, "Forbidden", "no"), AuthError, "provider_auth", None),
    (error(402, "Insufficient credit", "You have insufficient credit"), QuotaExceededError, "quota_exceeded", None),
    (error(404, "Not found", "The requested resource could not be found."), InvalidRequestError, "model_gone", None),
    (error(422, "Input validation failed", "- input: prompt is required"), InvalidRequestError, "provider_refused",
     None),
    (Reply(429, {"detail": "Request was throttled. Your rate limit resets in ~30s."}), RateLimitedError,
     "rate_limited", 30),
    (error(429, "Too many requests", "x", headers={"Retry-After": "4"}), RateLimitedError, "rate_limited", 4),
    (error(500, "Internal", "x"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(503, "Unavailable", "Service is temporarily unavailable"), TransientError, "provider_unwell", None),
    (error(504, "Timeout", "x"), AmbiguousOutcomeError, "outcome_unknown", None),
]  # fmt: skip


@every_row_of(ROWS)
def test_every_row_of_the_table_of_errors(fake, provider, reply, kind, code, wait):
    assert_told_as(provider, fake, REPLICATE.request(), (reply, kind, code, wait))


def test_a_bad_field_is_named(fake, provider):
    field = {"type": "greater_than_equal", "field": "input.seed", "description": "must be above 0"}
    fake.script.append(error(422, "Input validation failed", "- bad", fields=[field]))
    found = failed(provider, REPLICATE.request(), InvalidRequestError)
    assert found.field == "seed"
    assert "must be above 0" in found.message
