"""The coverage of the resolver as a table: a row for each character and place, a column for each role and view."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ontology.terms import Ontology


@dataclass(frozen=True, slots=True)
class Cell:
    """How many pictures show the identity in this role or view. `is_gap`: the resolver misses one."""

    identity: str
    mark: str
    count: int
    is_gap: bool

    @property
    def query(self) -> str:
        """What finds just these pictures."""
        return f"={self.identity} ={self.mark} media:image"


@dataclass(frozen=True, slots=True)
class Line:
    """A row. `cells` by column, None where such a picture cannot be; a head has none at all."""

    identity: str
    label: str
    cells: tuple[Cell | None, ...] = ()

    @property
    def has_gap(self) -> bool:
        """Whether any of its pictures is missed."""
        return any(cell is not None and cell.is_gap for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`: ids of roles and cameras."""

    columns: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def gaps(self) -> int:
        """How many pictures the resolver misses."""
        return sum(cell.is_gap for line in self.lines for cell in line.cells if cell is not None)


def coverage_table(found: Mapping[str, Any], ontology: Ontology) -> Table:
    """The table of what `resolver.coverage` returns."""
    listed = [by for name in ("characters", "locations") for by in found[name].values()]
    roles = dict.fromkeys(role for by in listed for role in by)
    cameras = sorted({camera for by in found["cameras"].values() for camera in by})
    columns = (*(f"role:{role}" for role in roles), *cameras)
    missed = {(gap["identity"], gap["wanted_role"]) for gap in found["gaps"]}
    parts = (("Characters", found["characters"]), ("Places", found["locations"]))
    lines = [
        line
        for title, part in parts
        for line in (
            Line("", title),
            *_lines(part, found["cameras"], columns, missed, ontology),
        )
    ]
    return Table(columns, tuple(lines))


def _lines(
    part: Mapping[str, Mapping[str, int]],
    cameras: Mapping[str, Mapping[str, int]],
    columns: tuple[str, ...],
    missed: set[tuple[str, str]],
    ontology: Ontology,
) -> Iterator[Line]:
    for identity, by_role in part.items():
        counts = {f"role:{role}": number for role, number in by_role.items()}
        seen = cameras.get(identity, {})
        cells = []
        for mark in columns:
            number = counts.get(mark) if mark.startswith("role:") else seen.get(mark, 0)
            cells.append(None if number is None else Cell(identity, mark, number, (identity, mark) in missed))
        term = ontology.term(identity)
        yield Line(identity, term.label if term is not None else "", tuple(cells))
