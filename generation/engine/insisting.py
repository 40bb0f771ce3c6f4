"""Writing down what became of a call, however busy the database is: money must not get lost in a queue of writers."""

from collections.abc import Callable
from typing import Final, TypeVar

from ontology.errors import ConflictError

_TRIES: Final = 10

Result = TypeVar("Result")


def insist(write: Callable[[], Result]) -> Result:
    """Do it, and again while others hold the database: each try waits some seconds for it. Raises its last error."""
    for _ in range(_TRIES - 1):
        try:
            return write()
        except ConflictError as error:
            if error.code != "locked":
                raise
    return write()
