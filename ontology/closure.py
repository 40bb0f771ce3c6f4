"""Reachability over "wider than": pure functions on a mapping id → directly wider ids. Cycles end, they never hang."""

from collections.abc import Iterator, Mapping


def levels(start: str, steps: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The ids that the steps lead to, by distance, nearest first; each once, at its least distance; the start never."""
    seen = {start}
    found_levels: list[tuple[str, ...]] = []
    frontier: tuple[str, ...] = (start,)
    while True:
        found: dict[str, None] = {}
        for node in frontier:
            for reached in steps.get(node, ()):
                if reached not in seen:
                    found[reached] = None
        if not found:
            return tuple(found_levels)
        seen.update(found)
        frontier = tuple(found)
        found_levels.append(frontier)


def inverted(parents: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Id → the ids directly below it, in the order of the mapping. Ids with nothing below them are not listed."""
    children: dict[str, list[str]] = {}
    for child, wider in parents.items():
        for parent in wider:
            children.setdefault(parent, []).append(child)
    return {parent: tuple(found) for parent, found in children.items()}


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


def closing_steps(graph: Mapping[str, tuple[str, ...]]) -> frozenset[tuple[str, str]]:
    """The steps `(from, to)` that lead back into the way they were reached by; without them there is no loop.

    Deep chains cost no recursion; each step is looked at once.
    """
    closing: set[tuple[str, str]] = set()
    done: set[str] = set()
    for start in graph:
        path: dict[str, Iterator[str]] = {} if start in done else {start: iter(graph[start])}
        while path:
            here, onward = next(reversed(path.items()))
            following = next(onward, None)
            if following is None:
                del path[here]
                done.add(here)
            elif following in path:
                closing.add((here, following))
            elif following not in done:
                path[following] = iter(graph.get(following, ()))
    return frozenset(closing)
