"""The gallery page in Chromium: until the first pictures of many are seen, and until a tag is saved.

Times are printed and fail nothing: they are those of this machine and this browser. Needs Playwright and Chromium.
"""

import multiprocessing
import os
import shutil
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import uvicorn

from api.app import create_app
from benchmarks.demo_crowd import crowd
from benchmarks.options import benchmark_parser, parsed, shortened
from callsheet.demo import demo_project
from callsheet.serving import bind, build_api_context, configure_logs, open_for_serving
from callsheet.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SEEN = "() => [...document.querySelectorAll('[role=gridcell] img')].some((i) => i.complete && i.naturalWidth > 0)"
IDS = "fetch('/v1/assets?limit=100').then((answer) => answer.json()).then((body) => body.assets.map((a) => a.id))"
SAVE = """async ([ids, add]) => {
  const begun = performance.now();
  const body = JSON.stringify({ids, add: add ? ["mood:tense"] : [], remove: add ? [] : ["mood:tense"]});
  const answer = await fetch("/v1/assets/tags", {method: "POST", headers: {"content-type": "application/json"}, body});
  if (!answer.ok) throw new Error(await answer.text());
  return performance.now() - begun;
}"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print milliseconds until the first pictures, and the 50th and 95th percentile of saving a tag."""
    parser = benchmark_parser("pages", __doc__, sizes=[1_000, 100_000])
    parser.add_argument("--rounds", type=int, default=5, help="how often the page is opened")
    parser.add_argument("--saves", type=int, default=100, help="how many tags are saved")
    options = parsed(parser, arguments)
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("no Chromium is installed (apt-get install chromium)")
        return 1
    for size in options.sizes:
        with TemporaryDirectory() as folder:
            root, _ = demo_project(Path(folder) / "many")
            with Workspace.open(root) as workspace:
                crowd(workspace, size)
            first, saves = _measured(root, browser, options.rounds, options.saves)
        print(
            f"{shortened(size)} assets: first pictures {median(first):,.0f} ms (best {min(first):,.0f}), a tag saved "
            f"p50 {median(saves):.0f} ms, p95 {quantiles(saves, n=20)[-1]:.0f} ms"
        )
    return 0


def _measured(root: Path, browser: str, rounds: int, saves: int) -> tuple[list[float], list[float]]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # only this benchmark needs a browser

    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(str(root), theirs), daemon=True)
    server.start()
    try:
        address = f"http://127.0.0.1:{ours.recv()}"
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            first = [_first_pictures(chromium.new_context().new_page(), address) for _ in range(rounds)]
            page = chromium.new_page()
            page.goto(address)
            ids = page.evaluate(
                "fetch('/v1/assets?limit=100').then((r) => r.json()).then((b) => b.assets.map((a) => a.id))"
            )
            taken = [page.evaluate(SAVE, [[ids[n % len(ids)]], n // len(ids) % 2 == 0]) for n in range(saves)]
            chromium.close()
    finally:
        server.terminate()
        server.join()
    return first, taken


def _first_pictures(page: "Page", address: str) -> float:
    """Milliseconds from asking for the page until a picture of the grid is there."""
    page.goto(address, wait_until="commit")
    page.wait_for_function(SEEN, polling="raf")
    return float(page.evaluate("performance.now()"))


def _serve(root: str, ready: Connection) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # logs are written, and read by nobody
    configure_logs()
    with open_for_serving(Path(root)) as workspace:
        listening = bind("127.0.0.1", 0)
        ready.send(listening.getsockname()[1])
        config = uvicorn.Config(create_app(build_api_context(workspace)), log_config=None, access_log=False)
        uvicorn.Server(config).run(sockets=[listening])
