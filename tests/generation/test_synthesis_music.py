"""Music of this machine: of exactly the length, in whole bars, without a seam where it loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.synthesis.moods import MINOR, MOODS, PLAIN, tune_of
from generation.synthesis.music import PEAK, played
from generation.synthesis.signals import RATE

FIRST = [mood.words.split()[0] for mood in MOODS]


def piece(prompt, seconds=4.0, seed=3, **fields):
    return played(tune_of(prompt), seconds, seed, **fields)


def loudness(signal):
    return float(np.sqrt(np.mean(signal**2)))


@pytest.mark.parametrize("word", FIRST)
def test_every_mood_is_heard_in_two_channels_of_the_length_asked_for(word):
    made = piece(word)
    assert made.shape == (2, 4 * RATE)
    assert np.isfinite(made).all()
    assert float(np.max(np.abs(made))) == pytest.approx(PEAK)
    assert min(map(loudness, made)) > 0.05
    assert not np.allclose(made[0], made[1])


def test_the_same_seed_gives_the_same_piece_and_another_one_another():
    assert np.array_equal(piece("battle", seed=1), piece("battle", seed=1))
    assert not np.allclose(piece("battle", seed=1), piece("battle", seed=2))


@pytest.mark.parametrize("word", FIRST)
def test_a_loop_has_no_seam_and_does_not_fade(word):
    made = piece(word, loop=True)
    moved = np.abs(np.diff(made, axis=1))
    assert float(np.max(np.abs(made[:, 0] - made[:, -1]))) <= float(np.max(moved))
    assert loudness(made[:, -RATE // 2 :]) > 0.5 * loudness(made)
    assert abs(piece(word)[:, -1]).max() < 0.01


def beats(made):
    """How often in a minute it is struck: the strongest period of its loudness."""
    power = np.add.reduceat(made[0] ** 2, np.arange(0, made.shape[1], 441))
    onsets = np.maximum(0.0, np.diff(np.sqrt(power)))
    spectrum = np.abs(np.fft.rfft(onsets - onsets.mean(), 16_384))
    per_minute = np.fft.rfftfreq(16_384, 0.01) * 60
    fits = (per_minute > 60) & (per_minute < 200)
    return float(per_minute[fits][np.argmax(spectrum[fits])])


def test_the_tempo_is_the_one_that_was_asked_for():
    assert beats(piece("techno 120 bpm", 8.0)) == pytest.approx(120, rel=0.03)
    assert beats(piece("techno 150 bpm", 8.0)) == pytest.approx(150, rel=0.03)


@pytest.mark.parametrize(
    ("prompt", "bpm", "words"),
    [
        ("happy village theme", 124.0, ("happy",)),
        ("slow battle", 152.0 * 0.8, ("slow", "battle")),
        ("battle at 90 bpm", 90.0, ("battle",)),
        ("calm 999 bpm", 220.0, ("calm",)),
        ("220bpm", 220.0, ()),
        ("no battle, calm", 60.0, ("calm",)),
        ("Zwölftonmusik", PLAIN.bpm, ()),
    ],
)
def test_the_words_say_the_mood_and_the_tempo(prompt, bpm, words):
    tune = tune_of(prompt)
    assert (tune.mood.bpm, tune.words) == (pytest.approx(bpm), words)


def test_what_is_not_wanted_is_left_out():
    assert tune_of("battle without drums").mood.drums == 0
    assert tune_of("battle", "melody, bass").mood.drums == tune_of("battle").mood.drums
    assert tune_of("techno, no percussion").words == ("techno", "no percussion")
    assert tune_of("happy but in minor").mood.scale == MINOR
    assert tune_of("8-bit battle").mood.crush
    assert tune_of("battle 8-bit").mood.crush


def test_no_word_stands_for_two_moods():
    words = [word for mood in MOODS for word in mood.words.split()]
    assert len(words) == len(set(words))


@settings(max_examples=10, deadline=None)
@given(st.sampled_from([*FIRST, "8-bit", "x"]), st.floats(1.0, 3.0), st.integers(0, 2**40), st.booleans())
def test_whatever_is_asked_for_has_its_length_and_is_not_clipped(word, seconds, seed, loop):
    made = piece(word, seconds, seed, loop=loop)
    assert made.shape == (2, round(seconds * RATE))
    assert float(np.max(np.abs(made))) <= PEAK + 1e-9
