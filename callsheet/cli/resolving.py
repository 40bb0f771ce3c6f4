"""`resolve`, `prefill`, `blocks`: from a question to the right pictures and a call made of them."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli import output
from callsheet.cli.completion import complete_asset, complete_block, complete_tag
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, Enemies, Hero, Location, Others
from callsheet.cli.resolution import show_notices, show_prefill, show_question, show_resolution
from callsheet.exit_codes import ExitCode
from ontology.errors import InvalidInputError
from resolver import OPERATIONS, AssetResolutionRequest, AssetResolutionResult

if TYPE_CHECKING:
    from callsheet.workspace import Workspace

Block = Annotated[
    str | None,
    typer.Option(
        "--block",
        metavar="ID|FILE|-",
        help="An action block: of the project, a file, or stdin.",
        autocompletion=complete_block,
    ),
]
Prefer = Annotated[
    list[str] | None, typer.Option("--prefer", help="A tag that ranks higher; repeat.", autocompletion=complete_tag)
]
Require = Annotated[
    list[str] | None,
    typer.Option("--require", help="A tag that every picture must have; repeat.", autocompletion=complete_tag),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="A tag that no picture may have; repeat.", autocompletion=complete_tag),
]
Most = Annotated[int | None, typer.Option("--max", min=1, max=500, help="Pictures per slot and per character.")]
Media = Annotated[list[str] | None, typer.Option("--media", help="image, video or audio; repeat. Default: image.")]
Weakest = Annotated[
    str | None, typer.Option("--weakest", help="The last tier to accept: exact, identity, broader, role.")
]
Fill = Annotated[bool, typer.Option("--fill", help="Go on down the tiers until every slot is full.")]
NoStrangers = Annotated[bool, typer.Option("--no-strangers", help="Never let a picture of somebody else stand in.")]
Explain = Annotated[bool, typer.Option("--explain", help="Also show how every tier of every slot stood.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 when there are gaps or unknown ids.")]


def list_operations(incomplete: str) -> list[str]:
    """The operations, for the shell."""
    return [name for name in OPERATIONS if name.startswith(incomplete)]


blocks_commands = typer.Typer(
    rich_markup_mode=None, help="Look at the project's action blocks.", invoke_without_command=True
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(blocks_commands, name="blocks")
    app.command()(resolve)
    app.command()(prefill)


def request_fields(**options: Any) -> dict[str, Any]:
    """The request fields that the options gave; what was not given is left to the block or the defaults."""
    names = {
        "location": "location_id",
        "hero": "hero_id",
        "enemy": "enemy_ids",
        "other": "other_character_ids",
        "prefer": "preferred_tags",
        "require": "required_tags",
        "exclude": "excluded_tags",
        "most": "max_results",
        "media": "media_types",
        "weakest": "weakest_tier",
    }
    fields = {names[name]: value for name, value in options.items() if name in names and value not in (None, [])}
    if options["fill"]:
        fields["fill"] = True
    if options["no_strangers"]:
        fields["different_identity"] = "never"
    return fields


def asked(
    ws: "Workspace", block: str | None, fields: Mapping[str, Any]
) -> tuple[AssetResolutionRequest, Mapping[str, Any] | None]:
    """The request, and the block it came from. Raises InvalidInputError where nothing is asked for."""
    if block is None and not fields:
        raise InvalidInputError(
            "nothing is asked for",
            hint="callsheet resolve --location loc:dungeon_entrance --hero npc:alex, or --block ID",
            code="usage",
        )
    if block is None:
        return ws.request(**fields), None
    found = find_block(ws, block)
    return ws.request_from_block(found, **fields), found


def find_block(ws: "Workspace", name: str) -> Mapping[str, Any]:
    """A block by id, from a file, or from stdin (`-`). Raises NotFoundError and BlockFileError."""
    from callsheet.block_files import parse_block, read_block  # noqa: PLC0415  # each command loads what it needs

    if name == "-":
        return parse_block(sys.stdin.buffer.read(), "stdin")
    if name not in ws.blocks and (Path(name).suffix or "/" in name):
        return read_block(Path(name))
    return ws.block(name)


def resolve(
    location: Location = None,
    hero: Hero = None,
    enemy: Enemies = None,
    other: Others = None,
    prefer: Prefer = None,
    require: Require = None,
    exclude: Exclude = None,
    block: Block = None,
    most: Most = None,
    media: Media = None,
    weakest: Weakest = None,
    fill: Fill = False,
    no_strangers: NoStrangers = False,
    explain: Explain = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> int:
    """Find the references for a shot, with reasons.

    Example: callsheet resolve --location loc:dungeon_entrance --hero npc:alex --enemy npc:boss_01 --explain
    """
    fields = request_fields(**locals())
    with workspace() as ws:
        request, _ = asked(ws, block, fields)
        result = ws.resolve(request)
    if as_json:
        output.data(result.to_json())
    else:
        show_resolution(result, explain=explain)
    return exit_code(result, strict=strict)


def prefill(
    operation: Annotated[
        str, typer.Argument(metavar="OPERATION", help=", ".join(OPERATIONS), autocompletion=list_operations)
    ],
    location: Location = None,
    hero: Hero = None,
    enemy: Enemies = None,
    other: Others = None,
    prefer: Prefer = None,
    require: Require = None,
    exclude: Exclude = None,
    block: Block = None,
    most: Most = None,
    media: Media = None,
    weakest: Weakest = None,
    fill: Fill = False,
    no_strangers: NoStrangers = False,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="ID", help="The asset to start from.", autocompletion=complete_asset),
    ] = None,
    prompt: Annotated[str | None, typer.Option("--prompt", help="The prompt of the call.")] = None,
    max_inputs: Annotated[
        int | None, typer.Option("--max-inputs", min=1, help="How many pictures the call may have.")
    ] = None,
    strict: Strict = False,
    as_json: AsJson = False,
) -> int:
    """Fill a generation call with resolved pictures.

    Takes the options of `resolve`. Nothing is sent, nothing is paid.

    Example: callsheet prefill fusion --block alex_faces_gravelord --json
    """
    fields = request_fields(**locals())
    with workspace() as ws:
        request, action_block = asked(ws, block, fields)
        result = ws.resolve(request)
        call = ws.prefill(
            operation, result, prompt=prompt, source_asset=source, action_block=action_block, max_inputs=max_inputs
        )
    if as_json:
        output.data(call)
    else:
        show_prefill(call, result)
    return exit_code(result, strict=strict)


def exit_code(result: AssetResolutionResult, *, strict: bool) -> ExitCode:
    """0; with --strict 3 where there are gaps or unknown ids."""
    unknown = any(notice.code == "unknown_id" for notice in result.notices)
    return ExitCode.PARTLY if strict and (result.gaps or unknown) else ExitCode.OK


@blocks_commands.callback()
def blocks(context: typer.Context) -> None:
    """List the project's action blocks."""
    if context.invoked_subcommand is None:
        list_blocks()


@blocks_commands.command("ls")
def list_blocks(as_json: AsJson = False) -> None:
    """List the project's action blocks.

    Example: callsheet blocks ls
    """
    with workspace() as ws:
        found = ws.block_files
    for fault in found.diagnostics:
        output.note(str(fault))
    if as_json:
        output.data({"blocks": list(found.blocks.values())})
        return
    rows = [
        (name, str(block.get("operation_type", block.get("operationType", ""))), str(block.get("label", "")))
        for name, block in found.blocks.items()
    ]
    if rows:
        output.table(("ID", "OPERATION", "LABEL"), rows)
    else:
        output.note("this project has no action blocks; write one into blocks/, docs/resolver.md shows the form")


@blocks_commands.command("show")
def show_block(
    block: Annotated[str, typer.Argument(metavar="ID|FILE|-", help="An action block.", autocompletion=complete_block)],
    as_json: AsJson = False,
) -> None:
    """Show what an action block asks for.

    Its fields, the request made of them, and what was not understood.

    Example: callsheet blocks show alex_faces_gravelord
    """
    with workspace() as ws:
        found = find_block(ws, block)
        request = ws.request_from_block(found)
    if as_json:
        notices = [notice.to_json() for notice in request.notices]
        output.data({"block": found, "request": request.to_json(), "notices": notices})
        return
    for name, value in found.items():
        output.line(f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    output.line()
    show_question(request)
    show_notices(request.notices)


@blocks_commands.command("check")
def check_blocks(as_json: AsJson = False) -> int:
    """Check every action block: its file, shape and ids. Exit 2 when one is unusable."""
    from callsheet.block_checks import block_faults  # noqa: PLC0415  # each command loads what it needs

    with workspace() as ws:
        found = ws.block_files
        faults = [*found.diagnostics, *block_faults(ws)]
    if as_json:
        names = ("code", "message", "hint", "severity", "id", "file", "line", "column")
        output.data({"diagnostics": [{name: getattr(fault, name) for name in names} for fault in faults]})
    else:
        for fault in faults:
            output.line(str(fault))
        output.note(f"{len(found.blocks)} blocks, {len(faults)} findings")
    return ExitCode.USAGE if any(fault.severity == "error" for fault in faults) else ExitCode.OK
