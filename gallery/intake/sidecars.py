"""The sidecar of a picture: `NAME.callsheet.json` beside `NAME`, read as bytes. What it says: `gallery.embedded`."""

import os
import stat
from dataclasses import replace

from gallery.embedded.reading import with_sidecar
from gallery.embedded.sidecar import MAX_BYTES, SUFFIX
from gallery.intake.media import Picture
from gallery.store.access import is_there


def read_beside(path: str) -> bytes | None:
    """The bytes of the sidecar of this file; None where there is none, no more than tells that it is too long."""
    if not is_there(path + SUFFIX):  # nearly always
        return None
    try:
        # Without O_NONBLOCK opening a pipe would wait for its other end.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path + SUFFIX, flags)
    except FileNotFoundError:
        return None
    except OSError:
        return b""  # it is there, and says nothing
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return b""
        with open(descriptor, "rb", closefd=False) as file:  # a descriptor has no path
            return file.read(MAX_BYTES + 1)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def with_its_sidecar(picture: Picture, path: str) -> Picture:
    """The picture that was read from this file, with what its sidecar says of its making instead of its own bytes."""
    sidecar = read_beside(path)
    return picture if sidecar is None else replace(picture, embedded=with_sidecar(picture.embedded, sidecar))
