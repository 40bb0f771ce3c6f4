"""Text as search compares it. Pure."""

import unicodedata

FOLD = "callsheet_folded"
"""The function that every SQLite connection of the gallery is given: `folded`, null for null."""


def folded(text: str) -> str:
    """Text as search compares it: without case, composed (NFC), so that a typed accent finds a decomposed one."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def fold_or_null(text: str | None) -> str | None:
    """What `FOLD` does."""
    return None if text is None else folded(text)
