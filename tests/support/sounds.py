"""Sounds for the tests: made of numbers, and encoded by the library that people use."""

import io

import numpy as np
import soundfile

RATE = 44100
WRITTEN = {
    "wav": ("WAV", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "ogg": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
}


def tone(seconds=0.5, *, rate=RATE, hertz=440.0, level=-6.0, channels=1, phase=0.0):
    """A sine of this level (dBFS of its peak), frames by channels."""
    time = np.arange(round(seconds * rate)) / rate
    wave = 10 ** (level / 20) * np.sin(2 * np.pi * hertz * time + phase)
    return np.repeat(wave.astype(np.float32)[:, None], channels, axis=1)


def silence(seconds, *, rate=RATE, channels=1):
    return np.zeros((round(seconds * rate), channels), np.float32)


def noise(seconds=0.5, *, rate=RATE, level=-6.0, channels=1, seed=7):
    found = np.random.RandomState(seed).uniform(-1, 1, (round(seconds * rate), channels))
    return (10 ** (level / 20) * found).astype(np.float32)


def joined(*parts):
    return np.concatenate(parts)


def sound(samples=None, kind="wav", *, rate=None, subtype=None):
    """The bytes of a sound file."""
    samples = tone() if samples is None else samples
    rate = rate or (48000 if kind == "opus" else RATE)
    container, coding = WRITTEN[kind]
    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer, "w", samplerate=rate, channels=samples.shape[1], format=container, subtype=subtype or coding
    ) as file:
        file.write(samples)
    return buffer.getvalue()


def samples_in(data):
    """`(samples, rate)`, frames by channels."""
    return soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)


def level_of(samples):
    """dBFS of the highest sample."""
    return float(20 * np.log10(max(1e-9, np.abs(samples).max())))
