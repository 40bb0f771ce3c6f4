"""How long a sound lasts."""

import io
import wave

from gallery.sounds.errors import SoundError
from gallery.sounds.kinds import sound_kind
from gallery.sounds.library import has_audio


def duration_of(data: bytes) -> float | None:
    """Seconds, by its decoded frames; None for what is no sound, damaged, or cannot be read here.

    A plain WAV file needs no library; all else needs the extra `audio`.
    """
    kind = sound_kind(data[:64])
    if kind is None:
        return None
    if has_audio():
        from gallery.sounds.reading import measured  # noqa: PLC0415  # needs what may not be installed

        try:
            return measured(io.BytesIO(data), kind.format).seconds
        except SoundError:
            return None
    return _of_wave(data) if kind.format == "wav" else None


def _of_wave(data: bytes) -> float | None:
    try:
        with wave.open(io.BytesIO(data)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return None
