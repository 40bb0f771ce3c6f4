"""Which scope a request needs: the one table. What is not in it needs `admin`."""

from typing import Final

SCOPES: Final = ("read", "tag", "generate", "admin")
IMPLIED: Final = {
    "read": frozenset({"read"}),
    "tag": frozenset({"read", "tag"}),
    "generate": frozenset({"read", "generate"}),
    "admin": frozenset(SCOPES),
}
"""Who may change may look; who administers may do everything."""

OPEN: Final = frozenset({"/livez", "/readyz", "/login"})
"""Answered to whoever asks."""

OPEN_BELOW: Final = "/static/"
"""Styles and scripts, which the page that asks for a token needs too."""

_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_ASKING: Final = ("/v1/resolve", "/v1/explain", "/v1/prefill/", "/v1/ontology/validate")
_TAGGING: Final = ("/v1/assets", "/v1/collections", "/v1/searches", "/v1/suggestions", "/v1/undo", "/v1/redo")
_PAYING: Final = ("/v1/generations", "/v1/actions", "/v1/characters", "/v1/specs")


def required_scope(method: str, path: str) -> str | None:
    """The scope that a request needs; None where everybody may."""
    if path in OPEN or path.startswith(OPEN_BELOW):
        return None
    if method in _READS or path.startswith(_ASKING):
        return "read"
    if path.startswith(_TAGGING):
        return "tag"
    return "generate" if path.startswith(_PAYING) else "admin"


def granted(scopes: frozenset[str]) -> frozenset[str]:
    """All that these scopes allow."""
    return frozenset().union(*(IMPLIED.get(scope, frozenset()) for scope in scopes))
