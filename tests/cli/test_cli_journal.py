"""`rate`, `note`, `confirm`, `link`, `collection …`, `history` and `show --tree` as a person types them."""

import io

import pytest

from callsheet.exit_codes import ExitCode


def test_rate_and_its_undo(cli, gallery):
    assert "changed" in cli("rate", gallery["red"], "--rating", "4").out
    assert cli("show", gallery["red"], "--json").body["rating"] == 4
    assert "★★★★" in cli("ls").out
    cli("rate", "--query", "is:untagged or red", "--rating", "none", "--dry-run")
    cli("undo")
    assert cli("show", gallery["red"], "--json").body["rating"] is None


@pytest.mark.parametrize("rating", ["6", "-1", "x", "", "3.5"])
def test_what_is_no_rating_is_a_usage_error(cli, gallery, rating):
    outcome = cli("rate", gallery["red"], "--rating", rating, "--json")
    assert (outcome.code, outcome.error["code"]) == (ExitCode.USAGE, "usage")


def test_all_that_a_query_finds_is_rated_at_once(cli, gallery):
    cli("tag", gallery["red"], gallery["blue"], "--add", "npc:alex")
    assert cli("rate", "--query", "npc:alex", "--rating", "5", "--json").body["batch"] == 3
    cli("rate", "--query", "npc:alex", "--rating", "none")
    assert cli("show", gallery["red"], "--json").body["rating"] is None


def test_a_note_is_shown_literally_line_by_line(cli, gallery, monkeypatch):
    text = "hand is wrong\n\x1b[31mred\x1b[0m [bold]x[/bold] \u202e"
    cli("note", gallery["red"], "--text", text)
    shown = cli("show", gallery["red"]).out
    assert "note     hand is wrong\n         \\x1b[31mred\\x1b[0m [bold]x[/bold] \\u202e\n" in shown
    assert cli("show", gallery["red"], "--json").body["note"] == text
    monkeypatch.setattr("sys.stdin", io.StringIO("from a pipe\n"))
    cli("note", gallery["red"], "--text", "-")
    assert cli("show", gallery["red"], "--json").body["note"] == "from a pipe"
    cli("note", gallery["red"], "--clear")
    assert cli("show", gallery["red"], "--json").body["note"] is None


@pytest.mark.parametrize("words", [(), ("--text", "x", "--clear"), ("-", "--text", "-")])
def test_a_note_is_one_thing(cli, gallery, words):
    assert cli("note", gallery["red"], *words).code == ExitCode.USAGE


def test_a_note_that_is_too_long_names_the_limit(cli, gallery):
    outcome = cli("note", gallery["red"], "--text", "x" * 10_001)
    assert outcome.code == ExitCode.USAGE
    assert "10,000" in outcome.err


def test_an_edited_file_is_marked_until_it_is_confirmed(cli, gallery, project):
    cli("tag", gallery["red"], "--add", "npc:alex")
    (project / "assets" / "red.png").write_bytes((project / "assets" / "blue.png").read_bytes() + b"\0")
    assert cli("add", "assets", "--json").body["results"][2]["outcome"] == "changed"
    listed = cli("ls", "npc:alex")
    assert "assets/red.png (edited)" in listed.out
    assert "callsheet confirm" in listed.err
    assert "edited" in cli("show", gallery["red"]).out
    assert "tags were not looked at" in cli("doctor").out
    assert "confirmed" in cli("confirm", "--query", "npc:alex").out
    assert "edited" not in cli("ls").out


def test_lineage_is_told_and_shown_as_a_tree(cli, gallery):
    red, green, blue = (gallery[name] for name in ("red", "green", "blue"))
    elsewhere = "a0123456789abcdef"
    cli("link", red, "--parent", green, "--parent", elsewhere, "--operation", "Fusion")
    cli("link", green, "--parent", blue)
    shown = cli("show", red, "--tree").out
    assert f"made     by fusion\n         from {green}\n         from {elsewhere}\n" in shown
    tree = shown[shown.index("made from") :]
    assert tree.splitlines() == [
        "made from",
        f"├── {green}  assets/green.png",
        f"│   └── {blue}  assets/blue.png",
        f"└── {elsewhere}  (not in this gallery)",
    ]
    assert f"└── {red}  fusion  assets/red.png" in cli("show", green, "--tree").out
    body = cli("show", red, "--tree", "--json").body
    assert (body["parents"], body["operation"]) == ([green, elsewhere], "fusion")
    assert [item["id"] for item in body["tree"]["ancestors"]] == [green, elsewhere]
    assert "tree" not in cli("show", red, "--json").body
    cli("link", red, "--clear")
    assert cli("show", red, "--json").body["parents"] == []
    assert "no ancestors" in cli("show", red, "--tree").err


def test_nothing_is_made_from_itself(cli, gallery):
    outcome = cli("link", gallery["red"], "--parent", gallery["red"])
    assert outcome.code == ExitCode.USAGE
    assert "made from itself" in outcome.err


@pytest.mark.parametrize(
    "words", [(), ("--clear", "--operation", "fusion"), ("--parent", "npc:alex"), ("--operation", "a:b")]
)
def test_what_cannot_be_linked_is_a_usage_error(cli, gallery, words):
    assert cli("link", gallery["red"], *words).code == ExitCode.USAGE
    assert cli("history", "--json").body["batches"][0]["kind"] == "add"


def test_a_parent_that_does_not_exist_is_not_found(cli, gallery):
    assert cli("link", gallery["red"], "--parent", "a00").code == ExitCode.NOT_FOUND


def test_a_collection_from_its_making_to_its_end(cli, gallery):
    red, green, blue = (gallery[name] for name in ("red", "green", "blue"))

    def order():
        return [item["id"] for item in cli("collection", "show", "alex_approved", "--json").body["assets"]]

    assert "created    collection:alex_approved" in cli("collection", "create", "Alex approved", red, green).out
    assert "alex_approved" in cli("collection", "ls").out
    cli("collection", "add", "alex_approved", blue, "--at", "1")
    assert order() == [blue, red, green]
    cli("collection", "move", "Alex Approved", red, "--to", "3")
    assert order() == [blue, green, red]
    cli("rm", green)
    shown = cli("collection", "show", "alex_approved")
    assert "2 of 2, 1 more in the trash or missing" in shown.err
    assert "assets/blue.png" in shown.out
    cli("restore", green)
    cli("collection", "remove", "alex_approved", blue)
    assert order() == [green, red]
    cli("collection", "rename", "alex_approved", "Alex final")
    body = cli("collection", "ls", "--json").body["collections"]
    assert [(item["name"], item["label"], item["size"]) for item in body] == [("alex_final", "Alex final", 2)]
    cli("collection", "rm", "alex_final")
    assert "no collection yet" in cli("collection", "ls").err
    for _ in range(2):
        cli("undo")
    assert order() == [green, red]
    told = cli("history").out
    assert "collection alex_approved created" in told
    assert "collection alex_final removed, undone by" in told


def test_a_collection_is_made_of_what_a_query_finds(cli, gallery):
    cli("tag", gallery["red"], "--add", "npc:alex")
    cli("collection", "create", "alex", "--query", "npc:alex")
    assert [item["id"] for item in cli("collection", "show", "alex", "--json").body["assets"]] == [gallery["red"]]


def test_wrong_names_and_unknown_collections(cli, gallery):
    assert cli("collection", "create", "npc:alex").code == ExitCode.USAGE
    assert cli("collection", "show", "nope").code == ExitCode.NOT_FOUND
    cli("collection", "create", "mine")
    assert cli("collection", "create", "Mine").code == ExitCode.CONFLICT
    assert cli("collection", "move", "mine", gallery["red"], "--to", "1").code == ExitCode.NOT_FOUND
    assert cli("collection", "add", "mine", "npc:alex").code == ExitCode.USAGE
    assert cli("collection", "ls").out.split() == ["NAME", "ASSETS", "LABEL", "mine", "0", "mine"]


def test_history_can_be_asked_for_a_part(cli, gallery):
    cli("tag", gallery["red"], "--add", "npc:alex")

    def kinds(*words):
        return [batch["kind"] for batch in cli("history", *words, "--json").body["batches"]]

    assert kinds() == ["tag", "add"]
    assert kinds("--kind", "tag") == ["tag"]
    assert kinds("--since", "2999-01-01") == kinds("--actor", "nobody") == kinds("--origin", "suggestion") == []
    assert kinds(gallery["red"], "--kind", "add") == ["add"]
    assert "no such change" in cli("history", "--actor", "nobody").err
    assert cli("history", "--since", "yesterday").code == ExitCode.USAGE
    assert cli("history", "--origin", "magic").code == ExitCode.USAGE
    (told,) = cli("history", gallery["red"], "--kind", "tag", "--json").body["batches"]
    assert (told["before"], told["after"]) == ({"tags": []}, {"tags": ["npc:alex"]})


def test_looking_at_collections_makes_nothing(cli, project):
    for command in (("collection", "ls"), ("collection", "show", "x"), ("show", "a1", "--tree")):
        cli(*command)
    assert not (project / ".callsheet").exists()


def test_history_goes_on_where_a_page_ended(cli, gallery):
    for word in ("lantern", "fog", "rain"):
        cli("tag", gallery["blue"], "--add", word)
    whole = cli("history", "--json").body
    first = cli("history", "--limit", "2", "--json").body
    assert f"more: --cursor {first['cursor']}" in cli("history", "--limit", "2").err
    rest = cli("history", "--cursor", first["cursor"], "--json").body
    assert (first["batches"] + rest["batches"], rest["cursor"]) == (whole["batches"], None)
    assert cli("history", "--cursor", "x", "--json").code == 2
