"""Writing files that are there whole or not at all, and never over what somebody else left there."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ontology.errors import ConflictError, InvalidInputError, NotFoundError
from ontology.escaping import visible


@contextmanager
def whole_file(path: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """A file to write into, which takes its name when the block ends well.

    Raises `ConflictError` (`exists`) without `force`, `NotFoundError` without its folder, `OSError`.
    """
    refuse_target(path, force=force)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with draft.open("xb") as file:
            yield file
        refuse_target(path, force=force)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def refuse_target(path: Path, *, force: bool) -> None:
    """Raise what `whole_file` raises before anything is written."""
    if not path.parent.is_dir():
        raise NotFoundError(f"there is no folder {visible(str(path.parent))}", hint="make it first")
    if path.is_dir():
        raise InvalidInputError(f"{visible(str(path))} is a folder", hint="name a file in it", code="usage")
    if os.path.lexists(path) and not force:
        raise exists(path)


def exists(path: Path) -> ConflictError:
    """The error for a file that stands where one was to be written."""
    return ConflictError(
        f"{visible(str(path))} exists", hint="name another, move it away, or give --force", code="exists"
    )


def copy_whole(source: Path, target: Path, *, force: bool) -> None:
    """Copy a file, with its time. Raises as `whole_file` does."""
    with source.open("rb") as given, whole_file(target, force=force) as file:
        shutil.copyfileobj(given, file, 1 << 20)
    shutil.copystat(source, target)
