"""WAV files whose heads are wrong are mended, those that are cut are not taken."""

import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.providers.wave_files import NoWaveError, mended, wave_of_samples

SAMPLES = struct.pack("<4h", 1, -2, 3, -4) * 500


def shape(data):
    with wave.open(io.BytesIO(data)) as file:
        return file.getnchannels(), file.getsampwidth(), file.getframerate(), file.readframes(file.getnframes())


def with_size(data, size, riff=None):
    at = data.index(b"data") + 4
    made = bytearray(data)
    made[at : at + 4] = struct.pack("<I", size)
    made[4:8] = struct.pack("<I", size if riff is None else riff)
    return bytes(made)


@given(st.binary(max_size=400), st.sampled_from([8_000, 24_000, 48_000]), st.sampled_from([1, 2]))
def test_bare_samples_become_a_file_that_holds_them(samples, rate, channels):
    data = wave_of_samples(samples, rate, channels=channels)
    whole = samples[: len(samples) // (2 * channels) * 2 * channels]
    assert shape(data) == (channels, 2, rate, whole)


def test_a_true_file_stays_as_it_is():
    data = wave_of_samples(SAMPLES, 24_000)
    assert mended(data) == (data, 2000 / 24_000, 24_000)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0xFFFFFFDB, 0x7FFFF000])
def test_a_streamed_file_gets_its_true_length(size):
    data, seconds, rate = mended(with_size(wave_of_samples(SAMPLES, 24_000), size))
    assert shape(data) == (1, 2, 24_000, SAMPLES)
    assert (seconds, rate) == (2000 / 24_000, 24_000)


def test_a_head_that_is_wrong_about_the_file_alone_is_mended():
    data = with_size(wave_of_samples(SAMPLES, 24_000), len(SAMPLES), riff=0xFFFFFFFF)
    assert shape(mended(data)[0])[3] == SAMPLES
    assert struct.unpack_from("<I", mended(data)[0], 4)[0] == len(data) - 8


def test_chunks_before_the_samples_are_passed_over():
    data = wave_of_samples(SAMPLES, 24_000)
    more = data[:12] + b"LIST" + struct.pack("<I", 5) + b"INFO?\0" + data[12:]
    assert shape(mended(more)[0])[3] == SAMPLES


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "begin"),
        (b"<html>", "begin"),
        (wave_of_samples(b"", 24_000), "no samples"),
        (wave_of_samples(SAMPLES, 24_000)[:-100], "cut"),
        (wave_of_samples(SAMPLES, 24_000)[:40], "no samples"),
        (wave_of_samples(SAMPLES, 0), "no rate"),
        (b"RIFF\0\0\0\0WAVEdata\x04\0\0\0abcd", "what its samples are"),
    ],
)
def test_what_is_no_whole_file_is_told(data, why):
    with pytest.raises(NoWaveError, match=why):
        mended(data)


@given(st.binary(max_size=200))
def test_no_bytes_are_a_crash(data):
    for each in (data, b"RIFF\0\0\0\0WAVE" + data, wave_of_samples(SAMPLES, 24_000)[:36] + data):
        try:
            mended(each)
        except NoWaveError:
            continue
