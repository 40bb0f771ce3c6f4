"""Options and arguments that several commands share, and how their values are read."""

import shlex
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from callsheet.cli.completion import complete_asset, complete_character, complete_location, complete_query, complete_tag
from ontology.errors import InvalidInputError

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, the same body as HTTP.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")]
Force = Annotated[bool, typer.Option("--force", help="Write over files that exist.")]
Ids = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ID",
        help="Assets; a unique prefix is enough, - reads ids from stdin.",
        autocompletion=complete_asset,
    ),
]
Query = Annotated[
    str | None,
    typer.Option("--query", help="All assets that this query finds, instead of ids.", autocompletion=complete_query),
]
Add = Annotated[
    list[str] | None, typer.Option("--add", help="A tag to add; repeat for more.", autocompletion=complete_tag)
]
Remove = Annotated[
    list[str] | None, typer.Option("--remove", help="A tag to take away; repeat for more.", autocompletion=complete_tag)
]
Location = Annotated[str | None, typer.Option("--location", help="Where: loc:…", autocompletion=complete_location)]
Hero = Annotated[str | None, typer.Option("--hero", help="Who: npc:… or player", autocompletion=complete_character)]
Enemies = Annotated[
    list[str] | None, typer.Option("--enemy", help="Against whom; repeat for more.", autocompletion=complete_character)
]
Others = Annotated[
    list[str] | None,
    typer.Option("--other", help="Who else is there; repeat for more.", autocompletion=complete_character),
]

FREE_ARGUMENTS = {"ignore_unknown_options": True}
"""For commands whose arguments are a query, which may begin with `-`. No command has a short option: `-h` would be
found in `-role:char:hero`."""


def stdin_lines() -> list[str]:
    """The lines of stdin that hold something, without their line ends."""
    return [line.rstrip("\r\n") for line in sys.stdin or () if line.strip()]


RIGHT_FORMS = {
    "tag": "callsheet tag ID --add {tag}",
    "untag": "callsheet untag ID --tag {tag}",
    "rm": "callsheet rm --query {tag}",
    "restore": "callsheet ls --trashed {tag}",
    "show": "callsheet search {tag}",
    "promote": "callsheet search preview {tag}",
    "reread": "callsheet reread --query {tag}",
    "similar": "callsheet search {tag}",
    "history": "callsheet search {tag}",
    "rate": "callsheet rate --rating 4 --query {tag}",
    "note": "callsheet note --text '…' --query {tag}",
    "confirm": "callsheet confirm --query {tag}",
    "link": "callsheet search {tag}",
    "collection": "callsheet collection add NAME --query {tag}",
    "resolve": "callsheet resolve --prefer {tag}",
    "suggest": "callsheet suggest --query {tag}",
}
"""How a command is meant, for whoever gives it a tag where an id belongs."""

QUERY_ONLY = frozenset({"is", "has", "rating", "path", "created", "added", "media", "format", "collection", "search"})
"""Fields of a query that nobody means as a tag."""


def given_ids(ids: Sequence[str] | None, command: str) -> list[str]:
    """The ids of a command line. Raises InvalidInputError for what looks like a tag, showing the right form."""
    found: list[str] = []
    for word in ids or ():
        found += stdin_lines() if word == "-" else [word]
    for word in found:
        if ":" in word or word.startswith("+"):
            raise InvalidInputError(
                f"{word!r} stands where an asset id belongs",
                hint=_right_form(command, word.lstrip("+-")),
                code="usage",
            )
    return found


def _right_form(command: str, word: str) -> str:
    """How it is meant: what can only be part of a query goes behind --query, where there is one."""
    name, _, value = word.partition(":")
    if command in {"tag", "untag", "suggest"} and (name.lower() in QUERY_ONLY or value.startswith(("<", ">", "="))):
        rest = " --add TAG" if command == "tag" else " --tag TAG" if command == "untag" else ""
        return f"callsheet {command} --query {shlex.quote(word)}{rest}"
    return RIGHT_FORMS[command].format(tag=shlex.quote(word))


def given_query(words: Sequence[str] | None) -> str:
    """The words of a command line as one query; a single word is a whole query.

    Raises InvalidInputError for an option that does not exist.
    """
    given = list(words or ())
    for word in given:
        if word.startswith("--"):
            meant = f"to leave a tag out, write {word[1:]}" if ":" in word else "see --help; a query has no --words"
            raise InvalidInputError(f"no such option: {word}", hint=meant, code="usage")
    return given[0] if len(given) == 1 else " ".join(map(_quoted, given))


def _quoted(word: str) -> str:
    """The shell took the quotes off `"red scarf"` and `prompt:"red scarf"`; a query needs them back."""
    if " " not in word or '"' in word or "(" in word:
        return word
    name, colon, value = word.partition(":")
    is_value = colon and " " not in name and not value.startswith(" ")
    return f'{name}:"{value}"' if is_value else f'"{word}"'


def namespace_mapping(pairs: Sequence[str], *, may_drop: bool = False) -> dict[str, str]:
    """What `--map theirs=ours` says; with `may_drop` one side may be empty. Raises InvalidInputError."""
    mapping: dict[str, str] = {}
    for pair in pairs:
        theirs, equals, ours = pair.partition("=")
        if not equals or not (theirs or ours) or (not may_drop and not (theirs and ours)):
            raise InvalidInputError(f"--map {pair} names no two namespaces", hint="--map location=loc", code="usage")
        if mapping.setdefault(theirs, ours) != ours:
            raise InvalidInputError(
                f"--map gives {theirs} two meanings: {mapping[theirs]} and {ours}", hint="keep one", code="usage"
            )
    return mapping
