"""Files that change together with the database: written last, before the commit, and put back when that fails.

Only a program that is killed in the moment between the last file and the commit leaves new files without their batch:
each of them whole, and the command that wrote them can be run again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from gallery.files import write_whole
from ontology.errors import CallsheetError, ConflictError
from ontology.escaping import visible

_KEY = "callsheet_drafts"


class Drafts:
    """The files that one transaction is going to write. A text is None where the file is to go, or is not there."""

    def __init__(self) -> None:
        self._planned: dict[Path, str | None] = {}
        self._found: dict[Path, str | None] = {}
        self._written: list[Path] = []

    def __contains__(self, path: Path) -> bool:
        return path in self._planned

    def text(self, path: Path) -> str | None:
        """The text that a planned file is going to have."""
        return self._planned[path]

    def plan(self, path: Path, text: str | None) -> None:
        """Have the file written at the end. What it holds now must still be there then. Raises as `text_of`."""
        if path not in self._found:
            self._found[path] = text_of(path)
        self._planned[path] = text

    def carry_out(self) -> None:
        """Write them all. Raises as `text_of`, and `ConflictError` when somebody else changed one; `put_back` mends."""
        for path, text in self._planned.items():
            if text_of(path) != self._found[path]:
                raise ConflictError(
                    f"{visible(str(path))} was changed by somebody else meanwhile",
                    hint="look at the file, then try again",
                )
            self._written.append(path)
            _put(path, text)

    def put_back(self) -> None:
        """Give those that were written their old text again. Raises as `text_of`."""
        while self._written:
            path = self._written.pop()
            if text_of(path) != self._found[path]:
                _put(path, self._found[path])


def text_of(path: Path) -> str | None:
    """The text of a file, line ends as they are; None where there is none.

    Raises `CallsheetError` (`storage`) when it cannot be read, `ConflictError` when it is no text.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise ConflictError(f"{visible(str(path))} is no UTF-8 text", hint="save it as UTF-8") from error
    except OSError as error:
        raise _unreachable(path, error) from error


def _put(path: Path, text: str | None) -> None:
    try:
        if text is None:
            path.unlink(missing_ok=True)
        else:
            write_whole(path.resolve(), text)  # a link stays one
    except OSError as error:
        raise _unreachable(path, error) from error


def _unreachable(path: Path, error: OSError) -> CallsheetError:
    hint = "check that you may read and write there, and that there is room"
    return CallsheetError(f"{visible(str(path))}: {error.strerror or error}", hint=hint, code="storage")


@contextmanager
def drafting(connection: Connection) -> Iterator[Drafts]:
    """Drafts for the transaction within; put back when it fails, its commit included."""
    drafts = Drafts()
    connection.info[_KEY] = drafts
    try:
        yield drafts
    except BaseException:
        drafts.put_back()
        raise
    finally:
        connection.info.pop(_KEY, None)


def drafts_of(connection: Connection) -> Drafts | None:
    """The drafts of the connection's transaction; None in one that only reads."""
    found = connection.info.get(_KEY)
    return found if isinstance(found, Drafts) else None
