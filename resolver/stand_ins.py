"""Those who can stand in for somebody or some place: the fallback tiers of the plain path.

Ten thousand enemies ask one body of stand-ins, so it is ranked once, and what an earlier enemy was given first is moved
to the end once and not skipped over ten thousand times.
"""

from bisect import insort
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain

from resolver.source import Handle


class StandIns:
    """Stand-ins by step, best first. `without` must be the same object in all calls, and `last` only grow."""

    def __init__(
        self, steps: Sequence[Sequence[Handle]], in_order: Callable[[Sequence[Handle]], Iterator[Handle]]
    ) -> None:
        """`in_order` gives the members of one step by rank."""
        self.handles = frozenset(chain.from_iterable(steps))
        self._coming = chain.from_iterable(map(in_order, steps))  # a step is put in order when its turn comes
        self._fresh: OrderedDict[Handle, int] = OrderedDict()
        self._demoted: list[tuple[int, Handle]] = []
        self._counted: tuple[object, frozenset[Handle]] = (None, frozenset())

    def among(self, handles: Collection[Handle]) -> frozenset[Handle]:
        """Those of some handles that are stand-ins; worked out once for one object."""
        if self._counted[0] is not handles:
            self._counted = (handles, self.handles.intersection(handles))
        return self._counted[1]

    def best(self, most: int, *, without: Collection[Handle], last: Collection[Handle]) -> list[Handle]:
        """The first by rank, at most `most`, none of `without`; those of `last` behind all others."""
        found: list[Handle] = []
        newly_last: list[Handle] = []
        for handle in chain(self._fresh, self._pulled(without)):
            if handle in last:
                newly_last.append(handle)
            else:
                found.append(handle)
                if len(found) == most:
                    break
        for handle in newly_last:
            insort(self._demoted, (self._fresh.pop(handle), handle))
        return found + [handle for _, handle in self._demoted[: most - len(found)]]

    def _pulled(self, without: Collection[Handle]) -> Iterator[Handle]:
        """Those that nobody has come to yet, by rank; each joins the fresh ones."""
        for handle in self._coming:
            if handle not in without:
                self._fresh[handle] = len(self._fresh) + len(self._demoted)
                yield handle


class StandInTier:
    """A fallback tier of one slot: the stand-ins but for those who carry the slot's own identity (`own`)."""

    def __init__(self, stand_ins: StandIns, own: Collection[Handle]) -> None:
        self._stand_ins = stand_ins
        self._own = self._stand_ins.handles.intersection(own)

    def __len__(self) -> int:
        return len(self._stand_ins.handles) - len(self._own)

    def count(self, handles: Collection[Handle]) -> int:
        """How many of these are members."""
        return len(self._stand_ins.among(handles)) - len(self._own.intersection(handles))

    def best(self, most: int, *, without: Collection[Handle], last: Collection[Handle]) -> Sequence[Handle]:
        """The first members by rank; see `TierMembers.best`.

        Who carries the slot's own identity and could stand in was returned at `exact`, and so is in `without`.
        """
        return self._stand_ins.best(most, without=without, last=last)
