"""The provider that is always there: pictures drawn by this machine, in place of the real thing. Free.

The same request gives the same bytes: what is not asked for comes from the seed, and that from the prompt. Every
picture says on itself that it is a stand-in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final

from PIL import Image

from generation.errors import InvalidRequestError
from generation.money import ZERO
from generation.providers.base import CallContext, Capability, Done, Health, Submission
from generation.providers.local_drawing import blend, collage, cross_fade, inpainted, placeholder, sign
from generation.providers.local_pictures import encoded, opened
from generation.request import GenerationRequest, Operation, fingerprint
from generation.result import Adjustment, Cost, CostEstimate, GenerationResult, Output

NAME: Final = "local"
MODEL: Final = "placeholder"
DEFAULT_SIZE: Final = (1024, 1024)
LARGEST_SIDE: Final = 4096
MOST_INPUTS: Final = 32
MOST_OUTPUTS: Final = 16
_SEEDS: Final = 2**31

_DRAWN: Final = frozenset({"size", "aspect_ratio", "format", "background", "strength", "seed", "n", "duration"})
_LEAST_INPUTS: Final[Mapping[Operation, int]] = {
    "text_to_image": 0,
    "image_to_image": 1,
    "fusion": 1,
    "inpaint": 1,
    "image_to_video": 1,
    "video_transition": 2,
}
_MOVING: Final = frozenset({"image_to_video", "video_transition"})


class LocalProvider:
    """See `generation.providers.base.Provider`. Needs no key, no network, and never fails for want of either."""

    name = NAME
    stand_in = True

    def capabilities(self) -> Sequence[Capability]:
        """Every operation on pictures."""
        return tuple(
            Capability(
                operation,
                MODEL,
                formats=("webp",) if operation in _MOVING else ("png", "webp", "jpeg"),
                max_inputs=0 if operation == "text_to_image" else MOST_INPUTS,
                max_n=MOST_OUTPUTS,
                accepts=_DRAWN,
            )
            for operation in _LEAST_INPUTS
        )

    def estimate(self, request: GenerationRequest) -> CostEstimate:
        """Nothing."""
        del request
        return CostEstimate(ZERO, ZERO, "drawn by this machine")

    def submit(self, request: GenerationRequest, context: CallContext) -> Submission:
        """Draw it. Raises `InvalidRequestError`."""
        least = _LEAST_INPUTS.get(request.operation)
        if least is None:
            raise InvalidRequestError(
                f"{NAME} cannot do {request.operation}", hint="choose another provider", code="unsupported"
            )
        if len(request.inputs) < least:
            raise InvalidRequestError(
                f"{request.operation} needs {least} pictures, {len(request.inputs)} were given",
                field="inputs",
                hint="add inputs to the spec",
                provider=NAME,
            )
        started = context.now()
        size = _size(request)
        outputs = tuple(self._output(request, number, size) for number in range(request.n))
        return Done(
            GenerationResult(
                outputs=outputs,
                provider=NAME,
                model=MODEL,
                cost=Cost(ZERO, "computed"),
                adjustments=_adjustments(request),
                started=started,
                finished=context.now(),
                raw={"drawn": len(outputs)},
                stand_in=True,
            )
        )

    def _output(self, request: GenerationRequest, number: int, size: tuple[int, int]) -> Output:
        seed = (_seed(request) + number) % _SEEDS
        frames = _FRAMES[request.operation](request, seed, size)
        data, media_type = encoded(frames, _format(request), duration=request.duration)
        width, height = frames[0].size
        return Output(data, media_type, index=number, width=width, height=height, seed=seed)

    def poll(self, remote_id: str, request: GenerationRequest, context: CallContext) -> Submission:
        """Nothing is ever pending: it is drawn anew."""
        del remote_id
        return self.submit(request, context)

    def recover(self, request: GenerationRequest, context: CallContext) -> Submission | None:
        """Nothing can be lost: it is drawn anew, and is the same."""
        return self.submit(request, context)

    def cancel(self, remote_id: str, context: CallContext) -> bool:
        """Nothing is ever pending."""
        del remote_id, context
        return False

    def check(self) -> Health:
        """Always."""
        return Health("ready", "draws stand-ins on this machine")


def _size(request: GenerationRequest) -> tuple[int, int]:
    """The size in pixels: as asked, else by the shape asked for, else that of the base picture."""
    asked = request.size
    if asked is None and request.aspect_ratio is not None:
        across, _, down = request.aspect_ratio.partition(":")
        if across.isdigit() and down.isdigit() and int(across) and int(down):
            scale = DEFAULT_SIZE[0] / max(int(across), int(down))
            asked = (max(1, round(int(across) * scale)), max(1, round(int(down) * scale)))
    if asked is None and request.inputs:
        base = next((item for item in request.inputs if item.role in {"base", "background"}), request.inputs[0])
        asked = opened(base).size
    width, height = asked or DEFAULT_SIZE
    if min(width, height) < 1 or max(width, height) > LARGEST_SIDE:
        raise InvalidRequestError(
            f"{width}x{height} pixels cannot be drawn: a side has 1 to {LARGEST_SIDE}",
            field="size",
            hint="ask for a smaller picture",
            provider=NAME,
        )
    return width, height


def _seed(request: GenerationRequest) -> int:
    if request.seed is not None:
        return request.seed % _SEEDS
    digits = sha256(fingerprint(NAME, replace(request, n=1)).encode()).hexdigest()
    return int(digits[:8], 16) % _SEEDS


def _format(request: GenerationRequest) -> str:
    if request.operation in _MOVING:
        return "webp"
    wanted = (request.format or "png").lower()
    if request.background == "transparent" and wanted in {"jpg", "jpeg"}:
        return "png"
    return {"jpg": "jpeg"}.get(wanted, wanted) if wanted in {"png", "webp", "jpg", "jpeg"} else "png"


def _adjustments(request: GenerationRequest) -> tuple[Adjustment, ...]:
    made, said = _format(request), (request.format or "").lower()
    if said and {"jpg": "jpeg"}.get(said, said) != made:
        reason = "a moving picture is drawn as WebP" if request.operation in _MOVING else "it cannot be drawn so"
        return (Adjustment("format", request.format, made, reason),)
    return ()


def _drawn_text(request: GenerationRequest, seed: int, size: tuple[int, int]) -> list[Image.Image]:
    return [sign(placeholder(request, seed, size))]


def _drawn_fusion(request: GenerationRequest, seed: int, size: tuple[int, int]) -> list[Image.Image]:
    return [sign(collage(request, seed, size))]


def _drawn_blend(request: GenerationRequest, seed: int, size: tuple[int, int]) -> list[Image.Image]:
    return [sign(blend(request, seed, size))]


def _drawn_inpaint(request: GenerationRequest, seed: int, size: tuple[int, int]) -> list[Image.Image]:
    return [sign(inpainted(request, seed, size))]


def _drawn_frames(request: GenerationRequest, seed: int, size: tuple[int, int]) -> list[Image.Image]:
    return [sign(frame) for frame in cross_fade(request, seed, size)]


_FRAMES: Final[Mapping[Operation, Callable[[GenerationRequest, int, tuple[int, int]], list[Image.Image]]]] = {
    "text_to_image": _drawn_text,
    "image_to_image": _drawn_blend,
    "fusion": _drawn_fusion,
    "inpaint": _drawn_inpaint,
    "image_to_video": _drawn_frames,
    "video_transition": _drawn_frames,
}
