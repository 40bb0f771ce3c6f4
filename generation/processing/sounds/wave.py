"""A sound as numbers, and how it is read from bytes."""

import io
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from gallery.intake.pixel_budget import PixelBudget
from gallery.sounds.errors import SoundError
from gallery.sounds.kinds import NAMES, sound_kind
from gallery.sounds.reading import check_rate, said
from generation.processing.sounds.mp3_frames import mp3_bitrate
from generation.processing.sounds.ogg_pages import sound_bytes

Samples = NDArray[np.float32]
"""Frames by channels; full scale is 1."""

MOST_SAMPLES: Final = 60_000_000
"""Of one sound, all channels together: ten minutes of 48 kHz stereo. Longer ones are kept as they came."""
SAMPLES: Final = PixelBudget(2 * MOST_SAMPLES)
"""So many are worked on at one time by all threads together."""

_MOST_CHANNELS: Final = 8
_BLOCK: Final = 65_536
_BITS: Final = {"PCM_U8": 8, "PCM_S8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 24, "FLOAT": 24, "DOUBLE": 24}


class UnreadableError(Exception):
    """Why bytes are no sound that can be worked on."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Samples and their rate in Hz. `format`: what the file was; `bits` of its samples, 0 where it holds none as such.

    `bitrate`: of the file, in bits a second.
    """

    samples: Samples
    rate: int
    format: str
    bits: int = 0
    bitrate: int | None = field(default=None, compare=False)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


def samples_of(data: bytes) -> int:
    """How many samples it will take to open it, by its header. Raises `UnreadableError`."""
    if sound_kind(data[:64]) is None:
        raise UnreadableError(f"not a {NAMES} sound")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            count = int(file.frames) * int(file.channels)
            channels = int(file.channels)
            check_rate(int(file.samplerate))
    except SoundError as error:
        raise UnreadableError(error.message) from error
    except Exception as error:
        raise UnreadableError(f"the sound is damaged: {said(error)}") from error
    if channels > _MOST_CHANNELS:
        raise UnreadableError(f"it has {channels} channels, {_MOST_CHANNELS} are the most")
    if count > MOST_SAMPLES:
        raise UnreadableError("it is longer than what is worked on, which is ten minutes of 48 kHz stereo")
    return max(count, 1)


def opened(data: bytes) -> Wave:
    """The sound, decoded. Raises `UnreadableError`."""
    samples_of(data)
    kind = sound_kind(data[:64])
    assert kind is not None  # noqa: S101  # asked just now
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            rate, bits = int(file.samplerate), _BITS.get(str(file.subtype), 0)
            samples = _decoded(file)
    except Exception as error:  # the seam to the library, which raises several kinds for damaged bytes
        raise UnreadableError(f"the sound is damaged: {said(error)}") from error
    if not len(samples):
        raise UnreadableError("there is no sound in it")
    if not np.isfinite(samples).all():
        raise UnreadableError("the sound is damaged: some samples are no numbers")
    return Wave(samples, rate, kind.format, bits, bitrate_of(data, kind.format, len(samples) / rate))


def _decoded(file: "soundfile.SoundFile") -> Samples:
    """Block by block: what a header claims is not believed, and what follows it is bounded."""
    blocks: list[Samples] = []
    held = 0
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        held += block.size
        if held > MOST_SAMPLES:
            raise UnreadableError("it is longer than its beginning says")
        blocks.append(block)
    return np.concatenate(blocks) if blocks else np.zeros((0, max(1, file.channels)), np.float32)


def bitrate_of(data: bytes, file_format: str, seconds: float) -> int | None:
    """Bits a second: by its frames where it is MP3, else by the size of what is sound; None where it has no length."""
    if file_format == "mp3":
        return mp3_bitrate(data)
    size = sound_bytes(data) if file_format in {"ogg", "opus"} else len(data)
    return round(size * 8 / seconds) if seconds > 0 else None
