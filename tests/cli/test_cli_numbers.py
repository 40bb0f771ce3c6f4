"""`stats`, `coverage` as a picture, `sheet`: the gallery in numbers and pictures, from the command line."""

import re

import pytest

from callsheet.cli.statistics import size_text


def test_stats_count_everything(cli, demo):
    out = cli("stats").out
    assert out.startswith("47 assets, 2.4 MB · 0 in the trash · 0 missing\n44 tagged · 3 untagged\n")
    assert re.search(r"^image +47 +2\.4 MB$", out, re.MULTILINE)
    assert re.search(r"^characters +25 +22 +14 +player×4 npc:alex×3 ", out, re.MULTILINE)


def test_stats_of_a_query_as_json(cli, demo):
    body = cli("stats", "--query", "role:bg", "--top", "1", "--json").body
    assert (body["query"], body["assets"]) == ("role:bg", cli("search", "role:bg", "--json").body["total"])
    assert body["facets"]["role"] == {
        "assets": body["assets"],
        "different": 1,
        "top": [{"value": "role:bg", "assets": body["assets"]}],
    }


def test_stats_of_nothing_are_short(cli, demo):
    assert (
        cli("stats", "--query", "npc:boss_02").out
        == "0 assets, 0 bytes · 0 in the trash · 0 missing\n0 tagged · 0 untagged\n"
    )


def test_a_bad_query_of_stats_is_a_usage_error(cli, demo):
    outcome = cli("stats", "--query", "(", "--json")
    assert (outcome.code, outcome.error["code"]) == (2, "query")


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (2_345_678, "2.3 MB"), (7e15, "7000.0 TB")]
)
def test_sizes_are_readable(size, text):
    assert size_text(int(size)) == text


def test_coverage_is_drawn_and_written_as_a_page(cli, demo):
    outcome = cli("coverage", "--png", "map.png", "--html", "map.html")
    assert (outcome.code, outcome.out) == (0, "wrote map.png\nwrote map.html\n")
    page = (demo / "map.html").read_text(encoding="utf-8")
    assert "Coverage of Dungeon School" in page
    assert page.count('class="gap" title') == len(cli("coverage", "--json").body["gaps"])
    again = cli("coverage", "--png", "map.png", "--json")
    assert (again.code, again.error["code"]) == (5, "exists")
    assert cli("coverage", "--png", "map.png", "--force", "--json").body == {"files": ["map.png"]}


def test_force_without_a_file_is_a_usage_error(cli, demo):
    assert cli("coverage", "--force").code == 2


def test_a_sheet_is_drawn(cli, demo):
    outcome = cli("sheet", "heroes.png", "--query", "role:char:hero", "--caption", "tags", "--columns", "3")
    assert (outcome.code, outcome.out) == (0, "wrote heroes.png\n")
    body = cli("sheet", "heroes.png", "--query", "role:char:hero", "--limit", "2", "--force", "--json").body
    assert body == {"files": ["heroes.png"], "assets": 2, "total": 6, "without_picture": []}


def test_a_sheet_with_a_picture_that_is_nowhere_is_partly_done(cli, gallery, project):
    for thumbnail in (project / ".callsheet" / "thumbs").rglob("*.*"):
        thumbnail.unlink()
    (project / "assets" / "red.png").unlink()
    outcome = cli("sheet", "all.png")
    assert (outcome.code, outcome.out) == (3, "wrote all.png\n")
    assert f"none of the files of {gallery['red']} is there" in outcome.err


def test_a_dry_run_draws_nothing(cli, demo):
    assert cli("sheet", "all.png", "--dry-run").out == "would write all.png\n"
    assert cli("coverage", "--html", "map.html", "--dry-run").out == "would write map.html\n"
    assert not list(demo.glob("*.png")) + list(demo.glob("*.html"))
