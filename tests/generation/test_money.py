"""Money is exact: what is written, kept and shown is the same amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.money import ceiling, from_micro_dollars, micro_dollars, text_of, usd
from ontology.errors import InvalidInputError

AMOUNTS = st.integers(min_value=0, max_value=10**12)


@given(AMOUNTS)
def test_what_is_shown_reads_back_as_the_same_amount(micro: int) -> None:
    shown = text_of(from_micro_dollars(micro))
    assert shown is not None
    assert micro_dollars(usd(shown)) == micro


@given(AMOUNTS)
def test_an_amount_has_two_to_six_decimals(micro: int) -> None:
    shown = text_of(from_micro_dollars(micro)) or ""
    assert 2 <= len(shown.split(".")[1]) <= 6


@given(st.decimals(min_value=0, max_value=1000, places=9))
def test_a_reservation_is_never_less_than_the_amount(amount: Decimal) -> None:
    assert 0 <= ceiling(amount) - amount < Decimal("0.000001")


@pytest.mark.parametrize(("written", "shown"), [("$3", "3.00"), (0.5, "0.50"), (" 1.25 ", "1.25"), ("1e2", "100.00")])
def test_an_amount_is_read_as_people_write_it(written: str | float, shown: str) -> None:
    assert text_of(usd(written)) == shown


@pytest.mark.parametrize("written", ["-1", "NaN", "Infinity", "1e9", "", "three", "0.0000001", float("nan"), "1,50"])
def test_what_is_no_amount_is_refused(written: str | float) -> None:
    with pytest.raises(InvalidInputError, match="no amount of US dollars") as caught:
        usd(written)
    assert caught.value.code == "invalid_amount"


def test_an_unknown_amount_is_null_and_not_zero() -> None:
    assert text_of(None) is None
