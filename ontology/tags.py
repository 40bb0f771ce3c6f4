"""The syntax of a tag: what a segment, a free word and a whole tag may hold. Sizes count characters (code points)."""

import re
import unicodedata
from collections.abc import Iterator

from ontology.escaping import is_unseen

MAX_TAG_LENGTH = 120
MAX_TAGS = 256

_SEGMENT = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*")
_PLAIN_FREE_WORD = re.compile(r"[a-z0-9_.()'!+&-]+")
_FREE_PUNCTUATION = frozenset("_-.()'!+&")


def split_tag(tag: str) -> tuple[str | None, tuple[str, ...]]:
    """`(namespace, values)`: `camera:view:pov` → `("camera", ("view", "pov"))`; a bare word → `(None, (word,))`."""
    namespace, *values = tag.split(":")
    return (namespace, tuple(values)) if values else (None, (namespace,))


def local_part(tag: str) -> str:
    """What follows the namespace: `camera:view:pov` → `view:pov`; a word without colon is its own."""
    return tag.partition(":")[2] or tag


def is_segment(text: str) -> bool:
    """Whether the text may stand between the colons of an id: ASCII lower case, digits, `_`, single inner hyphens."""
    return _SEGMENT.fullmatch(text) is not None


def is_free_word(text: str) -> bool:
    """Whether the text may be a free word, or a value in an open namespace. Empty text may not."""
    return text != "" and next(forbidden_in_free_word(text), None) is None


def forbidden_in_free_word(text: str) -> Iterator[str]:
    """The characters that keep the text from being a free word, in order.

    Allowed are Unicode letters, decimal digits and `_ - . ( ) ' ! + &`; combining marks too where they follow a letter,
    for many scripts cannot be written without them.
    """
    if _PLAIN_FREE_WORD.fullmatch(text):
        return
    after_letter = False
    for char in text:
        category = unicodedata.category(char)
        is_mark = category in {"Mn", "Mc"}
        is_letter = category[0] == "L"
        after_letter = is_letter or (is_mark and after_letter)
        if is_unseen(char) or not (after_letter or char.isdecimal() or char in _FREE_PUNCTUATION):
            yield char


def unseen_characters(text: str) -> tuple[str, ...]:
    """The control, invisible and direction-changing characters of the text, each once, in order."""
    if text.isascii() and text.isprintable():
        return ()
    return tuple(dict.fromkeys(char for char in text if is_unseen(char)))


def is_well_formed(tag: str, *, closed: bool) -> bool:
    """Whether a namespaced tag has a proper namespace, at least one value, and a fit length.

    Values are segments in a closed namespace, free words in an open one. A word without colon is not well formed here.
    """
    namespace, values = split_tag(tag)
    fits = is_segment if closed else is_free_word
    return namespace is not None and is_segment(namespace) and len(tag) <= MAX_TAG_LENGTH and all(map(fits, values))
