"""The shape of an ontology file: from nodes to declarations, each value with its place. One file at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeGuard, get_args

from ontology.cleaning import clean
from ontology.escaping import is_unseen, visible
from ontology.nodes import NOTHING, Findings, Listing, Node, Placed, Scalar, Table
from ontology.tags import MAX_TAG_LENGTH, is_free_word, is_segment, is_well_formed
from ontology.terms import PLAYER, Kind

VERSION = "1"
ID_RULE = "each part between colons is of a-z, 0-9 and _, with single hyphens inside"

_FILE_FIELDS = ("version", "label", "namespaces", "terms", "exclusive")
_NAMESPACE_FIELDS = ("label", "closed", "single")
_TERM_FIELDS = ("label", "kind", "broader", "aliases", "keywords", "deprecated", "replaced_by")
KINDS = get_args(Kind)
_SHOWN_CHARACTERS = 60

# Joiners and the emoji selector are part of how some scripts and pictures are written; in a label they do no harm.
_JOINERS = frozenset("\u200c\u200d\ufe0f")


@dataclass(frozen=True, slots=True)
class NamespaceDeclaration:
    """A namespace as a file declares it; what the file does not say is None."""

    name: str
    file: str
    at: Placed
    label: str | None = None
    closed: bool | None = None
    single: bool | None = None


@dataclass(frozen=True, slots=True)
class ExclusiveDeclaration:
    """Terms that do not go together, as a file declares them."""

    file: str
    at: Placed
    terms: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class TermDeclaration:
    """A term as a file declares it; what the file does not say is None or empty. Aliases are cleaned already."""

    id: str
    file: str
    at: Placed
    label: str | None = None
    kind: Scalar | None = None
    broader: tuple[Scalar, ...] | None = None
    aliases: tuple[Scalar, ...] = ()
    keywords: tuple[Scalar, ...] = ()
    deprecated: bool | None = None
    replaced_by: Scalar | None = None

    @property
    def namespace(self) -> str | None:
        """The part before the first colon, or None where there is no colon."""
        return self.id.split(":", 1)[0] if ":" in self.id else None


@dataclass(frozen=True, slots=True)
class FileDeclarations:
    """What one file declares, in its order."""

    label: str | None = None
    namespaces: tuple[NamespaceDeclaration, ...] = ()
    terms: tuple[TermDeclaration, ...] = ()
    exclusive: tuple[ExclusiveDeclaration, ...] = ()


def odd_character(text: str) -> str | None:
    """The first control or invisible character that keeps the text from being a label or keyword."""
    return next((char for char in text if is_unseen(char) and char not in _JOINERS), None)


def is_alias(text: str) -> bool:
    """Whether a cleaned text may be an alias: a free word, or `namespace:value`, of fit length."""
    return len(text) <= MAX_TAG_LENGTH and (is_free_word(text) or is_well_formed(text, closed=False))


def read_declarations(root: Node, findings: Findings) -> FileDeclarations:
    """The declarations of a file. Faults go to `findings`, and the reading goes on with the next value."""
    reader = _Reader(findings)
    fields = reader.fields(root, _FILE_FIELDS, "an ontology file", None)
    if isinstance(root, Table):
        reader.check_version(root, fields.get("version"))
    return FileDeclarations(
        reader.text(fields.get("label"), "label", None),
        tuple(reader.namespaces(fields.get("namespaces"))),
        tuple(reader.terms(fields.get("terms"))),
        tuple(reader.exclusive(fields.get("exclusive"))),
    )


class _Reader:
    """Reads nodes as the values that are wanted of them."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def check_version(self, root: Placed, node: Node | None) -> None:
        if node is None:
            hint = f"write `version: {VERSION}` as the first line"
            self._findings.add("version_missing", root, "the file does not say its version", hint)
        elif not isinstance(node, Scalar) or node.text != VERSION:
            said = f"`{_shown(node.text)}`" if isinstance(node, Scalar) else "this"
            message = f"{said} is not a version of ontology files; supported: {VERSION}"
            self._findings.add("version_unsupported", node, message, f"write `version: {VERSION}`")

    def namespaces(self, node: Node | None) -> Iterator[NamespaceDeclaration]:
        for key, value in self._table(node, "namespaces"):
            if not self._is_text(key, "the name of a namespace", _shown(key.text)):
                continue
            if not is_segment(key.text):
                message = f"`{_shown(key.text)}` cannot be the name of a namespace"
                hint = _cleaned_hint(key.text, fits=is_segment(clean(key.text)))
                self._findings.add("bad_namespace", key, message, hint, id=_shown(key.text))
                continue
            fields = self.fields(value, _NAMESPACE_FIELDS, f"the namespace `{key.text}`", key.text)
            label = self.text(fields.get("label"), "label", key.text)
            closed = self._flag(fields.get("closed"), "closed", key.text)
            single = self._flag(fields.get("single"), "single", key.text)
            yield NamespaceDeclaration(key.text, self._findings.file, key, label, closed, single)

    def terms(self, node: Node | None) -> Iterator[TermDeclaration]:
        for key, value in self._table(node, "terms"):
            if self._is_text(key, "the id of a term", _shown(key.text)) and self._is_id(key):
                yield self._term(key, value)

    def exclusive(self, node: Node | None) -> Iterator[ExclusiveDeclaration]:
        if node is None or (isinstance(node, Scalar) and node.implied == NOTHING):
            return
        hint = "write `exclusive: [[camera:view:front, camera:view:back]]`"
        if not isinstance(node, Listing):
            message = f"`exclusive` must be a list of lists, not {_described(node)}"
            self._findings.add("wrong_type", node, message, hint)
            return
        for group in node.items:
            if isinstance(group, Listing):
                terms = tuple(item for item in group.items if self._is_text(item, "an entry of `exclusive`", None))
                yield ExclusiveDeclaration(self._findings.file, group, terms)
            else:
                message = f"an entry of `exclusive` must be a list of terms, not {_described(group)}"
                self._findings.add("wrong_type", group, message, hint)

    def _term(self, key: Scalar, value: Node) -> TermDeclaration:
        term = key.text
        fields = self.fields(value, _TERM_FIELDS, f"the term `{_shown(term)}`", term)
        return TermDeclaration(
            id=term,
            file=self._findings.file,
            at=key,
            label=self.text(fields.get("label"), "label", term),
            kind=self._kind(fields.get("kind"), term),
            broader=self._texts(fields["broader"], "broader", term) if "broader" in fields else None,
            aliases=tuple(self._aliases(fields.get("aliases"), term)),
            keywords=tuple(self._keywords(fields.get("keywords"), term)),
            deprecated=self._flag(fields.get("deprecated"), "deprecated", term),
            replaced_by=self._reference(fields.get("replaced_by"), term),
        )

    def fields(self, node: Node, known: Sequence[str], what: str, owner: str | None) -> dict[str, Node]:
        """The known fields of a table; nothing at all (`npc:alex:`) is an empty table."""
        if isinstance(node, Scalar) and node.implied == NOTHING and owner is not None:
            return {}
        if not isinstance(node, Table):
            message = f"{what} must be a table of fields, not {_described(node)}"
            self._findings.add("wrong_type", node, message, f"fields are {', '.join(known)}", id=owner)
            return {}
        for key, _ in node.entries:
            if key.text not in known:
                message = f"{what} has no field `{_shown(key.text)}`"
                self._findings.add("unknown_field", key, message, _field_hint(key.text, known, owner), id=owner)
        return {key.text: value for key, value in node.entries if key.text in known}

    def text(self, node: Node | None, field: str, owner: str | None) -> str | None:
        """The stripped text of a label or keyword; None when it is not given or not fit."""
        if node is None or not self._is_text(node, f"`{field}`", owner):
            return None
        text = node.text.strip()
        odd = odd_character(text)
        if odd is not None:
            message = f"`{field}` holds the control or invisible character {visible(odd)}"
            self._findings.add("odd_character", node, message, "take it out", id=owner)
            return None
        if not text:
            self._findings.add("wrong_type", node, f"`{field}` is empty", "write a text, or leave it out", id=owner)
            return None
        return text

    def _table(self, node: Node | None, field: str) -> tuple[tuple[Scalar, Node], ...]:
        if isinstance(node, Table):
            return node.entries
        if node is not None and not (isinstance(node, Scalar) and node.implied == NOTHING):
            message = f"`{field}` must be a table, not {_described(node)}"
            self._findings.add("wrong_type", node, message, "write one `name: {…}` a line, without dashes")
        return ()

    def _is_text(self, node: Node, what: str, owner: str | None) -> TypeGuard[Scalar]:
        if not isinstance(node, Scalar):
            message = f"{what} must be a text, not {_described(node)}"
            self._findings.add("wrong_type", node, message, "write one text", id=owner)
            return False
        if node.implied is not None:
            shown = _shown(node.text)
            if not shown:
                self._findings.add("wrong_type", node, f"{what} is empty", "write a text, or leave it out", id=owner)
                return False
            message = f"{what} is `{shown}`, which YAML reads as {node.implied}"
            self._findings.add("unquoted_value", node, message, f'quote it: "{shown}"', id=owner)
            return False
        return True

    def _is_id(self, key: Scalar) -> bool:
        """Whether the key could be an id at all; what a closed namespace wants of it is checked across files."""
        shown = _shown(key.text)
        cleaned = clean(key.text)
        if cleaned == key.text:
            if key.text == PLAYER or is_well_formed(key.text, closed=False):
                return True
            message = f"`{shown}` cannot be an id: ids are `namespace:value`, at most {MAX_TAG_LENGTH} characters"
            self._findings.add("bad_id", key, message, ID_RULE, id=shown)
            return False
        message = f"the id `{shown}` is not written as it would be stored"
        hint = _cleaned_hint(key.text, fits=is_well_formed(cleaned, closed=False))
        self._findings.add("id_not_canonical", key, message, hint, id=shown)
        return False

    def _flag(self, node: Node | None, field: str, owner: str) -> bool | None:
        if node is None:
            return None
        if isinstance(node, Scalar) and node.implied is not None and node.text in {"true", "false"}:
            return node.text == "true"
        message = f"`{field}` must be true or false, not {_described(node)}"
        self._findings.add(
            "wrong_type", node, message, f"write `{field}: true` or `{field}: false`, unquoted", id=owner
        )
        return None

    def _kind(self, node: Node | None, term: str) -> Scalar | None:
        if node is None or not self._is_text(node, "`kind`", term):
            return None
        if node.text not in KINDS:
            message = f"`{_shown(node.text)}` is not a kind of character"
            near = get_close_matches(node.text.lower(), KINDS, 1)
            hint = f"did you mean {near[0]}?" if near else f"kinds are {', '.join(KINDS)}"
            self._findings.add("unknown_kind", node, message, hint, id=term)
            return None
        if not term.startswith("npc:"):
            message = f"`{term}` has a kind, but only npc: terms have one"
            self._findings.add("kind_outside_npc", node, message, "take it out", id=term)
            return None
        return node

    def _texts(self, node: Node | None, field: str, term: str) -> tuple[Scalar, ...]:
        if node is None:
            return ()
        if not isinstance(node, Listing):
            shown = f"[{_shown(node.text)}]" if isinstance(node, Scalar) and node.implied != NOTHING else "[…]"
            message = f"`{field}` must be a list, not {_described(node)}"
            self._findings.add("wrong_type", node, message, f"write `{field}: {shown}`", id=term)
            return ()
        return tuple(item for item in node.items if self._is_text(item, f"an entry of `{field}`", term))

    def _aliases(self, node: Node | None, term: str) -> Iterator[Scalar]:
        for item in self._texts(node, "aliases", term):
            alias = clean(item.text)
            if is_alias(alias):
                yield Scalar(alias, item.line, item.column)
                continue
            message = f"the alias `{_shown(item.text)}` is neither a word nor `namespace:value`"
            hint = "letters, digits and _ - . ( ) ' ! + & may stand in it"
            self._findings.add("bad_alias", item, message, hint, id=term)

    def _keywords(self, node: Node | None, term: str) -> Iterator[Scalar]:
        for item in self._texts(node, "keywords", term):
            keyword = self.text(item, "keywords", term)
            if keyword is not None:
                yield Scalar(keyword, item.line, item.column)

    def _reference(self, node: Node | None, term: str) -> Scalar | None:
        return node if node is not None and self._is_text(node, "`replaced_by`", term) else None


def _shown(text: str) -> str:
    return visible(text, limit=_SHOWN_CHARACTERS)


def _described(node: Node) -> str:
    if isinstance(node, Listing):
        return "a list"
    if isinstance(node, Table):
        return "a table"
    return NOTHING if node.implied == NOTHING else f"`{_shown(node.text)}`"


def _cleaned_hint(text: str, *, fits: bool) -> str:
    if fits:
        return f"write {clean(text)}"
    return ID_RULE


def _field_hint(name: str, known: Sequence[str], owner: str | None) -> str:
    near = get_close_matches(name.lower(), known, 1)
    if near:
        return f"did you mean {near[0]}?"
    if owner is None and ":" in name:
        return "terms stand under `terms:`, indented"
    return f"fields are {', '.join(known)}"
