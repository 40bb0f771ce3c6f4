"""Vendors on loopback: real sockets, the true wire format, every way to fail. They keep books of their own."""

import io
import json
import os
import random
import struct
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from PIL import Image

KEY = "sk-canary+1234567890/abcdefghij-never-seen"


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Part:
    """One part of a form."""

    name: str
    file_name: str | None
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Seen:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def asked(self) -> Any:
        """What is asked for, whichever way it is written."""
        form = self.headers.get("content-type", "").startswith("multipart/")
        return [(part.name, part.media_type, part.data) for part in self.parts] if form else self.json

    @property
    def parts(self) -> list[Part]:
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return [
            Part(
                item.get_param("name", header="content-disposition"),
                item.get_filename(),
                item.get_content_type(),
                item.get_payload(decode=True),
            )
            for item in message.iter_parts()
        ]

    @property
    def fields(self) -> dict[str, str]:
        return {part.name: part.data.decode() for part in self.parts if part.file_name is None}


class FakeVendor(ABC):
    """A server; `script` holds what the next paid calls get in place of a picture: a `Reply` or one of the faults.

    `submissions`: paid calls that arrived whole. `charges`: those that money was taken for; also in `books`, if given.
    """

    def __init__(self, books: Path | None = None) -> None:
        self.submissions: list[Seen] = []
        self.others: list[Seen] = []
        self.charges = 0
        self.books = books
        self.script: deque[Any] = deque()
        self.health: Any = None
        self.stopping = threading.Event()
        vendor = self

        class Handler(_Handler):
            pass

        Handler.vendor = vendor
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def charge(self) -> None:
        self.charges += 1
        if self.books is not None:
            with self.books.open("a", encoding="utf-8") as file:
                file.write("charged\n")
                file.flush()
                os.fsync(file.fileno())

    @abstractmethod
    def answer(self, seen: Seen) -> Reply:
        """What the vendor answers to a paid call: a picture, or why not."""

    def is_paid(self, seen: Seen) -> bool:
        return seen.method == "POST"

    @abstractmethod
    def refusal_of_key(self, seen: Seen) -> Reply | None:
        """What it says to a call without its key."""

    @abstractmethod
    def free(self, seen: Seen) -> Reply:
        """What it answers to a call that costs nothing."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    vendor: FakeVendor

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.serve()

    def do_POST(self):
        self.serve()

    def serve(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        seen = Seen(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        if not self.vendor.is_paid(seen):
            self.vendor.others.append(seen)
            self.send(self.vendor.refusal_of_key(seen) or self.vendor.health or self.vendor.free(seen))
            return
        self.vendor.submissions.append(seen)
        step = self.vendor.script.popleft() if self.vendor.script else None
        if isinstance(step, Reply):
            self.send(step)
        elif step is not None:
            step(self, seen)
        else:
            self.send(self.vendor.refusal_of_key(seen) or self.vendor.answer(seen))

    def send(self, reply: Reply, *, length: int | None = None, upto: int | None = None):
        self.send_response(reply.status)
        headers = {"Content-Type": "application/json", "X-Request-Id": "req-1"} | reply.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.data) if length is None else length))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(reply.data[:upto])

    def drop(self):
        """End the connection with a reset."""
        import socket

        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


# --- Faults: `(handler, seen)` -------------------------------------------------------------------------------------


def drop_after_acceptance(handler, seen):
    """The job is accepted, and the connection is gone."""
    handler.vendor.charge()
    handler.drop()


def hang_up(handler, seen):
    """Closed politely, without a word."""
    handler.vendor.charge()
    handler.close_connection = True


def cut_body(handler, seen):
    reply = handler.vendor.answer(seen)
    handler.send(reply, upto=len(reply.data) // 2)
    handler.close_connection = True


def wrong_length(handler, seen):
    """More is announced than comes."""
    reply = handler.vendor.answer(seen)
    handler.send(reply, length=len(reply.data) + 1000)
    handler.close_connection = True


def silent(handler, seen):
    handler.vendor.charge()
    handler.vendor.stopping.wait(20)


def drip(handler, seen):
    """A byte now and then: no pause is long, the whole takes for ever."""
    reply = handler.vendor.answer(seen)
    handler.send(reply, upto=0)
    _dripped(handler, reply.data)


def drip_headers(handler, seen):
    handler.vendor.charge()
    _dripped(handler, b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 10_000)


def _dripped(handler, data):
    with suppress(OSError):
        for byte in data:
            if handler.vendor.stopping.wait(0.02):
                return
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()


def too_large(handler, seen):
    """A body without end."""
    handler.vendor.charge()
    handler.send_response(200)
    handler.send_header("Content-Length", str(200 * 1024 * 1024))
    handler.end_headers()
    block = b" " * (1024 * 1024)
    with suppress(OSError):
        for _ in range(200):
            handler.wfile.write(block)


def changed(edit):
    """The vendor's own answer, edited before it is sent."""

    def step(handler, seen):
        reply = handler.vendor.answer(seen)
        body = reply.body
        edited = edit(body)
        handler.send(Reply(reply.status, body if edited is None else edited, reply.headers))

    return step


def html(status):
    page = "<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>"
    return Reply(status, page, {"Content-Type": "text/html"})


def painted(width: int, height: int, kind: str = "PNG", seed: int = 0) -> bytes:
    """A small true picture."""
    chance = random.Random(seed)
    image = Image.new("RGB", (width, height), tuple(chance.randrange(256) for _ in range(3)))
    image.putpixel((0, 0), (255, 255, 255))
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def waited(condition, seconds=60.0):
    """Whether something became true in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.01)
    return False
