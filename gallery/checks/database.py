"""Whether the database is whole, and its tag index says what the assets say."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Connection, func, select

from gallery.checks.findings import Finding, number_of
from gallery.context import GalleryContext
from gallery.reading.rows import is_live
from gallery.store.driver import has_wal_reset_bug
from gallery.store.faults import damaged
from gallery.store.tables import asset, asset_parent, asset_tag

REPAIR = "run `callsheet doctor --repair`"
_ROWS_AT_ONCE = 2000


def check_sqlite(context: GalleryContext) -> Iterator[Finding]:
    """Which SQLite runs, and whether it has the WAL-reset bug (design, decision 9)."""
    driver = context.database.driver
    name = f"SQLite {driver.sqlite_version} of {driver.__name__}"
    if has_wal_reset_bug(driver):
        hint = "install `pysqlite3`, whose SQLite is newer; until then writers take turns, which is safe but slower"
        yield Finding("old_sqlite", "warning", f"{name} can lose data when two programs write at once", hint)
    else:
        yield Finding("sqlite", "info", name)


def check_pages(context: GalleryContext, connection: Connection, *, full: bool = False) -> Iterator[Finding]:
    """SQLite's own checks: pages, references, and when it is a full one each index against its table."""
    database = context.database
    for (message,) in connection.exec_driver_sql(f"PRAGMA {'integrity_check' if full else 'quick_check'}(20)"):
        if message != "ok":
            error = damaged(database.path, database.backups, "; ".join(message.splitlines()))
            yield Finding("damaged_database", "error", error.message, error.hint)
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        which = "a row" if row[1] is None else f"row {row[1]}"  # tables without row numbers have none to tell
        message = f"{which} of `{row[0]}` refers to a row of `{row[2]}` that does not exist"
        yield Finding("dangling_row", "error", message, damaged(database.path, database.backups, message).hint)


def check_counts(connection: Connection) -> Iterator[Finding]:
    """How many assets there are, in sight and out of it."""
    live = connection.execute(select(func.count()).select_from(asset).where(is_live())).scalar_one()
    trashed = connection.execute(select(func.count()).where(asset.c.trashed_at.is_not(None))).scalar_one()
    missing = connection.execute(
        select(func.count()).where(asset.c.missing_since.is_not(None), asset.c.trashed_at.is_(None))
    ).scalar_one()
    yield Finding("assets", "info", number_of(live, "asset"))
    if trashed:
        yield Finding(
            "trashed", "info", f"{trashed} in the trash", "`callsheet ls --trashed` lists them, `restore` brings back"
        )
    if missing:
        hint = "add the folder where the files are now: they are known by their content"
        yield Finding("missing", "info", f"{missing} known to be missing", hint)


def check_tag_index(connection: Connection) -> Iterator[Finding]:
    """Assets whose tags the index has wrong: searches would miss them or find them for nothing."""
    for _, asset_id, _, _ in wrong_indexes(connection):
        yield Finding("tag_index", "error", f"the tag index is wrong for {asset_id}", REPAIR, asset_id)


def check_parent_index(connection: Connection) -> Iterator[Finding]:
    """Assets whose parents the index has wrong: what was made from what would not be found."""
    for _, asset_id, _, _ in wrong_parent_indexes(connection):
        yield Finding("parent_index", "error", f"the index of parents is wrong for {asset_id}", REPAIR, asset_id)


Wrong = tuple[int, str, list[str], list[str]]
"""`(asset key, id, values in the index, values of the asset)` of an asset where the two differ."""


def wrong_indexes(connection: Connection) -> Iterator[Wrong]:
    """Each asset whose tags and their index differ."""
    for found in _differing(connection, asset_tag.c.asset_key, asset_tag.c.tag, asset.c.tags):
        if set(found[2]) != set(found[3]) or len(found[2]) != len(found[3]):
            yield found


def wrong_parent_indexes(connection: Connection) -> Iterator[Wrong]:
    """Each asset whose parents and their index differ. A parent may be named twice; the index has it once."""
    for found in _differing(connection, asset_parent.c.asset_key, asset_parent.c.parent_id, asset.c.parents):
        if set(found[2]) != set(found[3]):
            yield found


def _differing(connection: Connection, of_key: Column[Any], value: Column[Any], truth: Column[Any]) -> Iterator[Wrong]:
    """Each asset whose index is not equal to its values.

    Two ordered streams side by side, so memory does not grow with the gallery.
    """
    streamed = connection.execution_options(yield_per=_ROWS_AT_ONCE)
    rows = streamed.execute(select(of_key, value).order_by(of_key))
    indexed = groupby(rows, key=lambda row: row[0])
    key, group = next(indexed, _NOTHING)
    for asset_key, asset_id, values in streamed.execute(select(asset.c.key, asset.c.id, truth).order_by(asset.c.key)):
        found: list[str] = []
        if key == asset_key:
            found = [row[1] for row in group]
            key, group = next(indexed, _NOTHING)
        if found != values:
            yield asset_key, asset_id, found, values


_NOTHING: tuple[int, Iterator[Any]] = (-1, iter(()))
