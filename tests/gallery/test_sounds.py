"""Sounds as assets: told by content, measured by decoding, drawn, searched, carried along, and never trusted."""

import builtins
import io
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from exchange_builders import library_of
from gallery_builders import make_picture, open_context
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sounds import RATE, WRITTEN, joined, noise, silence, sound, tone
from sqlalchemy import select

from gallery import Gallery
from gallery.exchange.formats import ImportOptions
from gallery.intake.inspecting import inspect
from gallery.intake.media import MediaError
from gallery.intake.originals import original
from gallery.sounds.completeness import is_cut_off
from gallery.sounds.kinds import sound_kind
from gallery.sounds.outline import MOST_STRETCHES, Outline
from gallery.sounds.waveform import HEIGHT, WIDTH, drawn
from gallery.store.tables import asset
from gallery.store.thumbnails import find_thumbnail
from resolver import AssetResolutionRequest, resolve_assets_for_action


def keep(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def add(gallery, path, data, **options):
    (item,) = gallery.add([keep(path, data)], **options).results
    return item


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_sound_is_taken_in_by_what_it_is_and_not_by_its_name(gallery, root, kind):
    rate = 48000 if kind == "opus" else RATE
    item = add(gallery, root / "sounds" / "jump.png", sound(tone(0.5, rate=rate, channels=2), kind))
    assert (item.outcome, item.error) == ("added", None)
    detail = gallery.get(item.id)
    body = detail.to_json()
    assert (body["media_type"], body["duration"], body["width"], body["height"]) == ("audio", 0.5, None, None)
    assert (body["sample_rate"], body["channels"]) == (rate, 2)
    assert [found.id for found in gallery.search(f"media:audio format:{kind}").assets] == [item.id]
    file = original(gallery.context, item.id)
    wanted = {"wav": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg"}
    assert file.media_type == wanted.get(kind, "audio/ogg")


def test_the_duration_is_that_of_the_decoded_frames(gallery, root):
    """An MP3 has more frames than samples, and a header may say anything."""
    item = add(gallery, root / "a.mp3", sound(tone(0.1234), "mp3"))
    assert gallery.get(item.id).asset.duration == 0.123
    pictures = gallery.add([make_picture(root / "b.png")]).results
    assert gallery.get(pictures[0].id).asset.duration is None


def test_sounds_are_found_by_their_length(gallery, root):
    for number, seconds in enumerate((0.25, 1, 2, 3.5)):
        add(gallery, root / f"{number}.wav", sound(tone(seconds, hertz=100 + number)))
    make_picture(root / "p.png")
    gallery.add([root / "p.png"])

    def found(query):
        return [found.path for found in gallery.search(query).assets]

    assert found("media:audio duration:<2 sort:duration") == ["0.wav", "1.wav"]
    assert found("duration:1..2 sort:-duration") == ["2.wav", "1.wav"]
    assert found("duration:>=2s sort:path") == ["2.wav", "3.wav"]
    assert found("duration:250ms") == ["0.wav"]
    assert found("duration:none") == found("-has:duration") == found("media:image") == ["p.png"]
    assert len(found("duration:any")) == 4
    assert found("sort:-duration")[-1] == "p.png"


def test_the_thumbnail_is_the_waveform_of_its_own_peaks(gallery, root, context):
    data = sound(joined(tone(1, level=-1), silence(1), tone(1, level=-12)))
    item = add(gallery, root / "a.wav", data)
    with Image.open(find_thumbnail(context.data_dir, gallery.get(item.id).sha256)) as image:
        alpha = np.asarray(image.convert("RGBA"))[:, :, 3] > 30
    assert alpha.shape == (HEIGHT, WIDTH)
    heights = alpha.sum(axis=0)
    loud, quiet, less = (heights[begin : begin + 70].max() for begin in (5, 95, 180))
    assert loud > HEIGHT * 0.8
    assert quiet <= 4
    assert HEIGHT * 0.2 < less < HEIGHT * 0.3


@pytest.mark.parametrize("page", [(255, 255, 255), (245, 245, 247), (18, 20, 24), (0, 0, 0)])
def test_the_waveform_stands_out_from_light_and_dark_pages(page):
    outline = Outline()
    outline.add(tone(1, level=0))
    image = drawn(outline)
    ground = Image.new("RGBA", image.size, (*page, 255))
    ground.alpha_composite(image)
    inside = ground.convert("RGB").getpixel((WIDTH // 2 - 2, HEIGHT // 2 - 10))

    def light(colour):
        parts = [part / 255 for part in colour]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((light(page), light(inside)))
    assert (lighter + 0.05) / (darker + 0.05) > 3


@settings(max_examples=60, deadline=None)
@given(length=st.integers(1, 300_000), columns=st.integers(1, 100), most=st.sampled_from([4, 64, MOST_STRETCHES]))
def test_an_outline_loses_no_peak_and_stays_small(length, columns, most):
    samples = np.random.RandomState(length).uniform(-1, 1, (length, 1)).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gallery.sounds.outline.MOST_STRETCHES", most)
        outline = Outline()
        for begin in range(0, length, 65_536):
            outline.add(samples[begin : begin + 65_536])
    highs, lows, strengths = outline.columns(columns)
    assert len(outline._highs) <= max(most, length // 65_536 + 1)
    assert (highs.max(), lows.min()) == (samples.max(), samples.min())
    assert (strengths <= np.maximum(highs, -lows) + 1e-3).all() or columns > length


def test_a_long_sound_is_never_held_as_a_whole(root):
    """A minute takes 10 MB as a file and 21 MB decoded."""
    path = keep(root / "long.wav", sound(noise(60, channels=2)))
    inspect(str(keep(root / "short.wav", sound())))  # loads the libraries
    tracemalloc.start()
    try:
        assert inspect(str(path)).duration == 60
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8_000_000


def cut(kind, share=0.5):
    data = sound(noise(1, rate=48000), kind, rate=48000)
    return data[: int(len(data) * share)]


HOSTILE = {
    "cut.wav": cut("wav"),
    "cut.flac": cut("flac"),
    "cut.mp3": cut("mp3"),
    "head.wav": sound()[:44],
    "head.opus": sound(kind="opus", samples=tone(rate=48000))[:64],
    "empty.flac": b"fLaC",
    "id3.mp3": b"ID3\4\0\0\0\0\1\0" + bytes(200),
    "frame.mp3": b"\xff\xfb\x90\x64" + bytes(100),
    "info.mp3": b"\xff\xfb\x90\x64" + bytes(32) + b"Info\0\0\0\x03\0",
    "nan.wav": sound(np.full((1000, 1), np.nan, np.float32), subtype="FLOAT"),
    "many.wav": sound(np.zeros((10, 33), np.float32)),
    "no_rate.wav": sound()[:24] + bytes(4) + sound()[28:],
    "ogg.ogg": b"OggS\0\2" + bytes(20) + b"\1\x1e\1vorbis" + bytes(30),
}


def test_broken_sounds_are_an_error_each_and_everything_else_goes_on(gallery, root):
    for name, data in HOSTILE.items():
        keep(root / "sounds" / name, data)
    keep(root / "sounds" / "whole.wav", sound())
    make_picture(root / "sounds" / "p.png")
    result = gallery.add([root / "sounds"])
    by_name = {Path(item.path).name: item for item in result.results}
    assert {name for name, item in by_name.items() if item.outcome == "added"} == {"whole.wav", "p.png"}
    for name in HOSTILE:
        assert by_name[name].outcome == "failed", name
        assert by_name[name].error.code in {"damaged", "too_large"}, name


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from([name for name in WRITTEN if name != "mp3"]),  # its library writes of damage to the terminal
    edits=st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_sound_that_was_tampered_with_is_taken_or_refused_and_nothing_else(tmp_path_factory, kind, edits):
    data = bytearray(sound(noise(0.05, rate=48000), kind, rate=48000))
    for place, value in edits:
        data[place % len(data)] = value
    path = keep(tmp_path_factory.getbasetemp() / "tampered", bytes(data))
    try:
        found = inspect(str(path)).duration
    except MediaError as error:
        found = error.code
    assert found in {"damaged", "too_large", "not_media"} or found > 0


@given(head=st.binary(max_size=64))
def test_whatever_a_file_begins_with_is_told_without_an_error(head):
    found = sound_kind(head)
    assert found is None or found.suffix in WRITTEN


@given(data=st.binary(max_size=120), kind=st.sampled_from(["wav", "mp3"]))
def test_whatever_a_sound_says_of_its_size_is_read_without_an_error(data, kind):
    head = {"wav": b"RIFF\0\0\0\0WAVE", "mp3": b"ID3\4\0\0\0\0\0\0\xff\xfb\x90\x64" + bytes(32) + b"Info"}[kind]
    assert is_cut_off(io.BytesIO(head + data), kind) in {True, False}


def test_reading_again_how_sounds_were_made_finds_nothing_and_fails_for_none(gallery, root):
    for kind in WRITTEN:
        add(gallery, root / f"a.{kind}", sound(tone(0.2, rate=48000), kind, rate=48000))
    assert {item.outcome for item in gallery.reread().results} == {"nothing"}


@pytest.mark.parametrize(
    "head", [b"\xff\xfe<\0h\0", b"\xff\xd8\xff\xe0", b"\xff\xf1\x50\x80", b"OggS" + bytes(40), b"RIFF\0\0\0\0AVI "]
)
def test_what_only_looks_like_a_sound_is_none(head):
    """UTF-16 text, a JPEG, AAC, an Ogg film, an AVI."""
    assert sound_kind(head.ljust(64, b"\0")) is None


def without_libraries(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest):
        if name == "soundfile":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)


def test_without_the_extra_a_sound_that_is_named_fails_and_one_in_a_folder_is_passed_over(gallery, root, monkeypatch):
    path = keep(root / "sounds" / "a.wav", sound())
    make_picture(root / "sounds" / "p.png")
    without_libraries(monkeypatch)
    (named,) = gallery.add([path]).results
    assert (named.outcome, named.error.code) == ("failed", "missing_extra")
    assert "callsheet[audio]" in named.error.hint
    folder = gallery.add([root / "sounds"])
    assert [(item.outcome, item.error and item.error.code) for item in folder.results] == [
        ("skipped", "missing_extra"),
        ("added", None),
    ]
    assert folder.failed == ()


def test_a_sound_that_was_moved_is_found_again_and_one_that_changed_is_measured_anew(gallery, root):
    item = add(gallery, root / "a.wav", sound(tone(0.5)), tags=["draft"])
    (root / "a.wav").rename(root / "b.wav")
    assert [found.outcome for found in gallery.add([root / "b.wav"]).results] == ["relinked"]
    assert add(gallery, root / "b.wav", sound(tone(0.75))).outcome == "changed"
    assert (gallery.get(item.id).asset.duration, gallery.get(item.id).asset.tags) == (0.75, ("draft",))


def findings(gallery, **options):
    return [found.code for found in gallery.doctor(**options) if found.severity != "info"]


def test_doctor_knows_sounds_and_makes_their_waveforms_anew(gallery, root, context):
    item = add(gallery, root / "a.flac", sound(kind="flac"))
    assert findings(gallery, full=True) == []
    find_thumbnail(context.data_dir, gallery.get(item.id).sha256).unlink()
    assert findings(gallery) == ["missing_thumbnail"]
    gallery.repair()
    assert findings(gallery, full=True) == []
    assert find_thumbnail(context.data_dir, gallery.get(item.id).sha256) is not None


def test_sounds_have_no_likeness_and_no_pairs(gallery, root):
    """The waveforms of two tones look the same, and have features as pictures have them; the tones are not."""
    for name, hertz in (("a", 440), ("b", 880)):
        shape = joined(tone(1, level=-1, hertz=hertz), silence(1), tone(1, level=-12, hertz=hertz))
        add(gallery, root / f"{name}.wav", sound(shape))
    assert "no_likeness" not in [found.code for found in gallery.doctor()]
    gallery.repair()
    (first,) = gallery.search("path:a.wav").assets
    assert not gallery.similar(first.id).comparable
    assert gallery.duplicates().groups == ()
    with gallery.context.database.read() as connection:
        assert connection.execute(select(asset.c.dhash)).scalars().all() == [None, None]


def test_a_library_carries_sounds_there_and_back(gallery, root, tmp_path):
    item = add(gallery, root / "a.opus", sound(tone(0.5, rate=48000), "opus"), tags=["draft"])
    data = library_of(gallery)
    folder = tmp_path / "other"
    folder.mkdir()
    with open_context(folder) as opened:
        other = Gallery(opened)
        other.import_from(io.BytesIO(data), "jsonl", ImportOptions())
        assert library_of(other) == data
        there = other.get(item.id)
        assert (there.asset.media_type, there.asset.duration, there.sample_rate, there.channels) == (
            *("audio", 0.5),
            *(48000, 1),
        )


def test_the_resolver_never_takes_a_sound_for_a_picture_unless_it_is_asked_to(gallery, root):
    item = add(gallery, root / "a.wav", sound(), tags=["npc:alex", "role:char:hero"])
    candidate = gallery.get(item.id).asset
    nothing = resolve_assets_for_action(AssetResolutionRequest(hero_id="npc:alex"), [candidate])
    assert nothing.hero_assets == []
    asked = resolve_assets_for_action(AssetResolutionRequest(hero_id="npc:alex", media_types=["audio"]), [candidate])
    assert [found.id for found in asked.hero_assets] == [item.id]


def test_statistics_count_sounds_as_what_they_are(gallery, root):
    add(gallery, root / "a.wav", sound())
    body = gallery.statistics().to_json()
    assert [(share["value"], share["assets"]) for share in body["media_types"]] == [("audio", 1)]


@pytest.mark.parametrize("rate", [1, 999, 768_001, 2**31 - 1])
def test_a_rate_that_no_sound_has_is_damage(gallery, root, rate):
    """It would last for years, or be more than a column holds."""
    with pytest.raises(MediaError, match=f"its sample rate is {rate} Hz"):
        inspect(keep(root / "odd.wav", sound(tone(0.01), rate=rate)))
