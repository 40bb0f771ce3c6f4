"""Reading one sound: what it is, whether it is whole, how long it is, and its waveform as a small picture.

The file is opened once; what is hashed is what is decoded, and neither is ever held as a whole.
"""

import hashlib
from typing import BinaryIO, Final

from gallery.intake.media import MediaError, Picture, file_time, no_memory
from gallery.intake.spool import encoded
from gallery.sounds.errors import SoundError
from gallery.sounds.kinds import SoundKind
from gallery.sounds.library import NoAudioLibraryError, require_audio

_PIECE: Final = 1024 * 1024


def inspect_sound(file: BinaryIO, kind: SoundKind, mtime_ns: int) -> Picture:
    """Decode and measure the sound, which is of this kind. Raises `OSError` and `MediaError`."""
    try:
        require_audio()
        from gallery.sounds.reading import measured  # noqa: PLC0415  # needs what may not be installed
        from gallery.sounds.waveform import drawn  # noqa: PLC0415  # as above

        sha256, size = _hash(file)
        facts = measured(file, kind.format)
        thumbnail = encoded(drawn(facts.outline), "WEBP", lossless=1, method=0)
    except (SoundError, NoAudioLibraryError) as error:
        raise MediaError(error.message, hint=error.hint, code=error.code) from error
    except MemoryError as error:
        raise no_memory() from error
    return Picture(
        sha256=sha256,
        format=kind.format,
        size=size,
        mtime_ns=mtime_ns,
        width=None,
        height=None,
        created_at=file_time(mtime_ns),
        thumbnail=thumbnail,
        thumbnail_suffix=".webp",
        media_type="audio",
        duration=facts.seconds,
        sample_rate=facts.sample_rate,
        channels=facts.channels,
    )


def _hash(file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size
