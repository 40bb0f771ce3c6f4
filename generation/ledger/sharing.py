"""One call that several jobs share: how it is called, and how what it gave and what it cost are shared out. Pure.

Each job has a purchase of its own. The purchases of one call are told by their names, `callsheet-…-1of3` and so on, and
go every step together; the first name is that of the call, for the provider and for what is kept of it.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

_SHARED: Final = re.compile(r"(?P<call>.+)-(?P<number>[1-9][0-9]*)of(?P<shares>[1-9][0-9]*)")


def share_names(call: str, shares: int) -> list[str]:
    """The names of the purchases of a call; a call of one job has its own name."""
    return [call] if shares == 1 else [f"{call}-{number}of{shares}" for number in range(1, shares + 1)]


def names_of_call(name: str) -> list[str]:
    """The names of all purchases of the call to which this one belongs, the first of all first."""
    found = _SHARED.fullmatch(name)
    return [name] if found is None else share_names(found["call"], int(found["shares"]))


def is_shared(name: str) -> bool:
    """Whether the purchase of this name is one of several of a call."""
    return _SHARED.fullmatch(name) is not None


def is_guest(name: str) -> bool:
    """Whether the purchase of this name was made by the call of another job."""
    return names_of_call(name)[0] != name


def dealt(outputs: Sequence[Any], shares: int) -> list[list[Any]]:
    """What a call gave, for each share: in turn, so that of too few as many as possible have one."""
    return [list(outputs[number::shares]) for number in range(shares)]
