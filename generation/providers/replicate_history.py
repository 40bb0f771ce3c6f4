"""What Replicate's list tells of predictions that were made while a call was under way. See `replicate`."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from generation.providers.failures import answered_at
from generation.providers.messages import Answer
from generation.providers.vendor import OK, Content

CLOCKS_APART: Final = timedelta(seconds=5)
LATEST: Final = timedelta(minutes=10)
"""How long after it was sent a call may have been accepted."""

_PATH: Final = "v1/predictions"
_MOST_PAGES: Final = 10
_CURSOR = re.compile(r"[?&]cursor=([\w%.=-]+)")


def made_since(ask: Callable[[str], Answer], sent: datetime, now: datetime) -> list[Mapping[str, Any]] | None:
    """The predictions of those minutes, by their clock; None where the list was not read to the moment of the call.

    `ask`: the answer to a path. What stands alone in a part of the list may have its like in the rest.
    """
    found: list[Mapping[str, Any]] = []
    path = _PATH
    for _ in range(_MOST_PAGES):
        answer = ask(path)
        content = Content.of(answer) if answer.status in OK else None
        listed = content.get("results") if content is not None else None
        if content is None or not isinstance(listed, list):
            return None
        ahead = (answered_at(answer) or now) - now
        begun = sent + ahead - CLOCKS_APART
        items = [item for item in listed if isinstance(item, dict)]
        moments = [_moment(item.get("created_at")) for item in items]
        ends = begun + CLOCKS_APART + LATEST
        found += [item for item, made in zip(items, moments, strict=True) if made and begun <= made <= ends]
        cursor = _CURSOR.search(str(content.get("next") or ""))
        if cursor is None or (moments and moments[-1] is not None and moments[-1] < begun):
            return found
        path = f"{_PATH}?cursor={cursor[1]}"
    return None


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
