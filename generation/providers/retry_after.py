"""How long a provider asks to wait, in whichever of their ways it says so. Pure."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = 31 * 86_400.0
"""Seconds. Nobody means more; a larger number is a slip."""

_NUMBER = r"(\d{1,12}(?:\.\d{1,9})?)"
_PLAIN = re.compile(rf"{_NUMBER}\Z")
_DURATION = re.compile(rf"~?{_NUMBER}\s*(ms|s|sec|secs|seconds?|m|min|minutes?|h|hours?)\Z", re.IGNORECASE)
_IN_PROSE = re.compile(
    rf"\b(?:after|in|within)\s+~?{_NUMBER}\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b",
    re.IGNORECASE,
)
_UNITS: Final = {"ms": 0.001, "m": 60.0, "s": 1.0, "h": 3600.0}


def retry_after(headers: Mapping[str, str], texts: Iterable[str] = (), *, now: datetime) -> float | None:
    """Seconds to wait, from 0 to a month; None where nothing is said that can be understood.

    `headers` with names in lower case: `retry-after-ms`, then `retry-after` as seconds or as a date (which `now` is
    for). `texts`, in turn: durations (`34s`, as Google's `retryDelay` has them; `~30s`) and sentences (`try again after
    12 seconds`). What is more exact comes first.
    """
    milliseconds = _plain(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return _sane(milliseconds / 1000)
    header = headers.get("retry-after", "").strip()
    for read in (_plain, _duration):
        seconds = read(header)
        if seconds is not None:
            return _sane(seconds)
    date = _until(header, now)
    if date is not None:
        return _sane(date)
    said = (_duration(text) for text in texts)
    return next((_sane(seconds) for seconds in said if seconds is not None), None)


def _plain(text: str) -> float | None:
    found = _PLAIN.match(text.strip())
    return None if found is None else float(found[1])


def _duration(text: str) -> float | None:
    """`34s`, `0.5s`, `~30s`, or the first sentence that says `after 12 seconds`."""
    found = _DURATION.match(text.strip()) or _IN_PROSE.search(text)
    return None if found is None else float(found[1]) * _factor(found[2].lower())


def _factor(unit: str) -> float:
    if unit.startswith("millisecond"):
        return _UNITS["ms"]
    return _UNITS["ms"] if unit == "ms" else _UNITS[unit[0]]


def _until(text: str, now: datetime) -> float | None:
    """Seconds until an HTTP date."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()


def _sane(seconds: float) -> float | None:
    return min(max(seconds, 0.0), LONGEST) if math.isfinite(seconds) else None
