"""What holds for every request: who may be addressed, from where, how much, and what is written down."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.process import MOST_THREADS

BASE = "http://127.0.0.1:8000"
WRITE = ("POST", "/v1/ontology/validate")
BODY = {"yaml": "version: 1"}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9999", "localhost:8000", "LOCALHOST", "[::1]:8000"])
def test_the_names_of_this_machine_are_answered(client, host):
    assert client.get("/livez", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example", "[::1", "evil.example/localhost"]
)
def test_a_foreign_name_is_refused_against_rebinding(client, host):
    answered = client.get("/livez", headers={"host": host})
    assert (answered.status_code, answered.json()["code"]) == (421, "foreign_host")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:8001"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_page_of_another_origin_may_not_write(client, headers):
    answered = client.request(*WRITE, json=BODY, headers=headers)
    assert (answered.status_code, answered.json()["code"]) == (403, "foreign_origin")


@pytest.mark.parametrize("headers", [{}, {"origin": "http://127.0.0.1:8000"}, {"sec-fetch-site": "same-origin"}])
def test_its_own_pages_and_programs_may_write(client, headers):
    assert client.request(*WRITE, json=BODY, headers=headers).status_code == 200


def test_no_foreign_page_is_granted_to_read(client):
    answered = client.get("/v1/assets", headers={"origin": "https://evil.example"})
    assert not [name for name in answered.headers if name.startswith("access-control")]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_a_form_could_send_is_no_json(client, kind):
    answered = client.request(*WRITE, content=b'{"yaml": ""}', headers={"content-type": kind})
    assert (answered.status_code, answered.json()["code"]) == (415, "unsupported_media_type")


def test_a_large_body_is_refused_before_it_is_read(client):
    answered = client.request(*WRITE, json={"yaml": "x" * 1_100_000})
    assert (answered.status_code, answered.json()["code"]) == (413, "body_too_large")


def test_a_large_body_without_a_length_is_refused_while_it_is_read(client):
    parts = (b"x" * 65536 for _ in range(40))
    answered = client.request(*WRITE, content=parts, headers={"content-type": "application/json"})
    assert (answered.status_code, answered.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("length", ["-1", "1e3", "½"])
def test_a_length_that_is_no_number_is_refused(client, length):
    headers = {"content-type": "application/json", "content-length": length.encode("utf-8")}
    answered = client.request(*WRITE, content=b"{}", headers=headers)
    assert (answered.status_code, answered.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("query", ["token=s3cret", "access_token=s3cret", "a=b&API_KEY=s3cret"])
def test_a_token_in_the_url_is_refused_and_not_logged(client, logged, query):
    answered = client.get(f"/v1/assets?{query}")
    assert (answered.status_code, answered.json()["code"]) == (400, "token_in_url")
    assert "s3cret" not in str(logged)


def test_every_answer_says_how_a_browser_has_to_treat_it(client):
    for path in ("/livez", "/v1/assets", "/nothing"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]


def test_a_request_is_logged_once_under_its_id_without_what_may_be_secret(client, logged):
    secrets = {"authorization": "Bearer s3cret", "cookie": "callsheet_token=s3cret", "x-request-id": "job-7"}
    answered = client.get("/v1/assets?q=s3cret", headers=secrets)
    assert answered.headers["x-request-id"] == "job-7"
    (entry,) = logged
    assert (entry["event"], entry["path"], entry["status"], entry["request_id"]) == (
        "http.request",
        "/v1/assets",
        200,
        "job-7",
    )
    assert "s3cret" not in str(entry)


def test_an_id_that_could_forge_a_log_is_replaced(client):
    assert client.get("/livez", headers={"x-request-id": "a b{}"}).headers["x-request-id"] != "a b{}"


def test_no_more_requests_touch_the_database_side_by_side_than_pay_off(context):
    app, many, at_once, most = create_app(context), 3 * MOST_THREADS, Counter(), []

    @app.get("/slow")
    def slow():
        at_once["now"] += 1
        most.append(at_once["now"])
        time.sleep(0.02)
        at_once["now"] -= 1

    with TestClient(app, base_url=BASE) as client, ThreadPoolExecutor(many) as crowd:
        answers = list(crowd.map(lambda _: client.get("/slow").status_code, range(many)))
    assert answers == [200] * many
    assert 2 <= max(most) <= MOST_THREADS
