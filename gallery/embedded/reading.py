"""From the bytes of a file to how it was made: texts, the tools asked in turn, secrets hidden. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from gallery.embedded import a1111, comfy, fooocus, invokeai, novelai
from gallery.embedded.facts import NOTHING, Embedded, GenerationFacts, Lora, UnreadableError
from gallery.embedded.redaction import may_name_secrets, named_secrets, redacted
from gallery.embedded.sidecar import read_sidecar
from gallery.embedded.texts import read_texts
from gallery.embedded.values import parse_json
from ontology.escaping import visible

MAX_RAW: Final = 16_384
"""So many characters of what was found are kept for one picture; the file itself keeps the rest."""
MAX_PROMPT: Final = 65_536
_MAX_NAME: Final = 1_000
_SLACK: Final = 4_096  # a key that the cut would tear apart must still be known as one

_READERS: Final[tuple[Callable[[Mapping[str, str]], GenerationFacts | None], ...]] = (
    invokeai.read,
    novelai.read,
    fooocus.read,
    comfy.read,
    a1111.read,
)


def read_embedded(data: bytes) -> Embedded:
    """What the bytes of a picture say of how it was made."""
    found = read_texts(data)
    return read_facts(found.texts, tuple(found.troubles)) if found.texts or found.troubles else NOTHING


def read_facts(texts: Mapping[str, str], troubles: tuple[str, ...] = (), *, place: str = "") -> Embedded:
    """The surest reading of these texts; of two as sure the first in the order of the tools.

    `place`: where they stood, if not where such texts stand.
    """
    best: GenerationFacts | None = None
    for reader in _READERS:
        try:
            facts = reader(texts)
        except UnreadableError as error:
            troubles += (str(error),)
            continue
        except RecursionError:
            troubles += ("what it says of its making is nested too deeply",)
            continue
        if facts is not None and facts.says_something() and (best is None or facts.certainty > best.certainty):
            best = facts
    if best is None:
        return Embedded(None, troubles) if troubles else NOTHING
    kept = _kept(best, texts)
    return Embedded(replace(kept, source=f"{place}:{kept.source}") if place else kept, troubles)


def with_sidecar(embedded: Embedded, sidecar: bytes | None) -> Embedded:
    """The same with what a sidecar says instead, if it says anything; None where there is no sidecar."""
    if sidecar is None:
        return embedded
    try:
        facts = read_sidecar(sidecar)
    except UnreadableError as error:
        return replace(embedded, troubles=(*embedded.troubles, str(error)))
    if facts is None:
        return embedded
    return replace(embedded, facts=_kept(facts, {}))


def without_secrets(facts: GenerationFacts) -> GenerationFacts:
    """Facts that were written down elsewhere, with keys and passwords hidden; all else is as it was."""
    secrets = {secret for written in facts.raw.values() for secret in _secrets(written)}
    cleaned = _cleaned(facts, lambda value, _: redacted(value, secrets))
    raw = {redacted(name, secrets): redacted(written, secrets) for name, written in facts.raw.items()}
    return replace(cleaned, source=redacted(facts.source, secrets), raw=raw)


def _kept(facts: GenerationFacts, texts: Mapping[str, str]) -> GenerationFacts:
    """The facts as they may be stored: without secrets, nothing overlong, with what they were read from."""
    secrets = {secret for written in texts.values() for secret in _secrets(written)}
    cleaned = _cleaned(facts, lambda value, limit: redacted(value[: limit + _SLACK], secrets)[:limit])
    return replace(cleaned, raw=_raw(facts.source, texts, secrets))


def _cleaned(facts: GenerationFacts, cleaned: Callable[[str, int], str]) -> GenerationFacts:
    """The facts with each text as this makes it, given how many characters of it may be kept."""

    def clean(value: str | None, limit: int = _MAX_NAME) -> str | None:
        return None if value is None else cleaned(value, limit)

    return replace(
        facts,
        reason=clean(facts.reason) or "",
        prompt=clean(facts.prompt, MAX_PROMPT),
        negative_prompt=clean(facts.negative_prompt, MAX_PROMPT),
        model=clean(facts.model),
        sampler=clean(facts.sampler),
        tool=clean(facts.tool) or "",
        loras=tuple(Lora(clean(lora.name) or "", lora.weight) for lora in facts.loras),
    )


def _secrets(written: str) -> set[str]:
    """Those named in a text that is JSON, or has JSON behind a label."""
    if not may_name_secrets(written):
        return set()
    start = written.find("{")
    return named_secrets(parse_json(written[start:])) if 0 <= start <= 40 else set()  # noqa: PLR2004  # a label is short


def _raw(source: str, texts: Mapping[str, str], secrets: set[str]) -> dict[str, str]:
    """The text the facts came from, then what else fits; a graph makes its drawing superfluous."""
    order = sorted(texts, key=lambda name: (name != source, not re.match("parameters|Description|Comment", name)))
    raw: dict[str, str] = {}
    left = MAX_RAW
    for name in order:
        if left <= 0 or (name == "workflow" and source == "prompt"):
            continue
        written = texts[name]
        clean = redacted(written[: left + _SLACK], secrets)
        cut = clean[:left]
        more = len(written[left + _SLACK :]) + len(clean) - len(cut)
        left -= len(cut)
        raw[visible(name, limit=80)] = cut if more <= 0 else f"{cut}… ({more} more characters)"
    return raw
