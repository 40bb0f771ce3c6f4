"""Effects follow the words that stand for them: of exactly the length, the same for the same seed, never clipped."""

import io
import wave
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.synthesis.reading import brief_of
from generation.synthesis.rendering import PEAK, rendered
from generation.synthesis.signals import RATE, Signal
from generation.synthesis.vocabulary import CHANGES, PRESETS
from generation.synthesis.wav import wav_of

NAMES = sorted(PRESETS)
GOES_ON = sorted(name for name, preset in PRESETS.items() if preset.goes_on)
ONCE = sorted(set(PRESETS) - set(GOES_ON))


def made(prompt: str, seed: int = 7, **fields) -> Signal:
    brief = brief_of(prompt)
    return rendered(brief, fields.pop("seconds", brief.usual_seconds), seed, **fields)


def loudness(signal: Signal) -> float:
    return float(np.sqrt(np.mean(signal**2)))


def centre(signal: Signal) -> float:
    """The pitch around which its power lies, in hertz."""
    power = np.abs(np.fft.rfft(signal)) ** 2
    return float(np.sum(power * np.fft.rfftfreq(len(signal), 1 / RATE)) / np.sum(power))


def strongest(signal: Signal) -> float:
    power = np.abs(np.fft.rfft(signal * np.hanning(len(signal))))
    return float(np.argmax(power) * RATE / len(signal))


@pytest.mark.parametrize("name", NAMES)
def test_every_preset_is_heard_is_not_clipped_and_begins_and_ends_in_silence(name):
    sound = made(name)
    assert np.isfinite(sound).all()
    assert np.max(np.abs(sound)) == pytest.approx(PEAK)
    assert loudness(sound) > 0.01
    assert abs(float(np.mean(sound))) < 0.01
    assert max(abs(sound[0]), abs(sound[-1])) < 0.02


@pytest.mark.parametrize("name", NAMES)
def test_the_length_is_the_one_that_was_asked_for(name):
    for seconds in (0.08, 0.4, 2.75):
        assert len(made(name, seconds=seconds)) == round(seconds * RATE)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_sound_and_another_one_another(name):
    assert wav_of(made(name, 3)) == wav_of(made(name, 3))
    assert wav_of(made(name, 3)) != wav_of(made(name, 4))


def test_no_two_presets_sound_alike():
    """Told apart by where their power lies, in pitch and in time."""
    prints = {}
    for name in NAMES:
        sound = made(name, seconds=0.6)
        spectrum = np.abs(np.fft.rfft(sound))
        edges = np.searchsorted(np.fft.rfftfreq(len(sound), 1 / RATE), np.geomspace(40, 18_000, 17))
        pitches = [float(np.sum(spectrum[a:b] ** 2)) for a, b in pairwise(edges)]
        moments = [float(np.sum(part**2)) for part in np.array_split(sound, 12)]
        prints[name] = np.concatenate([np.sqrt(each) / np.linalg.norm(np.sqrt(each)) for each in (pitches, moments)])
    alike = [
        (a, b) for a in NAMES for b in NAMES if a < b and float(np.linalg.norm(prints[a] - prints[b])) < 0.12
    ]  # fmt: skip
    assert alike == []


@pytest.mark.parametrize("name", ["jump", "powerup"])
def test_what_rises_rises(name):
    sound = made(name)
    third = len(sound) // 3
    assert strongest(sound[-third:]) > 1.3 * strongest(sound[: third // 2])


@pytest.mark.parametrize("name", ["laser", "explosion", "lose"])
def test_what_falls_falls(name):
    sound = made(name)
    third = len(sound) // 3
    assert strongest(sound[-third:]) < 0.8 * strongest(sound[:third])


def test_a_coin_has_two_notes_a_fourth_apart():
    sound = made("coin")
    first, second = strongest(sound[200:3000]), strongest(sound[5000:15000])
    assert second / first == pytest.approx(4 / 3, rel=0.03)


@pytest.mark.parametrize("name", ONCE)
def test_what_happens_once_dies_away(name):
    sound = made(name, seconds=5.0)
    assert loudness(sound[-RATE // 2 :]) < 0.3 * loudness(sound[: RATE * 3])


@pytest.mark.parametrize("name", GOES_ON)
def test_what_goes_on_is_as_loud_at_its_end(name):
    sound = made(name, seconds=6.0)
    assert loudness(sound[-2 * RATE :]) > 0.35 * loudness(sound[: 2 * RATE])


@pytest.mark.parametrize("name", GOES_ON)
def test_a_loop_has_no_seam(name):
    """From its last sample to its first it moves no more than it does elsewhere."""
    sound = made(name, seconds=2.0, loop=True)
    usual = float(np.max(np.abs(np.diff(sound))))
    assert abs(float(sound[0] - sound[-1])) <= usual
    around = np.concatenate((sound[-RATE // 10 :], sound[: RATE // 10]))
    assert loudness(around) > 0.05 * loudness(sound)


def test_the_echo_of_a_loop_comes_back_at_its_begin():
    once, looped = (
        made("explosion in a cathedral", seconds=0.5),
        made("explosion in a cathedral", seconds=0.5, loop=True),
    )
    assert not np.allclose(once[: RATE // 20], looped[: RATE // 20], atol=0.01)


WORDS = {
    "light": lambda plain, changed: centre(changed) > 1.05 * centre(plain),
    "heavy": lambda plain, changed: centre(changed) < 0.95 * centre(plain),
    "deep": lambda plain, changed: centre(changed) < 0.9 * centre(plain),
    "high": lambda plain, changed: centre(changed) > 1.2 * centre(plain),
    "crisp": lambda plain, changed: centre(changed[:600]) > centre(plain[:600]),
    "soft": lambda plain, changed: loudness(changed[:400]) < loudness(plain[:400]),
    "airy": lambda plain, changed: centre(changed) > centre(plain),
    "muffled": lambda plain, changed: centre(changed) < 0.7 * centre(plain),
    "distorted": lambda plain, changed: loudness(changed) > loudness(plain),
    "retro": lambda plain, changed: len(np.unique(np.round(changed, 5))) < 0.5 * len(np.unique(np.round(plain, 5))),
}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_changes_the_sound_as_it_says(word):
    base = "glass" if word == "muffled" else "hit"
    assert WORDS[word](made(base), made(f"{word} {base}"))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.words.split()[0])
def test_every_changing_word_does_something(change):
    assert not np.allclose(made("laser"), made(f"{change.words.split()[0]} laser"), atol=1e-3)


def test_no_word_stands_for_two_things():
    words = [word for preset in PRESETS.values() for word in preset.words.split()]
    assert len(words) == len(set(words))
    others = [word for change in CHANGES for word in change.words.split()]
    assert len(others) == len(set(others))
    assert set(words) & set(others) == set()


@pytest.mark.parametrize(
    ("prompt", "layers"),
    [
        ("a coin", ["coin"]),
        ("Laser gun shot", ["laser", "gunshot"]),
        ("Footsteps on gravel, wind and rain", ["footstep", "wind", "rain"]),
        ("jump, jumping, JUMP!", ["jump"]),
        ("an explosion without thunder", ["explosion"]),
        ("dust-cloud", ["dust"]),
        ("level-up", ["powerup"]),
        ("a door, a coin, a laser and a bell", ["door", "coin", "laser"]),
    ],
)
def test_the_first_word_says_what_it_is_and_two_more_lie_under_it(prompt, layers):
    brief = brief_of(prompt)
    assert [each.preset for each in brief.layers] == layers
    assert brief.understood


def test_what_is_not_wanted_is_left_out():
    assert [each.preset for each in brief_of("jump with a whoosh", "whoosh, loud").layers] == ["jump"]


def test_what_nobody_understands_is_told_and_made_of_something():
    brief = brief_of("ein Sprung")
    assert (brief.understood, brief.layers[0].word) == (False, None)
    assert brief == brief_of("ein Sprung")


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ("coin, 0.3-0.5 seconds duration", 0.4),
        ("coin of 2 s", 2.0),
        ("coin 0.5 to 1.5 sec", 1.0),
        ("a 250 ms coin", 0.25),
        ("3-second coin", 3.0),
        ("coin 32x32", None),
        ("coin for 900 seconds", None),
        ("coin 0 s", None),
    ],
)
def test_a_length_may_stand_in_the_prompt(prompt, seconds):
    assert brief_of(prompt).seconds == pytest.approx(seconds) if seconds else brief_of(prompt).seconds is None


def test_the_reason_names_what_is_made_and_by_which_words():
    assert brief_of("light jumping, dust clouds").reason() == "jump (jumping) over dust; light"


def test_the_file_is_sixteen_bits_of_one_channel():
    with wave.open(io.BytesIO(wav_of(made("coin", seconds=0.5)))) as file:
        shape = (file.getnchannels(), file.getsampwidth(), file.getframerate(), file.getnframes())
    assert shape == (1, 2, 44_100, 22_050)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from([*NAMES, *(change.words.split()[0] for change in CHANGES)]), max_size=8),
    st.floats(0.05, 1.5),
    st.integers(0, 2**40),
    st.booleans(),
)
def test_whatever_is_asked_for_has_its_length_and_is_not_clipped(words, seconds, seed, loop):
    sound = made(" ".join(words), seed, seconds=seconds, loop=loop)
    assert len(sound) == round(seconds * RATE)
    assert np.isfinite(sound).all()
    assert float(np.max(np.abs(sound))) <= PEAK + 1e-9
