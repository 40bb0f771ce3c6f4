"""A mark that the manifest became another and nothing followed yet: constants and command wait for the next run.

It holds a token of the last change, so that whoever did what follows knows whether there was another change meanwhile.
"""

from pathlib import Path
from secrets import token_hex

from gallery.store.faults import unreachable
from gallery.store.files import write_whole


def leave_mark(place: Path) -> None:
    """Before the manifest is written. Raises `CallsheetError` where the file cannot be made."""
    try:
        write_whole(place, token_hex(8))
    except OSError as error:
        raise unreachable(place, error) from error


def mark_at(place: Path) -> str | None:
    """The token of the mark, None where nothing waits. Raises `CallsheetError`."""
    try:
        return place.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreachable(place, error) from error


def take_mark(place: Path, token: str) -> None:
    """Everything that this token stands for was done; a later mark stays. Raises `CallsheetError`."""
    if mark_at(place) != token:
        return
    try:
        place.unlink(missing_ok=True)
    except OSError as error:
        raise unreachable(place, error) from error
