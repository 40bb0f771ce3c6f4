"""Where pictures go: one file, or a numbered one for each page; never over what is there, unless that is wanted."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from ontology.errors import CallsheetError, ConflictError, InvalidInputError
from ontology.escaping import visible


def checked_suffix(path: Path, suffixes: Sequence[str]) -> str:
    """The lower-case suffix of a file to be written. Raises InvalidInputError for one that is not among these."""
    suffix = path.suffix.lower()
    if suffix not in suffixes:
        allowed = ", ".join(suffixes)
        raise InvalidInputError(
            f"{visible(str(path))!r} does not end in {allowed}",
            hint=f"name it like {path.stem or 'picture'}{suffixes[0]}",
        )
    return suffix


def page_files(path: Path, pages: int) -> list[Path]:
    """The file of each page: the path itself for one, `FILE-1.png`, `FILE-2.png`, … for several."""
    if pages == 1:
        return [path]
    return [path.with_stem(f"{path.stem}-{number}") for number in range(1, pages + 1)]


def refuse_existing(paths: Collection[Path], *, force: bool) -> None:
    """Raises ConflictError naming what would be written over, and InvalidInputError for a folder in its place."""
    for path in paths:
        if path.is_dir():
            raise InvalidInputError(f"{visible(str(path))} is a folder", hint="name a file")
    found = [path for path in paths if path.exists() or path.is_symlink()]
    if found and not force:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        verb = "exist" if more else "exists"
        raise ConflictError(
            f"{visible(str(found[0]))}{more} {verb} already", hint="name another file, or add --force", code="exists"
        )


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file to write to, which takes the place of the path at the end; gone when that fails.

    Raises CallsheetError (`storage`) that names the path.
    """
    draft = path.with_name(f".{secrets.token_hex(4)}.tmp{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        draft.replace(path)
    except OSError as error:
        hint = "check that you may write there, and that there is room"
        raise CallsheetError(f"{visible(str(path))}: {error.strerror or error}", hint=hint, code="storage") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
