"""Examining the project on request: one at a time, answered in the end or told line by line as it goes."""

import queue
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Final

from api.answers import Json, json_bytes
from api.context import ApiContext
from api.errors import HttpError, problem_body, status_of
from api.inputs import Examination
from gallery.checks.findings import Finding, Severity, worst
from ontology.errors import CallsheetError

MOST_FINDINGS: Final = 1000
"""So many are listed; the counts tell of all."""

SECONDS_BETWEEN_SIGNS: Final = 5.0
"""A stream that has nothing to tell says so, which also notices that nobody listens any more."""

_TOLD_EVERY: Final = 20
"""Progress is told once for so many files."""


class _LeftError(Exception):
    """Whoever asked has gone."""


class Examiner:
    """Examines; raises `HttpError` (`busy`) while another request does."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context
        self._busy = threading.Lock()

    def answer(self, wanted: Examination) -> Json:
        """`{findings, counts, worst}` when all is done."""
        self._begin()
        try:
            tally = _Tally()
            listed = [one for one in self._context.examine(wanted.full, wanted.repair, None) if tally.take(one)]
            return {"findings": [one.to_json() for one in listed], **tally.to_json()}
        finally:
            self._busy.release()

    def lines(self, wanted: Examination) -> Iterator[bytes]:
        """One JSON object a line: `{finding}`, `{progress: {done, total}}`, `{}`, last `{counts, worst}` or `{error}`.

        When nobody reads them any more the examination ends at the next file.
        """
        self._begin()
        told: queue.Queue[Json | None] = queue.Queue()
        left = threading.Event()
        threading.Thread(target=self._tell, args=(wanted, told, left), daemon=True).start()
        return _lines(told, left)

    def _begin(self) -> None:
        if not self._busy.acquire(blocking=False):
            raise HttpError("an examination is under way", hint="try again when it is done", code="busy")

    def _tell(self, wanted: Examination, told: "queue.Queue[Json | None]", left: threading.Event) -> None:
        def progress(done: int, total: int, _: str) -> None:
            _heed(left)
            if done % _TOLD_EVERY == 0 or done == total:
                told.put({"progress": {"done": done, "total": total}})

        tally = _Tally()
        try:
            for finding in self._context.examine(wanted.full, wanted.repair, progress):
                _heed(left)
                if tally.take(finding):
                    told.put({"finding": finding.to_json()})
            told.put(tally.to_json())
        except _LeftError:
            pass
        except CallsheetError as error:
            told.put({"error": problem_body(status_of(error), error.code, error.message, error.hint)})
        finally:
            self._busy.release()
            told.put(None)


class _Tally:
    """What was found so far."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.severities: Counter[Severity] = Counter()

    def take(self, finding: Finding) -> bool:
        """Count it; whether it is to be listed."""
        self.counts[finding.code] += 1
        self.severities[finding.severity] += 1
        return self.counts.total() <= MOST_FINDINGS

    def to_json(self) -> Json:
        return {"counts": dict(self.counts), "severities": dict(self.severities), "worst": worst(self.severities)}


def _heed(left: threading.Event) -> None:
    if left.is_set():
        raise _LeftError


def _lines(told: "queue.Queue[Json | None]", left: threading.Event) -> Iterator[bytes]:
    try:
        while True:
            try:
                item = told.get(timeout=SECONDS_BETWEEN_SIGNS)
            except queue.Empty:
                item = {}
            if item is None:
                return
            yield json_bytes(item) + b"\n"
    finally:
        left.set()
