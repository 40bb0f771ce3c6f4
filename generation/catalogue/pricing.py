"""What a call may cost, from the lists of the catalogue. Pure: no call is made, no day is asked for but the given."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from generation.catalogue.model import Model, Price, PriceRow
from generation.money import ZERO, ceiling
from generation.request import GenerationRequest
from generation.result import CostEstimate

MILLION = Decimal(1_000_000)
STALE_AFTER = timedelta(days=90)
LONGEST_SECONDS = 30.0
"""How long a sound may become whose length the provider chooses, where the model says nothing else."""

MEGAPIXEL = 1024 * 1024
LARGEST_INPUT = 4
"""Megapixels of an input, where those are paid for: larger ones are made smaller over there."""

_CHARACTERS_PER_TOKEN, _BYTES_PER_TOKEN = 4, 2
"""Prose has four characters to a token; names, numbers and other scripts have as little as two bytes."""
_FASTEST_SPEECH, _SLOWEST_SPEECH = Decimal(30), Decimal(6)
"""Characters a second, and bytes of them."""
_AUTO = (None, "auto")


def is_stale(price: Price, today: date) -> bool:
    """Whether nobody has looked at the price for three months."""
    return today - price.as_of > STALE_AFTER


def estimate(model: Model, request: GenerationRequest, *, inputs: int | None = None) -> CostEstimate:
    """What the call may cost at least and at most; budgets are held against the latter.

    `inputs`: how many pictures go in, where the request does not carry them yet. What the request leaves to the model
    is taken as the dearest. An unknown price gives None.
    """
    price = model.price
    if price is None:
        return CostEstimate(None, None, f"no price of {model.name} is known")
    if price.unit == "free":
        return CostEstimate(ZERO, ZERO, "free of charge")
    count = len(request.inputs) if inputs is None else inputs
    if price.rows and not _of_quality(price.rows, model, request.quality):
        return CostEstimate(None, None, f"no price of {model.name} at quality {request.quality} is known")
    low, high, basis = (
        _of_tokens(model, price, request, count) if price.unit == "token" else _of_units(model, request, count)
    )
    told = f"{basis}; {price.source}, {price.as_of}"
    return CostEstimate(ceiling(low), ceiling(high), told, guess=price.guess)


def _of_units(model: Model, request: GenerationRequest, inputs: int) -> tuple[Decimal, Decimal, str]:
    price = model.price
    assert price is not None  # noqa: S101  # the caller has looked
    if price.unit == "image":
        low, high = _of_rows(price.rows, model, request, "price")
        return low * request.n, high * request.n, f"{request.n} x {_span(low, high)} a picture"
    if price.unit == "megapixel":
        return _of_megapixels(model, price, request, inputs)
    if price.unit == "character":
        length = Decimal(len(request.prompt.encode("utf-8", "surrogatepass")))
        characters = Decimal(len(request.prompt))
        rate = price.rates["character"]
        return characters * rate, length * rate, f"{len(request.prompt)} characters at ${rate}"
    least = Decimal(str(request.duration or 0))
    most = Decimal(str(request.duration or model.longest or LONGEST_SECONDS))
    if price.unit == "gpu_second":
        least, most = ZERO, price.rates.get("usual_seconds", Decimal(60))
    elif request.operation == "text_to_speech":
        least, most = _spoken(request)
    rate = price.rates[price.unit]
    return least * rate * request.n, most * rate * request.n, f"{request.n} x up to {most} seconds at ${rate}"


def _of_megapixels(model: Model, price: Price, request: GenerationRequest, inputs: int) -> tuple[Decimal, Decimal, str]:
    """By area; or the first megapixel at its own rate and every further one that is begun. Inputs count by theirs."""
    width, height = request.size or model.default_size or (1024, 1024)
    rate = price.rates["megapixel"]
    first = price.rates.get("first_megapixel")
    if first is None:
        size = max(Decimal(1), Decimal(width * height) / MILLION)
        each, basis = rate * size, f"{size:.2f} megapixels at ${rate}"
    else:
        whole = -(-width * height // MEGAPIXEL)
        each, basis = first + rate * (whole - 1), f"${first}, ${rate} for each of {whole - 1} further megapixels"
    more = price.rates.get("input_megapixel", ZERO) * inputs
    told = f"{request.n} x {basis}" + (f", and {inputs} inputs of up to {LARGEST_INPUT} megapixels" if more else "")
    return each * request.n + more, each * request.n + more * LARGEST_INPUT, told


def _spoken(request: GenerationRequest) -> tuple[Decimal, Decimal]:
    """How many seconds a text takes to be said, at least and at most, by its length; other scripts say more by less."""
    speed = Decimal(str(request.speed or 1.0))
    size = len(request.prompt.encode("utf-8", "surrogatepass"))
    return len(request.prompt) / (_FASTEST_SPEECH * speed), size / (_SLOWEST_SPEECH * speed) + 1


def _of_tokens(model: Model, price: Price, request: GenerationRequest, inputs: int) -> tuple[Decimal, Decimal, str]:
    """Tokens of the prompt and of the inputs go in, those of the pictures and of thought come out, each at its rate."""
    rate = {name: amount / MILLION for name, amount in price.rates.items()}
    text_in, text_out, image_in = (rate.get(name, ZERO) for name in ("text_in", "text_out", "image_in"))
    words = (len(request.prompt) // _CHARACTERS_PER_TOKEN, _most_tokens(request.prompt))
    pictures = _of_rows(price.rows, model, request, "tokens")
    ends = [
        (picture * rate["image_out"] + thought * text_out) * request.n
        + (word * text_in + token * image_in * inputs) * _calls(model, request)
        for picture, thought, word, token in zip(pictures, price.thought_tokens, words, price.input_tokens, strict=True)
    ]
    basis = f"{request.n} x {_span(*pictures)} tokens at ${price.rates['image_out']} per million"
    return ends[0], ends[1], basis + (f", and {inputs} inputs" if inputs else "")


def _most_tokens(prompt: str) -> int:
    return len(prompt.encode("utf-8", "surrogatepass")) // _BYTES_PER_TOKEN + 1


def _calls(model: Model, request: GenerationRequest) -> int:
    """How often the prompt is sent: a model that makes one picture a call is called for each."""
    return -(-request.n // max(1, model.max_n))


def _of_rows(rows: Sequence[PriceRow], model: Model, request: GenerationRequest, what: str) -> tuple[Decimal, Decimal]:
    """Least and most of the rows that fit; a size between two rows may be as dear as the larger."""
    fitting = _of_quality(rows, model, request.quality)
    size = request.size or model.default_size
    exact = [row for row in fitting if row.size in (None, size)]
    if size is not None and exact:
        return _ends(exact, what)
    if size is None:
        return _ends(fitting, what)
    area = size[0] * size[1]
    areas = sorted({_area(row) for row in fitting})
    bound = next((each for each in areas if each >= area), areas[-1])
    low, high = _ends([row for row in fitting if _area(row) <= bound], what)
    growth = max(Decimal(1), Decimal(area) / Decimal(areas[-1]))
    return low, high * growth


def _of_quality(rows: Sequence[PriceRow], model: Model, quality: str | None) -> Sequence[PriceRow]:
    """The rows of a quality; where it is left to the model, those up to the one that it takes at most."""
    if quality not in _AUTO:
        return [row for row in rows if row.quality in (None, quality)]
    if model.default_quality is None:
        return rows
    up_to = model.qualities[: model.qualities.index(model.default_quality) + 1]
    return [row for row in rows if row.quality is None or row.quality in up_to]


def _area(row: PriceRow) -> int:
    return row.size[0] * row.size[1] if row.size is not None else 0


def _ends(rows: Iterable[PriceRow], what: str) -> tuple[Decimal, Decimal]:
    amounts = [Decimal(getattr(row, what)) for row in rows]
    return min(amounts), max(amounts)


def _span(low: Decimal, high: Decimal) -> str:
    return str(low) if low == high else f"{low} to {high}"
