"""Many clients of one server at once, and what the server needs of memory meanwhile."""

import http.client
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KIB_OF_PAGE = 4
HTTP_FAULT = 400

Request = tuple[str, str, Any]
"""Method, path, body or None."""


@dataclass(frozen=True)
class Outcome:
    """`answers`: good ones; `faults`: what else came. Resident KiB of the server after the warm-up, the most later."""

    answers: int
    faults: list[str]
    before: int
    after: int

    @property
    def growth(self) -> float:
        """Of memory, as a share of what it was."""
        return self.after / self.before - 1


def crowd(
    address: str,
    process: int,
    requests: Sequence[Request],
    *,
    clients: int = 50,
    seconds: float = 30.0,
    warm_up: float = 10.0,
) -> Outcome:
    """Ask for so many seconds; each client has one connection and goes through the requests in turn (Linux)."""
    counts: list[int] = []
    faults: list[str] = []
    end = time.monotonic() + warm_up + seconds

    def ask(number: int) -> None:
        done, link = 0, http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
        while time.monotonic() < end:
            fault = _fault(link, *requests[(number + done) % len(requests)])
            done += 1
            if fault is not None:
                faults.append(fault)
                link.close()
        link.close()
        counts.append(done)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    time.sleep(warm_up)
    before = after = resident(process)
    while time.monotonic() < end:
        time.sleep(0.25)
        after = max(after, resident(process))
    for thread in threads:
        thread.join()
    return Outcome(sum(counts) - len(faults), faults, before, after)


def _fault(link: http.client.HTTPConnection, method: str, path: str, body: Any) -> str | None:
    content = None if body is None else json.dumps(body)
    try:
        link.request(method, path, content, {} if body is None else {"Content-Type": "application/json"})
        answered = link.getresponse()
        answered.read()
    except (OSError, http.client.HTTPException) as error:
        return f"{method} {path}: {error!r}"
    return None if answered.status < HTTP_FAULT else f"{method} {path}: {answered.status}"


def resident(process: int) -> int:
    """KiB of memory that a process holds."""
    return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * KIB_OF_PAGE
