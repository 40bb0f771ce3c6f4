"""`/coverage` as the server writes it."""

import json

import pytest
from page_reading import Page, said


@pytest.fixture
def look(client):
    def look(address):
        answered = client[0].get(address)
        assert answered.status_code == 200, answered.text
        return Page(answered.text)

    return look


def test_every_count_leads_to_its_pictures(client, look):
    page = look("/coverage?views=roles")
    counted = [found for found, _ in page.all("a") if "media:image" in said(found["href"]).get("q", [""])[0]]
    assert len(counted) > 30
    for found in counted:
        query = said(found["href"])["q"][0]
        assert client[1].gallery.count(query) == int(found["aria-label"].rpartition(": ")[2]), query


def test_gaps_are_listed_with_a_way_to_draft_and_to_resolve(client, look):
    page = look("/coverage")
    gaps = client[1].coverage()["gaps"]
    drafts = [json.loads(found["data-draft"]) for found, _ in page.all("button") if "data-draft" in found]
    assert drafts[: len(gaps)] == gaps
    assert all(gap in gaps for gap in drafts if "camera" not in gap)
    assert said(page.link("Resolve")) == {"location": [gaps[0]["identity"]]} or page.link("Resolve") == "/resolve"


def test_a_gap_with_a_spec_says_where_it_is(client, look):
    drafted = client[0].post("/v1/specs/drafts", json=client[1].coverage()["gaps"][0]).json()
    gaps = look("/coverage").texts("li", class_="gap")
    assert drafted["file"] in gaps[0]
    assert "Draft another" in gaps[0]
    assert any("specs/headmistress.yaml" in text for text in gaps)


def test_the_tables_can_be_narrowed_to_a_name(look):
    page = look("/coverage?find=ALEX")
    assert page.texts("th", scope="row") == ["Alex npc:alex"]
    assert "Nobody of that name lacks a picture." in page.texts("p", class_="hint")


def test_a_large_vocabulary_is_no_large_page(client, look, demo):
    terms = "".join(f'  "npc:extra_{number:04}": {{label: "Extra {number}"}}\n' for number in range(1000))
    (demo / "ontology" / "extras.yaml").write_text(f"version: 1\nterms:\n{terms}", encoding="utf-8")
    client[1].reload_vocabulary()
    page = look("/coverage")
    assert len(page.all("tr")) < 230
    assert len(page.all("li", class_="gap")) == 60
    assert any("more: find some by their names" in text for text in page.texts("p", class_="hint"))
    following = next(found["href"] for found, text in page.all("a", class_="button") if text.endswith(" more"))
    assert said(following)["start"] == ["100"]
    assert "npc:extra_0099" in " ".join(look(following).texts("th", scope="row"))


@pytest.mark.parametrize("views", ["", "?views=roles"])
def test_every_view_that_a_character_lacks_may_be_drafted_and_no_place_is_asked_for_one(client, look, views):
    offered = [found for found, _ in look(f"/coverage{views}").all("button") if "view" in found["class"].split()]
    assert offered
    counts = client[1].coverage()["cameras"]
    for found in offered:
        who = found["aria-label"].removeprefix("Draft a spec for ").partition(",")[0]
        wanted = json.loads(found["data-draft"])
        assert who == "player" or who.startswith("npc:")
        assert wanted["camera"] not in counts[who] or "wanted_role" in wanted
        assert found["tabindex"] == "-1", "a table is one stop, not hundreds"


def test_the_usual_role_of_a_character_is_that_of_its_gap(client, look):
    usual = [json.loads(found["data-usual"]) for found, _ in look("/coverage").all("tr") if "data-usual" in found]
    gaps = [gap for gap in client[1].coverage()["gaps"] if gap["slot"] != "background"]
    assert gaps
    assert all(gap in usual for gap in gaps)
