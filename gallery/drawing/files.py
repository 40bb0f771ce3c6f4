"""Where pictures go: one file, or a numbered one for each page."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from ontology.errors import CallsheetError, InvalidInputError
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


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file to write to, which takes the place of the path at the end; gone when that fails.

    Raises CallsheetError (`storage`) that names the path.
    """
    draft = path.with_name(f".{secrets.token_hex(4)}.tmp{path.suffix}")
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        hint = "check that you may write there, and that there is room"
        raise CallsheetError(f"{visible(str(path))}: {error.strerror or error}", hint=hint, code="storage") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
