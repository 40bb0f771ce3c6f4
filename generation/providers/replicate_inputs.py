"""How models on Replicate call what they take: each has names of its own. Those that ship are known. Pure."""

from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from typing import Any, Final

from generation.catalogue.model import Model
from generation.errors import InvalidRequestError
from generation.request import GenerationRequest, InputAsset

NAME: Final = "replicate"

_SINGLE: Final = ("image", "input_image", "init_image", "image_prompt", "prompt_image", "start_image")
_SEVERAL: Final = ("input_images", "image_input", "images", "reference_images", "input_image", "image")
_COUNT: Final = ("num_outputs", "num_images", "number_of_images", "n")
_MASK: Final = ("mask", "mask_image", "inpaint_mask")
_STRENGTH: Final = ("prompt_strength", "strength", "denoising_strength", "denoise")
_PROMPT: Final = ("prompt", "text", "text_prompt")
_SECONDS: Final = ("duration", "seconds", "duration_seconds", "audio_length_in_s")
_VOICE: Final = ("voice", "voice_id", "history_prompt", "speaker")
_FORMAT: Final = ("output_format", "format")
_SPELLED: Final = {"jpeg": "jpg"}
_DECIDED: Final = frozenset(
    {*_COUNT, "width", "height", "resolution", "megapixels", "num_inference_steps", "steps", *_SECONDS}
)
"""What decides the price, and is not to be said as an extra."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a model takes: name → the values it may have, empty for any. `lists`: those that take several."""

    choices: Mapping[str, tuple[str, ...]]
    lists: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] | None = None

    def first(self, names: Iterable[str]) -> str | None:
        """The first of some names that the model has."""
        return next((name for name in names if name in self.choices), None)

    @property
    def picture(self) -> str | None:
        """Where one picture goes."""
        return next((name for name in _SINGLE if name in self.choices and name not in self.lists), None)

    @property
    def pictures(self) -> str | None:
        """Where several go."""
        return next((name for name in _SEVERAL if name in self.lists), None)


def _known(*names: str, lists: Iterable[str] = (), **defaults: Any) -> Parameters:
    return Parameters(dict.fromkeys((*names, *lists), ()), frozenset(lists), frozenset({"prompt"}), defaults)


_FLUX: Final = ("prompt", "aspect_ratio", "seed", "output_format", "output_quality", "num_outputs", "megapixels",
                "num_inference_steps", "go_fast", "disable_safety_checker")  # fmt: skip
SHIPPED: Final[Mapping[str, Parameters]] = {
    "black-forest-labs/flux-schnell": _known(*_FLUX),
    "black-forest-labs/flux-dev": _known(*_FLUX, "image", "prompt_strength", "guidance"),
    "black-forest-labs/flux-1.1-pro": _known(
        *("prompt", "aspect_ratio", "width", "height", "seed", "output_format", "output_quality"),
        *("safety_tolerance", "prompt_upsampling"),
    ),
    "black-forest-labs/flux-kontext-pro": _known(
        "prompt", "input_image", "aspect_ratio", "seed", "output_format", "safety_tolerance", "prompt_upsampling"
    ),
    "black-forest-labs/flux-2-pro": _known(
        *("prompt", "aspect_ratio", "resolution", "width", "height", "seed", "output_format", "output_quality"),
        "safety_tolerance",
        lists=["input_images"],
    ),
    "meta/musicgen": _known(
        *("prompt", "model_version", "duration", "output_format", "seed", "input_audio", "continuation"),
        *("continuation_start", "continuation_end", "normalization_strategy", "temperature", "top_k", "top_p"),
        *("classifier_free_guidance", "multi_band_diffusion"),
    ),
    "suno-ai/bark": _known("prompt", "history_prompt", "text_temp", "waveform_temp"),
    "stability-ai/sdxl": _known(
        *("prompt", "negative_prompt", "image", "mask", "width", "height", "num_outputs", "num_inference_steps"),
        *("guidance_scale", "prompt_strength", "scheduler", "seed", "refine", "high_noise_frac", "refine_steps"),
        *("apply_watermark", "lora_scale", "disable_safety_checker"),
    ),
}
"""Those of the catalogue, as their pages tell them."""

PINNED: Final[Mapping[str, str]] = {
    "meta/musicgen": "671ac645ce5e552cc63a54a2bbff63fcf798043055d2dac5fc9e36a837eedcfb",
    "suno-ai/bark": "b76242b40d67c76ab6742e987628a2a9ac019e11d56ab96c4e91ce03b79b2787",
    "stability-ai/sdxl": "7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc",
}
"""Versions of models that are asked for by one, where the spec names none."""


def split_name(model_id: str) -> tuple[str, str | None]:
    """`owner/name` and the version of `owner/name:version`."""
    name, _, version = model_id.partition(":")
    return name, version or PINNED.get(name)


def parameters_of(schema: object) -> Parameters | None:
    """Of a model's `openapi_schema`; None where it says nothing that can be read."""
    schemas = _inside(schema, "components", "schemas")
    inputs = _inside(schemas, "Input")
    properties = _inside(inputs, "properties")
    if not isinstance(properties, dict):
        return None
    choices = {str(name): _choices(said, schemas) for name, said in properties.items()}
    lists = frozenset(str(name) for name, said in properties.items() if _inside(said, "type") == "array")
    needed = _inside(inputs, "required")
    return Parameters(choices, lists, frozenset(map(str, needed)) if isinstance(needed, list) else frozenset())


def _inside(value: object, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _choices(said: object, schemas: object) -> tuple[str, ...]:
    """The values of an `enum`, which stands in a schema of its own."""
    places = [said, *(_inside(said, "allOf") or ())] if isinstance(_inside(said, "allOf"), list) else [said]
    for place in places:
        reference = _inside(place, "$ref")
        found = _inside(place, "enum")
        if isinstance(reference, str):
            found = _inside(schemas, reference.rpartition("/")[2], "enum")
        if isinstance(found, list):
            return tuple(map(str, found))
    return ()


def input_of(
    model: Model, takes: Parameters, request: GenerationRequest, words: str, links: Mapping[int, str]
) -> dict[str, Any]:
    """The `input` of a prediction. `links`: where the inputs lie, by their place in the request.

    Raises `InvalidRequestError` for what the model has no parameter for.
    """
    body = {name: value for name, value in request.extra.items() if name not in _DECIDED}
    prompt = takes.first(_PROMPT)
    body |= {} if prompt is None else {prompt: words}
    body |= _shape(model, takes, request)
    body |= _pictures(model, takes, request, links)
    count = takes.first(_COUNT)
    if count is not None:
        body[count] = request.n
    plain = {
        "seed": (takes.first(["seed"]), request.seed),
        "negative_prompt": (takes.first(["negative_prompt"]), taken(model, request, "negative_prompt")),
        "strength": (takes.first(_STRENGTH), taken(model, request, "strength")),
        "duration": (takes.first(_SECONDS), None if request.duration is None else ceil(request.duration)),
        "voice": (takes.first(_VOICE), request.voice),
        "format": (takes.first(_FORMAT), request.format),
    }
    for field, (name, value) in plain.items():
        if value is None:
            continue
        if name is None:
            raise _missing(model, field)
        body[name] = _spelled(str(value), takes.choices[name]) if field == "format" else value
    lacking = sorted(takes.needed - set(body))
    if lacking:
        hint = f"give it as `prompt.parameters.extra`: replicate: {{{lacking[0]}: …}}"
        raise InvalidRequestError(
            f"{model.id} needs `{lacking[0]}`", field="extra", hint=hint, provider=NAME, code="unsupported"
        )
    return body


def taken(model: Model, request: GenerationRequest, field: str) -> Any:
    """A field of the request, where the model has a parameter for it: else the prompt says it."""
    return getattr(request, field) if field in model.accepts else None


def _shape(model: Model, takes: Parameters, request: GenerationRequest) -> dict[str, Any]:
    if request.size is not None and {"width", "height"} <= set(takes.choices):
        body: dict[str, Any] = {"width": request.size[0], "height": request.size[1]}
        return body | ({"aspect_ratio": "custom"} if "custom" in takes.choices.get("aspect_ratio", ()) else {})
    if request.aspect_ratio is None:
        return {}
    if "aspect_ratio" not in takes.choices:
        raise _missing(model, "aspect_ratio")
    known = takes.choices["aspect_ratio"]
    if known and request.aspect_ratio not in known:
        message = f"{model.id} makes no {request.aspect_ratio}"
        hint = f"it makes {', '.join(known)}"
        raise InvalidRequestError(message, field="aspect_ratio", hint=hint, provider=NAME, code="unsupported")
    return {"aspect_ratio": request.aspect_ratio}


def _pictures(model: Model, takes: Parameters, request: GenerationRequest, links: Mapping[int, str]) -> dict[str, Any]:
    """One picture in its place, several in theirs, and the mask in its own."""
    body: dict[str, Any] = {}
    pictures = [links[place] for place in placed(request.inputs)]
    masks = [links[place] for place, item in enumerate(request.inputs) if item.role == "mask"]
    if takes.pictures is not None and pictures:
        body[takes.pictures] = pictures
    elif takes.picture is not None and len(pictures) == 1:
        body[takes.picture] = pictures[0]
    elif pictures:
        what = "one picture" if takes.picture is not None else "no picture"
        message = f"{model.id} takes {what}, {len(pictures)} are given"
        raise InvalidRequestError(message, field="inputs", hint="name another model", provider=NAME, code="unsupported")
    mask = takes.first(_MASK)
    if masks and mask is None:
        raise _missing(model, "mask")
    return body | ({mask: masks[0]} if masks and mask is not None else {})


def placed(inputs: Iterable[InputAsset]) -> list[int]:
    """The places of the pictures in the order in which they are sent; masks stand aside."""
    known = [(place, item) for place, item in enumerate(inputs) if item.role != "mask"]
    return [place for place, item in sorted(known, key=lambda each: (each[1].role != "base", each[1].layer))]


def _spelled(value: str, known: tuple[str, ...]) -> str:
    """A format as the model writes it: `jpg` for most."""
    short = _SPELLED.get(value, value)
    return value if known and short not in known else short


def _missing(model: Model, field: str) -> InvalidRequestError:
    hint = f"leave it out, or take `{field}` out of what models.toml says that it accepts"
    message = f"{model.id} has no parameter for {field}"
    return InvalidRequestError(message, field=field, hint=hint, provider=NAME, code="unsupported")


def same_input(asked: Mapping[str, Any], found: object, hash_at: Callable[[str], str | None]) -> bool:
    """Whether a prediction was asked for with this input. A picture may have become an address meanwhile.

    `hash_at`: the SHA-256 of what lies at an address, None where nobody can tell. It is asked last: one prompt may be
    asked for with many pictures, and then they alone tell the calls apart.
    """
    if not isinstance(found, dict) or set(found) != set(asked):
        return False
    places = [(value, found[name]) for name, value in asked.items()]
    return all(_same(*place, None) for place in places) and all(_same(*place, hash_at) for place in places)


def _same(mine: Any, theirs: Any, hash_at: Callable[[str], str | None] | None) -> bool:
    """Whether two values are the same; without `hash_at`, whether they may be."""
    if isinstance(mine, list):
        both = isinstance(theirs, list) and len(mine) == len(theirs)
        return both and all(_same(*pair, hash_at) for pair in zip(mine, theirs, strict=True))
    if not (isinstance(mine, str) and mine.startswith("data:") and isinstance(theirs, str) and theirs[:4] == "http"):
        return bool(mine == theirs)
    return hash_at is None or hash_at(theirs) == sha256(b64decode(mine.partition(",")[2])).hexdigest()
