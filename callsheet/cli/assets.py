"""`add`, `ls`, `search`, `show`, `rm`, `restore`: assets in, found, looked at, out and back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli import outcomes, output
from callsheet.cli.completion import complete_asset, complete_query
from callsheet.cli.lineage import show_family
from callsheet.cli.making import show_generation
from callsheet.cli.opening import workspace
from callsheet.cli.options import FREE_ARGUMENTS, Add, AsJson, DryRun, Ids, Query, given_ids, given_query, stdin_lines
from callsheet.cli.selecting import selected
from gallery.sounds.lengths import length_text, sampling_text
from gallery.views import AddResult, AssetDetail, BulkResult, Page
from ontology.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from rich.text import Text

    from callsheet.workspace import Workspace
    from gallery.reading.rows import State
    from gallery.views import AssetView

ADD_ORDER = (
    *("added", "changed", "copy", "relinked", "known", "in_trash", "missing", "copy_gone", "skipped", "failed"),
)

PASSED_TOLD = 5
"""So many batches that an undo passed over are named."""

EDITED = " (edited)"
"""Marks a path whose file was edited in place since anybody looked at the tags."""

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY",
        help="""e.g. role:bg -npc:* rating:>=3 created:2026-03 sort:-rating '"red scarf"'; not TERM works too.""",
        autocompletion=complete_query,
    ),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=500, help="How many assets a page holds.")]
Cursor = Annotated[str | None, typer.Option("--cursor", help="The next page, as the page before named it.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(add)
    app.command("ls", context_settings=FREE_ARGUMENTS)(list_assets)
    app.command(context_settings=FREE_ARGUMENTS)(search)
    app.command()(show)
    app.command("rm")(remove)
    app.command()(restore)


def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files and folders; - reads paths from stdin.")],
    tags: Add = None,
    sync: Annotated[bool, typer.Option("--sync", help="Mark what is gone from these folders as missing, too.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on following the folders until Ctrl-C.")] = False,
    accept_root: Annotated[
        bool, typer.Option("--accept-root", help="Believe a folder that is empty now, or another one than before.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Take pictures into the gallery.

    They stay where they lie: nothing is copied or moved. Folders are read with all below them. --sync and --watch keep
    folders in step: what is deleted becomes missing, unless the whole folder is out of reach (exit 5).

    Example: callsheet add pictures/ --add style:ink
    """
    wanted = [path for given in paths for path in (stdin_lines() if given == "-" else (given,))]
    _check_add(wanted, watch=watch, dry_run=dry_run, keeps_in_step=sync or watch, accept_root=accept_root)
    if watch:
        from callsheet.cli.watching import follow  # noqa: PLC0415  # each command loads what it needs

        return follow(wanted, tags or (), accept_root=accept_root, as_json=as_json)
    progress = output.Progress("reading")
    with workspace() as ws:
        if not as_json:  # stderr then holds an error object or nothing
            outcomes.show_slips(ws, tags or ())
        if sync:
            result = ws.gallery.sync(
                wanted, tags=tags or (), dry_run=dry_run, accept_root=accept_root, progress=progress
            )
        else:
            result = ws.gallery.add(wanted, tags=tags or (), dry_run=dry_run, progress=progress)
    progress.end()
    if as_json:
        output.data(result.to_json())
    else:
        _show_added(result, tags or (), dry_run=dry_run)
    return outcomes.exit_code([item for item in result.results if item.outcome != "skipped"])


def _check_add(wanted: Sequence[str], *, watch: bool, dry_run: bool, keeps_in_step: bool, accept_root: bool) -> None:
    if "" in wanted:
        raise InvalidInputError(
            "a path is empty", hint="is a variable unset? Name a file or folder, . for this one", code="usage"
        )
    if watch and dry_run:
        raise InvalidInputError(
            "--watch cannot be tried dry", hint="`callsheet add FOLDER --sync --dry-run` tells what it begins with"
        )
    if accept_root and not keeps_in_step:
        raise InvalidInputError("--accept-root belongs to --sync and --watch", hint="a plain `add` marks nothing")


def _show_added(result: AddResult, tags: Sequence[str], *, dry_run: bool) -> None:
    told = [item for item in result.results if item.outcome not in ("known", "skipped", "failed")]
    output.table(
        ("OUTCOME", "ID", "PATH"), [(item.outcome, item.id or "", item.path) for item in told]
    ) if told else None
    outcomes.show_failures(result.results)
    outcomes.show_notices(result.results)
    outcomes.show_skipped(result.results)
    summary = outcomes.counted(result.results, ADD_ORDER) or "nothing to add"
    tagged = f"; all of them tagged {' '.join(tags)}" if tags and result.results else ""
    # What was found on disk (another picture in a file, a file that moved) stays, whatever is undone.
    undoable = bool(tags) or any(item.outcome in ("added", "missing") for item in result.results)
    output.note(
        f"{'dry run: ' if dry_run else ''}{summary}{tagged}{outcomes.way_back(result.batches, undoable=undoable)}"
    )


def list_assets(
    query: Words = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    trashed: Annotated[bool, typer.Option("--trashed", help="What lies in the trash instead.")] = False,
    missing: Annotated[bool, typer.Option("--missing", help="Assets whose files are gone instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """List assets, newest first unless the query says sort:….

    Example: callsheet ls role:bg -npc:* sort:-rating
    """
    if trashed and missing:
        raise InvalidInputError("--trashed and --missing are two lists", hint="give one of them", code="usage")
    state: State = "trashed" if trashed else "missing" if missing else "live"
    _find(given_query(query), limit, cursor, as_json=as_json, state=state)


def search(query: Words = None, limit: Limit = 50, cursor: Cursor = None, as_json: AsJson = False) -> None:
    """Find assets by tags, words, fields. `loc:dungeon` finds what lies in it too; -TERM and `not TERM` leave out.

    Fields: rating, width, height, pixels, ratio, duration, size, created, added, edited, media, format, id, path,
    model, seed, steps, sampler, tool, lora, prompt, negative, note, collection, parent, child, tags, is, has, sort.
    @NAME is a saved search. docs/query.md describes them all.

    Example: callsheet search npc:alex -role:bg rating:>=3 ratio:16:9 '"close up"' sort:-created
    """
    text = given_query(query)
    if not text.strip():
        raise InvalidInputError(
            "there is nothing to search for", hint="callsheet search role:bg, or callsheet ls", code="usage"
        )
    _find(text, limit, cursor, as_json=as_json)


def _find(query: str, limit: int, cursor: str | None, *, as_json: bool, state: "State" = "live") -> None:
    with workspace() as ws:
        page = ws.gallery.search(query, limit=limit, cursor=cursor, state=state)
        slips = () if page.assets or cursor else ws.gallery.query_slips(query)
    if as_json:
        output.data(page.to_json())
        return
    _show_page(page)
    for slip in slips:
        output.note(slip)


def _show_page(page: Page) -> None:
    if page.assets:
        output.table(("ID", "RATING", "TAGS", "PATH"), [_row(asset) for asset in page.assets])
        if any(asset.edited_at for asset in page.assets):
            output.note(f"{EDITED.strip()}: a new file of the old name; look at its tags, then `callsheet confirm ID`")
    if page.total is not None:
        output.note(f"{len(page.assets)} of {page.total}" if page.total else "no asset found")
    if page.cursor:
        output.note(f"more: --cursor {page.cursor}")


def asset_table(assets: "Sequence[AssetView]") -> None:
    """Assets in lines."""
    if assets:
        output.table(("ID", "RATING", "TAGS", "PATH"), [_row(asset) for asset in assets])
    if any(asset.edited_at for asset in assets):
        output.note(f"{EDITED.strip()}: a new file of the old name; look at its tags, then `callsheet confirm ID`")


def _row(asset: "AssetView") -> tuple[str, str, "Text", str]:
    mark = EDITED if asset.edited_at else ""
    return asset.id, "★" * (asset.rating or 0), output.tag_text(asset.tags), f"{asset.path}{mark}"


def show(
    asset: Annotated[
        str, typer.Argument(metavar="ID", help="An asset or a unique prefix.", autocompletion=complete_asset)
    ],
    tree: Annotated[bool, typer.Option("--tree", help="Also what it was made from, and what from it.")] = False,
    depth: Annotated[int, typer.Option("--depth", min=1, max=100, help="Generations of the tree.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Show one asset: picture, tags, paths, history.

    Example: callsheet show a1b2 --tree
    """
    with workspace() as ws:
        (wanted,) = given_ids([asset], "show")
        found = ws.gallery.get(wanted)
        family = ws.gallery.family_tree(found.asset.id, depth=depth) if tree else None
        if as_json:
            output.data(found.to_json() | ({} if family is None else {"tree": family.to_json()}))
            return
        _draw(ws, found.asset.id)
    _show_detail(found)
    if family is not None:
        show_family(family)


def _draw(ws: "Workspace", asset_id: str) -> None:
    """The picture, where the terminal can show it and the file is still there."""
    from callsheet.cli.pictures import can_show_pictures, show_picture  # noqa: PLC0415  # Pillow, only to draw

    if can_show_pictures():
        try:
            show_picture(ws.gallery.thumbnail(asset_id))
        except NotFoundError as error:
            output.note(error.message)


MANY_LINES = ("path", "note", "made")


def _show_detail(found: AssetDetail) -> None:
    asset, body = found.asset, found.to_json()
    size = f"{asset.width} × {asset.height} px" if asset.width else ""
    if asset.duration is not None:
        size = f"{length_text(asset.duration)}, {sampling_text(found.sample_rate, found.channels)}".removesuffix(", ")
    rows: list[tuple[str, str]] = [
        ("id", asset.id),
        ("path", "\n".join(found.paths) or f"{asset.path} (it was there; no file holds it now)"),
        ("length" if asset.duration is not None else "size", size),
        ("created", body["created_at"]),
        ("rating", "★" * (asset.rating or 0) or "none"),
        ("sha256", found.sha256),
    ]
    rows += [(name, body[name]) for name in ("trashed", "missing") if body[name]]
    if asset.edited_at:
        rows.append(("edited", f"{body['edited_at']}; look at the tags, then `callsheet confirm {asset.id}`"))
    if found.parents or found.operation:
        made = [f"by {found.operation}"] if found.operation else []
        rows.append(("made", "\n".join(made + [f"from {name}" for name in found.parents])))
    if found.note:
        rows.append(("note", found.note))
    for name, value in rows:
        for number, part in enumerate(value.split("\n") if name in MANY_LINES else [value]):
            output.line(f"{name if not number else '':9}{part}")
    output.labelled("tags", output.tag_text(asset.tags))
    show_generation(found.generation)
    for change in found.history:
        batch = change.batch
        output.line(f"batch {batch.seq:<4} {batch.kind:8} {batch.at:%Y-%m-%d %H:%M} {batch.actor}")


def remove(ids: Ids = None, query: Query = None, dry_run: DryRun = False, as_json: AsJson = False) -> int:
    """Put assets into the trash. Files are never touched; `restore` brings assets back.

    Example: callsheet rm a1b2 c3d4
    """
    with workspace() as ws:
        result = ws.gallery.trash(selected(ws, given_ids(ids, "rm"), query), dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


def restore(ids: Ids = None, dry_run: DryRun = False, as_json: AsJson = False) -> int:
    """Bring assets back from the trash.

    Example: callsheet restore a1b2
    """
    with workspace() as ws:
        result = ws.gallery.restore(selected(ws, given_ids(ids, "restore"), None), dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


def show_bulk(result: BulkResult, *, dry_run: bool, as_json: bool, way_back: str = "undo") -> int:
    """What became of many assets; the exit code. `way_back` is the command that takes the change back."""
    if as_json:
        output.data(result.to_json())
    else:
        for item in result.results:
            if item.outcome != "failed":
                output.line(f"{item.outcome:10} {item.id}")
        outcomes.show_failures(result.results)
        summary = outcomes.counted(result.results) or "nothing to do"
        back = f"; batch {result.batch}, `callsheet {way_back}` takes it back" if result.batch else ""
        if result.passed_over:
            numbers = ", ".join(f"{item.batch} ({item.kind})" for item in result.passed_over[:PASSED_TOLD])
            more = ", …" if len(result.passed_over) > PASSED_TOLD else ""
            several = "batches" if len(result.passed_over) > 1 else "batch"
            output.note(f"passed over: {several} {numbers}{more}, of which nothing can be taken back")
        output.note(f"{'dry run: ' if dry_run else ''}{summary}{back}")
    return outcomes.exit_code(result.results)
