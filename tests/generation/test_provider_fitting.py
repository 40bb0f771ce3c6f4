"""A request is made to fit what a model takes, and what is kept safe of an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.catalogue.loading import shipped_catalogue
from generation.providers.access import Secret
from generation.providers.fitting import LEAST_PIXELS, MOST_PIXELS, free_size, nearest_ratio, ratio_of, stepped_size
from generation.providers.redaction import safe_text, safe_value

SIDES = st.integers(1, 20_000)
RATIOS = shipped_catalogue().models["gemini:gemini-nano-banana-2.1"].aspect_ratios


@given(SIDES, SIDES)
def test_a_free_size_is_always_one_that_is_taken(width, height):
    across, down = free_size(width, height)
    assert across % 16 == down % 16 == 0
    assert max(across, down) <= 3840
    assert across <= 3 * down
    assert down <= 3 * across
    assert LEAST_PIXELS <= across * down <= MOST_PIXELS


@given(SIDES, SIDES)
def test_a_size_that_is_taken_stays_as_it_is(width, height):
    fitted = free_size(width, height)
    assert free_size(*fitted) == fitted


@given(SIDES, SIDES, st.sampled_from([8, 16, 64]), st.sampled_from([1_048_576, 4_194_304]), st.integers(1024, 4096))
def test_a_stepped_size_is_of_whole_steps_and_no_larger_than_the_model_makes(width, height, step, pixels, longest):
    fitted = stepped_size((width, height), step, pixels, longest // step * step)
    assert all(side % step == 0 and 256 <= side <= longest for side in fitted)
    assert fitted[0] * fitted[1] <= pixels
    assert stepped_size(fitted, step, pixels, longest // step * step) == fitted
    assert (fitted[0] >= fitted[1]) == (width >= height) or fitted[0] == fitted[1] or abs(width - height) < step


@given(SIDES, SIDES)
def test_the_nearest_shape_is_never_further_than_any_other(width, height):
    found = ratio_of(nearest_ratio((width, height), RATIOS))
    mine = width / height
    assert all(max(found / mine, mine / found) <= max(ratio_of(r) / mine, mine / ratio_of(r)) for r in RATIOS)


VALUES = st.recursive(
    st.none() | st.integers() | st.text() | st.text("ABCdef+/", min_size=300, max_size=400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


@given(VALUES, st.text(min_size=0, max_size=30))
def test_no_key_and_no_content_is_left_in_what_is_kept(value, around):
    key = "zq-123456-hidden-key"
    kept = str(safe_value({"a": value, "b": around + key + around, key: "A" * 5000}, [Secret(key)]))
    assert key not in kept
    assert "A" * 256 not in kept


@pytest.mark.parametrize(
    "name", ["Authorization", "xi-api-key", "X-Goog-Api-Key", "x-key", "x-api-key", "access_token", "client_secret"]
)
def test_what_stands_under_the_name_of_a_key_is_hidden_whoever_it_belongs_to(name):
    assert "zq-1" not in str(safe_value({"headers": {name: "zq-1"}}))


@given(st.integers(0, 60_000))
def test_a_key_is_not_half_shown_where_a_text_is_cut(place):
    key = "zq-123456-hidden-key"
    assert "zq-" not in safe_text(" " * place + key, [Secret(key)])
