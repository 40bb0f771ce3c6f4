"""`show` says how a picture was made, `add` what it could not read, `reread` reads again."""

from embedded_builders import A1111_TEXT, encode, graph, png

from callsheet.exit_codes import ExitCode


def added(cli, project, data):
    (project / "assets" / "made.png").write_bytes(data)
    return cli("add", "assets/made.png", "--json").body["results"][0]["id"]


def test_show_tells_how_the_picture_was_made(cli, project):
    asset = added(cli, project, png({"parameters": A1111_TEXT}))
    shown = cli("show", asset).out
    for line in (
        "made by  A1111 (from parameters)",
        "prompt   masterpiece, a castle (gate:1.2), <lora:ink_style:0.7>",
        "         at dusk",
        "negative blurry, {curly},",
        "model    ponyXL_v6",
        "seed     18446744073709551615",
        "cfg      6.5",
        "asked    832 × 1216 px",
        "loras    ink_style 0.7",
    ):
        assert line in shown.splitlines()
    body = cli("show", asset, "--json").body["generation"]
    assert (body["tool"], body["seed"], body["steps"]) == ("A1111", "18446744073709551615", 28)


def test_show_says_how_sure_it_is_and_shows_what_is_hidden_in_a_prompt(cli, project):
    prompt = graph(positive=encode("a castle \x1b]0;owned\x07 \u202egnp.exe [bold]x[/bold]\nid       a0000"))
    asset = added(cli, project, png({"workflow": {}, "prompt": prompt | {"more": prompt["save"]}}))
    shown = cli("show", asset).out
    assert "prompt   a castle \\x1b]0;owned\\x07 \\u202egnp.exe [bold]x[/bold]\n         id       a0000" in shown
    assert "\x1b" not in shown
    guess = added(cli, project, png({"parameters": "a castle"}))
    assert (
        "made by  A1111 (from parameters, 50% sure: there are no settings, so it may be any text)"
        in cli("show", guess).out
    )


def test_a_picture_that_says_nothing_shows_nothing(cli, project):
    asset = added(cli, project, png({}))
    assert "made by" not in cli("show", asset).out
    assert cli("show", asset, "--json").body["generation"] is None


def test_add_names_what_it_could_not_read_and_takes_the_picture(cli, project):
    (project / "assets" / "torn.png").write_bytes(png({"prompt": '{"3": '}))
    outcome = cli("add", "assets/torn.png")
    assert outcome.code == ExitCode.OK
    assert "note: assets/torn.png: `prompt` holds damaged JSON (the picture is whole" in outcome.err
    assert "added" in outcome.out


def test_reread_reads_again_what_is_named_and_reports_it(cli, project):
    asset = added(cli, project, png({"parameters": A1111_TEXT}))
    (project / "assets" / "made.png.callsheet.json").write_text('{"generation": {"prompt": "a gate"}}')
    dry = cli("reread", asset, "--dry-run")
    assert (dry.code, dry.out, dry.err) == (ExitCode.OK, f"read       {asset}\n", "dry run: 1 read\n")
    assert cli("reread", asset, "--json").body == {
        "results": [{"id": asset, "outcome": "read", "error": None}],
        "batch": None,
    }
    assert "prompt   a gate" in cli("show", asset).out
    assert cli("reread").err == "nothing to read: every file was read\n"
    assert cli("reread", "--query", "is:nothing or made", "--json").code in {ExitCode.OK, ExitCode.USAGE}


def test_reread_of_a_tag_shows_the_right_form(cli, project):
    wrong = cli("reread", "role:bg")
    assert wrong.code == ExitCode.USAGE
    assert "callsheet reread --query role:bg" in wrong.err
