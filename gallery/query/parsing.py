"""From the text of a query to its tree.

`role:bg -npc:* loc:dungeon "old gate"`: all terms must hold; `-` or `not` turns one round; `or` and parentheses group;
`ns:*` is any tag of a namespace; words in quotes stand in the path of a file. `loc:dungeon` finds narrower terms too.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError

from gallery.folding import folded
from gallery.query.tree import All, AnyOf, Either, Everything, Family, Node, Not, Words
from ontology.errors import InvalidInputError
from ontology.escaping import visible
from ontology.normalize import canonical
from ontology.tags import is_free_word
from ontology.terms import Ontology

MAX_LENGTH = 2000
MAX_TERMS = 64
MAX_DEPTH = 20

_GRAMMAR = r"""
?start: alternatives?
?alternatives: terms (_OR terms)*
?terms: term (_AND? term)*
?term: NEGATION+ positive -> negated
     | positive
?positive: "(" alternatives ")"
     | WORD -> tag
     | QUOTED -> words

NEGATION.3: /-|not(?=[\s("-]|$)/i
_AND.3: /and(?=[\s("-]|$)/i
_OR.3: /or(?=[\s("-]|$)/i
QUOTED: /"[^"]*"/
WORD.1: /[^\s"()\-][^\s"()]*(\([^\s"()]*\)[^\s"()]*)*/
%ignore /\s+/
"""


def parse(text: str, ontology: Ontology) -> Node:
    """The tree of a query; an empty text means everything.

    Raises `InvalidInputError` (code `query`) whose message shows the place with a caret.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidInputError(f"a query has at most {MAX_LENGTH} characters", hint="make it shorter", code="query")
    _check_depth(text)
    unheard = next((place for place, char in enumerate(text) if char == "\0" or "\ud800" <= char <= "\udfff"), None)
    if unheard is not None:  # the database would cut the text there, or not take it at all
        raise _at(text, unheard, f"`{visible(text[unheard])}` can stand in no tag and in no path", _TAG_HINT)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _misread(text, error) from error
    try:
        return _Meaning(text, ontology).transform(tree)
    except VisitError as error:
        raise error.orig_exc from None  # ours, which lark wraps


@lru_cache(maxsize=1)
def _parser() -> Lark:
    # The basic lexer: `or` is the same word wherever it stands. No placeholders: an empty query has no children.
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", maybe_placeholders=False)


class _Meaning(Transformer[Token, Node]):
    """Gives each piece its meaning, bottom up."""

    def __init__(self, text: str, ontology: Ontology) -> None:
        super().__init__(visit_tokens=False)
        self._text = text
        self._ontology = ontology
        self._terms = 0

    def start(self, _: Sequence[Node]) -> Node:
        """An empty query: any other is inlined."""
        return Everything()

    def alternatives(self, nodes: Sequence[Node]) -> Node:
        """One of them holds."""
        return Either(tuple(nodes))

    def terms(self, nodes: Sequence[Node]) -> Node:
        """All of them hold."""
        return All(tuple(nodes))

    def negated(self, children: Sequence[Any]) -> Node:
        """It does not hold; said twice, it does. The signs come as a flat list: text may hold hundreds."""
        *signs, node = children
        return Not(node) if len(signs) % 2 else node

    def words(self, tokens: Sequence[Token]) -> Node:
        """Quoted text."""
        self._count(tokens[0])
        found = tuple(folded(str(tokens[0])[1:-1]).split())
        return Words(found) if found else Everything()

    def tag(self, tokens: Sequence[Token]) -> Node:
        """A tag, or `ns:*`."""
        token = tokens[0]
        self._count(token)
        family = str(token).removesuffix(":*")
        if family != str(token):
            return self._family(token, family)
        tag = canonical(str(token), self._ontology)
        if not _could_be_tag(tag):
            raise _at(self._text, token.start_pos or 0, f"`{visible(token)}` is not a tag", _TAG_HINT)
        ontology = self._ontology
        forms = {form for wanted in (tag, *ontology.narrower(tag)) for form in ontology.stored_forms(wanted)}
        return AnyOf(frozenset(forms | {tag}))

    def _family(self, token: Token, family: str) -> Node:
        prefix = canonical(family)
        if not _could_be_tag(prefix):
            raise _at(self._text, token.start_pos or 0, f"`{visible(token)}` is not a namespace and `:*`", _TAG_HINT)
        inside = f"{prefix}:"
        renamed = self._ontology.renamed.items()
        also = {form for form, tag in renamed if tag.startswith(inside) and not form.startswith(inside)}
        but = {form for form, tag in renamed if form.startswith(inside) and not tag.startswith(inside)}
        return Family(prefix, frozenset(also), frozenset(but))

    def _count(self, token: Token) -> None:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise _at(self._text, token.start_pos or 0, f"more than {MAX_TERMS} terms", "search for less at once")


_TAG_HINT = 'write `namespace:value`, `namespace:*`, a word, or put words of the path into "quotes"'


def _could_be_tag(tag: str) -> bool:
    """Whether an asset may hold this text as a tag. Unknown terms are fine: vocabularies change, stored tags stay."""
    return all(map(is_free_word, tag.split(":")))


def _check_depth(text: str) -> None:
    depth = 0
    quoted = False
    for position, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "()":
            depth += 1 if char == "(" else -1
            if depth > MAX_DEPTH:
                raise _at(text, position, f"parentheses nest deeper than {MAX_DEPTH}", "write it flatter")


def _misread(text: str, error: UnexpectedInput) -> InvalidInputError:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return _at(text, len(text), "the query ends too early", "something must follow here")
    place: int = getattr(error, "pos_in_stream", None) or 0  # lark declares it as always None
    if text[place : place + 1] == '"':
        return _at(text, place, "this quote is not closed", 'close it with another "')
    piece = str(error.token) if isinstance(error, UnexpectedToken) else text[place : place + 1]
    return _at(text, place, f"`{visible(piece)}` cannot stand here", _TAG_HINT)


def _at(text: str, position: int, message: str, hint: str) -> InvalidInputError:
    """The error with the line of the query and a caret below the place."""
    line = "".join(char if char.isprintable() else " " for char in text)
    return InvalidInputError(f"{message}\n  {line}\n  {' ' * position}^", hint=hint, code="query")
