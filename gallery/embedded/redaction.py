"""Keys and passwords kept out of what is stored. Pure.

Graphs name the fields of a node, and nodes that call a provider have a field for its key; the same key then stands
unnamed in the editor's copy of the graph. So values are collected where they are named and hidden wherever they stand.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

HIDDEN: Final = "[hidden]"
_SHORTEST_TO_SEARCH: Final = 6  # a shorter one, hidden everywhere, would tear words apart
_MOST_VALUES: Final = 500_000

_NAMES = r"api[_ -]?keys?|access[_ -]?keys?|secret[_ -]?keys?|private[_ -]?keys?|passw(?:or)?d|passphrase|credentials?"
_HINTS: Final = ("key", "token", "secret", "passw", "passphrase", "credential", "auth", "bearer")
_NAME = re.compile(
    rf"(?i){_NAMES}|secret|(?<![a-z])auth(?:orization)?(?![a-z])|bearer|(?<![a-z])(?:\w+_)?token(?![a-z_])"
)
_SHAPES = re.compile(
    r"(?<![A-Za-z0-9_])(?:"
    r"sk-(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{16,}|(?:hf|r8|gsk|fw|key|tgp_v1|rpa|npm|pk_live|sk_live|sk_test)_[A-Za-z0-9_-]{16,}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}"
    r"|AIza[0-9A-Za-z_-]{30,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|(?:xai|nvapi|pplx|comfyui)-[A-Za-z0-9_-]{20,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9a-f]{32}"
    r")"
)
_BEARER = re.compile(r"(?i)(\bbearer\s+)[A-Za-z0-9._~+/=-]{12,}")
_NAMED_IN_PROSE = re.compile(
    rf"(?i)((?:{_NAMES})[\\\"']*\s*[:=]\s*[\\\"']*)([^\s\"',;\\]{{4,}})"
    r"|((?<![a-z])(?:\w+[_-])?(?:token|secret)[\\\"']*\s*[:=]\s*[\\\"']*)((?=[A-Za-z_.-]*[0-9])[A-Za-z0-9_./+=-]{8,})"
)


def may_name_secrets(text: str) -> bool:
    """Whether a closer look is worth its time: a graph has thousands of names."""
    lowered = text.lower()
    return any(hint in lowered for hint in _HINTS)


def named_secrets(value: Any) -> set[str]:
    """The texts and numbers that stand, at any depth, below a name like `api_key`, `token` or `password`."""
    found: set[str] = set()
    pending: list[tuple[Any, bool]] = [(value, False)]
    left = _MOST_VALUES
    known: dict[str, bool] = {}
    while pending and left:
        left -= 1
        item, secret = pending.pop()
        if isinstance(item, dict):
            for name, inner in item.items():
                if name not in known:
                    known[name] = _NAME.search(name) is not None
                pending.append((inner, secret or (known[name] and not _counts_tokens(name, inner))))
        elif isinstance(item, list):
            pending += ((inner, secret) for inner in item)
        elif secret and not isinstance(item, bool) and isinstance(item, str | int):
            found.add(str(item))
    return {text for text in found if len(text.strip()) >= _SHORTEST_TO_SEARCH}


def _counts_tokens(name: str, value: Any) -> bool:
    """`max_tokens: 512` is no secret."""
    return isinstance(value, int | float) and "token" in name.lower()


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The text with these secrets, and whatever has the shape of a provider's key, hidden."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _SHAPES.sub(HIDDEN, text)
    text = _BEARER.sub(rf"\1{HIDDEN}", text)
    return _NAMED_IN_PROSE.sub(_hide_value, text)


def _hide_value(found: re.Match[str]) -> str:
    return f"{found[1] or found[3]}{HIDDEN}"
