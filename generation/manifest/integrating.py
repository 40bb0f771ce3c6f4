"""What follows when something was made: the manifest, the constants, and a command of the project's own."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generation.manifest.constants import Language
from generation.manifest.reading import read_manifest
from generation.manifest.recording import Record, record_all
from generation.manifest.waiting import mark_at, take_mark
from generation.manifest.writing import Written, write_constants
from ontology.errors import InvalidInputError
from ontology.escaping import visible

_TOLD: Final = 2000
"""So many last characters of what a command said are told."""


@dataclass(frozen=True, slots=True)
class ManifestPlan:
    """Where a project has its manifest, and what it wants made of it.

    `lock_file`: by which writers take turns. `constants`: the folder of the constants, None for none. `command`: the
    program that follows, with its arguments, run in `folder` without a shell; empty for none.
    """

    path: Path
    lock_file: Path
    folder: Path
    constants: Path | None = None
    languages: tuple[Language, ...] = ("javascript",)
    command: tuple[str, ...] = ()
    command_seconds: float = 300.0

    @property
    def waiting(self) -> Path | None:
        """Where a mark stands while constants and command wait; None where nothing follows."""
        follows = self.constants is not None or bool(self.command)
        return self.lock_file.with_suffix(".waiting") if follows else None

    @property
    def is_waiting(self) -> bool:
        """Whether the manifest became another, and nothing has followed yet. Raises `CallsheetError`."""
        return self.waiting is not None and mark_at(self.waiting) is not None


@dataclass(frozen=True, slots=True)
class CommandEnd:
    """How the command ended. `exit_code` is None where it did not start or took too long; `said`: its last words."""

    command: tuple[str, ...]
    exit_code: int | None
    said: str

    @property
    def succeeded(self) -> bool:
        """Whether it ended well."""
        return self.exit_code == 0


@dataclass(frozen=True, slots=True)
class Integrated:
    """What changed. `command` is None where none was to be run."""

    manifest_changed: bool
    constants: tuple[Written, ...] = ()
    command: CommandEnd | None = None

    def to_json(self) -> dict[str, Any]:
        """`{constants: [{language, path, outcome}], command: {command, exit_code, said} | null}`."""
        end = self.command
        return {
            "constants": [
                {"language": each.language, "path": str(each.path), "outcome": each.outcome} for each in self.constants
            ],
            "command": end and {"command": list(end.command), "exit_code": end.exit_code, "said": end.said},
        }


def integrate(plan: ManifestPlan, records: Sequence[Record]) -> Integrated:
    """Record the entries, write the constants, run the command. A second time changes and runs nothing.

    The command runs only where a file became another, and its failure is a result: what was made is there anyway.
    Raises as `record_all` and `write_constants` do.
    """
    changed = record_all(plan.path, records, lock_file=plan.lock_file, waiting=plan.waiting)
    return follow(plan, manifest_changed=changed)


def follow(plan: ManifestPlan, *, manifest_changed: bool) -> Integrated:
    """Write the constants of a manifest that is as it should be, run the command; as `integrate`.

    What an interrupted run left waiting follows too, and waits on where the constants cannot be written.
    """
    token = None if plan.waiting is None else mark_at(plan.waiting)
    changed = manifest_changed or token is not None
    constants: tuple[Written, ...] = ()
    if plan.constants is not None and plan.path.is_file():
        constants = write_constants(plan.path, plan.constants, plan.languages)
    anything = changed or any(each.changed for each in constants)
    end = run_command(plan) if plan.command and anything else None
    if plan.waiting is not None and token is not None:
        take_mark(plan.waiting, token)
    return Integrated(changed, constants, end)


def follow_now(plan: ManifestPlan, *, dry_run: bool = False) -> Integrated:
    """`follow` because somebody asks for it.

    Raises InvalidInputError where nothing is set that could follow, NotFoundError where there is no manifest, and as
    `write_constants`.
    """
    if plan.waiting is None:
        hint = 'callsheet.toml: [generation.constants] folder = "src/generated", or [generation] command = [...]'
        raise InvalidInputError("nothing is set that follows the manifest", hint=hint, code="nothing_follows")
    read_manifest(plan.path)
    if not dry_run:
        return follow(plan, manifest_changed=False)
    constants = (
        write_constants(plan.path, plan.constants, plan.languages, dry_run=True) if plan.constants is not None else ()
    )
    return Integrated(plan.is_waiting, constants)


def run_command(plan: ManifestPlan) -> CommandEnd:
    """The command of the project. Raises nothing."""
    try:
        end = subprocess.run(  # noqa: S603  # the project's own command, an argument list without a shell
            plan.command,
            cwd=plan.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=plan.command_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        said = _last_words(error.stdout)
        return CommandEnd(
            plan.command, None, f"it took more than {plan.command_seconds:g} s{': ' if said else ''}{said}"
        )
    except (OSError, ValueError) as error:
        return CommandEnd(plan.command, None, visible(f"it did not start: {error}"))
    return CommandEnd(plan.command, end.returncode, _last_words(end.stdout))


def _last_words(said: bytes | None) -> str:
    lines = (said or b"").decode("utf-8", "replace").splitlines()
    return "\n".join(map(visible, lines))[-_TOLD:].strip()
