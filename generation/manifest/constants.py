"""Constants of a manifest in three languages: `ImageAssets.PARTICLE_WHITE` is `"particleWhite"`. Pure.

Nothing of the manifest stands in the code but as a quoted text; names are made of letters, digits and `_` alone.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from generation.manifest.listing import Listed
from generation.manifest.naming import group_name, numbered, unique_names

Language = Literal["javascript", "typescript", "python"]

FILE_NAMES: Final[Mapping[Language, str]] = {
    "javascript": "assets.js",
    "typescript": "assets.ts",
    "python": "assets.py",
}
_HEAD: Final = "Made from manifest.json by callsheet. Changes to this file will be lost."


@dataclass(frozen=True, slots=True)
class Constant:
    """One constant of a group."""

    name: str
    key: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs to the first part of a section, under a name such as `Image`."""

    name: str
    constants: tuple[Constant, ...]


def groups_of(entries: Sequence[Listed]) -> tuple[Group, ...]:
    """The entries by the first part of their sections, both in the order of the manifest."""
    by_section: dict[str, list[Listed]] = {}
    for entry in entries:
        by_section.setdefault(entry.section[0], []).append(entry)
    groups: list[Group] = []
    for section, members in by_section.items():
        name = numbered(group_name(section), {group.name for group in groups})
        named = zip(unique_names(members), members, strict=True)
        groups.append(Group(name, tuple(Constant(each, entry.key, entry.paths) for each, entry in named)))
    return tuple(groups)


def render(entries: Sequence[Listed], language: Language) -> str:
    """The whole file: the same text for the same entries."""
    groups = groups_of(entries)
    return _RENDERERS[language](groups)


def _quoted(text: str) -> str:
    """A text for JavaScript and TypeScript: ASCII, and harmless inside an HTML page too."""
    return json.dumps(text).replace("<", "\\u003c").replace(">", "\\u003e")


def _javascript(groups: Sequence[Group]) -> str:
    return _ecmascript(groups, typed=False)


def _typescript(groups: Sequence[Group]) -> str:
    return _ecmascript(groups, typed=True)


def _ecmascript(groups: Sequence[Group], *, typed: bool) -> str:
    parts = [f"// {_HEAD}\n"]
    for group in groups:
        keys = [(each.name, _quoted(each.key)) for each in group.constants]
        paths = [(each.name, _quoted_paths(each.paths)) for each in group.constants if each.paths]
        for kind, type_kind, members in (("Assets", "Asset", keys), ("Paths", "Path", paths)):
            lines = "".join(f"  {name}: {value},\n" for name, value in members)
            body = f"{{\n{lines}}}" if lines else "{}"
            name = f"{group.name}{kind}"
            parts.append(f"export const {name} = Object.freeze({body}{' as const' if typed else ''});\n")
            if typed:
                parts.append(f"export type {group.name}{type_kind} = (typeof {name})[keyof typeof {name}];\n")
    return "\n".join(parts)


def _quoted_paths(paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return _quoted(paths[0])
    return f"Object.freeze([{', '.join(map(_quoted, paths))}])"


def _python(groups: Sequence[Group]) -> str:
    parts = [f'"""{_HEAD}"""\n\nfrom typing import Final\n']
    for group in groups:
        keys = [f"    {each.name}: Final = {each.key!a}\n" for each in group.constants]
        paths = [f"    {each.name}: Final = {_python_paths(each.paths)}\n" for each in group.constants if each.paths]
        for kind, lines, what in (("Assets", keys, "Keys"), ("Paths", paths, "Paths")):
            body = f'    """{what} by name."""\n' + ("\n" + "".join(lines) if lines else "")
            parts.append(f"\nclass {group.name}{kind}:\n{body}")
    return "\n".join(parts)


def _python_paths(paths: Sequence[str]) -> str:
    return ascii(paths[0]) if len(paths) == 1 else f"({', '.join(map(ascii, paths))},)"


_RENDERERS: Final[Mapping[Language, Callable[[Sequence[Group]], str]]] = {
    "javascript": _javascript,
    "typescript": _typescript,
    "python": _python,
}
