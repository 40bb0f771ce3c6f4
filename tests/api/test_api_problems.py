"""What goes wrong is told as problem details with a stable type, whoever noticed it."""

import pytest

from api.errors import status_of
from gallery.intake.media import MediaError
from gallery.store.deadline import DeadlineError
from ontology.errors import CallsheetError, ConflictError, IntegrityError, InvalidInputError, NotFoundError
from resolver import RequestError

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInputError("m"), 422),
        (RequestError("m"), 422),
        (InvalidInputError("m", code="query"), 422),
        (NotFoundError("m"), 404),
        (NotFoundError("m", code="nothing_to_undo"), 404),
        (ConflictError("m"), 409),
        (ConflictError("m", code="stale"), 412),
        (ConflictError("m", code="locked"), 503),
        (ConflictError("m", code="newer_database"), 409),
        (IntegrityError("m"), 500),
        (DeadlineError("m"), 503),
        (MediaError("m", code="not_media"), 415),
        (MediaError("m", code="too_many_pixels"), 422),
        (MediaError("m"), 422),
        (CallsheetError("m", code="disk_full"), 507),
        (CallsheetError("m", code="storage"), 500),
        (CallsheetError("m"), 500),
    ],
)
def test_every_kind_of_error_has_its_status(error, status):
    assert status_of(error) == status


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "code"),
    [
        ("GET", "/nothing", {}, 404, "no_route"),
        ("PUT", "/v1/coverage", {}, 405, "method_not_allowed"),
        ("GET", "/v1/assets/zz", {}, 404, "not_found"),
        ("GET", "/v1/assets/a", {}, 422, "ambiguous_id"),
        ("GET", "/v1/assets?q=rating:many", {}, 422, "query"),
        ("GET", "/v1/assets?q=sort:id;drop", {}, 422, "query"),
        ("GET", "/v1/assets?limit=501", {}, 422, "invalid"),
        ("GET", "/v1/assets?cursor=x", {}, 422, "invalid"),
        ("GET", "/v1/history?since=soon", {}, 422, "invalid"),
        ("GET", "/v1/history?since=0001-01-01T00:00%2B23:59", {}, 422, "invalid"),
        ("POST", "/v1/resolve", {"content": b"{", "headers": JSON}, 400, "bad_json"),
        ("POST", "/v1/resolve", {"content": b"[" * 100_000, "headers": JSON}, 400, "bad_request"),
        ("POST", "/v1/resolve", {"content": b'{"heroId": "npc:\\ud800"}', "headers": JSON}, 200, None),
        ("POST", "/v1/resolve", {"json": {}}, 422, "usage"),
        ("POST", "/v1/resolve", {"json": {"hero": "npc:alex"}}, 422, "invalid_request"),
        ("POST", "/v1/resolve", {"json": {"block": "nope"}}, 404, "not_found"),
        ("POST", "/v1/resolve", {"json": {"scene": "nope"}}, 404, "not_found"),
        ("POST", "/v1/resolve", {"json": {"block": "x", "prompt": "y"}}, 422, "usage"),
        ("POST", "/v1/resolve", {"json": {"heroId": "npc:a", "request": {"hero_id": "npc:b"}}}, 422, "invalid"),
        ("POST", "/v1/resolve", {"json": {"heroId": "npc:a", "candidates": [{"tags": []}]}}, 422, "invalid_candidate"),
        ("POST", "/v1/explain", {"json": {"heroId": "npc:alex"}}, 422, "invalid"),
        ("POST", "/v1/prefill/nope", {"json": {"heroId": "npc:alex"}}, 422, "unknown_operation"),
        ("POST", "/v1/ontology/validate", {"json": {"yml": ""}}, 422, "invalid"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(client, method, path, more, status, code):
    answered = client.request(method, path, **more)
    assert (answered.status_code, answered.json().get("code")) == (status, code)
    if code is not None:
        body = answered.json()
        assert answered.headers["content-type"] == "application/problem+json"
        assert body["type"] == f"urn:callsheet:problem:{code}"
        assert (body["status"], bool(body["title"]), bool(body["detail"])) == (status, True, True)
        assert body.keys() == {"type", "title", "status", "detail", "code", "hint", "errors"}


def test_a_fault_of_a_field_names_the_field(client):
    (error,) = client.get("/v1/assets?limit=many").json()["errors"]
    assert (error["in"], error["field"]) == ("query", "limit")


def test_a_fault_of_ours_is_logged_and_not_told(client, workspace, monkeypatch, logged):
    monkeypatch.setattr(type(workspace), "coverage", lambda _: 1 / 0)
    answered = client.get("/v1/coverage")
    assert (answered.status_code, answered.json()["code"]) == (500, "internal")
    assert "division" not in answered.text
    (fault,) = [entry for entry in logged if entry["event"] == "http.fault"]
    assert fault["exc_info"]
    assert fault["request_id"] == answered.headers["x-request-id"]
    assert fault["request_id"] in answered.json()["hint"]
    assert answered.headers["x-content-type-options"] == "nosniff"


def test_a_number_that_json_has_not_is_refused(client):
    content = b'{"heroId": "npc:a", "candidates": [{"id": 1, "tags": ["npc:a"], "more": NaN}]}'
    answered = client.post("/v1/resolve", content=content, headers=JSON)
    assert (answered.status_code, answered.json()["code"]) == (422, "invalid")
