"""Pictures and thumbnails: by id only, with ranges and long caching, and never as anything but a picture."""

import pytest

HTML = b"<html><script>alert(1)</script></html>"


@pytest.fixture
def asset(client, assets):
    return client.get(f"/v1/assets/{assets[0]['id']}").json()


@pytest.mark.parametrize("what", ["file", "thumbnail"])
def test_a_picture_is_served_so_that_it_can_only_be_looked_at(client, asset, demo, what):
    answered = client.get(f"/v1/assets/{asset['id']}/{what}")
    assert answered.status_code == 200
    assert answered.headers["content-type"].startswith("image/")
    assert answered.headers["x-content-type-options"] == "nosniff"
    assert answered.headers["content-security-policy"].startswith("sandbox")
    assert "max-age=86400" in answered.headers["cache-control"]
    if what == "file":
        assert answered.content == (demo / asset["path"]).read_bytes()
    named = client.get(f"/v1/assets/{asset['id']}/{what}?v={asset['sha256'][:16]}")
    assert "immutable" in named.headers["cache-control"]
    other = client.get(f"/v1/assets/{asset['id']}/{what}?v=00000000")
    assert "immutable" not in other.headers["cache-control"]
    again = client.get(f"/v1/assets/{asset['id']}/{what}", headers={"If-None-Match": answered.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(f"/v1/assets/{asset['id']}/{what}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(answered.content))


@pytest.mark.parametrize(
    ("wanted", "status", "start", "end"),
    [("bytes=0-99", 206, 0, 100), ("bytes=100-", 206, 100, None), ("bytes=-50", 206, -50, None)],
)
def test_a_part_of_a_picture_is_served(client, asset, wanted, status, start, end):
    whole = client.get(asset["url"]).content
    answered = client.get(asset["url"], headers={"Range": wanted})
    assert (answered.status_code, answered.content) == (status, whole[start:end])


def test_a_part_behind_the_end_is_none(client, asset):
    assert client.get(asset["url"], headers={"Range": "bytes=999999999-"}).status_code == 416


def test_thousands_of_ranges_cost_no_more_than_the_picture(client, asset):
    whole = len(client.get(asset["url"]).content)
    answered = client.get(asset["url"], headers={"Range": "bytes=" + ",".join(["0-"] * 5000)})
    assert answered.status_code in {200, 206, 400, 416}
    assert len(answered.content) <= whole + 1000


@pytest.mark.parametrize(
    "path",
    [
        "/v1/assets/../../etc/passwd/file",
        "/v1/assets/..%2f..%2fetc%2fpasswd/file",
        "/v1/assets/..%5c..%5cboot.ini/file",
        "/v1/assets/a%00/file",
        "/v1/assets/%2e%2e/file",
    ],
)
def test_no_path_leads_to_a_file(client, path):
    assert client.get(path).status_code in {404, 422}


def test_what_took_the_place_of_a_picture_is_not_served(client, asset, demo):
    place = demo / asset["path"]
    place.write_bytes(HTML)
    answered = client.get(asset["url"])
    assert (answered.status_code, answered.json()["code"]) == (404, "gone")
    place.unlink()
    place.symlink_to("/etc/passwd")
    assert client.get(asset["url"]).status_code == 404


def test_a_picture_that_is_also_a_page_is_served_as_a_picture(client, asset, demo):
    place = demo / asset["path"]
    place.write_bytes(place.read_bytes() + HTML)
    answered = client.get(asset["url"])
    assert answered.headers["content-type"].startswith("image/")
    assert answered.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answered.headers["content-security-policy"]
