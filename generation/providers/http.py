"""Calls over HTTP to those who make things. The one module that knows the client library (decision 27).

A paid call is made once, on a connection of its own: one that was kept from before may be dead without our knowing, and
then nobody could tell whether the call was accepted. What goes wrong is either *surely not started* (`TransientError`:
no connection, or the request did not leave whole) or *unknown* (`AmbiguousOutcomeError`). No redirect is followed.

Errors of the client library are not chained: their tracebacks hold headers, and so keys.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from socket import SHUT_RDWR, SOCK_STREAM, gaierror, getaddrinfo, socket
from typing import Any, Final, Protocol, Self
from urllib.parse import urljoin, urlsplit

import httpx2

from generation.errors import AmbiguousOutcomeError, InvalidRequestError, ProviderError, TransientError
from generation.providers.access import Access, Secret, is_near
from generation.providers.addresses import host_is_listed, may_be_called
from generation.providers.answer_sizes import USUAL
from generation.providers.messages import Answer, Body, Call, Form, Raw
from generation.providers.redaction import safe_text, safe_value
from generation.request import Operation

CONNECT_SECONDS: Final = 5.0
WRITE_SECONDS: Final = 60.0
POLL_SECONDS: Final = 30.0
READ_SECONDS: Final[Mapping[Operation, float]] = {"text_to_speech": 120.0}
USUAL_READ_SECONDS: Final = 300.0
"""How long to wait for the next byte of an answer; an image takes minutes before the first."""

_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_REFUSED: Final = 400
_AGENT: Final = "callsheet"
_CHUNK: Final = 65_536

logging.getLogger("httpcore2").setLevel(logging.WARNING)  # below, it logs headers, and who knows what they repeat


class Keyring(Protocol):
    """What lets a call in, where that is more than one key in one header."""

    def headers(self) -> Mapping[str, tuple[str, Secret]]:
        """Header → what stands before the secret, and the secret. Raises `ProviderError` where there is none."""
        ...

    def secrets(self) -> tuple[Secret, ...]:
        """All that must never be shown."""
        ...


class _OneKey:
    """The usual keyring: the key of the access."""

    def __init__(self, provider: str, access: Access, auth: Mapping[str, str]) -> None:
        self._provider, self._access, self._auth = provider, access, dict(auth)

    def headers(self) -> Mapping[str, tuple[str, Secret]]:
        key = self._access.checked_key(self._provider)
        return {name: (scheme, key) for name, scheme in self._auth.items()}

    def secrets(self) -> tuple[Secret, ...]:
        return () if self._access.key is None else (self._access.key,)


class _Headers(httpx2.Auth):
    """Puts the key into a request at the last moment, so that no variable of ours holds it."""

    def __init__(self, headers: Mapping[str, tuple[str, Secret]]) -> None:
        self._headers = headers

    def auth_flow(self, request: httpx2.Request) -> Any:
        for name, (scheme, secret) in self._headers.items():
            request.headers[name] = scheme + secret.reveal()
        yield request


class _TooLargeError(Exception):
    """The body is larger than anything that was asked for: more than so many bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(f"its answer has more than {most // (1024 * 1024)} MB")


class _UnwritableError(Exception):
    """What is to be sent cannot be written down."""


class _Progress:
    """How far a request has come, and the means to end it at its deadline, however slowly it drips."""

    def __init__(self, seconds: float) -> None:
        self.begun = self.broken = self.expired = False
        self._socket: socket | None = None
        self._to_proxy = False
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    @property
    def whole(self) -> bool:
        """Whether the provider may hold the whole request."""
        return self.begun and not self.broken

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """The client library tells what it does."""
        what = event.partition(".")[2]
        if what in {"connect_tcp.complete", "start_tls.complete"}:
            self._socket = info["return_value"].get_extra_info("socket")
            if self.expired:
                self._cut()
        elif what == "send_request_headers.started":
            self._to_proxy = info["request"].method == b"CONNECT"
            self.begun = not self._to_proxy
        elif what in {"send_request_headers.failed", "send_request_body.failed"} and not self._to_proxy:
            self.broken = True

    def _expire(self) -> None:
        self.expired = True
        self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            try:
                socket.shutdown(self._socket, SHUT_RDWR)
            except OSError:
                return  # it has ended meanwhile


class Wire:
    """One provider's HTTP. Threads may share it. `auth`: header → (what stands before the key, such as `Bearer `).

    `keyring`: in place of `auth`, where a key in a header is not all.
    """

    def __init__(
        self, provider: str, access: Access, auth: Mapping[str, str], *, trust_env: bool = True,
        keyring: Keyring | None = None,
    ) -> None:  # fmt: skip
        self.provider = provider
        self._access, self._trust_env = access, trust_env
        self._keyring = keyring or _OneKey(provider, access, auth)
        self._lock = threading.Lock()
        self._client: httpx2.Client | None = None

    def post(self, call: Call, *, seconds: float, operation: Operation, most: int | None = None) -> Answer:
        """The paid call: made once, ended after so many seconds, its answer of so many bytes. Any status is an answer.

        Raises `TransientError` where it surely did not start, `AmbiguousOutcomeError` where nobody can tell, and
        `AuthError` or `InvalidRequestError` where there is no key or no address to send it to.
        """
        if seconds <= 0:
            raise TransientError(f"no time was left to ask {self.provider}", provider=self.provider)
        read = min(seconds, READ_SECONDS.get(operation, USUAL_READ_SECONDS))
        return self._exchange("POST", call, seconds=seconds, read=read, paid=True, most=most)

    def get(self, path: str, *, seconds: float = POLL_SECONDS) -> Answer:
        """A free call. Raises as `post`, but for `AmbiguousOutcomeError`."""
        return self._exchange("GET", Call(path, {}), seconds=seconds, read=seconds, paid=False)

    def tell(self, path: str, body: Body, *, seconds: float = POLL_SECONDS) -> Answer:
        """A free call that gives the provider something: a picture to work on, the wish to stop. Raises as `get`."""
        return self._exchange("POST", Call(path, body), seconds=seconds, read=seconds, paid=False)

    def fetch(
        self, url: str, *, hosts: Sequence[str], seconds: float = POLL_SECONDS, trusted: Sequence[str] = ()
    ) -> Answer:
        """A result from where the provider says it lies, from these hosts (`.x.example`: any below) or its own only.

        Redirects are followed, each checked alike; the key goes to the provider's own address and to `trusted` hosts
        alone. The addresses behind a name are looked up once, checked, and used. Raises `TransientError` and
        `InvalidRequestError`.
        """
        base = self._access.checked_base(self.provider)
        near = is_near(base.hostname or "")
        listed = (*hosts, *trusted, base.hostname or "")
        ends = time.monotonic() + seconds
        for _ in range(_MOST_REDIRECTS + 1):
            pinned, extensions, host = self._pinned(url, listed, near=near)
            parts = urlsplit(url)
            own = parts[:2] == base[:2] or host_is_listed(parts.hostname or "", trusted)
            left = max(0.1, ends - time.monotonic())
            answer = self._send(
                partial(_get, url=pinned, host=host),
                seconds=left, read=left, paid=False, auth=self._credentials() if own else None, extensions=extensions,
            )  # fmt: skip
            if answer.status not in _REDIRECTS or not answer.location:
                return answer
            url = urljoin(url, answer.location)
        raise self._bad_place("it redirects without end")

    def safe(self, text: str, *, limit: int = 500) -> str:
        """A text of the provider's, without keys and file contents."""
        return safe_text(text, self._secrets(), limit=limit)

    def safe_value(self, value: Any) -> Any:
        """An answer, to be kept: without keys and file contents."""
        return safe_value(value, self._secrets())

    def close(self) -> None:
        """Let go of connections. It may be used again."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _secrets(self) -> tuple[Secret, ...]:
        return self._keyring.secrets()

    def _credentials(self) -> _Headers:
        return _Headers(self._keyring.headers())

    def _opened(self) -> httpx2.Client:
        """The client, made when it is first used: certificates take a while to read."""
        with self._lock:
            if self._client is None:
                limits = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
                headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
                self._client = httpx2.Client(
                    headers=headers, limits=limits, trust_env=self._trust_env, follow_redirects=False
                )
            return self._client

    def _exchange(
        self, method: str, call: Call, *, seconds: float, read: float, paid: bool, most: int | None = None
    ) -> Answer:
        base = self._access.checked_base(self.provider)
        auth = self._credentials()
        url = f"{base.scheme}://{base.netloc}{base.path.rstrip('/')}/{call.path.lstrip('/')}"
        content = {} if method == "GET" else _content(call.body)
        headers = {**self._access.headers, **call.headers, **content.pop("headers", {})}
        return self._send(
            lambda client: client.build_request(method, url, headers=headers, **content),
            seconds=seconds, read=read, paid=paid, auth=auth, extensions={}, most=most,
        )  # fmt: skip

    def _send(
        self, build: Callable[[httpx2.Client], httpx2.Request], *, seconds: float, read: float, paid: bool,
        auth: _Headers | None, extensions: Mapping[str, Any], most: int | None = None,
    ) -> Answer:  # fmt: skip
        failure: ProviderError
        with _Progress(seconds) as progress:
            try:
                client = self._opened()
                request = _built(build, client)
                timeout = httpx2.Timeout(read, connect=min(CONNECT_SECONDS, seconds), write=WRITE_SECONDS, pool=None)
                request.extensions = {"timeout": timeout.as_dict(), "trace": progress.trace, **extensions}
                response = client.send(request, auth=auth, stream=True)
                try:
                    body = _read(response, USUAL if most is None else most)
                    if progress.expired and not _says_its_length(response):
                        raise TimeoutError  # cut off by us, it looks like one that has ended
                    location = response.headers.get("location", "")
                    return Answer(response.status_code, self._headers(response), body, location)
                finally:
                    response.close()
            except Exception as error:  # noqa: BLE001  # the seam to the client library: all it raises becomes ours
                failure = self._failure(error, progress, seconds, paid=paid)
        raise failure  # here, not above: see the head of the module

    def _failure(self, error: Exception, progress: _Progress, seconds: float, *, paid: bool) -> ProviderError:
        """What a failed exchange means for money."""
        if isinstance(error, _UnwritableError):
            message = f"the call to {self.provider} cannot be written: {self.safe(str(error), limit=200)}"
            hint = "mend what the spec passes on as `extra`"
            return InvalidRequestError(message, field="extra", hint=hint, provider=self.provider)
        cause = self.safe(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__, limit=200)
        if isinstance(error, _TooLargeError):
            cause = str(error)
        elif progress.expired:
            cause = f"it did not answer within {round(seconds, 2):g} s"
        if not progress.whole:
            how = "could not be reached" if not progress.begun else "did not take the whole request"
            return TransientError(
                f"{self.provider} {how} ({cause})",
                provider=self.provider,
                hint="nothing was charged; check the network and the provider's address",
                code="provider_unreachable",
            )
        message = f"the answer of {self.provider} was lost ({cause})"
        if not paid:
            return TransientError(message, provider=self.provider)
        return AmbiguousOutcomeError(
            message, provider=self.provider, hint="look at the provider's account, then `callsheet queue resolve`"
        )

    def _headers(self, response: httpx2.Response) -> dict[str, str]:
        return {name.lower(): self.safe(value) for name, value in response.headers.items()}

    def _pinned(self, url: str, listed: Sequence[str], *, near: bool) -> tuple[str, dict[str, Any], str]:
        """The URL with the address in place of the name; the name for the certificate, and for the `Host` header."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise self._bad_place("it is no address") from None
        if parts.scheme not in ({"https", "http"} if near else {"https"}) or not host or parts.username is not None:
            raise self._bad_place("it is no https address")
        if not host_is_listed(host, listed):
            raise self._bad_place(f"{self.safe(host, limit=100)} is none of its hosts")
        try:
            found = getaddrinfo(host, port or (443 if parts.scheme == "https" else 80), type=SOCK_STREAM)
        except (gaierror, UnicodeError):
            message = f"the result of {self.provider} cannot be fetched: {self.safe(host, limit=100)} is unknown"
            raise TransientError(message, provider=self.provider) from None
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(may_be_called(each, near=near) for each in addresses):
            raise self._bad_place(f"{self.safe(host, limit=100)} is an address of an inner network")
        literal = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
        place = literal if port is None else f"{literal}:{port}"
        named = parts.netloc
        return parts._replace(netloc=place).geturl(), {"sni_hostname": host}, named

    def _bad_place(self, why: str) -> InvalidRequestError:
        message = f"the result of {self.provider} is not fetched from where it says: {why}"
        return InvalidRequestError(message, provider=self.provider, code="result_address")


def _built(build: Callable[[httpx2.Client], httpx2.Request], client: httpx2.Client) -> httpx2.Request:
    """The request. Raises `_UnwritableError`: a date or NaN among the values, say."""
    try:
        return build(client)
    except (TypeError, ValueError, OverflowError) as error:
        raise _UnwritableError(str(error)) from None


def _get(client: httpx2.Client, *, url: str, host: str) -> httpx2.Request:
    return client.build_request("GET", url, headers={"Host": host})


def _content(body: Body) -> dict[str, Any]:
    """A body in the client library's words."""
    if isinstance(body, Raw):
        return {"content": body.data, "headers": {"Content-Type": body.media_type}}
    if not isinstance(body, Form):
        return {"json": dict(body)}
    plain = [(name, (None, value.encode("utf-8", "replace"))) for name, value in body.fields.items()]
    files = [(item.part, (item.name, item.data, item.media_type)) for item in body.files]
    return {"files": [*plain, *files]}


def _says_its_length(response: httpx2.Response) -> bool:
    """Whether the client library notices that a body was cut; else its end is where the connection ends."""
    return "content-length" in response.headers or "transfer-encoding" in response.headers


def _read(response: httpx2.Response, most: int) -> bytes:
    """The body, up to so many bytes. Raises what the client library raises when it is cut, but not for a refusal."""
    held = bytearray()
    try:
        for chunk in response.iter_bytes(_CHUNK):
            held += chunk
            if len(held) > most:
                raise _TooLargeError(most)  # noqa: TRY301  # its status decides, as for a cut
    except Exception:
        if response.status_code < _REFUSED:
            raise
    return bytes(held)
