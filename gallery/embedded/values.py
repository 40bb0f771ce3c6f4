"""Foreign values made ours: JSON and numbers as generators write them, wrong types and sizes told apart. Pure."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from gallery.embedded.facts import Lora

LARGEST: Final = 2**31 - 1
"""The largest steps, width or height that is believed."""
_LONGEST_INTEGER: Final = 300
_LONGEST_SEED: Final = 80
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_SIZE = re.compile(r"\(?\s*(\d{1,6})\s*[x×,]\s*(\d{1,6})\s*\)?")


def parse_json(text: str) -> Any:
    """The JSON value, or None for what is none: malformed, or nested too deeply."""
    try:
        return json.loads(text, parse_int=_integer)
    except (ValueError, RecursionError):
        return None


def _integer(digits: str) -> int | str:
    """Python refuses integers of thousands of digits; nobody needs one as a number."""
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits


def mapping(value: Any) -> Mapping[str, Any]:
    """The mapping, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def json_mapping(text: str | None) -> Mapping[str, Any]:
    """The JSON object of a text, or an empty one."""
    return mapping(parse_json(text)) if text and text.lstrip()[:1] == "{" else {}


def text(value: Any) -> str | None:
    """A text that says something, storable: NUL and lone surrogates, which databases refuse, become U+FFFD."""
    if not isinstance(value, str) or not value.strip():
        return None
    return storable(value.strip())


def storable(value: str) -> str:
    """The text without NUL and lone surrogates."""
    return _UNSTORABLE.sub("\ufffd", value)


def whole(value: Any) -> int | None:
    """A count or a length in pixels: at least 0, not beyond `LARGEST`; from a number or its digits."""
    number = real(value)
    return int(number) if number is not None and 0 <= number <= LARGEST and number == int(number) else None


def real(value: Any) -> float | None:
    """A finite number, from a number or a text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def seed(value: Any) -> str | None:
    """A seed as text, digits as they stand; None for what is no integer (A1111 also writes `-1` for "any")."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = str(value).strip() if isinstance(value, int | str) else ""
    return written if re.fullmatch(r"-?[0-9]+", written) and len(written) <= _LONGEST_SEED else None


def size(value: Any) -> tuple[int | None, int | None]:
    """Width and height of `512x768` or `(512, 768)`; None twice for anything else."""
    if isinstance(value, list | tuple) and len(value) == 2:  # noqa: PLR2004  # width and height
        return whole(value[0]), whole(value[1])
    found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    return (int(found[1]), int(found[2])) if found else (None, None)


def unique_loras(found: Iterable[Lora]) -> tuple[Lora, ...]:
    """Each name once, the first that stands with a weight before one without."""
    by_name: dict[str, Lora] = {}
    for lora in found:
        if lora.name not in by_name or by_name[lora.name].weight is None:
            by_name[lora.name] = lora
    return tuple(by_name.values())
