"""`serve`, `token`: the project over HTTP, and who may use it."""

from datetime import UTC
from typing import Annotated

import typer

from callsheet.cli import output
from callsheet.cli.opening import start_folder, workspace
from callsheet.cli.options import AsJson

commands = typer.Typer(rich_markup_mode=None, help="Tokens for a server that others can reach.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the token is for.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(serve)
    app.add_typer(commands, name="token")


def serve(
    host: Annotated[str | None, typer.Option("--host", help="The address to listen at (default: 127.0.0.1).")] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="The port (default: 8000); 0 takes a free one.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="How many processes answer.")] = 1,
) -> int:
    """Serve the project over HTTP until Ctrl-C.

    On this machine alone whoever can reach it may use it; any other --host needs a token (callsheet token create).

    Example: callsheet serve --port 8080
    """
    from callsheet.serving import run_server  # noqa: PLC0415  # each command loads what it needs

    flags = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    return run_server(start_folder(), {"serve": flags} if flags else {}, workers=workers, ready=_tell)


def _tell(address: str) -> None:
    output.line(address)
    output.flush()
    output.note("serving; Ctrl-C ends it")


@commands.command("create")
def create_token(
    name: Name,
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="read, tag, generate or admin; repeat. Default: read.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token. It is shown this once; only its hash is kept.

    Example: callsheet token create editor --scope tag
    """
    from callsheet.tokens import TokenFile  # noqa: PLC0415  # see above

    with workspace() as ws:
        scopes = scope or ["read"]
        made = TokenFile(ws.project).create(name, scopes, ws.gallery.context.now().astimezone(UTC))
    if as_json:
        output.data({"name": name, "token": made, "scopes": scopes})
    else:
        output.line(made)
        output.note("keep it now: it is not shown again")


@commands.command("list")
def list_tokens(as_json: AsJson = False) -> None:
    """List the tokens, never themselves.

    Example: callsheet token list
    """
    from callsheet.tokens import TokenFile  # noqa: PLC0415  # see above

    with workspace() as ws:
        found = TokenFile(ws.project).tokens()
    if as_json:
        output.data({"tokens": [item.to_json() for item in found]})
    elif found:
        output.table(
            ("NAME", "SCOPES", "CREATED"), [(item.name, " ".join(item.scopes), item.created_at) for item in found]
        )
    else:
        output.note("there is no token; callsheet token create NAME makes one")


@commands.command("revoke")
def revoke_token(name: Name, as_json: AsJson = False) -> None:
    """Take a token away.

    A server that runs refuses it from now on.

    Example: callsheet token revoke editor
    """
    from callsheet.tokens import TokenFile  # noqa: PLC0415  # see above

    with workspace() as ws:
        gone = TokenFile(ws.project).revoke(name)
    if as_json:
        output.data({"revoked": gone.to_json()})
    else:
        output.note(f"{gone.name} is revoked")
