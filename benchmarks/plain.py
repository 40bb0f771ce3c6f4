"""The resolver's plain path against a bare set-membership loop, per size in one run.

The loop asks each asset, for each slot, whether it has the slot's id: the least that any answer without an index must
do. It is given pairs of an id and a set that is ready, and it checks, ranks and explains nothing. The plain path is
given the same assets as callers hold them, with lists of tags. It reads five fields of each, because a bad one is an
error wherever it stands, looks at the spelling of every tag, and builds a full answer. So the loop is favoured: it is
spared the making of its sets, which is shown and takes as long as the whole plain path at 10k, and longer above.

The target, three times the loop, is about what an asset costs. It is read from the slope between 10k and the largest
size: what the assets that one gallery has more than the other add to both. What an answer costs, however few the
assets, is held against the index, which builds the same results, reasons, gaps and trace and reads no assets
(docs/decisions/0023). The old reading, whole against whole at each size, is printed beside it; below 100k it was never
held, because there the loop runs out of the processor's cache while most slots go down to their stand-ins.

All take turns request by request, with the collector of garbage as Python sets it. Times are of the processor, so that
other programs disturb less; where they are short, the least of several askings counts; each figure is the median over
the requests.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any

from benchmarks.options import ALL_SIZES, benchmark_parser, parsed, shortened
from benchmarks.population import MadeAsset, make_assets, make_requests
from resolver import AssetResolutionRequest, CandidateIndex, resolve_assets_for_action
from resolver.reading import read_all

TARGET = 3.0
"""One asset more may cost the plain path so many times what it costs the bare loop."""
SLOPE_FROM = 10_000
ANSWER_TARGET = 8.0
"""An answer over the fewest assets may take so many times that of an index."""
FEW = 1_000

READINGS = 5
ASKINGS = 3_000
"""So many assets are gone through by askings of one request, at least once."""

Tagged = list[tuple[int, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Median milliseconds at one size; `reading` is part of `plain`, `sets` is what the bare loop is spared."""

    size: int
    bare: float
    plain: float
    index: float
    reading: float
    sets: float


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


def _milliseconds(askings: int, work: Callable[..., Any], *arguments: Any) -> float:
    """The least of some askings."""
    taken = []
    for _ in range(askings):
        started = process_time()
        work(*arguments)
        taken.append((process_time() - started) * 1e3)
    return min(taken)


def measure(size: int, requests: Sequence[AssetResolutionRequest]) -> Figures:
    """All figures at one size."""
    assets, askings = make_assets(size), max(1, ASKINGS // size)
    sets = _milliseconds(1, sets_of, assets)
    ready, indexed = sets_of(assets), CandidateIndex(assets)
    bare: list[float] = []
    plain: list[float] = []
    index: list[float] = []
    for request in requests:
        bare.append(_milliseconds(askings, bare_loop, ready, slot_ids(request)))
        plain.append(_milliseconds(askings, resolve_assets_for_action, request, assets))
        index.append(_milliseconds(3, resolve_assets_for_action, request, indexed))
    reading = [
        _milliseconds(askings, read_all, assets, frozenset(request.identities)) for request in requests[:READINGS]
    ]
    return Figures(size, median(bare), median(plain), median(index), median(reading), sets)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where `--check` is given and a ratio misses its target."""
    parser = benchmark_parser("plain", __doc__, sizes=ALL_SIZES)
    parser.add_argument("--requests", type=int, default=30, help="how many requests (default 30)")
    options = parsed(parser, arguments)
    requests = make_requests(options.requests)
    slots = sum(len(slot_ids(request)) for request in requests) / len(requests)
    print(f"{options.requests} requests of {slots:.1f} slots; median milliseconds a request\n")
    print(
        f"{'assets':>10} {'bare loop':>11} {'its sets':>11} {'plain path':>11} {'reading':>9} {'index':>9}"
        f" {'plain to bare':>14}"
    )
    found = []
    for size in sorted(options.sizes):
        figures = measure(size, requests)
        found.append(figures)
        print(
            f"{size:>10,} {figures.bare:>11.3f} {figures.sets:>11.3f} {figures.plain:>11.3f} {figures.reading:>9.3f}"
            f" {figures.index:>9.3f} {figures.plain / figures.bare:>12.1f} x",
            flush=True,
        )
    met = _print_targets(found)
    return 1 if options.check and not met else 0


def _print_targets(found: Sequence[Figures]) -> bool:
    """What an asset costs and what an answer costs, as far as the sizes tell; whether the targets are met."""
    print()
    ratios = []
    large = [figures for figures in found if figures.size >= SLOPE_FROM]
    if len(large) > 1:
        fewer, more = large[0], large[-1]
        assets = (more.size - fewer.size) / 1e3
        plain, bare = (more.plain - fewer.plain) / assets, (more.bare - fewer.bare) / assets
        ratios.append((plain / bare, TARGET))
        print(
            f"an asset, {shortened(fewer.size)} to {shortened(more.size)}: plain path {plain:.2f} us,"
            f" bare loop {bare:.2f} us: {plain / bare:.2f} x (<= {TARGET:g})"
        )
    for few in (figures for figures in found if figures.size <= FEW):
        ratios.append((few.plain / few.index, ANSWER_TARGET))
        print(
            f"an answer at {shortened(few.size)}: plain path {few.plain:.2f} ms, index {few.index:.2f} ms:"
            f" {few.plain / few.index:.1f} x (<= {ANSWER_TARGET:g})"
        )
    met = all(ratio <= target for ratio, target in ratios)
    print("targets met" if met and ratios else "targets MISSED" if ratios else "these sizes have no target")
    return met
