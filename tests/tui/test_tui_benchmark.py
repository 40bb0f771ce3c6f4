"""The benchmark of the terminal UI measures what it says, and its code is its verdict."""

import pytest

from benchmarks import tui

pytestmark = pytest.mark.slow


def test_the_benchmark_prints_each_ratio_with_its_target_and_the_memory(capsys):
    code = tui.main(["--sizes", "300", "--rounds", "1", "--paging", "2000", "--check"])
    printed = capsys.readouterr().out
    assert printed.count("target <=") == 3
    assert "memory: " in printed
    assert (code == 1) == ("MISSED" in printed)
