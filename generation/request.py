"""What is asked of a provider, without any vendor's words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from typing import Any, Literal

Operation = Literal[
    "text_to_image",
    "image_to_image",
    "fusion",
    "inpaint",
    "image_to_video",
    "video_transition",
    "text_to_speech",
    "sound_effect",
    "music",
]
InputRole = Literal["background", "character", "style", "base", "mask", "first", "last", "reference"]


@dataclass(frozen=True, slots=True)
class InputAsset:
    """One picture or sound that goes into a call.

    `data` are its bytes (they are read before anything is reserved: what cannot be read must not cost money);
    `label` is how the prompt calls it, `layer` its place from back to front, `asset_id` whose it is.
    """

    data: bytes = field(repr=False)
    media_type: str
    role: InputRole = "reference"
    label: str = ""
    layer: int = 0
    asset_id: str | None = None

    @property
    def sha256(self) -> str:
        """The hash of the bytes, in hexadecimal."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One call. None means: the provider's default.

    `size` is in pixels, `duration` in seconds, `strength` from 0 (keep the input) to 1 (ignore it); `extra` goes to the
    named provider as it is; `model` is a model's own id, no alias.
    """

    operation: Operation
    model: str
    prompt: str
    negative_prompt: str | None = None
    inputs: Sequence[InputAsset] = ()
    size: tuple[int, int] | None = None
    aspect_ratio: str | None = None
    quality: str | None = None
    format: str | None = None
    background: Literal["transparent", "opaque", "auto"] | None = None
    strength: float | None = None
    seed: int | None = None
    n: int = 1
    duration: float | None = None
    loop: bool = False
    voice: str | None = None
    speed: float | None = None
    language: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """What is asked, with the hashes of the inputs in place of their bytes; None and defaults left out."""
        values: dict[str, Any] = {
            "operation": self.operation,
            "model": self.model,
            "prompt": self.prompt,
            "negative_prompt": self.negative_prompt,
            "inputs": [
                {
                    "sha256": item.sha256,
                    "media_type": item.media_type,
                    "role": item.role,
                    "label": item.label,
                    "layer": item.layer,
                    "asset_id": item.asset_id,
                }
                for item in self.inputs
            ],
            "size": None if self.size is None else list(self.size),
            "aspect_ratio": self.aspect_ratio,
            "quality": self.quality,
            "format": self.format,
            "background": self.background,
            "strength": self.strength,
            "seed": self.seed,
            "n": self.n,
            "duration": self.duration,
            "loop": self.loop or None,
            "voice": self.voice,
            "speed": self.speed,
            "language": self.language,
            "extra": dict(self.extra) or None,
        }
        return {key: value for key, value in values.items() if value is not None and value != []}


def fingerprint(provider: str, request: GenerationRequest) -> str:
    """The same for two calls that ask one provider for the same thing: 64 hexadecimal digits.

    Whose asset an input is does not count, its bytes do. Two calls with one fingerprint are paid for once.
    """
    asked = request.to_json()
    for item in asked.get("inputs", ()):
        del item["asset_id"]
    canonical = dumps([provider, asked], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
