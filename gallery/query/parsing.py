"""From the text of a query to its tree. `docs/query.md` describes the language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, cast

from lark import Token, Transformer
from lark.exceptions import VisitError

from gallery.query.faults import ValueFault, at, nearest, one_of, shown
from gallery.query.fields import FIELDS, HAS, IS, NAMES, SORTS, Surroundings, anywhere, is_fact
from gallery.query.syntax import HINT, MAX_DEPTH, MAX_LENGTH, syntax_tree, unquoted
from gallery.query.tree import (
    NEWEST_FIRST,
    All,
    AnyOf,
    Either,
    Everything,
    Family,
    Has,
    Member,
    Node,
    Not,
    Orphan,
    Query,
    Sort,
    SortField,
)
from gallery.store.folding import folded
from ontology.errors import InvalidInputError
from ontology.normalize import canonical
from ontology.tags import is_free_word
from ontology.terms import Ontology

__all__ = ["MAX_DEPTH", "MAX_EXPANDED", "MAX_LENGTH", "MAX_NESTING", "MAX_TERMS", "parse"]

MAX_TERMS = 64
MAX_EXPANDED = 256
"""Terms of a query together with those of the saved searches that it names."""

MAX_NESTING = 8
"""So many saved searches may name one another in a row."""

_NEAR_FIELD = 0.85
_WILD_HINT = (
    "in a tag `*` stands for all that follows a colon: `npc:*`; `callsheet ontology find alex` finds ids,"
    ' "alex" in quotes what has a label with it'
)
_COMPARING = ("<", ">", "=")


def parse(text: str, ontology: Ontology, around: Surroundings) -> Query:
    """What a query asks for; an empty text means everything.

    Raises `InvalidInputError` (code `query`) whose message shows the place with a caret.
    """
    return _Reading(ontology, around).query(text)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A node together with the order that was written beside it, or that a saved search brought along."""

    node: Node
    sorts: tuple[Sort, ...]
    place: int
    inherited: tuple[Sort, ...] = ()


@dataclass
class _Reading:
    """One query with the saved searches it names."""

    ontology: Ontology
    around: Surroundings
    terms: int = 0
    inside: list[str] = field(default_factory=list)

    def query(self, text: str) -> Query:
        read = self.read(text)
        if not isinstance(read, _Sorted):
            return Query(read)
        members = [node.collection for node in Query(read.node).conjuncts() if isinstance(node, Member)]
        sorts = []
        for sort in read.sorts or read.inherited:
            if sort.field == "collection" and len(members) != 1:
                hint = "add collection:NAME, or sort by something else"
                raise at(text, read.place, "sort:collection needs one collection that is asked for", hint)
            sorts.append(Sort(sort.field, sort.descending, members[0]) if sort.field == "collection" else sort)
        return Query(read.node, tuple({sort.field: sort for sort in reversed(sorts)}.values())[::-1] or NEWEST_FIRST)

    def read(self, text: str) -> Node | _Sorted:
        tree = syntax_tree(text)
        try:
            return cast("Node | _Sorted", _Meaning(text, self).transform(tree))  # type: ignore[arg-type]
        except VisitError as error:
            raise error.orig_exc from None  # ours, which lark wraps

    def saved(self, name: str) -> Node | _Sorted:
        """Another query by its name. Raises `ValueFault`."""
        if name not in self.around.searches:
            raise one_of(name, self.around.searches, "saved search")
        if name in self.inside:
            row = " → ".join([*self.inside[self.inside.index(name) :], name])
            raise ValueFault(f"saved searches name one another in a ring: {row}", "save one of them anew")
        if len(self.inside) >= MAX_NESTING:
            raise ValueFault(f"more than {MAX_NESTING} saved searches in a row", "write some of them out")
        self.inside.append(name)
        try:
            return self.read(self.around.searches[name])
        except InvalidInputError as error:
            reason = error.message.partition("\n")[0]
            told = reason if reason.startswith("in @") or len(self.inside) > 1 else f"in @{name}: {reason}"
            raise ValueFault(told, error.hint or "") from error
        finally:
            self.inside.pop()


class _Meaning(Transformer[Token, Any]):
    """Gives each piece of one text its meaning, bottom up."""

    def __init__(self, text: str, reading: _Reading) -> None:
        super().__init__(visit_tokens=False)
        self._text = text
        self._reading = reading
        self._ontology = reading.ontology
        self._terms = 0

    def start(self, _: Sequence[Node]) -> Node:
        """An empty query: any other is inlined."""
        return Everything()

    def alternatives(self, nodes: Sequence[Node | _Sorted]) -> Node:
        """One of them holds."""
        return Either(tuple(map(self._unsorted, nodes)))

    def terms(self, nodes: Sequence[Node | _Sorted]) -> Node | _Sorted:
        """All of them hold."""
        ordered = [node for node in nodes if isinstance(node, _Sorted)]
        found = [node.node if isinstance(node, _Sorted) else node for node in nodes]
        kept = tuple(node for node in found if node != Everything())
        together = All(kept) if len(kept) > 1 else kept[0] if kept else Everything()
        if not ordered:
            return together
        sorts = tuple(sort for node in ordered for sort in node.sorts)
        inherited = next((node.inherited for node in ordered if node.inherited), ())
        return _Sorted(together, sorts, ordered[0].place, inherited)

    def negated(self, children: Sequence[Any]) -> Node:
        """It does not hold; said twice, it does. The signs come as a flat list: text may hold hundreds."""
        *signs, given = children
        node = self._unsorted(given)
        return Not(node) if len(signs) % 2 else node

    def words(self, tokens: Sequence[Token]) -> Node:
        """Quoted text: words of a path, a note, a prompt, or a label."""
        self._count(tokens[0])
        found = tuple(folded(unquoted(tokens[0])[1]).split())
        if not found:
            return Everything()
        labelled = _labelled(found, self._ontology)
        return Either((*anywhere(found), *([AnyOf(labelled)] if labelled else [])))

    def word(self, tokens: Sequence[Token]) -> Node | _Sorted:
        """A tag, `ns:*`, `=tag`, `@name`, or a field with its value."""
        token = tokens[0]
        self._count(token)
        head, inside, is_quoted = unquoted(token)
        name, colon, value = head.partition(":")
        try:
            if head.startswith("@"):
                return self._saved(head[1:] + inside, token.start_pos or 0)
            if head.startswith("="):
                return self._tag(head[1:] + inside, exact=True)
            is_field = colon and self._is_field(name, value)
        except ValueFault as fault:
            raise at(self._text, token.start_pos or 0, fault.message, fault.hint) from fault
        place = (token.start_pos or 0) + (len(name) + 1 if is_field else 0)
        try:
            if is_field:
                return self._field(name, value + inside, place, is_empty=not (value or is_quoted))
            return self._tag(head + inside, family=not is_quoted)
        except ValueFault as fault:
            raise at(self._text, place, fault.message, fault.hint) from fault

    def _is_field(self, name: str, value: str) -> bool:
        """A declared namespace wins over a field of its name, which a leading dot still reaches (decision 19).

        Raises `ValueFault` for what can only be a field, or all but is one, and is none.
        """
        lowered = name.lower()
        if lowered.startswith("."):
            if lowered[1:] not in NAMES:
                raise one_of(lowered[1:], NAMES, "field")
            return True
        if lowered in self._ontology.namespaces:
            return False
        if lowered in NAMES:
            return True
        near = get_close_matches(lowered, NAMES, n=1, cutoff=_NEAR_FIELD)
        if near or value.startswith(_COMPARING) or ".." in value:
            guess = nearest(lowered, NAMES)
            meant = f"did you mean {guess}:? " if guess else f"there are: {', '.join(sorted(NAMES))}. "
            raise ValueFault(f"{shown(name)} is no field", f"{meant}A tag is looked for with ={name}:…")
        return False

    def _field(self, name: str, value: str, place: int, *, is_empty: bool) -> Node | _Sorted:
        if is_empty:
            raise ValueFault(f"nothing stands behind `{name}:`", "write a value, without a space between")
        wanted, is_plain = name.lower().removeprefix("."), not name.startswith(".")
        if wanted == "sort":
            return _Sorted(Everything(), tuple(map(_sort, value.lower().split(","))), place)
        if wanted == "search":
            return self._saved(value, place)
        if wanted == "is":
            return self._is(value)
        if wanted == "has":
            return self._has(value.lower(), namespaces_win=is_plain)
        return FIELDS[wanted](value, self._reading.around)

    def _saved(self, name: str, place: int) -> Node | _Sorted:
        read = self._reading.saved(name)
        if not isinstance(read, _Sorted):
            return read
        return _Sorted(read.node, (), place, read.sorts or read.inherited)

    def _is(self, value: str) -> Node:
        if value.lower() == "orphan":
            known = frozenset((*self._ontology.terms, *self._ontology.renamed))
            spaces = self._ontology.namespaces.values()
            return Orphan(known, frozenset(space.name for space in spaces if not space.closed))
        fact = is_fact(value.lower())
        if fact is None:
            raise one_of(value, {*IS, "orphan"}, "state")
        return fact

    def _has(self, value: str, *, namespaces_win: bool) -> Node:
        if value in self._ontology.namespaces and (namespaces_win or value not in HAS):
            return self._family(value)
        if value not in HAS:
            raise one_of(value, {*HAS, *self._ontology.namespaces}, "fact of an asset")
        return Has(HAS[value])

    def _tag(self, text: str, *, exact: bool = False, family: bool = True) -> Node:
        """A tag in all its spellings, with its narrower terms unless it is meant exactly; or `ns:*`."""
        prefix = text.removesuffix(":*")
        if prefix != text and family and not exact:
            return self._family(prefix)
        tag = canonical(text, self._ontology)
        if not _could_be_tag(tag):
            raise ValueFault(f"{shown(text)} is not a tag", _WILD_HINT if "*" in text else HINT)
        ontology = self._ontology
        wanted = (tag,) if exact else (tag, *ontology.narrower(tag))
        forms = {form for each in wanted for form in ontology.stored_forms(each)}
        return AnyOf(frozenset(forms | {tag}))

    def _family(self, family: str) -> Node:
        prefix = canonical(family)
        if not _could_be_tag(prefix):
            raise ValueFault(f"{shown(family + ':*')} is not a namespace and `:*`", _WILD_HINT)
        inside = f"{prefix}:"
        renamed = self._ontology.renamed.items()
        also = {form for form, tag in renamed if tag.startswith(inside) and not form.startswith(inside)}
        but = {form for form, tag in renamed if form.startswith(inside) and not tag.startswith(inside)}
        return Family(prefix, frozenset(also), frozenset(but))

    def _unsorted(self, node: Node | _Sorted) -> Node:
        """The node alone. An order that a saved search brought along has no say here; one that is written must not."""
        if not isinstance(node, _Sorted):
            return node
        if node.sorts:
            raise at(self._text, node.place, "an order cannot be negated, nor be one of several", "write sort: outside")
        return node.node

    def _count(self, token: Token) -> None:
        self._terms += 1
        self._reading.terms += 1
        if self._terms > MAX_TERMS or self._reading.terms > MAX_EXPANDED:
            most = MAX_TERMS if self._terms > MAX_TERMS else MAX_EXPANDED
            raise at(self._text, token.start_pos or 0, f"more than {most} terms", "search for less at once")


def _sort(text: str) -> Sort:
    name = text.strip().removeprefix("-")
    if name not in SORTS:
        raise one_of(name, SORTS, "order")
    return Sort(cast(SortField, SORTS[name]), descending=text.strip().startswith("-"))


def _could_be_tag(tag: str) -> bool:
    """Whether an asset may hold this text as a tag. Unknown terms are fine: vocabularies change, stored tags stay."""
    return all(map(is_free_word, tag.split(":")))


def _labelled(words: Sequence[str], ontology: Ontology) -> frozenset[str]:
    """Every spelling of the terms whose label holds all the words."""
    labels = ontology.derived(_folded_labels)
    found = (term for term, label in labels if all(word in label for word in words))
    return frozenset(form for term in found for form in ontology.stored_forms(term))


def _folded_labels(ontology: Ontology) -> list[tuple[str, str]]:
    return [(term.id, folded(term.label)) for term in ontology.terms.values() if term.label and not term.deprecated]
