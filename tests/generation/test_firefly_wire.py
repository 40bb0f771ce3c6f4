"""What goes to Firefly and what its answers mean, row by row; tokens, and where a job may be asked for."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from error_tables import assert_told_as, every_row_of
from fake_firefly import CLIENT, error
from fake_wire import KEY, Reply, html
from vendor_cases import FIREFLY, MODELS, NOON, context, input_picture, made

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
from generation.providers.firefly_token import CLIENT_ID
from generation.providers.messages import Answer
from generation.request import InputAsset

VENDOR = FIREFLY


def failed(provider, request, kind=ProviderError):
    with pytest.raises(kind) as caught:
        made(provider, request)
    return caught.value


def ims(fake, address=None):
    return Access(address or fake.address, Secret(CLIENT), CLIENT_ID)


def token_calls(fake):
    return [seen for seen in fake.others if seen.path == "/ims/token/v3"]


def clocked(fake):
    """A provider with a clock, and the clock."""
    clock = [0.0]
    return VENDOR.provider(fake, monotonic=lambda: clock[0]), clock


# --- What is asked ---------------------------------------------------------------------------------------------------


def test_a_text_goes_as_json_with_the_model_in_a_header(sent):
    seen = sent(size=(1920, 1080), seed=7, n=2, negative_prompt="blur", extra={"contentClass": "art"})
    assert (seen.path, seen.headers["x-model-version"]) == ("/v3/images/generate-async", "image4_standard")
    assert seen.json == {
        "prompt": "a coin",
        "negativePrompt": "blur",
        "numVariations": 2,
        "seeds": [7, 8],
        "size": {"width": 2688, "height": 1536},
        "contentClass": "art",
    }


def test_one_picture_gives_the_structure_and_one_the_style(fake, sent):
    inputs = [input_picture("base"), input_picture("style", layer=1, media_type="image/jpeg")]
    asked = sent(operation="fusion", inputs=inputs, strength=0.25).json
    structure, style = asked["structure"], asked["style"]
    assert fake.uploads[structure["imageReference"]["source"]["uploadId"]] == inputs[0].data
    assert fake.uploads[style["imageReference"]["source"]["uploadId"]] == inputs[1].data
    assert structure["strength"] == 75  # how much of it stays
    assert "strength" not in style


def test_a_mask_and_its_picture_go_to_the_filling(fake, sent):
    inputs = [input_picture("base"), input_picture("mask", layer=1)]
    seen = sent(model="fill", operation="inpaint", inputs=inputs)
    assert seen.path == "/v3/images/fill-async"
    assert fake.uploads[seen.json["image"]["source"]["uploadId"]] == inputs[0].data
    assert "mask" in seen.json


@pytest.mark.parametrize(
    ("operation", "model", "inputs"),
    [
        ("image_to_image", "image4_standard", []),
        ("fusion", "image4_standard", [input_picture("background"), input_picture("character", layer=1)]),
        ("fusion", "image4_standard", [input_picture("style"), input_picture("style", layer=1)]),
        ("image_to_image", "image4_standard", [input_picture("base"), input_picture("mask")]),
        ("image_to_image", "image4_standard", [input_picture(media_type="image/gif")]),
        ("image_to_image", "image4_standard", [InputAsset(b"x" * 16_000_000, "image/png")]),
        ("inpaint", "fill", [input_picture("base")]),
    ],
)
def test_what_it_does_not_take_is_not_sent(fake, provider, operation, model, inputs):
    found = failed(provider, VENDOR.request(operation=operation, model=model, inputs=inputs), InvalidRequestError)
    assert (found.field, fake.submissions, fake.others) == ("inputs", [], [])


def test_a_prompt_that_is_too_long_is_not_sent(fake, provider):
    found = failed(provider, VENDOR.request(prompt="x" * 1025), InvalidRequestError)
    assert (found.field, fake.submissions) == ("prompt", [])


def test_nobody_knows_its_price_until_a_project_says_it(fake):
    unpriced = VENDOR.adapter(MODELS, VENDOR.provider(fake).access, ims=ims(fake))
    assert unpriced.estimate(VENDOR.request()).high is None
    assert VENDOR.provider(fake).estimate(VENDOR.request(n=2)).high == Decimal("0.10")


@pytest.mark.parametrize("reply", [html(500), error(503, "x", "y"), Reply(200, {"images": []}), Reply(200, "no")])
def test_a_picture_that_cannot_be_put_there_bought_nothing(fake, provider, monkeypatch, reply):
    plain = fake.free
    monkeypatch.setattr(fake, "free", lambda seen: reply if seen.path.startswith("/v2/") else plain(seen))
    request = VENDOR.request(operation="image_to_image", inputs=[input_picture("base")])
    found = failed(provider, request, TransientError)
    assert (found.retryable, found.charged, fake.submissions) == (True, "no", [])


# --- Tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_is_fetched_once_and_goes_along_with_the_id(fake, provider):
    made(provider, VENDOR.request())
    made(provider, VENDOR.request())
    assert len(token_calls(fake)) == 1
    (token,) = fake.tokens
    for seen in fake.submissions:
        assert (seen.headers["authorization"], seen.headers["x-api-key"]) == (f"Bearer {token}", CLIENT)
    assert b"client_credentials" in token_calls(fake)[0].body
    assert "authorization" not in token_calls(fake)[0].headers


def test_a_token_is_renewed_before_it_ends(fake):
    provider, clock = clocked(fake)
    made(provider, VENDOR.request())
    clock[0] = 86_000
    made(provider, VENDOR.request())
    assert len(token_calls(fake)) == 1
    clock[0] = 86_200
    made(provider, VENDOR.request())
    assert len(token_calls(fake)) == 2


def test_a_token_that_ends_while_a_job_runs_is_renewed_and_the_job_asked_for_again(fake):
    provider, clock = clocked(fake)
    request = VENDOR.request()
    found = provider.submit(request, context())
    fake.tokens.clear()
    clock[0] = 3600
    with pytest.raises(TransientError) as caught:
        provider.poll(found.remote_id, request, context())
    assert caught.value.status == 401
    while isinstance(found, Pending):
        found = provider.poll(found.remote_id, request, context())
    assert isinstance(found, Done)
    assert (len(token_calls(fake)), len(fake.submissions)) == (2, 1)


def test_a_token_that_ends_under_several_jobs_fails_none_of_them(fake):
    """The first that hears of it forgets the token, the next may have a new one: neither was refused the new one."""
    provider, clock = clocked(fake)
    jobs = [provider.submit(VENDOR.request(prompt=f"coin {number}"), context()).remote_id for number in range(3)]
    fake.tokens.clear()
    clock[0] = 3600
    refusal = Answer(401, {}, b'{"error_code": "401013", "message": "Oauth token is not valid"}')

    def heard(number):
        """What one job is told that was asked for with the old token."""
        provider.wire._credentials()
        started.wait()
        return provider.refusal(refusal, NOON)

    started = threading.Barrier(len(jobs))
    with ThreadPoolExecutor(len(jobs)) as pool:
        told = list(pool.map(heard, range(len(jobs))))
    assert [type(error) for error in told] == [TransientError] * len(jobs)
    provider.wire._credentials()
    assert isinstance(provider.refusal(refusal, NOON), AuthError)  # the new one, and at once


def test_a_token_that_ended_before_the_call_may_be_tried_again(fake):
    provider, clock = clocked(fake)
    made(provider, VENDOR.request())
    fake.tokens.clear()
    clock[0] = 3600
    found = failed(provider, VENDOR.request(), TransientError)
    assert (found.retryable, found.charged) == (True, "no")
    assert len(made(provider, VENDOR.request()).outputs) == 1


def test_a_token_that_is_refused_at_once_is_a_wrong_key(fake, provider, monkeypatch):
    refused = error(401, "401013", "Oauth token is not valid")
    monkeypatch.setattr(fake, "refusal_of_key", lambda seen: refused if "x-api-key" in seen.headers else None)
    found = failed(provider, VENDOR.request(), AuthError)
    assert (found.retryable, found.status) == (False, 401)
    assert provider.check().state == "refused"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(400, {"error": "invalid_client", "error_description": f"wrong {KEY} of {CLIENT}"}), AuthError),
        (Reply(401, {"error": "unauthorized_client"}), AuthError),
        (Reply(403, "{}"), AuthError),
        (Reply(429, {"error": "slow"}), RateLimitedError),
        (html(500), TransientError),
        (html(503), TransientError),
        (Reply(200, {"access_token": None}), TransientError),
        (Reply(200, {"access_token": "two words"}), TransientError),
        (Reply(200, "no json"), TransientError),
    ],
)
def test_without_a_token_nothing_is_sent(fake, provider, monkeypatch, reply, kind):
    monkeypatch.setattr(fake, "_refused_client", lambda _: reply)
    found = failed(provider, VENDOR.request(), kind)
    assert (found.charged, found.outcome_known, fake.submissions) == ("no", True, [])
    assert "canary" not in repr(vars(found)) + str(found)
    assert provider.check().state == ("refused" if kind is AuthError else "unwell")


def test_without_an_id_nothing_is_sent(fake):
    without = Access(fake.address, None, CLIENT_ID)
    provider = VENDOR.provider(fake, ims=without)
    found = failed(provider, VENDOR.request(), AuthError)
    assert (found.code, "FIREFLY_SERVICES_CLIENT_ID" in found.hint) == ("provider_no_key", True)
    assert (provider.check().state, provider.check().missing_key) == ("no_key", "FIREFLY_SERVICES_CLIENT_ID")
    assert VENDOR.provider(fake, ims=without, key=None).check().missing_key == "FIREFLY_KEY"
    assert fake.others == []


def test_a_token_server_that_cannot_be_reached_is_unwell(fake):
    provider = VENDOR.provider(fake, ims=ims(fake, "http://127.0.0.1:9"))
    assert provider.check().state == "unwell"
    assert failed(provider, VENDOR.request(), TransientError).retryable


def test_neither_id_nor_tokens_are_shown(fake):
    provider, clock = clocked(fake)
    made(provider, VENDOR.request())
    clock[0] = 86_200
    made(provider, VENDOR.request())
    echo = f"{fake.tokens[0]} and {fake.tokens[1]} of {CLIENT} with {KEY}"
    fake.script += [error(422, "validation_error", echo), Reply(500, f"<title>{echo}</title>")]
    for _ in range(2):
        found = failed(provider, VENDOR.request())
        assert "canary" not in repr(vars(found)) + str(found)
    assert "canary" not in repr(provider) + repr(vars(provider)) + repr(vars(provider._ring))


# --- Where a job is asked for ----------------------------------------------------------------------------------------


def test_the_status_may_lie_on_another_host_of_theirs_which_is_given_the_token(fake, provider, elsewhere):
    port, asked = elsewhere
    fake.status_at = lambda job: f"http://firefly-epo856230.adobe.io:{port}/v3/status/{job}"
    result = made(provider, VENDOR.request())
    assert len(result.outputs) == 1
    assert "firefly-epo856230.adobe.io" in asked
    polls = [seen for seen in fake.others if seen.path.startswith("/v3/status/")]
    assert {seen.headers["host"] for seen in polls} == {f"firefly-epo856230.adobe.io:{port}"}


@pytest.mark.parametrize("place", ["evil.example", "adobe.io.evil.example", "xadobe.io", "user@firefly.evil.example"])
def test_a_status_on_a_foreign_host_is_not_asked_for_and_the_job_is_found_at_home(fake, provider, elsewhere, place):
    port, asked = elsewhere
    fake.status_at = lambda job: f"http://{place}:{port}/v3/status/{job}"
    found = provider.submit(VENDOR.request(), context())
    assert found.remote_id.startswith("urn:ff:jobs:")
    assert len(made(provider, VENDOR.request()).outputs) == 1
    assert not any("evil" in host or host == "xadobe.io" for host in asked)


@pytest.mark.parametrize(
    "url", ["http://evil.example/x", "ftp://a.adobe.io/x", "http://[::1", "https://u:p@a.adobe.io/x"]
)
def test_a_name_that_was_kept_is_checked_again(provider, url):
    """What lies in the ledger may have been written by anybody."""
    with pytest.raises(InvalidRequestError) as caught:
        provider.poll(url, VENDOR.request(), context())
    assert (caught.value.code, caught.value.charged) == ("result_address", "unknown")


@pytest.mark.parametrize(
    "body", [{}, {"jobId": 7}, {"jobId": ""}, {"statusUrl": "http://evil.example/x"}, {"jobId": "https://x"}]
)
def test_an_answer_without_a_name_is_unknown(fake, provider, body):
    fake.script.append(Reply(202, body))
    assert isinstance(failed(provider, VENDOR.request()), AmbiguousOutcomeError)


# --- What comes back -------------------------------------------------------------------------------------------------


def test_pictures_are_fetched_without_the_token(fake, provider):
    result = made(provider, VENDOR.request(n=3))
    assert ([output.index for output in result.outputs], result.partial) == ([0, 1, 2], None)
    assert (result.cost.amount, result.remote_id) == (Decimal("0.15"), next(iter(fake.jobs)))
    assert fake.delivery.others
    assert all("authorization" not in seen.headers and "x-api-key" not in seen.headers for seen in fake.delivery.others)


def test_it_may_take_several_polls(fake, provider):
    fake.polls = 3
    made(provider, VENDOR.request())
    assert sum(seen.path.startswith("/v3/status/") for seen in fake.others) == 4


@pytest.mark.parametrize(
    ("failure", "kind", "stage"),
    [
        ({"error_code": "prompt_unsafe", "message": "x"}, ContentRejectedError, "input"),
        ({"error_code": "input_media_unsafe", "message": "x"}, ContentRejectedError, "input"),
        ({"error": {"error_code": "output_media_unsafe", "message": "x"}}, ContentRejectedError, "output"),
        ({"error_code": "runtime_error", "message": "x"}, ProviderFailedError, None),
        ({"status": "cancelled"}, ProviderFailedError, None),
        ({"status": "timeout"}, ProviderFailedError, None),
        ({}, ProviderFailedError, None),
    ],
)
def test_a_job_that_failed_costs_nothing(fake, provider, failure, kind, stage):
    fake.failures.append(failure)
    found = failed(provider, VENDOR.request())
    assert (type(found), getattr(found, "stage", None)) == (kind, stage)
    assert (found.charged, found.outcome_known, found.retryable) == ("no", True, False)


@pytest.mark.parametrize("result", [None, {}, {"outputs": None}, {"outputs": [7, {"image": None}]}])
def test_a_success_without_pictures_was_charged_for(fake, provider, result):
    fake.failures.append({"status": "succeeded", "result": result})
    found = failed(provider, VENDOR.request(), ProviderFailedError)
    assert (found.code, found.charged, found.cost) == ("empty_result", "yes", Decimal("0.05"))


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (error(404, "not_found", "x"), InvalidRequestError),
        (error(403, "403003", "x"), AuthError),
        (html(502), TransientError),
        (error(429, "too_many", "x"), TransientError),
        (Reply(200, "[]"), TransientError),
    ],
)
def test_what_goes_wrong_while_asking_decides_nothing(fake, provider, reply, kind):
    request = VENDOR.request()
    name = provider.submit(request, context()).remote_id
    fake.health = reply
    with pytest.raises(kind) as caught:
        provider.poll(name, request, context())
    assert not isinstance(caught.value, AmbiguousOutcomeError)
    if kind is not TransientError:
        assert (caught.value.charged, caught.value.outcome_known) == ("unknown", False)


ROWS = [
    (error(400, "bad_request", "x"), InvalidRequestError, "provider_refused", None),
    (error(401, "401013", "Oauth token is not valid"), AuthError, "provider_auth", None),
    (error(403, "403003", "Api Key is invalid"), AuthError, "provider_auth", None),
    (error(403, "access_error", "not entitled"), AuthError, "provider_auth", None),
    (error(402, "payment_required", "x"), QuotaExceededError, "quota_exceeded", None),
    (error(404, "not_found", "x"), InvalidRequestError, "model_gone", None),
    (error(408, "timeout_error", "x"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(415, "unsupported_media_type", "x"), InvalidRequestError, "provider_refused", None),
    (error(422, "prompt_unsafe", "x"), ContentRejectedError, "content_rejected", None),
    (error(422, "input_media_unsafe", "x"), ContentRejectedError, "content_rejected", None),
    (error(422, "output_media_unsafe", "x"), ContentRejectedError, "content_rejected", None),
    (error(422, "validation_error", "size"), InvalidRequestError, "provider_refused", None),
    (error(422, "language_not_supported", "x"), InvalidRequestError, "provider_refused", None),
    (error(429, "too_many_requests", "x", headers={"Retry-After": "9"}), RateLimitedError, "rate_limited", 9),
    (error(451, "unavailable", "x"), ContentRejectedError, "content_rejected", None),
    (error(500, "runtime_error", "x"), AmbiguousOutcomeError, "outcome_unknown", None),
    (error(503, "model_not_loaded", "x"), TransientError, "provider_unwell", None),
    (html(504), AmbiguousOutcomeError, "outcome_unknown", None),
]


@every_row_of(ROWS)
def test_every_row_of_the_table_of_errors(fake, provider, reply, kind, code, wait):
    assert_told_as(provider, fake, VENDOR.request(), (reply, kind, code, wait))
