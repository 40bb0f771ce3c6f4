"""The spelling of tags: one way to write what people write in many. Nothing is checked here."""

import re
import unicodedata
from collections.abc import Iterable

_CLEAN_ASCII = re.compile(r"[!-@\[-~]+")  # printable, no space, no capital: NFKC and lower-casing leave it as it is
_AROUND_COLON = re.compile(r"[ \t\u1680]*:[ \t\u1680]*")
_INNER_SPACE = re.compile(r"[ \t\u1680]+")  # NFKC has turned the other space separators into a plain space


def clean(text: str) -> str:
    """NFKC, trimmed, lower-cased, inner white space to one `_`, none around colons. Nothing is checked. Idempotent.

    Line breaks are trimmed at the ends but kept inside, where `check_tags` refuses them: two lines are two tags.
    """
    if _CLEAN_ASCII.fullmatch(text):
        return text
    # Lower-casing may leave what NFKC would compose anew, hence the second folding; a third never changes anything.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower()).strip()
    return _INNER_SPACE.sub("_", _AROUND_COLON.sub(":", folded))


def all_clean(texts: Iterable[str]) -> bool:
    """Whether every text is plainly in its clean spelling. False may also mean that a closer look is needed."""
    return bool(_CLEAN_ASCII.fullmatch("".join(texts)))
