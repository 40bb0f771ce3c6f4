"""Text as search compares it. Pure."""

import unicodedata


def folded(text: str) -> str:
    """Text as path search compares it: without case, composed (NFC), so that a typed accent finds a decomposed one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
