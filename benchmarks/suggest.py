"""Completing ids and forgiving typing mistakes, against rapidfuzz's default `WRatio` over all names.

The vocabulary and the mistakes are made up; aliases are among the names that are mistyped. Beginnings are those that
somebody types who types a whole name, one character after the other, which are shown as far as they find anything.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from rapidfuzz import process

from benchmarks.options import benchmark_parser, parsed
from benchmarks.vocabulary import TYPING_SEED, make_ontology, mistyped
from ontology.complete import complete
from ontology.terms import Ontology

FASTER, RECALL, PREFIX_MILLISECONDS = 50.0, 0.98, 0.1
"""Targets: times faster than WRatio; share of meant terms among the first five; median of a beginning."""

TERMS = 100_000
FIRST = 5
LIMIT = 10
USED_SHARE, MOST_USES = 0.2, 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, and the id that was meant."""

    text: str
    meant: str


def names_of(ontology: Ontology) -> list[Asked]:
    """Every id and alias, with the id it stands for."""
    return [Asked(name, term.id) for term in ontology.terms.values() for name in (term.id, *term.aliases)]


def mistakes(names: Sequence[Asked], count: int) -> list[Asked]:
    """So many names with one edit each."""
    chance = Random(TYPING_SEED)
    return [Asked(mistyped(name.text, chance), name.meant) for name in chance.sample(names, min(count, len(names)))]


def beginnings(names: Sequence[Asked], count: int) -> Iterator[str]:
    """All beginnings of so many names."""
    for name in Random(TYPING_SEED).sample(names, min(count, len(names))):
        yield from (name.text[:end] for end in range(1, len(name.text) + 1))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds, and what came of it."""
    started = perf_counter()
    found = work()
    return (perf_counter() - started) * 1e3, found


def measure_mistakes(
    ontology: Ontology, names: Sequence[Asked], asked: Sequence[Asked], plain: int
) -> dict[str, list[float]]:
    """Times of both ways, in turns, and for each question whether the meant term is among the first five."""
    texts = [name.text for name in names]
    measured: dict[str, list[float]] = {"complete": [], "found": [], "WRatio": [], "WRatio found": []}
    for number, one in enumerate(asked):
        took, hits = timed(lambda text=one.text: complete(text, ontology, limit=FIRST))
        measured["complete"].append(took)
        measured["found"].append(one.meant in [hit.id for hit in hits])
        if number < plain:
            took, best = timed(lambda text=one.text: process.extract(text, texts, limit=FIRST))
            measured["WRatio"].append(took)
            measured["WRatio found"].append(one.meant in [names[place].meant for *_, place in best])
    return measured


def measure_beginnings(ontology: Ontology, texts: Sequence[str], uses: Mapping[str, int]) -> list[float]:
    """Times of the texts that something begins with, each asked for the first time but for the widest."""
    times = []
    for text in texts:
        took, hits = timed(lambda text=text: complete(text, ontology, limit=LIMIT, uses=uses))
        if hits and hits[0].match == "prefix":
            times.append(took)
    return times


def made_uses(ontology: Ontology) -> dict[str, int]:
    """Use counts for a fifth of the terms."""
    chance = Random(TYPING_SEED)
    used = chance.sample(list(ontology.terms), int(len(ontology.terms) * USED_SHARE))
    return {id_: chance.randint(1, MOST_USES) for id_ in used}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where `--check` is given and a target is missed."""
    parser = benchmark_parser("suggest", __doc__, sizes=[TERMS], of="terms")
    parser.add_argument("--queries", type=int, default=500, help="how many mistakes (default 500)")
    parser.add_argument("--plain", type=int, default=20, help="how many of them WRatio is asked too (default 20)")
    options = parsed(parser, arguments)
    met = [_print_one(size, options.queries, options.plain) for size in options.sizes]
    return 1 if options.check and not all(met) else 0


def _print_one(size: int, queries: int, plain: int) -> bool:
    """Print the figures of one size; whether its ratios meet their targets."""
    ontology = make_ontology(size)
    names = names_of(ontology)
    asked = mistakes(names, queries)
    prepared = [timed(lambda text=text: complete(text, ontology))[0] for text in ("npc:", "zzzzzzzzzz", "npc:zzzzzz")]
    for namespace in ontology.namespaces:  # the row of each is made when it is first asked for
        complete(f"{namespace}:zzzzzz", ontology)
    measured = measure_mistakes(ontology, names, asked, plain)
    texts = list(beginnings(names, queries // 10 or 1))
    plain_prefix = measure_beginnings(ontology, texts, {})
    used_prefix = measure_beginnings(ontology, texts, made_uses(ontology))
    ratio = median(measured["WRatio"]) / median(measured["complete"])
    recall = sum(measured["found"]) / len(measured["found"])
    print(f"{size:,} terms, {len(names):,} ids and aliases, {len(asked)} mistakes, {len(texts)} beginnings\n")
    print(f"  made ready, once: beginnings {prepared[0]:.0f} ms, mistakes {sum(prepared[1:]):.0f} ms\n")
    print("  milliseconds                         p50        p99")
    _row("one edit, first five", measured["complete"])
    _row(f"WRatio over all ({len(measured['WRatio'])} asked)", measured["WRatio"])
    _row("beginning, first ten", plain_prefix)
    _row("beginning, by uses", used_prefix)
    wratio_recall = sum(measured["WRatio found"]) / len(measured["WRatio found"])
    prefix = median(plain_prefix)
    print(f"\n  WRatio / one edit     {ratio:10.1f} x    target >= {FASTER:g} x: {_verdict(ratio >= FASTER)}")
    print(f"  recall of first five  {recall:10.3f}      target >= {RECALL:g}: {_verdict(recall >= RECALL)}", end="")
    print(f" (WRatio {wratio_recall:.3f})")
    print(f"  beginning, p50        {prefix:10.3f} ms   target <= {PREFIX_MILLISECONDS:g} ms:", end=" ")
    print(f"{_verdict(prefix <= PREFIX_MILLISECONDS)} (a figure of the machine: never a failure)")
    return ratio >= FASTER and recall >= RECALL


def _row(what: str, times: Sequence[float]) -> None:
    p99 = quantiles(times, n=100)[98] if len(times) > 1 else times[0]
    print(f"  {what:<30} {median(times):9.3f}  {p99:9.3f}")


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"
