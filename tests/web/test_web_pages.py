"""The pages as a server sends them, without a browser: escaping, caching, the policy, who may see them."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jinja2
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.web.navigation import NAVIGATION
from api.web.rendering import environment
from api.web.statics import static_url, statics
from callsheet.serving import build_api_context, open_for_serving

WEB = Path(__file__).parents[2] / "api/web"
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
OWN = sorted(path for folder in ("js", "css") for path in (WEB / "static" / folder).rglob("*.*"))
HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def client(demo):
    with open_for_serving(demo) as workspace:
        yield from _client(build_api_context(workspace))


@pytest.fixture
def guarded(demo):
    with open_for_serving(demo) as workspace:
        check = {"good": frozenset({"read"})}.get
        yield from _client(replace(build_api_context(workspace), tokens=check))


def _client(context):
    base = "http://127.0.0.1:8000"
    with TestClient(
        create_app(context), base_url=base, raise_server_exceptions=False, follow_redirects=False
    ) as opened:
        yield opened


@pytest.mark.parametrize("path", [entry.path for entry in NAVIGATION] + ["/login"])
def test_every_page_is_html_under_the_strict_policy(client, path):
    page = client.get(path, headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "private, no-cache"


def test_no_filter_of_ours_stands_in_the_place_of_one_of_the_template_language():
    assert set(environment().filters) - set(jinja2.defaults.DEFAULT_FILTERS) == {"lines", "exact", "duration"}
    assert {
        name: made for name, made in jinja2.defaults.DEFAULT_FILTERS.items() if environment().filters[name] is not made
    } == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_what_the_policy_forbids_or_switches_escaping_off(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text) == []
    assert re.findall(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|\|\s*safe\b|autoescape false", text) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *OWN], ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path):
    named = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s\"')]*", path.read_text(encoding="utf-8"))
    assert [address for address in named if not address.startswith("http://www.w3.org/")] == []


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_no_script_makes_markup_or_code_of_text(path):
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\"on"
    assert re.findall(forbidden, path.read_text(encoding="utf-8")) == []


def test_a_static_file_is_kept_for_ever_under_its_content_and_nowhere_else(client):
    address = static_url("js/page.js")
    found = client.get(address)
    assert found.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in found.headers["cache-control"]
    for other in ("/static/000000000000/js/page.js", address + "x", address.replace("js/page.js", "..%2Frendering.py")):
        assert client.get(other).status_code == 404


def test_a_script_is_imported_by_a_name_that_there_is():
    files = statics().files
    for path in OWN:
        if path.suffix == ".js":
            for name in re.findall(
                r'^(?:import|export)\b[^"]*"(\.[^"]+)";', path.read_text(encoding="utf-8"), re.MULTILINE
            ):
                target = (path.parent / name).resolve().relative_to((WEB / "static").resolve()).as_posix()
                assert target in files, f"{path.name} imports {name}"


def test_what_is_vendored_has_its_licence_and_says_its_version():
    for folder in (WEB / "static/vendor").iterdir():
        assert (folder / "LICENSE").stat().st_size > 200
        assert re.search(r"\d+\.\d+\.\d+", (folder / "VERSION").read_text(encoding="utf-8"))


def test_a_template_shows_foreign_text_as_text_and_fails_for_what_it_lacks():
    made = environment().from_string("<p title='{{ text }}'>{{ text }}</p>{{ text | lines }}")
    shown = made.render(text="<img src=x onerror=alert(1)>'\u202e\x1b\nnext")
    assert "<img" not in shown
    assert "\\u202e\\x1b" in shown
    assert shown.endswith("\nnext")
    with pytest.raises(jinja2.UndefinedError):
        environment().from_string("{{ missing }}").render()


def test_problems_are_pages_for_browsers_and_json_for_everybody_else(client):
    page = client.get("/nothing", headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert client.get("/nothing").json()["code"] == "no_route"
    assert client.get("/v1/assets/nobody", headers=HTML).json()["code"] == "not_found"
    assert json.loads(client.post("/nothing", headers=HTML, json={}).text)["status"] == 404
    assert client.head("/nothing", headers=HTML).content == b""


@pytest.mark.parametrize(
    ("address", "status", "told", "leads_to"),
    [
        ("/nothing", 404, "There is no page at /nothing", "/"),
        ("/coverage?start=abc", 422, "start: Input should be a valid integer", "/coverage"),
        ("/ontology?show=everything&start=-1", 422, "show: Input should be", "/ontology"),
        ("/history/abc", 422, "number: Input should be a valid integer", "/"),
        ("/history/99999", 404, "there is no batch 99999", "/"),
    ],
)
def test_people_are_told_of_pages_and_programs_of_the_api(client, address, status, told, leads_to):
    page = client.get(address, headers=HTML)
    assert page.status_code == status
    assert told in page.text
    assert "openapi" not in page.text
    assert f'<a class="button primary" href="{leads_to}">' in page.text
    assert client.get(address).json()["status"] == status


def test_programs_are_told_where_routes_and_requests_are_described(client):
    assert "/openapi.json" in client.get("/nothing").json()["hint"]
    assert "/openapi.json" in client.get("/coverage?start=abc").json()["hint"]


def test_a_page_needs_a_token_and_what_asks_for_it_does_not(guarded):
    refused = guarded.get("/?q=role:bg", headers=HTML)
    assert (refused.status_code, refused.headers["location"]) == (303, "/login?next=%2F%3Fq%3Drole%3Abg")
    assert "www-authenticate" not in refused.headers
    assert guarded.get("/").status_code == 401
    assert guarded.get("/login", headers=HTML).status_code == 200
    assert guarded.get(static_url("css/base.css")).status_code == 200
    assert guarded.get("/", headers=HTML | {"authorization": "Bearer good"}).status_code == 200
    assert "next=%2F%2Fevil" not in guarded.get("/login?next=//evil.example", headers=HTML).text
    assert 'data-next="/"' in guarded.get("/login?next=//evil.example", headers=HTML).text
