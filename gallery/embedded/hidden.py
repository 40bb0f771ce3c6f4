"""What NovelAI, and tools that write as it does, hide in the lowest bits of a picture's alpha values. Pure.

The values are read column by column from the top left, each giving one bit, the highest of a byte first: 15 bytes of
signature, the length in bits (32 bits, the highest byte first), then gzip of a JSON object of texts by name, as they
would stand in a PNG, or of one text as A1111 writes it.
"""

import zlib
from collections.abc import Mapping
from typing import Any, Final

from gallery.embedded.collected import MAX_TEXT, Collected
from gallery.embedded.values import json_mapping

SIGNATURE: Final = b"stealth_pngcomp"
_LENGTH_BYTES: Final = 4
HEAD_VALUES: Final = (len(SIGNATURE) + _LENGTH_BYTES) * 8
"""So many alpha values tell whether something is hidden, and how much."""
_LOWEST_BIT: Final = bytes(0x30 | value & 1 for value in range(256))  # from a value to the digit of its last bit
_GZIP: Final = 16 + zlib.MAX_WBITS


def values_needed(head: bytes) -> int | None:
    """How many alpha values hold all of it, by the first `HEAD_VALUES`; None where nothing is hidden."""
    found = _bytes_of(head[:HEAD_VALUES])
    if len(head) < HEAD_VALUES or not found.startswith(SIGNATURE):
        return None
    return HEAD_VALUES + int.from_bytes(found[len(SIGNATURE) :]) // 8 * 8


def read_hidden(values: bytes) -> Collected:
    """The texts in these alpha values, by name; `parameters` for one without a name."""
    found = Collected()
    packed = _bytes_of(values[HEAD_VALUES : values_needed(values) or 0])
    unpacker = zlib.decompressobj(_GZIP)
    try:
        text = unpacker.decompress(packed, MAX_TEXT).decode()
    except (zlib.error, UnicodeDecodeError):
        text = ""
    if not text or unpacker.unconsumed_tail or not unpacker.eof:
        found.trouble("what is hidden in its alpha values is damaged, or too long when unpacked")
        return found
    named: Mapping[str, Any] = json_mapping(text) or {"parameters": text}
    for name, value in named.items():
        if isinstance(value, str):
            found.add(name, value)
    return found


def _bytes_of(values: bytes) -> bytes:
    """The bytes that the lowest bits of the values make; bits at the end that make no whole byte are left out."""
    whole = len(values) // 8
    return int(values[: whole * 8].translate(_LOWEST_BIT), 2).to_bytes(whole) if whole else b""
