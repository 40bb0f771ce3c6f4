"""The resolver's plain path against a bare set-membership loop, per size in one run.

The loop asks each asset, for each slot, whether it has the slot's id: the least that any answer without an index must
do. It is given pairs of an id and a set that is ready, and it checks, ranks and explains nothing. The plain path is
given the same assets as callers hold them, with lists of tags. It reads five fields of each, because a bad one is an
error wherever it stands, looks at the spelling of every tag, and builds a full answer. So the loop is favoured: it is
spared the making of its sets, which is shown and takes longer than the whole plain path from 10k on.

Where the time goes: reading takes about 0.5 microseconds an asset, whatever the size. From 100k on the loop waits for
memory and takes 0.3, and the plain path is at its target, give or take a tenth: seen were 2.3 to 3.3 times at 100k and
3.0 at 1M. At 10k the loop's sets are in the processor's cache and it takes 0.2, so reading alone is 2.5 times the loop
(seen: 4.4 to 7). At 1k it takes 0.14 milliseconds in all; there reading is 4 times the loop, the parts of an answer
that do not depend on the number of assets (reasons, gaps, trace) are as long again as the loop, and most slots go down
to their stand-ins (seen: 10 to 13; the index itself is 3 times the loop there). So the target is missed below 100k.

The two take turns request by request, so that noise hits both, with the collector of garbage as Python sets it; the
ratio is that of their medians over the requests.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.options import ALL_SIZES, benchmark_parser, parsed
from benchmarks.population import MadeAsset, make_assets, make_requests
from resolver import AssetResolutionRequest, resolve_assets_for_action
from resolver.reading import read_all

TARGET = 3.0
"""The plain path may take so many times the bare loop."""

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
    parser = benchmark_parser("plain", __doc__, sizes=ALL_SIZES)
    parser.add_argument("--requests", type=int, default=30, help="how many requests (default 30)")
    options = parsed(parser, arguments)
    requests = make_requests(options.requests)
    slots = sum(len(slot_ids(request)) for request in requests) / len(requests)
    print(f"{options.requests} requests of {slots:.1f} slots; median milliseconds a request\n")
    print(f"{'assets':>10} {'bare loop':>11} {'its sets':>11} {'plain path':>11} {'reading':>9} {'plain to bare':>14}")
    met = True
    for size in options.sizes:
        figures = measure(size, requests)
        met &= figures.ratio <= TARGET
        print(
            f"{size:>10,} {figures.bare:>11.3f} {figures.sets:>11.3f} {figures.plain:>11.3f} {figures.reading:>9.3f}"
            f" {figures.ratio:>12.1f} x",
            flush=True,
        )
    print(f"\ntarget <= {TARGET:g} x at every size: {'met' if met else 'MISSED'}")
    return 1 if options.check and not met else 0
