"""Money: US dollars as exact decimals. The database keeps whole micro-dollars; texts have 2 to 6 decimals. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_UP, Decimal, InvalidOperation

from ontology.errors import InvalidInputError

MICRO = Decimal("0.000001")
ZERO = Decimal(0)
LARGEST = Decimal(1_000_000)
"""No single amount of this program is larger; what is, is a slip or an attack."""


def usd(value: str | float | Decimal, *, what: str = "the amount") -> Decimal:
    """An amount as somebody writes it: `0.5`, `"12.50"`, `"$3"`.

    Raises InvalidInputError (`invalid_amount`) for what is no number, negative, not finite, beyond a million dollars
    or finer than a micro-dollar.
    """
    try:
        amount = Decimal(str(value).strip().removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount > LARGEST or amount != amount.quantize(MICRO):
        raise InvalidInputError(
            f"{what} is {value!r}, which is no amount of US dollars",
            hint="write a number from 0 to 1000000 with at most 6 decimals, for example 0.50",
            code="invalid_amount",
        )
    return amount


def micro_dollars(amount: Decimal) -> int:
    """The amount in whole micro-dollars; what is finer is rounded to the nearest."""
    return int((amount / MICRO).to_integral_value(ROUND_HALF_EVEN))


def from_micro_dollars(amount: int) -> Decimal:
    """The amount in dollars."""
    return Decimal(amount) * MICRO


def ceiling(amount: Decimal) -> Decimal:
    """The amount rounded up to a whole micro-dollar: what is reserved must never be less than what may be charged."""
    return amount.quantize(MICRO, ROUND_UP)


def split(amount: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """The amount in shares of whole micro-dollars, which add up to it exactly; what is finer is rounded first.

    By weight (each 0 or more); where all are 0, alike. What cannot be shared out evenly goes to the first.
    """
    total = micro_dollars(amount)
    parts = list(weights) if any(weights) else [1] * len(weights)
    shares = [total * part // sum(parts) for part in parts]
    left = total - sum(shares)
    for number, part in enumerate(parts):
        more = min(left, 1 if part else 0)
        shares[number] += more
        left -= more
    return [from_micro_dollars(share) for share in shares]


def text_of(amount: Decimal | None) -> str | None:
    """The amount as JSON has it (contract §5): `"0.00"`, `"0.0336"`, never more than 6 decimals; None is unknown."""
    if amount is None:
        return None
    exact = f"{amount.quantize(MICRO, ROUND_HALF_EVEN):f}"
    whole, _, decimals = exact.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
