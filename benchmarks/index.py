"""The index itself: how long it takes to build, store, open and edit, and what it weighs.

It is made with `lookup`, so it holds ids, tags and ranks and no assets. From rows: one pass over a stream of assets
that are ready in memory. From its snapshot: from the bytes to the first answer. Memory is what a fresh process gains in
anonymous pages by opening the mapped snapshot and reading every bitmap of it. Edits are of single assets anywhere in
the index that was built from rows, so everything about each has to be fetched from memory; in an index that was just
opened, the first edit of a tag reads its bitmap besides. Only ratios and bytes can fail; the microseconds of an edit
are shown with their targets.
"""

import gc
import mmap
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.options import ALL_SIZES, LARGE, benchmark_parser, parsed
from benchmarks.population import MadeAsset, make_assets, make_requests
from resolver import CandidateIndex, resolve_assets_for_action

EDITS = 2_000

OPEN_TARGET = 20.0
BYTES_TARGET = 90.0
EDIT_TARGET = 5.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds of whole-index work, microseconds an edit, bytes an asset."""

    size: int
    rows: float
    store: float
    opening: float
    disk: float
    memory: float
    tag: float
    rating: float
    update: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where `--check` is given and a ratio or the memory misses its target."""
    options = parsed(benchmark_parser("index", __doc__, sizes=ALL_SIZES), arguments)
    print(
        f"{'assets':>10} {'from rows':>10} {'to bytes':>9} {'open':>9} {'rows/open':>10}"
        f" {'disk':>7} {'memory':>8} {'tag':>7} {'rating':>7} {'update':>7}"
    )
    print(f"{'':>10} {'s':>10} {'s':>9} {'s':>9} {'x':>10} {'B/asset':>7} {'B/asset':>8} {'us':>7} {'us':>7} {'us':>7}")
    met = True
    for size in options.sizes:
        figures = measure(size)
        ratio = figures.rows / figures.opening
        print(
            f"{size:>10,} {figures.rows:>10.3f} {figures.store:>9.3f} {figures.opening:>9.4f} {ratio:>10.1f}"
            f" {figures.disk:>7.1f} {figures.memory:>8.1f} {figures.tag:>7.2f} {figures.rating:>7.2f}"
            f" {figures.update:>7.2f}",
            flush=True,
        )
        met &= size < LARGE or (ratio >= OPEN_TARGET and figures.memory <= BYTES_TARGET)
    print(
        f"\ntargets from 1M on: rows/open >= {OPEN_TARGET:g} x, memory <= {BYTES_TARGET:g} B:"
        f" {'met' if met else 'MISSED'}; tag and rating <= {EDIT_TARGET:g} us (shown only)"
    )
    return 1 if options.check and not met else 0


def measure(size: int) -> Figures:
    """All figures at one size."""
    assets = make_assets(size)

    def lookup(ids: Sequence[Any]) -> list[MadeAsset]:
        return [assets[asset_id] for asset_id in ids]

    gc.collect()
    gc.disable()
    try:
        rows, index = _seconds(lambda: CandidateIndex(iter(assets), lookup=lookup))
        store, stored = _seconds(lambda: index.to_bytes(0))
        request = make_requests(1)[0]
        opening = min(_seconds(lambda: _opened(stored, lookup, request))[0] for _ in range(3))
        edits = _edits(index, assets)
    finally:
        gc.enable()
    return Figures(size, rows, store, opening, len(stored) / size, _memory(stored) / size, *edits)


def _opened(stored: bytes, lookup: Any, request: Any) -> None:
    """An index from its bytes, and its first answer."""
    index, _ = CandidateIndex.from_bytes(stored, lookup=lookup)
    resolve_assets_for_action(request, index)


def _edits(index: CandidateIndex, assets: Sequence[MadeAsset]) -> tuple[float, float, float]:
    """Median microseconds of a tag change, a rating change, and the update of a whole asset with another tag.

    What an edit is told is ready before it is timed.
    """
    chance = Random(1)
    chosen = [chance.choice(assets) for _ in range(EDITS)]
    retag, rate, update = index.retag, index.rate, index.update
    last = [(asset.id, (asset.tags[-1],)) for asset in chosen]
    tag = [_seconds(lambda i=i, gone=gone: retag(i, add=("edited",), remove=gone))[0] for i, gone in last]
    rated = [(asset.id, (asset.rating + 1) % 6) for asset in chosen]
    rating = [_seconds(lambda i=i, new=new: rate(i, new))[0] for i, new in rated]
    changed = [replace(asset, tags=[*asset.tags[:-1], "changed"]) for asset in chosen]
    updated = [_seconds(lambda new=new: update(new))[0] for new in changed]
    return median(tag) * 1e6, median(rating) * 1e6, median(updated) * 1e6


def _memory(stored: bytes) -> float:
    """Bytes that a fresh process gains by opening the stored index and reading all of it."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "index")
        path.write_bytes(stored)
        context = get_context("spawn")
        receiving, sending = context.Pipe(duplex=False)
        process = context.Process(target=_gain, args=(path, sending))
        process.start()
        gained: float = receiving.recv()
        process.join()
    return gained


def _gain(path: Path, sending: Any) -> None:
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    before = _anonymous_bytes()
    index, _ = CandidateIndex.from_bytes(memoryview(mapped), lookup=lambda _: ())
    postings = index.documents.postings
    for number in range(len(postings)):
        postings.at(number)
    sending.send(_anonymous_bytes() - before)


def _anonymous_bytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    return float(found[1]) * 1024 if found else float("nan")


def _seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    started = perf_counter()
    answer = work()
    return perf_counter() - started, answer
