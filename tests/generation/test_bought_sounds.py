"""Sounds as providers send them, read before anything else is: no bytes make more of it than a fault that is told."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import sound, tone

from generation.providers.sounds import LONGEST, DamagedSoundError, sound_of

WHOLE = {kind: sound(tone(0.2), kind) for kind in ("wav", "flac", "ogg", "opus", "mp3")}


@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 3000), st.dictionaries(st.integers(0, 200), st.integers(0, 255)))
def test_whatever_comes_is_a_sound_of_a_length_that_can_be_or_damage(kind, length, edits):
    data = bytearray(WHOLE[kind][: length or None])
    for at, byte in edits.items():
        data[at % len(data)] = byte
    try:
        found = sound_of(bytes(data))
    except DamagedSoundError:
        return
    assert found.duration is None or 0 < found.duration <= LONGEST


def lying_ogg():
    """Its last page says that it ends in seventeen thousand years."""
    data = WHOLE["opus"]
    last = data.rindex(b"OggS")
    return data[: last + 6] + struct.pack("<q", 2**60) + data[last + 14 :]


def lying_flac():
    """Its head says that it has 2**36 samples."""
    data = bytearray(WHOLE["flac"])
    data[21] |= 0x0F
    data[22:26] = b"\xff" * 4
    return bytes(data)


@pytest.mark.parametrize("data", [lying_ogg(), lying_flac(), sound(tone(0.5), rate=1)], ids=["opus", "flac", "wav"])
def test_a_length_that_cannot_be_is_not_believed_and_the_sound_is_kept(data):
    """What costs by the second would be booked at it."""
    found = sound_of(data)
    assert (found.data, found.duration) == (data, None)


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "opus"])
def test_the_length_is_that_of_the_samples(kind):
    """What an Opus decoder throws away at its beginning does not count."""
    rate = 48_000 if kind == "opus" else 44_100
    assert sound_of(WHOLE[kind]).duration == pytest.approx(8820 / rate, abs=1e-4)


def test_a_whole_file_that_is_claimed_to_be_bare_samples_stays_what_it_is():
    found = sound_of(WHOLE["wav"], "audio/L16;codec=pcm;rate=24000")
    assert (found.data, found.sample_rate) == (WHOLE["wav"], 44100)
