"""Bringing a project's database to the revision that this program reads and writes.

Alembic is loaded only when there is something to do: it costs more time than most commands take.
"""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from gallery.store.driver import connect
from gallery.store.moments import stamp
from gallery.store.schema import UNVERSIONED, Schema, current_revision

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every revision in `migrations/versions`, oldest first. A test holds the two equal."""

HEAD = REVISIONS[-1]

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(path: Path, backups: Path) -> None:
    """Make the database, or upgrade an older one after a copy into `backups`. A current file is left alone.

    A process that dies half-way leaves no file, or the old one as it was: a new file gets its name when it is complete,
    an old one is changed in one transaction.
    """
    revision = current_revision(path)
    if revision == HEAD:
        return
    if revision is None:
        _create(path)
        return
    if revision != UNVERSIONED:
        back_up(path, backups / f"callsheet-{revision}-{stamp(datetime.now(UTC))}.db")
    _migrate(path)


def back_up(path: Path, target: Path) -> None:
    """Copy a database that others may be using, through SQLite's own backup. The target must not exist yet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    source = connect(path, create=False)
    copy = connect(partial, create=True)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, readable wherever it is carried
    finally:
        copy.close()
        source.close()
    partial.replace(target)


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        _migrate(partial, create=True)
        _give_name(partial, path)
    finally:
        for leftover in path.parent.glob(f"{partial.name}*"):
            leftover.unlink()


def _give_name(partial: Path, path: Path) -> None:
    """Whoever comes second keeps the first one's file: a link, unlike a rename, never replaces."""
    try:
        path.hardlink_to(partial)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            partial.rename(path)


def _migrate(path: Path, *, create: bool = False) -> None:
    # Loaded here, see the module's docstring.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    from gallery.store.engine import WRITES, file_engine  # noqa: PLC0415

    # A table that is rebuilt is dropped and renamed on the way, which enforced foreign keys would not allow.
    engine = file_engine(path, create=create, foreign_keys=False)
    try:
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


SCHEMA = Schema(revisions=REVISIONS, upgrade=upgrade)
"""What `gallery.store.database.Database` is handed."""
