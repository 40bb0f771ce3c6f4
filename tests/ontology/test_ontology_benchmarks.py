"""The benchmarks of the vocabulary run, and fail exactly where a ratio misses its target and somebody asked."""

from random import Random

import pytest
from rapidfuzz.distance import OSA

from benchmarks import ontology as ontology_benchmark
from benchmarks import suggest as suggest_benchmark
from benchmarks.vocabulary import make_ontology, mistyped, to_file
from ontology.loader import check_ontology_text

SUGGEST = ["--sizes", "300", "--queries", "30", "--plain", "2"]
ONTOLOGY = ["--sizes", "100", "--repeats", "1"]


@pytest.mark.parametrize(
    ("benchmark", "options", "shown"),
    [(suggest_benchmark, SUGGEST, "WRatio / one edit"), (ontology_benchmark, ONTOLOGY, "yaml / cache")],
)
@pytest.mark.parametrize(("target", "code"), [(0.0, 0), (1e9, 1)])
def test_check_fails_exactly_when_the_ratio_misses_its_target(
    monkeypatch, capsys, benchmark, options, shown, target, code
):
    monkeypatch.setattr(benchmark, "FASTER", target)
    if benchmark is suggest_benchmark:
        monkeypatch.setattr(benchmark, "RECALL", 0.0)
    assert benchmark.main([*options, "--check"]) == code
    assert benchmark.main(options) == 0
    printed = capsys.readouterr().out
    assert shown in printed
    assert ("MISSED" in printed.partition(shown)[2].partition("\n")[0]) == bool(code)


@pytest.mark.parametrize(("benchmark", "option"), [(suggest_benchmark, "--queries"), (ontology_benchmark, "--repeats")])
def test_sizes_below_one_are_refused(benchmark, option):
    with pytest.raises(SystemExit) as caught:
        benchmark.main([option, "0"])
    assert caught.value.code == 2


def test_the_made_up_vocabulary_is_the_same_each_time_and_a_file_without_a_fault():
    made = make_ontology(500, keywords=3)
    assert made == make_ontology(500, keywords=3)
    loaded, faults = check_ontology_text(to_file(made), builtin=False)
    assert faults == ()
    assert dict(loaded.terms) == dict(made.terms)


def test_a_mistake_is_one_edit_or_none():
    chance = Random(1)
    assert {OSA.distance("npc:alex", mistyped("npc:alex", chance)) for _ in range(300)} == {1}
