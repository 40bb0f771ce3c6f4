"""How long to wait is understood in every form that a provider has for it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.providers.retry_after import LONGEST, retry_after

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "texts", "seconds"),
    [
        ({"retry-after": "12"}, [], 12),
        ({"retry-after": " 1.5 "}, [], 1.5),
        ({"retry-after-ms": "250"}, [], 0.25),
        ({"retry-after-ms": "250", "retry-after": "9"}, ["99s"], 0.25),
        ({"retry-after": "Sat, 21 Nov 2026 12:01:30 GMT"}, [], 90),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"}, [], 0),
        ({"retry-after": "Saturday, 21-Nov-26 12:00:10 GMT"}, [], 10),
        ({}, ["34s"], 34),
        ({}, ["34.074824224s"], 34.074824224),
        ({}, ["Request was throttled. Your rate limit resets in ~30s."], 30),
        ({}, ["~30s"], 30),
        ({}, ["Limit 5/min. Please try again after 12 seconds."], 12),
        ({}, ["Please try again in 1.2s. Visit https://x"], 1.2),
        ({}, ["Please try again in 250ms."], 0.25),
        ({}, ["Please try again in 20 milliseconds"], 0.02),
        ({}, ["try again in 2 minutes"], 120),
        ({}, ["try again within 1 hour"], 3600),
        ({"retry-after": "34s"}, [], 34),
        ({"retry-after": "soon"}, ["34s"], 34),
        ({"retry-after": "99999999999"}, [], LONGEST),
        ({}, [], None),
        ({"retry-after": ""}, ["no idea"], None),
        ({"retry-after": "-5"}, [], None),
        ({"retry-after": "nan"}, [], None),
        ({"retry-after": "inf"}, [], None),
        ({"retry-after": "1e9"}, [], None),
        ({}, ["made in 2026 somewhere"], None),
    ],
)
def test_a_wait_is_understood(headers, texts, seconds):
    assert retry_after(headers, texts, now=NOON) == seconds


@given(st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms"]), st.text(max_size=40)), st.lists(st.text()))
def test_whatever_is_said_the_wait_is_none_or_bearable(headers, texts):
    seconds = retry_after(headers, texts, now=NOON)
    assert seconds is None or 0 <= seconds <= LONGEST


@given(st.integers(0, 10_000))
def test_seconds_milliseconds_durations_and_sentences_agree(seconds):
    forms = [
        retry_after({"retry-after": str(seconds)}, now=NOON),
        retry_after({"retry-after-ms": str(seconds * 1000)}, now=NOON),
        retry_after({}, [f"{seconds}s"], now=NOON),
        retry_after({}, [f"limit resets in ~{seconds}s."], now=NOON),
        retry_after({}, [f"try again after {seconds} seconds"], now=NOON),
    ]
    assert forms == [seconds] * 5
