"""What a model has no parameter for, said in the prompt. Pure."""

from collections.abc import Container, Mapping, Sequence
from typing import Final

from generation.request import GenerationRequest, InputAsset, InputRole

_ROLES: Final[Mapping[InputRole, str]] = {
    "background": "is the background",
    "character": "shows a character",
    "style": "gives the style",
    "base": "is the picture to change",
    "first": "is the first frame",
    "last": "is the last frame",
    "reference": "is a reference",
}
_FAINT, _STRONG = 0.4, 0.75


def worded(request: GenerationRequest, pictures: Sequence[InputAsset], *, apart: Container[str] = ()) -> str:
    """The prompt; then which picture is what (where there are several), how free the change is, what to avoid.

    `apart`: fields of the request that the model has parameters for, and that need no words.
    """
    parts = [request.prompt.strip()]
    if len(pictures) > 1:
        parts.append(" ".join(_named(number, item) for number, item in enumerate(pictures, 1)))
    if request.strength is not None and pictures and "strength" not in apart:
        parts.append(_freedom(request.strength))
    if request.negative_prompt and "negative_prompt" not in apart:
        parts.append(f"Avoid: {request.negative_prompt.strip()}")
    return "\n\n".join(part for part in parts if part)


def _named(number: int, item: InputAsset) -> str:
    label = f": {item.label.strip()}" if item.label.strip() else ""
    return f"Image {number} {_ROLES.get(item.role, 'is a reference')}{label}."


def _freedom(strength: float) -> str:
    if strength < _FAINT:
        return "Stay close to the picture: change little."
    return "Change the picture freely." if strength > _STRONG else "Keep what the picture is made of."
