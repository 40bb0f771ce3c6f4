"""An index as bytes: a header, a table of sections, the sections. Nothing in it can run; damage never passes.

Layout, little-endian: the magic, the version (u32), a CRC-32 of all that follows (u32), the length of the whole (u64),
the batch (i64), the number of sections (u32), their offsets and lengths (u64 each), then the sections, each at a
multiple of eight. Tags and the ids that cannot be packed are JSON; everything else is arrays and serialized bitmaps.
"""

import json
import struct
import zlib
from array import array
from collections.abc import Sequence
from typing import Any

from resolver.errors import SnapshotError

MAGIC = b"callsheet index\n"
VERSION = 3

_START = struct.Struct("<16sIIQ")
_REST = struct.Struct("<qI")
_ENTRY = struct.Struct("<QQ")

BIG_ENDIAN = array("H", (1,)).tobytes() == b"\x00\x01"
"""The order of bytes on this machine. Snapshots are little-endian on all."""

REBUILD = "throw it away and build the index anew from the assets"

Section = bytes | bytearray | memoryview


def pack(batch: int, sections: Sequence[Section]) -> bytes:
    """Sections as one buffer. `batch` is any whole number of 64 bits, for the caller."""
    offset = _START.size + _REST.size + _ENTRY.size * len(sections)
    table, body = [_REST.pack(batch, len(sections))], []
    for section in sections:
        gap = -offset % 8
        body += [bytes(gap), section]
        table.append(_ENTRY.pack(offset + gap, len(section)))
        offset += gap + len(section)
    content = b"".join((*table, *body))
    return _START.pack(MAGIC, VERSION, zlib.crc32(content), offset) + content


def unpack(buffer: Section) -> tuple[int, list[memoryview]]:
    """The batch and the sections, which are views into the buffer. Raises SnapshotError."""
    view = memoryview(buffer).cast("B")
    if len(view) < _START.size or bytes(view[: len(MAGIC)]) != MAGIC:
        raise SnapshotError("these bytes are no index of Callsheet", hint=REBUILD)
    _, version, checksum, length = _START.unpack_from(view)
    if version != VERSION:
        raise SnapshotError(f"the index has the version {version}, this program reads {VERSION}", hint=REBUILD)
    if length != len(view):
        raise SnapshotError(f"the index has {len(view):,} bytes of {length:,}", hint=REBUILD)
    content = view[_START.size :]
    if zlib.crc32(content) != checksum:
        raise SnapshotError("the index is damaged: its checksum does not fit its bytes", hint=REBUILD)
    batch, count = _REST.unpack_from(content)
    entries = _ENTRY.iter_unpack(content[_REST.size : _REST.size + _ENTRY.size * count])
    return batch, [view[offset : offset + size] for offset, size in entries]


def array_bytes(values: "array[Any]") -> bytes:
    """An array, little-endian."""
    if BIG_ENDIAN:  # pragma: no cover
        values = values[:]
        values.byteswap()
    return values.tobytes()


def array_of(typecode: str, section: memoryview) -> "array[Any]":
    """An array from little-endian bytes."""
    values: array[Any] = array(typecode)
    values.frombytes(section)
    if BIG_ENDIAN:  # pragma: no cover
        values.byteswap()
    return values


def json_bytes(data: Any) -> bytes:
    """JSON-ready data; texts may hold anything, lone surrogates among them."""
    return json.dumps(data, separators=(",", ":")).encode("ascii")


def json_of(section: memoryview) -> Any:
    """Data from JSON bytes."""
    return json.loads(bytes(section))


def chunks_bytes(chunks: Sequence[Section]) -> tuple[bytes, bytes]:
    """Many short pieces as two sections: where each ends, and all of them in a row."""
    ends, total = array("Q"), 0
    for chunk in chunks:
        total += len(chunk)
        ends.append(total)
    return array_bytes(ends), b"".join(chunks)


def chunks_of(ends: memoryview, row: memoryview) -> list[memoryview]:
    """The pieces again, as views."""
    found, start = [], 0
    for end in array_of("Q", ends):
        found.append(row[start:end])
        start = end
    return found
