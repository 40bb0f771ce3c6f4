"""What `/metrics` tells: requests, how long they took, listeners, the size of the gallery, what was made and paid.

Labels are route templates, known methods and statuses: their number does not grow with what callers send. The library
that counts is optional (`callsheet[metrics]`); without it nothing is counted.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.errors import HttpError
from gallery.services import Services
from ontology.errors import CallsheetError

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

    from generation.events import Event

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the histogram's buckets."""

ENDLESS: Final = frozenset({"/v1/events"})
"""Answers that last until the listener leaves: how long says nothing."""

CALL_SECONDS: Final = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0)
"""The same for calls to providers, which take much longer."""

ENDS: Final = frozenset({"finished", "failed", "refused", "cancelled", "parked"})
FAILURES: Final = frozenset({"settled", "released", "lost", "failed", "refused"})
NO_PROVIDER: Final = "none"
NO_ROUTE: Final = "none"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Meters(ABC):
    """Where requests are counted."""

    @abstractmethod
    def answered(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """A request was answered; `route` is the template of its path, None where no route was reached."""

    @abstractmethod
    def listening(self, change: int) -> None:
        """So many more (or fewer) follow the events."""

    @abstractmethod
    def made(self, event: "Event") -> None:
        """Something happened while things are made here."""

    @abstractmethod
    def text(self) -> bytes:
        """Everything in the text form of Prometheus. Raises `HttpError` (`no_metrics`) where nothing is counted."""


class NoMeters(Meters):
    """Counts nothing."""

    def answered(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Nothing."""

    def listening(self, change: int) -> None:
        """Nothing."""

    def made(self, event: "Event") -> None:
        """Nothing."""

    def text(self) -> bytes:
        """See `Meters.text`."""
        hint = "install the extra `callsheet[metrics]`, and start the server again"
        raise HttpError("nothing is counted here: the library for it is not installed", hint=hint, code="no_metrics")


class PrometheusMeters(Meters):
    """Counts with `prometheus_client`, into one registry of its own; with `folder`, together with other processes.

    The library decides when it is first imported whether processes count together: see `build_meters`.
    """

    def __init__(self, services: Services, folder: Path | None) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram  # noqa: PLC0415  # optional
        from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415  # optional

        self._services = services
        self._folder = folder
        self._registry = CollectorRegistry()
        own = self._registry if folder is None else None  # the collector finds the values of all processes itself
        if folder is not None:
            MultiProcessCollector(self._registry, str(folder))  # type: ignore[no-untyped-call]  # the library left it so
        kind, route, status = "method", "route", "status"
        self._requests = Counter("callsheet_requests", "Requests answered.", [kind, route, status], registry=own)
        self._seconds = Histogram(
            "callsheet_request_seconds", "From request to answer.", [kind, route], registry=own, buckets=SECONDS
        )
        self._listeners = Gauge(
            "callsheet_event_listeners", "Who follows the events.", registry=own, multiprocess_mode="livesum"
        )
        self._listeners.set(0)
        self._making = _MakingNumbers(own)
        self._registry.register(_GalleryNumbers(services))

    def answered(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """See `Meters.answered`."""
        kind = method if method in METHODS else "other"
        self._requests.labels(kind, route or NO_ROUTE, str(status)).inc()
        if route not in ENDLESS:
            self._seconds.labels(kind, route or NO_ROUTE).observe(seconds)

    def listening(self, change: int) -> None:
        """See `Meters.listening`."""
        self._listeners.inc(change)

    def made(self, event: "Event") -> None:
        """See `Meters.made`."""
        self._making.count(event)

    def text(self) -> bytes:
        """See `Meters.text`."""
        from prometheus_client import generate_latest  # noqa: PLC0415  # optional

        if self._folder is not None:
            _forget_dead(self._folder)
        return generate_latest(self._registry)


class _MakingNumbers:
    """Counters of generation, fed by the engine's events. Names of providers and codes are a closed set."""

    def __init__(self, registry: "CollectorRegistry | None") -> None:
        from prometheus_client import Counter, Histogram  # noqa: PLC0415  # optional

        self._jobs = Counter("callsheet_generation_jobs", "Jobs that ended.", ["outcome"], registry=registry)
        self._calls = Counter(
            "callsheet_generation_calls", "Calls to providers that ended.", ["provider", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            *("callsheet_generation_call_seconds", "From call to booking.", ["provider"]),
            registry=registry,
            buckets=CALL_SECONDS,
        )
        self._dollars = Counter(
            "callsheet_generation_cost_dollars", "US dollars booked.", ["provider"], registry=registry
        )
        self._hits = Counter(
            "callsheet_generation_cache_hits", "Calls that were bought before.", ["provider"], registry=registry
        )
        self._errors = Counter(
            "callsheet_generation_errors", "Calls and jobs that failed.", ["provider", "code"], registry=registry
        )

    def count(self, event: "Event") -> None:
        """Take note of an event."""
        kind, keys = event.name.partition(".")[2], event.keys
        provider = str(keys.get("provider") or NO_PROVIDER)
        if kind in {"settled", "released", "lost"} and provider != NO_PROVIDER:
            has_failed = kind == "settled" and keys.get("code")
            self._calls.labels(provider, "paid_without_result" if has_failed else kind).inc()
            self._dollars.labels(provider).inc(float(keys.get("cost") or 0))
            if keys.get("duration_seconds") is not None:
                self._seconds.labels(provider).observe(float(keys["duration_seconds"]))
        if kind == "cached":
            self._hits.labels(provider).inc()
        if kind in ENDS:
            self._jobs.labels(str(keys.get("outcome") or kind)).inc()
        if keys.get("code") and kind in FAILURES:
            self._errors.labels(provider, str(keys["code"])).inc()


class _GalleryNumbers:
    """Numbers that are asked for when they are told."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> "Iterator[Metric]":
        """Live assets, the newest batch, files that could not be taken in. What cannot be asked now is left out."""
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415  # optional

        services = self._services
        try:
            with services.live_index.current() as index:
                yield GaugeMetricFamily("callsheet_assets", "Live assets.", value=len(index))
            newest = services.gallery.last_batch()
            yield GaugeMetricFamily("callsheet_batch", "Number of the newest batch of the journal.", value=newest)
        except CallsheetError:
            pass
        faults = len(services.file_faults)
        yield GaugeMetricFamily("callsheet_file_faults", "Parts whose files were not taken in.", value=faults)


def build_meters(services: Services, folder: Path | None = None) -> Meters:
    """Meters for one process, or with `folder` for one of several, which count into it together.

    For several, `PROMETHEUS_MULTIPROC_DIR` has to name the folder before anything imports the library.
    """
    try:
        return PrometheusMeters(services, folder)
    except ImportError:
        return NoMeters()


def _forget_dead(folder: Path) -> None:
    """Drop what processes held that are gone, as the library's `mark_process_dead` does; what they counted stays."""
    for path in folder.glob("gauge_livesum_*.db"):
        number = path.stem.rpartition("_")[2]
        if number.isdigit() and not _is_alive(int(number)):
            path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
