"""The benchmarks can be found and run, and their made-up gallery has the proportions it claims."""

import re
import subprocess
import sys
from statistics import mean

import pytest

from benchmarks import gallery, plain
from benchmarks.__main__ import found, main
from benchmarks.population import make_assets, make_requests
from resolver import resolve_assets_for_action


def test_without_a_name_the_benchmarks_are_listed(root):
    run = subprocess.run([sys.executable, "-m", "benchmarks"], cwd=root, capture_output=True, text=True, check=True)
    assert [line.split()[0] for line in run.stdout.splitlines()[2:]] == list(found())
    assert "plain" in found()


def test_a_module_without_main_is_no_benchmark():
    assert "population" not in found()


def test_an_unknown_name_is_a_usage_error_that_names_the_nearest(capsys):
    assert main(["plane"]) == 2
    assert "did you mean plain?" in capsys.readouterr().err


def test_the_plain_benchmark_prints_figures_and_what_an_asset_and_an_answer_cost(monkeypatch, capsys):
    monkeypatch.setattr(plain, "SLOPE_FROM", 200)
    assert main(["plain", "--sizes", "200,2000", "--requests", "3"]) == 0
    printed = capsys.readouterr().out
    assert "3 requests" in printed
    assert [line.split()[0] for line in printed.splitlines()[3:5]] == ["200", "2,000"]
    assert re.search(r"an asset, 200 to 2k: .* x \(<= 3\)", printed)
    assert re.search(r"an answer at 200: .* x \(<= 8\)", printed)


@pytest.mark.parametrize("name", ["TARGET", "ANSWER_TARGET"])
@pytest.mark.parametrize(("target", "code"), [(1e9, 0), (-1e9, 1)])
def test_check_fails_exactly_when_a_target_is_missed(monkeypatch, capsys, name, target, code):
    for limit in ("TARGET", "ANSWER_TARGET"):
        monkeypatch.setattr(plain, limit, target if limit == name else 1e9)
    monkeypatch.setattr(plain, "SLOPE_FROM", 50)
    assert main(["plain", "--sizes", "50,2000", "--requests", "2", "--check"]) == code
    assert ("MISSED" in capsys.readouterr().out) == bool(code)


def test_sizes_without_a_target_are_no_failure(capsys):
    assert main(["plain", "--sizes", "2000", "--requests", "1", "--check"]) == 0
    assert "these sizes have no target" in capsys.readouterr().out


def test_the_same_seed_makes_the_same_gallery_and_a_longer_one_begins_like_a_shorter():
    assert make_assets(200)[:50] == make_assets(50)
    assert make_requests(20)[:5] == make_requests(5)


def test_the_made_up_gallery_has_the_proportions_it_claims():
    assets = make_assets(5000)
    assert mean(len(asset.tags) for asset in assets) == pytest.approx(5.43, abs=0.15)
    assert mean("role:bg" in asset.tags for asset in assets) == pytest.approx(0.237, abs=0.02)
    assert mean("npc:c0" in asset.tags for asset in assets) == pytest.approx(0.085, abs=0.02)
    assert mean(len(plain.slot_ids(request)) for request in make_requests(500)) == pytest.approx(4.5, abs=0.2)


def test_the_bare_loop_finds_every_asset_that_the_resolver_takes_for_the_identity_itself():
    assets, requests = make_assets(500), make_requests(20)
    tagged = plain.sets_of(assets)
    checked = 0
    for request in requests:
        identities = plain.slot_ids(request)
        found = dict(zip(identities, plain.bare_loop(tagged, identities), strict=True))
        for match in resolve_assets_for_action(request, assets).matches:
            if match.tier in {"exact", "identity"}:
                assert match.asset.id in found[match.identity]
                checked += 1
    assert checked > 20


def test_the_gallery_benchmark_measures_each_part_and_its_code_is_its_verdict(capsys):
    for part, lines in {"rows": 2, "likeness": 2, "pages": 1, "adding": 2}.items():
        small = ["--passes", "1", "--png", "2", "--jpeg", "2", "--rows", "30", "--assets", "1000", "--only", part]
        code = gallery.main(small)
        printed = capsys.readouterr().out
        assert printed.count("target") >= lines, part
        assert (code == 1) == ("MISSED" in printed)
