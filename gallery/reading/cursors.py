"""Cursors: where a page ended, as a text that goes with one query, one order and one state."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gallery.store.moments import from_rfc3339, rfc3339
from ontology.errors import InvalidInputError

_MOMENT = "t"
_MAX_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """The values by which the last asset of a page is sorted, down to its id. `is_common`: much was found."""

    values: tuple[Any, ...]
    is_common: bool


def write_cursor(place: Place, mark: str) -> str:
    """The place as text. `mark` says what it goes with."""
    values = [[_MOMENT, rfc3339(value)] if isinstance(value, datetime) else value for value in place.values]
    content = json.dumps([values, int(place.is_common), _seal(values, place.is_common, mark), _seal(mark)])
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def read_cursor(cursor: str, mark: str) -> Place:
    """The inverse. Raises `InvalidInputError` for what was not written so, or goes with something else."""
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values, is_common, seal, of_mark = json.loads(content[:_MAX_LENGTH])
        place = Place(tuple(map(_value, values)), bool(is_common))
    except (ValueError, TypeError, RecursionError) as error:  # what base64 says is a ValueError too
        raise _no_cursor() from error
    if of_mark != _seal(mark):
        raise InvalidInputError(
            "this cursor belongs to another query", hint="repeat the query of the page it came from, or leave it out"
        )
    if seal != _seal(values, place.is_common, mark):
        raise _no_cursor()
    return place


def _value(stored: Any) -> Any:
    if isinstance(stored, list):
        kind, text = stored
        if kind != _MOMENT:
            raise ValueError(kind)
        return from_rfc3339(text)
    return stored


def _seal(*parts: Any) -> str:
    """Not a secret: a cursor that was cut or altered is found out, and it opens nothing that the query does not."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]


def _no_cursor() -> InvalidInputError:
    return InvalidInputError("this is not a cursor of a page", hint="take the one from the page before")
