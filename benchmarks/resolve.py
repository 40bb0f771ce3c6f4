"""The resolver at size: a bare set-membership loop, the plain path and the index side by side, with equal answers.

All three take turns in one run over one made-up gallery (`population.py`, seed 42). The bare loop asks each asset, for
each slot, whether a ready set has the slot's id. The plain path and the index both give full results, with reasons,
gaps and trace, and the answers are compared field by field and asset by asset.

The index answers all 1,000 requests at every size, each three times, and the least counts. The plain path and the bare
loop answer as many as `--seconds` allow, each once; so many answers are compared: all 1,000 at 1k, but hundreds at 10k,
some eighty at 100k and a handful at 1M. With `--check-all` the rest is compared too, in several processes and untimed;
how far they are is told on stderr. The collector of garbage rests meanwhile: it would count a million assets now and
then, whoever is being timed. Only ratios can fail.
"""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from os import cpu_count
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from benchmarks.comparing import compare_rest, differ
from benchmarks.options import ALL_SIZES, LARGE, benchmark_parser, parsed
from benchmarks.plain import bare_loop, sets_of, slot_ids
from benchmarks.population import MadeAsset, make_assets, make_requests
from resolver import AssetResolutionRequest, CandidateIndex, resolve_assets_for_action

REQUESTS = 1_000
ASKED = 3
AT_LEAST = 3
"""So many requests the plain path answers, however long it takes."""

SPEED_TARGETS = {100_000: 300.0, 1_000_000: 1_000.0}
P99_TARGET, GROWTH_TARGET, WIDTH_TARGET = 5.0, 5.0, 1.5


@dataclass(frozen=True, slots=True)
class Figures:
    """Median milliseconds a request at one size; `narrow` and `wide` for the outer thirds by number of candidates."""

    size: int
    bare: float
    plain: float
    index: float
    p99: float
    narrow: float
    wide: float
    checked: int
    different: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where answers differ or where, with `--check`, a ratio misses its target."""
    parser = benchmark_parser("resolve", __doc__, sizes=ALL_SIZES)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="how many requests (default 1,000)")
    parser.add_argument("--seconds", type=float, default=20, help="for the plain path at each size (default 20)")
    parser.add_argument("--check-all", action="store_true", help="compare every request, however long it takes")
    parser.add_argument(
        "--processes", type=int, default=cpu_count() or 1, help="compare so many at a time with --check-all"
    )
    options = parsed(parser, arguments)
    requests = make_requests(options.requests)
    slots = sum(map(len, map(slot_ids, requests))) / len(requests)
    print(f"{options.requests} requests of {slots:.1f} slots; median milliseconds a request\n")
    print(
        f"{'assets':>10} {'bare loop':>11} {'plain path':>11} {'index':>9} {'p99':>9} {'compared':>9} {'different':>9}"
    )
    processes = options.processes if options.check_all else 0
    found = []
    for size in options.sizes:
        figures = measure(size, requests, options.seconds, processes)
        found.append(figures)
        print(
            f"{size:>10,} {figures.bare:>11.3f} {figures.plain:>11.3f} {figures.index:>9.3f} {figures.p99:>9.3f}"
            f" {figures.checked:>9,} {figures.different:>9,}",
            flush=True,
        )
    met = _print_ratios(found)
    return 1 if any(figures.different for figures in found) or (options.check and not met) else 0


def measure(size: int, requests: Sequence[AssetResolutionRequest], seconds: float, processes: int) -> Figures:
    """All figures at one size. What the timed part does not compare, so many processes do, if any."""
    assets = make_assets(size)
    index = CandidateIndex(assets)
    sets = sets_of(assets)
    gc.collect()
    gc.disable()
    try:
        bare, plain, different = _compare(assets, sets, index, requests, seconds)
        times = _index_times(index, requests)
        narrow, wide = _by_width(index, requests)
        checked = len(plain)
        if processes and checked < len(requests):
            del sets
            different += compare_rest(assets, index, requests[checked:], processes)
            checked = len(requests)
    finally:
        gc.enable()
    p99 = quantiles(times, n=100)[98] if len(times) > 1 else times[0]
    return Figures(size, median(bare), median(plain), median(times), p99, narrow, wide, checked, different)


def _compare(
    assets: Sequence[MadeAsset], sets: Any, index: CandidateIndex, requests: Sequence[Any], seconds: float
) -> tuple[list[float], list[float], int]:
    """Milliseconds of the bare loop and of the plain path, in turns, and how many answers of the index were others."""
    bare: list[float] = []
    plain: list[float] = []
    different = 0
    started = perf_counter()
    for request in requests:
        if len(plain) >= AT_LEAST and perf_counter() - started > seconds:
            break
        bare.append(_milliseconds(bare_loop, sets, slot_ids(request))[0])
        taken, answer = _milliseconds(resolve_assets_for_action, request, assets)
        plain.append(taken)
        different += differ(answer, resolve_assets_for_action(request, index))
    return bare, plain, different


def _index_times(index: CandidateIndex, requests: Sequence[AssetResolutionRequest]) -> list[float]:
    """Milliseconds of each request, the least of three askings: what it costs, and not what else the machine does."""
    rounds = [
        [_milliseconds(resolve_assets_for_action, request, index)[0] for request in requests] for _ in range(ASKED)
    ]
    return list(map(min, zip(*rounds, strict=True)))


def _by_width(index: CandidateIndex, requests: Sequence[AssetResolutionRequest]) -> tuple[float, float]:
    """Microseconds a match, without preferred tags: of the third with the fewest candidates, and with the most."""
    costs = []
    for request in requests:
        plainer = replace(request, preferred_tags=())
        asked = [_milliseconds(resolve_assets_for_action, plainer, index) for _ in range(ASKED)]
        taken, answer = min(found[0] for found in asked), asked[0][1]
        width = sum(count.fit for slot in answer.trace for count in slot.tiers.values() if count is not None)
        costs.append((width, taken * 1e3 / max(1, len(answer.matches))))
    costs.sort()
    third = max(1, len(costs) // 3)
    return median(cost for _, cost in costs[:third]), median(cost for _, cost in costs[-third:])


def _milliseconds(work: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    started = perf_counter()
    answer = work(*arguments)
    return (perf_counter() - started) * 1e3, answer


def _print_ratios(found: Sequence[Figures]) -> bool:
    """Every ratio with its target; whether all targets are met."""
    met = True
    print(f"\n{'assets':>10} {'index to plain':>20} {'p99 to p50':>16} {'wide to narrow':>18} {'plain to bare':>14}")
    for figures in found:
        speed, target = figures.plain / figures.index, SPEED_TARGETS.get(figures.size)
        p99, width = figures.p99 / figures.index, figures.wide / figures.narrow
        goal = f" (>= {target:,.0f})" if target else ""
        at_size = figures.size == LARGE
        print(
            f"{figures.size:>10,} {f'{speed:,.0f} x{goal}':>20} {f'{p99:.1f} x' + ' (<= 5)' * at_size:>16}"
            f" {f'{width:.2f} x' + ' (<= 1.5)' * at_size:>18} {figures.plain / figures.bare:>12.1f} x"
        )
        met &= speed >= (target or 0) and not (at_size and (p99 > P99_TARGET or width > WIDTH_TARGET))
    by_size = {figures.size: figures.index for figures in found}
    if {100_000, 1_000_000} <= by_size.keys():
        growth = by_size[1_000_000] / by_size[100_000]
        print(f"\nindex at 1M to index at 100k: {growth:.1f} x (<= {GROWTH_TARGET:g})")
        met &= growth <= GROWTH_TARGET
    print("\nall targets met" if met else "\ntargets MISSED")
    return met
