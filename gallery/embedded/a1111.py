"""A1111 and what writes as it does (Forge, SD.Next, Fooocus in its `a1111` scheme, many ComfyUI nodes). Pure.

The text is the prompt, then `Negative prompt: …`, then one line of settings, `Steps: 20, Sampler: Euler a, …`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from gallery.embedded.facts import GenerationFacts, Lora
from gallery.embedded.values import real, seed, size, text, unique_loras, whole

PLACES: Final = (
    "parameters",
    "exif:UserComment",
    "exif:ImageDescription",
    "exif:XPComment",
    "xmp:UserComment",
    "xmp:description",
    "comment",
    "Comment",
)
"""Where the text may stand, the usual place first."""
_NEGATIVE: Final = "Negative prompt:"
_FEWEST: Final = 3
_FIRST: Final = ("Steps", "Seed", "Sampler", "Size", "Model", "CFG scale", "CFG Scale", "Version")
_SETTING = re.compile(r"\s*([A-Za-z][\w /()+.-]{0,60}?)\s*:\s*(.*)", re.DOTALL)
_LORA = re.compile(r"<(?:lora|lyco):([^:<>]+)(?::([^:<>]*))?[^<>]*>")
_FLAT = re.compile(r"\bSteps: ?\d+\s*,")
_TYPED: Final[Mapping[str, Callable[[str], object]]] = {
    "Steps": whole,
    "Seed": seed,
    "CFG scale": real,
    "CFG Scale": real,
    "Size": lambda written: size(written)[0],
}
"""Settings whose values can be nonsense, and what reads them: None for that."""
_JSON = re.compile(r'\s*(\{\s*["}]|\[\s*[\[{"\]])')
"""How a graph begins. A prompt may begin with a bracket as well: `[red:blue:0.5] dress`, `{red|blue} dress`."""
_QUOTE, _ESCAPE = '"', "\\"


def read(texts: Mapping[str, str]) -> GenerationFacts | None:
    """The facts from the first place that holds such a text."""
    for place in PLACES:
        written = texts.get(place, "")
        if written and not _JSON.match(written):
            found = read_infotext(written, place)
            if found is not None:
                return found
    return None


def read_infotext(written: str, source: str) -> GenerationFacts | None:
    """The facts of one text; None where it is not of this kind. A lone prompt counts in `parameters` alone."""
    lines = written.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number in range(len(lines) - 1, -1, -1):
        settings = _settings_of(lines[number])
        if settings is not None:
            return _facts(lines[:number], settings, source, 1.0, "the tool wrote it down")
    flat = _FLAT.search(written)
    if flat is not None:  # somebody took the line breaks out
        settings = dict(split_settings(written[flat.start() :].replace("\n", " ")))
        is_rich = len(settings.keys() & set(_FIRST)) >= _FEWEST  # no prose has several of them by chance
        lines = re.sub(rf"\s*{_NEGATIVE}", f"\n{_NEGATIVE}", written[: flat.start()], count=1).split("\n")
        return _facts(lines, settings, source, 0.95 if is_rich else 0.8, "the text has lost its lines")
    if source == "parameters":
        return _facts(lines, {}, source, 0.5, "there are no settings, so it may be any text")
    return None


def _settings_of(line: str) -> dict[str, str] | None:
    """The settings of a line; None for a line of prose."""
    if "Steps:" not in line and "Seed:" not in line:
        return None
    settings = dict(split_settings(line))
    begins_so = next(iter(settings), "") in _FIRST and line.lstrip().startswith(_FIRST)
    return settings if begins_so and len(settings) >= _FEWEST else None


def split_settings(line: str) -> Iterator[tuple[str, str]]:
    """`(name, value)` of each setting; a value may be quoted, or JSON, and then hold commas."""
    for item in _split(line):
        found = _SETTING.fullmatch(item)
        if found is not None:
            value = found[2].strip()
            if value.startswith(_QUOTE) and value.endswith(_QUOTE) and len(value) > 1:
                value = value[1:-1].replace('\\"', _QUOTE)
            yield found[1], value


def _split(line: str) -> Iterator[str]:
    """The pieces between commas that stand neither in quotes nor in brackets."""
    start, depth, quoted, escaped = 0, 0, False, False
    for position, char in enumerate(line):
        if escaped or char == _ESCAPE:
            escaped = not escaped
        elif char == _QUOTE:
            quoted = not quoted
        elif not quoted and char in "{[":
            depth += 1
        elif not quoted and char in "}]":
            depth = max(0, depth - 1)
        elif char == "," and not quoted and not depth:
            yield line[start:position]
            start = position + 1
    yield line[start:]


def _facts(
    lines: list[str], settings: Mapping[str, str], source: str, certainty: float, reason: str
) -> GenerationFacts | None:
    begin = next((number for number, line in enumerate(lines) if line.lstrip().startswith(_NEGATIVE)), len(lines))
    prompt = text("\n".join(lines[:begin]))
    negative = text("\n".join(lines[begin:]).lstrip().removeprefix(_NEGATIVE))
    width, height = size(settings.get("Size"))
    if prompt is None and negative is None and not settings:
        return None
    given = [name for name in _TYPED if name in settings]
    nonsense = [name for name in given if _TYPED[name](settings[name]) is None]
    if nonsense:  # somebody's own text that looks like settings, or a tool that writes them otherwise
        certainty *= 1 - len(nonsense) / len(given) / 2
        reason = f"what stands behind {', '.join(nonsense)} cannot be meant so"
    return GenerationFacts(
        tool=_tool(settings),
        source=source,
        certainty=certainty,
        reason=reason,
        prompt=prompt,
        negative_prompt=negative,
        model=text(settings.get("Model")),
        seed=seed(settings.get("Seed")),
        steps=whole(settings.get("Steps")),
        cfg=_cfg(settings),
        sampler=text(settings.get("Sampler")),
        width=width,
        height=height,
        loras=_loras(prompt or "", settings),
    )


def _tool(settings: Mapping[str, str]) -> str:
    """By the version: Forge counts `f2.0.1…` or says `neo`, Fooocus and ComfyUI nodes write their name."""
    version = settings.get("Version", "")
    if "SD.Next" in settings.get("App", "") or "SD.Next" in version:
        return "SD.Next"
    for name in ("Fooocus", "ComfyUI"):
        if version.startswith(name):
            return name
    return "Forge" if re.match(r"f\d|neo", version) else "A1111"


def _cfg(settings: Mapping[str, str]) -> float | None:
    """Guidance. Distilled models (Flux) run at 1 and have another one of their own, which is then what was set."""
    plain = next((real(settings[name]) for name in ("CFG scale", "CFG Scale") if name in settings), None)
    distilled = real(settings.get("Distilled CFG Scale"))
    return distilled if distilled is not None and plain in {None, 1.0} else plain


def _loras(prompt: str, settings: Mapping[str, str]) -> tuple[Lora, ...]:
    """Those called in the prompt (`<lora:name:0.8>`), then those the settings name."""
    found = [Lora(name.strip(), real(weight)) for name, weight in _LORA.findall(prompt)]
    weights = dict(split_settings_of_loras(settings.get("Lora weights", "")))
    for name, _ in split_settings_of_loras(settings.get("Lora hashes", "")):
        if name not in {lora.name for lora in found}:
            found.append(Lora(name, real(weights.get(name))))
    return unique_loras(found)


def split_settings_of_loras(value: str) -> Iterator[tuple[str, str]]:
    """`(name, hash or weight)` of `one: abc, two: def`; a name may be anything but a comma."""
    for item in value.split(","):
        name, colon, said = item.rpartition(":")
        if colon and name.strip():
            yield name.strip(), said.strip()
