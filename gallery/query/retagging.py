"""The tags in the text of a query, and another one in the place of one, with everything else as it was written."""

import re
from collections.abc import Iterator

from ontology.errors import InvalidInputError
from ontology.normalize import clean

# The words of `gallery.query.parsing`, in one pass: quoted text is passed over unless it belongs to a word.
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_WORD = rf'[^\s"()\-][^\s"()]*(?:\([^\s"()]*\)[^\s"()]*)*(?:(?<=[:=<>]){_QUOTED})?'
_PIECES = re.compile(rf"(?P<quoted>{_QUOTED})|(?P<word>{_WORD})|.", re.DOTALL)
_JOINING = frozenset({"and", "or", "not"})


def tags_in(text: str) -> list[str]:
    """The tags that a query names, cleaned; fields and names of other searches stand among them as they are."""
    return [tag for _, _, tag in _words(text)]


def retagged(text: str, old: str, new: str) -> str:
    """The query with one tag in the place of another, both cleaned.

    Raises `InvalidInputError` when the new one cannot be written in a query.
    """
    pieces: list[str] = []
    done = 0
    for start, end, tag in _words(text):
        if tag == old:
            pieces += [text[done:start], new]
            done = end
    after = "".join([*pieces, text[done:]])
    if tags_in(after) != [new if tag == old else tag for tag in tags_in(text)]:
        raise InvalidInputError(f"`{new}` cannot be written in a query", hint="choose another name")
    return after


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a word stands, without the sign `=` of an exact one, and what it says."""
    for found in _PIECES.finditer(text):
        word = found["word"]
        if word is None or word.lower() in _JOINING:
            continue
        is_exact = word.startswith("=")
        yield found.start() + is_exact, found.end(), clean(word[is_exact:].replace('"', ""))
