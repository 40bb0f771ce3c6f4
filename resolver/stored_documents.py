"""Documents as the sections of a snapshot, and back."""

from collections.abc import Sequence

from pyroaring import BitMap

from resolver.documents import Documents
from resolver.errors import SnapshotError
from resolver.packed_ids import PackedIds
from resolver.postings import Postings
from resolver.snapshot import (
    REBUILD,
    Section,
    array_bytes,
    array_of,
    chunks_bytes,
    chunks_of,
    json_bytes,
    json_of,
)
from resolver.tag_runs import TagRuns


def sections_of(documents: Documents) -> list[Section]:
    """Columns as arrays, tag bitmaps and other bitmaps as pieces, the few odd things as JSON."""
    ids, ranks = documents.ids, documents.ranks
    ids.file()
    bitmaps = dict(documents.bitmaps())
    odd = {
        "ids": list(ids.odd.items()),
        "ratings": list(ranks.odd_ratings.items()),
        "bitmaps": list(bitmaps),
        "newest": ranks.newest,
    }
    return [
        array_bytes(ids.values),
        ids.kinds,
        array_bytes(ids.heads),
        array_bytes(ids.nexts),
        array_bytes(documents.runs.starts),
        array_bytes(documents.runs.counts),
        array_bytes(documents.runs.flat),
        array_bytes(ranks.created),
        json_bytes(documents.postings.names),
        *chunks_bytes(list(documents.postings.serialized())),
        json_bytes(odd),
        *chunks_bytes([members.serialize() for members in bitmaps.values()]),
    ]


def documents_of(sections: Sequence[memoryview]) -> Documents:
    """The documents again; tag bitmaps are read when they are first needed. Raises SnapshotError."""
    try:
        return _documents_of(*sections)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise SnapshotError("the index contradicts itself", hint=REBUILD) from error


def _documents_of(
    values: memoryview,
    kinds: memoryview,
    heads: memoryview,
    nexts: memoryview,
    *rest: memoryview,
) -> Documents:
    starts, counts, flat, created, names, tag_ends, tags, odd, ends, bitmaps = rest
    told = json_of(odd)
    ids = PackedIds.restored(
        array_of("Q", values),
        bytearray(kinds),
        dict(told["ids"]),
        array_of("I", heads),
        array_of("I", nexts),
    )
    postings = Postings(json_of(names), chunks_of(tag_ends, tags))
    runs = TagRuns(array_of("I", starts), array_of("I", counts), array_of("I", flat))
    documents = Documents.restored(ids, postings, runs, array_of("q", created), dict(told["ratings"]))
    documents.ranks.newest = tuple(told["newest"]) if told["newest"] else None
    for name, stored in zip(told["bitmaps"], chunks_of(ends, bitmaps), strict=True):
        documents.set_bitmap(name, BitMap.deserialize(bytes(stored)))
    return documents
