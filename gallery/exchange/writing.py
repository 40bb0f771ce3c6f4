"""Writing files that are there whole or not at all, and never over what somebody else left there."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gallery.store.targets import refuse_target


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


def copy_whole(source: Path, target: Path, *, force: bool) -> None:
    """Copy a file, with its time. Raises as `whole_file` does."""
    with source.open("rb") as given, whole_file(target, force=force) as file:
        shutil.copyfileobj(given, file, 1 << 20)
    shutil.copystat(source, target)
