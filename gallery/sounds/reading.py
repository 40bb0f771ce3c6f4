"""Reading one sound from a file: decoded to its end, block by block, and measured. It needs the extra `audio`."""

import os
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
import soundfile

from gallery.sounds.completeness import is_cut_off
from gallery.sounds.errors import SoundError, damaged
from gallery.sounds.outline import BLOCK, MOST_FRAMES, Outline

MOST_CHANNELS: Final = 32
_RATES: Final = range(1000, 768_001)
"""Sample rates that a sound can have. At 1 Hz a small file would last for years."""


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """What a whole sound is: `frames` as they were decoded, `sample_rate` in Hz."""

    frames: int
    sample_rate: int
    channels: int
    outline: Outline

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.frames / self.sample_rate


def measured(file: BinaryIO, file_format: str) -> SoundFacts:
    """Decode the file, which is of this format, from its beginning to its end. Raises `SoundError` and `OSError`."""
    if is_cut_off(file, file_format):
        raise damaged("it is cut off")
    file.seek(0, os.SEEK_SET)
    try:
        with soundfile.SoundFile(file, closefd=False) as sound:
            facts = _decoded(sound)
            told = int(sound.frames)
    except (SoundError, MemoryError, OSError):
        raise
    except Exception as error:  # the seam to the library, which raises several kinds for damaged bytes
        raise damaged(said(error)) from error
    if not facts.frames:
        raise damaged("there is nothing in it")
    if facts.frames < told:
        raise damaged("it is cut off")
    return facts


def _decoded(sound: "soundfile.SoundFile") -> SoundFacts:
    channels = int(sound.channels)
    if channels > MOST_CHANNELS:
        raise SoundError(f"it has {channels} channels, {MOST_CHANNELS} are the most", code="too_large")
    check_rate(int(sound.samplerate))
    outline, frames = Outline(), 0
    while len(block := sound.read(BLOCK, dtype="float32", always_2d=True)):
        if not np.isfinite(block).all():
            raise damaged("some samples are no numbers")
        frames += len(block)
        if frames > MOST_FRAMES:
            raise SoundError("it is longer than three hours at 48 kHz", hint="cut it into parts", code="too_large")
        outline.add(block)
    return SoundFacts(frames, int(sound.samplerate), channels, outline)


def check_rate(rate: int) -> None:
    """Raises `SoundError` for a sample rate in Hz that no sound has."""
    if rate not in _RATES:
        raise damaged(f"its sample rate is {rate} Hz")


def said(error: Exception) -> str:
    """What the library says, without the object it says it of."""
    text = str(error)
    return text.rpartition(">: ")[2].removeprefix("Error : ").strip().rstrip(".") or "the library gives no reason"
