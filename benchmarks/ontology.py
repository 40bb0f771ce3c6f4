"""A vocabulary from its cache, against the C loader of PyYAML reading the same file.

PyYAML only makes dictionaries and lists of it; the cache gives a checked vocabulary, and reads and hashes the file to
prove that it is the same one. Also shown: how long reading it without a cache takes, and with one to be written.
"""

import gc
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import yaml

from benchmarks.options import benchmark_parser, parsed
from benchmarks.vocabulary import make_ontology, to_file
from ontology.complete import complete
from ontology.find import find_terms
from ontology.loader import load_ontology
from ontology.terms import Ontology, Term

FASTER = 30.0
"""Target: so many times faster than `yaml.load(CSafeLoader)`."""

KEYWORDS = 8
"""Of each term: about 190 bytes a term, as in the file from which the target was taken (1.87 MB for 10,000 terms)."""

TERMS = CHAIN = 10_000


def milliseconds(work: Callable[[], Any]) -> float:
    """How long it takes, with nothing of earlier runs left to collect."""
    gc.collect()
    started = perf_counter()
    result = work()
    took = (perf_counter() - started) * 1e3
    del result
    return took


def measure(folder: Path, repeats: int) -> dict[str, list[float]]:
    """Milliseconds of each way, in turns, so that noise hits all of them."""
    file, cache = folder / "vocabulary.yaml", folder / "cache.bin"
    data = file.read_bytes()
    times: dict[str, list[float]] = {"yaml": [], "files": [], "written": [], "cache": []}
    for _ in range(repeats):
        cache.unlink(missing_ok=True)
        times["yaml"].append(milliseconds(lambda: yaml.load(data, Loader=yaml.CSafeLoader)))
        times["files"].append(milliseconds(lambda: load_ontology(file)))
        times["written"].append(milliseconds(lambda: load_ontology(file, cache=cache)))
        times["cache"] += [milliseconds(lambda: load_ontology(file, cache=cache)) for _ in range(3)]
    return times


def chain(length: int) -> Ontology:
    """Places each inside the next."""
    return Ontology(Term(f"loc:p{number}", "", broader=(f"loc:p{number + 1}",)) for number in range(length))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where `--check` is given and a ratio misses its target."""
    parser = benchmark_parser("ontology", __doc__, sizes=[TERMS], of="terms")
    parser.add_argument("--repeats", type=int, default=5, help="how often each way is taken (default 5)")
    options = parsed(parser, arguments)
    met = [_print_one(size, options.repeats) for size in options.sizes]
    wide = chain(CHAIN)
    print(f"  narrower, a chain of {CHAIN:,}      {milliseconds(lambda: wide.narrower(f'loc:p{CHAIN}')):10.1f}")
    return 1 if options.check and not all(met) else 0


def _print_one(size: int, repeats: int) -> bool:
    """Print the figures of one size; whether the ratio meets its target."""
    ontology = make_ontology(size, keywords=KEYWORDS)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "vocabulary.yaml").write_text(to_file(ontology), encoding="utf-8")
        times = {what: median(found) for what, found in measure(folder, repeats).items()}
        sizes = [(folder / name).stat().st_size / 1e6 for name in ("vocabulary.yaml", "cache.bin")]
    ratio = times["yaml"] / times["cache"]
    print(f"{size:,} terms; file {sizes[0]:.2f} MB, cache {sizes[1]:.2f} MB; median milliseconds\n")
    print(f"  yaml.load(CSafeLoader)           {times['yaml']:10.1f}")
    print(f"  load_ontology, checked           {times['files']:10.1f}")
    print(f"  the same, cache written          {times['written']:10.1f}")
    print(f"  load_ontology from its cache     {times['cache']:10.1f}\n")
    for what, work in (("find_terms", find_terms), ("complete", complete)):
        first, again = (milliseconds(partial(work, text, ontology)) for text in ("npc:stro", "npc:flo"))
        print(f"  {what + ', first call, second call':<32} {first:10.1f} {again:8.2f}")
    verdict = "met" if ratio >= FASTER else "MISSED"
    print(f"\n  yaml / cache                     {ratio:10.1f} x   target >= {FASTER:g} x: {verdict}\n")
    return ratio >= FASTER
