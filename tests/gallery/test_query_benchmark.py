"""The benchmark of searches runs, and can fail."""

import pytest

from benchmarks import query
from benchmarks.__main__ import main


@pytest.mark.parametrize(("target", "code"), [(1e9, 0), (0.0, 1)])
def test_the_benchmark_measures_every_query_and_fails_exactly_when_its_target_is_missed(
    monkeypatch, capsys, tmp_path, target, code
):
    monkeypatch.setattr(query, "TARGET", target)
    path = tmp_path / "gallery.db"
    assert main(["query", "--assets", "120", "--rounds", "1", "--check", "--database", str(path)]) == code
    printed = capsys.readouterr().out
    assert all(text in printed for text in (*query.INDEXED[1:], *query.COMMON_QUERIES, *query.OTHER_QUERIES))
    assert ("MISSED" in printed) == bool(code)
    assert main(["query", "--rounds", "1", "--query", "role:bg", "--database", str(path)]) == 0
