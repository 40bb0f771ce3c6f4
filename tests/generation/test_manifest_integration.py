"""The manifest, the constants and the project's command follow what was made; a second time nothing does."""

import sys
from decimal import Decimal

import pytest

from generation.manifest.entries import ManifestEntry
from generation.manifest.integrating import ManifestPlan, integrate
from generation.manifest.recording import Record

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
