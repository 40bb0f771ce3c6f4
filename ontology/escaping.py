"""Foreign text made safe to show: on one line, nothing that moves the cursor, hides itself or turns the direction."""

import unicodedata

_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# Letters and marks by category, yet drawn as nothing: fillers, inherent vowels, grapheme joiner, variation selectors.
_UNSEEN_LETTERS = frozenset(
    chr(code)
    for code in (
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0),
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    )
)

_BYTE_LIMIT, _PLANE_LIMIT = 0x100, 0x10000


def is_unseen(char: str) -> bool:
    """Whether a reader cannot see this character: control, format (bidi, zero width), surrogate, unassigned."""
    if " " <= char < "\x7f":
        return False
    return unicodedata.category(char) in _UNSEEN_CATEGORIES or char in _UNSEEN_LETTERS


def escaped(char: str) -> str:
    r"""A character as `\x1b`, `\u202e` or `\U000e0100`."""
    code = ord(char)
    if code < _BYTE_LIMIT:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _PLANE_LIMIT else f"\\U{code:08x}"


def visible(text: str, *, limit: int | None = None) -> str:
    """The text with every unseen character and every space but the plain one escaped.

    With a limit it is cut after so many characters and ended by `…`.
    """
    shown = text if limit is None or len(text) <= limit else text[:limit]
    cut = "" if shown is text else "…"
    if shown.isascii() and shown.isprintable():
        return shown + cut
    return "".join(char if char.isprintable() and not is_unseen(char) else escaped(char) for char in shown) + cut
