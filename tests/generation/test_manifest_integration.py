"""The manifest, the constants and the project's command follow what was made; a second time nothing does."""

import sys
from decimal import Decimal

import pytest

from generation.manifest.entries import ManifestEntry
from generation.manifest.integrating import ManifestPlan, follow, integrate
from generation.manifest.recording import Record, record_all
from generation.manifest.waiting import leave_mark
from ontology.errors import ConflictError

COIN = Record("images", "coin", ManifestEntry(path="images/coin.png", provider="local", cost=Decimal(0)))


def plan_of(folder, *command, **options):
    return ManifestPlan(
        path=folder / "assets" / "manifest.json",
        lock_file=folder / ".callsheet" / "manifest.lock",
        folder=folder,
        constants=folder / "src",
        languages=("javascript", "python"),
        command=command,
        **options,
    )


def test_what_was_made_is_in_the_manifest_and_in_the_constants_and_the_command_has_run(tmp_path) -> None:
    program = "open('ran', 'a').write('x'); print('built \\x1b[31m')"
    plan = plan_of(tmp_path, sys.executable, "-c", program)
    first = integrate(plan, [COIN])
    assert first.manifest_changed
    assert [each.changed for each in first.constants] == [True, True]
    assert first.command is not None
    assert (first.command.succeeded, first.command.said) == (True, "built \\x1b[31m")
    assert 'COIN: "coin"' in (tmp_path / "src" / "assets.js").read_text(encoding="utf-8")
    second = integrate(plan, [COIN])
    assert not second.manifest_changed
    assert [each.changed for each in second.constants] == [False, False]
    assert second.command is None
    assert (tmp_path / "ran").read_text(encoding="utf-8") == "x"


def test_constants_that_were_lost_come_back(tmp_path) -> None:
    plan = plan_of(tmp_path)
    integrate(plan, [COIN])
    (tmp_path / "src" / "assets.js").unlink()
    assert [each.changed for each in integrate(plan, [COIN]).constants] == [True, False]


def test_nothing_made_and_no_manifest_leaves_nothing_behind(tmp_path) -> None:
    assert not integrate(plan_of(tmp_path), []).manifest_changed
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "options", "exit_code", "said"),
    [
        ((sys.executable, "-c", "import sys; print('no such key'); sys.exit(3)"), {}, 3, "no such key"),
        (("no-such-program-anywhere",), {}, None, "it did not start"),
        ((sys.executable, "-c", "import time; time.sleep(30)"), {"command_seconds": 0.3}, None, "more than 0.3 s"),
        ((sys.executable, "-c", "import sys; print(sys.argv[1])", "$(echo a; rm -rf .)"), {}, 0, "$(echo a; rm -rf .)"),
    ],
)
def test_how_the_command_ended_is_a_result(tmp_path, command, options, exit_code, said) -> None:
    end = integrate(plan_of(tmp_path, *command, **options), [COIN]).command
    assert end is not None
    assert end.exit_code == exit_code
    assert said in end.said
    assert (tmp_path / "assets" / "manifest.json").is_file()


def interrupted(plan):
    """A run that was ended between the manifest and what follows."""
    assert record_all(plan.path, [COIN], lock_file=plan.lock_file, waiting=plan.waiting)


def test_what_an_interrupted_run_left_waiting_follows_with_the_next_even_where_that_changes_nothing(tmp_path) -> None:
    plan = plan_of(tmp_path, sys.executable, "-c", "open('ran', 'a').write('x')")
    interrupted(plan)
    assert plan.is_waiting
    done = integrate(plan, [COIN])
    assert ([each.changed for each in done.constants], done.command.succeeded) == ([True, True], True)
    assert not plan.is_waiting
    assert integrate(plan, [COIN]).command is None
    assert (tmp_path / "ran").read_text(encoding="utf-8") == "x"


def test_where_the_constants_cannot_be_written_they_wait_on(tmp_path) -> None:
    plan = plan_of(tmp_path)
    interrupted(plan)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "assets.js").write_text("mine", encoding="utf-8")
    with pytest.raises(ConflictError):
        follow(plan, manifest_changed=False)
    assert plan.is_waiting
    (tmp_path / "src" / "assets.js").unlink()
    follow(plan, manifest_changed=False)
    assert not plan.is_waiting


def test_a_change_while_the_command_runs_is_not_forgotten(tmp_path) -> None:
    """The command itself stands for another process that writes the manifest meanwhile."""
    plan = plan_of(tmp_path, sys.executable, "-c", "open('.callsheet/manifest.waiting', 'w').write('another')")
    interrupted(plan)
    follow(plan, manifest_changed=False)
    assert plan.is_waiting


def test_a_mark_without_a_manifest_is_taken_away(tmp_path) -> None:
    plan = plan_of(tmp_path)
    leave_mark(plan.waiting)
    assert follow(plan, manifest_changed=False).constants == ()
    assert not plan.is_waiting


def test_where_nothing_follows_nothing_waits(tmp_path) -> None:
    plan = ManifestPlan(tmp_path / "manifest.json", tmp_path / "manifest.lock", tmp_path)
    interrupted(plan)
    assert not plan.is_waiting
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "manifest.lock"]
