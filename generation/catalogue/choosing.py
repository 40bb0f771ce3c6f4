"""The model behind a name: provider, `provider:model`, model or alias; what to say about it, and when it is refused.

Pure: what day it is comes from outside.
"""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from generation.catalogue.model import MANUAL, Alias, Catalogue, Model
from generation.request import Operation
from ontology.errors import InvalidInputError
from ontology.escaping import visible


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about a choice; `code` is `alias`, `model_sunset`, `model_deprecated` or `model_replaced`."""

    code: str
    message: str
    hint: str | None = None

    def to_json(self) -> dict[str, str | None]:
        """As it stands in plans and traces."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a name of a chain stands for. `model` is None for `manual`. `asked`: the name as it was written."""

    asked: str
    provider: str
    model: Model | None
    remarks: tuple[Remark, ...] = ()


class CatalogueError(InvalidInputError):
    """A name stands for no model that can be asked.

    Codes: `unknown_provider`, `unknown_model`, `model_gone`, `unsupported`.
    """

    code = "unknown_provider"


def choose(catalogue: Catalogue, name: str, operation: Operation, today: date) -> Choice:
    """The model that a name stands for. Raises CatalogueError with the way out."""
    if name == MANUAL:
        return Choice(name, MANUAL, None)
    alias = _alias(catalogue, name)
    remarks: list[Remark] = []
    if alias is not None and alias.notice is not None:
        remarks.append(Remark("alias", f"`{name}` stands for {alias.target}: {alias.notice}", f"write {alias.target}"))
    model = _named(catalogue, alias.target if alias is not None else name, operation)
    if alias is not None and model.is_gone(today) and model.replaced_by is not None:
        successor = catalogue.models[model.replaced_by]
        message = f"`{name}` stands for {successor.name}, as {model.id} is gone since {model.sunset}"
        remarks.append(Remark("model_replaced", message, f"write {successor.name}"))
        model = successor
    _refuse(model, operation, today, name)
    return Choice(name, model.provider, model, (*remarks, *_age(model)))


def remarks_and_fault(
    catalogue: Catalogue, name: str, operation: Operation, today: date
) -> tuple[tuple[Remark, ...], CatalogueError | None]:
    """What is to be said about a name, and why it cannot be asked, if so."""
    try:
        return choose(catalogue, name, operation, today).remarks, None
    except CatalogueError as error:
        return (), error


def _alias(catalogue: Catalogue, name: str) -> Alias | None:
    found = catalogue.aliases.get(name)
    if found is None and ":" in name:
        provider, _, rest = name.partition(":")
        found = catalogue.aliases.get(rest)
        if found is not None and found.target.partition(":")[0] != provider:
            return None
    return found


def _named(catalogue: Catalogue, name: str, operation: Operation) -> Model:
    """A model by its full name, by its own name alone, or as the default of its provider."""
    if name in catalogue.models:
        return catalogue.models[name]
    by_id = [model for model in catalogue.models.values() if model.id == name]
    if by_id:
        return by_id[0]
    maker = catalogue.makers.get(name)
    if maker is None:
        raise _unknown(catalogue, name)
    default = maker.defaults.get(operation)
    if default is None:
        can = ", ".join(sorted(maker.defaults)) or "nothing yet"
        message = f"{maker.label} has no model for {operation}"
        raise CatalogueError(message, hint=f"it makes {can}; name another provider", code="unsupported")
    return catalogue.models[f"{name}:{default}"]


def _unknown(catalogue: Catalogue, name: str) -> CatalogueError:
    provider, colon, rest = name.partition(":")
    shown = visible(name, limit=60)
    if colon and provider in catalogue.makers:
        known = [model.id for model in catalogue.models_of(provider)]
        near = get_close_matches(rest, known, 1)
        hint = f"did you mean {provider}:{near[0]}? " if near else f"it has {', '.join(known)}; "
        hint += "a new model is declared in models.toml"
        message = f"{catalogue.makers[provider].label} has no model `{visible(rest, limit=60)}` that is known here"
        return CatalogueError(message, hint=hint, code="unknown_model")
    close = get_close_matches(name, catalogue.names(), 1)
    hint = f"did you mean {close[0]}?" if close else f"providers are {', '.join((*catalogue.makers, MANUAL))}"
    return CatalogueError(f"no provider or model is called `{shown}`", hint=hint, code="unknown_provider")


def _refuse(model: Model, operation: Operation, today: date, name: str) -> None:
    if model.is_gone(today):
        hint = f"write {model.replaced_by}" if model.replaced_by else "name another model"
        message = f"`{name}`: {model.id} does not answer since {model.sunset}"
        raise CatalogueError(message, hint=hint, code="model_gone")
    if operation not in model.operations:
        message = f"`{name}`: {model.id} cannot do {operation}"
        raise CatalogueError(message, hint=f"it does {', '.join(model.operations)}", code="unsupported")


def _age(model: Model) -> tuple[Remark, ...]:
    hint = f"write {model.replaced_by}" if model.replaced_by else None
    if model.sunset is not None:
        return (Remark("model_sunset", f"{model.id} shuts down on {model.sunset}", hint),)
    if model.deprecated is not None:
        message = f"{model.id} is deprecated since {model.deprecated}, and may go at any time"
        return (Remark("model_deprecated", message, hint),)
    return ()
