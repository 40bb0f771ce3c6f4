"""The `callsheet` program: its commands, and the one place where an error becomes an exit code."""

import os
import shutil
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Abort, Exit, TyperException

from callsheet import __version__
from callsheet.cli import opening, output
from callsheet.exit_codes import ExitCode, exit_code_of
from ontology.errors import CallsheetError, InvalidInputError

app = typer.Typer(
    name="callsheet",
    rich_markup_mode=None,  # plain help: nothing is interpreted, and rich need not be loaded
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


def _version(wanted: bool) -> None:
    if wanted:
        output.line(f"callsheet {__version__}")
        raise Exit


@app.callback()
def callsheet(
    project: Annotated[
        Path | None,
        typer.Option("--project", envvar=opening.PROJECT_VARIABLE, help="The project's folder (default: here)."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Tag generated pictures by who, where and how; get the right references for a shot; prefill the paid call.

    Try it: callsheet demo

    Your own: callsheet init, callsheet add PICTURES, callsheet tag ID --add npc:alex
    """
    del version
    opening.start_from(project)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code of contract §6. No traceback escapes unless CALLSHEET_DEBUG is set."""
    as_json = "--json" in _before_dashes(arguments)
    output.prepare()
    try:
        return _carried_out(arguments, as_json=as_json)
    except BrokenPipeError:
        return _unread()
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):  # the libraries of the command line and of tables leave so
            return _unread()
        raise


def _carried_out(arguments: Sequence[str], *, as_json: bool) -> int:
    try:
        outcome = app(args=list(arguments), standalone_mode=False, prog_name="callsheet")
        output.flush()
        return _told(_INTERRUPTED, as_json=as_json, code=outcome) if outcome == ExitCode.INTERRUPTED else _code(outcome)
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        return _told(_INTERRUPTED, as_json=as_json, code=ExitCode.INTERRUPTED)
    except Abort:
        return ExitCode.FAILURE
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # its message is the whole help
            output.text(_usage_message(error))
            return ExitCode.OK
        usage = InvalidInputError(_usage_message(error), hint=_usage_hint(error), code="usage")
        return _told(usage, as_json=as_json, code=ExitCode.USAGE)
    except CallsheetError as error:
        return _told(error, as_json=as_json, code=exit_code_of(error))
    except OSError as error:
        return _told(storage_error(error), as_json=as_json, code=ExitCode.FAILURE)
    except Exception as error:  # noqa: BLE001  # the last seam: a fault of ours must not look like the user's
        if os.environ.get("CALLSHEET_DEBUG"):
            traceback.print_exc()
        fault = CallsheetError(
            f"{type(error).__name__}: {error}",
            hint="this is a fault of Callsheet; CALLSHEET_DEBUG=1 shows where",
            code="internal",
        )
        return _told(fault, as_json=as_json, code=ExitCode.FAILURE)


def _unread() -> ExitCode:
    """The reader has gone (`callsheet ls | head`): that is its right. Python must not complain at exit either."""
    nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # it takes the place of stdout
    with suppress(OSError, ValueError):  # a stream of tests has no descriptor
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    sys.stdout = nowhere
    return ExitCode.OK


_INTERRUPTED = CallsheetError(
    "interrupted; what was finished is kept", hint="run it again to go on", code="interrupted"
)


def _code(outcome: object) -> int:
    """A command's own exit code; a command without one went well."""
    return outcome if isinstance(outcome, int) else ExitCode.OK


def _told(error: CallsheetError, *, as_json: bool, code: int) -> int:
    output.show_error(error, as_json=as_json)
    return code


def storage_error(error: OSError) -> CallsheetError:
    """What the system said of a file, as one of our errors."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list) and error.args[0]:
        source, _, reason = error.args[0][0]  # a copy of many files reports each; the first says why
        return CallsheetError(f"{source}: {reason}", hint=_STORAGE_HINT, code="storage")
    where = f"{error.filename}: " if error.filename else ""
    return CallsheetError(f"{where}{error.strerror or error}", hint=_STORAGE_HINT, code="storage")


_STORAGE_HINT = "check that the place exists, that you may read and write there, and that there is room"


def _before_dashes(arguments: Sequence[str]) -> Sequence[str]:
    return arguments[: list(arguments).index("--")] if "--" in arguments else arguments


def _usage_message(error: TyperException) -> str:
    return str(getattr(error, "format_message", lambda: error)())


def _usage_hint(error: TyperException) -> str | None:
    context = getattr(error, "ctx", None)
    return f"{context.command_path} --help" if context is not None else "callsheet --help"


# Commands register themselves; they import the parts they need when they run.
from callsheet.cli import (  # noqa: E402  # after `app`, which they add themselves to
    assets,
    backups,
    blocks,
    collections,
    costing,
    coverage,
    exchange,
    generating,
    journal,
    likeness,
    linking,
    making,
    manifest,
    ontology,
    planning,
    projects,
    promoting,
    queueing,
    remarks,
    resolving,
    searches,
    serving,
    sheets,
    specs,
    statistics,
    suggesting,
    tags,
    terminal,
    vocabulary,
)

for _module in (
    projects,
    assets,
    searches,
    making,
    likeness,
    tags,
    remarks,
    collections,
    linking,
    suggesting,
    journal,
    ontology,
    vocabulary,
    blocks,
    resolving,
    generating,
    promoting,
    queueing,
    costing,
    manifest,
    coverage,
    planning,
    specs,
    statistics,
    sheets,
    exchange,
    backups,
    serving,
    terminal,
):
    _module.register(app)
