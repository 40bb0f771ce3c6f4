"""What a caller hands in, made one shape. Python would read a text where several are meant as its letters."""

import os
from collections.abc import Iterable
from typing import Any

from ontology.errors import InvalidInputError


def several_texts(name: str, given: Any) -> list[str]:
    """One text or several, as a list. Raises `InvalidInputError` naming the argument; empty texts are none."""
    items = [given] if isinstance(given, str) else _listed(name, given, "a text, or several")
    return [one_text(name, item, may_be_empty=False) for item in items]


def several_paths(name: str, given: Any) -> list[str]:
    """One path or several (texts or `Path`s), as a list of texts. Raises `InvalidInputError` naming the argument."""
    items = [given] if isinstance(given, str | os.PathLike) else _listed(name, given, "a path, or several")
    return [_path(name, item) for item in items]


def one_text(name: str, given: Any, *, may_be_empty: bool = True) -> str:
    """The text itself. Raises `InvalidInputError` naming the argument."""
    if not isinstance(given, str):
        raise _wrong(name, given, "a text")
    if not may_be_empty and not given.strip():
        raise InvalidInputError(f"`{name}` holds an empty text", hint="leave it out")
    return given


def whole_number(name: str, given: Any) -> int:
    """The number itself. Raises `InvalidInputError` naming the argument."""
    if not isinstance(given, int) or isinstance(given, bool):
        raise _wrong(name, given, "a whole number")
    return given


def _listed(name: str, given: Any, wanted: str) -> list[Any]:
    if not isinstance(given, Iterable) or isinstance(given, bytes | bytearray):
        raise _wrong(name, given, wanted)
    return list(given)


def _path(name: str, given: Any) -> str:
    path = os.fspath(given) if isinstance(given, os.PathLike) else given
    if not isinstance(path, str):
        raise _wrong(name, given, "a path")
    if not path:
        raise InvalidInputError(f"`{name}` holds an empty path", hint="`.` is the present folder")
    return path


def _wrong(name: str, given: Any, wanted: str) -> InvalidInputError:
    found = "None" if given is None else f"a value of the type `{type(given).__name__}`"
    return InvalidInputError(f"`{name}` must be {wanted}, not {found}", hint="an empty list stands for nothing")
