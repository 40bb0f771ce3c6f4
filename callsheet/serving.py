"""The project as a server: what the HTTP face is handed, and the processes that answer."""

import http.client
import ipaddress
import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import structlog
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.context import ApiContext, TokenCheck, asset_url
from api.happenings import Happenings
from api.meters import build_meters
from callsheet import __version__
from callsheet.checkup import examine
from callsheet.project import find_project
from callsheet.settings import load_settings
from callsheet.tokens import TokenFile
from callsheet.workspace import Workspace
from generation.background import Background
from ontology.errors import CallsheetError, ConflictError, InvalidInputError

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
EVERY_ADDRESS: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  # named to be refused without a token
GRACE_SECONDS: Final = 5
"""How long requests may go on after the server was told to stop."""

HEALTH_SECONDS: Final = 60
"""How long one of several processes may be silent, before another takes its place: on a busy machine it takes many
seconds until one has begun, and replacing it then would only make the machine busier."""

SECONDS_BETWEEN_ASKS: Final = 0.1
MOST_ASKS: Final = 600
"""How often processes of their own are asked whether they answer yet."""

Flags = Mapping[str, Any]
Ready = Callable[[str], None]


def open_for_serving(path: Path, flags: Flags | None = None) -> Workspace:
    """The project that a folder lies in, with URLs of assets as this server has them. Raises as `Workspace.open`."""
    project = find_project(path)
    loaded = load_settings(project, flags)
    return Workspace(project, loaded, asset_url=partial(asset_url, loaded.values.serve.public_url))


def build_api_context(
    ws: Workspace, *, tokens: TokenCheck | None = None, meters_folder: Path | None = None
) -> ApiContext:
    """What the HTTP face works with. `tokens` None: whoever reaches it may do everything.

    `meters_folder`: where several processes count together; None: this one counts alone.
    Reads vocabulary, blocks and scenes: what is sound now stays in use when files are broken later. Raises as they do.
    """
    _ = ws.ontology, ws.scenes, ws.block_files
    serve = ws.settings.serve
    own = {serve.host.lower()} - EVERY_ADDRESS
    meters = build_meters(ws, meters_folder)
    happenings = Happenings(meters)
    return ApiContext(
        services=ws,
        examine=lambda full, repair, progress: examine(ws, full=full, repair=repair, progress=progress),
        background=Background(lambda: ws.generation_told(happenings.tell), _log_fault),
        happenings=happenings,
        uploads=ws.project.assets_dir / "uploads",
        version=__version__,
        project=ws.settings.name or ws.root.name,
        hosts=LOOPBACK | own | {name.lower() for name in serve.hosts},
        origins=serve.origins,
        tokens=tokens,
        public_url=serve.public_url,
        meters=meters,
    )


def _log_fault(error: BaseException) -> None:
    """What was unforeseen while something was made. Its message may hold anything: the places alone are written."""
    places = [f"{Path(one.filename).name}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)]
    structlog.stdlib.get_logger("generation").error("generation.fault", kind=type(error).__name__, places=places)


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches a server at this address."""
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def required_tokens(ws: Workspace) -> TokenCheck | None:
    """How tokens are checked; None where none is needed. Raises `InvalidInputError` where one is needed but none made.

    A name is believed to be this machine's only when it is `localhost`: what others resolve to can change.
    """
    host = ws.settings.serve.host
    if is_loopback(host):
        return None
    tokens = TokenFile(ws.project)
    if not tokens.tokens():
        raise InvalidInputError(
            f"others can reach a server at {host!r}, and there is no token",
            hint="callsheet token create NAME --scope tag; or serve at 127.0.0.1",
            code="no_token",
        )
    return tokens.check


def run_server(path: Path, flags: Flags, *, workers: int, ready: Ready) -> int:
    """Serve until told to stop; `ready` is called once with the address when requests are answered. 0 in the end.

    Raises `InvalidInputError` (no token beyond loopback), `ConflictError` (the port is taken), and what opening the
    project, its vocabulary and its database raises.
    """
    with open_for_serving(path, flags) as ws:
        required_tokens(ws)
        serve = ws.settings.serve
        _ = ws.ontology, ws.scenes  # faults of the project's files are told now, not to the first caller
        with ws.live_index.current():
            pass
        listening = bind(serve.host, serve.port)
        address = _address(serve.host, listening.getsockname()[1])
        if workers == 1:
            return _run_one(ws, listening, lambda: ready(address))
    with TemporaryDirectory(prefix="callsheet-meters-") as meters:
        app = partial(_make_app, str(ws.root), dict(flags), meters)
        _run_many(_config(app, factory=True, workers=workers), listening, lambda: ready(address))
    return 0


def _config(app: Callable[..., Any], *, factory: bool = False, workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_worker_healthcheck=HEALTH_SECONDS,
    )


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises `ConflictError` (`in_use`) where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small pieces at once only where the protocol is named; otherwise every answer may wait for 40 ms
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise ConflictError(
            f"nothing can listen at {host}:{port}: {error.strerror or error}",
            hint="another program may use the port: choose one with --port, 0 takes a free one",
            code="in_use",
        ) from error
    listening.set_inheritable(True)
    return listening


def _address(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def configure_logs() -> None:
    """One JSON line for each event on stderr; the server's own remarks only from warnings on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(format="%(message)s", level=logging.INFO, force=True)
    for library in ("uvicorn", "httpx2", "httpcore2"):  # addresses of requests are no events of ours
        logging.getLogger(library).setLevel(logging.WARNING)


def _make_app(root: str, flags: Flags, meters: str) -> FastAPI:
    """The application of one process of several, which count together in the folder `meters`."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = meters  # read by the library when it is first imported, and only there
    app = _app_of(open_for_serving(Path(root), flags), Path(meters))
    _hear_signals(app.state.stopping, app.state.leaving)
    threading.Thread(target=_end_with_parent, args=(app.state.stopping,), daemon=True).start()
    return app


def _hear_signals(stopping: threading.Event, leaving: threading.Event) -> None:
    """What `_Server` does for one process: streams end at once, and a second Ctrl-C waits for no call either."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, partial(_told_to_end, stopping, leaving, signal.getsignal(number)))


def _told_to_end(stopping: threading.Event, leaving: threading.Event, then: Any, number: int, frame: Any) -> None:
    if stopping.is_set() and number == signal.SIGINT:
        leaving.set()
    stopping.set()
    if callable(then):
        then(number, frame)


def _end_with_parent(stopping: threading.Event) -> None:
    """Stop in order when the process that watches over this one is gone, even if it could not say so any more."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    stopping.set()
    os.kill(os.getpid(), signal.SIGTERM)


def _app_of(ws: Workspace, meters: Path | None = None) -> FastAPI:
    configure_logs()
    context = build_api_context(ws, tokens=required_tokens(ws), meters_folder=meters)
    app = create_app(context)
    app.state.stopping, app.state.leaving = context.stopping, context.leaving
    return app


class _Server(uvicorn.Server):
    """Says when it answers, and tells streams that they have to end."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], stopping: threading.Event, leaving: threading.Event
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping, self._leaving = stopping, leaving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As it is, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: Any) -> None:  # noqa: ARG002  # as the base class has it
        """Stop, and end the streams. Being stopped is no failure: the signal is not raised again afterwards.

        Calls that were sent to providers are waited for, until somebody presses Ctrl-C once more.
        """
        self._stopping.set()
        self.force_exit = self.should_exit and sig == signal.SIGINT
        if self.force_exit:
            self._leaving.set()
        self.should_exit = True


def _run_one(ws: Workspace, listening: socket.socket, ready: Callable[[], None]) -> int:
    app = _app_of(ws)
    server = _Server(_config(app), ready, app.state.stopping, app.state.leaving)
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()
    if not server.started:
        raise CallsheetError("the server did not start", hint="its log says why", code="server")
    return 0


class _Processes(Multiprocess):
    """Hands a second Ctrl-C on, which a terminal sends to all of them, and `kill` to this one alone."""

    is_leaving = False

    def handle_int(self) -> None:
        """End; the second time without waiting for calls that were sent."""
        self.is_leaving = self.should_exit.is_set()
        super().handle_int()

    def join_all(self) -> None:
        """Wait for the processes, as long as nobody presses Ctrl-C once more."""
        while left := [one for one in self.processes if one.process.is_alive()]:
            if self.is_leaving or signal.SIGINT in self.signal_queue:
                self.is_leaving = False
                self.signal_queue.clear()
                for one in left:
                    with suppress(ProcessLookupError):  # it has ended just now
                        os.kill(one.process.pid or 0, signal.SIGINT)
            left[0].process.join(SECONDS_BETWEEN_ASKS)
        super().join_all()


def _run_many(config: uvicorn.Config, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Processes of their own, which take turns at the one socket; one that dies is replaced."""
    threading.Thread(target=_when_answering, args=(listening.getsockname(), ready), daemon=True).start()
    try:
        _Processes(config, sockets=[listening]).run()
    finally:
        listening.close()


def _when_answering(address: tuple[Any, ...], ready: Callable[[], None]) -> None:
    """Ask until one of the processes answers, then say so."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address[0], address[0])  # noqa: S104  # what every address means
    for _ in range(MOST_ASKS):
        connection = http.client.HTTPConnection(host, address[1], timeout=SECONDS_BETWEEN_ASKS * 10)
        try:
            connection.request("GET", "/livez")
            if connection.getresponse().status == HTTPStatus.OK:
                ready()
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(SECONDS_BETWEEN_ASKS)
