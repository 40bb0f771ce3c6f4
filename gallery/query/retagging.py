"""The tags in the text of a query, and another one in the place of one, with everything else as it was written."""

from collections.abc import Iterator

from gallery.query.syntax import unquoted, word_tokens
from ontology.errors import InvalidInputError
from ontology.normalize import clean


def tags_in(text: str) -> list[str]:
    """The tags that a query names, cleaned, in order. Fields with their values stand among them as they are."""
    return [tag for _, _, tag in _tags(text)]


def retagged(text: str, old: str, new: str) -> str:
    """The query with one tag in the place of another, both cleaned.

    Raises `InvalidInputError` when the new one cannot be written in a query.
    """
    pieces: list[str] = []
    done = 0
    for start, end, tag in _tags(text):
        if tag == old:
            pieces += [text[done:start], new]
            done = end
    after = "".join([*pieces, text[done:]])
    if tags_in(after) != [new if tag == old else tag for tag in tags_in(text)]:
        raise InvalidInputError(f"`{new}` cannot be written in the query `{text}`", hint="choose another id")
    return after


def _tags(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a word stands, without the sign `=` of an exact one, and what it says."""
    for token in word_tokens(text):
        if token.startswith(("@", ".")):  # another search, a field
            continue
        start = token.start_pos or 0
        is_exact = token.startswith("=")
        head, inside, _ = unquoted(token[is_exact:])
        yield start + is_exact, start + len(token), clean(head + inside)
