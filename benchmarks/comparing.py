"""Comparing the answers of an index with those of the plain path, in several processes."""

import gc
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from time import perf_counter
from typing import Any

from resolver import AssetResolutionRequest, AssetResolutionResult, CandidateIndex, resolve_assets_for_action

TELL_EVERY = 10.0
"""Seconds between two words about how far it is."""

_given: list[Any] = []
"""In a process that compares: the assets and their index."""


def differ(one: AssetResolutionResult, other: AssetResolutionResult) -> bool:
    """Whether two answers differ in any field or in which object an asset is."""
    return one != other or any(a.asset is not b.asset for a, b in zip(one.matches, other.matches, strict=True))


def compare_rest(
    assets: Sequence[Any], index: CandidateIndex, requests: Sequence[AssetResolutionRequest], processes: int
) -> int:
    """How many requests the index answers otherwise than the plain path.

    The processes are forked, so that they share the assets; the system has to know `fork`.
    """
    different, started = 0, perf_counter()
    told = started
    gc.freeze()
    with get_context("fork").Pool(processes, _take, (assets, index)) as pool:
        for done, found in enumerate(pool.imap_unordered(_differs, requests), 1):
            different += found
            now = perf_counter()
            if now - told >= TELL_EVERY or done == len(requests):
                told = now
                left = (now - started) / done * (len(requests) - done)
                print(
                    f"  {len(assets):,} assets: {done:,} of {len(requests):,} compared, {different} different,"
                    f" {left / 60:.1f} minutes left",
                    file=sys.stderr,
                    flush=True,
                )
    gc.unfreeze()
    return different


def _take(assets: Sequence[Any], index: CandidateIndex) -> None:
    _given[:] = (assets, index)


def _differs(request: AssetResolutionRequest) -> bool:
    assets, index = _given
    return differ(resolve_assets_for_action(request, assets), resolve_assets_for_action(request, index))
