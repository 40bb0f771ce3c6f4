"""What this machine draws in place of the real thing: the same bytes for the same request, and it says what it is."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from gallery_builders import NOON, picture_bytes
from PIL import Image

from generation.errors import InvalidRequestError
from generation.processing import opening
from generation.providers import local_lettering, local_pictures
from generation.providers.base import CallContext
from generation.providers.local import LocalProvider
from generation.request import GenerationRequest, InputAsset

LEND = CallContext("call-1", NOON + timedelta(minutes=5), lambda: NOON, lambda: False)
TEXT = GenerationRequest("text_to_image", "placeholder", "a coin", size=(160, 120))


def made(request):
    return LocalProvider().submit(request, LEND).result


def picture(request, number=0):
    return Image.open(io.BytesIO(made(request).outputs[number].data))


def drawing(colour, role, layer, size=(40, 40), **options):
    return InputAsset(picture_bytes(colour, size=size, **options), "image/png", role, layer=layer)


def test_the_same_request_gives_the_same_bytes_and_another_seed_gives_others():
    assert made(TEXT).outputs[0].data == made(TEXT).outputs[0].data
    seeded = replace(TEXT, seed=7)
    assert made(seeded).outputs[0].data == made(seeded).outputs[0].data
    assert made(seeded).outputs[0].data != made(replace(TEXT, seed=8)).outputs[0].data


def test_it_costs_nothing_and_says_that_it_stands_in():
    result = made(TEXT)
    assert (result.cost.amount, result.stand_in) == (0, True)


def test_variations_differ_and_the_first_of_many_is_that_of_one():
    many = made(replace(TEXT, n=3))
    assert len({output.sha256 for output in many.outputs}) == 3
    assert many.outputs[0].data == made(TEXT).outputs[0].data


@pytest.mark.parametrize(("wanted", "kind"), [("png", "PNG"), ("webp", "WEBP"), ("jpeg", "JPEG"), (None, "PNG")])
def test_size_and_format_are_as_asked(wanted, kind):
    found = picture(replace(TEXT, format=wanted, size=(33, 70)))
    assert (found.format, found.size) == (kind, (33, 70))


def test_a_transparent_background_is_transparent():
    found = picture(replace(TEXT, background="transparent", format="jpeg"))
    assert found.mode == "RGBA"
    assert found.getpixel((0, 0))[3] == 0


def test_a_fusion_is_a_collage_by_layer_backdrop_behind_figures_in_front():
    inputs = (
        drawing("red", "character", 1, size=(20, 40)),
        drawing("blue", "background", 0, size=(120, 80)),
        drawing("lime", "character", 2, size=(20, 40)),
    )
    found = picture(GenerationRequest("fusion", "placeholder", "a duel", inputs=inputs)).convert("RGB")
    assert found.size == (120, 80)
    assert found.getpixel((60, 5)) == (0, 0, 255)
    assert found.getpixel((30, 60)) == (255, 0, 0)
    assert found.getpixel((90, 60)) == (0, 255, 0)


def test_strength_blends_from_the_input_to_something_new():
    base = (drawing("blue", "base", 0),)
    ask = lambda strength: picture(  # noqa: E731
        GenerationRequest("image_to_image", "placeholder", "x", inputs=base, strength=strength, seed=3)
    ).convert("RGB")
    assert ask(0.0).getpixel((5, 5)) == (0, 0, 255)
    near, far = ask(0.2).getpixel((5, 5)), ask(0.9).getpixel((5, 5))
    assert abs(255 - near[2]) < abs(255 - far[2])


def test_a_mask_keeps_what_is_opaque_and_changes_what_is_not():
    mask = Image.new("RGBA", (40, 40), (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (0, 0, 20, 40))
    buffer = io.BytesIO()
    mask.save(buffer, "PNG")
    inputs = (drawing("blue", "base", 0), InputAsset(buffer.getvalue(), "image/png", "mask", layer=1))
    found = picture(GenerationRequest("inpaint", "placeholder", "x", inputs=inputs, seed=3)).convert("RGB")
    assert found.getpixel((30, 10)) == (0, 0, 255)
    assert found.getpixel((5, 10)) != (0, 0, 255)


def test_a_transition_is_an_animation_that_fades_from_the_first_to_the_last():
    inputs = (drawing("blue", "first", 0), drawing("red", "last", 1))
    found = picture(GenerationRequest("video_transition", "placeholder", "dusk", inputs=inputs, duration=1.0))
    assert (found.format, found.is_animated) == ("WEBP", True)
    found.seek(0)
    first = found.convert("RGB").getpixel((5, 5))
    found.seek(found.n_frames - 1)
    last = found.convert("RGB").getpixel((5, 5))
    assert first[2] > 200 > last[2]
    assert last[0] > 200 > first[0]


def test_a_moving_picture_is_made_of_one():
    found = picture(GenerationRequest("image_to_video", "placeholder", "pan", inputs=(drawing("blue", "base", 0),)))
    assert found.n_frames > 1 or found.format == "WEBP"


def test_letters_of_every_alphabet_are_drawn_with_and_without_dejavu(monkeypatch):
    request = replace(TEXT, prompt="Älex föllt — Пещера 洞窟 \x1b[31m", size=(400, 300))
    with_dejavu = made(request).outputs[0].data
    monkeypatch.setattr(local_lettering, "_PLACES", ())
    local_lettering.dejavu.cache_clear()
    local_lettering.font.cache_clear()
    try:
        assert made(request).outputs[0].data
        if with_dejavu != made(request).outputs[0].data:
            assert local_lettering.drawable("é") == "e"
    finally:
        local_lettering.dejavu.cache_clear()
        local_lettering.font.cache_clear()


@pytest.mark.parametrize(
    "request_",
    [
        replace(TEXT, operation="music"),
        replace(TEXT, size=(5000, 10)),
        GenerationRequest("fusion", "placeholder", "x"),
        GenerationRequest("image_to_image", "placeholder", "x", inputs=(InputAsset(b"no picture", "image/png"),)),
    ],
)
def test_what_cannot_be_drawn_is_an_error_that_was_not_charged(request_):
    with pytest.raises(InvalidRequestError) as caught:
        made(request_)
    assert caught.value.charged == "no"


def grey_of_16_bits():
    content = io.BytesIO()
    Image.new("I;16", (8, 8), 0x8000).save(content, "PNG")
    return content.getvalue()


def on_its_side():
    content, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (8, 4), "red").save(content, "JPEG", exif=exif)
    return content.getvalue()


@pytest.mark.parametrize(
    ("data", "size", "colour"),
    [(grey_of_16_bits(), (8, 8), 128), (on_its_side(), (4, 8), 254)],
    ids=["16-bits", "on-its-side"],
)
def test_an_input_is_drawn_as_it_is_seen(data, size, colour):
    """Upright, and with the greys of sixteen bits, as everywhere else where pictures are opened."""
    opened = local_pictures.opened(InputAsset(data, "image/png"))
    assert (opened.mode, opened.size) == ("RGBA", size)
    assert abs(opened.getpixel((1, 1))[0] - colour) < 3


def test_an_input_beyond_what_the_gallery_takes_is_named(monkeypatch):
    monkeypatch.setattr(opening, "MAX_PIXELS", 10)
    with pytest.raises(InvalidRequestError, match=r"input a cat cannot be drawn: more than") as caught:
        local_pictures.opened(InputAsset(grey_of_16_bits(), "image/png", label="a cat"))
    assert caught.value.field == "inputs"
