"""A heat map in numbers: rows of counts in groups of columns, before anything is drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

THOUSAND = 1000
_UNITS = ("", "k", "M", "G")


@dataclass(frozen=True, slots=True)
class Step:
    """Counts from `low` on, drawn in `colour` (RGB) with text in `ink`. Neighbours differ in lightness."""

    low: int
    colour: str
    ink: str


STEPS = (
    Step(1, "#dbe9f6", "#10243c"),
    Step(2, "#b4d2ea", "#10243c"),
    Step(4, "#7fb3da", "#10243c"),
    Step(10, "#2f78b3", "#ffffff"),
    Step(30, "#1b5490", "#ffffff"),
    Step(100, "#0a2f5c", "#ffffff"),
)
"""One hue from light to dark: told apart without colour vision, and on a print without colour."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `group` stands once above neighbours that share it."""

    group: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a count for each column, None where the question makes no sense; `gaps` are indices of columns."""

    name: str
    label: str
    counts: tuple[int | None, ...]
    gaps: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Panel:
    """A table of the map."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def groups(self) -> Iterator[tuple[str, int]]:
        """`(group, columns)` from left to right."""
        start = 0
        for place, column in enumerate(self.columns):
            if place + 1 == len(self.columns) or self.columns[place + 1].group != column.group:
                yield column.group, place + 1 - start
                start = place + 1


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Panels below each other."""

    title: str
    panels: tuple[Panel, ...]


def step_of(count: int) -> int | None:
    """Which of `STEPS` a count falls into; None for 0."""
    return max((place for place, step in enumerate(STEPS) if count >= step.low), default=None)


def step_names(steps: Sequence[Step] = STEPS) -> list[str]:
    """`1`, `2-3`, …, `100+`."""
    names = []
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        last = None if following is None else following.low - 1
        names.append(f"{step.low}+" if last is None else str(step.low) if last == step.low else f"{step.low}-{last}")
    return names


def short_count(count: int) -> str:
    """A count in at most four characters: `999`, `1.2k`, `34k`, `1.0M`."""
    value, unit = float(count), 0
    while value >= THOUSAND and unit + 1 < len(_UNITS):
        value, unit = value / THOUSAND, unit + 1
    if not unit:
        return str(count)
    tenths = int(value * 10)  # cut, not rounded: nothing is made to look like more than it is
    return f"{tenths / 10:.1f}{_UNITS[unit]}" if tenths < 100 else f"{int(value)}{_UNITS[unit]}"  # noqa: PLR2004  # 10.0
