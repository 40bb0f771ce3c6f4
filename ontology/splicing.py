"""Editing YAML and JSON in place: exactly the characters that have to change, and nothing else of the file.

Every function here answers edits; `spliced` makes them. Comments, order, quotes, line ends and anchors stay.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ontology.errors import InvalidInputError
from ontology.spans import Fields, Items, Span, Spanned, Text, documents, plain
from ontology.writing import quoted, scalar

_LINE_END = re.compile(r"\r\n|\n|\r")
_INDENT = 2
_SHARED_HINT = "write out what the anchor (&) stands for, or make the change by hand"


@dataclass(frozen=True, slots=True)
class Splice:
    """Other characters in the place of some. An empty span inserts."""

    span: Span
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all edits made. Those that overlap, or differ for one place, raise `InvalidInputError`."""
    ordered = sorted(dict.fromkeys(splices), key=lambda edit: (edit.span.start, edit.span.end))
    pieces: list[str] = []
    done = 0
    for edit in ordered:
        if edit.span.start < done:
            raise InvalidInputError(
                "one part of the file is meant in two ways", hint=_SHARED_HINT, code="shared_anchor"
            )
        pieces += [text[done : edit.span.start], edit.text]
        done = edit.span.end
    return "".join([*pieces, text[done:]])


def reworded(node: Text, value: str, *, is_json: bool = False) -> Splice:
    """Another value in the place of one, in the same quotes where it can be. Raises `InvalidInputError`."""
    if node.style in ("|", ">"):
        message = f"`{node.value.strip()}` is written as a block of lines"
        raise InvalidInputError(message, hint="write it in one line, then try again", code="block_text")
    if node.style == "'" and value.isprintable():
        doubled = value.replace("'", "''")
        return Splice(node.span, f"'{doubled}'")
    return Splice(node.span, quoted(value) if is_json or node.style == '"' else scalar(value))


def all_reworded(text: str, wanted: Sequence[tuple[Text, str]], *, is_json: bool = False) -> str:
    """The text with other values in the place of some, and nothing else changed, which is made sure of.

    A text that several places share by an anchor must be wanted for each of them, and alike. Raises
    `InvalidInputError`.
    """
    found = documents(text) or ()
    values = {node.span: value for node, value in wanted}
    places = Counter(node.span for node in chain.from_iterable(map(_all_texts, found)))
    if any(values[node.span] != value for node, value in wanted) or any(
        places[span] != times for span, times in Counter(node.span for node, _ in wanted).items()
    ):
        raise InvalidInputError("an anchor (&) stands for more than this", hint=_SHARED_HINT, code="shared_anchor")
    after = spliced(text, [reworded(node, value, is_json=is_json) for node, value in wanted])
    expected = [_with(node, values) for node in found]
    if [plain(node) for node in documents(after) or ()] != expected:
        hint = "make the change by hand in this file"
        raise InvalidInputError("it cannot be edited without changing its meaning", hint=hint, code="cannot_edit")
    return after


def _all_texts(node: Spanned) -> Iterator[Text]:
    match node:
        case Text():
            yield node
        case Items():
            yield from chain.from_iterable(map(_all_texts, node.nodes))
        case Fields():
            yield from chain.from_iterable(map(_all_texts, chain.from_iterable(node.entries)))


def _with(node: Spanned, values: Mapping[Span, str]) -> Any:
    """As `plain`, with other values at some spans."""
    match node:
        case Text():
            return values.get(node.span, node.value)
        case Items():
            return [_with(inner, values) for inner in node.nodes]
        case Fields():
            return [(_with(key, values), _with(value, values)) for key, value in node.entries]


def field_added(text: str, table: Spanned, name: str, value: str) -> Splice:
    """A field at the end of a table; `value` is written as it is given. Nothing at all counts as an empty table."""
    written = f"{name}: {value}"
    if isinstance(table, Text):
        before = "" if table.value or text[table.span.start - 1 : table.span.start].isspace() else " "
        return Splice(table.span, f"{before}{{{written}}}")
    if not isinstance(table, Fields):
        raise InvalidInputError("a list stands where a table belongs", hint="`callsheet ontology check` shows where")
    if table.in_brackets:
        return _inside_brackets(text, table, table.entries[-1][1] if table.entries else None, written)
    first, _ = table.entries[0]
    return _line_added(text, table, _column(text, first.span.start), written)


def item_added(text: str, listing: Items, value: str) -> Splice:
    """An entry at the end of a list; `value` is written as it is given."""
    if listing.in_brackets:
        return _inside_brackets(text, listing, listing.nodes[-1] if listing.nodes else None, value)
    return _line_added(text, listing, _column(text, listing.span.start), f"- {value}")


def item_removed(text: str, listing: Items, number: int) -> Splice:
    """A list without one of its entries, with the comma or the line that goes with it."""
    node = listing.nodes[number]
    start, end = node.span.start, _end(node)
    if not listing.in_brackets:
        if len(listing.nodes) == 1:
            # A dash may stand in the column of its key; brackets may not.
            return Splice(Span(listing.span.start, end), f"{' ' * _INDENT}[]")
        return Splice(Span(_line_start(text, start), _next_line(text, end)), "")
    comma = re.compile(r"\s*,\s*").match(text, end)
    if comma is not None and number + 1 < len(listing.nodes):
        return Splice(Span(start, comma.end()), "")
    if number:
        return Splice(Span(_end(listing.nodes[number - 1]), end), "")
    return Splice(Span(start, end if comma is None else comma.end()), "")


def line_end_of(text: str) -> str:
    """How the lines of a text end."""
    found = _LINE_END.search(text)
    return found[0] if found else "\n"


def column_of_children(text: str, node: Fields) -> int:
    """Where, counted from 0, the keys of a table begin."""
    return _column(text, node.entries[0][0].span.start) if node.entries else _INDENT


def _inside_brackets(text: str, node: Items | Fields, last: Spanned | None, written: str) -> Splice:
    close = node.span.end - 1
    if last is None:
        return Splice(Span(close, close), written)
    end = _end(last)
    comma = re.compile(r"\s*,").match(text, end)
    if comma is not None:  # a comma at the end already
        return Splice(Span(comma.end(), comma.end()), f" {written}")
    return Splice(Span(end, end), f", {written}")


def _line_added(text: str, node: Items | Fields, column: int, written: str) -> Splice:
    """A line of its own behind the last one of a table or list."""
    end = _end(node)
    is_line = end > 0 and text[end - 1] in "\r\n"  # behind a block of lines
    place = end if is_line else _next_line(text, end)
    ends = line_end_of(text)
    is_open = place > 0 and text[place - 1] not in "\r\n"  # the last line of the file has no end
    return Splice(Span(place, place), f"{ends if is_open else ''}{' ' * column}{written}{'' if is_open else ends}")


def _end(node: Spanned) -> int:
    """Where the last thing inside ends, comments behind it not counted."""
    if isinstance(node, Text) or node.in_brackets:
        return node.span.end
    # An alias ends where its anchor does, far away; its key stands in the right line.
    children: Iterable[Spanned] = node.nodes if isinstance(node, Items) else chain.from_iterable(node.entries)
    return max((_end(child) for child in children), default=node.span.end)


def _column(text: str, place: int) -> int:
    return place - _line_start(text, place)


def _line_start(text: str, place: int) -> int:
    start = max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1
    return start + 1 if text.startswith("\ufeff", start) and start == 0 else start


def _next_line(text: str, place: int) -> int:
    found = _LINE_END.search(text, place)
    return len(text) if found is None else found.end()
