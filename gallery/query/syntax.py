"""The grammar of queries, and what is wrong with a text that does not follow it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from gallery.query.faults import at, shown
from gallery.query.fields import NAMES
from ontology.errors import InvalidInputError

MAX_LENGTH = 2000
MAX_DEPTH = 20
HINT = 'write `namespace:value`, `field:value`, a word, or put words of a path, note or prompt into "quotes"'

_GRAMMAR = r"""
?start: alternatives?
?alternatives: terms (_OR terms)*
?terms: term (_AND? term)*
?term: NEGATION+ positive -> negated
     | positive
?positive: "(" alternatives ")"
     | WORD -> word
     | QUOTED -> words

NEGATION.3: /-|not(?=[\s("-]|$)/i
_AND.3: /and(?=[\s("-]|$)/i
_OR.3: /or(?=[\s("-]|$)/i
QUOTED: /"(?:[^"\\]|\\.)*"/s
WORD.1: /[^\s"()\-][^\s"()]*(?:\([^\s"()]*\)[^\s"()]*)*(?:(?<=[:=<>])"(?:[^"\\]|\\.)*")?/s
%ignore /\s+/
"""

_ESCAPED = re.compile(r'\\(["\\])')
_SAVED = re.compile(r"(@|\.?search:)(.*)", re.IGNORECASE | re.DOTALL)
_COLLECTION = re.compile(r"(\.?)collection:(.*)", re.IGNORECASE | re.DOTALL)
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[()]', re.DOTALL)


def syntax_tree(text: str) -> "Tree[Token] | Token":
    """The text taken apart. Raises `InvalidInputError` (code `query`) whose message shows the place with a caret."""
    if len(text) > MAX_LENGTH:
        raise InvalidInputError(f"a query has at most {MAX_LENGTH} characters", hint="make it shorter", code="query")
    _check_depth(text)
    unheard = next((place for place, char in enumerate(text) if char == "\0" or "\ud800" <= char <= "\udfff"), None)
    if unheard is not None:  # the database would cut the text there, or not take it at all
        raise at(text, unheard, f"{shown(text[unheard])} can stand in no tag and in no path", HINT)
    try:
        return _parser().parse(text)
    except UnexpectedInput as error:
        raise _misread(text, error) from error


def words_of(text: str) -> list[str]:
    """The words outside quotes and without the signs of negation; of a text that cannot be read none."""
    return [str(token) for token in word_tokens(text)]


def tag_words(text: str) -> list[str]:
    """The words that may be tags: none that name a field or a saved search."""
    words = (word.lstrip("=") for word in words_of(text) if not word.startswith(("@", ".")))
    return [word for word in words if ":" not in word or word.partition(":")[0].lower() not in NAMES]


def searches_in(text: str) -> frozenset[str]:
    """The names of the saved searches that the text names itself."""
    found = (_SAVED.fullmatch(word) for word in words_of(text))
    return frozenset(read[2] for read in found if read)


def renamed_in(text: str, old: str, new: str) -> str:
    """The text with one saved search named anew."""
    for token in reversed(word_tokens(text)):
        read = _SAVED.fullmatch(token)
        if read and read[2] == old:
            place = token.start_pos or 0
            text = f"{text[:place]}{read[1]}{new}{text[place + len(token) :]}"
    return text


def collections_in(text: str, *, dotted: bool = False) -> list[str]:
    """The names of the collections that the text names itself, in order.

    `dotted`: a namespace is called `collection`, so that only `.collection:` means the field.
    """
    return [name for _, name in _collections(text, dotted=dotted)]


def collection_renamed_in(text: str, old: str, new: str, *, dotted: bool = False) -> str:
    """The text with one collection named anew, in quotes where they were or are needed; `dotted` as above.

    Raises `InvalidInputError` when the new name cannot be written in it.
    """
    after = text
    for token, name in reversed(list(_collections(text, dotted=dotted))):
        if name == old:
            place, field = token.start_pos or 0, token[: token.index(":") + 1]
            bare = f"{field}{new}"
            written = bare if '"' not in token and words_of(bare) == [bare] else f'{field}"{new}"'
            after = f"{after[:place]}{written}{after[place + len(token) :]}"
    wanted = [new if name == old else name for name in collections_in(text, dotted=dotted)]
    if collections_in(after, dotted=dotted) != wanted:
        raise InvalidInputError(f"`{new}` cannot be written in the query `{text}`", hint="choose another name")
    return after


def _collections(text: str, *, dotted: bool) -> Iterator[tuple[Token, str]]:
    for token in word_tokens(text):
        head, inside, _ = unquoted(token)
        read = _COLLECTION.fullmatch(head)
        if read and (read[1] or not dotted):
            yield token, read[2] + inside


def word_tokens(text: str) -> list[Token]:
    """The words outside quotes with their places, in the order of the text; of a text that cannot be read none."""
    try:
        tree = syntax_tree(text)
    except InvalidInputError:
        return []
    tokens = [tree] if isinstance(tree, Token) else tree.scan_values(lambda value: isinstance(value, Token))
    words = [token for token in tokens if token.type == "WORD"]
    return sorted(words, key=lambda token: token.start_pos or 0)


def unquoted(token: str) -> tuple[str, str, bool]:
    """`(before the quote, the text inside it, whether there is one)`, with escapes resolved."""
    head, quote, tail = token.partition('"')
    return head, _ESCAPED.sub(r"\1", tail[:-1]), bool(quote)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    # The basic lexer: `or` is the same word wherever it stands. No placeholders: an empty query has no children.
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", maybe_placeholders=False)


def _check_depth(text: str) -> None:
    depth = 0
    for piece in _PIECE.finditer(text):
        depth += {"(": 1, ")": -1}.get(piece[0], 0)
        if depth > MAX_DEPTH:
            raise at(text, piece.start(), f"parentheses nest deeper than {MAX_DEPTH}", "write it flatter")


def _misread(text: str, error: UnexpectedInput) -> InvalidInputError:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return at(text, len(text), "the query ends too early", "something must follow here")
    place: int = getattr(error, "pos_in_stream", None) or 0  # lark declares it as always None
    if text[place : place + 1] == '"':
        return at(text, place, "this quote is not closed", 'close it with another "')
    piece = str(error.token) if isinstance(error, UnexpectedToken) else text[place : place + 1]
    return at(text, place, f"{shown(piece)} cannot stand here", HINT)
