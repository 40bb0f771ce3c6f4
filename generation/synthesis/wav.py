"""Samples as a WAV file of 16 bits: the same samples, the same bytes."""

import io
import wave

import numpy as np

from generation.synthesis.signals import RATE, Signal

_LARGEST = 32_767


def wav_of(signal: Signal) -> bytes:
    """One channel (samples) or two (2 rows of samples), -1 to 1."""
    channels = np.atleast_2d(signal)
    levels = np.rint(np.clip(channels, -1.0, 1.0) * _LARGEST).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(len(levels))
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(levels.T.tobytes())
    return buffer.getvalue()
