"""The hash of likeness: what it survives, what it does not, and where it is None."""

import io

import pytest
from gallery_builders import picture_bytes
from hypothesis import given
from hypothesis import strategies as st
from likeness_pictures import blotches, brighter
from PIL import Image

from gallery.intake.media import FileBytes, examine_bytes
from gallery.likeness.dhash import band_of, dhash, dhash_of_thumbnail, differing_bits

HASHES = st.integers(-(2**63), 2**63 - 1)


def examined(image, file_format="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return examine_bytes(FileBytes(buffer.getvalue(), 0))


def test_a_bit_says_that_a_field_is_darker_than_the_one_to_its_right():
    ramp = Image.frombytes("L", (9, 1), bytes(range(0, 225, 25))).resize((9, 8), Image.Resampling.NEAREST)
    assert dhash(ramp) == -1  # all 64 bits, signed
    assert dhash(ramp.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) == 0
    half = Image.new("L", (9, 8), 0)
    half.paste(255, (1, 0, 9, 1))
    assert dhash(half) == -(2**63)  # the first bit alone


@pytest.mark.parametrize("seed", range(5))
def test_copies_in_other_sizes_formats_and_brightness_stay_near(seed):
    picture = blotches(seed)
    own = examined(picture).dhash
    for copy in (
        examined(picture, "JPEG", quality=60),
        examined(picture, "WEBP", quality=70),
        examined(picture.resize((900, 900), Image.Resampling.LANCZOS)),
        examined(picture.resize((100, 100), Image.Resampling.LANCZOS), "JPEG"),
        examined(brighter(picture)),
        examined(picture.convert("L")),
    ):
        assert differing_bits(own, copy.dhash) <= 4


def test_other_pictures_are_far_away_and_so_are_mirrored_and_turned_ones():
    hashes = [examined(blotches(seed)).dhash for seed in range(20)]
    picture = blotches(0)
    hashes += [
        examined(picture.transpose(way)).dhash
        for way in (Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.ROTATE_90)
    ]
    assert min(differing_bits(a, b) for n, a in enumerate(hashes) for b in hashes[:n]) > 8


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photo_that_lies_on_its_side_is_like_the_upright_one(orientation):
    turn = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]  # the transposition that EXIF undoes
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = blotches(7, (400, 300))
    lying = examined(upright.transpose(Image.Transpose(turn)), "JPEG", quality=95, exif=exif)
    assert differing_bits(examined(upright).dhash, lying.dhash) <= 2


def test_what_shines_through_counts_as_grey():
    picture = blotches(3).convert("RGBA")
    picture.putalpha(Image.new("L", picture.size, 255))
    assert examined(picture).dhash == examined(blotches(3)).dhash
    drawing = Image.new("RGBA", (90, 80), (0, 0, 0, 0))
    drawing.paste((255, 255, 255, 255), (40, 0, 60, 80))
    shown = Image.new("RGB", (90, 80), (128, 128, 128))
    shown.paste((255, 255, 255), (40, 0, 60, 80))
    assert examined(drawing).dhash == examined(shown).dhash is not None


@pytest.mark.parametrize("colour", ["black", "white", (10, 200, 30)])
def test_one_colour_has_no_features(colour):
    assert examine_bytes(FileBytes(picture_bytes(colour, (300, 200)), 0)).dhash is None


def test_a_gradient_from_top_to_bottom_has_no_features():
    assert examined(Image.linear_gradient("L")).dhash is None
    assert examined(Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90)).dhash is not None


def test_noise_of_compression_is_no_feature():
    flat = Image.effect_noise((300, 300), 3)
    assert examined(flat, "JPEG", quality=70).dhash is None


def test_sixteen_bits_and_palettes_are_compared_too():
    grey = blotches(5).convert("L")
    deep = grey.convert("I").point(lambda value: value * 257).convert("I;16")
    assert differing_bits(examined(grey).dhash, examined(deep).dhash) <= 3
    assert differing_bits(examined(blotches(5)).dhash, examined(blotches(5).quantize(200)).dhash) <= 4


@pytest.mark.parametrize("alpha", [False, True])
def test_the_hash_of_a_thumbnail_is_that_of_its_picture(tmp_path, alpha):
    image = blotches(9, (640, 480))
    if alpha:
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    picture = examined(image)
    path = tmp_path / f"t{picture.thumbnail_suffix}"
    path.write_bytes(picture.thumbnail)
    assert differing_bits(dhash_of_thumbnail(path), picture.dhash) <= 2


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0broken"])
def test_a_broken_thumbnail_has_no_hash(tmp_path, content):
    path = tmp_path / "t.jpg"
    path.write_bytes(content)
    assert dhash_of_thumbnail(path) is None
    assert dhash_of_thumbnail(tmp_path / "none.jpg") is None


@given(HASHES, HASHES, HASHES)
def test_the_distance_is_a_distance_over_all_64_bits(a, b, c):
    assert differing_bits(a, a) == 0
    assert differing_bits(a, b) == differing_bits(b, a)
    assert differing_bits(a, c) <= differing_bits(a, b) + differing_bits(b, c)
    assert differing_bits(a, ~a) == 64


@given(HASHES)
def test_four_groups_of_bits_make_the_hash(value):
    assert sum(band_of(value, band) << 16 * band for band in range(4)) == value % 2**64
