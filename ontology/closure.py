"""Reachability over "wider than": pure functions on a mapping id → directly wider ids. Cycles end, they never hang."""

from collections.abc import Mapping


def levels_above(start: str, parents: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The ids reachable upwards by distance, nearest first; each id once, at its least distance; the start never."""
    seen = {start}
    levels: list[tuple[str, ...]] = []
    frontier: tuple[str, ...] = (start,)
    while True:
        found: dict[str, None] = {}
        for node in frontier:
            for wider in parents.get(node, ()):
                if wider not in seen:
                    found[wider] = None
        if not found:
            return tuple(levels)
        seen.update(found)
        frontier = tuple(found)
        levels.append(frontier)


def transitive_below(parents: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Id → every id that reaches it upwards. Ids that nothing reaches are not listed."""
    below: dict[str, set[str]] = {}
    for start in parents:
        for level in levels_above(start, parents):
            for wider in level:
                below.setdefault(wider, set()).add(start)
    return {wider: frozenset(found) for wider, found in below.items()}
