"""Headers as ASGI has them."""

from starlette.types import Message, Receive, Scope, Send

from api import errors
from ontology.errors import CallsheetError

SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of this lower-case name."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


def secured(message: Message) -> Message:
    """The start of a response with the security headers that it does not set itself."""
    headers = message.setdefault("headers", [])
    present = {key for key, _ in headers}
    headers += [pair for pair in SECURITY if pair[0] not in present]
    if b"content-security-policy" not in present:
        headers.append((b"content-security-policy", POLICY))
    return message


async def refuse(error: CallsheetError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the problem."""
    await errors.problem(error)(scope, receive, send)
