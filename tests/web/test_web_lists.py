"""Ontology, history and settings as the server writes them: filtered, paged, escaped, and without secrets."""

import re
import time
from dataclasses import replace
from html import unescape

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.web.history_page import SAID
from api.web.ontology_page import AT_ONCE
from api.web.rendering import environment
from callsheet.describing import HIDDEN, without_secrets
from callsheet.serving import build_api_context, open_for_serving
from callsheet.tokens import TokenFile
from gallery.following.roots import remember
from gallery.journal.editing import Edit
from gallery.project_files import FileFault
from gallery.store.paths import ProjectPaths
from ontology.diagnostics import Diagnostic

HTML = {"accept": "text/html"}
PIECE = HTML | {"HX-Request": "true"}
HOSTILE = "<img src=x onerror=alert(1)>"
CANARY = "sk-canary-5f3a9c1e"


@pytest.fixture
def workspace(demo):
    with open_for_serving(demo) as opened:
        yield opened


@pytest.fixture
def client(workspace):
    yield from serve(build_api_context(workspace))


def serve(context):
    with TestClient(create_app(context), base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as opened:
        yield opened


def terms(page):
    assert page.status_code == 200, page.text
    return re.findall(r'<li class="line term[^>]*>.*?title="([^"]+)"', page.text, re.DOTALL)


def batches(page):
    assert page.status_code == 200, page.text
    return [int(number) for number in re.findall(r'data-batch="(\d+)"', page.text)]


# the vocabulary


def test_terms_are_listed_by_namespace_with_what_uses_them(client):
    page = client.get("/ontology?ns=npc", headers=HTML)
    found = terms(page)
    assert found == sorted(found)
    assert {name.split(":")[0] for name in found} <= {"npc", "player"}
    total = client.get("/v1/assets?q=%3Dnpc:alex").json()["total"]
    assert re.search(rf'href="/\?q=%3Dnpc%3Aalex">{total} assets', page.text)


def test_terms_are_found_by_label_alias_and_keyword(client):
    assert "camera:view:pov" in terms(client.get("/ontology?q=first+person", headers=HTML))
    assert "camera:view:pov" in terms(client.get("/ontology?q=cam:pov", headers=PIECE))
    nothing = client.get("/ontology", params={"q": HOSTILE}, headers=HTML)
    assert terms(nothing) == []
    assert HOSTILE not in nothing.text
    assert HOSTILE in unescape(nothing.text)


def test_the_most_used_come_first_where_that_is_asked(client):
    page = client.get("/ontology?sort=used", headers=HTML)
    numbers = [int(number) for number in re.findall(r">(\d+) assets?</a>", page.text)]
    assert len(numbers) > 5
    assert numbers == sorted(numbers, reverse=True)


def test_deprecated_and_unused_terms_can_be_singled_out(client):
    client.post("/v1/ontology/terms", json={"id": "npc:idle", "label": "Idle"})
    client.post("/v1/ontology/deprecate", json={"term": "npc:ruby", "replaced_by": "npc:alex"})
    assert "npc:idle" in terms(client.get("/ontology?show=unused", headers=HTML))
    assert terms(client.get("/ontology?show=deprecated", headers=HTML)) == ["npc:gravel_troll", "npc:ruby"]
    assert client.get("/ontology?show=everything", headers=HTML).status_code == 422


def test_ten_thousand_terms_come_a_hundred_at_a_time(client, demo):
    lines = "".join(f"  prop:thing_{number:05d}: {{label: Thing {number}}}\n" for number in range(10_000))
    text = f"version: 1\nnamespaces:\n  prop: {{label: Prop, closed: true}}\nterms:\n{lines}"
    (demo / "ontology/props.yaml").write_text(text)
    page = _until(lambda: client.get("/ontology?ns=prop", headers=HTML), lambda found: "thing_00000" in found.text)
    assert len(terms(page)) == AT_ONCE
    assert "10,000 terms in prop, a closed namespace" in page.text
    following = re.search(r'hx-get="(/ontology\?[^"]*start=100[^"]*)"', page.text)
    rows = client.get(unescape(following[1]), headers=PIECE)
    assert terms(rows)[0] == "prop:thing_00100"
    assert "<html" not in rows.text
    assert len(page.text) < 300_000


def _until(ask, is_there, tries=300):
    for _ in range(tries):
        found = ask()
        if is_there(found):
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def test_faults_of_the_files_are_shown_with_their_place(client, demo):
    (demo / "ontology/broken.yaml").write_text("version: 1\nterms:\n  npc:broken: {lable: Oops}\n")
    page = _until(lambda: client.get("/ontology", headers=HTML), lambda found: "cannot be used" in found.text)
    assert re.search(r"broken\.yaml:3:\d+</code>", page.text)
    assert "npc:alex" in page.text


def test_the_doctor_tells_at_once_which_files_cannot_be_used_until_they_are_mended(client, demo):
    broken = demo / "blocks/broken.yaml"
    broken.write_text("id: lost\ntags: [loc:nowhere_at_all]\noperation_type: [fusion\n")
    page = _until(lambda: client.get("/doctor", headers=HTML), lambda found: "cannot be used" in found.text)
    assert "The files of the blocks were changed and cannot be used; what they said before is in use." in page.text
    assert re.search(r"<code>blocks/broken\.yaml:\d+:\d+</code>", page.text)
    assert "cannot be used" not in client.get("/ontology", headers=HTML).text
    broken.unlink()
    _until(lambda: client.get("/doctor", headers=HTML), lambda found: "cannot be used" not in found.text)


@pytest.mark.parametrize("place", [("terms.yaml", 3, 5), ("terms.yaml", None, None), (None, None, None)])
def test_a_fault_says_as_much_of_its_place_as_is_known(place):
    file, line, column = place
    diagnostic = Diagnostic("broken", HOSTILE, None, file=file, line=line, column=column)
    fault = FileFault("ontology", "broken", "many faults", None, (diagnostic,) * 25)
    macros = environment().from_string('{% from "macros.html" import file_faults %}{{ file_faults(faults) }}')
    text = macros.render(faults=[fault])
    assert "None" not in text
    assert text.count(f"<code>{file}") == (20 if file else 0)
    assert "and 5 more" in text
    assert HOSTILE not in text


def test_tags_without_a_term_are_listed_with_the_nearest_one(client, workspace):
    file = workspace.root / "ontology/characters.yaml"
    whole = file.read_text()
    (lines,) = re.findall(r'  "npc:ruby":\n(?:    .*\n)+', whole)
    file.write_text(whole.replace(lines, ""))
    _until(lambda: client.get("/ontology?ns=npc", headers=HTML), lambda found: "npc:ruby" not in terms(found))
    found = client.get("/ontology/orphans", headers=PIECE).text
    assert 'data-declare="npc:ruby"' in found
    assert re.search(r'href="/\?q=%3Dnpc%3Aruby">\d+ assets', found)


# the history


def test_changes_are_listed_newest_first_and_older_ones_follow(client, workspace):
    (some,) = [asset.id for asset in workspace.gallery.search("", limit=1).assets]
    for number in range(60):
        workspace.gallery.tag(some, add=[f"word_{number}"])
    page = client.get("/history", headers=HTML)
    newest = batches(page)
    assert newest == list(range(newest[0], newest[0] - 50, -1))
    older = client.get(unescape(re.search(r'hx-get="(/history\?cursor=[^"]+)"', page.text)[1]), headers=PIECE)
    assert batches(older) == list(range(newest[-1] - 1, 0, -1))
    assert "Load older" not in older.text


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [("kind=rate", {"Rated"}), ("origin=import", set()), ("actor=nobody", set()), ("since=2099-01-01", set())],
)
def test_the_address_says_which_changes_are_listed(client, workspace, asked, kinds):
    (some,) = [asset.id for asset in workspace.gallery.search("", limit=1).assets]
    workspace.gallery.edit_all(some, Edit(rating=0))
    page = client.get(f"/history?{asked}", headers=HTML)
    assert set(re.findall(r"<strong>([^<]+)</strong>", page.text)) == kinds
    assert batches(client.get("/history?since=2000-01-01", headers=HTML)) == [3, 2, 1]


@pytest.mark.parametrize("asked", ["since=yesterday", "since=0001-01-01T00:00%2B23:59", "origin=magic", "cursor=x"])
def test_a_filter_that_cannot_be_read_is_told_on_the_page(client, asked):
    page = client.get(f"/history?{asked}", headers=HTML)
    assert page.status_code == 200
    assert 'class="fault"' in page.text


def test_a_change_is_opened_with_links_to_what_it_changed(client, workspace):
    (some,) = [asset.id for asset in workspace.gallery.search("", limit=1).assets]
    number = workspace.gallery.tag(some, add=["sketch"]).batch
    whole, piece = (client.get(f"/history/{number}", headers=headers).text for headers in (HTML, PIECE))
    for text in (whole, piece):
        assert f'href="/a/{some}"' in text
        assert re.search(r'added</span> <span class="chip"[^>]*title="sketch"', text)
    assert ("<html" in whole, "<html" in piece) == (True, False)
    assert client.get("/history/999", headers=HTML).status_code == 404


def test_what_was_taken_back_says_so_and_cannot_be_again(client, workspace):
    (some,) = [asset.id for asset in workspace.gallery.search("", limit=1).assets]
    number = workspace.gallery.tag(some, add=["sketch"]).batch
    assert f'data-undo="{number}"' in client.get("/history", headers=HTML).text
    workspace.gallery.undo()
    page = client.get("/history", headers=HTML).text
    assert f'data-undo="{number}"' not in page
    assert f"taken back by #{number + 1}" in page
    assert "data-redo" in page
    workspace.gallery.tag(some, add=["other"])
    assert "data-redo" not in client.get("/history", headers=HTML).text, "a new edit ends redo"


def test_every_kind_of_change_has_words(workspace):
    ids = [asset.id for asset in workspace.gallery.search("", limit=2).assets]
    workspace.gallery.edit_all(ids, Edit(rating=1))
    workspace.gallery.trash(ids)
    workspace.gallery.restore(ids)
    workspace.vocabulary.add("npc:newcomer")
    assert {batch.kind for batch in workspace.gallery.history(limit=100)} <= set(SAID)


def test_a_hostile_tag_and_name_are_text(client, workspace, demo):
    (some,) = [asset.id for asset in workspace.gallery.search("", limit=1).assets]
    workspace.gallery.edit_all(some, Edit(note=f"</li>{HOSTILE}\u202e"))
    for path in ("/history", "/history/3"):
        text = client.get(path, headers=HTML).text
        assert "<img src=x" not in text
    opened = unescape(client.get("/history/3", headers=HTML).text)
    assert HOSTILE in opened
    assert "\u202e" not in opened


# the settings


@pytest.fixture
def secretive(demo, monkeypatch):
    """A project with a secret in every place that could hold one."""
    (demo / ".env").write_text(f"OPENAI_API_KEY={CANARY}\nCALLSHEET_SERVE__PORT=8123\n")
    monkeypatch.setenv("TOGETHER_API_KEY", CANARY)
    monkeypatch.setenv("CALLSHEET_SERVE__PUBLIC_URL", f"https://user:{CANARY}@pictures.example/x")
    monkeypatch.setenv("CALLSHEET_SERVE__ORIGINS", f'["https://user:{CANARY}@editor.example"]')
    with open_for_serving(demo) as opened:
        yield opened


def test_no_secret_is_shown(secretive):
    tokens = TokenFile(secretive.project)
    token = tokens.create("editor", ["tag"], secretive.gallery.context.now())
    for client in serve(build_api_context(secretive)):
        page = unescape(client.get("/settings", headers=HTML).text)
    assert CANARY not in page
    assert f"https://{HIDDEN}@pictures.example/x" in page
    assert token not in page
    assert tokens.tokens()[0].sha256 not in page
    assert re.search(r"<th scope=\"row\">editor</th><td>tag</td>", page)


def test_settings_say_where_they_come_from(secretive):
    found = {one.name: one for one in secretive.setup().settings}
    assert (found["serve.port"].value, found["serve.port"].source) == (8123, str(secretive.root / ".env"))
    assert found["serve.public_url"].source == "environment"
    assert found["tui.plain"].source == "default"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("providers.openai.api_key", "x", HIDDEN),
        ("serve.token", "x", HIDDEN),
        ("serve.token", "", ""),
        ("tui.keys.browse", "k", "k"),
        ("serve.public_url", "https://a:b@host/p", f"https://{HIDDEN}@host/p"),
        ("serve.public_url", "https://[a@b", HIDDEN),
        ("serve.public_url", "https://host/p@q", "https://host/p@q"),
    ],
)
def test_what_is_called_a_secret_is_hidden(name, value, shown):
    assert without_secrets(name, value) == shown


def test_followed_folders_places_and_versions_are_told(client, workspace, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    context = workspace.gallery.context
    remember(context, ProjectPaths(context.root), str(folder))
    folder.rmdir()
    page = unescape(client.get("/settings", headers=HTML).text)
    assert re.search(rf"<code>{re.escape(str(folder))}</code> <span class=\"badge danger\">unavailable", page)
    assert f"<code>{workspace.project.database_file}</code>" in page
    for name in ("SQLite", "database revision", "Python"):
        assert f"<dt>{name}</dt>" in page


def test_the_project_is_described_only_to_who_administers(workspace):
    tokens = {"reader": frozenset({"read"}), "boss": frozenset({"admin"})}
    context = replace(build_api_context(workspace), tokens=tokens.get)
    for client in serve(context):
        asked = {name: client.get("/settings", headers=HTML | {"authorization": f"Bearer {name}"}) for name in tokens}
        listed = client.get("/ontology", headers=HTML | {"authorization": "Bearer reader"}).text
        assert "Add a term" not in listed
    assert str(workspace.root) in asked["boss"].text
    assert asked["reader"].status_code == 200
    assert str(workspace.root) not in asked["reader"].text


def test_before_the_first_picture_every_page_answers(tmp_path):
    (tmp_path / "callsheet.toml").write_text("")
    with open_for_serving(tmp_path) as workspace:
        for client in serve(build_api_context(workspace)):
            for path in ("/ontology", "/ontology/orphans", "/history", "/trash", "/doctor", "/settings"):
                assert client.get(path, headers=HTML).status_code == 200, path
            assert "no database yet" in client.get("/settings", headers=HTML).text
