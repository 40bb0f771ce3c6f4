"""A loaded vocabulary as bytes and back, for a cache: what took a second to read from YAML is there in 20 ms.

Layout: magic and format version, SHA-256 of key and body, body. The body is JSON in columns (all ids, all labels, …),
for long flat lists are what its parser is quickest at. No pickle: bytes from elsewhere can do nothing but be refused.
"""

import json
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import accumulate, chain, pairwise
from typing import Any

from ontology.terms import Namespace, Ontology, Source, Term

FORMAT = 1
"""To be raised with every change of the layout, and of what the same files mean."""

_HEAD = b"CSVOCAB" + bytes((FORMAT,))
_CHECKSUM = slice(len(_HEAD), len(_HEAD) + 32)

_PLAIN = ("id", "label", "kind", "deprecated", "replaced_by")
_LISTS = ("broader", "aliases", "keywords")


def to_bytes(ontology: Ontology, key: bytes) -> bytes:
    """The vocabulary, its terms' sources among it. `key` says what it was made from, and is not kept itself."""
    terms = list(ontology.terms.values())
    sources = [term.source for term in terms]
    names = dict.fromkeys(source.file for source in sources if source)
    files = {name: number for number, name in enumerate(names)}
    body = {
        "label": ontology.label,
        "namespaces": [[space.name, space.label, space.closed] for space in ontology.namespaces.values()],
        "terms": {name: [getattr(term, name) for term in terms] for name in _PLAIN},
        "lists": {name: _flat([getattr(term, name) for term in terms]) for name in _LISTS},
        "files": list(files),
        "file": [source and files[source.file] for source in sources],
        "line": [source and source.line for source in sources],
        "column": [source and source.column for source in sources],
    }
    raw = json.dumps(body, separators=(",", ":")).encode()
    return _HEAD + _checksum(raw, key) + raw


def from_bytes(data: bytes, key: bytes) -> Ontology | None:
    """The vocabulary that `to_bytes` was given; None for bytes that are damaged, foreign, of another format or key."""
    raw = data[_CHECKSUM.stop :]
    if not data.startswith(_HEAD) or data[_CHECKSUM] != _checksum(raw, key):
        return None
    try:
        body = json.loads(raw)
        namespaces = [Namespace(*fields) for fields in body["namespaces"]]
        return Ontology(_terms(body), namespaces, label=body["label"])
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None  # rightly sealed, yet not made by `to_bytes`


def _checksum(raw: bytes, key: bytes) -> bytes:
    checksum = sha256(sha256(key).digest())
    checksum.update(raw)
    return checksum.digest()


def _flat(lists: Sequence[Sequence[str]]) -> tuple[list[str], list[int]]:
    """All texts in a row, and where in it each list ends."""
    return list(chain.from_iterable(lists)), list(accumulate(map(len, lists)))


def _terms(body: Mapping[str, Any]) -> list[Term]:
    lists = {name: _cut(*body["lists"][name]) for name in _LISTS}
    return _made(Term, {**body["terms"], **lists, "source": _sources(body)}, len(body["terms"]["id"]))


def _cut(texts: Sequence[str], ends: Sequence[int]) -> list[tuple[str, ...]]:
    row = tuple(texts)
    return [row[start:end] for start, end in pairwise((0, *ends))]


def _sources(body: Mapping[str, Any]) -> list[Source | None]:
    files, used = body["files"], body["file"]
    columns = {"file": [file if file is None else files[file] for file in used], "line": body["line"]}
    made = _made(Source, {**columns, "column": body["column"]}, len(used))
    return [None if file is None else source for file, source in zip(used, made, strict=True)]


def _made(kind: Any, columns: Mapping[str, Sequence[object]], count: int) -> list[Any]:
    """So many values with the columns as their fields.

    Each field is set for all values at once, in C. Calling the class for each takes three times as long, and for
    10,000 terms most of the time there is.
    """
    made = [object.__new__(kind) for _ in range(count)]
    for name in kind.__dataclass_fields__:
        _exhaust(map(getattr(kind, name).__set__, made, _of_length(columns[name], count)))
    return made


def _of_length(column: Sequence[object], count: int) -> Sequence[object]:
    if len(column) != count:
        raise ValueError
    return column


def _exhaust(steps: Iterable[object]) -> None:
    deque(steps, maxlen=0)
