"""When a failed call is made again: the one place that decides. Pure: chance is handed in."""

from typing import Final

from generation.errors import ProviderError

MOST_RETRIES: Final = 3
FIRST_WAIT: Final = 1.0
LONGEST_BACKOFF: Final = 30.0
LONGEST_WAIT: Final = 120.0
"""Seconds. A provider that asks for more is not waited for: the job is parked until then."""


def wait_before_retry(failures: int, error: ProviderError, chance: float) -> float | None:
    """Seconds until the call is made again after so many failures (from 1); None: it is not.

    Full jitter: anything from nothing to the doubled wait, by `chance` (0-1), but never less than the provider asks
    for. Only what surely did not start and was not charged is made again.
    """
    if failures > MOST_RETRIES or not error.retryable or error.charged != "no" or not error.outcome_known:
        return None
    asked = max(error.retry_after or 0.0, 0.0)
    if asked > LONGEST_WAIT:
        return None
    return asked + min(LONGEST_BACKOFF, FIRST_WAIT * 2.0 ** (failures - 1)) * chance


def asks_to_come_back(error: ProviderError) -> float | None:
    """Seconds after which the provider wants to be asked again, where that is too long to be waited for."""
    asked = error.retry_after
    return asked if error.retryable and asked is not None and asked > LONGEST_WAIT else None
