"""The checks of a picture: what each asks, and what it says. None of them raises."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from PIL import Image, ImageStat

from gallery.likeness.dhash import dhash
from generation.processing.actions import SOUND_CHECKS, Check
from generation.processing.model import CheckResult, DuplicateOf, ProcessedFile
from generation.processing.scoring import palette_match

ON_FILES: Final = frozenset({"file_size_under_2mb", "file_size_reasonable", "not_duplicate"})
"""Checks of the files that come out in the end; all others look at the picture where the step stands."""

_TWO_MEGABYTES: Final = 2 * 1024 * 1024
_REASONABLE: Final = 8 * 1024 * 1024
_BYTES_PER_PIXEL: Final = 3
_ALLOWANCE: Final = 4096
_OPAQUE: Final = 255
_RATIO_TOLERANCE: Final = 0.01
_BLANK_STEPS: Final = 4
_PALETTE_PASS: Final = 0.8


@dataclass(frozen=True, slots=True)
class Looked:
    """What a check of a picture looks at. `size`: what it should have, None where nothing says so."""

    image: Image.Image
    size: tuple[int, int] | None


def check_picture(check: Check, looked: Looked) -> CheckResult:
    """One check of the picture."""
    image = looked.image
    if check.code in SOUND_CHECKS:
        return CheckResult(check.code, passed=False, detail="this is a picture, the check is for sounds")
    return _PICTURE_CHECKS[check.code](check.code, image, looked, check.value)


def _has_alpha(code: str, image: Image.Image, _: Looked, __: Any) -> CheckResult:
    if image.mode != "RGBA":
        return CheckResult(code, passed=False, detail="there is no alpha channel")
    least = image.getchannel("A").getextrema()[0]
    return CheckResult(code, least != _OPAQUE, "" if least != _OPAQUE else "there is alpha, but nothing shines through")


def _no_alpha(code: str, image: Image.Image, looked: Looked, _: Any) -> CheckResult:
    clear = _has_alpha(code, image, looked, None).passed
    return CheckResult(code, not clear, "parts of it are clear" if clear else "")


def _dimensions_match(code: str, image: Image.Image, looked: Looked, _: Any) -> CheckResult:
    shown = f"{image.width}x{image.height}"
    if looked.size is None:
        return CheckResult(code, passed=True, detail=f"{shown}; no size was asked for")
    wanted = f"{looked.size[0]}x{looked.size[1]}"
    return CheckResult(code, image.size == looked.size, f"{shown}, asked for {wanted}")


def _is_power_of_two(code: str, image: Image.Image, _: Looked, __: Any) -> CheckResult:
    passed = all(side & (side - 1) == 0 for side in image.size)
    return CheckResult(code, passed, f"{image.width}x{image.height}")


def _ratio(code: str, image: Image.Image, _: Looked, wanted: float) -> CheckResult:
    ratio = image.width / image.height
    # A pixel more or less is a rounding, whatever the size.
    slack = max(wanted * _RATIO_TOLERANCE, (wanted + 1) / image.height)
    return CheckResult(code, abs(ratio - wanted) <= slack, f"{image.width}x{image.height} is {ratio:.3f} to 1")


def _not_blank(code: str, image: Image.Image, _: Looked, __: Any) -> CheckResult:
    if image.mode == "RGBA":
        least, most = ImageStat.Stat(image.getchannel("A")).extrema[0]
        if most == 0:
            return CheckResult(code, passed=False, detail="all of it is clear")
        if most - least > _BLANK_STEPS:
            return CheckResult(code, passed=True)  # a silhouette is a picture
    spread = max(high - low for low, high in ImageStat.Stat(image.convert("RGB")).extrema)
    return CheckResult(code, spread > _BLANK_STEPS, "" if spread > _BLANK_STEPS else "it is one colour")


def _palette(code: str, image: Image.Image, _: Looked, palette: Any) -> CheckResult:
    match = palette_match(image, palette)
    return CheckResult(code, match >= _PALETTE_PASS, f"{match:.2f}, {_PALETTE_PASS} passes")


_PICTURE_CHECKS: Final = {
    "has_alpha": _has_alpha,
    "no_alpha": _no_alpha,
    "dimensions_match": _dimensions_match,
    "is_power_of_two": _is_power_of_two,
    "ratio": _ratio,
    "not_blank": _not_blank,
    "palette": _palette,
}


def check_files(
    code: str, files: Sequence[ProcessedFile], image: Image.Image | None, duplicate_of: DuplicateOf | None
) -> CheckResult:
    """One check of the files, passed when all pass."""
    if code == "not_duplicate":
        return _not_duplicate(code, files, image, duplicate_of)
    limit = _too_large if code == "file_size_under_2mb" else _unreasonable
    wrong = [said for file in files if (said := limit(file)) is not None]
    return CheckResult(code, not wrong, "; ".join(wrong))


def _too_large(file: ProcessedFile) -> str | None:
    size = len(file.data)
    return None if size < _TWO_MEGABYTES else f"the {file.suffix} file has {size} bytes, {_TWO_MEGABYTES} are too many"


def _unreasonable(file: ProcessedFile) -> str | None:
    """At most 3 bytes for each pixel, some for the rest, and 8 MiB whatever the size."""
    size = len(file.data)
    if file.width is None or file.height is None:
        return None
    most = min(_REASONABLE, file.width * file.height * _BYTES_PER_PIXEL + _ALLOWANCE)
    shown = f"{file.width}x{file.height}"
    return None if size <= most else f"the {file.suffix} file has {size} bytes, {most} are the most for {shown}"


def _not_duplicate(
    code: str, files: Sequence[ProcessedFile], image: Image.Image | None, duplicate_of: DuplicateOf | None
) -> CheckResult:
    if duplicate_of is None:
        return CheckResult(code, passed=True, detail="there is nothing to compare it with")
    looks = None if image is None else dhash(image)
    for file in files:
        found = duplicate_of(sha256(file.data).hexdigest(), looks)
        if found is not None:
            return CheckResult(code, passed=False, detail=f"it is or looks like {found}")
    return CheckResult(code, passed=True)
