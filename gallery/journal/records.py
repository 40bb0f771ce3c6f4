"""Changes of what is no asset, and the one list of their kinds.

A kind has two functions: `read(connection, context, name, elements)` answers the present value (None: it is not there;
`elements`: the only elements wanted of fields that have some), `write(connection, context, name, before, after)` makes
it the new one, where a change that neither makes nor removes the thing holds the touched fields alone. A third one,
`refusal(connection, name, after)`, may say why a value cannot come back.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from gallery.context import GalleryContext
from gallery.journal.recorded import collection, file, search
from gallery.views import ItemError

Read = Callable[[Connection, GalleryContext, str, Collection[str] | None], dict[str, Any] | None]
Write = Callable[[Connection, GalleryContext, str, dict[str, Any] | None, dict[str, Any] | None], None]


Refusal = Callable[[Connection, str, Mapping[str, Any] | None], ItemError | None]


def _nothing_against(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Record:
    """What happens to one thing that is no asset. `label` is how the history names it; None: as `name` does.

    `name`: of a search its name, of a file its path as stored, of a collection its key.
    """

    kind: str
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of record is read and written."""

    read: Read
    write: Write
    refusal: Refusal = _nothing_against


KINDS: Final[Mapping[str, Kind]] = {
    "collection": Kind(collection.read, collection.write, collection.refusal),
    "search": Kind(search.read, search.write),
    "file": Kind(file.read, file.write),
}


def read_record(
    connection: Connection, context: GalleryContext, kind: str, name: str, elements: Collection[str] | None = None
) -> dict[str, Any] | None:
    """The present value; None where there is no such thing."""
    return KINDS[kind].read(connection, context, name, elements)


def write_records(connection: Connection, context: GalleryContext, records: Iterable[Record]) -> None:
    """Make each thing what its record says. Raises what the kinds raise; the transaction is then to be given up."""
    for item in records:
        before = None if item.before is None else dict(item.before)
        after = None if item.after is None else dict(item.after)
        KINDS[item.kind].write(connection, context, item.name, before, after)


def refusal(connection: Connection, kind: str, name: str, after: Mapping[str, Any] | None) -> ItemError | None:
    """Why this value cannot come back; None: it can."""
    return KINDS[kind].refusal(connection, name, after)
