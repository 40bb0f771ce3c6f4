"""`resolve`, `prefill`: from a question to the right pictures, and a call made of them."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.asking import Asked
from callsheet.cli import output
from callsheet.cli.blocks import find_block
from callsheet.cli.completion import complete_asset, complete_block, complete_scene, complete_tag
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, Enemies, Hero, Location, Others, given_ids
from callsheet.cli.resolution import (
    show_explanation,
    show_notices,
    show_prefill,
    show_resolution,
)
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
SceneName = Annotated[
    str | None,
    typer.Option(
        "--scene", metavar="ID[/SHOT]", help="A scene of scenes.yaml, or one shot of it.", autocompletion=complete_scene
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


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
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
    fields = {name: value for name, value in fields.items() if value not in ("", [""], ())}
    if options["fill"]:
        fields["fill"] = True
    if options["no_strangers"]:
        fields["different_identity"] = "never"
    return fields


def asked(
    ws: "Workspace",
    fields: Mapping[str, Any],
    *,
    block: str | None = None,
    scene: str | None = None,
    prompt: str | None = None,
    may_be_empty: bool = False,
) -> Sequence[Asked]:
    """See `callsheet.asking.ask`; a block may also be a file or stdin, and a prompt stdin."""
    named = [word for word, value in (("--block", block), ("--scene", scene), ("--prompt", prompt)) if value]
    if len(named) > 1:
        raise InvalidInputError(f"{' and '.join(named)} each ask something", hint="give one of them", code="usage")
    found = find_block(ws, block) if block else None
    words = prompt_text(prompt) if prompt else None
    return ws.ask(fields, block=found, scene=scene, prompt=words, may_be_empty=may_be_empty)


def prompt_text(prompt: str) -> str:
    """The words of a prompt; `-` reads them from stdin, for what no command line can hold."""
    return "".join(sys.stdin or ()) if prompt == "-" else prompt


def only_one(found: Sequence[Asked]) -> Asked:
    """The one question of a command that answers one. Raises InvalidInputError naming the shots to choose from."""
    if len(found) > 1:
        shots = ", ".join(one.shot or "" for one in found)
        raise InvalidInputError(
            f"the scene has several shots: {shots}", hint="name one as --scene SCENE/SHOT", code="usage"
        )
    return found[0]


def resolve(
    asset: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="With --explain: why not this asset?", autocompletion=complete_asset),
    ] = None,
    location: Location = None,
    hero: Hero = None,
    enemy: Enemies = None,
    other: Others = None,
    prefer: Prefer = None,
    require: Require = None,
    exclude: Exclude = None,
    block: Block = None,
    scene: SceneName = None,
    prompt: Annotated[
        str | None, typer.Option("--prompt", help="Read the question out of a text; - reads stdin.")
    ] = None,
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

    `--explain ID` says why that asset was not chosen, and the smallest change of its tags that would make it first.
    """
    fields = request_fields(**locals())
    if asset is not None and not explain:
        raise InvalidInputError(f"{asset!r} stands alone", hint=f"resolve … --explain {asset}", code="usage")
    with workspace() as ws:
        found = asked(ws, fields, block=block, scene=scene, prompt=prompt)
        if asset is not None:
            return _explain(ws, only_one(found).request, given_ids([asset], "resolve")[0], as_json=as_json)
        results = [(one.shot, ws.resolve(one.request)) for one in found]
        if ws.live_index.distrusted and not as_json:
            output.note(f"notice: the index was built anew, for {ws.live_index.distrusted}")
    _show_results(scene, results, explain=explain, as_json=as_json)
    return max(exit_code(result, strict=strict) for _, result in results)


def _explain(ws: "Workspace", request: AssetResolutionRequest, asset: str, *, as_json: bool) -> int:
    told = ws.explain(request, asset)
    found = ws.gallery.get(asset).asset.id
    if as_json:
        output.data({"asset": found, "slots": told})
    else:
        show_explanation(found, told)
        show_notices(ws.resolve(request).notices)
    return ExitCode.OK


def _show_results(
    scene: str | None, results: Sequence[tuple[str | None, AssetResolutionResult]], *, explain: bool, as_json: bool
) -> None:
    """One answer as itself; those of a scene with several shots one after the other."""
    if len(results) == 1:
        (_, only), *_ = results
        output.data(only.to_json()) if as_json else show_resolution(only, explain=explain)
        return
    if as_json:
        shots = [{"shot": shot} | result.to_json() for shot, result in results]
        output.data({"scene": scene, "shots": shots})
        return
    for shot, result in results:
        output.line(f"# {shot}")
        show_resolution(result, explain=explain)
        output.line()


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
    scene: SceneName = None,
    most: Most = None,
    media: Media = None,
    weakest: Weakest = None,
    fill: Fill = False,
    no_strangers: NoStrangers = False,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="ID", help="The asset to start from.", autocompletion=complete_asset),
    ] = None,
    prompt: Annotated[
        str | None, typer.Option("--prompt", help="The prompt of the call; asks the question too if nothing else does.")
    ] = None,
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
    prompt = prompt_text(prompt) if prompt is not None else None
    read_prompt = prompt if not (fields or block or scene) else None
    with workspace() as ws:
        found = asked(ws, fields, block=block, scene=scene, prompt=read_prompt, may_be_empty=bool(source or prompt))
        one = only_one(found)
        result = ws.resolve(one.request)
        call = ws.prefill(
            operation, result, prompt=prompt, source_asset=source, action_block=one.block, max_inputs=max_inputs
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
