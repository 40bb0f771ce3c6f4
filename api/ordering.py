"""From the body of an order to what is to be made, and the key under which it is made once."""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Header

from api.context import ApiContext
from api.errors import HttpError
from api.inputs import NewGeneration
from generation.ledger.ordering import OrderKey
from generation.money import usd
from generation.ordering import Ordering, Wanted
from ontology.errors import InvalidInputError, NotFoundError
from ontology.escaping import visible

if TYPE_CHECKING:
    from generation.specs.model import Spec

IdempotencyKey = Annotated[
    str | None,
    Header(description="Chosen by the caller, another one for each order: the same again is answered, not made again."),
]

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_FILES: Final = (".yaml", ".yml", ".json")
_SENT: Final = "the spec that was sent"


def order_key(given: str | None, body: NewGeneration) -> OrderKey:
    """The key of an order. Raises `HttpError`."""
    return OrderKey(plain_key(given), body.model_dump(exclude_defaults=True))


def plain_key(given: str | None) -> str:
    """What was sent as `Idempotency-Key`. Raises `HttpError` (`idempotency_key_required`)."""
    if given is None or not _KEY.fullmatch(given.strip()):
        hint = "send one to 255 visible ASCII characters, a new UUID for each order; send them again to try again"
        said = "this needs an `Idempotency-Key`" if given is None else "this is no `Idempotency-Key`"
        raise HttpError(said, hint=hint, code="idempotency_key_required")
    return given.strip()


def wanted(context: ApiContext, body: NewGeneration) -> Wanted:
    """What a body asks for. Raises `InvalidInputError` unless it names exactly one thing."""
    if [body.spec, body.prefill, body.again].count(None) != 2:  # noqa: PLR2004  # of three
        hint = '{"spec": "ID"}, or a prefilled call as {"prefill": {…}}, or {"again": "j12"}'
        raise InvalidInputError("say one thing that is to be made", hint=hint)
    return Wanted(
        specs=lambda: _specs(context, body),
        max_cost=dollars(body.max_cost, "max_cost"),
        force=body.force,
        providers=body.providers,
        n=body.n,
        preview=body.preview,
    )


def dollars(text: str | None, what: str) -> Decimal | None:
    """An amount. Raises `InvalidInputError`."""
    return None if text is None else usd(text, what=what)


def _specs(context: ApiContext, body: NewGeneration) -> "Sequence[Spec]":
    if body.spec is None and (body.set or body.output_name):
        raise InvalidInputError("only a template takes values", hint="leave out `set` and `output_name`")
    if body.prefill is not None:
        return [context.services.spec_of(body.prefill)]
    if body.again is not None:
        return [Ordering(context.generation).same_as(body.again)]
    values = {name: said if isinstance(said, list) else [said] for name, said in body.set.items()}
    specs = context.services.specs
    if isinstance(body.spec, Mapping):
        return specs.parse(json.dumps(body.spec).encode(), _SENT, values, output_name=body.output_name)
    name = str(body.spec)
    if "/" in name or "\\" in name or name.lower().endswith(_FILES):  # callers choose no files of this machine
        message = f"`{visible(name, limit=60)}` is no id of a spec or template"
        raise NotFoundError(message, hint="name one of this project's, or send the spec itself")
    return specs.select(name, values, output_name=body.output_name)
