"""What a provider said, made safe to keep and to show: no keys, no file contents. Pure."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from gallery.embedded.redaction import HIDDEN, redacted
from generation.providers.access import Secret

_CONTENT = re.compile(r"(?:data:[\w/+.;=-]{1,80},)?[A-Za-z0-9+/_-]{256,}={0,2}")
_SECRET_NAMES: Final = frozenset(
    {
        *("authorization", "xi-api-key", "x-goog-api-key", "x-key", "x-api-key", "api-key", "api_key", "apikey", "key"),
        *("access_token", "client_secret"),
    }
)
_DEEPEST: Final = 40
_LONGEST_TEXT: Final = 4000
_MOST_ITEMS: Final = 200


def safe_text(text: str, secrets: Sequence[Secret] = (), *, limit: int = 500) -> str:
    """A text without keys and file contents, cut after so many characters."""
    for secret in secrets:
        text = _without(text, secret)
    shown = redacted(_CONTENT.sub(lambda found: f"<{len(found[0])} characters>", text[: 100 * limit]))
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _without(text: str, secret: Secret) -> str:
    for spelling in (str, lambda plain: quote(plain, safe="")):
        if spelling(secret.reveal()):
            text = text.replace(spelling(secret.reveal()), HIDDEN)
    return text


def safe_value(value: Any, secrets: Sequence[Secret] = (), *, depth: int = 0) -> Any:
    """JSON with texts made safe, and `{"sha256", "characters"}` in place of every file's content."""
    if isinstance(value, str):
        if _CONTENT.fullmatch(value):
            return {"sha256": sha256(value.encode()).hexdigest(), "characters": len(value)}
        return safe_text(value, secrets, limit=_LONGEST_TEXT)
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {
            safe_text(str(name), secrets, limit=200): HIDDEN
            if str(name).lower() in _SECRET_NAMES and isinstance(item, str)
            else safe_value(item, secrets, depth=depth + 1)
            for name, item in list(value.items())[:_MOST_ITEMS]
        }
    if isinstance(value, list | tuple):
        return [safe_value(item, secrets, depth=depth + 1) for item in value[:_MOST_ITEMS]]
    return value
