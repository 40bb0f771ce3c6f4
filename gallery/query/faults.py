"""What is wrong with a query, and where: every error shows the line and a caret below the place."""

from collections.abc import Iterable
from difflib import get_close_matches

from ontology.errors import InvalidInputError
from ontology.escaping import visible

SHOWN = 60
_AROUND = 200


class ValueFault(Exception):  # noqa: N818  # it never leaves this room: `parsing` turns it into an error with its place
    """A value that its field cannot have. `hint` says which it can."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def shown(text: str) -> str:
    """A piece of the query in a message."""
    return f"`{visible(text, limit=SHOWN)}`"


def at(text: str, position: int, message: str, hint: str) -> InvalidInputError:
    """The error (code `query`) with the line of the query and a caret below the place."""
    start = max(0, position - _AROUND)
    line = "".join(char if char.isprintable() else " " for char in text[start : position + _AROUND])
    return InvalidInputError(f"{message}\n  {line}\n  {' ' * (position - start)}^", hint=hint, code="query")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one, if any is."""
    near = get_close_matches(word[:SHOWN].lower(), list(known), n=1)
    return near[0] if near else None


def one_of(word: str, known: Iterable[str], what: str) -> ValueFault:
    """The fault of a word that is none of the known ones, with a suggestion."""
    listed = sorted(known)
    near = nearest(word, listed)
    hint = f"did you mean {near}?" if near else f"there are: {', '.join(listed)}" if listed else "there is none yet"
    return ValueFault(f"{shown(word)} is no {what}", hint)
