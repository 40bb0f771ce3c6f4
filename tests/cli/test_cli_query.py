"""The query language and saved searches, typed at a shell."""

import os
from pathlib import Path

import pytest

from callsheet import Workspace
from callsheet.exit_codes import ExitCode


@pytest.fixture
def tagged(cli, gallery):
    cli("tag", gallery["red"], "--add", "npc:alex", "--add", "role:bg")
    cli("tag", gallery["green"], "--add", "loc:dungeon_entrance")
    return gallery


def stems(outcome):
    assert outcome.code == ExitCode.OK, outcome.err
    return [Path(asset["path"]).stem for asset in outcome.body["assets"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (("sort:path",), ["blue", "green", "red"]),
        (("sort:-name", "ratio:4:3", "width:<=32"), ["red", "green", "blue"]),
        (("is:untagged",), ["blue"]),
        (("-is:untagged", "=loc:dungeon"), []),
        (("path:assets/red.png",), ["red"]),
        (("path:assets", "--limit", "1", "sort:-path"), ["red"]),
        (("format:png", "-media:video", "rating:none", "(npc:* or loc:*)", "sort:path"), ["green", "red"]),
        (("mood:very sad",), []),
        (("the dungeon",), []),
        (("Dungeon entrance", "created:2000.."), ["green"]),
    ],
)
@pytest.mark.parametrize("command", ["ls", "search"])
def test_fields_words_and_orders_are_understood_as_they_are_typed(cli, tagged, command, query, found):
    assert stems(cli(command, "--json", *query)) == found


def test_a_changing_command_takes_the_same_queries(cli, tagged):
    assert cli("tag", "--query", "is:untagged format:png", "--add", "sketch").code == ExitCode.OK
    assert stems(cli("search", "--json", "sketch")) == ["blue"]
    assert cli("rm", "--query", "path:assets/blue.png").code == ExitCode.OK
    assert stems(cli("ls", "--json", "is:trashed")) == ["blue"]


def test_a_slip_shows_the_place_and_what_was_meant(cli, tagged):
    outcome = cli("search", "npc:alex", "ratng:3")
    assert outcome.code == ExitCode.USAGE
    assert outcome.err.splitlines() == [
        "error: `ratng` is no field",
        "  npc:alex ratng:3",
        "           ^",
        "  try: did you mean rating:? A tag is looked for with =ratng:…",
    ]
    assert cli("ls", "--json", "is:untaged").error["code"] == "query"


def test_fields_are_not_called_unknown_tags_where_nothing_is_found(cli, tagged):
    outcome = cli("search", "rating:5", "npc:alxe")
    assert "rating" not in outcome.err
    assert "npc:alex" in outcome.err


def test_the_deadline_is_a_setting(cli, tagged, project, monkeypatch):
    assert "search.deadline" in cli("config").out
    monkeypatch.setenv("CALLSHEET_SEARCH__DEADLINE", "0")
    outcome = cli("ls")
    assert outcome.code == ExitCode.USAGE
    assert "search.deadline" in outcome.err
    monkeypatch.setenv("CALLSHEET_SEARCH__DEADLINE", "0.5")
    with Workspace.open(project) as ws:
        assert ws.gallery.context.search_seconds == 0.5


def test_searches_are_saved_listed_used_renamed_and_removed(cli, tagged):
    assert cli("searches", "save", "heroes", "npc:alex", "-loc:*", "--dry-run").code == ExitCode.OK
    assert cli("searches", "ls", "--json").body == {"searches": []}
    saved = cli("searches", "save", "heroes", "npc:alex", "-loc:*", "--json").body
    assert saved["results"] == [{"id": "heroes", "outcome": "saved", "error": None}]
    assert stems(cli("ls", "--json", "@heroes")) == ["red"]
    assert stems(cli("search", "--json", "-@heroes", "sort:path")) == ["blue", "green"]
    assert cli("searches", "show", "heroes").out == "npc:alex -loc:*\n"
    assert cli("searches", "show", "heroes", "--json").body["query"] == "npc:alex -loc:*"
    assert cli("searches", "save", "heroes", "role:bg").code == ExitCode.CONFLICT
    assert cli("searches", "save", "heroes", "role:bg", "--replace").code == ExitCode.OK
    assert cli("searches", "rename", "heroes", "bgs").code == ExitCode.OK
    assert cli("searches").out.split() == ["NAME", "QUERY", "@bgs", "role:bg"]
    assert cli("searches", "rm", "bg").code == ExitCode.NOT_FOUND
    assert cli("searches", "rm", "bgs").code == ExitCode.OK
    assert cli("undo").code == ExitCode.OK
    assert "@bgs" in cli("searches", "ls").out


def test_a_search_with_spaces_keeps_its_quotes_when_it_is_saved(cli, tagged):
    cli("searches", "save", "scarf", "prompt:red scarf", "old gate", "role:bg")
    assert cli("searches", "show", "scarf").out == 'prompt:"red scarf" "old gate" role:bg\n'


@pytest.mark.parametrize("query", ["a" * 1_000_000, "a " * 10_000, "(" * 10_000 + "a" + ")" * 10_000, "sort:id;drop"])
def test_abuse_is_a_usage_error(cli, tagged, query):
    outcome = cli("search", "--", query)
    assert outcome.code == ExitCode.USAGE
    assert len(outcome.err) < 3000


def test_fields_tags_and_saved_searches_are_offered(cli, tagged, project, monkeypatch):
    from callsheet.cli.completion import complete_query, complete_search

    monkeypatch.setitem(os.environ, "CALLSHEET_PROJECT", str(project))
    cli("searches", "save", "heroes", "npc:alex")
    assert [offer for offer, _ in complete_query("rat")] == ["rating:", "ratio:"]
    assert [offer for offer, _ in complete_query("-is:un")] == ["-is:unrated", "-is:untagged"]
    assert [offer for offer, _ in complete_query("sort:-cr")] == ["sort:-created"]
    assert [offer for offer, _ in complete_query("-npc:al")] == ["-npc:alex"]
    assert complete_query("@he") == [("@heroes", "npc:alex")]
    assert complete_search("x") == []
