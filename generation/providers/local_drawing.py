"""What the local provider draws: placeholders, collages, blends, cross-fades; each by its request and a seed."""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw

from generation.providers.local_lettering import drawable, font, wrapped
from generation.providers.local_pictures import opened
from generation.request import GenerationRequest, InputAsset

Size = tuple[int, int]

DEFAULT_STRENGTH: Final = 0.6
FRAMES_OF_A_PICTURE: Final = 12
FRAMES_OF_A_STEP: Final = 8
_BLUR_SIDE: Final = 16
_FIGURE_HEIGHT: Final = 0.72
_OVERLAP: Final = 0.08
_BACKDROPS: Final = frozenset({"background", "base"})
_STAND_IN: Final = "STAND-IN"


def placeholder(request: GenerationRequest, seed: int, size: Size) -> Image.Image:
    """A gradient with the prompt, the operation and the seed on it; on nothing at all where that was asked for."""
    chance = random.Random(seed)  # noqa: S311  # a picture, no secret
    if request.background == "transparent":
        image = Image.new("RGBA", size, (0, 0, 0, 0))
        _disc(image, chance)
    else:
        image = _gradient(size, _colour(chance), _colour(chance), turned=chance.random() < 0.5)  # noqa: PLR2004  # a coin
    _label(image, request.prompt, f"{request.operation} {size[0]}x{size[1]} seed {seed}")
    return image


def collage(request: GenerationRequest, seed: int, size: Size) -> Image.Image:
    """The inputs, one above the other by layer: backdrops fill the picture, all others stand on its lower edge."""
    layers = sorted(request.inputs, key=lambda item: item.layer)
    backdrops = [item for item in layers if item.role in _BACKDROPS]
    figures = [item for item in layers if item.role not in _BACKDROPS and item.role != "mask"]
    chance = random.Random(seed)  # noqa: S311  # see above
    image = _gradient(size, _colour(chance), _colour(chance), turned=False)
    for item in backdrops:
        image.alpha_composite(_covering(opened(item), size))
    for number, item in enumerate(figures):
        _stand(image, opened(item), number, len(figures))
    return image


def blend(request: GenerationRequest, seed: int, size: Size) -> Image.Image:
    """The base picture and something new, by strength: 0 keeps the picture, 1 ignores it."""
    strength = DEFAULT_STRENGTH if request.strength is None else min(max(request.strength, 0.0), 1.0)
    base = _covering(opened(_base_of(request)), size)
    return Image.blend(base, _variation(base, request, seed), strength)


def inpainted(request: GenerationRequest, seed: int, size: Size) -> Image.Image:
    """The base picture, new where the mask is transparent; without a mask as `blend`."""
    mask = next((item for item in request.inputs if item.role == "mask"), None)
    if mask is None:
        return blend(request, seed, size)
    base = _covering(opened(_base_of(request)), size)
    kept = opened(mask).resize(size, Image.Resampling.NEAREST).getchannel("A")
    return Image.composite(base, _variation(base, request, seed), kept)


def cross_fade(request: GenerationRequest, seed: int, size: Size) -> list[Image.Image]:
    """Frames from each picture to the next; of a single one a slow approach."""
    ordered: Sequence[InputAsset] = sorted(request.inputs, key=lambda item: item.layer)
    pictures = [opened(item) for item in ordered if item.role != "mask"]
    if len(pictures) == 1:
        return _approach(_covering(pictures[0], size))
    del seed  # two pictures leave nothing to chance
    shown = [_covering(picture, size) for picture in pictures]
    frames: list[Image.Image] = []
    for before, after in pairwise(shown):
        frames += [Image.blend(before, after, step / FRAMES_OF_A_STEP) for step in range(FRAMES_OF_A_STEP)]
    return [*frames, shown[-1]]


def sign(image: Image.Image) -> Image.Image:
    """The picture with a mark in its lower right corner that says what it is, where there is room for one."""
    letters = max(9, min(image.size) // 40)
    text = font(letters)
    width = int(text.getlength(_STAND_IN)) + letters
    height = letters * 2
    if image.width < width * 2 or image.height < height * 2:
        return image
    mark = Image.new("RGBA", (width, height), (0, 0, 0, 150))
    ImageDraw.Draw(mark).text((letters // 2, letters // 3), _STAND_IN, font=text, fill=(255, 255, 255, 255))
    signed = image.copy()
    signed.alpha_composite(mark, (image.width - width, image.height - height))
    return signed


def _base_of(request: GenerationRequest) -> InputAsset:
    pictures = [item for item in request.inputs if item.role != "mask"] or list(request.inputs)
    return next((item for item in pictures if item.role in _BACKDROPS), pictures[0])


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randint(30, 200), chance.randint(30, 200), chance.randint(30, 200)


def _gradient(size: Size, start: Sequence[int], end: Sequence[int], *, turned: bool) -> Image.Image:
    """From one colour to the other, downwards or (turned) to the right."""
    ramp = Image.linear_gradient("L")
    ramp = (ramp.transpose(Image.Transpose.ROTATE_90) if turned else ramp).resize(size)
    first = Image.new("RGBA", size, (start[0], start[1], start[2], 255))
    last = Image.new("RGBA", size, (end[0], end[1], end[2], 255))
    return Image.composite(last, first, ramp)


def _disc(image: Image.Image, chance: random.Random) -> None:
    width, height = image.size
    side = min(width, height)
    box = ((width - side) // 2, (height - side) // 2, (width + side) // 2 - 1, (height + side) // 2 - 1)
    ImageDraw.Draw(image).ellipse(box, fill=(*_colour(chance), 255))


def _label(image: Image.Image, prompt: str, facts: str) -> None:
    """The prompt in the middle, the facts below it; nothing on a picture that is too small to read."""
    width, height = image.size
    letters = max(11, min(width, height) // 18)
    room = int(width * 0.84)
    if min(width, height) < letters * 5:
        return
    draw = ImageDraw.Draw(image)
    text, small = font(letters), font(max(9, letters // 2))
    lines = wrapped(drawable(" ".join(prompt.split())) or "no prompt", text, room, 5)
    step = int(letters * 1.3)
    top = (height - step * (len(lines) + 1)) // 2
    for number, line in enumerate(lines):
        _centred(draw, line, text, (width, top + number * step))
    _centred(draw, facts, small, (width, top + len(lines) * step + step // 3))


def _centred(draw: ImageDraw.ImageDraw, line: str, letters: object, place: tuple[int, int]) -> None:
    width, top = place
    left = (width - draw.textlength(line, font=letters)) / 2  # type: ignore[arg-type]  # a font of `font`
    draw.text((left + 1, top + 1), line, font=letters, fill=(0, 0, 0, 200))  # type: ignore[arg-type]  # see above
    draw.text((left, top), line, font=letters, fill=(255, 255, 255, 255))  # type: ignore[arg-type]  # see above


def _covering(picture: Image.Image, size: Size) -> Image.Image:
    """The picture scaled to fill the size, its middle kept."""
    scale = max(size[0] / picture.width, size[1] / picture.height)
    wide, high = max(size[0], round(picture.width * scale)), max(size[1], round(picture.height * scale))
    scaled = picture.resize((wide, high), Image.Resampling.LANCZOS)
    left, top = (wide - size[0]) // 2, (high - size[1]) // 2
    return scaled.crop((left, top, left + size[0], top + size[1]))


def _stand(image: Image.Image, figure: Image.Image, number: int, count: int) -> None:
    """Put a figure on the lower edge, side by side with the others."""
    share = image.width / count
    scale = min(image.height * _FIGURE_HEIGHT / figure.height, share * (1 + _OVERLAP) / figure.width)
    wide, high = max(1, round(figure.width * scale)), max(1, round(figure.height * scale))
    left = round(share * (number + 0.5) - wide / 2)
    placed = figure.resize((wide, high), Image.Resampling.LANCZOS)
    room = Image.new("RGBA", image.size, (0, 0, 0, 0))
    room.paste(placed, (left, image.height - high))
    image.alpha_composite(room)


def _variation(base: Image.Image, request: GenerationRequest, seed: int) -> Image.Image:
    """Something new with the light and shade of the base: its blurred masses under other colours, and a label."""
    chance = random.Random(seed)  # noqa: S311  # see above
    masses = base.resize((_BLUR_SIDE, _BLUR_SIDE)).resize(base.size, Image.Resampling.BICUBIC)
    tint = _gradient(base.size, _colour(chance), _colour(chance), turned=False)
    varied = Image.blend(masses, tint, 0.5)
    _label(varied, request.prompt, f"{request.operation} seed {seed}")
    return varied


def _approach(picture: Image.Image) -> list[Image.Image]:
    """Frames that come nearer to the middle."""
    width, height = picture.size
    frames = []
    for step in range(FRAMES_OF_A_PICTURE):
        margin = 0.12 * step / FRAMES_OF_A_PICTURE
        box = (width * margin / 2, height * margin / 2, width * (1 - margin / 2), height * (1 - margin / 2))
        frames.append(picture.resize((width, height), Image.Resampling.BILINEAR, box=box))
    return frames
