"""Changes that hold only for the version of an asset that the caller has seen."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from gallery.reading.identifiers import Asked
from gallery.store.tables import asset
from ontology.errors import ConflictError


def require_version(connection: Connection, wanted: Sequence[Asked], version: int | None) -> None:
    """Raise `ConflictError` (`stale`) unless each asset that there is has this version; None asks nothing.

    Within the transaction that changes them, so that nobody can come between.
    """
    if version is None:
        return
    for item in wanted:
        if item.key is None:
            continue
        present = connection.execute(select(asset.c.version).where(asset.c.key == item.key)).scalar_one()
        if present != version:
            raise ConflictError(
                f"{item.id} was changed meanwhile: its version is {present}, not {version}",
                hint="look at it again, then change what it is now",
                code="stale",
            )
