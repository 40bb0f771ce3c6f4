"""Reading one file of whatever kind that we take, told by its first bytes."""

from io import BufferedReader, FileIO

from gallery.intake.media import (
    HEAD_BYTES,
    FileBytes,
    MediaError,
    Picture,
    examine_picture,
    is_picture,
    no_memory,
    open_file,
)
from gallery.intake.sounds import inspect_sound
from gallery.sounds.kinds import sound_kind
from gallery.views import ItemError

NO_MEDIA = ItemError(
    "not_media", "neither a picture (PNG, JPEG, WebP, GIF, AVIF) nor a sound (WAV, FLAC, Ogg, Opus, MP3)"
)
"""What is to be said of a file that is none of what we take."""


def is_media(head: bytes) -> bool:
    """Whether the first `HEAD_BYTES` are those of a picture or sound of a kind that we take."""
    return is_picture(head) or sound_kind(head) is not None


def inspect(path: str) -> Picture:
    """Read, decode and measure the file. Raises `OSError` and `MediaError`."""
    file, status = open_file(path)
    with file:
        head = file.read(HEAD_BYTES)
        file.seek(0)
        if not is_picture(head):
            return _inspect_sound(file, head, status.st_mtime_ns)
        try:
            content = FileBytes(file.read(), status.st_mtime_ns)
        except MemoryError as error:
            raise no_memory() from error
    return examine_picture(content)


def _inspect_sound(file: FileIO, head: bytes, mtime_ns: int) -> Picture:
    kind = sound_kind(head)
    if kind is None:
        raise MediaError(NO_MEDIA.message, hint="convert it first", code=NO_MEDIA.code)
    with BufferedReader(file) as in_pieces:
        return inspect_sound(in_pieces, kind, mtime_ns)
