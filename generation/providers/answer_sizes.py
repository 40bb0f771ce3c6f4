"""How large an answer may be: what was asked for has room in it, what has no end is given up. Pure.

A paid answer that is cut for its size is money lost, so the room is for the worst that can come: samples and pixels as
they are, as base64.
"""

from typing import Final

from generation.request import GenerationRequest, Operation

USUAL: Final = 64 * 1024 * 1024
"""Bytes that any answer may have."""
LARGEST: Final = 512 * 1024 * 1024

_PIXEL_BYTES: Final = 4
_USUAL_PIXELS: Final = 2048 * 2048
"""Of a picture whose size nobody chose."""
_SECOND_BYTES: Final = 48_000 * 4
_USUAL_SECONDS: Final[dict[Operation, float]] = {"music": 600.0, "sound_effect": 30.0}
_CHARACTERS_A_SECOND: Final = 8
"""Slow speech."""


def largest_answer(request: GenerationRequest) -> int:
    """Bytes of the largest answer to a request, from `USUAL` to `LARGEST`."""
    whole = _sound(request) if request.operation in {"text_to_speech", "sound_effect", "music"} else _pictures(request)
    return round(min(max(whole * 4 / 3, USUAL), LARGEST))


def _pictures(request: GenerationRequest) -> float:
    pixels = _USUAL_PIXELS if request.size is None else request.size[0] * request.size[1]
    return float(request.n * pixels * _PIXEL_BYTES)


def _sound(request: GenerationRequest) -> float:
    spoken = len(request.prompt) / _CHARACTERS_A_SECOND
    seconds = request.duration or _USUAL_SECONDS.get(request.operation, spoken)
    return request.n * seconds * _SECOND_BYTES
