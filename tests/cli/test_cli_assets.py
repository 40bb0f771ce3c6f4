"""`add`, `ls`, `search`, `show`, `rm`, `restore`, `tag`, `untag`, `undo`, `redo`, `history` as a person types them."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from gallery_builders import open_folder
from PIL import Image

from callsheet.exit_codes import ExitCode
from gallery.intake.inspecting import NO_MEDIA


def test_a_folder_is_added_where_it_lies(cli, project):
    outcome = cli("add", "assets", "--json")

    assert outcome.code == ExitCode.OK
    assert [item["outcome"] for item in outcome.body["results"]] == ["added"] * 3
    assert [item["path"] for item in outcome.body["results"]] == [
        "assets/blue.png",
        "assets/green.png",
        "assets/red.png",
    ]
    assert outcome.body["batch"] == 1
    assert sorted(path.name for path in (project / "assets").iterdir()) == ["blue.png", "green.png", "red.png"]


def test_adding_again_changes_nothing(cli, gallery):
    again = cli("add", "assets", "--json")

    assert {item["outcome"] for item in again.body["results"]} == {"known"}
    assert again.body["batch"] is None


def test_a_dry_run_of_add_writes_nothing(cli, project):
    outcome = cli("add", "assets", "--dry-run")

    assert outcome.code == ExitCode.OK
    assert not (project / ".callsheet").exists()


def test_an_unreadable_picture_is_reported_and_the_rest_go_in(cli, project):
    whole = io.BytesIO()
    Image.effect_noise((64, 64), 80).save(whole, "PNG")
    (project / "assets" / "torn.png").write_bytes(whole.getvalue()[:900])

    outcome = cli("add", "assets")

    assert outcome.code == ExitCode.PARTLY
    assert "torn.png" in outcome.err
    assert len(cli("ls", "--json").body["assets"]) == 3


def test_only_failures_is_not_a_part(cli, project):
    outcome = cli("add", "assets/nowhere.png")

    assert outcome.code == ExitCode.NOT_FOUND
    assert "nowhere.png" in outcome.err


def test_paths_can_come_from_stdin(cli, project, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("assets/red.png\n\nassets/blue.png\n"))

    assert len(cli("add", "-", "--json").body["results"]) == 2


def test_what_is_added_can_be_tagged_at_once(cli, project):
    cli("add", "assets", "--add", "NPC:Alexander", "--add", "role:char:hero")

    assert {tuple(asset["tags"]) for asset in cli("ls", "--json").body["assets"]} == {("npc:alex", "role:char:hero")}


def test_a_wrong_tag_stops_an_add_before_anything_is_read(cli, project):
    outcome = cli("add", "assets", "--add", "npc:alx", "--json")

    assert outcome.code == ExitCode.USAGE
    assert "npc:alex" in outcome.error["hint"] + outcome.error["message"]
    assert not (project / ".callsheet").exists()


def test_ls_has_the_agreed_shape(cli, gallery):
    body = cli("ls", "--json").body
    asset = body["assets"][0]

    assert set(body) == {"assets", "total", "cursor"}
    assert set(asset) == {
        *("id", "path", "url", "tags", "media_type", "rating", "width", "height", "created_at", "version"),
        *("edited_at", "duration"),
    }
    assert re.fullmatch(r"a[0-9a-f]{16}", asset["id"])
    assert asset["url"].startswith("file:///")
    assert asset["created_at"].endswith("Z")
    assert datetime.fromisoformat(asset["created_at"]).tzinfo is not None


def test_pages_follow_one_another_by_cursor_and_the_total_is_told_once(cli, gallery):
    first = cli("ls", "--limit", "2", "--json").body
    second = cli("ls", "--limit", "2", "--cursor", first["cursor"], "--json").body

    assert (first["total"], second["total"]) == (3, None)
    assert second["cursor"] is None
    assert {asset["id"] for asset in first["assets"] + second["assets"]} == set(gallery.values())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (("role:bg",), {"red"}),
        (("-role:bg",), {"green", "blue"}),
        (("-role:char:hero", "-role:bg"), {"blue"}),
        (("not", "npc:*"), {"red", "blue"}),
        (("--", "-npc:*"), {"red", "blue"}),
        (("loc:dungeon",), {"red"}),
        (("npc:alexander",), {"green"}),
        (('"red.png"',), {"red"}),
        (("role:bg", "npc:alex"), set()),
    ],
)
@pytest.mark.parametrize("command", ["ls", "search"])
def test_a_query_may_begin_with_a_dash(cli, gallery, command, query, found):
    cli("tag", gallery["red"], "--add", "role:bg", "--add", "loc:dungeon_entrance")
    cli("tag", gallery["green"], "--add", "npc:alex", "--add", "role:char:hero")

    outcome = cli(command, "--json", *query)

    assert outcome.code == ExitCode.OK, outcome.err
    assert {Path(asset["path"]).stem for asset in outcome.body["assets"]} == found


def test_a_mistyped_option_of_search_is_not_taken_for_a_query(cli, gallery):
    outcome = cli("search", "role:bg", "--jsn")

    assert outcome.code == ExitCode.USAGE
    assert "--jsn" in outcome.err


def test_a_query_that_cannot_be_read_shows_the_place(cli, gallery):
    outcome = cli("search", "role:bg (npc:alex")

    assert outcome.code == ExitCode.USAGE
    assert "^" in outcome.err


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        ("npc:alexx", "npc:alex"),
        ("loc:dungon", "loc:dungeon"),
        ("alex", "npc:alex"),
        ("-role:bgg npc:alxe", "npc:alex"),
    ],
)
def test_a_search_that_finds_nothing_names_what_may_be_misspelt(cli, gallery, query, nearest):
    outcome = cli("search", "--", query)

    assert outcome.code == ExitCode.OK
    assert nearest in outcome.err


def test_one_quoted_word_is_a_whole_query(cli, gallery):
    cli("tag", gallery["red"], "--add", "npc:alex")

    assert cli("search", "npc:alex -role:bg", "--json").body["total"] == 1


def test_two_dashes_before_a_tag_are_no_double_negation(cli, gallery):
    outcome = cli("ls", "--role:bg")

    assert outcome.code == ExitCode.USAGE
    assert "-role:bg" in outcome.err


def test_an_empty_path_is_not_the_current_folder(cli, project):
    assert cli("add", "").code == ExitCode.USAGE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")
def test_a_file_without_rights_is_one_failure_of_many(project):
    code = (
        "import os, sys\nfrom callsheet.cli.app import run\n"
        "run(['add', 'assets/green.png'])\n"  # loads every module while they can be read
        "[os.chown(os.path.join(at, name), 65534, 65534)"
        " for at, folders, files in os.walk('.callsheet') for name in [*folders, *files, '.']]\n"
        "os.seteuid(65534)\n"
        "sys.exit(run(['add', 'assets/red.png', 'assets/blue.png', '--json']))"
    )
    with open_folder() as place:  # every other session of pytest closes the folder that they all share
        open_project = shutil.copytree(project, place / "project")
        os.chown(open_project, 65534, 65534)
        (open_project / "assets" / "red.png").chmod(0)
        command = [sys.executable, "-c", code]
        own = {name: str(place / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
        done = subprocess.run(
            command, cwd=open_project, env=os.environ | own, capture_output=True, text=True, check=False
        )

    assert done.returncode == ExitCode.PARTLY, done.stderr
    report = json.loads("{" + done.stdout.rpartition("\n{")[2])
    assert [item["outcome"] for item in report["results"]] == ["failed", "added"]


def test_tags_given_with_add_are_mentioned_for_known_files_too(cli, gallery):
    outcome = cli("add", "assets", "--add", "npc:alex")

    assert "tagged npc:alex" in outcome.err
    assert cli("search", "npc:alex", "--json").body["total"] == 3


def test_an_empty_gallery_lists_nothing_and_says_so(cli, project):
    outcome = cli("ls")

    assert (outcome.code, outcome.out) == (ExitCode.OK, "")
    assert "no asset" in outcome.err


def test_show_tells_all_of_one_asset_by_a_prefix(cli, gallery):
    body = cli("show", gallery["red"][:8], "--json").body

    assert body["id"] == gallery["red"]
    assert {"generation", "parents", "history", "paths", "sha256"} <= set(body)
    assert gallery["red"] in cli("show", gallery["red"]).out


def test_an_unknown_id_is_exit_4_and_an_ambiguous_one_exit_2_with_the_list(cli, gallery):
    assert cli("show", "a0000000000000000").code == ExitCode.NOT_FOUND
    ambiguous = cli("show", "a")
    assert ambiguous.code == ExitCode.USAGE
    assert all(asset in ambiguous.err for asset in gallery.values())


def test_rm_trashes_the_record_and_leaves_the_file(cli, project, gallery):
    body = cli("rm", gallery["red"], "--json").body

    assert set(body) == {"results", "batch"}
    assert set(body["results"][0]) == {"id", "outcome", "error"}
    assert (project / "assets" / "red.png").exists()
    assert gallery["red"] not in {asset["id"] for asset in cli("ls", "--json").body["assets"]}
    assert cli("add", "assets/red.png", "--json").body["results"][0]["outcome"] == "in_trash"
    cli("restore", gallery["red"])
    assert gallery["red"] in {asset["id"] for asset in cli("ls", "--json").body["assets"]}


def test_a_bulk_change_with_an_unknown_id_is_done_for_the_others(cli, gallery):
    outcome = cli("tag", gallery["red"], "affffffffffffffff", "--add", "role:bg", "--json")

    assert outcome.code == ExitCode.PARTLY
    assert [item["outcome"] for item in outcome.body["results"]] == ["changed", "failed"]
    assert outcome.body["results"][1]["error"]["code"] == "not_found"


def test_a_change_of_only_unknown_ids_is_exit_4(cli, gallery):
    assert cli("tag", "affffffffffffffff", "--add", "role:bg").code == ExitCode.NOT_FOUND


@pytest.mark.parametrize("word", ["npc:alex", "+npc:alex", "+draft"])
def test_a_tag_where_an_id_belongs_shows_the_right_form(cli, gallery, word):
    outcome = cli("tag", gallery["red"], word)

    assert outcome.code == ExitCode.USAGE


@pytest.mark.parametrize("word", ["npc:alex", "+npc:alex"])
def test_the_right_form_names_the_tag(cli, gallery, word):
    assert "--add npc:alex" in cli("tag", gallery["red"], word, "--add", "draft").err
    assert "--tag npc:alex" in cli("untag", gallery["red"], word, "--tag", "draft").err


def test_tags_are_stored_canonical_and_taken_away_by_any_name(cli, gallery):
    cli("tag", gallery["red"], "--add", "npc:Alexander", "--add", "cam:pov")
    assert cli("show", gallery["red"], "--json").body["tags"] == ["npc:alex", "camera:view:pov"]

    cli("untag", gallery["red"], "--tag", "npc:alexander")
    assert cli("show", gallery["red"], "--json").body["tags"] == ["camera:view:pov"]


def test_an_unknown_tag_names_the_nearest_and_changes_nothing(cli, gallery):
    outcome = cli("tag", gallery["red"], "--add", "npc:Alexx", "--add", "role:bg")

    assert outcome.code == ExitCode.USAGE
    assert "npc:alex" in outcome.err
    assert cli("show", gallery["red"], "--json").body["tags"] == []


def test_a_slip_in_a_free_word_gets_a_notice(cli, gallery):
    outcome = cli("tag", gallery["red"], "--add", "gravelrd")

    assert outcome.code == ExitCode.OK
    assert "npc:boss_01" in outcome.err


def test_all_that_a_query_finds_can_be_tagged_after_a_dry_run(cli, gallery):
    dry = cli("tag", "--query", "not role:bg", "--add", "role:bg", "--dry-run")
    assert dry.code == ExitCode.OK
    assert cli("search", "role:bg", "--json").body["total"] == 0

    cli("tag", "--query", "not role:bg", "--add", "role:bg")
    assert cli("search", "role:bg", "--json").body["total"] == 3


def test_ids_and_a_query_together_are_refused(cli, gallery):
    assert cli("tag", gallery["red"], "--query", "x", "--add", "role:bg").code == ExitCode.USAGE


def test_undo_and_redo_survive_the_end_of_the_program(cli, gallery):
    cli("tag", gallery["red"], "--add", "role:bg")
    cli("undo")
    assert cli("search", "role:bg", "--json").body["total"] == 0
    cli("redo")
    assert cli("search", "role:bg", "--json").body["total"] == 1
    cli("undo"), cli("undo")
    assert cli("ls", "--json").body["total"] == 0


@pytest.mark.parametrize("command", ["undo", "redo"])
def test_a_dry_run_of_undo_and_redo_says_what_would_be_and_changes_nothing(cli, gallery, command):
    cli("tag", gallery["red"], "--add", "role:bg")
    if command == "redo":
        cli("undo")
    before = cli("history", "--json").body

    outcome = cli(command, "--dry-run", "--json")

    done = {"undo": "reverted", "redo": "redone"}[command]
    assert [(item["id"], item["outcome"]) for item in outcome.body["results"]] == [(gallery["red"], done)]
    assert outcome.body["batch"] is None
    assert cli("history", "--json").body == before


def test_a_dry_run_of_undo_makes_no_database(cli, project):
    assert cli("undo", "--dry-run").code == ExitCode.NOT_FOUND
    assert not (project / ".callsheet").exists()


def test_the_trash_can_be_looked_into(cli, gallery):
    cli("rm", gallery["red"])

    assert [asset["id"] for asset in cli("ls", "--trashed", "--json").body["assets"]] == [gallery["red"]]
    assert cli("ls", "--missing", "--json").body["assets"] == []
    assert cli("ls", "--trashed", "--missing").code == ExitCode.USAGE


def test_history_names_what_when_and_who(cli, gallery, monkeypatch):
    monkeypatch.setenv("CALLSHEET_ACTOR", "robin")
    cli("tag", gallery["red"], "--add", "role:bg")

    batches = cli("history", "--json").body["batches"]

    assert [batch["kind"] for batch in batches] == ["tag", "add"]
    assert batches[0]["actor"] == "robin"
    assert "robin" in cli("history").out
    assert [batch["kind"] for batch in cli("history", gallery["blue"], "--json").body["batches"]] == ["add"]


def test_nothing_left_to_undo_is_said(cli, project):
    outcome = cli("undo")

    assert outcome.code == ExitCode.NOT_FOUND
    assert "error:" in outcome.err


def test_257_tags_are_refused(cli, gallery):
    tags = [word for number in range(257) for word in ("--add", f"word{number}")]

    outcome = cli("tag", gallery["red"], *tags)

    assert outcome.code != ExitCode.OK
    assert "256" in outcome.err


HOSTILE = [
    "line\nbreak.png",
    "esc\x1b[31mred.png",
    "osc\x1b]52;c;aGk=\x07.png",
    "[bold]bracket[x].png",
    "bidi\u202egnp.png",
    "zero\u200bwidth.png",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_name_is_shown_and_never_acted_on(cli, project, name):
    Image.new("RGB", (8, 8), (1, 2, len(name))).save(project / "assets" / name)

    for command in (("add", "assets"), ("ls",), ("search", '"png"')):
        outcome = cli(*command)
        assert outcome.code == ExitCode.OK, outcome.err
        shown = outcome.out + outcome.err
        assert not set(shown) & set("\x1b\x07\u202e\u200b")
    listed = cli("ls").out
    assert len([line for line in listed.splitlines() if ".png" in line]) == 4
    if "[" in name and "\x1b" not in name:
        assert name in listed
    assert name in {Path(asset["path"]).name for asset in cli("ls", "--json").body["assets"]}


@pytest.mark.parametrize("tag", ["a\x1b[31mb", "a\u202eb", "a\nb", "[/]", "x" * 200, "npc:", ":", " "])
def test_a_hostile_tag_is_refused_and_shown_harmlessly(cli, gallery, tag):
    outcome = cli("tag", gallery["red"], "--add", tag)

    assert outcome.code == ExitCode.USAGE
    assert "\x1b" not in outcome.err
    assert "\u202e" not in outcome.err


def test_an_add_names_what_it_skipped_and_why_and_how_it_is_taken_back(cli, project):
    for name in ("one.txt", "two.txt", ".hidden"):
        (project / "assets" / name).write_text("words")

    told = cli("add", "assets").err.splitlines()

    assert told == [
        "skipped: assets/.hidden: its name begins with a dot",
        f"skipped: assets/one.txt, assets/two.txt: {NO_MEDIA.message}",
        "3 added, 3 skipped; batch 1, `callsheet undo` takes it back",
    ]


def test_an_add_does_not_promise_to_take_back_what_was_found_on_disk(cli, project, gallery):
    Image.new("RGB", (9, 9)).save(project / "assets" / "red.png")

    assert cli("add", "assets").err == "1 changed, 2 known; batch 2\n"


def test_an_undo_names_the_batches_it_passed_over(cli, project, gallery):
    cli("tag", gallery["green"], "--add", "role:bg")
    Image.new("RGB", (9, 9)).save(project / "assets" / "red.png")
    cli("add", "assets")

    assert "passed over: batch 3 (add), of which nothing can be taken back" in cli("undo").err


def test_an_unknown_kind_of_history_is_refused_with_the_kinds(cli, gallery):
    outcome = cli("history", "--kind", "bogus")

    assert outcome.code == ExitCode.USAGE
    assert "add, tag, rate" in outcome.err


@pytest.mark.parametrize("query", ["", " ", "\t"])
def test_a_search_for_nothing_is_refused_however_it_is_written(cli, gallery, query):
    assert cli("search", query).code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("command", "form"),
    [
        (("suggest", "is:untagged"), "callsheet suggest --query is:untagged"),
        (("tag", "is:untagged", "--add", "role:bg"), "callsheet tag --query is:untagged --add TAG"),
        (("tag", "npc:alex"), "callsheet tag ID --add npc:alex"),
        (("export",), "export game.jsonl"),
        (("import", "-"), "--format, one of jsonl, csv"),
    ],
)
def test_a_word_in_the_wrong_place_is_answered_with_the_form_that_is_meant(cli, gallery, command, form):
    outcome = cli(*command)

    assert outcome.code == ExitCode.USAGE
    assert form in outcome.err


def test_an_asset_whose_file_holds_another_picture_shows_where_it_was(cli, project, gallery):
    shutil.copy(project / "assets" / "green.png", project / "assets" / "red.png")
    cli("add", "assets")

    assert "path     assets/red.png (it was there; no file holds it now)" in cli("show", gallery["red"]).out


@pytest.mark.parametrize("command", [["history"], ["stats"], ["ontology", "show"], ["--help"]])
def test_a_reader_that_goes_away_is_no_failure(project, gallery, command):
    """As of `callsheet … | head`: nothing is said, and the exit code is 0."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "callsheet", *command],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")


def test_a_tag_that_looks_like_a_slip_is_noticed_when_it_is_added_with_files(cli, project):
    told = cli("add", "assets", "--add", "dungeom").err

    assert "is new, and close to" in told
    assert "3 added" in told
