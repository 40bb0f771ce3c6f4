"""All benchmarks are asked for sizes in one way."""

import pytest

from benchmarks import comparing, resolve
from benchmarks.options import HUGE, benchmark_parser, parsed, shortened


def sizes(*arguments, usual=(1_000, 1_000_000)):
    return parsed(benchmark_parser("any", None, sizes=usual), arguments).sizes


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], [1_000, 1_000_000]),
        (["--sizes", "1000,10k, 2M"], [1_000, 10_000, 2_000_000]),
        (["--quick"], [1_000]),
        (["--huge"], [1_000, 1_000_000, HUGE]),
        (["--huge", "--sizes", "10M"], [HUGE]),
    ],
)
def test_sizes_are_numbers_with_or_without_a_unit(arguments, found):
    assert sizes(*arguments) == found


@pytest.mark.parametrize("arguments", [["--sizes", "0"], ["--sizes", "many"], ["--sizes", "1,,2"], ["--sizes", "-5"]])
def test_what_is_no_size_is_a_usage_error(arguments):
    with pytest.raises(SystemExit) as caught:
        sizes(*arguments)
    assert caught.value.code == 2


def test_leaving_out_every_size_is_a_usage_error():
    with pytest.raises(SystemExit):
        sizes("--quick", usual=[1_000_000])


def test_a_size_is_shown_as_people_write_it():
    assert list(map(shortened, (1_000, 250_000, 1_000_000, 1_234))) == ["1k", "250k", "1M", "1234"]


def test_all_requests_are_compared_by_several_processes_when_asked(capsys):
    options = ["--sizes", "200", "--requests", "12", "--seconds", "0", "--check-all", "--processes", "2"]
    assert resolve.main(options) == 0
    printed = capsys.readouterr()
    assert "9 of 9 compared, 0 different" in printed.err
    assert " 12         0" in printed.out


def test_an_answer_that_differs_in_another_process_fails(monkeypatch, capsys):
    monkeypatch.setattr(comparing, "differ", lambda *_: True)
    options = ["--sizes", "100", "--requests", "5", "--seconds", "0", "--check-all", "--processes", "1"]
    assert resolve.main(options) == 1
    assert "2 different" in capsys.readouterr().err
