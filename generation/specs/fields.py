"""Single values of a spec: what may be written, and how it is kept. Each takes what was written, or raises. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from generation.money import text_of, usd
from generation.specs.naming import DEVICES
from ontology.errors import InvalidInputError
from ontology.escaping import is_unseen, visible

VERSION = "1.0"
MOST_PIXELS = 64_000_000
LONGEST_SIDE = 16_384
MOST_CHARACTERS = 120
LONGEST_PATH = 240

_SPEC_ID = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_PROVIDER = re.compile(r"[a-z0-9][a-z0-9._-]*(?::[A-Za-z0-9][A-Za-z0-9._:@-]*(?:/[A-Za-z0-9][A-Za-z0-9._:@-]*)*)?")
_SIZE = re.compile(r"(\d{1,5})\s*[x×*]\s*(\d{1,5})")
_RATIO = re.compile(r"(\d{1,3}):(\d{1,3})")
_SECTION = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_PARAMETER = re.compile(r"[a-z][a-z0-9_]*")
_UNFIT_IN_PATH = re.compile(r'[<>:"|?*\\]')

SECRETS = frozenset(
    {
        *("address", "api_base", "api_key", "api_url", "apikey", "auth", "authorization", "base_url", "baseurl"),
        *("credentials", "endpoint", "env", "environment", "header", "headers", "host", "key", "password", "proxy"),
        *("secret", "token", "uri", "url", "webhook", "callback_url", "webhook_url", "api_key_env", "key_env"),
    }
)
"""Names of fields by which a spec would say where a call goes, or with whose key."""

SECRETS_HINT = "addresses stand in callsheet.toml (`[providers.NAME]`), keys in the environment or a key file"


class FieldFault(ValueError):  # noqa: N818  # told as a finding; the models want a ValueError
    """What is wrong with one value; where it stands is added by the reading."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def shown(value: object) -> str:
    """A value as messages show it."""
    return visible(value if isinstance(value, str) else repr(value), limit=60)


def listed(value: Any) -> Any:
    """One text may stand where a list of texts is wanted."""
    return [value] if isinstance(value, str) else value


def version(value: Any) -> Any:
    """`"1.0"`, however it was quoted."""
    if value in ("1", "1.0") or (value == 1 and not isinstance(value, bool)):
        return VERSION
    raise FieldFault(
        "version_unsupported", f"`{shown(value)}` is not a version of specs", f'write `version: "{VERSION}"`'
    )


def spec_id(value: Any) -> Any:
    """A name that can also be that of a file."""
    fits = isinstance(value, str) and _SPEC_ID.fullmatch(value) and len(value) <= MOST_CHARACTERS
    if isinstance(value, str) and (not fits or value.lower() in DEVICES):
        hint = f"letters, digits and single - _ . between them, at most {MOST_CHARACTERS}, for example sprite-coin"
        raise FieldFault("bad_spec_id", f"`{shown(value)}` cannot be the id of a spec", hint)
    return value


def provider(value: Any) -> Any:
    """`provider`, `provider:model`, or an alias: a name, never an address."""
    if not isinstance(value, str):
        return value
    name = value.strip()
    if "://" in name or name.startswith("//"):
        raise FieldFault(
            "provider_address", f"`{shown(value)}` is an address, not the name of a provider", SECRETS_HINT
        )
    if not _PROVIDER.fullmatch(name) or len(name) > MOST_CHARACTERS:
        hint = "write provider, provider:model or an alias, for example openai:gpt-image-2"
        raise FieldFault("bad_provider", f"`{shown(value)}` cannot be the name of a provider", hint)
    return name


def amount(value: Any) -> Any:
    """US dollars, kept as a text that is exact."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise FieldFault("invalid_amount", f"`{shown(value)}` is no amount of US dollars", "write 0.50")
    try:
        return text_of(usd(value))
    except InvalidInputError as error:
        raise FieldFault("invalid_amount", f"`{shown(value)}` is no amount of US dollars", error.hint or "") from None


def size(value: Any) -> Any:
    """Width and height in pixels as `"1024x1024"`; `auto` is what is left out."""
    if isinstance(value, list) and len(value) == 2 and all(type(side) is int for side in value):  # noqa: PLR2004  # two sides
        value = f"{value[0]}x{value[1]}"
    text = value.strip().lower() if isinstance(value, str) else ""
    if text == "auto":
        return None
    found = _SIZE.fullmatch(text)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS):
        hint = (
            f"write 1024x1024; a side has at most {LONGEST_SIDE} pixels, a picture {MOST_PIXELS // 1_000_000} million"
        )
        raise FieldFault("bad_size", f"`{shown(value)}` is not a size in pixels", hint)
    return f"{width}x{height}"


def ratio(value: Any) -> Any:
    """Two whole numbers as `"16:9"`."""
    if isinstance(value, str):
        found = _RATIO.fullmatch(value.strip())
        if found is None or not int(found[1]) or not int(found[2]):
            raise FieldFault("bad_ratio", f"`{shown(value)}` is not a ratio of width to height", 'write "16:9"')
        return value.strip()
    return value


def section(value: Any) -> Any:
    """A dotted place in the manifest."""
    if isinstance(value, str) and not (_SECTION.fullmatch(value) and len(value) <= MOST_CHARACTERS):
        hint = "names with dots between them, for example images or audio.sfx.jump"
        raise FieldFault("bad_manifest_section", f"`{shown(value)}` cannot be a section of the manifest", hint)
    return value


def manifest_key(value: Any) -> Any:
    """What the picture is called in the manifest."""
    if isinstance(value, str) and not (_KEY.fullmatch(value) and len(value) <= MOST_CHARACTERS):
        hint = "letters, digits and _ . - may stand in it, for example particleWhite"
        raise FieldFault("bad_manifest_key", f"`{shown(value)}` cannot be a key of the manifest", hint)
    return value


def manifest_path(value: Any) -> Any:
    """A path below `assets/`, with `/`; never out of it, never absolute, and one that every system can hold."""
    if not isinstance(value, str):
        return value
    path = value.strip()
    hint = "a path below the project's assets/, for example images/particles/white.png"
    parts = path.removeprefix("assets/").split("/")
    if ".." in parts or path.startswith(("/", "~", "\\")) or re.match(r"[A-Za-z]:", path) or "..\\" in path:
        raise FieldFault("path_outside", f"`{shown(value)}` leads out of the assets", hint)
    if any(map(_is_unfit_name, parts)) or len(path) > LONGEST_PATH:
        raise FieldFault("bad_manifest_path", f"`{shown(value)}` cannot be a path that every system can hold", hint)
    return "/".join(parts)


def _is_unfit_name(name: str) -> bool:
    return (
        name.strip(". ") == ""
        or name.startswith(".")
        or name != name.strip()
        or name.endswith(".")
        or _UNFIT_IN_PATH.search(name) is not None
        or any(map(is_unseen, name))
        or name.partition(".")[0].lower() in DEVICES
    )


def asset_input(value: Any) -> Any:
    """An id alone is an asset; of `asset`, `query` and `resolve` there is one."""
    if isinstance(value, str):
        return {"asset": value}
    if isinstance(value, Mapping):
        said = [name for name in ("asset", "query", "resolve") if name in value]
        if len(said) != 1:
            what = f"has {' and '.join(said)}" if said else "names no asset"
            hint = "write one of asset: ID, query: TEXT, resolve: {hero_id: …}"
            raise FieldFault("bad_input", f"an input {what}", hint)
    return value


def extra(value: Any) -> Any:
    """What goes to a provider as it is; where a call goes, and with whose key, is not among it."""
    for name in _names_within(value):
        if name.lower().replace("-", "_") in SECRETS:
            raise FieldFault("not_in_a_spec", f"`{shown(name)}` may not stand in a spec", SECRETS_HINT)
    return value


def _names_within(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [*map(str, value), *(name for inner in value.values() for name in _names_within(inner))]
    return [name for inner in value for name in _names_within(inner)] if isinstance(value, list) else []


def parameter_name(value: Any) -> Any:
    """The name of a template's parameter."""
    if isinstance(value, str) and not _PARAMETER.fullmatch(value):
        hint = "small letters, digits and _, for example jump_type"
        raise FieldFault("bad_parameter", f"`{shown(value)}` cannot be the name of a parameter", hint)
    return value
