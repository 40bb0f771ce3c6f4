"""Reading pictures: told by content, capped before decoding, whole or refused."""

import io
import os
import struct
import zlib
from datetime import UTC, datetime

import pytest
from gallery_builders import make_picture, picture_bytes
from PIL import Image, PngImagePlugin

from gallery.intake import media
from gallery.intake.inspecting import inspect
from gallery.intake.media import FileBytes, MediaError, examine_bytes, is_picture

NO_TIME = 0


def examine(data, mtime_ns=NO_TIME):
    return examine_bytes(FileBytes(data, mtime_ns))


def thumbnail_of(picture):
    return Image.open(io.BytesIO(picture.thumbnail))


def exif_bytes(**values):
    exif = Image.Exif()
    taken = exif.get_ifd(0x8769)
    if "orientation" in values:
        exif[0x0112] = values["orientation"]
    if "taken" in values:
        taken[0x9003] = values["taken"]
    if "digitized" in values:
        taken[0x9004] = values["digitized"]
    if "offset" in values:
        taken[0x9011] = values["offset"]
    return exif.tobytes()


def png_chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_with(chunk):
    """A PNG with one more chunk behind its header."""
    data = picture_bytes()
    return data[:33] + chunk + data[33:]


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_each_format_is_told_by_content_and_measured(tmp_path, file_format):
    path = make_picture(tmp_path / "no-suffix", size=(40, 20), file_format=file_format)
    picture = inspect(str(path))
    assert (picture.format, picture.width, picture.height, picture.media_type) == (file_format.lower(), 40, 20, "image")
    assert picture.size == path.stat().st_size
    assert picture.mtime_ns == path.stat().st_mtime_ns


@pytest.mark.parametrize(
    ("mode", "colour", "suffix"),
    [
        ("RGB", "red", ".jpg"),
        ("RGBA", (255, 0, 0, 128), ".webp"),
        ("RGBA", (255, 0, 0, 255), ".jpg"),
        ("L", 120, ".jpg"),
        ("LA", (120, 3), ".webp"),
        ("P", 3, ".jpg"),
        ("1", 1, ".jpg"),
        ("I;16", 40000, ".jpg"),
    ],
)
def test_every_pixel_mode_gets_a_thumbnail_webp_only_where_something_shines_through(mode, colour, suffix):
    picture = examine(picture_bytes(colour, (600, 300), mode=mode))
    assert picture.thumbnail_suffix == suffix
    with thumbnail_of(picture) as small:
        assert small.size == (256, 128)


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGB", {}),
        ("RGB", {"progressive": True, "subsampling": 0}),
        ("RGB", {"keep_rgb": True}),
        ("YCbCr", {}),
        ("CMYK", {}),
        ("L", {}),
    ],
)
def test_a_jpeg_keeps_its_colours_however_it_stores_them(mode, options):
    image, buffer = Image.new("RGB", (600, 300), (210, 40, 90)), io.BytesIO()
    image.paste((20, 180, 60), (300, 0, 600, 300))
    image.convert(mode).save(buffer, "JPEG", **options)
    with Image.open(buffer) as original, thumbnail_of(examine(buffer.getvalue())) as small:
        for place, seen in (((100, 100), (40, 40)), ((500, 100), (215, 40))):
            wanted, found = (one.convert("RGB").getpixel(at) for one, at in ((original, place), (small, seen)))
            assert all(abs(one - other) <= 4 for one, other in zip(wanted, found, strict=True)), (wanted, found)


def test_a_jpeg_that_only_seems_to_keep_brightness_and_differences_is_read():
    buffer = io.BytesIO()
    Image.new("RGB", (300, 300), (210, 40, 90)).save(buffer, "JPEG", keep_rgb=True)
    data = buffer.getvalue()
    adobe = data.index(b"\xff\xee")
    length = int.from_bytes(data[adobe + 2 : adobe + 4])
    short = b"\xff\xe0" + (9).to_bytes(2) + b"JFIF\0\1\1"  # too short for libjpeg, which goes by the names R, G, B
    with thumbnail_of(examine(data[:2] + short + data[2:adobe] + data[adobe + 2 + length :])) as small:
        assert all(abs(one - other) <= 4 for one, other in zip(small.getpixel((9, 9)), (210, 40, 90), strict=True))


def test_a_sixteen_bit_picture_keeps_its_brightness():
    with thumbnail_of(examine(picture_bytes(0x8000, (300, 300), mode="I;16"))) as small:
        assert abs(small.convert("L").getpixel((5, 5)) - 128) < 4


def test_a_palette_with_transparency_is_no_warning():
    image = Image.new("P", (300, 300), 0)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", transparency=b"\x00" + b"\xff" * 255)
    assert examine(buffer.getvalue()).thumbnail_suffix == ".webp"


def test_small_pictures_are_not_blown_up():
    with thumbnail_of(examine(picture_bytes(size=(3, 2)))) as small:
        assert small.size == (3, 2)


@pytest.mark.parametrize("size", [(3000, 1), (1, 3000), (257, 255), (1000, 700)])
def test_no_side_of_a_thumbnail_exceeds_256_pixels_nor_vanishes(size):
    with thumbnail_of(examine(picture_bytes(size=size))) as small:
        assert min(small.size) >= 1
        assert max(small.size) <= 256


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_turns_size_and_thumbnail(orientation):
    image = Image.new("RGB", (400, 200), "blue")
    image.paste("red", (0, 0, 200, 200))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif_bytes(orientation=orientation))
    picture = examine(buffer.getvalue())
    lying = orientation >= 5
    assert (picture.width, picture.height) == ((200, 400) if lying else (400, 200))
    red = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}[orientation]
    with thumbnail_of(picture) as small:
        width, height = small.size
        places = {
            "left": (3, height // 2),
            "right": (width - 4, height // 2),
            "top": (width // 2, 3),
            "bottom": (width // 2, height - 4),
        }
        assert small.getpixel(places[red])[0] > 200


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_a_nonsense_orientation_is_upright(orientation):
    picture = examine(picture_bytes(size=(4, 2), file_format="JPEG", exif=exif_bytes(orientation=orientation)))
    assert (picture.width, picture.height) == (4, 2)


@pytest.mark.parametrize(
    ("exif", "expected"),
    [
        ({"taken": "2024:05:06 07:08:09"}, datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)),
        ({"taken": "2024:05:06 07:08:09", "offset": "+02:00"}, datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC)),
        ({"digitized": "2023:05:06 07:08:09"}, datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC)),
        ({"taken": "0000:00:00 00:00:00"}, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ({"taken": "yesterday"}, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ({}, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
    ],
)
def test_the_time_is_that_of_exif_else_that_of_the_file(exif, expected):
    data = picture_bytes(file_format="JPEG", exif=exif_bytes(**exif))
    assert examine(data, mtime_ns=1_000_000_000).created_at == expected


def test_broken_exif_does_not_make_a_broken_picture():
    data = picture_bytes(file_format="JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\xff\xff\x01\x02")
    assert examine(data).width == 8


def test_a_png_has_its_time_from_its_time_chunk():
    data = png_with(png_chunk(b"tIME", struct.pack(">HBBBBB", 2022, 3, 4, 5, 6, 60)))
    assert examine(data).created_at == datetime(2022, 3, 4, 5, 6, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-02-03T04:05:06+01:00", datetime(2021, 2, 3, 3, 5, 6, tzinfo=UTC)),
        ("Wed, 03 Feb 2021 04:05:06 GMT", datetime(2021, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("once upon a time", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_png_has_its_time_from_its_creation_time_text(text, expected):
    info = PngImagePlugin.PngInfo()
    info.add_text("Creation Time", text)
    assert examine(picture_bytes(pnginfo=info)).created_at == expected


def test_an_impossible_time_chunk_is_passed_over():
    data = png_with(png_chunk(b"tIME", struct.pack(">HBBBBB", 2022, 13, 40, 5, 6, 7)))
    assert examine(data).created_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_file_time_outside_every_calendar_becomes_1970():
    assert examine(picture_bytes(), mtime_ns=10**21).created_at == datetime(1970, 1, 1, tzinfo=UTC)


def truncated(file_format, keep):
    image = Image.effect_noise((200, 200), 90).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, file_format)
    data = buffer.getvalue()
    return data[: int(len(data) * keep)]


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
@pytest.mark.parametrize("keep", [0.6, 0.9])
def test_a_truncated_picture_is_damaged(file_format, keep):
    with pytest.raises(MediaError) as caught:
        examine(truncated(file_format, keep))
    assert caught.value.code == "damaged"
    assert caught.value.hint


def huge_png(width, height):
    """A header that promises many pixels in a few bytes: nothing behind it is ever decoded."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + png_chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(9000, 9000), (20_000, 20_000), (8000, 5001), (10_000, 10_000)])
def test_too_many_pixels_are_refused_before_anything_is_decoded(size):
    with pytest.raises(MediaError, match="40 million pixels") as caught:
        examine(huge_png(*size))
    assert caught.value.code == "too_many_pixels"


def test_forty_million_pixels_may_be():
    with pytest.raises(MediaError, match="damaged"):
        examine(huge_png(8000, 5000))  # it got as far as decoding, and there is nothing to decode


def test_a_compressed_text_bomb_is_refused():
    bomb = png_with(png_chunk(b"zTXt", b"k\0\0" + zlib.compress(b"x" * 50_000_000)))
    with pytest.raises(MediaError, match="damaged"):
        examine(bomb)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"8BPS\x00\x01" + b"\0" * 60,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"II*\x00" + b"\0" * 60,
        b"RIFF\0\0\0\0WAVE",
        b"\0\0\0\x18ftypmp42",
    ],
)
def test_what_is_no_picture_of_the_list_is_refused(data):
    with pytest.raises(MediaError) as caught:
        examine(data)
    assert caught.value.code == "not_media"


def test_only_the_first_frame_of_an_animation_counts():
    frames = [Image.new("P", (6, 6), n) for n in range(50)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    assert examine(buffer.getvalue()).width == 6


def test_a_jpeg_with_more_pictures_behind_it_is_a_jpeg():
    buffer = io.BytesIO()
    Image.new("RGB", (9, 9)).save(buffer, "MPO", save_all=True, append_images=[Image.new("RGB", (9, 9), "red")])
    assert examine(buffer.getvalue()).format == "jpeg"


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(MediaError, match="not a file"):
        inspect(str(tmp_path / "pipe.png"))


def test_a_file_too_large_to_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(media, "MAX_BYTES", 10)
    with pytest.raises(MediaError, match="too many") as caught:
        inspect(str(make_picture(tmp_path / "a.png")))
    assert caught.value.code == "too_large"


def test_an_avif_is_known_by_any_of_its_brands():
    assert is_picture(b"\0\0\0\x20ftypmif1\0\0\0\0mif1avif")
    assert is_picture(b"\0\0\0\x20ftypavis")
    assert not is_picture(b"\0\0\0\x20ftypheic\0\0\0\0mif1heic")


def test_metadata_that_pillow_cannot_read_is_passed_over(monkeypatch):
    def fail(_):
        raise SyntaxError

    monkeypatch.setattr(Image.Image, "getexif", fail)
    assert examine(picture_bytes(size=(4, 2)), mtime_ns=0).created_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_folder_in_a_files_place_is_refused_and_leaves_nothing_open(tmp_path):
    def lowest_free():
        descriptor = os.open(os.devnull, os.O_RDONLY)
        os.close(descriptor)
        return descriptor

    before = lowest_free()
    with pytest.raises(MediaError, match="not a file"):
        inspect(str(tmp_path))
    assert lowest_free() == before
