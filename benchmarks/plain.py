"""The resolver's plain path against a bare set-membership loop.

The loop asks each asset, for each slot, whether it has the slot's id: the least that any answer without an index must
do. It is given sets that are ready; the plain path is given assets as callers hold them. It has to fetch five fields of
each, to check ids, ratings, dates and media types of all of them, because a bad one is an error wherever it stands, and
to look at the spelling of every tag. That alone takes about twice the loop, and one look at each asset's tags for the
ids of the request once more as long. So the target is missed against ready sets: seen were 4 to 7 times from 10k to
100k, 13 at 1k, where the answer itself weighs, and 6 to 12 at 1M on a busy machine. It is met (1.3 times at 10k)
against the loop that makes its sets first, which is what a caller without ready sets would have to do. Both are shown.
"""

import argparse
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.population import MadeAsset, make_assets, make_requests
from resolver import AssetResolutionRequest, resolve_assets_for_action
from resolver.columns import read_columns

TARGET = 3.0
"""The plain path may take so many times the bare loop."""

Tagged = list[tuple[int, frozenset[str]]]


def slot_ids(request: AssetResolutionRequest) -> list[str]:
    """The identities that the request has slots for."""
    asked = [request.location_id, request.hero_id, *request.enemy_ids, *request.other_character_ids]
    return [identity for identity in asked if identity is not None]


def bare_loop(tagged: Tagged, identities: Sequence[str]) -> list[list[int]]:
    """For each identity the ids of the assets that carry it: no tiers, ranks, reasons or filters."""
    return [[asset_id for asset_id, tags in tagged if identity in tags] for identity in identities]


def sets_of(assets: Sequence[MadeAsset]) -> Tagged:
    """The tags of each asset as a set."""
    return [(asset.id, frozenset(asset.tags)) for asset in assets]


def _milliseconds(work: Callable[..., Any], *arguments: Any) -> float:
    started = perf_counter()
    work(*arguments)
    return (perf_counter() - started) * 1e3


def measure(assets: Sequence[MadeAsset], requests: Sequence[AssetResolutionRequest]) -> dict[str, float]:
    """Median milliseconds of each kind of work. They take turns request by request, so that noise hits all of them."""
    ready = sets_of(assets)
    times: dict[str, list[float]] = {"plain": [], "reading": [], "bare": [], "sets": []}
    for request in requests:
        times["bare"].append(_milliseconds(bare_loop, ready, slot_ids(request)))
        times["plain"].append(_milliseconds(resolve_assets_for_action, request, assets))
        times["reading"].append(_milliseconds(read_columns, assets))
        times["sets"].append(_milliseconds(sets_of, assets))
    return {name: median(found) for name, found in times.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where `--check` is given and the ratio misses its target."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks plain", description=__doc__)
    parser.add_argument("--assets", type=int, default=10_000, help="how many assets (default 10,000)")
    parser.add_argument("--requests", type=int, default=30, help="how many requests (default 30)")
    parser.add_argument("--check", action="store_true", help="exit with 1 when the ratio misses its target")
    options = parser.parse_args(arguments)
    if min(options.assets, options.requests) < 1:
        parser.error("--assets and --requests are at least 1")
    assets, requests = make_assets(options.assets), make_requests(options.requests)
    times = measure(assets, requests)
    ratio = times["plain"] / times["bare"]
    slots = sum(len(slot_ids(request)) for request in requests) / len(requests)
    print(
        f"{options.assets:,} assets, {options.requests} requests of {slots:.1f} slots; median milliseconds a request\n"
    )
    print(f"  plain path, whole                {times['plain']:10.3f}")
    print(f"    of which reading candidates    {times['reading']:10.3f}")
    print(f"    of which choosing              {times['plain'] - times['reading']:10.3f}")
    print(f"  bare loop over ready sets        {times['bare']:10.3f}")
    print(f"  making those sets                {times['sets']:10.3f}\n")
    print(f"  plain / bare                     {ratio:10.1f} x   target <= {TARGET:g} x: {_verdict(ratio)}")
    print(f"  choosing / bare                  {(times['plain'] - times['reading']) / times['bare']:10.1f} x")
    print(f"  plain / (making sets + bare)     {times['plain'] / (times['sets'] + times['bare']):10.1f} x")
    return 1 if options.check and ratio > TARGET else 0


def _verdict(ratio: float) -> str:
    return "met" if ratio <= TARGET else "MISSED"
