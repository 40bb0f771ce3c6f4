"""Two calls have one fingerprint when they ask one provider for the same thing."""

from dataclasses import replace

import pytest

from generation.errors import AmbiguousOutcomeError, ContentRejectedError, InvalidRequestError, TransientError
from generation.request import GenerationRequest, InputAsset, fingerprint

COIN = GenerationRequest("text_to_image", "gpt-image-1.5", "a coin", size=(1024, 1024))
HERO = InputAsset(b"hero", "image/png", "character", asset_id="a0000000000000001")


def test_the_same_request_has_the_same_fingerprint() -> None:
    assert fingerprint("openai", COIN) == fingerprint("openai", replace(COIN))


@pytest.mark.parametrize(
    "change",
    [{"prompt": "two coins"}, {"seed": 7}, {"size": (512, 512)}, {"n": 2}, {"inputs": (HERO,)}, {"extra": {"a": 1}}],
)
def test_any_other_request_has_another_fingerprint(change: dict[str, object]) -> None:
    assert fingerprint("openai", COIN) != fingerprint("openai", replace(COIN, **change))  # type: ignore[arg-type]


def test_another_provider_makes_another_fingerprint() -> None:
    assert fingerprint("openai", COIN) != fingerprint("gemini", COIN)


def test_the_bytes_of_an_input_count_and_not_whose_they_are() -> None:
    one, moved = (replace(COIN, inputs=(replace(HERO, asset_id=name),)) for name in ("a1", None))
    other = replace(COIN, inputs=(replace(HERO, data=b"villain"),))
    assert fingerprint("openai", one) == fingerprint("openai", moved)
    assert fingerprint("openai", one) != fingerprint("openai", other)


def test_inputs_in_another_order_are_another_request() -> None:
    second = replace(HERO, data=b"gate", role="background")
    forth, back = (replace(COIN, inputs=pair) for pair in ((HERO, second), (second, HERO)))
    assert fingerprint("openai", forth) != fingerprint("openai", back)


def test_only_what_surely_did_not_start_may_be_sent_again() -> None:
    assert TransientError("503").retryable
    assert not TransientError("503", charged="unknown").retryable
    assert not AmbiguousOutcomeError("the answer never came").retryable


def test_a_refused_content_does_not_go_to_the_next_provider_and_a_model_that_is_gone_does() -> None:
    assert not ContentRejectedError("no").hops
    assert not InvalidRequestError("size").hops
    assert InvalidRequestError("gone", code="model_gone").hops
