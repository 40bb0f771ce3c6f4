"""Beyond this machine a token is needed: with a scope, kept as a hash, revoked at once."""

import json
import stat

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.scopes import required_scope
from callsheet.serving import build_api_context, is_loopback, open_for_serving, required_tokens
from callsheet.tokens import TokenFile
from ontology.errors import InvalidInputError


@pytest.fixture
def tokens(cli):
    return {scope: cli("token", "create", f"for {scope}", "--scope", scope)["token"] for scope in ("read", "tag")}


@pytest.fixture
def guarded(workspace, tokens, logged):
    app = create_app(build_api_context(workspace, tokens=TokenFile(workspace.project).check))
    with TestClient(app, base_url="http://127.0.0.1:8000") as opened:
        yield opened


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        *(("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)),
        *(("::", False), ("192.168.1.5", False), ("my-machine", False), ("", False)),
    ],
)
def test_what_others_can_reach_is_told_from_what_they_cannot(host, is_own):
    assert is_loopback(host) is is_own


def test_beyond_loopback_a_server_without_tokens_does_not_start(demo, cli):
    with open_for_serving(demo, {"serve": {"host": "0.0.0.0"}}) as opened:
        with pytest.raises(InvalidInputError, match="there is no token"):
            required_tokens(opened)
        token = cli("token", "create", "editor")["token"]
        assert required_tokens(opened)(token) == {"read"}
    with open_for_serving(demo) as opened:
        assert required_tokens(opened) is None


@pytest.mark.parametrize(
    ("method", "path", "body", "needed"),
    [
        ("GET", "/v1/assets", None, "read"),
        ("POST", "/v1/resolve", {"hero_id": "npc:alex"}, "read"),
        ("GET", "/openapi.json", None, "read"),
        ("POST", "/v1/assets/tags", {"query": "role:bg", "add": ["mood:wild"]}, "tag"),
        ("POST", "/v1/undo", None, "tag"),
        ("PUT", "/v1/searches/gates", {"query": "role:bg"}, "tag"),
        ("POST", "/v1/suggestions/accept", {"query": "role:bg", "above": 1}, "tag"),
    ],
)
def test_a_request_needs_a_token_of_its_scope(guarded, tokens, method, path, body, needed):
    for headers, status, code in [({}, 401, "no_token"), (bearer("cs_wrong"), 401, "bad_token")]:
        refused = guarded.request(method, path, json=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert "Bearer" in refused.headers["www-authenticate"]
    by_reader = guarded.request(method, path, json=body, headers=bearer(tokens["read"]))
    assert (by_reader.status_code == 403) == (needed == "tag")
    assert guarded.request(method, path, json=body, headers=bearer(tokens["tag"])).status_code == 200


def test_health_is_told_to_everybody(guarded):
    assert (guarded.get("/livez").status_code, guarded.get("/readyz").status_code) == (200, 200)


def test_what_no_table_lists_needs_admin():
    assert required_scope("POST", "/v1/tokens") == required_scope("DELETE", "/") == "admin"


def test_a_revoked_token_ends_at_once(guarded, tokens, cli):
    assert guarded.get("/v1/coverage", headers=bearer(tokens["read"])).status_code == 200
    assert [item["name"] for item in cli("token", "list")["tokens"]] == ["for read", "for tag"]
    cli("token", "revoke", "for read")
    assert guarded.get("/v1/coverage", headers=bearer(tokens["read"])).status_code == 401
    assert cli("token", "revoke", "for read")["exit"] == 4


def test_a_browser_trades_a_token_for_a_cookie_no_script_can_read(guarded, tokens):
    assert guarded.post("/login", json={"token": "cs_wrong"}).status_code == 401
    answered = guarded.post("/login", json={"token": tokens["read"]})
    cookie = answered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert guarded.get("/v1/coverage").status_code == 200
    assert guarded.delete("/login").status_code == 204
    assert guarded.get("/v1/coverage").status_code == 401


def test_tokens_are_kept_as_hashes_for_the_owner_alone_and_never_logged(guarded, tokens, workspace, logged):
    guarded.get("/v1/coverage", headers=bearer(tokens["read"]))
    guarded.get(f"/v1/coverage?token={tokens['read']}")
    path = workspace.project.data_dir / "tokens.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text("utf-8") + str(logged)
    assert not [token for token in tokens.values() if token in text]
    assert json.loads(path.read_text("utf-8"))["tokens"][0]["scopes"] == ["read"]


@pytest.mark.parametrize(
    ("arguments", "code"), [(("for read",), 5), (("x", "--scope", "all"), 2), (("",), 2), (("x" * 61,), 2)]
)
def test_a_token_that_cannot_be_made_is_refused(tokens, cli, arguments, code):
    assert cli("token", "create", *arguments)["exit"] == code
