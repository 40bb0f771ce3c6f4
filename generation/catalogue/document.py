"""The shape of `models.toml`, and how a catalogue is made of it: shipped first, a project's own over it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from generation.catalogue.model import Alias, Catalogue, Maker, Model, Price, PriceRow, Unit
from generation.money import usd
from generation.request import Operation
from ontology.errors import InvalidInputError
from ontology.escaping import visible

RATES = frozenset(
    {
        *("text_in", "image_in", "image_out", "text_out", "usual_seconds"),
        *("second", "character", "megapixel", "first_megapixel", "input_megapixel", "gpu_second"),
        *("audio_out", "credit"),
    }
)
_NEEDED = {
    "token": {"image_out"},
    "second": {"second"},
    "character": {"character"},
    "megapixel": {"megapixel"},
    "gpu_second": {"gpu_second"},
}


def _size(value: Any) -> Any:
    width, cross, height = str(value).partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise ValueError("a size is written 1024x1024")
    return int(width), int(height)


def _dollars(value: Any) -> Any:
    try:
        return usd(value)
    except InvalidInputError as error:
        raise ValueError(error.message) from None


Size = Annotated[tuple[int, int], BeforeValidator(_size)]
Dollars = Annotated[Decimal, BeforeValidator(_dollars)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Row(_Part):
    size: Size | None = None
    quality: str | None = None
    tokens: Count | None = None
    price: Dollars | None = None


class _Price(_Part):
    unit: Unit
    source: str
    as_of: date
    rates: dict[str, Dollars] = {}
    rows: list[_Row] = []
    input_tokens: tuple[Count, Count] = (0, 0)
    thought_tokens: tuple[Count, Count] = (0, 0)
    guess: bool = False


class _Model(_Part):
    operations: list[Operation] = Field(min_length=1)
    label: str = ""
    price: _Price | None = None
    sizes: list[Size] = []
    default_size: Size | None = None
    aspect_ratios: list[str] = []
    qualities: list[str] = []
    default_quality: str | None = None
    formats: list[str] = Field(default=["png"], min_length=1)
    max_inputs: int = Field(default=0, ge=0, le=100)
    max_n: int = Field(default=1, ge=1, le=100)
    longest: float | None = Field(default=None, gt=0)
    accepts: list[str] = []
    aliases: list[str] = []
    sunset: date | Literal[""] | None = None
    deprecated: date | Literal[""] | None = None
    replaced_by: str | None = None


class _Alias(_Part):
    target: str
    notice: str | None = None


class _Provider(_Part):
    label: str
    keys: list[str] = []
    defaults: dict[Operation, str] = {}


class _File(_Part):
    as_of: date | None = None
    providers: dict[str, _Provider] = {}
    aliases: dict[str, _Alias] = {}
    models: dict[str, _Model] = {}


OWN_PARTS = ("as_of", "aliases", "models")
"""What a project's own file may have. Which variable holds a key is not for a project to say."""


def catalogue_of(layers: Sequence[tuple[str, Mapping[str, Any]]]) -> Catalogue:
    """The catalogue of several files, each over the one before it: `(file as it is shown, its content)`, ours first.

    A model may be `like` another, whose fields it has where it says nothing itself. Raises InvalidInputError
    (`invalid_catalogue`) naming file and entry.
    """
    merged: dict[str, Any] = {}
    shown = layers[0][0]
    for number, (file, content) in enumerate(layers):
        if number:
            shown = file
            _only_own_parts(file, content)
        merged = _over(merged, content)
    models = merged.get("models", {})
    content = {**merged, "models": {name: _inherited(name, models, (), shown) for name in models}}
    try:
        file_content = _File.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise _invalid(shown, f"{where}: {first['msg']}") from None
    return _checked(_built(file_content), shown)


def _only_own_parts(file: str, content: Mapping[str, Any]) -> None:
    foreign = [name for name in content if name not in OWN_PARTS]
    if foreign:
        raise _invalid(file, f"a project's models.toml has no `{visible(foreign[0], limit=60)}`")


def _over(weaker: Mapping[str, Any], stronger: Mapping[str, Any]) -> dict[str, Any]:
    """Tables join, key by key; everything else is replaced."""
    merged = dict(weaker)
    for name, value in stronger.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(name), Mapping)
        merged[name] = _over(merged[name], value) if both and name != "rates" else value
    return merged


def _inherited(name: str, models: Mapping[str, Any], below: tuple[str, ...], file: str) -> Any:
    """An entry with what it takes over from the one it is like; its day of shutdown is its own."""
    own = models[name]
    if not isinstance(own, Mapping) or "like" not in own:
        return own
    model = own["like"]
    if model not in models or model in (*below, name):
        raise _invalid(
            file, f"models.{name}: there is no model `{visible(str(model), limit=60)}` that it could be like"
        )
    base = _inherited(model, models, (*below, name), file)
    taken = {key: value for key, value in base.items() if key not in {"aliases", "label"}}
    return _over(taken, {key: value for key, value in own.items() if key != "like"})


def _built(said: _File) -> Catalogue:
    models = {}
    aliases = {name: Alias(name, alias.target, alias.notice) for name, alias in said.aliases.items()}
    for name, entry in said.models.items():
        provider, _, model_id = name.partition(":")
        fields = {key: getattr(entry, key) for key in _Model.model_fields if key != "price"}
        fields |= {key: tuple(value) for key, value in fields.items() if isinstance(value, list)}
        fields |= {key: fields[key] or None for key in ("sunset", "deprecated")}
        fields["accepts"] = frozenset(entry.accepts)
        models[name] = Model(provider=provider, id=model_id, price=_price(entry.price), **fields)
        aliases |= {alias: Alias(alias, name) for alias in entry.aliases}
    makers = {
        name: Maker(name, entry.label, tuple(entry.keys), dict(entry.defaults))
        for name, entry in said.providers.items()
    }
    return Catalogue(makers, models, aliases)


def _price(said: _Price | None) -> Price | None:
    if said is None:
        return None
    rows = tuple(PriceRow(row.size, row.quality, row.tokens, row.price) for row in said.rows)
    ends = (said.input_tokens, said.thought_tokens)
    return Price(said.unit, said.source, said.as_of, dict(said.rates), rows, *ends, guess=said.guess)


def _checked(catalogue: Catalogue, file: str) -> Catalogue:
    """Names lead somewhere, and prices can be worked out."""
    known = {*catalogue.models, *catalogue.makers}
    for alias in catalogue.aliases.values():
        if alias.target not in known:
            raise _invalid(file, f"aliases.{alias.name}: there is no `{alias.target}`")
    for name, model in catalogue.models.items():
        _check_model(name, model, catalogue, file)
    for maker in catalogue.makers.values():
        for operation, model_id in maker.defaults.items():
            found = catalogue.models.get(f"{maker.name}:{model_id}")
            if found is None or operation not in found.operations:
                raise _invalid(file, f"providers.{maker.name}.defaults: {model_id} cannot do {operation}")
    return catalogue


def _check_model(name: str, model: Model, catalogue: Catalogue, file: str) -> None:
    if model.provider not in catalogue.makers or not model.id:
        raise _invalid(file, f"models.{name}: name it `provider:model`; there is no provider `{model.provider}`")
    if model.replaced_by is not None and model.replaced_by not in catalogue.models:
        raise _invalid(file, f"models.{name}.replaced_by: there is no model `{model.replaced_by}`")
    if model.default_quality not in (None, *model.qualities):
        raise _invalid(file, f"models.{name}.default_quality: it is none of its `qualities`")
    if model.price is not None:
        _check_price(f"models.{name}.price", model.price, file)


def _check_price(where: str, price: Price, file: str) -> None:
    unknown = sorted(set(price.rates) - RATES)
    missing = sorted(_NEEDED.get(price.unit, set()) - set(price.rates))
    wanted = {"token": "tokens", "image": "price"}.get(price.unit)
    if unknown or missing:
        raise _invalid(file, f"{where}.rates: {'unknown' if unknown else 'missing'}: {', '.join(unknown or missing)}")
    if wanted is not None and (not price.rows or any(getattr(row, wanted) is None for row in price.rows)):
        raise _invalid(file, f"{where}.rows: every row needs `{wanted}`")


def _invalid(file: str, message: str) -> InvalidInputError:
    hint = "docs/generation.md shows the form of models.toml"
    return InvalidInputError(f"{visible(file)}: {visible(message)}", hint=hint, code="invalid_catalogue")
