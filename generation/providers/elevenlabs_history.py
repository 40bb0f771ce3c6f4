"""What ElevenLabs keeps of speech that it made: a lost answer is found there, and fetched again at no cost."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from generation.request import GenerationRequest

PATH: Final = "v1/history"
ITEMS: Final = 100
CLOCKS_APART: Final = timedelta(seconds=5)
LATEST: Final = timedelta(minutes=10)
"""How long after it was sent a speech may have been made."""

_LATE: Final = 2**36
"""Seconds since 1970: the year 4147."""


def only_item(
    content: Mapping[str, Any], request: GenerationRequest, voice: str, begun: datetime
) -> Mapping[str, Any] | None:
    """The one entry with these words, by this voice and model, made since `begun` (by their clock).

    None where there is none, or more than one: then nobody can tell which of them is meant.
    """
    listed = content.get("history")
    entries: Sequence[Any] = listed if isinstance(listed, list) else ()
    found = [
        item
        for item in entries
        if isinstance(item, dict)
        and (item.get("text"), item.get("voice_id"), item.get("model_id")) == (request.prompt, voice, request.model)
        and _is_then(item.get("date_unix"), begun)
    ]
    return found[0] if len(found) == 1 and isinstance(found[0].get("history_item_id"), str) else None


def credits_of(item: Mapping[str, Any]) -> int | None:
    """What it took, by the account's count before and after; None where that is not told."""
    before, after = item.get("character_count_change_from"), item.get("character_count_change_to")
    if not (type(before) is int and type(after) is int):
        return None
    return after - before if 0 <= after - before < 10**9 else None


def _is_then(seconds: object, begun: datetime) -> bool:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 <= seconds < _LATE:
        return False
    made = datetime.fromtimestamp(float(seconds), UTC)
    return begun - CLOCKS_APART <= made <= begun + LATEST
