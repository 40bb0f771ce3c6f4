"""What every vendor of sounds keeps beside all that `test_provider_contract` says of vendors in general."""

import io
from decimal import Decimal

import pytest
import soundfile
from fake_wire import changed
from sound_cases import EFFECTS, GOOGLE, SOUND_VENDORS
from vendor_cases import NOON, input_picture, made, shortened, those_of

from generation.errors import ContentRejectedError, InvalidRequestError, ProviderFailedError

ONE = 1


@pytest.fixture(params=SOUND_VENDORS, ids=str)
def vendor(request):
    return request.param


def failure(provider, request, kind, **lent):
    with pytest.raises(kind) as caught:
        made(provider, request, **lent)
    return caught.value


def assert_paid_for_nothing(fake, provider, request):
    error = failure(provider, request, ProviderFailedError)
    assert (error.charged, error.outcome_known, error.retryable, error.code) == ("yes", True, False, "empty_result")
    assert error.cost is not None
    assert len(fake.submissions) == ONE


def test_a_sound_comes_back_with_its_true_type_length_and_cost(vendor, fake, provider):
    result = made(provider, vendor.request())
    (output,) = result.outputs
    assert output.media_type == vendor.media_type
    samples, rate = soundfile.read(io.BytesIO(output.data))
    assert output.duration == pytest.approx(len(samples) / rate, abs=0.1)  # what pads an MP3 counts
    assert abs(samples).max() > 0.3
    assert (result.provider, result.model, result.stand_in) == (vendor.name, vendor.model, False)
    assert (result.cost.amount, result.cost.source) == (vendor.price, "computed")
    assert (result.started, result.finished, result.partial) == (NOON, NOON, None)
    assert result.request_id in {"req-1", "resp-1"}
    assert (len(fake.submissions), fake.charges) == (ONE, ONE)


def test_the_cost_lies_within_the_estimate(vendor, fake, provider):
    estimate = provider.estimate(vendor.request())
    assert estimate.low <= vendor.price <= estimate.high


def test_what_cannot_be_honoured_is_told(vendor, fake, provider):
    request = vendor.request(size=(32, 32), aspect_ratio="1:1", quality="high", strength=0.5, n=4)
    told = {item.field: item.used for item in made(provider, request).adjustments}
    assert told == {"size": None, "aspect_ratio": None, "quality": None, "strength": None, "n": 1}


def test_what_is_not_wanted_is_said_of_an_effect_and_never_spoken(vendor, fake, provider):
    result = made(provider, vendor.request(negative_prompt="birds"))
    (told,) = result.adjustments
    words = vendor.operation != "text_to_speech"
    assert (told.field, told.used) == ("negative_prompt", "in the prompt" if words else None)
    assert (b"Avoid: birds" in fake.submissions[0].body) == words


def test_a_strict_call_is_refused_where_something_would_be_changed(vendor, fake, provider):
    error = failure(provider, vendor.request(size=(32, 32)), InvalidRequestError, strict=True)
    assert (error.field, error.code, fake.submissions) == ("size", "unsupported", [])


@pytest.mark.parametrize("operation", ["text_to_image", "fusion", "image_to_video"])
def test_what_the_provider_cannot_do_is_refused_before_anything_is_sent(vendor, fake, provider, operation):
    error = failure(provider, vendor.request(operation=operation), InvalidRequestError)
    assert (error.code, error.hops, fake.submissions) == ("unsupported", True, [])


@pytest.mark.parametrize("fields", [{"prompt": "  "}, {"prompt": "ä" * 20_000}, {"inputs": (input_picture(),)}])
def test_what_is_no_text_for_a_sound_is_not_sent(vendor, fake, provider, fields):
    error = failure(provider, vendor.request(**fields), InvalidRequestError)
    assert error.field == ("inputs" if "inputs" in fields else "prompt")
    assert fake.submissions == []


@those_of(SOUND_VENDORS, lambda vendor: vendor is not GOOGLE)
def test_a_refusal_for_content_goes_nowhere_else(vendor, fake, provider):
    fake.script.append(vendor.rejected())
    error = failure(provider, vendor.request(), ContentRejectedError)
    assert (error.retryable, error.hops, error.stage) == (False, False, vendor.rejected_stage)
    assert error.charged == ("no" if vendor.rejected_stage == "input" else "yes")  # the time of the machine


@those_of(SOUND_VENDORS, lambda vendor: vendor.set_picture is not None)
@pytest.mark.parametrize("damage", [shortened, lambda _: "", lambda _: None], ids=["cut", "empty", "none"])
def test_a_damaged_sound_was_paid_for_and_is_not_bought_again(vendor, fake, provider, damage):
    fake.script.append(changed(lambda body: vendor.set_picture(body, damage)))
    assert_paid_for_nothing(fake, provider, vendor.request())


@those_of(SOUND_VENDORS, lambda vendor: vendor.damage is not None)
@pytest.mark.parametrize("damage", [lambda _: b"", lambda _: b"no sound"], ids=["empty", "text"])
def test_damaged_bytes_were_paid_for_and_are_not_bought_again(vendor, fake, provider, damage):
    vendor.damage(fake, damage)
    assert_paid_for_nothing(fake, provider, vendor.request())


@pytest.mark.parametrize("wanted", ["wav", "mp3", "opus"])
def test_the_format_is_the_one_that_was_asked_for(vendor, fake, provider, wanted):
    result = made(provider, vendor.request(format=wanted))
    (output,) = result.outputs
    capability = next(each for each in provider.capabilities() if each.model == vendor.model)
    if wanted not in capability.formats:
        assert [(item.field, item.used) for item in result.adjustments] == [("format", None)]
        return
    expected = {"wav": "audio/wav", "mp3": "audio/mpeg", "opus": "audio/ogg"}[wanted]
    assert (output.media_type, result.adjustments) == (expected, ())
    assert output.duration == pytest.approx(vendor.seconds, abs=0.1)


@those_of(SOUND_VENDORS, lambda vendor: vendor.set_picture is not None)
def test_ten_megabytes_of_json_around_a_sound_are_read(vendor, fake, provider):
    fake.script.append(changed(lambda body: body.update(padding=["x" * 1000] * 10_000)))
    result = made(provider, vendor.request())
    assert len(result.outputs) == 1
    assert len(str(result.raw)) < 500_000


def test_the_raw_answer_is_kept_without_the_sound(vendor, fake, provider):
    assert len(str(made(provider, vendor.request()).raw)) < 5000


def test_effects_without_a_length_may_cost_as_much_as_the_longest():
    provider = EFFECTS.provider(None, base_url="https://api.elevenlabs.io")
    assert provider.estimate(EFFECTS.request(duration=2.0)).high == Decimal("0.016000")
    assert provider.estimate(EFFECTS.request()).high == Decimal("0.240000")
