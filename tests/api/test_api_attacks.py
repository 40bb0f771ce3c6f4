"""Attacks that came in elsewhere, and what becomes of them here (`docs/reliability.md` lists all)."""

import io
import os

import pytest
from PIL import Image
from starlette.testclient import TestClient

from api.app import create_app
from callsheet.serving import build_api_context
from callsheet.tokens import TokenFile

BOUNDARY = "b0undary"
HOSTILE = "<img src=x onerror=alert(1)></script>"


def png():
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, "PNG")
    return buffer.getvalue()


def form(*parts):
    """A form as bytes: (line of disposition, content) for each part."""
    made = [
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {line}\r\n\r\n".encode() + content + b"\r\n"
        for line, content in parts
    ]
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return {"content": b"".join(made) + f"--{BOUNDARY}--\r\n".encode(), "headers": headers}


@pytest.mark.parametrize(
    "line",
    [
        """name="file"; filename="a.png"; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd""",
        """name="file"; filename="../../etc/passwd"; filename*=UTF-8''a.png""",
        'name="file"; filename="C:\\\\boot.ini"',
        'name="file"; filename="a\u202egnp.exe"',
    ],
)
def test_a_smuggled_file_name_is_one_harmless_name_and_decides_nothing(client, demo, line):
    answered = client.post("/v1/assets", **form((line, png())))
    assert answered.status_code == 201
    (item,) = answered.json()["results"]
    assert not set("/\\\u202e") & set(item["name"].replace("\\u202e", ""))
    assert [path.name for path in (demo / "assets/uploads").iterdir()] == [item["path"].rpartition("/")[2]]
    assert item["path"].startswith("assets/uploads/")


def test_a_picture_with_a_page_behind_it_is_kept_and_served_as_a_picture(client):
    where = client.post("/v1/assets", **form(('name="file"; filename="x.html"', png() + b"<script>alert(1)")))
    served = client.get(where.json()["results"][0]["url"])
    assert served.headers["content-type"] == "image/png"
    assert (served.headers["x-content-type-options"], "sandbox" in served.headers["content-security-policy"]) == (
        "nosniff",
        True,
    )


def test_a_hundred_thousand_fields_are_refused(client):
    answered = client.post("/v1/assets", **form(*[(f'name="f{number}"', b"") for number in range(100_000)]))
    assert (answered.status_code, answered.json()["code"]) in {(400, "bad_request"), (413, "body_too_large")}


def test_markup_stays_text_in_json_that_no_browser_takes_for_a_page(client, assets):
    path = f"/v1/assets/{assets[0]['id']}"
    changed = client.patch(path, json={"note": HOSTILE}, headers={"If-Match": "*"})
    assert changed.json()["note"] == HOSTILE
    for answered in (changed, client.get("/v1/assets", params={"q": HOSTILE})):
        assert answered.headers["content-type"] in {"application/json", "application/problem+json"}
        assert answered.headers["x-content-type-options"] == "nosniff"
    refused = client.patch(path, json={"add": [HOSTILE]}, headers={"If-Match": "*"})
    assert refused.status_code == 422


@pytest.mark.parametrize("tag", ["npc:al\u202eex", "npc:al\u200bex", "mood:a\u2066b", "free\u202eword"])
def test_a_tag_with_unseen_characters_is_refused_and_shown_escaped(client, assets, tag):
    answered = client.patch(f"/v1/assets/{assets[0]['id']}", json={"add": [tag]}, headers={"If-Match": "*"})
    assert answered.status_code == 422
    assert not {"\u202e", "\u200b", "\u2066"} & set(answered.json()["detail"])


def test_no_foreign_page_is_granted_the_events(client, context):
    context.stopping.set()
    answered = client.get("/v1/events", headers={"origin": "https://evil.example"})
    assert answered.status_code == 200
    assert not [name for name in answered.headers if name.startswith("access-control")]


def test_a_reader_cannot_make_itself_more(workspace, cli, logged):
    token = cli("token", "create", "reader", "--scope", "read")["token"]
    before = TokenFile(workspace.project).tokens()
    app = create_app(build_api_context(workspace, tokens=TokenFile(workspace.project).check))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for method, path in [("POST", "/v1/tokens"), ("PATCH", "/v1/tokens/reader"), ("POST", "/v1/doctor")]:
            answered = client.request(
                method, path, json={"scopes": ["admin"]}, headers={"Authorization": f"Bearer {token}"}
            )
            assert (answered.status_code, answered.json()["code"]) == (403, "scope")
    assert TokenFile(workspace.project).tokens() == before


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_secrets_that_others_may_read_are_a_warning(client, cli, demo):
    cli("token", "create", "reader")
    (demo / ".env").write_text("OPENAI_API_KEY=s3cret\n", encoding="utf-8")
    (demo / ".env").chmod(0o600)
    assert "readable_secret" not in client.get("/v1/doctor").json()["counts"]
    (demo / ".env").chmod(0o644)
    (demo / ".callsheet/tokens.json").chmod(0o640)
    told = [item for item in client.get("/v1/doctor").json()["findings"] if item["code"] == "readable_secret"]
    assert [item["severity"] for item in told] == ["warning", "warning"]
    assert "chmod 600" in told[0]["hint"]
    assert "s3cret" not in str(told)
