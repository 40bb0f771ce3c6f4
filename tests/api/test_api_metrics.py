"""`/metrics`: what was asked, by route template and status, over all processes; nothing a caller sends is a label."""

import builtins
import re
import time
from dataclasses import replace

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from served import PATIENCE, serving
from starlette.testclient import TestClient

from api.app import create_app
from api.meters import build_meters
from callsheet.serving import build_api_context
from callsheet.tokens import TokenFile


def samples(text):
    """(name, labels) → value, without what tells when a process began to count."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def told(client):
    answered = client.get("/metrics")
    assert answered.status_code == 200
    assert answered.headers["content-type"].startswith("text/plain; version=")
    return samples(answered.text)


def requests(found, **labels):
    wanted = set(labels.items())
    return sum(value for (name, has), value in found.items() if name == "callsheet_requests_total" and wanted <= {*has})


def test_requests_are_counted_by_route_and_status_with_their_time(client, assets):
    for asset in assets[:3]:
        client.get(f"/v1/assets/{asset['id']}")
    client.get("/v1/assets/zz")
    found = told(client)
    assert requests(found, route="/v1/assets/{asset_id}", status="200", method="GET") == 3
    assert requests(found, route="/v1/assets/{asset_id}", status="404") == 1
    label = (("method", "GET"), ("route", "/v1/assets/{asset_id}"))
    assert found["callsheet_request_seconds_count", label] == 4
    assert found["callsheet_request_seconds_bucket", (("le", "+Inf"), *label)] == 4
    assert 0 < found["callsheet_request_seconds_sum", label] < 60


def test_the_size_of_the_gallery_and_the_newest_batch_are_told(client, workspace, assets):
    client.post("/v1/assets/trash", json={"ids": [assets[0]["id"]]})
    found = told(client)
    assert found["callsheet_assets", ()] == len(assets) - 1
    assert found["callsheet_batch", ()] == workspace.gallery.last_batch()
    assert found["callsheet_file_faults", ()] == found["callsheet_event_listeners", ()] == 0


def test_what_callers_send_never_becomes_a_label(client):
    told(client)
    before = len(told(client))
    for number in range(50):
        client.get(f"/nothing/{number}")
        client.get(f"/v1/assets/x{number}?q={number}")
        client.request(f"METHOD{number}", "/v1/assets")
        client.get("/livez", headers={"host": f"evil{number}.example"})
    found = told(client)
    assert len(found) - before < 150
    assert requests(found, route="none", status="404") == 50
    assert requests(found, route="none", status="421") == 50
    assert requests(found, method="other") == 50


def test_whoever_listens_is_counted(context):
    context.meters.listening(1)
    context.meters.listening(1)
    context.meters.listening(-1)
    assert samples(context.meters.text().decode())["callsheet_event_listeners", ()] == 1


def test_without_the_library_nothing_is_counted_and_the_extra_is_named(workspace, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name.startswith("prometheus_client"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    context = replace(build_api_context(workspace), meters=build_meters(workspace))
    with TestClient(create_app(context), base_url="http://127.0.0.1") as client:
        assert client.get("/v1/ontology").status_code == 200
        answered = client.get("/metrics")
    assert (answered.status_code, answered.json()["code"]) == (501, "no_metrics")
    assert "callsheet[metrics]" in answered.json()["hint"]


def test_beyond_this_machine_it_needs_a_token(workspace, cli):
    token = cli("token", "create", "scraper", "--scope", "read")["token"]
    context = build_api_context(workspace, tokens=TokenFile(workspace.project).check)
    with TestClient(create_app(context), base_url="http://127.0.0.1") as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.slow
def test_several_processes_count_together(demo):
    with (
        serving(demo, "--workers", "2") as (_, address),
        httpx2.stream("GET", f"{address}/v1/events", timeout=PATIENCE) as stream,
        httpx2.Client(base_url=address, timeout=PATIENCE, headers={"Connection": "close"}) as client,
    ):
        lines = stream.iter_lines()
        next(lines)
        for _ in range(60):  # a connection each, taken by either process
            httpx2.get(f"{address}/v1/ontology/terms", timeout=PATIENCE).raise_for_status()
        counted = {"route": "/v1/ontology/terms", "status": "200"}
        end = time.monotonic() + PATIENCE
        while requests(told(client), **counted) < 60 and time.monotonic() < end:  # a request is counted once answered
            time.sleep(0.1)
        for _ in range(10):
            found = told(client)
            assert requests(found, **counted) == 60
            assert found["callsheet_event_listeners", ()] == 1
            assert found["callsheet_assets", ()] > 0
        assert not [name for name, labels in found if "pid" in dict(labels) or re.search(r"\d", name)]
