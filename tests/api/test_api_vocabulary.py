"""Working on the vocabulary over HTTP: what a change touches is told first; it is a batch, which undo takes back."""

import json
import time
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.examination import SECONDS_BETWEEN_SIGNS
from gallery.checks import findings
from ontology.errors import ConflictError

BASE = "http://127.0.0.1:8000"


def vocabulary(demo):
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((demo / "ontology").rglob("*.yaml"))}


def tagged(client, tag):
    return client.get("/v1/assets", params={"q": f"={tag}", "limit": 500}).json()["total"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("terms", {"id": "npc:newcomer", "label": "New"}),
        ("rename", {"old": "npc:alex", "new": "npc:alexis"}),
        ("merge", {"old": "npc:ruby", "into": "npc:alex"}),
        ("deprecate", {"term": "npc:ruby", "replaced_by": "npc:alex"}),
    ],
)
def test_a_dry_run_tells_what_the_change_then_does(client, demo, path, body):
    before, pictures = vocabulary(demo), tagged(client, "npc:alex")
    told = client.post(f"/v1/ontology/{path}", json=body | {"dry_run": True}).json()
    assert (vocabulary(demo), tagged(client, "npc:alex")) == (before, pictures)
    assert told["batch"] is None
    assert told["files"]
    done = client.post(f"/v1/ontology/{path}", json=body).json()
    assert done == told | {"batch": done["batch"]}
    assert vocabulary(demo) != before
    client.post("/v1/undo", json={"batch": done["batch"]}).raise_for_status()
    assert (vocabulary(demo), tagged(client, "npc:alex")) == (before, pictures)


def test_a_new_term_is_known_at_once(client):
    client.post("/v1/ontology/terms", json={"id": "loc:cellar", "label": "Cellar", "broader": ["loc:dungeon"]})
    (found,) = client.get("/v1/ontology/terms?q=cellar&limit=1").json()["terms"]
    assert (found["id"], found["label"], found["broader"]) == ("loc:cellar", "Cellar", ["loc:dungeon"])


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("terms", {"id": "npc:alex"}, 409, "exists"),
        ("terms", {"id": "nowhere:alex"}, 422, None),
        ("terms", {"id": "npc:x", "file": "../outside.yaml"}, 422, "not_a_vocabulary_file"),
        ("terms", {"id": "npc:x", "file": "ontology/\0.yaml"}, 422, "not_a_vocabulary_file"),
        ("terms", {"id": "npc:x", "kind": "god"}, 422, None),
        ("rename", {"old": "npc:nobody", "new": "npc:x"}, 404, "not_found"),
        ("rename", {"old": "role:bg", "new": "role:back"}, 422, "builtin_term"),
        ("merge", {"old": "npc:alex", "into": "loc:dungeon"}, 422, "wrong_namespace"),
        ("deprecate", {"term": "npc:nobody"}, 404, "not_found"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(client, demo, path, body, status, code):
    before = vocabulary(demo)
    refused = client.post(f"/v1/ontology/{path}", json=body)
    assert refused.status_code == status, refused.text
    assert code in (None, refused.json()["code"])
    assert vocabulary(demo) == before


def test_uses_and_orphans_are_counted(client, assets):
    (alex,) = client.get("/v1/ontology/usage?term=npc:alex").json()["terms"]
    assert (alex["assets"], alex["blocks"] > 0) == (tagged(client, "npc:alex"), True)
    ranked = client.get("/v1/ontology/usage?namespace=npc").json()["terms"]
    assert [item["assets"] for item in ranked] == sorted((item["assets"] for item in ranked), reverse=True)
    assert client.get("/v1/ontology/usage?namespace=nowhere").status_code == 404
    client.post("/v1/assets/tags", json={"ids": [assets[0]["id"]], "add": ["mood:grim"]})
    assert client.get("/v1/ontology/orphans").json()["unread"] == []


def test_only_who_administers_changes_the_vocabulary(context):
    tokens = {"tagger": frozenset({"tag"}), "boss": frozenset({"admin"})}
    with TestClient(create_app(replace(context, tokens=tokens.get)), base_url=BASE) as client:
        body = {"id": "npc:newcomer", "dry_run": True}
        for name, status in (("tagger", 403), ("boss", 200)):
            headers = {"authorization": f"Bearer {name}"}
            assert client.post("/v1/ontology/terms", json=body, headers=headers).status_code == status


def test_a_batch_is_opened_page_by_page(client, assets):
    ids = sorted(asset["id"] for asset in assets[:5])
    number = client.post("/v1/assets/tags", json={"ids": ids, "add": ["sketch"]}).json()["batch"]
    client.delete(f"/v1/assets/{ids[0]}", headers={"If-Match": "*"})
    seen, cursor = [], None
    for _ in range(3):
        page = client.get(f"/v1/history/{number}", params={"limit": 2, "cursor": cursor} if cursor else {"limit": 2})
        body = page.json()
        assert (body["batch"], body["kind"], body["size"]) == (number, "tag", 5)
        seen += body["changes"]
        cursor = body["cursor"]
    assert cursor is None
    assert sorted(change["asset"] for change in seen) == ids
    assert all(change["after"]["tags"] == [*change["before"]["tags"], "sketch"] for change in seen)


@pytest.mark.parametrize("number", ["0", "-1", "999999", "9223372036854775807", "9" * 30])
def test_a_batch_that_there_is_not_is_not_found(client, number):
    assert client.get(f"/v1/history/{number}").status_code == 404


def test_a_cursor_of_a_batch_is_one_of_ours(client):
    assert client.get("/v1/history/1?cursor=x").status_code == 422
    assert client.get("/v1/history/x").status_code == 422


LINES = {"accept": "application/x-ndjson"}


def told(answered):
    assert answered.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answered.text.splitlines()]


def test_the_doctor_tells_line_by_line_what_it_answers_in_the_end(client):
    whole = client.get("/v1/doctor").json()
    *lines, end = told(client.get("/v1/doctor", headers=LINES))
    assert [line["finding"] for line in lines if "finding" in line] == whole["findings"]
    assert end == {name: whole[name] for name in ("counts", "severities", "worst")}
    assert end["severities"]["info"] == len(whole["findings"])


def test_progress_is_told_while_files_are_read(client):
    lines = told(client.post("/v1/doctor", json={"full": True}, headers=LINES))
    steps = [line["progress"] for line in lines if "progress" in line]
    assert steps[-1]["done"] == steps[-1]["total"] > 0
    assert "worst" in lines[-1]


def test_an_examination_that_cannot_go_on_says_so_in_its_last_line(client, context):
    def broken(full, repair, progress):
        yield findings.Finding("one", "info", "a finding")
        raise ConflictError("somebody writes", hint="wait", code="locked")

    object.__setattr__(context, "examine", broken)
    lines = told(client.get("/v1/doctor", headers=LINES))
    assert [sorted(line) for line in lines] == [["finding"], ["error"]]
    assert (lines[1]["error"]["status"], lines[1]["error"]["code"]) == (503, "locked")
    assert told(client.get("/v1/doctor", headers=LINES))[-1]["error"]["code"] == "locked", "it is free again"


def test_a_long_silence_is_broken_by_signs(monkeypatch, client, context):
    monkeypatch.setattr("api.examination.SECONDS_BETWEEN_SIGNS", SECONDS_BETWEEN_SIGNS / 500)

    def slow(full, repair, progress):
        time.sleep(0.2)
        yield findings.Finding("one", "info", "a finding")

    object.__setattr__(context, "examine", slow)
    lines = told(client.get("/v1/doctor", headers=LINES))
    assert lines[0] == {}
    assert lines[-2]["finding"]["code"] == "one"
