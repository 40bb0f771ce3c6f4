"""All pairs of hashes that differ in a few bits, without comparing each with each. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from gallery.likeness.dhash import BITS, differing_bits

_FEW = 128
"""Up to so many are compared each with each, which costs less than sorting them into buckets."""

Pair = tuple[int, int]


def close_pairs(values: Iterable[int], radius: int) -> set[Pair]:
    """The pairs of different values that differ in at most `radius` bits, the smaller value first.

    The bits are cut into `radius + 2` groups. At most `radius` of them can differ in such a pair, so it agrees in two:
    it is enough to compare those that share two groups. A bucket that is still large is cut once more by its other
    bits, unless it is one crowd: values that are all near each other are near in every cut.
    """
    found: set[Pair] = set()
    _search(sorted(set(values)), range(BITS), radius, found, cuts=2)
    return found


def _search(values: Sequence[int], bits: Sequence[int], radius: int, found: set[Pair], *, cuts: int) -> None:
    if len(values) <= _FEW or not cuts:
        found.update(pair for pair in combinations(values, 2) if differing_bits(*pair) <= radius)
        return
    groups = radius + 2
    for one, other in combinations([bits[number::groups] for number in range(groups)], 2):
        rest = [bit for bit in bits if bit not in one and bit not in other]
        for bucket in _buckets(values, sum(1 << bit for bit in (*one, *other))):
            is_crowd = 2 * len(bucket) > len(values)
            _search(bucket, rest, radius, found, cuts=0 if is_crowd else cuts - 1)


def _buckets(values: Sequence[int], mask: int) -> Iterator[list[int]]:
    """The values that agree in the bits of the mask, where there are at least two."""
    buckets: defaultdict[int, list[int]] = defaultdict(list)
    for value in values:
        buckets[value & mask].append(value)
    return (bucket for bucket in buckets.values() if len(bucket) > 1)


def connected(pairs: Iterable[Pair]) -> list[list[int]]:
    """The values of the pairs, gathered by what hangs together over any number of them (union-find)."""
    parent: dict[int, int] = {}

    def root(value: int) -> int:
        while parent.setdefault(value, value) != value:
            parent[value] = parent[parent[value]]
            value = parent[value]
        return value

    for one, other in pairs:
        parent[root(one)] = root(other)
    gathered: defaultdict[int, list[int]] = defaultdict(list)
    for value in list(parent):
        gathered[root(value)].append(value)
    return list(gathered.values())


def compact_groups(ranked: Sequence[int], radius: int) -> Iterator[list[int]]:
    """The values cut into groups in each of which every two differ in at most `radius` bits; a lone one is a group.

    Without this a chain of small steps would join pictures that have nothing in common. `ranked`: best first; each
    group is gathered around the best value left, the nearest to it first.
    """
    left = list(ranked)
    while left:
        seed, *others = left
        group = [seed]
        for value in sorted(others, key=lambda other: differing_bits(seed, other)):
            if all(differing_bits(value, member) <= radius for member in group):
                group.append(value)
        chosen = set(group)
        left = [value for value in others if value not in chosen]
        yield group
