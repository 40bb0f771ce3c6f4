"""Near-identical pictures of the whole gallery, and making one of several: which is kept, what goes to the trash.

Nothing is gone: what is not kept goes to the trash as one batch, which undo takes back. Files are never touched.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, select

from gallery.context import GalleryContext
from gallery.journal.batches import Change, apply
from gallery.likeness.close_pairs import close_pairs, compact_groups, connected
from gallery.likeness.merging import Member, Merge, merge
from gallery.reading.arguments import whole_number
from gallery.reading.rows import VIEW_COLUMNS, is_live, view_of
from gallery.store.chunks import chunked
from gallery.store.moments import rfc3339
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset
from gallery.views import ItemError
from ontology.errors import InvalidInputError

DEFAULT_DISTANCE: Final = 4
MAX_DISTANCE: Final = 8
"""Pictures farther apart are variations and not copies, and finding all pairs of them takes too long."""

_ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class DuplicateReport:
    """The groups, the best of each first; `batch` is None when nothing was changed."""

    distance: int
    groups: tuple[Merge, ...]
    batch: int | None = None

    def to_json(self) -> dict[str, Any]:
        """`{distance, groups, batch}`."""
        return {
            "distance": self.distance,
            "groups": [group.to_json() for group in self.groups],
            "batch": self.batch,
        }


def duplicates(
    context: GalleryContext, *, distance: int = DEFAULT_DISTANCE, apply: bool = False, dry_run: bool = False
) -> DuplicateReport:
    """Groups of live assets of which every two differ in at most `distance` (0-8) of 64 bits, with what to keep.

    With `apply` each group without doubt is made one: the kept asset gets the tags and the highest rating of all, the
    others go to the trash, all as one batch. Outcomes of groups: proposed, doubtful, merged, failed (its assets were
    changed meanwhile). Raises `InvalidInputError` for a distance out of range.
    """
    if not 0 <= whole_number("distance", distance) <= MAX_DISTANCE:
        raise InvalidInputError(
            f"`distance` is 0 to {MAX_DISTANCE}, not {distance}", hint="`similar ID` looks farther, for one picture"
        )
    with context.database.read() as connection:
        groups = tuple(_groups(context, connection, distance))
    if not apply:
        return DuplicateReport(distance, groups)
    return _apply(context, DuplicateReport(distance, groups), dry_run=dry_run)


def _groups(context: GalleryContext, connection: Connection, distance: int) -> Iterator[Merge]:
    keys_of: defaultdict[int, list[int]] = defaultdict(list)
    hashes = select(asset.c.key, asset.c.dhash).where(is_live() & asset.c.dhash.is_not(None)).order_by(asset.c.key)
    for key, value in connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(hashes):
        keys_of[value].append(key)
    gathered = connected(close_pairs(keys_of, distance))
    paired = {value for values in gathered for value in values}
    gathered += [[value] for value, keys in keys_of.items() if len(keys) > 1 and value not in paired]
    members = _members(context, connection, [key for values in gathered for value in values for key in keys_of[value]])
    found: list[Merge] = []
    for values in gathered:
        best = {value: min(members[key].rank() for key in keys_of[value]) for value in values}
        for group in compact_groups(sorted(values, key=best.__getitem__), distance):
            alike = [members[key] for value in group for key in keys_of[value]]
            if len(alike) > 1:
                found.append(merge(context.ontology, alike))
    yield from sorted(found, key=lambda group: group.members[0].rank())


def _members(context: GalleryContext, connection: Connection, keys: Sequence[int]) -> dict[int, Member]:
    paths = ProjectPaths(context.root)
    members: dict[int, Member] = {}
    for piece in chunked(keys):
        rows = connection.execute(select(*VIEW_COLUMNS, asset.c.key, asset.c.dhash).where(asset.c.key.in_(piece)))
        members.update((row.key, Member(row.key, row.dhash, view_of(row, paths))) for row in rows)
    return members


def _apply(context: GalleryContext, report: DuplicateReport, *, dry_run: bool) -> DuplicateReport:
    database = context.database
    with database.read() if dry_run else database.write() as connection:
        versions = _versions(connection, [member.key for group in report.groups for member in group.members])
        groups = tuple(_settled(group, versions) for group in report.groups)
        moment = rfc3339(context.now())
        changes = [change for group in groups if group.outcome == "merged" for change in _changes(group, moment)]
        seq = apply(connection, context, "merge", changes) if changes and not dry_run else None
    return replace(report, groups=groups, batch=seq)


def _versions(connection: Connection, keys: Sequence[int]) -> dict[int, int]:
    versions: dict[int, int] = {}
    for piece in chunked(keys):
        found = select(asset.c.key, asset.c.version).where(asset.c.key.in_(piece) & is_live())
        versions.update((row.key, row.version) for row in connection.execute(found))
    return versions


def _settled(group: Merge, versions: dict[int, int]) -> Merge:
    """What becomes of a group, now that nobody else can change its assets."""
    if group.outcome != "proposed":
        return group
    if any(versions.get(member.key) != member.asset.version for member in group.members):
        error = ItemError("changed_meanwhile", "its assets were changed meanwhile", "look at the duplicates again")
        return replace(group, outcome="failed", error=error)
    return replace(group, outcome="merged")


def _changes(group: Merge, moment: str) -> Iterator[Change]:
    kept, *others = group.members
    before = {"tags": list(kept.asset.tags), "rating": kept.asset.rating}
    after = {"tags": list(group.tags), "rating": group.rating}
    touched = [name for name in before if before[name] != after[name]]
    if touched:
        yield Change(kept.key, {name: before[name] for name in touched}, {name: after[name] for name in touched})
    for other in others:
        yield Change(other.key, {"trashed_at": None}, {"trashed_at": moment})
