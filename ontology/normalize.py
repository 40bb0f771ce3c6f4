"""The one place where raw text becomes a tag.

How text is cleaned stands in `ontology.cleaning`, which `ontology.suggest` needs too; callers import it from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ontology.cleaning import clean
from ontology.diagnostics import Diagnostic, Severity
from ontology.errors import TagError
from ontology.escaping import escaped, visible
from ontology.tags import (
    MAX_TAG_LENGTH,
    MAX_TAGS,
    forbidden_in_free_word,
    is_segment,
    split_tag,
    unseen_characters,
)
from ontology.terms import PLAYER, Ontology

__all__ = ["SIMILAR", "CheckedTags", "Policy", "canonical", "check_tags", "clean", "normalize_tags"]

Policy = Literal["open", "warn", "strict"]
"""What happens to a word that resembles a known term: nothing, a notice, or an error."""

SIMILAR = 0.85
"""From this similarity on (0-1) an unknown word is held to be a known one misspelt (contract: tags)."""

_SHOWN_CHARACTERS = 60
# So much text is no tag, and is refused by its length before it is cleaned.
_MAX_RAW_LENGTH = 4000


@dataclass(frozen=True, slots=True)
class CheckedTags:
    """`tags`: canonical, unique, in order of first mention, the valid ones only. `diagnostics`: in text order."""

    tags: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Why texts were left out."""
        return tuple(found for found in self.diagnostics if found.severity == "error")

    @property
    def notices(self) -> tuple[Diagnostic, ...]:
        """Warnings and notices: about tags that were taken."""
        return tuple(found for found in self.diagnostics if found.severity != "error")


def canonical(text: str, ontology: Ontology | None = None) -> str:
    """The cleaned text, or the id that it stands for: aliases and `replaced_by` are followed. Nothing is checked."""
    cleaned = clean(text)
    return cleaned if ontology is None else ontology.canonical(cleaned)


def check_tags(
    texts: Iterable[str], ontology: Ontology, *, policy: Policy = "warn", limit: int = MAX_TAGS
) -> CheckedTags:
    """Turn texts into tags and say what is wrong with those that cannot be; never raises for what a text holds.

    Rules: contract, tags. Reading stops at the first text beyond `limit` distinct ones, so endless input ends.
    """
    taken: dict[str, None] = {}
    seen: set[object] = set()
    diagnostics: list[Diagnostic] = []
    for text in texts:
        key = _identity(text, ontology)
        if key in seen:
            continue
        if len(seen) >= limit:
            diagnostics.append(_too_many(limit))
            break
        seen.add(key)
        findings = _findings(text, ontology, policy)
        diagnostics += findings
        if isinstance(key, str) and all(found.severity != "error" for found in findings):
            taken[key] = None
    return CheckedTags(tuple(taken), tuple(diagnostics))


def normalize_tags(texts: Iterable[str], ontology: Ontology, *, policy: Policy = "warn") -> tuple[str, ...]:
    """The canonical tags, unique, in order. Raises `TagError` with every error when any text cannot be a tag."""
    checked = check_tags(texts, ontology, policy=policy)
    if checked.errors:
        raise TagError(checked.errors)
    return checked.tags


def _identity(text: object, ontology: Ontology) -> object:
    """What makes two texts the same tag: the canonical id; for what cannot be cleaned, itself as it is shown."""
    if not isinstance(text, str):
        return (type(text), repr(text))
    return canonical(text, ontology) if len(text) <= _MAX_RAW_LENGTH else (str, text)


def _findings(text: object, ontology: Ontology, policy: Policy) -> list[Diagnostic]:
    if not isinstance(text, str):
        shown = visible(repr(text), limit=_SHOWN_CHARACTERS)
        return [Diagnostic("tag_not_text", f"a tag is a text, not {shown}", "write it as `namespace:value`")]
    cleaned = clean(text) if len(text) <= _MAX_RAW_LENGTH else text
    unfit = _unfit(cleaned)
    if unfit:
        return [unfit]
    term = ontology.term(cleaned)
    if term is not None:
        return [_deprecated(term.id)] if term.deprecated else []
    tag = ontology.canonical(cleaned)
    if ":" in tag:
        return _namespaced(tag, ontology, policy)
    return [] if tag == PLAYER else _word_findings(tag, tag, ontology, policy)


def _unfit(cleaned: str) -> Diagnostic | None:
    """Faults that no vocabulary can heal."""
    if not cleaned:
        return Diagnostic("tag_empty", "the tag is empty", "write a word, or `namespace:value`")
    shown = visible(cleaned, limit=_SHOWN_CHARACTERS)
    if len(cleaned) > MAX_TAG_LENGTH:
        message = f"`{shown}` has {len(cleaned)} characters, a tag has at most {MAX_TAG_LENGTH}"
        return Diagnostic("tag_too_long", message, "shorten it, or make several tags of it")
    unseen = unseen_characters(cleaned)
    if unseen:
        named = " ".join(map(escaped, unseen))
        message = f"`{shown}` holds control, invisible or direction-changing characters: {named}"
        return Diagnostic("tag_odd_character", message, "take them out")
    return None


def _namespaced(tag: str, ontology: Ontology, policy: Policy) -> list[Diagnostic]:
    namespace, values = split_tag(tag)
    if namespace is None or not is_segment(namespace) or "" in values:
        message = f"`{tag}` is not of the form `namespace:value`"
        return [Diagnostic("tag_bad_segment", message, _with_nearest(_SEGMENT_RULE, tag, ontology), id=tag)]
    known = ontology.namespaces.get(namespace)
    if known is None:
        hint = f"declare it: add `{namespace}: {{closed: false}}` under `namespaces:` in an ontology file"
        message = f"the namespace `{namespace}` of `{tag}` is not declared"
        return [Diagnostic("undeclared_namespace", message, _with_nearest(hint, tag, ontology), id=tag)]
    if not known.closed:
        return _word_findings(tag, "".join(values), ontology, policy)
    if not all(map(is_segment, values)):
        message = f"`{tag}` cannot be a term of the closed namespace `{namespace}`"
        return [Diagnostic("tag_bad_segment", message, _with_nearest(_SEGMENT_RULE, tag, ontology), id=tag)]
    hint = f"declare it: add `{tag}: {{label: …}}` under `terms:` in an ontology file"
    message = f"`{tag}` is not a term of the closed namespace `{namespace}`"
    return [Diagnostic("unknown_term", message, _with_nearest(hint, tag, ontology), id=tag)]


_SEGMENT_RULE = "each part between colons is of a-z, 0-9 and _, with single hyphens inside"


def _word_findings(tag: str, word: str, ontology: Ontology, policy: Policy) -> list[Diagnostic]:
    """A free word, or a value in an open namespace: its characters, then what it resembles."""
    forbidden = dict.fromkeys(forbidden_in_free_word(word))
    if forbidden:
        message = f"`{tag}` holds {' '.join(forbidden)}"
        hint = "letters, digits and _ - . ( ) ' ! + & may stand in a free word"
        return [Diagnostic("tag_bad_segment", message, hint, id=tag)]
    if policy == "open":
        return []
    # Loaded here: rapidfuzz is not worth its import for callers that only clean, such as the resolver's plain path.
    from ontology.suggest import similar  # noqa: PLC0415  # see above

    near = similar(tag, ontology, at_least=SIMILAR)
    if near is None:
        return []
    message = f"`{tag}` is new, and close to `{near.id}`"
    severity: Severity = "error" if policy == "strict" else "notice"
    return [Diagnostic("similar_to_known", message, f"did you mean {near.id}?", severity, id=tag)]


def _with_nearest(hint: str, tag: str, ontology: Ontology) -> str:
    from ontology.suggest import did_you_mean  # noqa: PLC0415  # as above: rapidfuzz is loaded when it is needed

    near = did_you_mean(tag, ontology, limit=1)
    return f"did you mean {near[0].id}? Otherwise {hint}" if near else hint


def _deprecated(tag: str) -> Diagnostic:
    message = f"`{tag}` is deprecated and has no replacement"
    return Diagnostic("deprecated_term", message, "choose another term", "warning", id=tag)


def _too_many(limit: int) -> Diagnostic:
    return Diagnostic("too_many_tags", f"more than {limit} tags", f"an asset has at most {limit}: take some away")
