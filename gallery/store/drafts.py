"""Files that change together with the database: written last, before the commit, and put back when that fails.

What is going to be written is noted down first, with the number of the batch that goes with it. Should the program be
killed in between, whoever writes next finds the note, and by it the files go on to the new state or back to the old
one, as the database did.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, func, select

from gallery.store.files import write_whole
from gallery.store.tables import batch
from ontology.errors import CallsheetError, ConflictError, IntegrityError
from ontology.escaping import visible

_KEY = "callsheet_drafts"


class Drafts:
    """The files that one transaction is going to write. A text is None where the file is to go, or is not there.

    `note`: where it is noted down what is going to be written.
    """

    def __init__(self, note: Path) -> None:
        self._note = note
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

    def carry_out(self, connection: Connection) -> None:
        """Write them all. Raises as `text_of`, and `ConflictError` when somebody else changed one; `put_back` mends."""
        for path in self._planned:
            self._refuse_changed(path)
        if self._planned:
            self._write_note(connection)
        for path, text in self._planned.items():
            self._refuse_changed(path)
            self._written.append(path)
            _put(path, text)

    def _refuse_changed(self, path: Path) -> None:
        if text_of(path) != self._found[path]:
            raise ConflictError(
                f"{visible(str(path))} was changed by somebody else meanwhile",
                hint="look at the file, then try again",
            )

    def _write_note(self, connection: Connection) -> None:
        newest = connection.execute(select(func.max(batch.c.seq))).scalar_one()
        root = _root_of(self._note)
        files = [[os.path.relpath(path, root), self._found[path], text] for path, text in self._planned.items()]
        try:
            write_whole(self._note, json.dumps({"batch": newest, "files": files}), durably=True)
        except OSError as error:
            raise _unreachable(self._note, error) from error

    def settle(self) -> None:
        """The files are as the database has them: what was noted down has no use any more."""
        if self._planned:
            with suppress(OSError):  # who writes next finds it, and finds nothing to do
                self._note.unlink(missing_ok=True)

    def put_back(self) -> None:
        """Give those that were written their old text again. Raises as `text_of`."""
        while self._written:
            path = self._written.pop()
            if text_of(path) != self._found[path]:
                _put(path, self._found[path])
        self.settle()


def finish_drafts(connection: Connection, note: Path) -> None:
    """What a killed program left half-written is finished, or taken back where its batch never came to be.

    Files that somebody has changed since stay as they are. To be called by a writer before anything else. Raises as
    `text_of`, and `IntegrityError` for a note that cannot be read or leads out of the project: one that came with
    somebody else's project must not write anywhere.
    """
    text = text_of(note)
    if text is None:
        return
    try:
        noted = json.loads(text)
        files = [(_inside(_root_of(note), path), before, after) for path, before, after in noted["files"]]
        number = noted["batch"]
    except (ValueError, TypeError, KeyError) as error:
        hint = "compare the project's files with what you expect, then delete it"
        raise IntegrityError(f"{visible(str(note))} is damaged", hint=hint) from error
    is_done = connection.execute(select(batch.c.seq).where(batch.c.seq == number)).first() is not None
    for path, before, after in files:
        from_text, to_text = (before, after) if is_done else (after, before)
        if from_text != to_text and text_of(path) == from_text:
            _put(path, to_text)
    note.unlink(missing_ok=True)


def _root_of(note: Path) -> Path:
    """The project's folder: the note lies in its `.callsheet/`."""
    return note.parent.parent


def _inside(root: Path, name: str) -> Path:
    """The path of a file of the project. Raises ValueError for any other."""
    path = root / name
    if not path.resolve().is_relative_to(root.resolve()):
        raise ValueError
    return path


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
def drafting(connection: Connection, note: Path) -> Iterator[Drafts]:
    """Drafts for the transaction within; put back when it fails, its commit included."""
    drafts = Drafts(note)
    connection.info[_KEY] = drafts
    try:
        yield drafts
    except BaseException:
        drafts.put_back()
        raise
    else:
        drafts.settle()
    finally:
        connection.info.pop(_KEY, None)


def drafts_of(connection: Connection) -> Drafts | None:
    """The drafts of the connection's transaction; None in one that only reads."""
    found = connection.info.get(_KEY)
    return found if isinstance(found, Drafts) else None
