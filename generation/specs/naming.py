"""Names made of other names: ids of specs, keys of the manifest, letters of variants. Pure."""

import re
import unicodedata
from collections.abc import Container
from hashlib import sha256

_WORD = re.compile(r"[A-Za-z0-9]+")
LONGEST = 80
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))})
"""Names that no file may have on Windows, whatever its suffix."""


def words(text: str) -> list[str]:
    """The ASCII words of a text, accents taken off; `sprite_coin` → `["sprite", "coin"]`."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return _WORD.findall(plain)


def slug(text: str) -> str:
    """A text as the id of a spec: `sprite_coin` → `sprite-coin`. What has no ASCII letter becomes a name of its own."""
    found = "-".join(word.lower() for word in words(text))[:LONGEST].strip("-")
    if found in DEVICES:
        return f"spec-{found}"
    return found or f"spec-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def camel(text: str) -> str:
    """A text as a key of the manifest: `alex hero` → `alexHero`. Inner capitals stay as they are."""
    found = words(text) or [slug(text)]
    joined = found[0][:1].lower() + found[0][1:] + "".join(word[:1].upper() + word[1:] for word in found[1:])
    return joined[:LONGEST]


def free(name: str, taken: Container[str]) -> str:
    """The name, or with the first number from 2 on that is not taken."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def letter(number: int) -> str:
    """1 → A, 26 → Z, 27 → AA, as columns of a sheet are named. From 1 on."""
    found = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
