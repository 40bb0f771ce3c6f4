"""Whether files were edited in place after they were tagged."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from gallery.checks.findings import Finding, number_of
from gallery.reading.rows import is_live
from gallery.store.tables import asset


def check_edited(connection: Connection) -> Iterator[Finding]:
    """How many live assets got new bytes since somebody last looked at their tags."""
    edited = select(func.count()).select_from(asset).where(asset.c.edited_at.is_not(None), is_live())
    number = connection.execute(edited).scalar_one()
    if number:
        message = f"{number_of(number, 'asset')} got a new file of the old name, and the tags were not looked at since"
        yield Finding("edited_in_place", "info", message, "`callsheet confirm ID`, or change the tags; `ls` marks them")
