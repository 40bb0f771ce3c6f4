"""Coverage as a heat map: characters by role and view, places by background and view."""

from collections.abc import Iterable, Mapping
from typing import Any

from gallery.drawing.heat_map import Column, HeatMap, Panel, Row

Counts = Mapping[str, Mapping[str, int]]
Views = Mapping[str, Mapping[str, Mapping[str, int]]]

ROLES = "role"
"""The group of the columns that are roles."""

ANY_ROLE = "in any role"
"""The group of the columns that are views in whichever role; each further group is of one role."""

_IN_ROLE = "as "
_CAMERA = "camera:"
_ROLE = "role:"


def coverage_map(found: Mapping[str, Any], views: Views, labels: Mapping[str, str], *, title: str) -> HeatMap:
    """The map of what `resolver.coverage` and `resolver.coverage_views` answer. `labels`: id → label.

    The first group of columns is the roles; then come the views of all pictures and those of each role, as far as
    anybody has one.
    """
    gaps = {(gap["identity"], gap["wanted_role"].removeprefix(_ROLE)) for gap in found["gaps"]}
    panels = [
        _panel(name, found[kind], found["cameras"], views, gaps, labels)
        for name, kind in (("Characters", "characters"), ("Places", "locations"))
        if found[kind]
    ]
    return HeatMap(f"Coverage of {title}" if title else "Coverage", tuple(panels))


def wanted_in(column: Column) -> dict[str, str]:
    """What a column asks of a picture, as a gap names it: `{wanted_role}`, `{camera}`, or both."""
    if column.group == ROLES:
        return {"wanted_role": f"{_ROLE}{column.name}"}
    camera = {"camera": f"{_CAMERA}{column.name}"}
    if column.group == ANY_ROLE:
        return camera
    return camera | {"wanted_role": f"{_ROLE}{column.group.removeprefix(_IN_ROLE)}"}


def query_of(identity: str, column: Column) -> str:
    """The query that finds just the pictures that a cell counts."""
    return " ".join([f"={identity}", *(f"={tag}" for tag in wanted_in(column).values()), "media:image"])


def _panel(
    title: str,
    by_role: Counts,
    cameras: Counts,
    views: Views,
    gaps: set[tuple[str, str]],
    labels: Mapping[str, str],
) -> Panel:
    roles = list(dict.fromkeys(role for counts in by_role.values() for role in counts))
    cells: dict[str, Counts] = {ANY_ROLE: {who: cameras.get(who, {}) for who in by_role}}
    for role in roles:
        cells[f"{_IN_ROLE}{role}"] = {who: views.get(who, {}).get(role, {}) for who in by_role}
    seen = {group: _seen(counts.values()) for group, counts in cells.items()}
    columns = [Column(ROLES, role) for role in roles]
    columns += [Column(group, tag.removeprefix(_CAMERA)) for group, tags in seen.items() for tag in tags]
    rows = []
    for who, counts in by_role.items():
        numbers: list[int | None] = [counts.get(role) for role in roles]
        numbers += [cells[group][who].get(tag, 0) for group, tags in seen.items() for tag in tags]
        missing = frozenset(place for place, role in enumerate(roles) if (who, role) in gaps)
        rows.append(Row(who, labels.get(who, ""), tuple(numbers), missing))
    return Panel(title, tuple(columns), tuple(rows))


def _seen(counts: Iterable[Mapping[str, int]]) -> list[str]:
    return sorted({tag for of_one in counts for tag in of_one})
