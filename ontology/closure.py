"""Reachability over "wider than": pure functions on a mapping id → directly wider ids. Cycles end, they never hang."""

from collections.abc import Iterator, Mapping


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


def loops(graph: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Loops of the graph, each as the ids on the way round; no id stands in two of them. Empty when there is none.

    Every loop shares an id with one that is listed. Deep chains cost no recursion.
    """
    found: list[tuple[str, ...]] = []
    in_loop: set[str] = set()
    done: set[str] = set()
    for start in graph:
        path: dict[str, Iterator[str]] = {}
        following: str | None = start if start not in done else None
        while following is not None:
            path[following] = iter(graph.get(following, ()))
            following = _step(path, done, found, in_loop)
    return tuple(found)


def _step(
    path: dict[str, Iterator[str]], done: set[str], found: list[tuple[str, ...]], in_loop: set[str]
) -> str | None:
    """Go on from the end of the path to the next new id, stepping back where there is none; None when all is walked."""
    while path:
        here, onward = next(reversed(path.items()))
        for node in onward:
            if node in path:
                way = tuple(path)
                loop = way[way.index(node) :]
                if in_loop.isdisjoint(loop):
                    found.append(loop)
                    in_loop.update(loop)
            elif node not in done:
                return node
        del path[here]
        done.add(here)
    return None
