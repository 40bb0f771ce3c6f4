"""What every provider that is asked over HTTP keeps, whoever it is: over real sockets, against fakes of the vendors."""

import logging
import socket
import threading
import time
import traceback
from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import fake_wire
import pytest
from fake_wire import KEY, Reply, changed, html
from sound_cases import SOUND_VENDORS
from vendor_cases import NOON, OPENAI, VENDORS, context, cut_picture, input_picture, made, shortened, those_of

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

ONE = 1


@pytest.fixture(params=[*VENDORS, *SOUND_VENDORS], ids=str)
def vendor(request):
    return request.param


pictures = those_of(VENDORS)
"""What is said of vendors of pictures alone; of those of sounds see `test_sound_contract`."""

editors = those_of(VENDORS, lambda vendor: vendor.edit_model is not None)


@pytest.fixture
def editing(vendor):
    """A request that changes a picture."""
    return lambda *inputs: vendor.request(operation="image_to_image", model=vendor.edit_model, inputs=inputs)


def failure(provider, request, kind=ProviderError, **lent):
    with pytest.raises(kind) as caught:
        made(provider, request, **lent)
    return caught.value


def is_unknown(error):
    return isinstance(error, AmbiguousOutcomeError) and not error.retryable and not error.hops


def may_be_sent_again(error):
    return error.retryable and error.charged == "no" and error.outcome_known


# --- What is made ---------------------------------------------------------------------------------------------------


@pictures
def test_a_picture_comes_back_with_its_true_type_size_and_cost(vendor, fake, provider):
    result = made(provider, vendor.request(size=(1024, 1024)))
    (output,) = result.outputs
    assert (output.width, output.height) == (1024, 1024)
    assert output.media_type == vendor.media_type
    assert output.data[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"RIFF")
    assert (result.provider, result.model, result.stand_in) == (vendor.name, vendor.model, False)
    assert result.cost.source == "computed"
    assert result.cost.amount is not None
    assert Decimal(0) < result.cost.amount < Decimal("0.07")
    assert (result.started, result.finished, result.partial) == (NOON, NOON, None)
    assert (len(fake.submissions), fake.charges) == (ONE, ONE)


@pictures
def test_the_cost_lies_within_the_estimate(vendor, fake, provider):
    request = vendor.request(size=(1024, 1024), quality="high" if vendor is OPENAI else None)
    estimate = provider.estimate(request)
    cost = made(provider, request).cost.amount
    assert estimate.high is not None
    assert cost <= estimate.high


@those_of(VENDORS, lambda vendor: vendor.fusion_model is not None)
def test_several_pictures_go_in_and_the_words_say_which_is_which(vendor, fake, provider):
    inputs = [
        input_picture("character", label="Alex", layer=1),
        input_picture("background", label="the gate", media_type="image/jpeg"),
    ]
    made(provider, vendor.request(operation="fusion", model=vendor.fusion_model, inputs=inputs))
    (seen,) = fake.submissions
    words = vendor.prompt_of(seen)
    assert "Image 1 is the background: the gate." in words
    assert "Image 2 shows a character: Alex." in words


@pictures
def test_the_raw_answer_is_kept_without_the_picture(vendor, fake, provider):
    result = made(provider, vendor.request())
    assert len(str(result.raw)) < 5000
    assert ("sha256" in str(result.raw)) == (vendor.set_picture is not None)


@pictures
def test_what_cannot_be_honoured_is_told(vendor, fake, provider):
    request = vendor.request(seed=7, voice="x", negative_prompt="blur")
    can = next(each.accepts for each in provider.capabilities() if each.model == vendor.model)
    expected = {"voice": None, "seed": None, "negative_prompt": "in the prompt"}
    told = {item.field: item.used for item in made(provider, request).adjustments}
    assert told == {field: used for field, used in expected.items() if field not in can}
    words = vendor.prompt_of(fake.submissions[0])
    assert ("Avoid: blur" in words) == ("negative_prompt" not in can)


@pictures
def test_a_strict_call_is_refused_where_something_would_be_changed(vendor, fake, provider):
    error = failure(provider, vendor.request(voice="x"), InvalidRequestError, strict=True)
    assert (error.field, error.code, error.hops) == ("voice", "unsupported", True)
    assert fake.submissions == []


def test_what_decides_the_price_cannot_be_smuggled_in_as_an_extra(vendor, fake, provider):
    made(provider, vendor.request())
    made(provider, vendor.request(extra=vendor.smuggled))
    plain, smuggled = fake.submissions
    assert vendor.smuggled
    assert (smuggled.path, smuggled.asked) == (plain.path, plain.asked)


@pictures
@pytest.mark.parametrize("operation", ["music", "text_to_speech", "image_to_video"])
def test_what_the_provider_cannot_do_is_refused_before_anything_is_sent(vendor, fake, provider, operation):
    error = failure(provider, vendor.request(operation=operation), InvalidRequestError)
    assert (error.code, error.hops, fake.submissions) == ("unsupported", True, [])


def test_an_unknown_model_is_refused_before_anything_is_sent_and_has_no_price(vendor, fake, provider):
    request = vendor.request(model="made-up-9")
    assert failure(provider, request, InvalidRequestError).code == "unsupported"
    assert provider.estimate(request).high is None
    assert fake.submissions == []


@editors
def test_pictures_that_are_missing_are_asked_for_before_anything_is_sent(fake, provider, editing):
    assert failure(provider, editing(), InvalidRequestError).field == "inputs"
    error = failure(provider, editing(input_picture(media_type="image/tiff")), InvalidRequestError)
    assert "image/tiff" in error.message
    assert fake.submissions == []


@pictures
def test_capabilities_are_those_of_the_catalogue_that_the_adapter_can_ask_for(vendor, provider):
    operations = {each.operation for each in provider.capabilities()}
    assert "text_to_image" in operations
    assert vendor.fusion_model is None or "fusion" in operations
    assert operations <= provider.operations


# --- What surely did not start --------------------------------------------------------------------------------------


def test_a_refused_connection_surely_started_nothing(vendor, fake):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        provider = vendor.provider(fake, base_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        error = failure(provider, vendor.request(), TransientError)
    assert may_be_sent_again(error)
    assert error.code == "provider_unreachable"


def test_an_unknown_host_surely_started_nothing(vendor, fake, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    provider = vendor.provider(fake, base_url="https://nowhere.example")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert may_be_sent_again(failure(provider, vendor.request(), TransientError))


def test_a_failed_handshake_surely_started_nothing(vendor, fake):
    provider = vendor.provider(fake, base_url=fake.base_url.replace("http://", "https://"))
    assert may_be_sent_again(failure(provider, vendor.request(), TransientError))
    assert fake.submissions == []


@editors
def test_a_request_that_did_not_leave_whole_surely_started_nothing(vendor, fake, editing):
    """The server reads a little of a large request, and is gone."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def serve():
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                time.sleep(0.1)

        threading.Thread(target=serve, daemon=True).start()
        provider = vendor.provider(fake, base_url=f"http://127.0.0.1:{listening.getsockname()[1]}")
        noise = input_picture()
        large = type(noise)(noise.data + b"\0" * 9_000_000, "image/png", "base")
        error = failure(provider, editing(large), TransientError)
    assert may_be_sent_again(error)
    assert "whole request" in error.message


def test_without_time_left_nothing_is_sent(vendor, fake, provider):
    assert may_be_sent_again(failure(provider, vendor.request(), TransientError, seconds=0))
    assert fake.submissions == []


@pytest.mark.parametrize("key", [None, "", "  "])
def test_without_a_key_nothing_is_sent(vendor, fake, key):
    provider = vendor.provider(fake, key=key)
    error = failure(provider, vendor.request(), AuthError)
    assert (error.code, error.charged) == ("provider_no_key", "no")
    assert f"{vendor.name.upper()}_KEY" in (error.hint or "")
    assert fake.submissions == []
    health = provider.check()
    assert (health.state, health.missing_key) == ("no_key", f"{vendor.name.upper()}_KEY")


@pytest.mark.parametrize("key", ["two words-canary", "quote”canary", "line\r\ncanary"])
def test_a_key_that_cannot_stand_in_a_header_is_refused_without_being_shown(vendor, fake, key):
    error = failure(vendor.provider(fake, key=key), vendor.request(), AuthError)
    assert "canary" not in str(error) + repr(error) + str(error.hint)
    assert fake.submissions == []


# --- What nobody can tell -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        fake_wire.drop_after_acceptance,
        fake_wire.hang_up,
        fake_wire.cut_body,
        fake_wire.wrong_length,
        fake_wire.too_large,
    ],
    ids=lambda fault: fault.__name__,
)
def test_a_lost_answer_is_unknown_and_was_submitted_once(vendor, fake, provider, fault):
    fake.script.append(fault)
    error = failure(provider, vendor.request())
    assert is_unknown(error)
    assert (error.charged, error.outcome_known) == ("unknown", False)
    assert "queue resolve" in (error.hint or "")
    assert ("its answer has more than" in error.message) == (fault is fake_wire.too_large)
    assert (len(fake.submissions), fake.charges) == (ONE, ONE)


@pytest.mark.parametrize(
    "fault", [fake_wire.silent, fake_wire.drip, fake_wire.drip_headers], ids=lambda fault: fault.__name__
)
def test_the_deadline_ends_a_call_however_slowly_it_drips(vendor, fake, provider, fault):
    fake.script.append(fault)
    began = time.monotonic()
    error = failure(provider, vendor.request(), seconds=0.5)
    assert time.monotonic() - began < 15  # they would go on for more than that
    assert is_unknown(error)
    assert "0.5 s" in error.message
    assert len(fake.submissions) == ONE


@pytest.mark.parametrize("status", [408, 500, 502, 504, 520, 524])
def test_a_broken_server_may_have_charged(vendor, fake, provider, status):
    fake.script.append(html(status))
    error = failure(provider, vendor.request())
    assert is_unknown(error)
    assert (error.status, error.request_id) == (status, "req-1")
    assert "502 Bad Gateway" in error.message
    assert "<" not in error.message
    assert len(fake.submissions) == ONE


@pytest.mark.parametrize("body", ["<html><title>Sign in to the Wi-Fi</title></html>", "", "[]", "null", '{"a":'])
def test_a_success_that_is_no_answer_is_unknown(vendor, fake, provider, body):
    fake.script.append(Reply(200, body))
    assert is_unknown(failure(provider, vendor.request()))


def test_json_as_deep_as_it_is_long_is_unknown_and_no_crash(vendor, fake, provider):
    fake.script.append(Reply(200, "[" * 200_000))
    assert is_unknown(failure(provider, vendor.request()))


# --- What the statuses mean -----------------------------------------------------------------------------------------


def test_a_gateway_that_is_away_may_be_asked_again_only_if_it_says_when(vendor, fake, provider):
    fake.script.append(Reply(503, "<title>away</title>", {"Retry-After": "7"}))
    error = failure(provider, vendor.request(), TransientError)
    assert may_be_sent_again(error)
    assert error.retry_after == 7
    fake.script.append(html(503))
    assert is_unknown(failure(provider, vendor.request()))


def test_too_many_calls_say_when_to_come_back(vendor, fake, provider):
    fake.script.append(vendor.rate_limit({"Retry-After": "12"}))
    error = failure(provider, vendor.request(), RateLimitedError)
    assert may_be_sent_again(error)
    assert error.retry_after == 12
    fake.script.append(vendor.rate_limit({"Retry-After": "Sat, 21 Nov 2026 12:00:30 GMT"}))
    assert failure(provider, vendor.request(), RateLimitedError).retry_after == 30


def test_no_money_is_never_tried_again_but_another_route_is(vendor, fake, provider):
    fake.script.append(vendor.no_quota())
    error = failure(provider, vendor.request(), QuotaExceededError)
    assert (error.retryable, error.hops, error.status) == (False, True, vendor.no_quota_status)


@pictures
def test_a_refusal_for_content_goes_nowhere_else(vendor, fake, provider):
    fake.script.append(vendor.rejected())
    error = failure(provider, vendor.request(), ContentRejectedError)
    assert (error.retryable, error.hops, error.stage, error.charged) == (False, False, vendor.rejected_stage, "no")


def test_a_wrong_key_is_told_and_remembered(vendor, fake):
    provider = vendor.provider(fake, key="sk-wrong-0987654321")
    error = failure(provider, vendor.request(), AuthError)
    assert (error.retryable, error.hops, error.charged) == (False, True, "no")
    assert provider.check().state == "refused"
    assert "0987654321" not in error.message


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(vendor, fake, provider, status):
    with vendor.fake() as elsewhere:
        fake.script.append(Reply(status, "", {"Location": elsewhere.base_url}))
        error = failure(provider, vendor.request(), InvalidRequestError)
        assert elsewhere.submissions == []
        assert elsewhere.others == []
    assert (error.code, error.charged) == ("provider_address", "no")


@pytest.mark.parametrize("status", [404, 405, 410, 418])
def test_a_page_that_is_not_the_vendors_is_a_wrong_address(vendor, fake, provider, status):
    fake.script.append(html(status))
    error = failure(provider, vendor.request(), InvalidRequestError)
    assert error.code == "provider_address"
    assert "base_url" in (error.hint or "")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, AuthError), (403, AuthError), (402, QuotaExceededError), (409, TransientError), (425, TransientError)],
)
def test_a_status_alone_says_enough(vendor, fake, provider, status, kind):
    fake.script.append(Reply(status, "{}"))
    error = failure(provider, vendor.request(), kind)
    assert (error.charged, error.status) == ("no", status)


def test_a_refusal_whose_page_is_cut_is_a_refusal_all_the_same(vendor, fake, provider):
    def cut_refusal(handler, seen):
        handler.send(Reply(402, "x" * 100), upto=20)
        handler.close_connection = True

    fake.script.append(cut_refusal)
    assert failure(provider, vendor.request(), QuotaExceededError).charged == "no"


# --- Damaged pictures -----------------------------------------------------------------------------------------------


def assert_paid_for_nothing(fake, provider, request):
    error = failure(provider, request, ProviderFailedError)
    assert (error.charged, error.outcome_known, error.retryable, error.code) == ("yes", True, False, "empty_result")
    assert error.cost is not None
    assert error.cost > 0
    assert len(fake.submissions) == ONE


@those_of(VENDORS, lambda vendor: vendor.set_picture is not None)
@pytest.mark.parametrize("damage", [shortened, cut_picture, lambda _: "", lambda _: "bm8gcGljdHVyZQ==", lambda _: None])
def test_a_damaged_picture_was_paid_for_and_is_not_bought_again(vendor, fake, provider, damage):
    fake.script.append(changed(lambda body: vendor.set_picture(body, damage)))
    assert_paid_for_nothing(fake, provider, vendor.request())


@those_of(VENDORS, lambda vendor: vendor.damage is not None)
@pytest.mark.parametrize(
    "damage",
    [lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"no picture"],
    ids=["cut", "empty", "text"],
)
def test_damaged_bytes_were_paid_for_and_are_not_bought_again(vendor, fake, provider, damage):
    vendor.damage(fake, damage)
    assert_paid_for_nothing(fake, provider, vendor.request())


@those_of(VENDORS, lambda vendor: vendor.damage is None or vendor.polled)
def test_ten_megabytes_of_json_around_a_picture_are_read(vendor, fake, provider):
    fake.script.append(changed(lambda body: body.update(padding=["x" * 1000] * 10_000)))
    result = made(provider, vendor.request())
    assert len(result.outputs) == 1
    assert len(str(result.raw)) < 500_000


@those_of(VENDORS, lambda vendor: vendor.usage is not None)
def test_odd_numbers_of_usage_do_not_become_money(vendor, fake, provider):

    def edit(body):
        for name in list(body[vendor.usage]):
            body[vendor.usage][name] = -5

    fake.script.append(changed(edit))
    cost = made(provider, vendor.request()).cost
    assert cost.source == "estimated"
    assert cost.amount == provider.estimate(vendor.request()).high


# --- Keys -----------------------------------------------------------------------------------------------------------


def test_the_key_is_in_no_error_log_raw_or_traceback(vendor, fake, provider, caplog):
    """The vendor itself repeats the key wherever it can."""
    caplog.set_level(logging.DEBUG)
    echo = f"your key {KEY} (and {quote(KEY, safe='')})"
    steps = [
        changed(
            lambda body: (
                isinstance(body, dict) and body.update(debug={"authorization": f"Bearer {KEY}", "note": echo, KEY: 1})
            )
        ),
        Reply(401, {"error": {"message": echo, "status": echo, "code": echo}}, {"X-Request-Id": KEY}),
        Reply(500, f"<title>{echo}</title>"),
        Reply(429, {"error": {"message": echo, "code": echo}}),
        Reply(418, {"error": {"message": echo, "param": echo}}),
        fake_wire.drop_after_acceptance,
        fake_wire.cut_body,
        Reply(200, {"promptFeedback": {"blockReason": echo}, "error": echo, "data": echo}),
        Reply(200, {"candidates": [{"finishReason": echo, "content": {"parts": [{"text": echo}]}}], "data": []}),
    ]
    told, chained = [], []
    for step in steps:
        fake.script.append(step)
        try:
            result = made(provider, vendor.request())
            told.append(repr(result) + str(result.raw) + str(result.request_id))
        except ProviderError as error:
            told += [repr(vars(error)), str(error), str(error.hint), repr(error.__context__), repr(error.__cause__)]
            chained += [error.__context__, error.__cause__]
            below = error.__traceback__.tb_next  # this test itself knows the key
            shown = traceback.TracebackException(type(error), error, below, capture_locals=True)
            told.append("".join(shown.format()))
    told += [caplog.text, repr(provider), repr(vars(provider)), repr(provider.check()), repr(vars(provider.wire))]
    assert set(chained) == {None}  # errors of the client library hold headers
    assert len(told) > 30
    for text in told:
        assert KEY not in text
        assert "canary" not in text


def test_the_key_goes_along_in_its_header_and_nowhere_else(vendor, fake, provider):
    made(provider, vendor.request())
    (seen,) = fake.submissions
    assert {name for name, value in seen.headers.items() if KEY in value} == vendor.key_headers
    assert KEY not in seen.path
    assert KEY.encode() not in seen.body


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.com",
        "ftp://127.0.0.1",
        "https://",
        "nonsense",
        "https://user:hunter2@api.example.com",
        "https://api.example.com/?key=1",
        "http://[::1",
        "https://x:99999999",
        "http://93.184.216.34",
    ],
)
def test_an_address_that_cannot_be_called_is_refused(vendor, fake, address):
    error = failure(vendor.provider(fake, base_url=address), vendor.request(), InvalidRequestError)
    assert error.code == "provider_address"
    assert "hunter2" not in error.message


# --- Health ---------------------------------------------------------------------------------------------------------


def test_health_is_a_free_call_that_is_believed_for_some_minutes(vendor, fake):
    clock = [0.0]
    provider = vendor.provider(fake, monotonic=lambda: clock[0])
    assert [provider.check().state for _ in range(3)] == ["ready"] * 3
    clock[0] = 299
    assert provider.check().state == "ready"
    assert (len(fake.others), fake.submissions) == (vendor.health_calls, [])
    clock[0] = 301
    fake.health = html(500)
    assert provider.check().state == "unwell"
    assert len(fake.others) == 2 * vendor.health_calls


@those_of([*VENDORS, *SOUND_VENDORS], lambda vendor: not vendor.lists_nothing)
def test_a_compatible_server_without_a_list_of_models_is_ready(vendor, fake, provider):
    fake.health = html(404)
    assert provider.check().state == "ready"


@those_of([*VENDORS, *SOUND_VENDORS], lambda vendor: not vendor.lists_nothing)
def test_a_provider_that_cannot_be_reached_is_unwell(vendor, fake):
    provider = vendor.provider(fake, base_url="http://127.0.0.1:9")
    assert provider.check().state == "unwell"


@those_of([*VENDORS, *SOUND_VENDORS], lambda vendor: not vendor.polled)
def test_there_is_no_history_to_ask(vendor, fake, provider):
    assert provider.recover(vendor.request(), context()) is None
    assert provider.cancel("x", context()) is False
    with pytest.raises(ProviderFailedError):
        provider.poll("x", vendor.request(), context())


def test_one_provider_serves_many_threads(vendor, fake, provider):
    done = []
    threads = [
        threading.Thread(target=lambda: done.append(made(provider, vendor.request(), seconds=60))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(fake.submissions), fake.charges) == (6, 6, 6)


def test_the_deadline_is_counted_from_the_given_clock(vendor, fake, provider):
    error = failure(provider, vendor.request(), TransientError, now=lambda: NOON + timedelta(hours=1))
    assert may_be_sent_again(error)
