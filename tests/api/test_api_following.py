"""A running server follows the files of its project, and keeps what was sound when they are broken."""

import time

import httpx2
import pytest
from served import PATIENCE, serving

from api.edge import following


@pytest.fixture
def _looking_always(monkeypatch):
    monkeypatch.setattr(following, "SECONDS_BETWEEN_LOOKS", 0.0)


def labels(client, term):
    return [item["label"] for item in client.get("/v1/ontology").json()["terms"] if item["id"] == term]


def events(logged, name):
    return [entry for entry in logged if entry["event"] == name]


@pytest.mark.usefixtures("_looking_always")
def test_a_term_that_another_process_declares_can_be_used_at_once(client, assets, cli, logged):
    client.get("/v1/ontology")
    body = {"add": ["npc:newcomer"]}
    path, headers = f"/v1/assets/{assets[0]['id']}", {"If-Match": "*"}
    assert client.patch(path, json=body, headers=headers).json()["code"] == "unknown_term"
    cli("ontology", "add", "npc:newcomer", "--label", "Newcomer")
    assert client.patch(path, json=body, headers=headers).status_code == 200
    assert client.get("/v1/ontology/terms?q=newcomer").json()["terms"][0]["label"] == "Newcomer"
    assert client.post("/v1/resolve", json={"hero_id": "npc:newcomer"}).json()["notices"] == []
    assert [entry["parts"] for entry in events(logged, "project.files_taken_in")] == [["ontology", "scenes"]]


@pytest.mark.usefixtures("_looking_always")
def test_an_edited_blocks_file_and_new_scenes_are_taken_in(client, demo):
    before = len(client.get("/v1/action-blocks").json()["blocks"])
    (demo / "blocks/own.yaml").write_text("id: own\ntags: [npc:alex]\n", encoding="utf-8")
    (demo / "scenes.yaml").write_text("scenes:\n  own_scene: {location: dungeon, hero: alex}\n", encoding="utf-8")
    assert len(client.get("/v1/action-blocks").json()["blocks"]) == before + 1
    assert client.post("/v1/resolve", json={"block": "own"}).status_code == 200
    assert client.post("/v1/resolve", json={"scene": "own_scene"}).status_code == 200
    (demo / "blocks/own.yaml").unlink()
    assert client.post("/v1/resolve", json={"block": "own"}).status_code == 404


@pytest.mark.usefixtures("_looking_always")
@pytest.mark.parametrize(
    ("file", "part", "code"),
    [
        ("ontology/zz.yaml", "ontology", "invalid_ontology"),
        ("blocks/zz.yaml", "blocks", "invalid_action_block"),
        ("scenes.yaml", "scenes", "invalid_scenes"),
    ],
)
def test_a_broken_file_leaves_what_was_read_before_in_use_and_is_told(client, demo, logged, file, part, code):
    whole = [client.get(path).json() for path in ("/v1/ontology", "/v1/action-blocks")]
    path = demo / file
    sound = path.read_bytes() if path.exists() else None
    path.write_text("version: [1\n", encoding="utf-8")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["notices"][0]["code"]) == (200, code)
    assert part in ready.json()["notices"][0]["message"]
    assert str(demo) not in ready.text
    assert [client.get(path).json() for path in ("/v1/ontology", "/v1/action-blocks")] == whole
    told = client.get("/v1/doctor").json()
    assert (told["worst"], told["counts"]["not_taken_in"]) == ("error", 1)
    assert [entry["part"] for entry in events(logged, "project.files_not_taken_in")] == [part]
    path.unlink() if sound is None else path.write_bytes(sound)
    assert client.get("/readyz").json()["notices"] == []
    assert "not_taken_in" not in client.get("/v1/doctor").json()["counts"]
    assert [client.get(path).json() for path in ("/v1/ontology", "/v1/action-blocks")] == whole


def test_an_undone_rename_of_a_term_is_known_at_once(client, workspace, monkeypatch):
    client.get("/livez")
    monkeypatch.setattr(following, "SECONDS_BETWEEN_LOOKS", 1000.0)
    client.get("/v1/ontology")
    (label,) = labels(client, "npc:alex")
    workspace.vocabulary.rename("npc:alex", "npc:alexis", keep_alias=False)
    assert (labels(client, "npc:alex"), labels(client, "npc:alexis")) == ([], [label])
    client.post("/v1/undo").raise_for_status()
    assert (labels(client, "npc:alex"), labels(client, "npc:alexis")) == ([label], [])


def test_the_files_are_looked_at_once_a_second_however_many_ask(client, workspace, monkeypatch):
    looks = []
    monkeypatch.setattr(type(workspace), "refresh", lambda ws: looks.append(1) or workspace._files.refresh())
    began = time.monotonic()
    for _ in range(50):
        client.get("/v1/ontology/terms?q=gate")
    assert 1 <= len(looks) <= 1 + (time.monotonic() - began) / following.SECONDS_BETWEEN_LOOKS


@pytest.mark.slow
def test_every_process_of_a_server_follows_the_files(demo):
    def answers(address):
        for _ in range(40):  # a connection each: both processes get some
            found = httpx2.get(f"{address}/v1/ontology/terms?q=newcomer", timeout=PATIENCE).json()["terms"]
            yield [term["label"] for term in found]

    with serving(demo, "--workers", "2") as (_, address):
        assert set(map(str, answers(address))) == {"[]"}
        words = "version: 1\nterms:\n  npc:newcomer: {label: Newcomer}\n"
        (demo / "ontology/newcomers.yaml").write_text(words, encoding="utf-8")
        end = time.monotonic() + PATIENCE
        while (found := set(map(str, answers(address)))) != {"['Newcomer']"} and time.monotonic() < end:
            time.sleep(following.SECONDS_BETWEEN_LOOKS / 2)
        assert found == {"['Newcomer']"}


@pytest.mark.usefixtures("_looking_always")
def test_no_fault_of_a_file_tells_where_the_project_lies(client, demo):
    client.get("/v1/ontology")
    text = "version: 1\nterms:\n  npc:alex: {label: Another}\n  npc:x: {lable: X}\n"
    (demo / "ontology/zz.yaml").write_text(text, encoding="utf-8")
    (demo / "blocks/zz.yaml").write_text("a: [\n", encoding="utf-8")
    (demo / "scenes.yaml").write_text("scenes:\n  a: {z: 1}\n", encoding="utf-8")
    for path in ("/v1/doctor", "/v1/ontology", "/readyz", "/ontology", "/doctor"):
        headers = {} if path.startswith("/v1") else {"Accept": "text/html"}
        told = client.get(path, headers=headers).text
        assert str(demo) not in told, path
    assert "ontology/zz.yaml:4:11" in client.get("/v1/doctor").text
