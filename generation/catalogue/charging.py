"""What a call did cost, from what the provider counted. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from generation.catalogue.model import Model
from generation.catalogue.pricing import MILLION, estimate
from generation.money import ZERO, ceiling
from generation.request import GenerationRequest
from generation.result import Cost


@dataclass(frozen=True, slots=True)
class Tokens:
    """What was counted, by kind."""

    text_in: int = 0
    image_in: int = 0
    image_out: int = 0
    text_out: int = 0
    audio_out: int = 0

    @property
    def any(self) -> bool:
        """Whether anything was counted."""
        return bool(self.text_in or self.image_in or self.image_out or self.text_out or self.audio_out)


def cost_of(
    model: Model, request: GenerationRequest, tokens: Tokens | None, pictures: int, *, seconds: Decimal | None = None
) -> Cost:
    """`computed` of what was counted, by how the model is priced; else the most that was estimated.

    `tokens`, `seconds` (of a machine) None: the provider did not count. `request` as it was sent; `pictures`: how many
    came.
    """
    price = model.price
    if price is not None and price.unit == "gpu_second" and seconds is not None:
        return Cost(ceiling(price.rates["gpu_second"] * seconds), "computed")
    if price is not None and price.unit == "token" and tokens is not None:
        return Cost(_of_tokens(model, tokens), "computed")
    counted = price is not None and not (request.inputs and "input_megapixel" in price.rates)
    if price is not None and counted and price.unit in {"image", "megapixel"} and request.n > 0:
        most = estimate(model, request).high
        return Cost(None if most is None else ceiling(most / request.n * pictures), "computed")
    most = estimate(model, request).high
    return Cost(most, "unknown" if most is None else "estimated")


def cost_of_sound(
    model: Model, request: GenerationRequest, seconds: float | None, *, credits_: int | None = None,
    tokens: Tokens | None = None,
) -> Cost:  # fmt: skip
    """`computed` of the credits or tokens that were counted, of the words, or of the length; else the most estimated.

    `seconds`: how long it became; None where nothing came. Credits and tokens have rates beside that of the unit.
    """
    price = model.price
    if price is not None and credits_ is not None and "credit" in price.rates:
        return Cost(ceiling(price.rates["credit"] * credits_), "computed")
    if price is not None and tokens is not None and "audio_out" in price.rates:
        return Cost(_of_tokens(model, tokens), "computed")
    if price is not None and price.unit == "character":
        return Cost(ceiling(price.rates["character"] * len(request.prompt)), "computed")
    if price is not None and price.unit == "second" and seconds is not None:
        return Cost(ceiling(price.rates["second"] * Decimal(str(seconds))), "computed")
    return cost_of(model, request, None, 0 if seconds is None else 1)


def _of_tokens(model: Model, tokens: Tokens) -> Decimal:
    assert model.price is not None  # noqa: S101  # the caller has looked
    rates = model.price.rates
    counted = {
        "text_in": tokens.text_in, "image_in": tokens.image_in,
        "image_out": tokens.image_out, "text_out": tokens.text_out, "audio_out": tokens.audio_out,
    }  # fmt: skip
    return ceiling(sum((rates.get(kind, ZERO) * count / MILLION for kind, count in counted.items()), ZERO))
