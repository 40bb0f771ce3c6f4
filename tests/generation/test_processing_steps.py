"""What each step of processing makes of a picture."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from processing_pictures import coin, file_of, image_of, plain, step

from generation.processing.model import ProcessingContext
from generation.processing.running import process, process_all

SIDES = st.integers(min_value=1, max_value=80)
SIZES = st.tuples(SIDES, SIDES)
MODES = st.sampled_from(["RGB", "RGBA", "L", "P", "LA"])


def made(image, *steps, context=None, kind="PNG"):
    found = process(file_of(image, kind), steps, context=context)
    assert [check for check in found.checks if not check.passed] == []
    return image_of(found.files[0].data)


def dims(size) -> str:
    return f"{size[0]}x{size[1]}"


@settings(max_examples=60, deadline=None)
@given(source=SIZES, wanted=SIZES, mode=MODES, upscale=st.booleans())
def test_resize_with_pad_gives_exactly_the_dimensions(source, wanted, mode, upscale) -> None:
    found = made(Image.new(mode, source), step("resize", dimensions=dims(wanted), pad=True, upscale=upscale))
    assert found.size == wanted


@settings(max_examples=60, deadline=None)
@given(source=SIZES, wanted=SIZES, fit=st.sampled_from(["cover", "fill"]))
def test_resize_by_cover_or_fill_gives_exactly_the_dimensions(source, wanted, fit) -> None:
    assert made(plain(source), step("resize", dimensions=dims(wanted), fit=fit)).size == wanted


@settings(max_examples=60, deadline=None)
@given(source=SIZES, wanted=SIZES)
def test_resize_by_contain_fills_one_side_and_keeps_within_the_other(source, wanted) -> None:
    found = made(plain(source), step("resize", dimensions=dims(wanted), fit="contain")).size
    assert found[0] <= wanted[0]
    assert found[1] <= wanted[1]
    assert found[0] == wanted[0] or found[1] == wanted[1]


@settings(max_examples=60, deadline=None)
@given(source=SIZES, wanted=SIZES, fit=st.sampled_from(["cover", "contain", "fill"]))
def test_without_upscale_nothing_grows(source, wanted, fit) -> None:
    found = made(plain(source), step("resize", dimensions=dims(wanted), fit=fit, upscale=False)).size
    assert found[0] <= source[0]
    assert found[1] <= source[1]


@pytest.mark.parametrize(
    ("options", "size"),
    [({"width": 32}, (32, 24)), ({"height": 24}, (32, 24)), ({"width": 10, "height": 10}, (10, 10))],
)
def test_one_side_alone_keeps_the_ratio(options, size) -> None:
    assert made(plain((64, 48)), step("resize", **options)).size == size


def test_padding_is_clear_or_of_the_colour_that_was_asked_for() -> None:
    clear = made(plain((10, 20)), step("resize", dimensions="20x20", pad=True))
    assert clear.getpixel((0, 0)) == (0, 0, 0, 0)
    assert clear.getpixel((10, 10)) == (200, 40, 40, 255)
    white = made(plain((10, 20)), step("resize", dimensions="20x20", pad=True, background="white", position="left"))
    assert white.mode == "RGB"
    assert (white.getpixel((0, 0)), white.getpixel((19, 0))) == ((200, 40, 40), (255, 255, 255))


def test_clear_pixels_lend_no_colour_when_a_picture_shrinks() -> None:
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 30, 63), fill=(0, 0, 255, 255))
    small = made(image, step("resize", dimensions="8x8"))
    seen = [pixel for pixel in small.get_flattened_data() if pixel[3] > 8]
    assert max(red for red, *_ in seen) < 16


def test_a_picture_that_lies_on_its_side_is_turned_upright_first() -> None:
    image = plain((40, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    found = process(file_of(image, "JPEG", exif=exif), [step("resize", dimensions="10x20", fit="contain")])
    assert (found.files[0].width, found.files[0].height) == (10, 20)
    assert image_of(found.files[0].data).getexif().get(0x0112) is None


@settings(max_examples=60, deadline=None)
@given(source=st.tuples(st.integers(8, 200), st.integers(8, 200)), ratio=st.sampled_from(["1:1", "16:9", "2:3"]))
def test_a_crop_to_a_ratio_has_it_and_touches_two_edges(source, ratio) -> None:
    found = process(file_of(plain(source)), [step("crop", ratio=ratio), step("validate", checks=[{"ratio": ratio}])])
    assert found.passed
    assert found.files[0].width == source[0] or found.files[0].height == source[1]


@pytest.mark.parametrize(("position", "colour"), [("left", (255, 0, 0)), ("right", (0, 0, 255)), ("20,0", (0, 0, 255))])
def test_a_crop_takes_the_part_that_was_named(position, colour) -> None:
    image = plain((40, 20), (255, 0, 0))
    image.paste((0, 0, 255), (20, 0, 40, 20))
    found = made(image, step("crop", dimensions="20x20", position=position))
    assert found.getcolors() == [(400, colour)]


def test_trim_cuts_the_border_of_one_colour_and_leaves_padding() -> None:
    image = plain((40, 30), (255, 255, 255))
    image.paste((0, 0, 0), (10, 8, 20, 18))
    assert made(image, step("trim")).size == (10, 10)
    assert made(image, step("trim", padding=3)).size == (16, 16)


def test_trim_cuts_what_is_clear_whatever_colour_lies_below() -> None:
    image = Image.new("RGBA", (40, 30), (9, 9, 9, 0))
    image.paste((0, 0, 0, 255), (10, 8, 20, 18))
    assert made(image, step("trim")).size == (10, 10)


def test_a_picture_that_is_all_border_is_not_trimmed_away() -> None:
    assert made(plain((12, 9)), step("trim")).size == (12, 9)


def test_the_colour_of_the_corners_becomes_clear() -> None:
    found = made(coin(), step("background_to_alpha"))
    assert found.getpixel((0, 0))[3] == 0
    assert found.getpixel((32, 24)) == (220, 180, 40, 255)


def test_a_named_colour_becomes_clear_within_its_tolerance_and_soft_beyond() -> None:
    image = Image.new("RGB", (4, 1))
    for place, level in enumerate([255, 245, 235, 200]):
        image.putpixel((place, 0), (level, 0, 255))
    key = step("background_to_alpha", color="magenta", tolerance=10, feather=19)
    alphas = [pixel[3] for pixel in made(image, key).get_flattened_data()]
    assert alphas[:2] == [0, 0]
    assert 0 < alphas[2] < 255
    assert alphas[3] == 255


def test_a_jpeg_that_becomes_clear_is_kept_as_png() -> None:
    found = process(file_of(coin(), "JPEG"), [step("background_to_alpha", tolerance=40)])
    assert found.files[0].media_type == "image/png"


LOGO = file_of(plain((10, 10), (0, 0, 255)))


def with_logo(**options):
    return step("composite", asset="a1", **options), ProcessingContext(picture_of=lambda _: LOGO)


@pytest.mark.parametrize(
    ("options", "spot", "colour"),
    [
        ({"position": "top-left"}, (0, 0), (0, 0, 255)),
        ({"position": "bottom-right"}, (39, 29), (0, 0, 255)),
        ({"position": "5,7"}, (5, 7), (0, 0, 255)),
        ({"position": "5,7"}, (4, 7), (200, 40, 40)),
        ({"scale": 2.0, "position": "top-left"}, (19, 19), (0, 0, 255)),
        ({"opacity": 0.5}, (20, 15), (100, 20, 148)),
        ({"blend": "multiply"}, (20, 15), (0, 0, 40)),
        ({"blend": "screen"}, (20, 15), (200, 40, 255)),
        ({"place": "under"}, (20, 15), (200, 40, 40)),
    ],
)
def test_an_asset_is_composed_where_and_how_the_step_says(options, spot, colour) -> None:
    logo, context = with_logo(**options)
    found = made(plain((40, 30)), logo, context=context)
    assert found.size == (40, 30)
    assert all(abs(one - other) <= 1 for one, other in zip(found.getpixel(spot), colour, strict=True))


def test_an_asset_under_the_picture_shows_where_that_is_clear() -> None:
    image = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    logo, context = with_logo(place="under")
    assert made(image, logo, context=context).getpixel((20, 15)) == (0, 0, 255, 255)


def test_what_hangs_over_the_edge_is_cut_off() -> None:
    logo, context = with_logo(position="-5,-5", scale=16)
    assert made(plain((40, 30)), logo, context=context).size == (40, 30)


def test_several_formats_come_in_the_order_asked_for() -> None:
    found = process(file_of(coin()), [step("convert", formats=["webp", "png", "jpg", "gif", "avif"], quality=80)])
    assert [file.media_type.split("/")[1] for file in found.files] == ["webp", "png", "jpeg", "gif", "avif"]
    assert [file.suffix for file in found.files] == ["webp", "png", "jpg", "gif", "avif"]
    assert [image_of(file.data).format for file in found.files] == ["WEBP", "PNG", "JPEG", "GIF", "AVIF"]


def test_quality_makes_a_file_smaller_and_lossless_keeps_every_pixel() -> None:
    image = Image.effect_noise((64, 64), 60).convert("RGB")
    sizes = [
        len(process(file_of(image), [step("convert", formats="webp", quality=quality)]).files[0].data)
        for quality in (20, 95)
    ]
    assert sizes[0] < sizes[1]
    exact = made(image, step("convert", formats="webp", lossless=True))
    assert exact.convert("RGB").tobytes() == image.tobytes()


def test_a_format_without_alpha_shows_the_background_that_was_asked_for() -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert made(image, step("convert", formats="jpeg")).getpixel((4, 4)) == (255, 255, 255)
    assert made(image, step("convert", formats="jpeg", background="black")).getpixel((4, 4)) == (0, 0, 0)


def test_the_colour_profile_is_kept() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = process(file_of(coin(), "PNG", icc_profile=profile), [step("convert", formats=["jpeg"])])
    assert image_of(found.files[0].data).info["icc_profile"] == profile


def test_without_a_step_that_changes_it_the_bytes_stay() -> None:
    data = file_of(coin(), "JPEG", quality=30)
    for steps in [[], [step("validate", checks=["no_alpha"])], [step("resize", dimensions="64x48")]]:
        assert process(data, steps).files[0].data == data


def test_the_same_steps_make_the_same_bytes() -> None:
    steps = [step("trim"), step("resize", dimensions="20x20", pad=True), step("convert", formats=["png", "webp"])]
    assert process(file_of(coin()), steps) == process(file_of(coin()), steps)


def frames(*sizes):
    return [file_of(plain(size, (10 * number, 0, 0))) for number, size in enumerate(sizes, 1)]


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=9),
    columns=st.none() | st.integers(1, 5),
    padding=st.integers(0, 4),
)
def test_on_a_sheet_every_picture_lies_whole_where_the_atlas_says(sizes, columns, padding) -> None:
    options = {"padding": padding} | ({} if columns is None else {"columns": columns})
    (found,) = process_all(frames(*sizes), [step("sprite_sheet", **options)], context=ProcessingContext(name="run"))
    sheet, atlas = found.files
    body = json.loads(atlas.data)
    assert found.sources == tuple(range(len(sizes)))
    assert body["meta"]["image"] == "run.png"
    assert body["meta"]["size"] == {"w": sheet.width, "h": sheet.height}
    pixels = image_of(sheet.data)
    boxes = [frame["frame"] for frame in body["frames"].values()]
    assert [(box["w"], box["h"]) for box in boxes] == sizes
    for number, box in enumerate(boxes, 1):
        cut = pixels.crop((box["x"], box["y"], box["x"] + box["w"], box["y"] + box["h"]))
        assert cut.getcolors() == [(box["w"] * box["h"], (10 * number, 0, 0, 255))]


def test_frames_of_a_sheet_are_brought_to_one_size_and_laid_in_columns() -> None:
    steps = [step("sprite_sheet", dimensions="16x16", columns=2, padding=2)]
    (found,) = process_all(frames((40, 20), (8, 8), (16, 16)), steps)
    assert (found.files[0].width, found.files[0].height) == (34, 34)
    assert list(json.loads(found.files[1].data)["frames"]) == ["picture-1", "picture-2", "picture-3"]


def test_steps_before_a_sheet_are_done_with_each_and_those_behind_with_the_sheet() -> None:
    steps = [
        step("resize", dimensions="8x8"),
        step("sprite_sheet", columns=2),
        step("convert", formats=["webp"]),
        step("validate", checks=["is_power_of_two"]),
    ]
    (found,) = process_all(frames((40, 20), (8, 8)), steps)
    assert [file.suffix for file in found.files] == ["webp", "json"]
    assert json.loads(found.files[1].data)["meta"]["image"] == "picture.webp"
    assert [(check.code, check.passed) for check in found.checks] == [("is_power_of_two", True)]
