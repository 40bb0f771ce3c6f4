"""Texts are sent in gzip to whoever reads it, where that pays; everything else is left as it is."""

import gzip

import pytest

from api.edge.compression import SMALLEST, accepts_gzip
from api.web.statics import static_url

ZIPPED = {"Accept-Encoding": "gzip"}
PLAIN = {"Accept-Encoding": "identity"}


def asked(client, path, headers, method="GET"):
    """The answer with its body as it went over the wire."""
    with client.stream(method, path, headers=headers) as answered:
        return answered, b"".join(answered.iter_raw())


@pytest.mark.parametrize(
    "path", ["/v1/assets?limit=50", "/v1/tags?limit=100", "/openapi.json", "/", "/coverage", static_url("js/keys.js")]
)
def test_a_long_text_is_sent_shorter_and_is_the_same(client, path):
    plain, whole = asked(client, path, PLAIN)
    zipped, body = asked(client, path, ZIPPED)
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) == len(body) < len(whole)
    assert gzip.decompress(body) == whole
    assert all("accept-encoding" in one.headers["vary"].lower() for one in (plain, zipped))


def test_a_problem_shown_as_a_page_is_sent_shorter_too(client):
    answered, body = asked(client, "/nothing", ZIPPED | {"Accept": "text/html"})
    assert answered.status_code == 404
    assert b"There is no page at" in gzip.decompress(body)


def test_what_is_short_dense_or_named_by_a_strong_tag_stays_as_it_is(client, assets):
    one = assets[0]["id"]
    for path in ("/livez", f"/v1/assets/{one}/file", f"/v1/assets/{one}/thumbnail", f"/v1/assets/{one}"):
        answered, body = asked(client, path, ZIPPED)
        assert "content-encoding" not in answered.headers, path
        assert len(body) == int(answered.headers["content-length"])
    assert len(asked(client, f"/v1/assets/{one}/file", ZIPPED)[1]) > SMALLEST


def test_what_holds_is_not_sent_again_however_it_was_encoded(client, monkeypatch):
    monkeypatch.setattr("api.edge.compression.SMALLEST", 500)
    zipped, _ = asked(client, "/v1/assets/order?q=", ZIPPED)
    tag = zipped.headers["etag"]
    assert zipped.headers["content-encoding"] == "gzip"
    assert tag == asked(client, "/v1/assets/order?q=", PLAIN)[0].headers["etag"]
    assert tag.startswith("W/")
    for given in (tag, tag.removeprefix("W/")):
        assert client.get("/v1/assets/order?q=", headers={"If-None-Match": given}).status_code == 304


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("br, GZIP", True),
        ("gzip;q=0.5", True),
        ("gzip; q=1", True),
        ("gzip;q=0", False),
        ("gzip;q=0.00, br", False),
        ("*", True),
        ("*, gzip;q=0", False),
        ("identity", False),
        ("x-gzipped", False),
    ],
)
def test_gzip_is_sent_to_whom_reads_it(said, expected):
    assert accepts_gzip(said) is expected
