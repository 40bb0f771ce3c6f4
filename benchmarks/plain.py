"""The resolver's plain path against a bare set-membership loop, per size in one run.

The loop asks each asset, for each slot, whether it has the slot's id: the least that any answer without an index must
do. It is given pairs of an id and a set that is ready, and it checks, ranks and explains nothing. The plain path is
given the same assets as callers hold them, with lists of tags. It reads five fields of each, because a bad one is an
error wherever it stands, looks at the spelling of every tag, and builds a full answer. So the loop is favoured: making
its sets, which is shown, takes longer than the whole plain path, and only assets whose tags are sets could spare it.

Where the time goes: reading is about 0.3 microseconds an asset, which is 1 to 1.5 times the loop from 100k on, where
the loop waits for memory, and 2 to 4 times at 1k and 10k, where its sets are in the processor's cache and a look takes
30 to 50 nanoseconds. At 1k the parts of the answer that do not depend on the number of assets (reasons, gaps, trace;
0.2 ms) take longer than the whole loop, and there and at 10k many slots go down to their stand-ins, a fifth of all
assets each. So the target is met from 100k on and missed below; an index is 7 times the loop at 1k as well.

The two take turns request by request, so that noise hits both; the ratio is that of their medians over the requests.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.population import MadeAsset, make_assets, make_requests
from resolver import AssetResolutionRequest, resolve_assets_for_action
from resolver.reading import read_all

TARGET = 3.0
"""The plain path may take so many times the bare loop."""

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUICK_SIZES = SIZES[:3]
READINGS = 5

Tagged = list[tuple[int, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Median milliseconds at one size; `reading` is part of `plain`, `sets` is what the bare loop is spared."""

    size: int
    bare: float
    plain: float
    reading: float
    sets: float

    @property
    def ratio(self) -> float:
        """How many times the bare loop the plain path takes."""
        return self.plain / self.bare


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


def measure(size: int, requests: Sequence[AssetResolutionRequest]) -> Figures:
    """All figures at one size."""
    assets = make_assets(size)
    sets = _milliseconds(sets_of, assets)
    ready = sets_of(assets)
    bare: list[float] = []
    plain: list[float] = []
    for request in requests:
        bare.append(_milliseconds(bare_loop, ready, slot_ids(request)))
        plain.append(_milliseconds(resolve_assets_for_action, request, assets))
    reading = [_milliseconds(read_all, assets, frozenset(request.identities)) for request in requests[:READINGS]]
    return Figures(size, median(bare), median(plain), median(reading), sets)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where `--check` is given and a ratio misses its target."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks plain", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", help="how many assets (default 1k, 10k, 100k, 1M)")
    parser.add_argument("--quick", action="store_true", help="leave 1M out")
    parser.add_argument("--requests", type=int, default=30, help="how many requests (default 30)")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a ratio misses its target")
    options = parser.parse_args(arguments)
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    if min(options.requests, *sizes) < 1:
        parser.error("--sizes and --requests are at least 1")
    requests = make_requests(options.requests)
    slots = sum(len(slot_ids(request)) for request in requests) / len(requests)
    print(f"{options.requests} requests of {slots:.1f} slots; median milliseconds a request\n")
    print(f"{'assets':>10} {'bare loop':>11} {'its sets':>11} {'plain path':>11} {'reading':>9} {'plain to bare':>14}")
    met = True
    for size in sizes:
        figures = measure(size, requests)
        met &= figures.ratio <= TARGET
        print(
            f"{size:>10,} {figures.bare:>11.3f} {figures.sets:>11.3f} {figures.plain:>11.3f} {figures.reading:>9.3f}"
            f" {figures.ratio:>12.1f} x",
            flush=True,
        )
    print(f"\ntarget <= {TARGET:g} x at every size: {'met' if met else 'MISSED'}")
    return 1 if options.check and not met else 0
