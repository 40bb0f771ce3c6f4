"""Ordering over HTTP: once for each key, within the budget, made behind the answer, told as it happens."""

import asyncio
import json
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx2
import pytest
from fake_openai import FakeOpenAI, error
from fake_wire import KEY as CANARY
from fake_wire import drop_after_acceptance
from served import serving
from starlette.testclient import TestClient

from api.app import create_app
from api.events import Feed
from callsheet.serving import build_api_context, open_for_serving
from callsheet.tokens import TokenFile
from generation.engine.control import Stop

BASE = "http://127.0.0.1:8000"
SECONDS = 40
LOCAL = {"spec": "headmistress", "providers": ["local"]}
OVER = {"done", "failed", "refused", "cancelled", "unknown", "manual"}


def key(name="one"):
    return {"Idempotency-Key": name}


def waited(ask, is_so, seconds=SECONDS):
    """The first answer of which it is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ask()
        if is_so(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"it did not happen in {seconds} s: {found}")


def over(client, job, states=OVER):
    return waited(lambda: client.get(f"/v1/generations/{job}").json(), lambda found: found["status"] in states)


def ordered(client, body=LOCAL, name="one"):
    sent = client.post("/v1/generations", json=body, headers=key(name))
    assert sent.status_code == 202, sent.text
    return [job["id"] for job in sent.json()["jobs"]]


@pytest.fixture
def fake(monkeypatch, tmp_path):
    """OpenAI on this machine, with a key that must never be seen; the workspace is to be opened after it."""
    with FakeOpenAI(tmp_path / "charges") as server:
        monkeypatch.setenv("OPENAI_API_KEY", CANARY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield server


PAID = {"spec": "headmistress", "providers": ["openai"]}
CARDS = {"spec": "festival-card", "set": {"who": "npc:alex", "greeting": ["A", "B", "C"]}, "providers": ["openai"]}


@contextmanager
def served_within(root):
    """Another server over the project, with its present settings."""
    with open_for_serving(root) as opened, TestClient(create_app(build_api_context(opened)), base_url=BASE) as client:
        yield client


# ordering


def test_a_spec_is_made_behind_the_answer_and_stands_in_the_gallery(client):
    (job,) = ordered(client)
    done = over(client, job)
    assert (done["status"], done["outcome"], done["stand_in"], done["cost"]) == ("done", "made", True, "0.00")
    made = client.get(f"/v1/assets/{done['assets'][0]}").json()
    assert {"npc:headmistress", "role:char:npc", "stand-in"} <= set(made["tags"])
    assert next(step["provider"] for step in done["trace"] if step["step"] == "route") == "local"


def test_the_same_order_again_is_answered_with_the_same_and_made_once(client):
    first = client.post("/v1/generations", json=LOCAL, headers=key())
    over(client, first.json()["jobs"][0]["id"])
    again = client.post("/v1/generations", json=dict(reversed(LOCAL.items())), headers=key())
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(client.get("/v1/generations").json()["jobs"]) == 1


def test_many_at_once_with_one_key_order_once(client):
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: client.post("/v1/generations", json=LOCAL, headers=key()), range(8)))
    assert {one.status_code for one in sent} == {202}
    assert len({one.text for one in sent}) == 1
    assert len(client.get("/v1/generations").json()["jobs"]) == 1


def test_another_order_under_the_same_key_is_refused(client):
    ordered(client)
    sent = client.post("/v1/generations", json=LOCAL | {"n": 2}, headers=key())
    assert (sent.status_code, sent.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": " "}, {"Idempotency-Key": "x" * 256}])
def test_an_order_without_a_key_is_refused_and_nothing_is_written(client, headers):
    sent = client.post("/v1/generations", json=LOCAL, headers=headers)
    assert (sent.status_code, sent.json()["code"]) == (400, "idempotency_key_required")
    assert client.get("/v1/generations").json()["jobs"] == []


def test_a_template_a_spec_that_is_sent_and_a_prefilled_call_are_ordered_alike(client):
    assert len(ordered(client, CARDS | {"providers": ["local"]}, "template")) == 3
    sent = {"version": "1.0", "id": "sent-over", "generation": {"type": "image", "provider": "local"}}
    (job,) = ordered(client, {"spec": sent | {"prompt": {"base": "a lantern"}}}, "whole")
    assert over(client, job)["spec_id"] == "sent-over"
    call = client.post("/v1/prefill/fusion", json={"block": "alex_faces_gravelord"}).json()
    (job,) = ordered(client, {"prefill": call}, "call")
    made = over(client, job)
    assert made["operation"] == "fusion"
    tags = client.get(f"/v1/assets/{made['assets'][0]}").json()["tags"]
    assert {"npc:alex", "npc:boss_01", "loc:dungeon_entrance", "stand-in"} <= set(tags)


def test_a_preview_is_ordered_as_such_and_what_is_ordered_again_of_it_is_the_final_picture(client):
    ahead = client.post("/v1/generations", json=LOCAL | {"preview": True, "dry_run": True}).json()["jobs"][0]
    assert (ahead["status"], ahead["preview"]) == ("planned", True)
    (job,) = ordered(client, LOCAL | {"preview": True})
    done = over(client, job)
    assert (done["status"], done["preview"]) == ("done", True)
    tags = client.get(f"/v1/assets/{done['assets'][0]}").json()["tags"]
    assert (set(tags) >= {"npc:headmistress", "preview"}, "role:char:npc" in tags) == (True, False)
    (again,) = ordered(client, {"again": job}, "again")
    final = over(client, again)
    assert (final["preview"], final["files"][0]["path"]) == (False, "images/characters/headmistress.png")


def test_what_a_job_made_can_be_ordered_again(client):
    (job,) = ordered(client)
    over(client, job)
    (again,) = ordered(client, {"again": job, "force": True}, "again")
    assert over(client, again)["outcome"] in {"made", "unchanged"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"spec": "headmistress", "again": "j1"}, 422),
        ({"spec": "headmistres"}, 404),
        ({"spec": "/etc/passwd"}, 404),
        ({"spec": "../specs/headmistress.yaml"}, 404),
        ({"spec": "festival-card"}, 422),
        ({"spec": "headmistress", "set": {"a": 1}}, 422),
        ({"spec": {"version": "1.0", "id": "x", "api_key": "k"}}, 422),
        ({"spec": "headmistress", "max_cost": "a lot"}, 422),
        ({"spec": "headmistress", "n": 0}, 422),
        ({"spec": "headmistress", "surprise": 1}, 422),
        ({"prefill": {"operation": "fusion", "params": {"fusion_assets": [{"asset_id": "a00"}]}}}, 404),
        ({"prefill": {"operation": "dance", "params": {}}}, 422),
        ({"again": "j99"}, 404),
        ({"spec": "headmistress", "providers": ["opnai"]}, 422),
        ({"spec": "headmistress", "providers": [""]}, 422),
        ({"prefill": {"operation": "text_to_image"}}, 422),
    ],
)
def test_what_cannot_be_made_is_refused_whole(client, body, status):
    sent = client.post("/v1/generations", json=body, headers=key())
    assert sent.status_code == status, sent.text
    assert sent.json()["hint"]
    assert client.get("/v1/generations").json()["jobs"] == []


def test_a_dry_run_tells_price_and_budget_and_writes_nothing(fake, client):
    told = client.post("/v1/generations", json=PAID | {"dry_run": True}).json()
    low, high = float(told["estimate"]["low"]), float(told["estimate"]["high"])
    assert 0 < low <= high < 0.1
    assert (told["jobs"][0]["status"], told["jobs"][0]["provider"]) == ("planned", "openai")
    assert told["budget"]["allowed"]
    assert told["budget"]["remaining"] == told["budget"]["limit"] == "100.00"
    told = client.post("/v1/generations", json=PAID | {"dry_run": True, "max_cost": "0.001"}).json()
    assert not told["budget"]["allowed"]
    assert told["budget"]["refusal"]["limit"] == "0.001"
    assert client.get("/v1/generations").json()["jobs"] == []
    assert fake.charges == 0


def test_a_limit_that_says_no_is_402_with_amount_limit_and_reset(fake, client, workspace, demo):
    (demo / "callsheet.toml").write_text('[generation]\nbudget = "0.01"\n')
    with served_within(demo) as poor:
        sent = poor.post("/v1/generations", json=PAID, headers=key())
        assert (sent.status_code, sent.json()["code"]) == (402, "budget")
        said = sent.json()
        assert (said["limit"], said["left"]) == ("0.01", "0.01")
        assert float(said["wanted"]) > 0.01
        assert said["resets"].endswith("-01T00:00:00Z")
        assert poor.get("/v1/generations").json()["jobs"] == []
    assert fake.charges == 0


def test_what_was_bought_before_needs_no_budget(fake, client, demo):
    over(client, ordered(client, PAID)[0])
    (demo / "callsheet.toml").write_text('[generation]\nbudget = "0.01"\n')
    with served_within(demo) as poor:
        assert over(poor, ordered(poor, PAID, "two")[0])["outcome"] == "unchanged"
        refused = poor.post("/v1/generations", json=PAID | {"force": True}, headers=key("three"))
        assert refused.status_code == 402
    assert fake.charges == 1


def test_where_nobody_can_make_it_the_answer_is_502(demo):
    (demo / "callsheet.toml").write_text("[generation]\nstand_ins = false\n")
    with served_within(demo) as client:
        sent = client.post("/v1/generations", json=PAID, headers=key())
        assert (sent.status_code, sent.json()["code"]) == (502, "no_route")
        assert client.get("/v1/generations").json()["jobs"] == []


JUNK = (None, True, -1, 1.5, 10**30, "", "x", "\ud800", [], {}, [[]], [{}], {"a": 1})


def test_no_value_of_a_prefilled_call_is_a_fault_of_the_server(client):
    call = client.post("/v1/prefill/fusion", json={"block": "alex_faces_gravelord"}).json()
    params, first = call["params"], call["params"]["fusion_assets"][0]
    fields = ("seed", "size", "n_variations", "prompt", "negative_prompt", "strength", "quality", "fusion_assets")
    bodies = [call | {name: junk} for junk in JUNK for name in ("operation", "params", "slots", "unfilled")]
    bodies += [call | {"params": params | {name: junk}} for junk in JUNK for name in fields]
    pictures = [first | {name: junk} for junk in JUNK for name in ("asset_id", "layer")]
    bodies += [call | {"params": params | {"fusion_assets": [picture]}} for picture in pictures]
    for body in bodies:
        raw = json.dumps({"prefill": body, "dry_run": True})  # a lone surrogate is written as an escape
        sent = client.post("/v1/generations", content=raw, headers={"Content-Type": "application/json"})
        assert sent.status_code in {200, 404, 422}, (body, sent.text)
        assert sent.status_code == 200 or sent.json()["hint"], sent.text


def test_a_prefilled_call_may_ask_for_no_more_than_a_spec(client):
    call = {"operation": "text_to_image", "params": {"prompt": "a lamp", "n_variations": 17}}
    sent = client.post("/v1/generations", json={"prefill": call, "dry_run": True})
    assert (sent.status_code, sent.json()["code"]) == (422, "invalid_prefill")
    assert "params.n_variations" in sent.json()["detail"]


# looking after


def test_jobs_are_listed_newest_first_page_by_page_and_by_state(client):
    jobs = ordered(client, CARDS | {"providers": ["local"]})
    for job in jobs:
        over(client, job)
    first = client.get("/v1/generations", params={"limit": 2}).json()
    rest = client.get("/v1/generations", params={"limit": 2, "cursor": first["cursor"]}).json()
    assert [job["id"] for job in first["jobs"] + rest["jobs"]] == jobs[::-1]
    assert rest["cursor"] is None
    assert len(client.get("/v1/generations", params={"state": ["done", "failed"]}).json()["jobs"]) == 3
    assert client.get("/v1/generations", params={"state": "queued"}).json()["jobs"] == []
    assert client.get("/v1/generations", params={"state": "lost"}).status_code == 422
    assert client.get("/v1/generations", params={"cursor": "x"}).status_code == 422
    assert client.get("/v1/generations/j999").status_code == 404


def test_a_job_that_waits_is_cancelled_and_gone_on_with_once_for_each_key(client, workspace):
    (job,) = [job.id for job in _left_by_the_command_line(workspace)]
    assert client.post(f"/v1/generations/{job}/cancel").json()["status"] == "cancelled"
    assert client.post(f"/v1/generations/{job}/cancel").status_code == 409
    assert client.post(f"/v1/generations/{job}/run").status_code == 400
    assert client.post(f"/v1/generations/{job}/run", headers=key()).status_code == 202
    assert over(client, job)["status"] == "done"
    assert client.post(f"/v1/generations/{job}/run", headers=key()).json()["status"] == "done"
    assert client.post(f"/v1/generations/{job}/run", headers=key("two")).status_code == 409


def test_what_the_command_line_left_is_gone_on_with_when_asked(client, workspace):
    (job,) = [job.id for job in _left_by_the_command_line(workspace)]
    assert client.get(f"/v1/generations/{job}").json()["status"] == "queued"
    asked = client.post("/v1/generations/run")
    assert (asked.status_code, [one["id"] for one in asked.json()["jobs"]]) == (202, [job])
    assert over(client, job)["outcome"] == "made"


def _left_by_the_command_line(workspace):
    """A run that was stopped before it began."""
    stop = Stop()
    stop.set()
    spec = workspace.generation.adjusted([workspace.specs["headmistress"]], providers=["local"], n=None)
    return workspace.generation.generate(spec, stop=stop).jobs


def test_an_unknown_outcome_is_told_held_and_settled_by_a_person(fake, client):
    fake.script.append(drop_after_acceptance)
    (job,) = ordered(client, PAID)
    lost = over(client, job)
    assert (lost["status"], lost["cost"], lost["error"]["code"]) == ("unknown", None, "outcome_unknown")
    assert float(client.get("/v1/costs").json()["unknown"]) > 0
    assert client.post(f"/v1/generations/{job}/run", headers=key("run")).status_code == 409
    assert client.post(f"/v1/generations/{job}/resolve", json={}).status_code == 422
    both = {"charged": "0.01", "not_charged": True}
    assert client.post(f"/v1/generations/{job}/resolve", json=both).status_code == 422
    polled = client.post(f"/v1/generations/{job}/resolve", json={"poll": True})
    assert (polled.status_code, polled.json()["code"]) == (409, "still_unknown")
    settled = client.post(f"/v1/generations/{job}/resolve", json={"charged": "0.03"}).json()
    assert (settled["status"], settled["cost"]) == ("failed", "0.03")
    assert client.post(f"/v1/generations/{job}/resolve", json={"charged": "0.03"}).status_code == 409
    assert fake.charges == 1


def test_what_was_not_charged_is_made_again(fake, client):
    fake.script.append(drop_after_acceptance)
    (job,) = ordered(client, PAID)
    over(client, job)
    client.post(f"/v1/generations/{job}/resolve", json={"not_charged": True})
    assert over(client, job, {"done"})["provider"] == "openai"


# money


def test_costs_are_told_as_json_and_as_csv(fake, client, cli):
    over(client, ordered(client, PAID)[0])
    told = client.get("/v1/costs").json()
    assert told["by_provider"][0]["provider"] == "openai"
    assert told == cli("costs")
    as_csv = client.get("/v1/costs", headers={"Accept": "text/csv"})
    assert as_csv.headers["content-type"].startswith("text/csv")
    assert as_csv.text.splitlines()[1].startswith(f"{told['month']},provider,openai,{told['spent']}")
    assert client.get("/v1/costs", params={"format": "csv"}).text == as_csv.text
    assert client.get("/v1/costs", params={"month": "2020-01"}).json()["spent"] == "0.00"
    for month in ("2020-13", "0000-01", "9999-12"):
        assert client.get("/v1/costs", params={"month": month}).status_code == 422


def test_health_is_one_number_with_its_parts(client):
    told = client.get("/v1/costs/health").json()
    assert told["health_score"] == 100
    assert set(told["parts"]) == set(told["weights"])


def test_ordering_needs_the_scope_generate_and_costs_only_read(demo, workspace):
    tokens = TokenFile(workspace.project)
    reader, maker = (
        tokens.create(scope, [scope], datetime(2026, 11, 21, tzinfo=UTC)) for scope in ("read", "generate")
    )
    with TestClient(create_app(build_api_context(workspace, tokens=tokens.check)), base_url=BASE) as asked:
        as_reader, as_maker = ({"Authorization": f"Bearer {token}"} for token in (reader, maker))
        assert asked.get("/v1/costs", headers=as_reader).status_code == 200
        assert asked.get("/v1/generations", headers=as_reader).status_code == 200
        for path in ("", "/j1/cancel", "/j1/run", "/run"):
            assert asked.post(f"/v1/generations{path}", json={}, headers=as_reader | key()).status_code == 403
        assert asked.post("/v1/generations", json=LOCAL, headers=as_maker | key()).status_code == 202


# told as it happens


def test_everything_that_happens_is_told_in_the_engines_words(context, client):
    told = _heard(context, lambda: ordered(client), lambda found: "generation.finished" in found)
    names = [event["event"] for event in told]
    assert names[:2] == ["generation.queued", "generation.started"]
    assert {"generation.routed", "generation.sent", "generation.settled"} <= set(names)
    assert told[-1]["assets"]
    assert {event["subsystem"] for event in told} == {"asset-generation"}


def test_what_another_process_makes_is_told_too(context, client, cli):
    told = _heard(
        context,
        lambda: cli("generate", "headmistress", "--provider", "local"),
        lambda found: "generation.finished" in found,
    )
    assert told[-1]["event"] == "generation.finished"
    assert told[-1]["spec_id"] == "headmistress"


def test_what_another_process_made_between_two_looks_is_told_too(context, workspace):
    """It was never seen open: both steps were taken since the last look."""
    happenings = context.happenings
    with happenings.line() as line:
        happenings.take_note(lambda: workspace.generation)
        workspace.generate(workspace.specs["headmistress"], providers=["local"])
        happenings.look(lambda: workspace.generation)
        happenings.look(lambda: workspace.generation)
        assert [(event["event"], event["job"]) for event in line] == [("generation.finished", "j1")]


def _heard(context, act, is_enough):
    """What a listener hears of generation from now on, while something is done; `is_enough` looks at the names."""

    async def listen():
        found, acting = [], None
        async for piece in Feed(context).listen(None):
            if acting is None:
                acting = asyncio.create_task(asyncio.to_thread(act))
            blocks = [block for block in piece.decode().split("\n\n") if block.startswith("event: generation")]
            found += [json.loads(block.partition("data: ")[2]) for block in blocks]
            if is_enough([event["event"] for event in found]):
                context.stopping.set()
        await acting
        return found

    return asyncio.run(asyncio.wait_for(listen(), SECONDS))


def test_the_key_of_a_provider_is_in_no_answer_event_log_or_page(fake, context, client, logged, demo):
    """The provider repeats the key that it was sent; whoever sees the error must not see the key."""
    answers = []
    fake.script.extend([error(400, f"bad request of {CANARY}"), error(401, f"Incorrect API key: {CANARY}")])
    for name in ("one", "two"):
        sent = client.post("/v1/generations", json=PAID | {"force": True}, headers=key(name))
        answers.append(sent.text)
        if sent.status_code == 202:
            answers.append(json.dumps(over(client, sent.json()["jobs"][0]["id"])))
    paths = ("/v1/generations", "/v1/costs", "/v1/costs/health", "/metrics", "/queue", "/settings", "/v1/history")
    answers += [client.get(path, headers={"Accept": "text/html"} if path[1] != "v" else {}).text for path in paths]
    told = "".join([*answers, json.dumps(logged, default=str)])
    assert "failed" in told
    assert CANARY not in told
    for file in demo.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file


def test_what_was_made_and_paid_is_counted(fake, client):
    pytest.importorskip("prometheus_client")
    over(client, ordered(client, PAID)[0])
    over(client, ordered(client, PAID, "two")[0])
    told = waited(lambda: client.get("/metrics").text, lambda text: 'jobs_total{outcome="unchanged"} 1.0' in text)
    assert 'callsheet_generation_jobs_total{outcome="made"} 1.0' in told
    assert 'callsheet_generation_calls_total{outcome="settled",provider="openai"} 1.0' in told
    assert 'callsheet_generation_cache_hits_total{provider="openai"} 1.0' in told
    assert 'callsheet_generation_call_seconds_count{provider="openai"} 1.0' in told
    spent = client.get("/v1/costs").json()["spent"]
    assert f'callsheet_generation_cost_dollars_total{{provider="openai"}} {float(spent)}' in told
    assert "callsheet_generation_errors_total{" not in told


def test_events_of_the_engine_are_lines_of_the_log(client, logged):
    over(client, ordered(client)[0])
    waited(lambda: [line["event"] for line in logged], lambda names: "generation.finished" in names)
    lines = {line["event"]: line for line in logged}
    assert lines["generation.finished"]["job"] == "j1"
    assert lines["generation.sent"]["provider"] == "local"
    assert "generation.queued" not in lines  # below the level of the spec


# servers that end, and several of them


@pytest.mark.slow
def test_a_server_that_ends_leaves_a_queue_with_which_the_next_one_goes_on(fake, demo):
    release = threading.Event()

    def slowly(handler, seen):
        release.wait(SECONDS)
        handler.send(handler.vendor.answer(seen))

    (demo / "callsheet.toml").write_text("[generation]\nworkers = 1\n")
    fake.script.append(slowly)
    with serving(demo) as (run, address), httpx2.Client(base_url=address, timeout=20) as api:
        jobs = ordered(api, CARDS)
        waited(lambda: len(fake.submissions), lambda number: number == 1)
        run.terminate()
        time.sleep(0.5)
        release.set()
        assert run.wait(SECONDS) == 0  # it has waited for the call that was sent
    with serving(demo) as (_, address), httpx2.Client(base_url=address, timeout=20) as api:
        assert [over(api, job)["status"] for job in jobs] == ["done"] * 3
    assert fake.charges == 3


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_second_ctrl_c_waits_for_no_call_and_its_outcome_is_unknown(fake, demo, workers):
    release = threading.Event()

    def never(handler, seen):
        release.wait(SECONDS * 2)
        handler.drop()

    fake.script.append(never)
    try:
        with serving(demo, "--workers", workers) as (run, address):
            with httpx2.Client(base_url=address, timeout=20) as api:
                (job,) = ordered(api, PAID)
                waited(lambda: len(fake.submissions), lambda number: number == 1)
            run.send_signal(signal.SIGINT)
            with pytest.raises(subprocess.TimeoutExpired):
                run.wait(2)
            run.send_signal(signal.SIGINT)
            run.wait(SECONDS)
        with serving(demo) as (_, address), httpx2.Client(base_url=address, timeout=20) as api:
            assert over(api, job)["status"] == "unknown"
    finally:
        release.set()


@pytest.mark.slow
def test_several_processes_make_each_job_once(fake, demo):
    with serving(demo, "--workers", "2") as (_, address):

        def send(number):
            with httpx2.Client(base_url=address, timeout=20) as api:
                return ordered(api, PAID, f"key-{number % 2}")

        with ThreadPoolExecutor(6) as pool:
            sent = list(pool.map(send, range(6)))
        assert len({tuple(jobs) for jobs in sent}) == 2
        with httpx2.Client(base_url=address, timeout=20) as api:
            for job in {job for jobs in sent for job in jobs}:
                assert over(api, job)["status"] == "done", over(api, job)["error"]
    assert fake.charges == 1
