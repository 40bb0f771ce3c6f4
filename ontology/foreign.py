"""Other people's vocabularies: which parts of a nested file describe a term. What they say is judged elsewhere.

A table with an `id` is an entry; so is what stands under a key that is an id itself (`camera:angle_pov: {label: …}`),
and, below a key that names a namespace, what stands under a plain key. Everything else is a group, and gone into.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ontology.cleaning import clean
from ontology.escaping import visible
from ontology.nodes import NOTHING, Findings, Listing, Node, Placed, Scalar, Table
from ontology.terms import PLAYER

FIELDS = ("label", "name", "kind", "keywords", "synonyms", "aliases", "broader", "parent", "deprecated")
"""What an entry may say that a term can hold."""

_BELOW = frozenset({"children", "narrower"})
_FRAMES = _BELOW | {"terms", "items", "entries", "members", "values"}
_REMARKS = {*FIELDS, "id", "description", "version", "closed"}
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """What may become a term. `written`: the id as it stands there.

    `namespace` and `path` (keys on the way) complete an id that has no namespace. `parent`: the entry below which this
    one stands as narrower.
    """

    written: Scalar
    namespace: str | None
    path: tuple[str, ...]
    fields: Mapping[str, Node]
    parent: "Entry | None" = None


@dataclass(frozen=True, slots=True)
class _Place:
    """What holds for a part of the file. `words`: whether plain texts are terms here."""

    namespace: str | None = None
    path: tuple[str, ...] = ()
    parent: Entry | None = None
    words: bool = False


@dataclass(slots=True)
class Vocabulary:
    """`entries` in the order of the file; `labels`: namespace → what the file calls it."""

    entries: list[Entry] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)


def read_vocabulary(root: Node, namespaces: Mapping[str, str], findings: Findings) -> Vocabulary:
    """All entries below the root. `namespaces`: key, cleaned → the namespace that it stands for.

    What describes no term is noted as a warning. The depth of the file never becomes depth of calls.
    """
    reader = _Reader(namespaces, findings)
    waiting: list[tuple[Node, _Place]] = [(root, _Place())]
    while waiting:
        waiting += reversed(list(reader.read(*waiting.pop())))
    reader.found.entries.sort(key=lambda entry: (entry.written.line, entry.written.column))
    return reader.found


class _Reader:
    """Reads one level at a time and hands back what is to be read next."""

    def __init__(self, namespaces: Mapping[str, str], findings: Findings) -> None:
        self.found = Vocabulary()
        self._namespaces = namespaces
        self._findings = findings

    def read(self, node: Node, place: _Place) -> Iterator[tuple[Node, _Place]]:
        if isinstance(node, Listing):
            yield from ((item, place) for item in node.items)
        elif isinstance(node, Scalar):
            self._read_word(node, place)
        elif isinstance(written := _fields(node, ("id",)).get("id"), Scalar):
            yield from self._entry(written, node, place, ())
        else:
            for key, value in node.entries:
                yield from self._read_pair(key, value, place)

    def _read_word(self, word: Scalar, place: _Place) -> None:
        if place.words and word.implied != NOTHING:
            self.found.entries.append(Entry(word, place.namespace, place.path, {}, place.parent))
        elif word.implied != NOTHING:
            self._no_term(word, word)

    def _read_pair(self, key: Scalar, value: Node, place: _Place) -> Iterator[tuple[Node, _Place]]:
        name = clean(key.text)
        namespace = self._namespaces.get(name)
        if place.namespace is None and namespace is not None and not isinstance(value, Scalar):
            yield value, _Place(namespace, words=True)
        elif ":" in name and not isinstance(value, Listing):
            yield from self._entry(key, value, place, (*name.split(":")[1:],))
        elif isinstance(value, Scalar):
            yield from self._read_text(key, name, value, place)
        elif isinstance(_fields(value, ("id",)).get("id"), Scalar):
            yield value, place
        elif not _is_described(value, place):
            yield value, self._group(name, place)
        elif place.namespace is not None or name == PLAYER:
            yield from self._entry(key, value, place, (*place.path, name))
        else:
            hint = "say which one a key above it stands for: `--map KEY=NAMESPACE`"
            message = f"`{_shown(key)}` has no namespace"
            self._findings.add("import_no_namespace", key, message, hint, id=_shown(key), severity="warning")

    def _read_text(self, key: Scalar, name: str, value: Scalar, place: _Place) -> Iterator[tuple[Node, _Place]]:
        """`park: Park` below a namespace; elsewhere a remark about the file or the group."""
        if place.words and name not in _REMARKS:
            yield from self._entry(key, value, place, place.path)
        elif place.words and name == "label" and place.namespace is not None and not place.path:
            self.found.labels.setdefault(place.namespace, value.text.strip())
        elif value.implied != NOTHING:
            self._no_term(key, key)

    def _group(self, name: str, place: _Place) -> _Place:
        """Below a namespace the keys on the way become parts of the ids, but for words like `items`."""
        prefix, colon, rest = name.partition(":")
        if colon:
            return _Place(self._namespaces.get(prefix, prefix), tuple(rest.split(":")), words=True)
        return place if place.namespace is None or name in _FRAMES else replace(place, path=(*place.path, name))

    def _entry(
        self, written: Scalar, node: Node, place: _Place, inner: tuple[str, ...]
    ) -> Iterator[tuple[Node, _Place]]:
        """Note an entry, and hand back what in it may hold further ones. `inner`: the path of those."""
        fields = {"label": node} if isinstance(node, Scalar) and node.implied != NOTHING else _fields(node, FIELDS)
        entry = Entry(written, place.namespace, place.path, fields, place.parent)
        self.found.entries.append(entry)
        prefix, colon, _ = clean(written.text).partition(":")
        namespace = self._namespaces.get(prefix, prefix) if colon else place.namespace
        for key, value in node.entries if isinstance(node, Table) else ():
            name = clean(key.text)
            if name in _BELOW and not isinstance(value, Scalar):
                yield value, _Place(namespace, place.path, entry, words=True)
            elif name not in {*FIELDS, "id"} and _holds_tables(value):
                yield Table(((key, value),), key.line, key.column), _Place(namespace, inner)
            elif name not in {*FIELDS, "id"} and not (isinstance(value, Scalar) and value.implied == NOTHING):
                message = f"`{_shown(key)}` of `{_shown(written)}` cannot be kept: a term has no such field"
                self._findings.add("import_field", key, message, None, id=_shown(written), severity="warning")

    def _no_term(self, at: Placed, text: Scalar) -> None:
        message = f"`{_shown(text)}` is no term: it has no id"
        self._findings.add("import_no_id", at, message, "give it an `id`, or an id as its key", severity="warning")


def _fields(node: Node, names: Sequence[str]) -> dict[str, Node]:
    """The values of a table under these keys; of equal ones the first."""
    found: dict[str, Node] = {}
    for key, value in node.entries if isinstance(node, Table) else ():
        if (name := clean(key.text)) in names:
            found.setdefault(name, value)
    return found


def _is_described(node: Node, place: _Place) -> bool:
    """Whether the table under a plain key says what a term is, and not only groups further tables.

    Without a namespace above it a label may as well be that of a group or of the file.
    """
    if not isinstance(node, Table):
        return False
    if place.namespace is None:
        return bool(_fields(node, FIELDS)) and not any(_holds_tables(value) for _, value in node.entries)
    return bool(_fields(node, FIELDS)) or (place.words and not node.entries)


def _holds_tables(node: Node) -> bool:
    """Whether the node is a table with something in it, or a list of tables."""
    if isinstance(node, Listing):
        return any(isinstance(item, Table) for item in node.items)
    return isinstance(node, Table) and bool(node.entries)


def _shown(text: Scalar) -> str:
    return visible(text.text, limit=_SHOWN_CHARACTERS)
