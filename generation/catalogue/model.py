"""The catalogue as frozen values. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from generation.capability import Capability
from generation.money import text_of
from generation.request import Operation

MANUAL = "manual"
"""The end of a chain where a person makes the thing: the job is parked with instructions."""

Unit = Literal["free", "token", "image", "second", "character", "megapixel", "gpu_second"]
"""What is paid for. Tokens are priced by the million, all else by the piece."""


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One line of a price table: what a picture of this size and quality takes. None: of any.

    `tokens`: how many tokens of output; `price`: dollars, where pictures are priced as such.
    """

    size: tuple[int, int] | None = None
    quality: str | None = None
    tokens: int | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, and how we know. `source` and `as_of` are shown beside every amount.

    `rates`: dollars; for `token` per million of `text_in`, `image_in`, `image_out`, `text_out`; else of the unit by its
    name. `input_tokens`, `thought_tokens`: least and most of an input picture, and of what the model thinks.
    `guess`: no price list stands behind it.
    """

    unit: Unit
    source: str
    as_of: date
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    rows: tuple[PriceRow, ...] = ()
    input_tokens: tuple[int, int] = (0, 0)
    thought_tokens: tuple[int, int] = (0, 0)
    guess: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """One model of one provider. `id` is the provider's own name for it.

    `sizes`: empty for any; `default_size`, `default_quality`: the most that is made of it when nobody asks for one;
    `qualities` are in rising order.
    `sunset`: from this day on it does not answer; `deprecated`: since then its maker advises against it; `replaced_by`:
    another model as `provider:id`. `longest`: seconds that it makes at most.
    """

    provider: str
    id: str
    operations: tuple[Operation, ...]
    price: Price | None = None
    label: str = ""
    sizes: tuple[tuple[int, int], ...] = ()
    default_size: tuple[int, int] | None = None
    aspect_ratios: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    default_quality: str | None = None
    formats: tuple[str, ...] = ("png",)
    max_inputs: int = 0
    max_n: int = 1
    longest: float | None = None
    accepts: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()
    sunset: date | None = None
    deprecated: date | None = None
    replaced_by: str | None = None

    @property
    def name(self) -> str:
        """`provider:id`, its name in specs."""
        return f"{self.provider}:{self.id}"

    def is_gone(self, today: date) -> bool:
        """Whether it does not answer any more."""
        return self.sunset is not None and today >= self.sunset

    def capability(self, operation: Operation) -> Capability | None:
        """What it can do of an operation; None where it cannot."""
        if operation not in self.operations:
            return None
        limits = (self.sizes, self.formats, self.max_inputs, self.max_n, self.accepts, self.qualities)
        return Capability(operation, self.id, *limits)

    def capabilities(self) -> Iterator[Capability]:
        """All that it can do."""
        return (each for each in map(self.capability, self.operations) if each is not None)

    def to_json(self) -> dict[str, object]:
        """As lists of models show it, the price with its source."""
        return {
            "name": self.name,
            "label": self.label,
            "operations": list(self.operations),
            "aliases": list(self.aliases),
            "sunset": None if self.sunset is None else self.sunset.isoformat(),
            "deprecated": None if self.deprecated is None else self.deprecated.isoformat(),
            "replaced_by": self.replaced_by,
            "price": None
            if self.price is None
            else {
                "unit": self.price.unit,
                "rates": {name: text_of(rate) for name, rate in self.price.rates.items()},
                "source": self.price.source,
                "as_of": self.price.as_of.isoformat(),
                "guess": self.price.guess,
            },
        }


@dataclass(frozen=True, slots=True)
class Maker:
    """A provider as the catalogue knows it. `keys`: variables that may hold its key, the first that is set counts.

    `defaults`: operation → the model that is taken when only the provider is named.
    """

    name: str
    label: str
    keys: tuple[str, ...] = ()
    defaults: Mapping[Operation, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name: of a provider or a model (`provider:id`). `notice` is said whenever it is used."""

    name: str
    target: str
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Providers by name, models by `provider:id`, aliases by name."""

    makers: Mapping[str, Maker]
    models: Mapping[str, Model]
    aliases: Mapping[str, Alias]

    def models_of(self, provider: str) -> tuple[Model, ...]:
        """The models of a provider."""
        return tuple(model for model in self.models.values() if model.provider == provider)

    def names(self) -> tuple[str, ...]:
        """Every name that a spec may use, for suggestions."""
        return (*self.makers, *self.aliases, *(model.id for model in self.models.values()), *self.models)
