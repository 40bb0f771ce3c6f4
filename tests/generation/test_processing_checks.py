"""Checks, scores, what is said before anything is spent, and that nothing that was paid for is lost."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from processing_pictures import coin, file_of, plain, step

from generation.processing.actions import ACTIONS, CHECKS
from generation.processing.model import CheckResult, Processed, ProcessedFile, ProcessingContext
from generation.processing.preflight import check_steps
from generation.processing.running import process, process_all
from generation.processing.scoring import overall, palette_match, sharpness
from generation.processing.variations import number_to_keep, rank

CLEAR = (0, 0, 0, 0)


def noise(size):
    return Image.frombytes("RGB", size, random.Random(7).randbytes(size[0] * size[1] * 3))


def checked(image, check, *before, context=None, kind="PNG"):
    found = process(file_of(image, kind), [*before, step("validate", checks=[check])], context=context)
    (result,) = [each for each in found.checks if each.code == (check if isinstance(check, str) else next(iter(check)))]
    return result.passed


@pytest.mark.parametrize(
    ("image", "check", "passed"),
    [
        (coin(ground=CLEAR, mode="RGBA"), "has_alpha", True),
        (coin(mode="RGBA", ground=(0, 255, 0, 255)), "has_alpha", False),
        (coin(), "has_alpha", False),
        (coin(), "no_alpha", True),
        (coin(mode="RGBA", ground=(0, 255, 0, 255)), "no_alpha", True),
        (coin(ground=CLEAR, mode="RGBA"), "no_alpha", False),
        (plain((64, 32)), "is_power_of_two", True),
        (plain((64, 48)), "is_power_of_two", False),
        (plain((160, 90)), {"ratio": "16:9"}, True),
        (plain((160, 100)), {"ratio": "16:9"}, False),
        (coin(), "not_blank", True),
        (plain((32, 32)), "not_blank", False),
        (Image.new("RGBA", (32, 32), CLEAR), "not_blank", False),
        (Image.new("RGB", (1, 1)), "not_blank", False),
        (coin(), {"palette": ["#00ff00", "#dcb428", "#3c2800"]}, True),
        (coin(), {"palette": ["#0000ff"]}, False),
        (coin(), "file_size_under_2mb", True),
        (noise((1000, 1000)), "file_size_under_2mb", False),
        (noise((100, 100)), "file_size_reasonable", True),
        (noise((1700, 1700)), "file_size_reasonable", False),
    ],
)
def test_a_check_says_what_the_picture_is(image, check, passed) -> None:
    assert checked(image, check) is passed


def test_a_file_that_carries_much_besides_its_pixels_is_not_reasonable() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("workflow", "x" * 100_000)
    found = process(file_of(coin(), "PNG", pnginfo=info), [step("validate", checks=["file_size_reasonable"])])
    assert [check.passed for check in found.checks] == [False]


def test_dimensions_are_held_against_the_last_step_that_set_them_else_against_what_was_asked_for() -> None:
    asked = ProcessingContext(size=(64, 64))
    assert not checked(coin(), "dimensions_match", context=asked)
    assert checked(coin(), "dimensions_match", step("resize", dimensions="32x32"), context=asked)
    assert not checked(coin(), "dimensions_match", step("resize", dimensions="32x32", fit="contain"), context=asked)
    assert checked(coin(), "dimensions_match")


def test_checks_of_files_look_at_every_file_that_comes_out() -> None:
    steps = [step("validate", checks=["file_size_under_2mb"]), step("convert", formats=["jpeg", "png"], quality=10)]
    (check,) = process(file_of(noise((1000, 1000))), steps).checks
    assert not check.passed
    assert "png file" in check.detail
    assert "jpg" not in check.detail


def test_a_duplicate_is_known_by_its_bytes_or_its_looks() -> None:
    asked = []

    def duplicate_of(digest, looks):
        asked.append((len(digest), looks))
        return "a0123456789abcdef"

    assert not checked(coin(), "not_duplicate", context=ProcessingContext(duplicate_of=duplicate_of))
    assert checked(coin(), "not_duplicate", context=ProcessingContext(duplicate_of=lambda *_: None))
    assert asked[0][0] == 64
    assert isinstance(asked[0][1], int)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 300),
    st.floats(),
    st.sampled_from(["32x32", "16:9", "png", "center", "auto", "#fff", "over", "a1", "99999x99999"]),
    st.text(max_size=8),
    st.lists(st.sampled_from(["png", "has_alpha", "not_blank", 3, "#123456", {"ratio": "1:1"}, {"format": "mp3"}])),
)
STEPS = st.builds(
    lambda action, options: step(action, **options),
    st.sampled_from([*ACTIONS, "resise"]),
    st.dictionaries(
        st.sampled_from(sorted({name for options in ACTIONS.values() for name in options})), VALUES, max_size=4
    ),
)
PICTURE = file_of(coin((24, 18)))


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(STEPS, max_size=4), data=st.sampled_from([PICTURE, PICTURE[:60], b"", b"RIFF"]) | st.binary())
def test_whatever_is_asked_of_whatever_bytes_there_is_a_file_and_no_error(steps, data) -> None:
    for found in process_all([data, PICTURE], steps):
        assert found.files
        assert all(0 <= score <= 1 for score in found.scores.values())


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(STEPS, min_size=1, max_size=3))
def test_steps_that_are_found_sound_can_be_done(steps) -> None:
    if check_steps(steps) == ():
        for found in process_all([PICTURE], steps, context=ProcessingContext(picture_of=lambda _: PICTURE)):
            assert [check for check in found.checks if check.code in ACTIONS] == []


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(STEPS, min_size=1, max_size=3))
def test_a_step_that_was_found_faulty_is_left_out_and_told(steps) -> None:
    faulty = [each for each in steps if check_steps([each])]
    (*_, found) = process_all([PICTURE], [each for each in faulty if each.action != "sprite_sheet"])
    told = {check.code for check in found.checks if not check.passed}
    assert {each.action for each in faulty if each.action not in {"sprite_sheet", "validate", "composite"}} <= told


def test_bytes_that_are_no_picture_come_out_as_they_are() -> None:
    for data in [b"ID3 not a picture", PICTURE[:50], b""]:
        found = process(data, [step("resize", dimensions="8x8")])
        assert found.files[0].data == data
        assert [(check.code, check.passed) for check in found.checks] == [("readable", False)]


def test_a_picture_with_too_many_pixels_is_not_opened(monkeypatch) -> None:
    monkeypatch.setattr("generation.processing.opening.MAX_PIXELS", 100)
    found = process(PICTURE, [step("resize", dimensions="8x8")])
    assert (found.files[0].data, found.passed) == (PICTURE, False)


def test_an_animation_of_which_one_frame_is_left_is_told() -> None:
    data = file_of(coin(), "GIF", save_all=True, append_images=[plain((64, 48))])
    assert "animation" in [check.code for check in process(data, [step("resize", dimensions="8x8")]).checks]
    assert process(data, [step("validate", checks=["not_blank"])]).files[0].data == data


def test_a_sheet_that_would_be_too_large_leaves_the_pictures_as_they_are(monkeypatch) -> None:
    monkeypatch.setattr("generation.processing.sheets.MOST_PIXELS", 100)
    found = process_all([PICTURE, b"no picture", PICTURE], [step("sprite_sheet")])
    assert [each.sources for each in found] == [(0,), (1,), (2,)]
    assert [each.files[0].data for each in found] == [PICTURE, b"no picture", PICTURE]
    assert not any(each.passed for each in found)


def test_what_is_wrong_with_a_step_is_told_with_its_place_and_the_way_out() -> None:
    (found,) = check_steps([step("resise", dimensions="8x8")])
    assert str(found) == "specs/coin.yaml:9:5: unknown_action: no step is called `resise` (did you mean resize?)"


@pytest.mark.parametrize(
    ("faulty", "code", "hint"),
    [
        (step("resize", dimension="8x8", width=3), "unknown_option", "did you mean dimensions?"),
        (step("resize", dimensions="8x"), "bad_option", "write 512x512"),
        (step("resize", dimensions="20000x20"), "bad_option", "16384"),
        (step("resize", dimensions="16000x16000"), "bad_option", "million"),
        (step("resize"), "missing_option", "dimensions"),
        (step("resize", dimensions="8x8", width=8), "missing_option", "or `width`"),
        (step("resize", width=True), "bad_option", "write 1"),
        (step("resize", width=8, method="lanzcos"), "bad_option", "did you mean lanczos?"),
        (step("resize", width=8, fit="cover", pad=True), "bad_option", "leave one out"),
        (step("crop"), "missing_option", "ratio"),
        (step("crop", ratio="16:0"), "bad_option", "16:9"),
        (step("composite", asset="a1", query="x"), "missing_option", "asset"),
        (step("composite", asset="a1", opacity=2), "bad_option", "write 1 or less"),
        (step("composite", asset="a1", scale=float("nan")), "bad_option", "write"),
        (step("composite", asset="a1", blend="multipli"), "bad_option", "did you mean multiply?"),
        (step("convert"), "missing_option", "formats"),
        (step("convert", formats=["png", "webb"]), "bad_option", "did you mean webp?"),
        (step("convert", formats=[]), "bad_option", "at least one"),
        (step("background_to_alpha", color="#12"), "bad_option", "ff00aa"),
        (step("sprite_sheet", columns=0), "bad_option", "write 1"),
        (step("validate", checks=["has_alfa"]), "unknown_check", "did you mean has_alpha?"),
        (step("validate", checks=[{"ratio": "wide"}]), "wrong_type", "- ratio: "),
        (step("validate", checks=[{"palette": ["#xyz"]}]), "wrong_type", "ff00aa"),
        (step("normalize", peak="-1 dB"), "step_unfit", "leave it out"),
        (step("convert", formats=["png"], bitrate="192k"), "step_unfit", "leave it out"),
        (step("convert", formats=["mp3"]), "step_unfit", "png, jpeg"),
        (step("validate", checks=[{"format": "mp3"}]), "step_unfit", "leave it out"),
    ],
)
def test_a_step_that_cannot_be_done_is_found_before_anything_is_spent(faulty, code, hint) -> None:
    found = check_steps([faulty])[0]
    assert (found.code, found.severity) == (code, "error")
    assert hint in (found.hint or "")


@pytest.mark.parametrize("options", [{"formats": ["png"], "bitrate": "192k"}, {"formats": ["mp3"]}])
def test_what_is_for_sounds_alone_is_not_done_to_a_picture(options) -> None:
    found = process(PICTURE, [step("convert", **options)])
    assert (found.files[0].data, [check.code for check in found.checks]) == (PICTURE, ["convert"])


def test_a_composite_without_a_picture_is_found_before_anything_is_spent() -> None:
    steps = [step("composite", asset="a1")]
    assert [found.code for found in check_steps(steps, has_picture=lambda _: False)] == ["not_found"]
    assert check_steps(steps, has_picture=lambda _: True) == ()


def test_steps_of_sounds_are_left_to_sounds() -> None:
    assert check_steps([step("normalize", peak="-1.0 dB")], asset_type="audio") == ()
    assert [found.code for found in check_steps([step("trim")], asset_type="audio")] == ["step_unfit"]


def test_the_steps_of_the_documented_example_are_sound() -> None:
    steps = [
        step("resize", dimensions="32x32", method="lanczos"),
        step("validate", checks=["has_alpha", "dimensions_match", "file_size_reasonable"]),
        step("convert", formats=["png", "webp"]),
    ]
    assert check_steps(steps) == ()
    found = process(file_of(coin((512, 512), CLEAR, "RGBA")), steps)
    assert found.passed
    assert [(file.width, file.suffix) for file in found.files] == [(32, "png"), (32, "webp")]


def test_every_check_of_a_picture_can_be_done() -> None:
    given_values = {"ratio": "4:3", "palette": ["#fff"]}
    for name, read in CHECKS.items():
        if read is None or name in given_values:
            wanted = name if read is None else {name: given_values[name]}
            found = process(PICTURE, [step("validate", checks=[wanted])])
            assert [check.code for check in found.checks] == [name]


def test_a_blurred_picture_is_less_sharp_and_one_colour_is_not_sharp_at_all() -> None:
    from PIL import ImageFilter

    sharp = coin((256, 256))
    blurred = sharp.filter(ImageFilter.GaussianBlur(6))
    assert 1 > sharpness(sharp) > sharpness(blurred) > sharpness(plain((256, 256))) == 0


def test_a_picture_of_the_palette_matches_it_wholly_and_what_is_clear_does_not_count() -> None:
    red = (200, 40, 40, 255)
    assert palette_match(plain((8, 8)), [red]) == 1
    half = Image.new("RGBA", (8, 8), (0, 0, 255, 0))
    half.paste(red, (0, 0, 8, 4))
    assert palette_match(half, [red]) == 1
    assert palette_match(plain((8, 8)), [(0, 255, 255, 255)]) == 0


def variation(**scores):
    return Processed((ProcessedFile(b"", "image/png", 1, 1, "png"),), (CheckResult("x", passed=True),), scores)


def test_the_best_variation_comes_first_and_n_are_kept() -> None:
    ranking = rank([variation(checks=0.5), variation(checks=1.0), variation(checks=1.0), variation()], keep=2)
    assert (ranking.best, ranking.order, ranking.kept) == (1, (1, 2, 0, 3), (1, 2))
    assert rank([]).best is None


def test_passed_checks_count_more_than_a_sharp_picture() -> None:
    dull = overall({"checks": 1.0, "sharpness": 0.2})
    sharp = overall({"checks": 0.5, "sharpness": 1.0})
    assert dull is not None
    assert sharp is not None
    assert dull > sharp
    assert overall({}) is None


def test_how_many_are_kept_is_told_by_the_step() -> None:
    assert number_to_keep([step("select", keep=2)]) == 2
    assert number_to_keep([step("select")]) == 1
    assert number_to_keep([step("select", keep=0), step("trim")]) is None
