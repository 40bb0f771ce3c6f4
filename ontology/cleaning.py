"""The spelling of tags: one way to write what people write in many. Nothing is checked here."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby

_CLEAN_ASCII = re.compile(r"[!-@\[-~]+")  # printable, no space, no capital: NFKC and lower-casing leave it as it is
_CLEAN_BYTES = bytes(code for code in range(128) if _CLEAN_ASCII.fullmatch(chr(code)))
_BLANKS = " \t\u1680"  # NFKC has turned the other space separators into a plain space
_INNER_SPACE = re.compile(f"[{_BLANKS}]+")

# Longer than any label or tag. Below it the sorting of marks within NFKC, quadratic in their number, takes under 1 ms.
_SHORT = 1000


def clean(text: str) -> str:
    """NFKC, trimmed, lower-cased, inner white space to one `_`, none around colons. Nothing is checked. Idempotent.

    Line breaks are trimmed at the ends but kept inside, where `check_tags` refuses them: two lines are two tags.
    Takes time in proportion to the length, whatever the text holds: 1 MB takes at most about a second.
    """
    if _CLEAN_ASCII.fullmatch(text):
        return text
    if text.isascii() and text.isprintable() and ":" not in text:
        return "_".join(text.lower().split())
    ordered = text if len(text) <= _SHORT or text.isascii() else _decomposed(text)
    # Lower-casing may leave what NFKC would compose anew, hence the second folding; a third never changes anything.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", ordered).lower()).strip()
    return _INNER_SPACE.sub("_", ":".join(part.strip(_BLANKS) for part in folded.split(":")))


class _Decompositions(dict[int, str]):
    """Code point → its compatibility decomposition, made when first asked for."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFKD", chr(code))
        return self[code]


def _decomposed(text: str) -> str:
    """NFKD, with the marks behind each letter sorted by `sorted`.

    `unicodedata` sorts them by insertion, which takes minutes for a megabyte of marks and no time where they are
    sorted already; so NFKC of this is NFKC of the text, in linear time.
    """
    runs = groupby(text.translate(_Decompositions()), key=lambda char: unicodedata.combining(char) > 0)
    return "".join(
        "".join(sorted(run, key=unicodedata.combining)) if are_marks else "".join(run) for are_marks, run in runs
    )


def all_clean(texts: Iterable[str]) -> bool:
    """Whether every text is plainly in its clean spelling. False may also mean that a closer look is needed."""
    joined = "".join(texts)
    # Deleting bytes is several times as fast as matching them, and a gallery has megabytes of tags.
    return joined.isascii() and not joined.encode("ascii").translate(None, _CLEAN_BYTES)
