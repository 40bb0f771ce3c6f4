"""What keeps a gallery in order: the trash, pages of the history, searches, collections, suggestions, the doctor."""

import threading

import pytest

from gallery.checks import findings


@pytest.fixture
def ids(assets):
    return [asset["id"] for asset in assets[:4]]


def outcomes(answered):
    assert answered.status_code == 200, answered.text
    return [item["outcome"] for item in answered.json()["results"]]


def trashed(client):
    return [item["id"] for item in client.get("/v1/assets?q=is:trashed").json()["assets"]]


def test_one_is_restored_for_the_version_that_was_seen(client, ids):
    path = f"/v1/assets/{ids[0]}"
    client.delete(path, headers={"If-Match": "*"})
    assert trashed(client) == [ids[0]]
    seen = client.get(path).headers["etag"]
    assert client.post(f"{path}/restore").status_code == 428
    client.patch(path, json={"rating": 1}, headers={"If-Match": seen})
    stale = client.post(f"{path}/restore", headers={"If-Match": seen})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert outcomes(client.post(f"{path}/restore", headers={"If-Match": "*"})) == ["restored"]
    assert trashed(client) == []
    assert outcomes(client.post(f"{path}/restore", headers={"If-Match": "*"})) == ["unchanged"]
    gone = client.post("/v1/assets/a0000000000000000/restore", headers={"If-Match": "*"})
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


def test_many_are_trashed_and_restored_each_as_one_batch(client, ids):
    done = client.post("/v1/assets/trash", json={"ids": [*ids, "zz"]})
    assert outcomes(done) == ["trashed"] * 4 + ["failed"]
    assert sorted(trashed(client)) == sorted(ids)
    assert client.get("/v1/history?limit=1").json()["batches"][0]["batch"] == done.json()["batch"]
    assert outcomes(client.post("/v1/assets/restore", json={"query": "is:trashed"})) == ["restored"] * 4
    assert trashed(client) == []
    both = client.post("/v1/assets/trash", json={"ids": ids, "query": "role:bg"})
    assert (both.status_code, both.json()["code"]) == (422, "invalid")


def test_pages_of_the_history_lead_on_to_the_first_change(client, ids):
    for number in range(7):
        client.post("/v1/assets/tags", json={"ids": ids, "add": [f"mood:m{number}"]})
    for about in ({}, {"asset": ids[0]}, {"kind": "tag"}):
        whole = client.get("/v1/history", params=about | {"limit": 500}).json()
        assert whole["cursor"] is None
        found, cursor = [], {}
        while cursor is not None:
            page = client.get("/v1/history", params=about | cursor | {"limit": 3}).json()
            found += page["batches"]
            cursor = None if page["cursor"] is None else {"cursor": page["cursor"]}
        assert found == whole["batches"]
        assert len(found) >= 7


def test_a_batch_is_named_to_be_taken_back(client, ids):
    first = client.post("/v1/assets/tags", json={"ids": ids, "add": ["mood:one"]}).json()["batch"]
    client.post("/v1/assets/tags", json={"ids": ids, "add": ["mood:two"]})
    assert set(outcomes(client.post("/v1/undo", json={"batch": first}))) == {"reverted"}
    tags = client.get(f"/v1/assets/{ids[0]}").json()["tags"]
    assert ("mood:one" in tags, "mood:two" in tags) == (False, True)
    again = client.post("/v1/undo", json={"batch": first})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert set(outcomes(client.post("/v1/redo"))) == {"redone"}
    assert "mood:one" in client.get(f"/v1/assets/{ids[0]}").json()["tags"]


@pytest.mark.parametrize("cursor", ["x", "-1", "1" * 19, "٣"])
def test_what_is_no_cursor_of_the_history_is_refused(client, cursor):
    answered = client.get("/v1/history", params={"cursor": cursor})
    assert (answered.status_code, answered.json()["code"]) == (422, "invalid")


def test_a_search_is_saved_used_renamed_and_forgotten(client, cli):
    assert outcomes(client.put("/v1/searches/gates", json={"query": "role:bg"})) == ["saved"]
    taken = client.put("/v1/searches/gates", json={"query": "npc:alex"})
    assert (taken.status_code, taken.json()["code"]) == (409, "exists")
    assert outcomes(client.put("/v1/searches/gates", json={"query": "npc:alex", "replace": True})) == ["changed"]
    assert client.get("/v1/searches/gates").json() == cli("searches", "show", "gates")
    assert client.get("/v1/searches").json() == cli("searches", "ls")
    found = client.get("/v1/assets?q=@gates").json()["total"]
    assert found == client.get("/v1/assets?q=npc:alex").json()["total"] > 0
    assert outcomes(client.patch("/v1/searches/gates", json={"name": "alex"})) == ["renamed"]
    assert client.get("/v1/searches/gates").status_code == 404
    assert outcomes(client.delete("/v1/searches/alex")) == ["removed"]
    assert client.get("/v1/searches").json() == {"searches": []}
    assert client.put("/v1/searches/No%20Name", json={"query": "x"}).status_code == 422


def test_a_collection_is_made_filled_ordered_renamed_and_removed(client, cli, ids):
    assert outcomes(client.post("/v1/collections", json={"name": "Alex final", "ids": ids[:2]}))[0] == "created"
    again = client.post("/v1/collections", json={"name": "alex final"})
    assert (again.status_code, again.json()["code"]) == (409, "taken")
    assert outcomes(client.post("/v1/collections/alex_final/add", json={"ids": ids[2:], "at": 1})) == ["added"] * 2
    assert outcomes(client.post("/v1/collections/alex_final/move", json={"ids": [ids[1]]})) == ["moved"]
    first = client.get("/v1/collections/alex_final?limit=3").json()
    rest = client.get("/v1/collections/alex_final", params={"cursor": first["cursor"]}).json()
    assert [item["id"] for item in first["assets"] + rest["assets"]] == [ids[1], ids[2], ids[3], ids[0]]
    assert all(item["url"].startswith("/v1/assets/") for item in first["assets"])
    assert client.get("/v1/collections").json() == cli("collection", "ls")
    assert outcomes(client.post("/v1/collections/alex_final/remove", json={"ids": [ids[0]]})) == ["removed"]
    assert outcomes(client.patch("/v1/collections/alex_final", json={"name": "Chosen"})) == ["renamed"]
    assert client.get("/v1/collections/chosen").json()["size"] == 3
    assert outcomes(client.delete("/v1/collections/chosen")) == ["removed"]
    assert client.get("/v1/collections/chosen").status_code == 404


def test_a_suggestion_is_taken_or_turned_down(client, assets):
    wanted = next(
        (asset["id"], found[0]["tag"])
        for asset in assets
        if (found := client.get(f"/v1/assets/{asset['id']}/suggestions").json()["suggestions"])
    )
    body = {"ids": [wanted[0]], "tags": [wanted[1]]}
    listed = f"/v1/assets/{wanted[0]}/suggestions"

    def suggested():
        return wanted[1] in [item["tag"] for item in client.get(listed).json()["suggestions"]]

    client.post("/v1/suggestions/reject", json=body).raise_for_status()
    assert not suggested()
    client.post("/v1/suggestions/unreject", json=body).raise_for_status()
    assert suggested()
    taken = client.post("/v1/suggestions/accept", json=body)
    assert outcomes(taken) == ["changed"]
    assert [item["tag"] for item in taken.json()["suggestions"]] == [wanted[1]]
    assert wanted[1] in client.get(f"/v1/assets/{wanted[0]}").json()["tags"]
    assert client.get("/v1/history?limit=1").json()["batches"][0]["origin"] == "suggestion"
    assert client.post("/v1/suggestions/accept", json=body | {"above": 0.5}).status_code == 422
    sure = client.post("/v1/suggestions/accept", json={"query": "role:bg", "above": 1})
    assert sure.status_code == 200


def test_the_doctor_tells_what_the_command_tells_and_mends_when_asked(client, cli, demo, workspace):
    told = client.get("/v1/doctor").json()
    assert {item["code"] for item in told["findings"]} == {item["code"] for item in cli("doctor")["findings"]}
    assert told["worst"] in {"info", "warning"}
    thumbnail = workspace.gallery.thumbnail(workspace.gallery.search(limit=1).assets[0].id)
    thumbnail.unlink()
    broken = client.get("/v1/doctor").json()
    assert (broken["worst"], broken["counts"]["missing_thumbnail"]) == ("warning", 1)
    mended = client.post("/v1/doctor", json={"repair": True}).json()
    assert "missing_thumbnail" in mended["counts"]
    assert {one["code"] for one in mended["findings"] if one["mended"]} == {"missing_thumbnail"}
    assert thumbnail.exists()
    assert "missing_thumbnail" not in client.get("/v1/doctor").json()["counts"]


def test_one_examination_runs_at_a_time_and_the_list_is_bounded(client, context):
    begun, go_on = threading.Event(), threading.Event()

    def many(full, repair, progress):
        begun.set()
        assert go_on.wait(20)
        yield from (findings.Finding("missing_file", "warning", f"number {n}") for n in range(1500))

    object.__setattr__(context, "examine", many)
    answered = []
    slow = threading.Thread(target=lambda: answered.append(client.get("/v1/doctor")))
    slow.start()
    assert begun.wait(20)
    refused = client.get("/v1/doctor")
    go_on.set()
    slow.join()
    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (503, "busy", "1")
    body = answered[0].json()
    assert (len(body["findings"]), body["counts"]) == (1000, {"missing_file": 1500})
