"""Points in time as the gallery keeps them: aware, in UTC, to the microsecond."""

from datetime import UTC, datetime


def utc(moment: datetime) -> datetime:
    """The same moment in UTC; a naive one is taken to be UTC already (contract, assets)."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def rfc3339(moment: datetime) -> str:
    """`2026-11-21T09:30:00Z`, with a fraction only where there is one."""
    return utc(moment).replace(tzinfo=None).isoformat() + "Z"


def from_rfc3339(text: str) -> datetime:
    """The inverse of `rfc3339`. Raises `ValueError` for other text."""
    return utc(datetime.fromisoformat(text))


def stamp(moment: datetime) -> str:
    """The moment as part of a file name: `20261121T093000123456Z`, which sorts by time."""
    return utc(moment).strftime("%Y%m%dT%H%M%S%fZ")
