"""Where somebody has files written to: into folders that are there, and never over what is there, unless wanted.

A folder that is missing is not made: mostly its name was mistyped, and the files would be looked for in vain.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from ontology.errors import ConflictError, InvalidInputError, NotFoundError
from ontology.escaping import visible


def refuse_target(path: Path, *, force: bool) -> None:
    """As `refuse_targets`, for one file."""
    refuse_targets([path], force=force)


def refuse_targets(paths: Sequence[Path], *, force: bool) -> None:
    """Say before anything is written what stands in the way, of all these files at once.

    Raises `NotFoundError` without a file's folder, `InvalidInputError` for a folder in its place, and `ConflictError`
    (`exists`) for what would be written over, unless that is wanted.
    """
    for path in paths:
        if not path.parent.is_dir():
            raise NotFoundError(f"there is no folder {visible(str(path.parent))}", hint="make it first")
        if path.is_dir():
            raise InvalidInputError(f"{visible(str(path))} is a folder", hint="name a file in it", code="usage")
    found = [path for path in paths if os.path.lexists(path)]
    if found and not force:
        raise exists(found[0], more=len(found) - 1)


def exists(path: Path, *, more: int = 0) -> ConflictError:
    """The error for a file, and so many more, that stand where some were to be written."""
    others = f" and {more} more exist" if more else " exists"
    return ConflictError(
        f"{visible(str(path))}{others} already", hint="name another, move it away, or give --force", code="exists"
    )
