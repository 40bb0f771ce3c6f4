"""A real server on a free port: it says when it answers, answers over sockets, and stops when it is told to."""

import json
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import httpx2
import pytest
from served import PATIENCE, serving

from benchmarks.crowd import crowd


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_answers_and_stops_in_order(demo, how):
    with serving(demo) as (run, address):
        assert httpx2.get(f"{address}/livez", timeout=PATIENCE).json()["status"] == "ok"
        run.send_signal(how)
        assert run.wait(PATIENCE) == 0
        lines = [json.loads(line) for line in run.stderr.read().splitlines() if line.startswith("{")]
        assert [line["path"] for line in lines if line["event"] == "http.request"] == ["/livez"]


@pytest.mark.slow
def test_several_processes_see_each_others_changes(demo):
    with serving(demo, "--workers", "2") as (run, address):
        for number in range(10):
            body = {"query": "role:bg", "add": [f"mood:m{number}"]}
            tagged = httpx2.post(f"{address}/v1/assets/tags", json=body, timeout=PATIENCE).json()["results"]
            shot = {"need_background": True, "required_tags": [f"mood:m{number}"], "max_results": 500}
            seen = httpx2.post(f"{address}/v1/resolve", json=shot, timeout=PATIENCE).json()["background_assets"]
            assert {item["id"] for item in seen} == {item["id"] for item in tagged}
        run.send_signal(signal.SIGTERM)
        assert run.wait(PATIENCE) == 0


@pytest.mark.slow
def test_what_is_no_request_is_refused_over_a_socket(demo):
    with serving(demo) as (_, address):
        port = int(address.rpartition(":")[2])
        for lines in (
            ["POST /v1/resolve HTTP/1.1", "Host: 127.0.0.1", "Content-Length: -1"],
            ["GET /livez HTTP/1.1", "Host: a", "Host: b"],
            ["GET /livez HTTP/1.1"],
        ):
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as link:
                link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
                assert link.recv(100).split()[1] in {b"400", b"421"}


@pytest.mark.slow
def test_a_port_that_is_taken_and_an_open_address_are_refused(demo, cli):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert cli("serve", "--port", taken.getsockname()[1])["exit"] == 5
    refused = cli("serve", "--host", "0.0.0.0")
    assert (refused["exit"], refused["code"]) == (2, "no_token")


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_events_come_over_the_wire_and_end_with_the_server(demo, workers):
    with (
        serving(demo, "--workers", workers) as (run, address),
        httpx2.stream("GET", f"{address}/v1/events", timeout=PATIENCE) as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next(lines) == ": connected"
        tagged = httpx2.post(
            f"{address}/v1/assets/tags", json={"query": "role:bg", "add": ["mood:wild"]}, timeout=PATIENCE
        ).json()
        assert next(line for line in lines if line.startswith("id:")) == f"id: {tagged['batch']}"
        assert next(line for line in lines if line.startswith("event:")) == "event: batch"
        run.send_signal(signal.SIGTERM)
        assert run.wait(PATIENCE) == 0


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory as Linux tells it")
def test_a_crowd_is_answered_without_an_error_and_without_growing_memory(demo, workspace):
    """`./run bench api` does the same for 30 seconds."""
    ids = [asset.id for asset in workspace.gallery.search(limit=20).assets]
    with serving(demo) as (run, address):
        asked = [
            ("GET", "/v1/assets?limit=50", None),
            ("GET", f"/v1/assets/{ids[0]}", None),
            ("GET", f"/v1/assets/{ids[1]}/thumbnail", None),
            ("POST", "/v1/resolve", {"location_id": "loc:dungeon_entrance", "hero_id": "npc:alex"}),
            ("POST", "/v1/prefill/fusion", {"block": "alex_faces_gravelord"}),
            ("GET", "/v1/ontology/terms?q=gate", None),
            ("GET", "/metrics", None),
        ]
        swallowed = threading.Thread(target=run.stderr.read, daemon=True)  # its log, lest the pipe fills
        swallowed.start()
        seen = crowd(address, run.pid, asked, clients=50, seconds=8, warm_up=8)
    assert seen.faults == []
    assert seen.answers > 500
    assert seen.growth <= 0.1


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes as Linux tells of them")
def test_processes_end_when_the_one_that_watches_them_is_killed(demo):
    with serving(demo, "--workers", "2") as (run, address):
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text(encoding="ascii").split()
        workers = [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        assert len(workers) == 2
        run.kill()
        run.wait(PATIENCE)
        end = time.monotonic() + PATIENCE
        while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < end:
            time.sleep(0.1)
        left = [pid for pid in workers if Path(f"/proc/{pid}").exists()]
        for pid in left:
            os.kill(int(pid), signal.SIGKILL)
        assert left == []
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(f"{address}/livez", timeout=PATIENCE)
