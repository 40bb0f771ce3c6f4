"""A loaded vocabulary as bytes and back, for a cache: what took a second to read from YAML is there in 25 ms.

Layout: magic and format version, SHA-256 of key and all that follows, length of the first part (four bytes), JSON, all
texts. The JSON holds columns (all kinds, all lines, …) and numbers; the texts stand behind it as one, a line each, for
that is what Python splits the fastest. No pickle: bytes from elsewhere can do nothing but be refused.
"""

import json
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import chain
from typing import Any

from ontology.terms import Namespace, Ontology, Source, Term

FORMAT = 3
"""To be raised with every change of the layout, and of what the same files mean."""

_HEAD = b"CSVOCAB" + bytes((FORMAT,))
_CHECKSUM = slice(len(_HEAD), len(_HEAD) + 32)

_LENGTH = slice(_CHECKSUM.stop, _CHECKSUM.stop + 4)

_TEXTS = ("id", "label")
_PLAIN = ("kind", "deprecated", "replaced_by")
_LISTS = ("broader", "aliases", "keywords")
_BETWEEN = "\n"


def to_bytes(ontology: Ontology, key: bytes) -> bytes:
    """The vocabulary, its terms' sources among it. `key` says what it was made from, and is not kept itself."""
    terms = list(ontology.terms.values())
    sources = [term.source for term in terms]
    names = dict.fromkeys(source.file for source in sources if source)
    files = {name: number for number, name in enumerate(names)}
    texts = [getattr(term, name) for name in _TEXTS for term in terms]
    texts += chain.from_iterable(getattr(term, name) for name in _LISTS for term in terms)
    body = {
        "label": ontology.label,
        "namespaces": [[space.name, space.label, space.closed, space.single] for space in ontology.namespaces.values()],
        "exclusive": ontology.exclusive,
        "terms": {name: _shortened([getattr(term, name) for term in terms]) for name in _PLAIN},
        "lists": {name: _sizes([getattr(term, name) for term in terms]) for name in _LISTS},
        "files": list(files),
        "count": len(terms),
        "file": _shortened([source and files[source.file] for source in sources]),
        "line": _shortened([source and source.line for source in sources]),
        "column": _shortened([source and source.column for source in sources]),
        "texts": texts if any(_BETWEEN in text for text in texts) else None,
    }
    first = json.dumps(body, separators=(",", ":")).encode()
    second = _BETWEEN.join(() if body["texts"] else texts).encode("utf-8", "surrogatepass")
    raw = len(first).to_bytes(4, "big") + first + second
    return _HEAD + _checksum(raw, key) + raw


def from_bytes(data: bytes, key: bytes) -> Ontology | None:
    """The vocabulary that `to_bytes` was given; None for bytes that are damaged, foreign, of another format or key."""
    if not data.startswith(_HEAD) or data[_CHECKSUM] != _checksum(data[_CHECKSUM.stop :], key):
        return None
    end = _LENGTH.stop + int.from_bytes(data[_LENGTH], "big")
    try:
        body = json.loads(data[_LENGTH.stop : end])
        texts = tuple(body["texts"] or data[end:].decode("utf-8", "surrogatepass").split(_BETWEEN))
        namespaces = [Namespace(*fields) for fields in body["namespaces"]]
        exclusive = [tuple(group) for group in body["exclusive"]]
        return Ontology(_terms(body, texts), namespaces, label=body["label"], exclusive=exclusive)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None  # rightly sealed, yet not made by `to_bytes`


def _checksum(raw: bytes, key: bytes) -> bytes:
    checksum = sha256(sha256(key).digest())
    checksum.update(raw)
    return checksum.digest()


def _shortened(column: list[Any]) -> list[Any]:
    """A column of which all values are the same as that one value: most vocabularies have several such columns."""
    return column[:1] if column and column.count(column[0]) == len(column) else column


def _lengthened(column: list[Any], count: int) -> list[Any]:
    """The column again."""
    return column * count if len(column) == 1 else column


def _sizes(lists: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Where there is a list that is not empty, and how many texts it has."""
    return [(place, len(texts)) for place, texts in enumerate(lists) if texts]


def _terms(body: Mapping[str, Any], texts: tuple[str, ...]) -> list[Term]:
    count = body["count"]
    columns: dict[str, Sequence[object]] = {name: _lengthened(body["terms"][name], count) for name in _PLAIN}
    columns["source"] = _sources(body)
    for number, name in enumerate(_TEXTS):
        columns[name] = texts[number * count : (number + 1) * count]
    start = len(_TEXTS) * count
    for name in _LISTS:
        column: list[tuple[str, ...]] = [()] * count
        for place, size in body["lists"][name]:
            column[place] = texts[start : start + size]
            start += size
        columns[name] = column
    return _made(Term, columns, count)


def _sources(body: Mapping[str, Any]) -> list[Source | None]:
    files, count = body["files"], body["count"]
    used, lines, places = (_lengthened(body[name], count) for name in ("file", "line", "column"))
    names = [file if file is None else files[file] for file in used]
    made = _made(Source, {"file": names, "line": lines, "column": places}, count)
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
