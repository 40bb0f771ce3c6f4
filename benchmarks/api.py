"""Answers over HTTP, as ratios within one run: resolving against an empty POST, a page against its bytes.

One server process with all that surrounds a request (checks, logs), asked over loopback by eight connections at once;
then by a crowd of fifty, which must see no error, while its memory stays what it was.
"""

import json
import multiprocessing
import os
import socket
import threading
from argparse import Namespace
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from operator import truediv
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import IO

import uvicorn
from starlette.responses import Response

from api.answers import assets_json, json_bytes
from api.app import create_app
from api.asset_texts import answer_with_page
from api.models import AssetPage
from benchmarks.crowd import Outcome, Request, crowd
from benchmarks.options import benchmark_parser, parsed, shortened
from benchmarks.population import make_assets, make_requests
from benchmarks.query import fill
from callsheet.project import Project
from callsheet.serving import bind, build_api_context, configure_logs, open_for_serving

CONNECTIONS, PAGE = 8, 50
RESOLVE_TARGET, PAGE_TARGET, MODEL_TARGET = 0.25, 0.5, 1.5
GROWTH_TARGET = 0.1


def main(arguments: Sequence[str] | None = None) -> int:
    """Print requests a second and the ratios; 1 where `--check` is given and one misses its target."""
    parser = benchmark_parser("api", __doc__, sizes=[100_000])
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each route is asked in a round")
    parser.add_argument("--rounds", type=int, default=5, help="the medians of so many are shown")
    parser.add_argument("--crowd-seconds", type=float, default=30.0, help="how long fifty clients ask; 0 leaves it out")
    options = parsed(parser, arguments)
    missed = False
    for size in options.sizes:
        with TemporaryDirectory() as folder:
            rates, seen = _measured(Path(folder), size, options)
        told = ", ".join(f"{name} {median(found):,.0f}/s" for name, found in rates.items())
        print(f"{shortened(size)} assets: {told}")
        for what, one, other, target in (
            ("resolve over an empty POST", "resolve", "empty", RESOLVE_TARGET),
            (f"a page of {PAGE} over its bytes", "page", "bytes", PAGE_TARGET),
            (f"a page of {PAGE} over response_model", "page", "model", MODEL_TARGET),
        ):
            # Within a round the machine is much the same, from one to the next it need not be.
            ratio = median(map(truediv, rates[one], rates[other]))
            missed |= ratio < target
            print(f"  {what}: {ratio:.2f}, target >= {target}{'' if ratio >= target else '  MISSED'}")
        if seen is not None:
            missed |= bool(seen.faults) or seen.growth > GROWTH_TARGET
            told = (
                f"{seen.answers:,} answers, {len(seen.faults)} errors, memory {seen.growth:+.1%} of {seen.before:,} KiB"
            )
            print(f"  fifty clients: {told}, target: no error, <= {GROWTH_TARGET:+.0%}")
            print("".join(f"    {fault}\n" for fault in seen.faults[:5]), end="")
    return int(missed and options.check)


def _measured(root: Path, size: int, options: Namespace) -> tuple[dict[str, list[float]], Outcome | None]:
    project = Project(root)
    project.data_dir.mkdir()
    project.settings_file.write_text("", encoding="utf-8")
    fill(project.database_file, make_assets(size))
    questions = [_post("/v1/resolve", json_bytes(request.to_json())) for request in make_requests(200)]
    asked = {
        "empty": [_post("/empty", b"{}")],
        "resolve": questions,
        "bytes": [_get("/bytes")],
        "page": [_get("/page")],
        "model": [_get("/model")],
    }
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(str(root), theirs), daemon=True)
    server.start()
    try:
        port = ours.recv()
        rates: dict[str, list[float]] = {name: [] for name in asked}
        for _ in range(options.rounds):
            for name, requests in asked.items():
                rates[name].append(_rate(port, requests, options.seconds))
        seen = _crowd(server, port, options.crowd_seconds) if options.crowd_seconds else None
    finally:
        server.terminate()
        server.join()
    return rates, seen


def _crowd(server: BaseProcess, port: int, seconds: float) -> Outcome:
    """Pages, single assets and questions, by fifty at once."""
    asked: list[Request] = [("GET", f"/v1/assets?limit={PAGE}", None), ("GET", "/v1/assets?q=role:bg", None)]
    asked += [("POST", "/v1/resolve", request.to_json()) for request in make_requests(30)]
    asked += [("GET", "/v1/ontology/terms?q=gate", None), ("GET", "/v1/history?limit=5", None)]
    return crowd(f"http://127.0.0.1:{port}", server.pid or 0, asked, seconds=seconds)


def _serve(root: str, ready: Connection) -> None:
    """The application with three routes more: what there is to compare with."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # logs are written, and read by nobody
    configure_logs()
    with open_for_serving(Path(root)) as ws:
        context = build_api_context(ws)
        app = create_app(context)
        page = ws.gallery.search("", limit=PAGE)
        ready_made = json_bytes(assets_json(context, page.to_json()))

        @app.post("/empty")
        async def empty(body: dict[str, str]) -> Response:
            return Response(b"{}" if body is not None else b"", media_type="application/json")

        @app.get("/bytes")
        async def in_bytes() -> Response:
            return Response(ready_made, media_type="application/json")

        @app.get("/page")
        async def in_rows() -> Response:
            return answer_with_page(context, page)

        @app.get("/model", response_model=AssetPage)
        async def by_model() -> object:
            return assets_json(context, page.to_json())

        with ws.live_index.current():
            pass
        listening = bind("127.0.0.1", 0)
        ready.send(listening.getsockname()[1])
        config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listening])


def _post(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def _rate(port: int, requests: Sequence[bytes], seconds: float) -> float:
    """Answers a second over several connections, each with one request at a time."""
    counts: list[int] = []
    end = perf_counter() + seconds

    def ask(offset: int) -> None:
        done = 0
        with socket.create_connection(("127.0.0.1", port), timeout=30) as link, link.makefile("rb") as answers:
            while perf_counter() < end:
                link.sendall(requests[(offset + done) % len(requests)])
                _read(answers)
                done += 1
        counts.append(done)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    started = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (perf_counter() - started)


def _read(answers: IO[bytes]) -> None:
    """One answer, which has to be a good one."""
    read_line, read = answers.readline, answers.read
    status = read_line()
    length = 0
    while (line := read_line()) != b"\r\n":
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    body = read(length)
    if b" 200 " not in status:
        raise RuntimeError(f"{status!r}: {json.loads(body)}")
