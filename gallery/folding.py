"""Text as search compares it. Pure."""

import unicodedata


def folded(text: str) -> str:
    """Text as search compares it: without case, composed (NFC), so that a typed accent finds a decomposed one."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
