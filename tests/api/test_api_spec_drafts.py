"""`POST /v1/specs/drafts`: a gap becomes a file in `specs/`."""

import pytest

from api.scopes import required_scope

DRAFTS = "/v1/specs/drafts"


def test_a_gap_of_the_coverage_becomes_a_spec(client, demo):
    gap = client.get("/v1/coverage").json()["gaps"][0]
    answered = client.post(DRAFTS, json=gap)
    assert answered.status_code == 201
    drafted = answered.json()
    assert (demo / drafted["file"]).read_text(encoding="utf-8") == drafted["text"]
    assert drafted["tags"] == [gap["identity"], gap["wanted_role"]]
    again = client.post(DRAFTS, json=gap).json()
    assert again["file"] != drafted["file"]
    assert (demo / drafted["file"]).read_text(encoding="utf-8") == drafted["text"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"slot": "throne"},
        {"slot": "hero", "identity": "npc:nobody_at_all"},
        {"slot": "hero", "identity": "../../etc/passwd"},
        {"slot": "hero", "identity": "npc:alex", "file": "../x.yaml"},
        {"slot": "hero", "identity": 3},
    ],
)
def test_what_is_no_gap_is_refused_and_writes_nothing(client, demo, body):
    before = sorted((demo / "specs").rglob("*")) if (demo / "specs").exists() else []
    answered = client.post(DRAFTS, json=body)
    assert answered.status_code == 422
    assert answered.json()["detail"]
    assert (sorted((demo / "specs").rglob("*")) if (demo / "specs").exists() else []) == before


def test_drafting_needs_the_scope_of_making():
    assert required_scope("POST", DRAFTS) == "generate"


def test_a_file_that_is_there_is_not_written_over(client, demo):
    gap = {"slot": "hero", "identity": "npc:mara", "wanted_role": "role:char:hero"}
    there = demo / "specs" / "mara-hero.yaml"
    there.write_text("# mine, and no spec yet\n", encoding="utf-8")
    answered = client.post(DRAFTS, json=gap)
    assert (answered.status_code, answered.json()["code"]) == (409, "file_exists")
    assert there.read_text(encoding="utf-8") == "# mine, and no spec yet\n"
