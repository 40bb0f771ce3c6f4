"""The routes that read: what they answer is what the command line prints with --json, under URLs of the server."""

import pytest

SHOT = {"location_id": "loc:dungeon_entrance", "hero_id": "npc:alex", "enemy_ids": ["npc:boss_01"]}
OPTIONS = ("--location", "loc:dungeon_entrance", "--hero", "npc:alex", "--enemy", "npc:boss_01")


def without_urls(body):
    """The body without what the two faces name differently: where a file is."""
    if isinstance(body, dict):
        return {key: without_urls(value) for key, value in body.items() if key not in {"url", "image_url"}}
    return [without_urls(item) for item in body] if isinstance(body, list) else body


def urls(body):
    """Every URL of a body."""
    if isinstance(body, dict):
        for key, value in body.items():
            if key in {"url", "image_url"}:
                yield value
            else:
                yield from urls(value)
    elif isinstance(body, list):
        for item in body:
            yield from urls(item)


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("/v1/assets?q=role:bg&limit=3", ("search", "role:bg", "--limit", "3")),
        ("/v1/assets?limit=50", ("ls",)),
        ("/v1/ontology", ("ontology", "show")),
        ("/v1/ontology/terms?q=gate", ("ontology", "find", "gate")),
        ("/v1/action-blocks", ("blocks", "ls")),
        ("/v1/coverage", ("coverage",)),
        ("/v1/history?limit=5", ("history", "--limit", "5")),
        ("/v1/history?kind=add", ("history", "--kind", "add")),
        ("/v1/statistics?q=role:bg&top=3", ("stats", "--query", "role:bg", "--top", "3")),
        ("/v1/assets?q=is:trashed", ("search", "is:trashed")),
    ],
)
def test_a_reading_route_answers_what_the_command_prints(client, cli, path, command):
    answered = client.get(path)
    assert answered.status_code == 200
    printed = cli(*command)
    assert "exit" not in printed
    assert without_urls(answered.json()) == without_urls(printed)


@pytest.mark.parametrize(
    ("body", "options"),
    [
        (SHOT, OPTIONS),
        ({"locationId": "loc:dungeon_entrance", "heroId": "npc:alex", "enemyIds": ["npc:boss_01"]}, OPTIONS),
        ({"request": SHOT}, OPTIONS),
        ({"block": "alex_faces_gravelord"}, ("--block", "alex_faces_gravelord")),
        ({"block": "alex_faces_gravelord", "fill": True}, ("--block", "alex_faces_gravelord", "--fill")),
        ({"prompt": "Alex at the gate"}, ("--prompt", "Alex at the gate")),
    ],
)
def test_a_question_is_answered_as_on_the_command_line(client, cli, body, options):
    answered = client.post("/v1/resolve", json=body)
    assert answered.status_code == 200
    assert answered.json()["matches"]
    assert without_urls(answered.json()) == without_urls(cli("resolve", *options))


def test_a_block_may_stand_in_the_body(client):
    block = next(item for item in client.get("/v1/action-blocks").json()["blocks"])
    by_id = client.post("/v1/resolve", json={"block": block["id"]}).json()
    assert client.post("/v1/resolve", json={"block": block}).json() == by_id
    assert client.post("/v1/resolve", json={"actionBlock": block}).json() == by_id


def test_a_scene_is_answered_shot_by_shot(client, cli, workspace):
    for name in workspace.scenes:
        body = client.post("/v1/resolve", json={"scene": name}).json()
        assert without_urls(body) == without_urls(cli("resolve", "--scene", name))


def test_candidates_in_the_body_are_resolved_instead_of_the_gallery(client):
    candidates = [
        {"id": 1, "tags": ["loc:a", "role:bg"], "url": "https://pictures.example/1.png"},
        {"id": 2, "tags": ["npc:b", "role:char:hero"]},
    ]
    question = {"location_id": "loc:a", "hero_id": "npc:b", "candidates": candidates}
    body = client.post("/v1/resolve", json=question).json()
    assert [match["asset"]["id"] for match in body["matches"]] == [1, 2]
    told = client.post("/v1/explain", json=question | {"asset": 2}).json()
    assert [(slot["slot"], slot["chosen"]) for slot in told["slots"]] == [("background", False), ("hero", True)]
    call = client.post("/v1/prefill/fusion", json=question).json()
    assert [item["asset_id"] for item in call["params"]["fusion_assets"]] == [1, 2]
    assert call["params"]["fusion_assets"][0]["url"] == "https://pictures.example/1.png"


@pytest.mark.parametrize("operation", ["fusion", "image_to_image", "image_to_video", "video_transition"])
def test_a_call_is_prefilled_as_on_the_command_line(client, cli, operation):
    body = client.post(f"/v1/prefill/{operation}", json=SHOT | {"prompt": "at dusk"}).json()
    printed = cli("prefill", operation, *OPTIONS, "--prompt", "at dusk")
    body["params"].pop("image_urls", None)
    printed["params"].pop("image_urls", None)
    assert without_urls(body) == without_urls(printed)


def test_why_not_this_one_is_told_as_on_the_command_line(client, cli, assets):
    for asset in assets[:5]:
        told = client.post("/v1/explain", json=SHOT | {"asset": asset["id"]}).json()
        assert told == cli("resolve", asset["id"], "--explain", *OPTIONS)


def test_one_asset_is_shown_as_on_the_command_line(client, cli, assets):
    wanted = assets[0]["id"]
    answered = client.get(f"/v1/assets/{wanted[:9]}")
    assert without_urls(answered.json()) == without_urls(cli("show", wanted))
    assert answered.headers["etag"] == f'"{answered.json()["version"]}"'
    again = client.get(f"/v1/assets/{wanted}", headers={"If-None-Match": answered.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_looks_alike_and_what_could_be_made_of_it_are_told(client, cli, assets):
    wanted = assets[0]["id"]
    similar = client.get(f"/v1/assets/{wanted}/similar?distance=15").json()
    assert without_urls(similar) == without_urls(cli("similar", wanted, "--distance", "15"))
    suggested = client.get(f"/v1/assets/{wanted[:9]}/suggestions").json()
    assert suggested["suggestions"]
    assert suggested == cli("suggest", wanted)
    assert client.get("/v1/assets/a00000000/suggestions").status_code == 404
    made = client.get(f"/v1/assets/{wanted}/operations").json()["operations"]
    assert made
    assert all(item["operation"] and item["prefill"] for item in made)


def test_every_url_of_an_asset_is_one_of_this_server(client, assets):
    wanted = assets[0]["id"]
    for body in (
        client.get("/v1/assets").json(),
        client.get(f"/v1/assets/{wanted}").json(),
        client.get(f"/v1/assets/{wanted}/operations").json(),
        client.post("/v1/resolve", json=SHOT).json(),
        client.post("/v1/prefill/fusion", json=SHOT | {"source": wanted}).json(),
        client.post("/v1/prefill/image_to_image", json=SHOT).json(),
    ):
        found = [url for url in urls(body) if url is not None]
        assert found
        assert all(url.startswith("/v1/assets/a") and url.endswith("/file") for url in found)


def test_pages_lead_on_until_the_last(client, assets):
    found, cursor = [], ""
    while cursor is not None:
        page = client.get("/v1/assets", params={"limit": 7, **({"cursor": cursor} if cursor else {})}).json()
        assert (page["total"] is None) == bool(cursor)
        found += page["assets"]
        cursor = page["cursor"]
    assert found == assets


def test_a_vocabulary_is_checked_with_the_line_of_every_fault(client):
    good = client.post("/v1/ontology/validate", json={"yaml": "version: 1\nterms:\n  npc:a: {label: A}\n"}).json()
    assert good == {"valid": True, "diagnostics": []}
    bad = client.post("/v1/ontology/validate", json={"yaml": "version: 1\nterms:\n  npc:a: {lable: A}\n"}).json()
    assert not bad["valid"]
    assert [(item["code"], item["line"]) for item in bad["diagnostics"]] == [("unknown_field", 3)]


def test_the_process_is_alive_and_ready(client, workspace):
    assert client.get("/livez").json()["status"] == "ok"
    assert client.get("/readyz").json() == {
        "status": "ok",
        "checks": {"ontology": "ok", "database": "ok", "index": "ok"},
        "notices": [],
    }


def test_a_damaged_database_makes_it_not_ready_and_no_path_is_told(client, workspace, demo):
    workspace.close()
    workspace.project.database_file.write_bytes(b"this is no database" * 1000)
    answered = client.get("/readyz")
    assert answered.status_code == 503
    assert answered.json()["status"] == "failing"
    assert str(demo) not in answered.text
    assert client.get("/livez").status_code == 200
