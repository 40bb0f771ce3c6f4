"""`callsheet suggest`: tables with reasons, accepting, rejecting, and what is refused."""

import pytest
from PIL import Image


@pytest.fixture
def asset(cli, project):
    """A picture called after a person and a place, and its id."""
    Image.new("RGB", (8, 8), "navy").save(project / "assets" / "alex_dungeon-entrance.png")
    (item,) = cli("add", "assets/alex_dungeon-entrance.png", "--json").body["results"]
    return item["id"]


def tags(cli, asset_id):
    return cli("show", asset_id, "--json").body["tags"]


def test_the_table_shows_what_is_suggested_how_sure_and_why(cli, asset):
    shown = cli("suggest", asset)
    assert shown.code == 0
    assert shown.out.splitlines()[0] == f"{asset}  assets/alex_dungeon-entrance.png"
    assert "0.92  npc:alex" in shown.out
    assert "the file name “alex_dungeon-entrance” holds “alex”, a name of Alex" in shown.out
    assert "--accept TAG" in shown.err


def test_the_json_lists_every_suggestion_with_its_sources(cli, asset):
    body = cli("suggest", asset, "--json", "--limit", "1").body
    (one,) = body["suggestions"]
    assert (one["id"], one["sources"][0]["source"]) == (asset, "path")
    assert body["results"] == [{"id": asset, "outcome": "suggested", "error": None}]


def test_a_dry_run_shows_what_is_then_written_and_undo_takes_it_back(cli, asset):
    tried = cli("suggest", "--query", '"alex"', "--accept-above", "0.9", "--dry-run", "--json").body
    assert tags(cli, asset) == []
    done = cli("suggest", "--query", '"alex"', "--accept-above", "0.9", "--json").body
    assert done["suggestions"] == tried["suggestions"]
    assert (
        sorted(tags(cli, asset))
        == sorted(one["tag"] for one in tried["suggestions"])
        == [
            "loc:dungeon_entrance",
            "npc:alex",
        ]
    )
    assert cli("history", "--json").out.count('"suggestion"') == 1
    assert cli("undo").code == 0
    assert tags(cli, asset) == []


def test_accepting_one_tag_says_what_was_done_and_how_to_take_it_back(cli, asset):
    done = cli("suggest", asset, "--accept", "npc:alex")
    assert done.code == 0
    assert "npc:alex" in done.out
    assert "1 tag for 1 asset (1 changed); batch" in done.err
    assert tags(cli, asset) == ["npc:alex"]


def test_accepting_what_is_not_suggested_changes_nothing_and_shows_the_other_way(cli, asset):
    done = cli("suggest", asset, "--accept", "npc:boss_01")
    assert done.code == 0
    assert "callsheet tag ID --add npc:boss_01" in done.err
    assert tags(cli, asset) == []


def test_a_rejected_tag_stays_away_until_it_is_allowed_again(cli, asset):
    assert cli("suggest", asset, "--reject", "npc:alexander").code == 0
    shown = cli("suggest", asset)
    assert "rejected npc:alex" in shown.out
    assert "0.92  npc:alex" not in shown.out
    assert cli("suggest", asset, "--unreject", "npc:alex").code == 0
    assert "0.92  npc:alex" in cli("suggest", asset).out


def test_one_source_can_be_asked_alone(cli, asset):
    assert "nothing to suggest" in cli("suggest", asset, "--source", "folder").out
    assert cli("suggest", asset, "--source", "path", "--json").body["suggestions"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("npc:alex",), 2),
        (("a0000000000000000",), 4),
        (("--query", "role:bg", "--accept", "npc:alex", "--reject", "npc:boss_01"), 2),
        (("--query", "role:bg", "--source", "nose"), 2),
        (("--query", "role:bg", "--limit", "0"), 2),
        (("--query", "role:bg", "--accept-above", "2"), 2),
        (("--query", "role:bg", "--accept", "view:pov"), 2),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_way_out(cli, asset, arguments, code):
    refused = cli("suggest", *arguments, "--json")
    assert refused.code == code
    if code == 2:
        assert refused.error["hint"]
