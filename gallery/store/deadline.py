"""A limit on the time that a reading connection may spend on one question."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ontology.errors import CallsheetError, InvalidInputError
from ontology.escaping import visible

_STEPS = 5000  # of SQLite's machine between two looks at the clock: tens of microseconds
_SHOWN = 200


class DeadlineError(CallsheetError):
    """A question took longer than it may (exit code 1)."""

    code = "deadline"


@contextmanager
def deadline(connection: Connection, seconds: float, query: str) -> Iterator[None]:
    """Whatever the block asks of the connection has so many seconds together; the connection stays usable.

    Raises `DeadlineError` naming the query. A database without such a seam of its own is left to its server's settings.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    end = time.monotonic() + seconds
    driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    except DBAPIError as error:
        if "interrupted" not in str(error.orig).lower():
            raise
        raise DeadlineError(
            f"the search `{visible(query, limit=_SHOWN)}` took longer than {seconds:g} s and was given up",
            hint="narrow it with a tag or a date, or allow more: the setting search.deadline",
        ) from error
    finally:
        driver.set_progress_handler(None, 0)


def checked_seconds(seconds: Any) -> float:
    """The number itself. Raises `InvalidInputError` for what is no positive number."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
        raise InvalidInputError(
            f"`deadline` must be a positive number of seconds, not {seconds!r:.40}", hint="leave it out for the setting"
        )
    return float(seconds)
