"""The program as a whole: quick to start, the same errors and exit codes everywhere."""

import os
import subprocess
import sys

import pytest

from callsheet.cli.app import app
from callsheet.exit_codes import ExitCode, exit_code_of
from ontology.errors import CallsheetError, ConflictError, IntegrityError, InvalidInputError, NotFoundError

MAY_BE_LOADED_BY_HELP = {
    *("callsheet", "ontology", "resolver", "gallery"),
    *("typer", "annotated_doc", "shellingham", "pyroaring", "cython_runtime"),
    *("sitecustomize", "coverage"),
}
"""Our own packages, the command line's library with what it needs, and what an environment may add at any start."""

HEAVY = ("sqlalchemy", "sqlmodel", "alembic", "pydantic", "PIL", "yaml", "rich", "rapidfuzz", "lark", "pysqlite3")


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def modules_after(*arguments: str) -> set[str]:
    code = (
        "import sys; from callsheet.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "sys.stderr.write(' '.join({name.partition('.')[0] for name in sys.modules}))"
    )
    return set(python(code, *arguments).stderr.split())


def test_the_version_is_told_before_the_command_line_is_even_built():
    loaded = modules_after("--version")

    assert not loaded & {*HEAVY, "typer", "resolver", "gallery"}


def test_help_loads_no_database_no_settings_and_no_imaging_library():
    loaded = modules_after("--help")

    assert "typer" in loaded
    foreign = {name for name in loaded - set(sys.stdlib_module_names) if not name.startswith("_")}
    assert foreign <= MAY_BE_LOADED_BY_HELP
    assert not loaded & set(HEAVY)


def test_resolving_waits_for_no_database_library(demo):
    loaded = modules_after("resolve", "--block", "alex_faces_gravelord", "--json")

    assert "pyroaring" in loaded
    assert not loaded & {"sqlalchemy", "sqlmodel", "alembic", "PIL", "rich", "lark"}


def test_version_is_an_option_beside_others_too(cli):
    assert cli("--version").out.startswith("callsheet ")
    assert cli("--project", ".", "--version").out.startswith("callsheet ")


def test_the_program_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "callsheet", "--version"], capture_output=True, text=True, check=True)

    assert done.stdout.startswith("callsheet ")


def test_outside_a_project_the_error_says_what_to_run(cli, tmp_path):
    outcome = cli("ls", in_=tmp_path)

    assert outcome.code == ExitCode.NOT_FOUND
    assert "callsheet.toml" in outcome.err
    assert "callsheet init" in outcome.err
    assert outcome.out == ""


def test_with_json_a_failure_is_an_error_object_on_stderr(cli, tmp_path):
    outcome = cli("ls", "--json", in_=tmp_path)

    assert outcome.code == ExitCode.NOT_FOUND
    assert outcome.error["code"] == "no_project"
    assert set(outcome.error) == {"code", "message", "hint"}


@pytest.mark.parametrize(
    "arguments",
    [("frobnicate",), ("resolve", "--heroe", "npc:alex"), ("tag",), ("add",), ("ls", "--limit", "0"), ("resolve",)],
)
def test_a_command_line_that_makes_no_sense_is_exit_2(cli, project, arguments):
    outcome = cli(*arguments)

    assert outcome.code == ExitCode.USAGE
    assert "error:" in outcome.err


def test_a_mistyped_option_names_the_nearest(cli, project):
    assert "--hero" in cli("resolve", "--heroe", "npc:alex").err


def test_a_project_can_be_named_instead_of_entered(cli, project, tmp_path):
    outcome = cli("--project", project, "ls", "--json", in_=tmp_path)

    assert outcome.body["assets"] == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidInputError("x"), 2),
        (NotFoundError("x"), 4),
        (ConflictError("x"), 5),
        (IntegrityError("x"), 8),
        (CallsheetError("x"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error, code):
    assert exit_code_of(error) == code


def test_a_fault_of_ours_is_one_line_and_exit_1_and_a_traceback_only_on_request(cli, project, monkeypatch):
    def broken(_self):
        raise RuntimeError("boom")

    monkeypatch.setattr("callsheet.workspace.Workspace.block_files", property(broken))
    plain = cli("blocks", "ls")
    monkeypatch.setenv("CALLSHEET_DEBUG", "1")
    debugged = cli("blocks", "ls")

    assert plain.code == 1
    assert "RuntimeError: boom" in plain.err
    assert "Traceback" not in plain.err
    assert "Traceback" in debugged.err


def test_a_reader_who_leaves_early_is_no_error(project):
    code = "import sys; from callsheet.cli.app import run; sys.exit(run(['ontology', 'show', '--json']))"
    done = subprocess.run(
        f'{sys.executable} -c "{code}" | head -n 1', shell=True, capture_output=True, text=True, check=False
    )

    assert done.stdout == "{\n"
    assert done.stderr == ""


def test_without_a_command_the_help_is_shown_as_it_is(cli):
    for words in ((), ("ontology",)):
        outcome = cli(*words)
        assert outcome.code == 0
        assert outcome.out.startswith("Usage: callsheet")
        assert "\\x0a" not in outcome.out
        assert outcome.err == ""


def test_a_full_disk_or_a_closed_stream_is_no_fault_of_ours(demo):
    program = f"{sys.executable} -m callsheet"
    for command in ("ls > /dev/full", "ls >&-", "tag - --add npc:alex <&-", "ls 2>&- >&-"):
        done = subprocess.run(f"{program} {command}", shell=True, capture_output=True, text=True, check=False)
        assert "fault of Callsheet" not in done.stderr, command
        assert "Traceback" not in done.stderr, command


def test_a_terminal_that_is_not_utf_8_gets_escapes(demo):
    done = subprocess.run(
        [sys.executable, "-m", "callsheet", "ls", "npc:alex"],
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
    assert b"\\u2605" in done.stdout


def test_an_interrupt_is_exit_130(cli, project, monkeypatch):
    def interrupted(_self):
        raise KeyboardInterrupt

    monkeypatch.setattr("callsheet.workspace.Workspace.block_files", property(interrupted))
    outcome = cli("blocks", "ls")

    assert outcome.code == ExitCode.INTERRUPTED
    assert "interrupted" in outcome.err


def every_command():
    from typer.main import get_command

    def walk(command, path):
        yield path, command
        for name, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, (*path, name))

    return list(walk(get_command(app), ()))


@pytest.mark.parametrize(
    ("path", "command"), every_command(), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_explains_itself(cli, path, command):
    outcome = cli(*path, "--help")

    assert outcome.code == 0
    assert command.help
    assert not path or "..." not in command.get_short_help_str(60)
    assert all(option.help for option in command.params if option.param_type_name == "option")


def test_the_reference_in_docs_is_what_the_program_says(tmp_path):
    from pathlib import Path

    target = tmp_path / "cli.md"
    subprocess.run(
        [
            *(sys.executable, "-m", "typer", "callsheet.cli.app", "utils", "docs"),
            *("--name", "callsheet", "--title", "Command line", "--output", str(target)),
        ],
        check=True,
        capture_output=True,
    )

    committed = Path(__file__).parents[2] / "docs" / "cli.md"
    assert committed.read_text(encoding="utf-8") == target.read_text(encoding="utf-8"), "run ./run docs"
