"""`similar` and `doctor --duplicates` as a person types them."""

import inspect
import shutil

import pytest
from likeness_pictures import blotches, brighter, save

from callsheet.cli.projects import DEFAULT_DUPLICATES
from callsheet.exit_codes import ExitCode
from gallery.likeness import duplicates
from gallery.service import Gallery


@pytest.fixture
def family(cli, project):
    """Ids by name: an original, its brighter and its smaller copy, a stranger, and a picture without features."""
    shutil.rmtree(project / "assets")
    save(blotches(1), project / "assets" / "original.png")
    save(brighter(blotches(1), 1.05), project / "assets" / "bright.png")
    save(blotches(1).resize((200, 200)), project / "assets" / "small.jpg")
    save(blotches(2), project / "assets" / "stranger.png")
    save(blotches(3).resize((1, 1)), project / "assets" / "flat.png")
    added = cli("add", "assets", "--json").body["results"]
    return {item["path"].split("/")[1].split(".")[0]: item["id"] for item in added}


def test_similar_lists_copies_with_their_distance(cli, family):
    body = cli("similar", family["original"], "--json").body

    assert {item["id"] for item in body["assets"]} == {family["bright"], family["small"]}
    assert all(item["distance"] <= body["distance"] == 8 for item in body["assets"])
    shown = cli("similar", family["original"][:6])
    assert shown.code == ExitCode.OK
    assert "assets/small.jpg" in shown.out
    assert "assets/stranger.png" not in shown.out


def test_nothing_similar_is_said_in_words(cli, family):
    assert "nothing is like" in cli("similar", family["stranger"]).err
    assert "no features" in cli("similar", family["flat"]).err


def test_a_tag_where_an_id_belongs_shows_the_right_form(cli, family):
    outcome = cli("similar", "npc:alex")

    assert outcome.code == ExitCode.USAGE
    assert "callsheet search npc:alex" in outcome.err


def test_duplicates_are_only_shown_until_they_are_applied(cli, family):
    shown = cli("doctor", "--duplicates")

    assert shown.code == ExitCode.OK
    assert (shown.out.count("keep"), shown.out.count("trash")) == (1, 2)
    assert "--apply" in shown.err
    tried = cli("doctor", "--duplicates", "--apply", "--dry-run", "--json").body
    assert [group["outcome"] for group in tried["groups"]] == ["merged"]
    assert tried["batch"] is None
    assert cli("ls", "--json").body["total"] == 5


def test_applied_duplicates_lie_in_the_trash_and_undo_brings_them_back(cli, family):
    applied = cli("doctor", "--duplicates", "--apply")

    assert applied.code == ExitCode.OK
    assert "callsheet undo" in applied.err
    assert cli("ls", "--trashed", "--json").body["total"] == 2
    assert "no near-identical" in cli("doctor", "--duplicates").err
    cli("undo")
    assert cli("ls", "--json").body["total"] == 5


def test_doubtful_groups_say_why(cli, family):
    cli("tag", family["original"], "--add", "npc:alex")
    cli("tag", family["small"], "--add", "player")

    shown = cli("doctor", "--duplicates", "--apply")

    assert "doubtful" in shown.out
    assert "npc:alex / player" in shown.err
    assert cli("ls", "--json").body["total"] == 5


@pytest.mark.parametrize(
    "words", [["--apply"], ["--distance", "3"], ["--duplicates", "--repair"], ["--duplicates", "--distance", "9"]]
)
def test_options_that_do_not_belong_together_are_refused(cli, family, words):
    assert cli("doctor", *words).code == ExitCode.USAGE


def test_the_distance_of_the_command_is_that_of_the_library():
    asked = inspect.signature(Gallery.duplicates).parameters["distance"]
    assert asked.default == duplicates.DEFAULT_DISTANCE == DEFAULT_DUPLICATES
