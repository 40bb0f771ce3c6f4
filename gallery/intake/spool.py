"""Where Pillow writes a small picture before it has a place.

Into a file of the operating system Pillow encodes without holding the interpreter's lock, into a Python object it holds
it: with two threads that was a tenth of the time in which only one of them could work.
"""

import io
import os
import threading
from typing import IO, cast

from PIL import Image

_OF_THREAD = threading.local()


def encoded(image: Image.Image, file_format: str, **options: int | bytes) -> bytes:
    """The image as a file of this format. `options` as Pillow's `save` takes them."""
    spool = _own_spool()
    if spool is None:
        buffer = io.BytesIO()
        image.save(buffer, file_format, **options)
        return buffer.getvalue()
    spool.rewind()
    save = Image.SAVE.get(file_format)
    if save is None:  # Pillow has not loaded it yet
        image.save(cast("IO[bytes]", spool), file_format, **options)
    else:  # what `image.save` does in the end: it looks for the working folder first, for what has no name
        image.encoderinfo = options
        save(image, cast("IO[bytes]", spool), "")
    return spool.content()


class _Spool:
    """A file in memory, as much of one as Pillow asks for. It lives as long as its thread."""

    def __init__(self) -> None:
        self.process = os.getpid()  # a forked one has the same file, with the same position in it
        self._descriptor = os.memfd_create("thumbnail")

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            os.close(self._descriptor)

    def fileno(self) -> int:
        return self._descriptor

    def flush(self) -> None:
        """Nothing is held back."""

    def write(self, data: bytes) -> int:
        return os.write(self._descriptor, data)

    def rewind(self) -> None:
        os.lseek(self._descriptor, 0, os.SEEK_SET)

    def content(self) -> bytes:
        """What was written since it was rewound. Behind it may lie what is left of a longer one."""
        return os.pread(self._descriptor, os.lseek(self._descriptor, 0, os.SEEK_CUR), 0)


def _own_spool() -> _Spool | None:
    """The spool of this thread; None where the system has none of the kind."""
    found: _Spool | None = getattr(_OF_THREAD, "spool", None)
    if found is None or found.process != os.getpid():
        try:
            found = _OF_THREAD.spool = _Spool()
        except (AttributeError, OSError):  # not Linux, or no descriptor is left
            return None
    return found
