"""What a list shows, without showing it: ids in order, eight bytes each, and the few assets that are looked at."""

from array import array
from collections.abc import Iterable, Iterator, Sequence

from gallery import AssetView

MOST_VIEWS = 4_000
"""So many assets are kept; the list shows some dozens of them."""


def number_of(asset_id: str) -> int:
    """The 64 bits of an id."""
    return int(asset_id[1:], 16)


def id_of(number: int) -> str:
    """The inverse."""
    return f"a{number:016x}"


class Listing:
    """The finds of one query. `total` is known at once, the ids arrive piece by piece."""

    def __init__(self, query: str = "", total: int = 0, first: Sequence[AssetView] = ()) -> None:
        self.query = query
        self.total = total
        self._numbers = array("Q")
        self._views: dict[int, AssetView] = {}
        self.know(first)
        self.extend(view.id for view in first)

    def __len__(self) -> int:
        return self.total

    @property
    def known(self) -> int:
        """Of so many places the id is known, from the first on."""
        return len(self._numbers)

    def extend(self, ids: Iterable[str]) -> None:
        """The next ids in order."""
        self._numbers.extend(map(number_of, ids))

    def replace(self, numbers: "array[int]") -> None:
        """All ids anew: what was read from one moment of the gallery."""
        self._numbers = numbers
        self.total = len(numbers)

    def id_at(self, place: int) -> str | None:
        """The id at a place from 0 on; None where it is not known yet, or there is none."""
        return id_of(self._numbers[place]) if 0 <= place < len(self._numbers) else None

    def ids(self, first: int, last: int) -> Iterator[str]:
        """The ids of these places, both included."""
        return map(id_of, self._numbers[max(first, 0) : last + 1])

    def place_of(self, asset_id: str) -> int | None:
        """Where an asset stands; None when it is not among the finds."""
        try:
            return self._numbers.index(number_of(asset_id))
        except ValueError:
            return None

    def view_at(self, place: int) -> AssetView | None:
        """The asset at a place, if it is known."""
        return self._views.get(self._numbers[place]) if 0 <= place < len(self._numbers) else None

    def know(self, views: Iterable[AssetView]) -> None:
        """Keep these assets, and forget the ones that were kept first when they are too many."""
        for view in views:
            number = number_of(view.id)
            self._views.pop(number, None)
            self._views[number] = view
        while len(self._views) > MOST_VIEWS:
            del self._views[next(iter(self._views))]

    def forget(self) -> None:
        """The assets may have changed: read them again."""
        self._views.clear()

    def unknown(self, first: int, last: int) -> list[str]:
        """Of these places, the ids whose assets are not known."""
        return [id_of(number) for number in self._numbers[max(first, 0) : last + 1] if number not in self._views]


class Selection:
    """Which assets are selected: some by id, or all that match but for some."""

    def __init__(self) -> None:
        self._numbers: set[int] = set()
        self.everything = False

    def __contains__(self, asset_id: str) -> bool:
        return (number_of(asset_id) in self._numbers) != self.everything

    def count(self, listing: Listing) -> int:
        """How many of the finds are selected."""
        return listing.total - len(self._numbers) if self.everything else len(self._numbers)

    def toggle(self, asset_id: str) -> None:
        """Take it in, or out."""
        self._numbers ^= {number_of(asset_id)}

    def add(self, ids: Iterable[str]) -> None:
        """Take these in."""
        numbers = set(map(number_of, ids))
        self._numbers = self._numbers - numbers if self.everything else self._numbers | numbers

    def clear(self, *, everything: bool = False) -> None:
        """Nothing, or everything that matches."""
        self._numbers, self.everything = set(), everything

    def ids(self, listing: Listing) -> tuple[str, ...]:
        """What is selected, in the order of the finds."""
        if self.everything:
            return tuple(one for one in listing.ids(0, listing.known - 1) if one in self)
        ordered = [one for one in listing.ids(0, listing.known - 1) if number_of(one) in self._numbers]
        return tuple(ordered)
