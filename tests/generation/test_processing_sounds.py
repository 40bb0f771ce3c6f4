"""Steps and checks of sounds, held against what standards and the files themselves say."""

import builtins
import io

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from processing_pictures import coin, file_of, step
from sounds import RATE, joined, level_of, noise, samples_in, silence, sound, tone

from generation.processing.actions import ACTIONS, SOUND_FORMATS
from generation.processing.model import ProcessingContext
from generation.processing.preflight import check_steps
from generation.processing.sounds.loudness import loudness
from generation.processing.sounds.mp3_frames import mp3_bitrate
from generation.processing.sounds.ogg_pages import is_whole, numbered
from generation.processing.sounds.processing import process_sounds
from generation.processing.sounds.resampling import resampled, true_peak
from generation.processing.sounds.wave import Wave, opened


def done(samples, *steps, kind="wav", rate=None, context=None):
    return process_sounds([sound(samples, kind, rate=rate)], steps, context=context)[0]


def after(samples, *steps, kind="wav", rate=None):
    """The samples that the steps leave."""
    found = done(samples, *steps, kind=kind, rate=rate)
    assert found.passed, found.checks
    return samples_in(found.files[0].data)[0]


def checked(samples, check, *before, kind="wav", rate=None):
    found = done(samples, *before, step("validate", checks=[check]), kind=kind, rate=rate)
    return found.checks[-1].passed


def told(found, code):
    return [check.detail for check in found.checks if check.code == code and not check.passed]


# Loudness: the cases of EBU Tech 3341, which every meter is held to, in stereo at 1 kHz.


def stretch(*parts, rate=48000):
    return joined(*(tone(seconds, rate=rate, hertz=1000, level=level, channels=2) for seconds, level in parts))


@pytest.mark.parametrize("rate", [48000, 44100, 22050])
@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        (((20, -23),), -23.0),
        (((20, -33),), -33.0),
        (((10, -36), (60, -23), (10, -36)), -23.0),
        (((10, -72), (10, -36), (60, -23), (10, -36), (10, -72)), -23.0),
        (((20, -26), (20.1, -20), (20, -26)), -23.0),
    ],
)
def test_loudness_is_that_of_the_standard_cases(parts, wanted, rate):
    assert loudness(stretch(*parts, rate=rate), rate) == pytest.approx(wanted, abs=0.1)


def test_one_channel_of_a_full_tone_has_the_loudness_the_standard_names():
    assert loudness(tone(5, rate=48000, hertz=997, level=0), 48000) == pytest.approx(-3.01, abs=0.01)


def test_silence_has_no_loudness_and_a_short_effect_has_that_of_all_of_it():
    assert loudness(silence(1), RATE) is None
    short, long = (loudness(tone(seconds, hertz=1000, level=-20), RATE) for seconds in (0.15, 5))
    assert short == pytest.approx(long, abs=0.3)


@pytest.mark.parametrize("phase", [0, 45, 60])
def test_the_true_peak_is_found_between_the_samples(phase):
    """EBU Tech 3341, cases 15 to 18: a quarter of the sample rate at -6 dB, whatever the samples meet."""
    wave = tone(1, rate=48000, hertz=12000, level=-6.02, phase=np.deg2rad(phase))
    assert 20 * np.log10(true_peak(wave, 48000)) == pytest.approx(-6.0, abs=0.2)


@pytest.mark.parametrize(("old", "new"), [(44100, 48000), (48000, 44100), (22050, 44100), (48000, 16000)])
def test_a_tone_at_another_rate_is_the_same_tone(old, new):
    made = resampled(Wave(tone(3, rate=old, hertz=1000), old, "wav"), new)
    wanted = tone(3, rate=new, hertz=1000)
    assert len(made.samples) == len(wanted)
    assert level_of(made.samples[500:-500] - wanted[500:-500]) < -70


def test_what_a_lower_rate_cannot_hold_is_not_heard_as_something_else():
    made = resampled(Wave(tone(2, rate=48000, hertz=15000), 48000, "wav"), 16000)
    assert level_of(made.samples[2000:-2000]) < -90


# Steps.


@pytest.mark.parametrize("level", [-1, "-1 dB", "-1.0 dBFS"])
def test_normalize_brings_the_highest_sample_to_a_level(level):
    assert level_of(after(tone(level=-20), step("normalize", peak=level))) == pytest.approx(-1, abs=0.01)


def test_normalize_brings_a_sound_to_a_loudness():
    made = after(tone(2, hertz=1000, level=-30, channels=2), step("normalize", loudness="-20 LUFS"))
    assert loudness(made, RATE) == pytest.approx(-20, abs=0.1)


def test_the_ceiling_wins_over_the_loudness_and_what_is_short_is_told():
    clicks = tone(2, hertz=1000, level=-40)
    clicks[::4410] = 0.5
    found = done(clicks, step("normalize", loudness=-10))
    (why,) = told(found, "normalize")
    assert "instead of -10" in why
    assert "-1 dB" in why
    samples, rate = samples_in(found.files[0].data)
    assert 20 * np.log10(true_peak(samples, rate)) == pytest.approx(-1, abs=0.05)


def test_silence_cannot_be_brought_to_a_level_and_stays_as_it_is():
    data = sound(silence(0.5))
    (found,) = process_sounds([data], [step("normalize", peak=-1)])
    assert "silent" in told(found, "normalize")[0]
    assert found.files[0].data == data


def test_silence_is_cut_off_at_the_ends_and_not_in_the_middle():
    parts = joined(silence(0.2), tone(0.3), silence(0.4), tone(0.1), silence(0.5))
    assert len(after(parts, step("trim_silence", threshold="-40 dB"))) / RATE == pytest.approx(0.8, abs=0.005)
    assert len(after(parts, step("trim_silence", where="end"))) / RATE == pytest.approx(1.0, abs=0.005)
    assert len(after(parts, step("trim_silence", padding="100 ms"))) / RATE == pytest.approx(1.0, abs=0.005)


def test_what_is_all_silence_is_not_cut_to_nothing():
    assert len(after(silence(0.3), step("trim_silence"))) == len(silence(0.3))


def test_a_fade_begins_and_ends_in_silence_and_leaves_the_middle():
    before = tone(1, level=-3)
    made = after(before, step("fade", **{"in": 0.1, "out": "200 ms"}))
    assert level_of(made[:20]) < -60
    assert level_of(made[-20:]) < -60
    middle = slice(int(0.15 * RATE), int(0.75 * RATE))
    assert np.abs(made[middle] - before[middle]).max() < 1e-4
    assert len(after(tone(0.1), step("fade", **{"in": 5, "out": 5}))) == len(tone(0.1))


def test_mono_is_the_mean_of_the_channels():
    stereo = np.concatenate([tone(level=-6), tone(level=-20)], axis=1)
    assert np.abs(after(stereo, step("mono")) - stereo.mean(axis=1, keepdims=True)).max() < 1e-4


def test_the_rate_is_the_one_asked_for():
    found = done(tone(), step("resample", rate="22.05 kHz"), step("validate", checks=[{"sample_rate": 22050}]))
    assert found.passed
    assert samples_in(found.files[0].data)[1] == 22050


# Files.


@pytest.mark.parametrize("kind", SOUND_FORMATS)
@pytest.mark.parametrize("rate", [22050, 44100])
def test_every_format_is_written_and_lasts_as_long(kind, rate):
    found = done(noise(0.7, rate=rate), step("convert", formats=[kind]), rate=rate)
    assert found.passed, found.checks
    made = opened(found.files[0].data)
    assert (made.format, found.files[0].suffix) == (kind, kind)
    assert made.seconds == pytest.approx(0.7, abs=0.001)
    assert found.files[0].duration == pytest.approx(0.7, abs=0.001)


@pytest.mark.parametrize(
    ("kind", "bitrate"), [("mp3", 320), ("mp3", 192), ("mp3", 128), ("mp3", 64), ("ogg", 128), ("opus", 96)]
)
@pytest.mark.parametrize("rate", [16000, 44100])
def test_the_bitrate_that_was_asked_for_is_the_one_that_is_measured(kind, bitrate, rate):
    data = noise(2, rate=rate, channels=2)
    steps = [
        step("convert", formats=[kind], bitrate=f"{bitrate}k"),
        step("validate", checks=[{"bitrate": bitrate * 1000}]),
    ]
    found = done(data, *steps, rate=rate)
    assert found.passed, found.checks
    if kind == "mp3":
        assert mp3_bitrate(found.files[0].data) == bitrate * 1000


def test_a_bitrate_that_there_is_not_is_told():
    assert "instead of 200k" in told(done(tone(), step("convert", formats=["mp3"], bitrate=200_000)), "convert")[0]
    assert "no bitrate" in told(done(tone(), step("convert", formats=["flac"], bitrate="128k")), "convert")[0]


@pytest.mark.parametrize("kind", SOUND_FORMATS)
def test_the_same_sound_becomes_the_same_bytes(kind):
    """The libraries number the streams of Ogg files by chance."""
    data = sound(noise())
    first, second = (process_sounds([data], [step("convert", formats=[kind])])[0].files[0].data for _ in range(2))
    assert first == second
    assert kind not in {"ogg", "opus"} or (is_whole(first) and numbered(first) == first)


def test_nothing_asked_for_leaves_the_very_bytes():
    for kind in SOUND_FORMATS:
        data = sound(kind=kind)
        for steps in ([], [step("validate", checks=["has_signal"])]):
            assert process_sounds([data], steps)[0].files[0].data == data


def test_the_template_of_the_jump_gives_what_it_checks():
    """The steps of the template for jumping, for a provider that gives another format than the name."""
    came = joined(silence(0.2), tone(0.35, level=-18), silence(0.3))
    steps = [
        step("normalize", peak="-1.0 dB"),
        step("trim_silence", threshold="-40 dB"),
        step("validate", checks=[{"duration_range": [0.2, 0.6]}, {"format": "mp3"}, {"bitrate": "192k"}]),
    ]
    found = done(came, *steps, context=ProcessingContext(sound_format="mp3"))
    assert found.passed, found.checks
    assert found.files[0].suffix == "mp3"
    assert level_of(samples_in(found.files[0].data)[0]) == pytest.approx(-1, abs=0.5)


def test_several_formats_are_several_files_the_first_being_the_asset():
    found = done(tone(), step("convert", formats=["ogg", "mp3"]))
    assert [file.suffix for file in found.files] == ["ogg", "mp3"]


# Checks.


def clipped():
    return np.clip(tone(level=6), -1, 1)


@pytest.mark.parametrize(
    ("samples", "check", "passed"),
    [
        (tone(0.4), {"duration_range": [0.2, 0.6]}, True),
        (tone(0.7), {"duration_range": [0.2, 0.6]}, False),
        (tone(), {"format": "wav"}, True),
        (tone(), {"format": "mp3"}, False),
        (tone(), {"sample_rate": "44.1k"}, True),
        (tone(), {"sample_rate": 48000}, False),
        (tone(channels=2), {"channels": 2}, True),
        (tone(), {"channels": 2}, False),
        (tone(1, hertz=1000, level=-20, channels=2), {"loudness": "-20 LUFS"}, True),
        (tone(1, hertz=1000, level=-26, channels=2), {"loudness": [-22, -18]}, False),
        (silence(1), {"loudness": -20}, False),
        (tone(level=-3), {"true_peak": "-1 dB"}, True),
        (tone(level=-0.5), {"true_peak": "-1 dB"}, False),
        (tone(level=0), "no_clipping", True),
        (clipped(), "no_clipping", False),
        (-clipped(), "no_clipping", False),
        (tone(level=-50), "has_signal", True),
        (tone(level=-80), "has_signal", False),
        (silence(0.5) + np.float32(0.5), "has_signal", False),
        (tone(1, hertz=100), "loops", True),
        (tone(1, hertz=100.25), "loops", False),
        (joined(tone(0.5), silence(0.5)), "loops", False),
        (tone(), "file_size_under_2mb", True),
        (noise(15, channels=2), "file_size_under_2mb", False),
        (tone(), "has_alpha", False),
    ],
)
def test_a_check_says_what_the_sound_is(samples, check, passed):
    assert checked(samples, check) is passed


def test_a_duplicate_is_found_by_its_bytes():
    context = ProcessingContext(duplicate_of=lambda sha256, looks: "a1" if looks is None else None)
    assert "a1" in told(done(tone(), step("validate", checks=["not_duplicate"]), context=context), "not_duplicate")[0]


# What goes wrong is a result.


def test_what_is_no_sound_comes_out_as_it_is():
    whole = sound(kind="flac")
    for data in (b"", b"RIFF", b"ID3 nothing", whole[: len(whole) // 2], file_of(coin())):
        (found,) = process_sounds([data], [step("normalize", peak=-1)])
        assert found.files[0].data == data
        assert [(check.code, check.passed) for check in found.checks] == [("readable", False)]


def test_samples_that_are_no_numbers_are_damage():
    broken = tone()
    broken[100] = np.nan
    (found,) = process_sounds([sound(broken, subtype="FLOAT")], [step("normalize", peak=-1)])
    assert "no numbers" in told(found, "readable")[0]


def test_a_sound_that_is_too_long_is_kept_as_it_came(monkeypatch):
    monkeypatch.setattr("generation.processing.sounds.wave.MOST_SAMPLES", 1000)
    data = sound()
    (found,) = process_sounds([data], [step("normalize", peak=-1)])
    assert (found.files[0].data, found.passed) == (data, False)


@pytest.mark.parametrize("rate", [1, 9, 999, 768_001, 100_000_000, 2**31 - 1])
@pytest.mark.parametrize("action", ["normalize", "resample", "convert"])
def test_a_rate_that_no_sound_has_is_told_before_room_is_made_for_it(rate, action):
    """At 9 Hz a file of four kilobytes would become gigabytes at any other rate."""
    data = sound(tone(0.01), rate=rate)
    options = {"normalize": {"loudness": -16}, "resample": {"rate": 44100}, "convert": {"formats": ["mp3"]}}
    (found,) = process_sounds([data], [step(action, **options[action])])
    assert (found.files[0].data, told(found, "readable")) == (
        data,
        [f"the sound is damaged: its sample rate is {rate} Hz"],
    )


def test_another_rate_is_not_made_of_what_would_be_too_long_at_it(monkeypatch):
    monkeypatch.setattr("generation.processing.sounds.resampling.MOST_SAMPLES", 1000)
    found = done(tone(0.1, rate=8000), step("resample", rate=48000), rate=8000)
    assert "would be longer than what is worked on" in told(found, "resample")[0]
    assert not found.passed


def test_without_the_libraries_the_bytes_are_kept_and_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "soundfile":
            raise ImportError(name)
        return real(name, *rest)

    data = sound()
    monkeypatch.setattr(builtins, "__import__", without)
    (found,) = process_sounds([data], [step("normalize", peak=-1)])
    assert found.files[0].data == data
    assert "callsheet[audio]" in told(found, "readable")[0]
    assert process_sounds([data], [])[0].passed


VALUES = st.one_of(
    st.integers(-80, 200_000),
    st.floats(),
    st.sampled_from(["-1 dB", "192k", "44.1 kHz", "50 ms", "both", "smooth", "png", "-16 LUFS"]),
    st.text(max_size=6),
    st.lists(
        st.sampled_from(["mp3", "wav", "png", "no_clipping", "loops", "has_alpha", {"format": "mp3"}, {"loudness": -9}])
    ),
)
NAMES = sorted({name for options in ACTIONS.values() for name in options})
STEPS = st.builds(
    lambda action, options: step(action, **options),
    st.sampled_from([*ACTIONS, "normalise"]),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3),
)
LITTLE = {kind: sound(noise(0.05), kind) for kind in SOUND_FORMATS}


@settings(max_examples=100, deadline=None)
@given(
    steps=st.lists(STEPS, max_size=4),
    data=st.sampled_from([*LITTLE.values(), b"RIFF\0\0\0\0WAVE"]) | st.binary(max_size=80),
)
def test_whatever_is_asked_of_whatever_bytes_there_is_a_file_and_no_error(steps, data):
    (found,) = process_sounds([data], steps)
    assert found.files
    assert all(0 <= score <= 1 for score in found.scores.values())


@settings(max_examples=100, deadline=None)
@given(step_=STEPS)
def test_a_step_that_was_found_faulty_is_left_out_and_told(step_):
    if check_steps([step_], asset_type="audio") and step_.action not in {"validate", "sprite_sheet"}:
        (found,) = process_sounds([LITTLE["wav"]], [step_])
        assert step_.action[:60] in {check.code for check in found.checks if not check.passed}


@pytest.mark.parametrize(
    ("faulty", "code", "hint"),
    [
        (step("normalize", peak="loud"), "bad_option", "write 0"),
        (step("normalize", peak=3), "bad_option", "write 0"),
        (step("normalize", peak=-1, loudness=-16), "missing_option", "or `loudness: -16 LUFS`"),
        (step("trim_silence", tthreshold=-40), "unknown_option", "did you mean threshold?"),
        (step("fade"), "missing_option", "out: 0.05"),
        (step("fade", out="long"), "bad_option", "50 ms"),
        (step("resample"), "missing_option", "rate: 44100"),
        (step("convert", formats=["mp3"], bitrate="fast"), "bad_option", "192k"),
        (step("convert", formats=["mp3"], quality=80), "step_unfit", "leave it out"),
        (step("convert", formats=["png"]), "step_unfit", "wav, flac, ogg, opus, mp3"),
        (step("validate", checks=["has_alpha"]), "step_unfit", "leave it out"),
        (step("validate", checks=[{"loudness": [1]}]), "wrong_type", "[-18, -14]"),
        (step("resize", width=3), "step_unfit", "leave it out"),
    ],
)
def test_a_step_that_cannot_be_done_is_found_before_anything_is_spent(faulty, code, hint):
    found = check_steps([faulty], asset_type="audio")[0]
    assert found.code == code
    assert hint in (found.hint or "")


def test_an_mp3_behind_a_tag_has_its_bitrate_still():
    data = sound(noise(1), "mp3")
    tagged = b"ID3\4\0\0\0\0\2\0" + bytes(256) + data
    assert mp3_bitrate(tagged) == mp3_bitrate(data)
    assert soundfile.info(io.BytesIO(tagged)).frames == RATE
