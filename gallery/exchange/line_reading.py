"""Lines of bytes, however long they are: one that nobody can want is passed over without being held."""

from collections.abc import Iterator
from typing import BinaryIO

MAX_LINE = 16 * 1024 * 1024
"""Bytes of the longest line that is read."""


def numbered_lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Number (from 1) and bytes of each line, without a byte order mark; None for one that is too long."""
    file.seek(0)
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE and not line.endswith(b"\n"):
            while (rest := file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            yield number, None
            continue
        yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
