"""`add --sync` and `add --watch` as they are typed."""

import pytest


@pytest.fixture
def synced(cli, project):
    assert cli("add", "assets", "--sync").code == 0
    return project


def test_what_was_deleted_is_told_and_marked(cli, synced):
    (synced / "assets" / "red.png").unlink()
    told = cli("add", "assets", "--sync", "--dry-run")
    assert (told.code, told.err.split("; ")[0]) == (0, "dry run: 2 known, 1 missing\n")
    told = cli("add", "assets", "--sync", "--json").body
    assert [item["path"] for item in told["results"] if item["outcome"] == "missing"] == ["assets/red.png"]
    assert cli("ls", "--json").body["total"] == 2


def test_a_folder_that_is_out_of_reach_is_a_conflict(cli, synced):
    (synced / "assets").rename(synced / "unplugged")
    told = cli("add", "assets", "--sync", "--json")
    assert (told.code, told.error["code"]) == (5, "root_unavailable")
    assert "--accept-root" in told.error["hint"]
    assert cli("ls", "--json").body["total"] == 3
    (synced / "assets").mkdir()
    assert cli("add", "assets", "--sync").code == 5
    assert cli("add", "assets", "--sync", "--accept-root").code == 0
    assert cli("ls", "--json").body["total"] == 0


@pytest.mark.parametrize("options", [["--watch", "--dry-run"], ["--accept-root"]])
def test_options_that_do_not_go_together_are_usage(cli, project, options):
    told = cli("add", "assets", *options)
    assert told.code == 2
    assert "try:" in told.err


def test_a_folder_that_never_was_is_not_found(cli, project):
    assert cli("add", "never", "--sync").code == 4
    assert cli("add", "never", "--watch").code == 4
