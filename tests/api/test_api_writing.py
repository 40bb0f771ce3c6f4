"""The routes that write: each change names the version it was made for, is one batch, and can be taken back."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image


def png(colour="red", size=(32, 24), kind="PNG"):
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def sent(*pictures, name="x.png", tags=()):
    files = [("file", (name, content, "image/png")) for content in pictures]
    return {"files": files, "data": {"tag": list(tags)}}


@pytest.fixture
def total(assets):
    return len(assets)


@pytest.fixture
def asset(client, assets):
    return client.get(f"/v1/assets/{assets[0]['id']}").json()


def test_a_change_needs_the_version_it_was_made_for(client, asset):
    path = f"/v1/assets/{asset['id']}"
    for method, more in (("PATCH", {"json": {"rating": 1}}), ("DELETE", {})):
        for given, status, code in [
            (None, 428, "precondition_required"),
            (f'"{asset["version"] + 1}"', 412, "stale"),
            (f'W/"{asset["version"]}"', 412, "stale"),
            ('"of another server"', 412, "stale"),
            ("3", 400, "bad_precondition"),
        ]:
            answered = client.request(method, path, headers={} if given is None else {"If-Match": given}, **more)
            assert (answered.status_code, answered.json()["code"]) == (status, code)
    assert client.get(path).json() == asset


def test_a_change_answers_the_asset_as_it_is_now_with_its_new_etag(client, asset):
    path, seen = f"/v1/assets/{asset['id']}", f'"{asset["version"]}"'
    body = {"add": ["mood:wild"], "remove": [asset["tags"][0]], "rating": 1, "note": "once more"}
    answered = client.patch(path, json=body, headers={"If-Match": seen})
    assert answered.status_code == 200
    changed = answered.json()
    assert (changed["rating"], changed["note"]) == (1, "once more")
    assert changed["tags"] == [*asset["tags"][1:], "mood:wild"]
    assert answered.headers["etag"] == f'"{changed["version"]}"' != seen
    assert client.get(path).json() == changed
    assert client.patch(path, json={}, headers={"If-Match": seen}).status_code == 412
    emptied = client.patch(path, json={"rating": None, "note": None}, headers={"If-Match": "*"}).json()
    assert (emptied["rating"], emptied["note"], emptied["tags"]) == (None, None, changed["tags"])


def test_of_two_changes_made_for_one_version_one_wins(client, asset):
    def change(word):
        headers = {"If-Match": f'"{asset["version"]}"'}
        return client.patch(f"/v1/assets/{asset['id']}", json={"add": [f"mood:{word}"]}, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(change, ["one", "two", "three", "four"]))
    assert sorted(statuses) == [200, 412, 412, 412]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"rating": 6}, "invalid"),
        ({"rating": "3"}, "invalid"),
        ({"tags": ["x"]}, "invalid"),
        ({"add": ["view:pov_1"]}, "undeclared_namespace"),
        ({"add": ["role:nobody"]}, "unknown_term"),
        ({"add": ["mood:a"], "remove": ["mood:a"]}, "contradiction"),
        ({"add": ["x"] * 10_001}, "invalid"),
    ],
)
def test_a_wrong_change_changes_nothing(client, asset, body, code):
    path = f"/v1/assets/{asset['id']}"
    answered = client.patch(path, json=body, headers={"If-Match": "*"})
    assert (answered.status_code, answered.json()["code"]) == (422, code)
    assert client.get(path).json() == asset


def test_an_asset_that_there_is_not_cannot_be_changed(client):
    for method, more in (("PATCH", {"json": {"rating": 1}}), ("DELETE", {})):
        answered = client.request(method, "/v1/assets/a0000000000000000", headers={"If-Match": "*"}, **more)
        assert (answered.status_code, answered.json()["code"]) == (404, "not_found")


def test_what_is_trashed_is_out_of_sight_until_undo(client, asset, total):
    path = f"/v1/assets/{asset['id']}"
    done = client.delete(path, headers={"If-Match": f'"{asset["version"]}"'})
    assert done.json()["results"] == [{"id": asset["id"], "outcome": "trashed", "error": None}]
    assert client.get("/v1/assets").json()["total"] == total - 1
    assert client.get(path).json()["trashed"]
    assert client.post("/v1/undo").json()["results"][0]["outcome"] == "reverted"
    assert client.get(path).json()["trashed"] is None
    assert client.post("/v1/redo").status_code == 200
    assert client.get(path).json()["trashed"]
    assert client.post("/v1/undo", json={"batch": 999}).status_code == 404


def test_many_are_tagged_as_one_batch_and_what_fails_is_told_of_each(client, assets):
    ids = [asset["id"] for asset in assets[:3]]
    body = client.post("/v1/assets/tags", json={"ids": [*ids, "zz"], "add": ["mood:wild"]}).json()
    assert [item["outcome"] for item in body["results"]] == ["changed", "changed", "changed", "failed"]
    assert body["results"][3]["error"]["code"] == "not_found"
    assert client.get("/v1/assets?q=mood:wild").json()["total"] == 3
    assert client.get("/v1/history?limit=1").json()["batches"][0]["batch"] == body["batch"]


def test_all_that_a_query_finds_is_tagged(client):
    total = client.get("/v1/assets?q=role:bg").json()["total"]
    body = client.post("/v1/assets/tags", json={"query": "role:bg", "add": ["mood:wild"]}).json()
    assert len(body["results"]) == total > 3
    assert client.get("/v1/assets?q=mood:wild").json()["total"] == total


@pytest.mark.parametrize("body", [{}, {"ids": ["a"], "query": "role:bg"}, {"query": " "}, {"ids": []}])
def test_which_assets_are_meant_has_to_be_said_once(client, body):
    answered = client.post("/v1/assets/tags", json=body | {"add": ["mood:wild"]})
    assert (answered.status_code, answered.json()["code"]) == (422, "invalid")


def test_a_resolver_sees_a_change_at_once(client):
    shot = {"location_id": "loc:dungeon_entrance", "max_results": 1}
    first = client.post("/v1/resolve", json=shot).json()["background_asset"]
    client.delete(f"/v1/assets/{first['id']}", headers={"If-Match": "*"})
    second = client.post("/v1/resolve", json=shot).json()["background_asset"]
    assert second is None or second["id"] != first["id"]


def test_a_new_picture_is_kept_under_its_hash_and_a_known_one_is_not_kept_again(client, demo):
    answered = client.post("/v1/assets", **sent(png(), name="../../etc/x", tags=["mood:wild"]))
    assert answered.status_code == 201
    (item,) = answered.json()["results"]
    assert (item["outcome"], item["name"]) == ("added", "x")
    asset = client.get(answered.headers["location"]).json()
    assert asset["path"] == item["path"] == f"assets/uploads/{asset['sha256']}.png"
    assert asset["tags"] == ["mood:wild"]
    again = client.post("/v1/assets", **sent(png(), tags=["mood:calm"]))
    assert again.status_code == 200
    assert again.json()["results"][0]["outcome"] == "known"
    assert client.get(answered.headers["location"]).json()["tags"] == ["mood:wild", "mood:calm"]
    assert [path.name for path in (demo / "assets/uploads").iterdir()] == [f"{asset['sha256']}.png"]


def test_the_bytes_say_what_a_picture_is_and_not_its_name(client):
    answered = client.post("/v1/assets", **sent(png(kind="JPEG"), name="x.png"))
    (item,) = answered.json()["results"]
    assert item["path"].endswith(".jpg")
    assert client.get(item["url"]).headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 415, "not_media"),
        (b"<html><script>alert(1)</script>", 415, "not_media"),
        (b"", 415, "not_media"),
        (b"\x80\x04\x95pickle", 415, "not_media"),
        (png()[:60], 422, "damaged"),
        (png(size=(8000, 6000)), 422, "too_many_pixels"),
    ],
)
def test_what_is_no_whole_picture_is_refused_and_leaves_nothing(client, demo, total, content, status, code):
    answered = client.post("/v1/assets", **sent(content))
    assert (answered.status_code, answered.json()["code"]) == (status, code)
    assert not list((demo / "assets").glob("uploads/*"))
    assert client.get("/v1/assets").json()["total"] == total


def test_of_several_files_each_has_its_result(client, total):
    answered = client.post("/v1/assets", **sent(png("red"), b"no picture", png("red"), png("blue")))
    assert answered.status_code == 201
    assert [item["outcome"] for item in answered.json()["results"]] == ["added", "failed", "known", "added"]
    assert client.get("/v1/assets").json()["total"] == total + 2


def test_what_lies_in_the_trash_is_not_taken_in_again(client):
    where = client.post("/v1/assets", **sent(png())).headers["location"]
    client.delete(where, headers={"If-Match": "*"})
    again = client.post("/v1/assets", **sent(png()))
    assert (again.status_code, again.json()["results"][0]["outcome"]) == (200, "in_trash")
    assert client.get(where).json()["trashed"]


def test_a_picture_whose_file_is_gone_comes_back_by_an_upload(client, demo):
    where = client.post("/v1/assets", **sent(png(), tags=["mood:wild"])).headers["location"]
    (demo / client.get(where).json()["path"]).unlink()
    assert client.get(f"{where}/file").json()["code"] == "gone"
    client.post("/v1/assets", **sent(png()))
    assert client.get(f"{where}/file").content == png()
    assert client.get(where).json()["tags"] == ["mood:wild"]


def test_a_bad_tag_takes_nothing_in(client, total):
    answered = client.post("/v1/assets", **sent(png(), tags=["view:pov_1"]))
    assert (answered.status_code, answered.json()["code"]) == (422, "undeclared_namespace")
    assert client.get("/v1/assets").json()["total"] == total


def test_an_upload_without_a_file_and_one_of_too_many_fields_are_refused(client):
    nothing = client.post("/v1/assets", files=[("other", ("x.png", png(), "image/png"))])
    assert (nothing.status_code, nothing.json()["code"]) == (422, "invalid")
    crowd = client.post("/v1/assets", **sent(png(), tags=[f"mood:m{number}" for number in range(2000)]))
    assert (crowd.status_code, crowd.json()["code"]) == (400, "bad_request")
    broken = client.post("/v1/assets", content=b"--x", headers={"content-type": "multipart/form-data"})
    assert broken.status_code == 400


def test_an_upload_above_the_limit_is_refused_while_it_comes_in(client, context, demo):
    object.__setattr__(context, "upload_limit", 100_000)
    answered = client.post("/v1/assets", **sent(png() + b"\0" * 200_000))
    assert (answered.status_code, answered.json()["code"]) == (413, "body_too_large")
    slightly = client.post("/v1/assets", **sent(png() + b"\0" * 120_000))
    assert (slightly.status_code, slightly.json()["code"]) == (413, "too_large")
    assert not list((demo / "assets").glob("uploads/*"))
