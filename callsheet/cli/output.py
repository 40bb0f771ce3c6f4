"""The only writer to stdout and stderr. Text from data is shown literally: control and bidi characters are escaped."""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ontology.errors import CallsheetError
from ontology.escaping import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text
    from rich.tree import Tree

Branch = tuple[str, "Iterable[Branch]"]

WIDE = 100_000
"""Columns of an output that is no terminal: a pipe must get whole lines."""

NARROW = 100
"""On a terminal of fewer columns, a table that does not fit is stacked: its cells would wrap into slivers."""

FACET_COLOURS = {"npc": "cyan", "player": "cyan", "loc": "green", "camera": "magenta", "role": "yellow"}
"""Colour never stands alone: a tag always shows its namespace in letters."""

TIER_COLOURS = {"exact": "green", "identity": "cyan", "broader": "yellow", "role": "magenta"}


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is looking at this stream."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def console(stream: TextIO | None = None) -> "Console":
    """A console on stdout (or another stream) that never interprets what it is given."""
    from rich.console import Console  # noqa: PLC0415  # 30 ms that --json does not need

    out = sys.stdout if stream is None else stream
    width = None if is_terminal(out) else WIDE
    return Console(file=out, width=width, markup=False, highlight=False, emoji=False, soft_wrap=width is not None)


def prepare() -> None:
    """Make both streams take any text: what their encoding lacks is written as an escape, never an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def flush() -> None:
    """Write out what is buffered, so that a full disk is noticed while it can still be told."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _write(stream: TextIO | None, words: str) -> None:
    if stream is not None:  # None where the caller closed it
        stream.write(words)


def text(ours: str) -> None:
    """Text of our own that has lines, such as a help page."""
    _write(sys.stdout, ours.rstrip("\n") + "\n")


def line(text: str = "") -> None:
    """One line of result."""
    _write(sys.stdout, visible(text) + "\n")


def data(body: Any) -> None:
    """A JSON body, as HTTP would answer it."""
    _write(sys.stdout, json.dumps(body, ensure_ascii=False, indent=2) + "\n")


def data_line(body: Any) -> None:
    """One JSON body on one line, written at once: somebody follows what happens."""
    _write(sys.stdout, json.dumps(body, ensure_ascii=False) + "\n")
    flush()


def note(text: str) -> None:
    """A remark for the person; never part of the result."""
    _write(sys.stderr, visible(text) + "\n")


def written(files: Iterable[Path], dry_run: bool, *, as_json: bool) -> None:
    """The files that a command wrote, or would have: a line each, or `{"files": […]}`."""
    if as_json:
        data({"files": [str(path) for path in files]})
        return
    for path in files:
        line(f"{'would write' if dry_run else 'wrote'} {path}")


def table(columns: Sequence[str], rows: Iterable[Sequence["str | Text"]]) -> None:
    """Aligned columns with a heading. Cells are literal text."""
    from rich.table import Table  # noqa: PLC0415  # see console()
    from rich.text import Text  # noqa: PLC0415  # see console()

    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column in ("ID", "TIER", "SLOT"))
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(visible(cell)) for cell in row))
    out = console()
    if out.width < NARROW and _natural_width(made) > out.width:
        _stack(columns, made)
        return
    with out.capture() as drawn:
        out.print(made)
    for printed in drawn.get().splitlines():
        _write(sys.stdout, printed.rstrip() + "\n")


def _natural_width(table: "Table") -> int:
    from rich.console import Console  # noqa: PLC0415  # see console()

    return Console(width=WIDE).measure(table).maximum


def _stack(columns: Sequence[str], wide: "Table") -> None:
    """The rows of a table that is too wide for the terminal, one under the other, a line for each cell."""
    from rich.table import Table  # noqa: PLC0415  # see console()

    out = console()
    cells = [list(column.cells) for column in wide.columns]
    for number in range(wide.row_count):
        record = Table.grid(padding=(0, 2, 0, 0))
        record.add_column(style="bold", no_wrap=True)
        record.add_column(overflow="fold")
        for name, found in zip(columns, cells, strict=True):
            record.add_row(name, found[number])
        out.print(record)
        line()


def tag_text(tags: Iterable[str]) -> "Text":
    """Tags in the colour of their facet, separated by spaces."""
    from rich.text import Text  # noqa: PLC0415  # see console()

    joined = Text()
    for number, tag in enumerate(tags):
        joined.append(" " if number else "")
        joined.append(visible(tag), style=FACET_COLOURS.get(tag.partition(":")[0], ""))
    return joined


def tree(label: str, branches: "Iterable[Branch]") -> None:
    """A tree under a label; each branch is its text and the branches below it."""
    from rich.tree import Tree  # noqa: PLC0415  # see console()

    root = Tree(label)
    _grow(root, branches)
    console().print(root)


def _grow(tree: "Tree", branches: "Iterable[Branch]") -> None:
    from rich.text import Text  # noqa: PLC0415  # see console()

    for words, below in branches:
        _grow(tree.add(Text(visible(words))), below)


def stacked(*lines: str) -> "Text":
    """Several lines in one cell."""
    from rich.text import Text  # noqa: PLC0415  # see console()

    return Text("\n".join(map(visible, lines)))


def labelled(label: str, text: "Text") -> None:
    """A label and styled text, wrapped under itself."""
    from rich.table import Table  # noqa: PLC0415  # see console()

    grid = Table.grid(padding=0)
    grid.add_column(width=9)
    grid.add_column(overflow="fold")
    grid.add_row(label, text)
    out = console()
    with out.capture() as drawn:
        out.print(grid)
    for printed in drawn.get().splitlines():
        _write(sys.stdout, printed.rstrip() + "\n")


def coloured(text: str, colours: Mapping[str, str]) -> "Text":
    """A word in its colour."""
    from rich.text import Text  # noqa: PLC0415  # see console()

    return Text(visible(text), style=colours.get(text, ""))


def show_error(error: CallsheetError, *, as_json: bool) -> None:
    """An error on stderr: `{"error": {code, message, hint}}` with --json, else two lines."""
    if as_json:
        body = {"error": {"code": error.code, "message": error.message, "hint": error.hint}}
        _write(sys.stderr, json.dumps(body, ensure_ascii=False) + "\n")
        return
    # The message of a query points at the place with a caret under it: three lines of our own.
    first, *rest = error.message.split("\n") if error.code == "query" else [error.message]
    note(f"error: {first}")
    for more in rest:
        note(more)
    if error.hint:
        note(f"  try: {error.hint}")


def status(text: str) -> None:
    """A line on the terminal's stderr that the next one replaces; an empty one clears it."""
    _write(sys.stderr, f"\r\x1b[K{visible(text)[: _columns() - 1]}")
    if sys.stderr is not None:
        sys.stderr.flush()


def _columns() -> int:
    return shutil.get_terminal_size().columns


class Progress:
    """A counter on stderr while something long runs; silent where nobody looks."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._live = is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"
        self._shown = False

    def __call__(self, done: int, total: int, path: str) -> None:  # noqa: ARG002  # the path would flicker
        """Tell how far it is."""
        if self._live:
            sys.stderr.write(f"\r{self._what} {done}/{total} ")
            sys.stderr.flush()
            self._shown = True

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
