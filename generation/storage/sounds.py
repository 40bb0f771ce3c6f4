"""How long a sound lasts, as far as the standard library can tell."""

import io
import wave


def duration_of(data: bytes) -> float | None:
    """Seconds of a WAV file; None for everything else."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    try:
        with wave.open(io.BytesIO(data)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return None
