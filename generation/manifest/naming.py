"""Names of constants: fit for every language, each used once, and the same whenever the manifest is. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from generation.manifest.listing import Listed

_WORD_BREAK: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UNFIT: Final = re.compile(r"[^A-Za-z0-9]+")
_GROUPS: Final = {"images": "Image", "audio": "Audio", "videos": "Video", "video": "Video", "fonts": "Font"}
_SINGULAR: Final = re.compile(r"(?<=[a-rt-z])s$")


def constant_name(key: str) -> str:
    """`particleWhite` → `PARTICLE_WHITE`, `sfxJump1A` → `SFX_JUMP1_A`; never empty, never led by a digit.

    Marks are taken off letters; letters of other scripts are told by number, since no language folds them alike.
    """
    broken = _WORD_BREAK.sub("_", _without_marks(key))
    spelled = "".join(char if char.isascii() else f"_U{ord(char):04X}_" if char.isalnum() else "_" for char in broken)
    words = _UNFIT.sub("_", spelled).strip("_").upper()
    if not words:
        words = "_".join(f"U{ord(char):04X}" for char in key) or "UNNAMED"
    return f"_{words}" if words[0].isdigit() else words


def _without_marks(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def group_name(section: str) -> str:
    """The first part of a section as the beginning of a name: `images` → `Image`, `sprite_sheets` → `SpriteSheet`."""
    if section in _GROUPS:
        return _GROUPS[section]
    name = "".join(word.capitalize() for word in constant_name(section).split("_") if word)
    name = _SINGULAR.sub("", name) or name
    return f"G{name}" if name[0].isdigit() else name


def unique_names(entries: Sequence[Listed]) -> tuple[str, ...]:
    """A name for each entry of one group, in their order.

    The first of a name has it; a later one is led by the parts of its section, and numbered where that is taken too.
    """
    plain = [constant_name(entry.key) for entry in entries]
    first = {name: number for number, name in reversed(list(enumerate(plain)))}
    taken = set(first)
    names = []
    for number, (entry, name) in enumerate(zip(entries, plain, strict=True)):
        given = name
        if first[name] != number:
            inner = "_".join(entry.section[1:])
            given = numbered(constant_name(f"{inner}_{entry.key}") if inner else name, taken)
            taken.add(given)
        names.append(given)
    return tuple(names)


def numbered(name: str, taken: set[str]) -> str:
    """The name, or the first of `NAME_2`, `NAME_3`, … that is not taken."""
    given, number = name, 1
    while given in taken:
        number += 1
        given = f"{name}_{number}"
    return given
