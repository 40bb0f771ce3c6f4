"""Moments as a query writes them: `2026`, `2026-03`, `2026-03-05`, RFC 3339, `today`, `7d`. Without a zone: UTC."""

import re
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import NamedTuple

from gallery.query.amounts import bounds
from gallery.query.faults import ValueFault, shown
from gallery.store.moments import utc

_HINT = "e.g. 2026, 2026-03, 2026-03-05, 2026-03-05T14:00Z, 2026-01..2026-03, >=2026-03, today, yesterday, 7d"
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[t ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(z|[+-][0-9]{2}:[0-9]{2})?"
)
_AGO = re.compile(r"([0-9]{1,6})(min|h|d|w|mo|y)")
_UNITS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}
_DECEMBER = 12


class Interval(NamedTuple):
    """From `start` to before `end`; None where the calendar ends."""

    start: datetime
    end: datetime | None


def span(text: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """`(since, until)`, aware, in UTC; `until` does not belong to it. Raises `ValueFault`.

    `7d` alone means since then; in a comparison or a range it is that moment.
    """
    wanted, present = text.lower(), utc(now)
    if _AGO.fullmatch(wanted):
        return _read(wanted, present).start, None
    found = bounds(wanted, lambda side: _read(side, present))
    since = until = None
    if found.low is not None:
        since = found.low.end if found.low_open else found.low.start
        if since is None:
            raise ValueFault(f"nothing is after {shown(text)}", _HINT)
    if found.high is not None:
        until = found.high.start if found.high_open else found.high.end
    if since is not None and until is not None and since > until:
        raise ValueFault(f"{shown(text)} ends before it begins", "write the earlier side first")
    return since, until


def _read(text: str, now: datetime) -> Interval:
    try:
        return _relative(text, now) or _of_calendar(text) or _of_clock(text)
    except (ValueError, OverflowError) as error:  # a thirteenth month, a year before the first
        raise _none(text) from error


def _relative(text: str, now: datetime) -> Interval | None:
    if text in {"today", "yesterday"}:
        day = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=text == "yesterday")
        return Interval(day, _later(day, timedelta(days=1)))
    ago = _AGO.fullmatch(text)
    if ago is None and text != "now":
        return None
    moment = now if ago is None else now - int(ago[1]) * _UNITS[ago[2]]
    return Interval(moment, _later(moment, timedelta(microseconds=1)))


def _of_calendar(text: str) -> Interval | None:
    read = _DAY.fullmatch(text)
    if read is None:
        return None
    year, month, day = (None if part is None else int(part) for part in read.groups())
    start = datetime(year or 0, 1 if month is None else month, 1 if day is None else day, tzinfo=UTC)
    if day is not None:
        return Interval(start, _later(start, timedelta(days=1)))
    years, months = divmod(start.month, _DECEMBER) if month is not None else (1, 0)
    if start.year + years > MAXYEAR:
        return Interval(start, None)
    return Interval(start, start.replace(year=start.year + years, month=months + 1))


def _of_clock(text: str) -> Interval:
    read = _MOMENT.fullmatch(text)
    if read is None:
        raise _none(text)
    moment = utc(datetime.fromisoformat(text.upper()))
    step = timedelta(microseconds=1) if read[2] else timedelta(seconds=1) if read[1] else timedelta(minutes=1)
    return Interval(moment, _later(moment, step))


def _later(moment: datetime, step: timedelta) -> datetime | None:
    try:
        return moment + step
    except OverflowError:
        return None


def _none(text: str) -> ValueFault:
    return ValueFault(f"{shown(text)} is no date" if text else "a date is missing", _HINT)
