"""The vocabulary as frozen values: `Term`, `Namespace`, `Ontology`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from ontology.closure import inverted, levels

Kind = Literal["hero", "npc", "monster"]
_Derived = TypeVar("_Derived")

PLAYER = "player"
"""The one identity without a namespace."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a term was declared: file as it was named to the loader, line and column from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Term:
    """One id of the vocabulary. `broader` holds the directly wider ids, in the order they were declared."""

    id: str
    label: str
    kind: Kind | None = None
    broader: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    deprecated: bool = False
    replaced_by: str | None = None
    source: Source | None = field(default=None, compare=False)

    @property
    def namespace(self) -> str | None:
        """The part before the first colon, or None for `player`."""
        return self.id.split(":", 1)[0] if ":" in self.id else None

    def to_json(self) -> dict[str, Any]:
        """`{id, label, kind, broader, aliases, keywords, deprecated}` and, where it was replaced, `replaced_by`."""
        body: dict[str, Any] = {
            "id": self.id,
            "label": self.label,
            "kind": self.kind,
            "broader": list(self.broader),
            "aliases": list(self.aliases),
            "keywords": list(self.keywords),
            "deprecated": self.deprecated,
        }
        return body | ({"replaced_by": self.replaced_by} if self.replaced_by else {})


@dataclass(frozen=True, slots=True)
class Namespace:
    """A family of ids. In a closed one only listed terms are valid; of a single one an asset has one tag at most."""

    name: str
    label: str
    closed: bool
    single: bool = False


class Ontology:
    """An immutable vocabulary. It trusts its input: `ontology.loader` is what checks files.

    Built once; look-ups are dictionary reads. Two ontologies are equal when their terms, namespaces, label and
    `exclusive` are: groups of ids of which an asset has one at most, see `ontology.cardinality`.
    """

    def __init__(
        self,
        terms: Iterable[Term] = (),
        namespaces: Iterable[Namespace] = (),
        *,
        label: str = "",
        exclusive: Iterable[tuple[str, ...]] = (),
    ) -> None:
        self.label = label
        self.exclusive = tuple(exclusive)
        self.terms: Mapping[str, Term] = MappingProxyType({term.id: term for term in terms})
        self.namespaces: Mapping[str, Namespace] = MappingProxyType({space.name: space for space in namespaces})
        self._canonical = _canonical_ids(self.terms)
        self._parents = _canonical_parents(self.terms, self._canonical)
        self._children: dict[str, tuple[str, ...]] | None = None
        self._forms: dict[str, frozenset[str]] | None = None
        self._derived: dict[object, object] = {}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ontology):
            return NotImplemented
        ours = (self.label, self.terms, self.namespaces, self.exclusive)
        return ours == (other.label, other.terms, other.namespaces, other.exclusive)

    def __hash__(self) -> int:
        return hash((self.label, frozenset(self.terms)))

    def __contains__(self, tag: str) -> bool:
        """Whether the tag is the id or an alias of a term."""
        return tag in self.terms or tag in self._canonical

    def canonical(self, tag: str) -> str:
        """The id that a normalised tag stands for: aliases and `replaced_by` followed to the end; others unchanged."""
        return self._canonical.get(tag, tag)

    @property
    def renamed(self) -> Mapping[str, str]:
        """Every alias and replaced id → the id it stands for. Ids that stand for themselves are not listed."""
        return MappingProxyType(self._canonical)

    def term(self, tag: str) -> Term | None:
        """The term that a tag, alias or replaced id stands for."""
        return self.terms.get(self.canonical(tag))

    def kind(self, tag: str) -> Kind | None:
        """The kind of a character; None for what is not a known character. An `npc:` term without one is an npc."""
        term = self.term(tag)
        if term is None or term.namespace != "npc":
            return None
        return term.kind or "npc"

    def broader(self, tag: str) -> tuple[tuple[str, ...], ...]:
        """The wider ids by distance: `((direct, …), (their wider, …), …)`. Each id once, at its least distance."""
        return levels(self.canonical(tag), self._parents)

    def narrower(self, tag: str) -> frozenset[str]:
        """Every id, at any distance, that has this one as a wider term."""
        if self._children is None:
            self._children = inverted(self._parents)
        return frozenset(chain.from_iterable(levels(self.canonical(tag), self._children)))

    def stored_forms(self, tag: str) -> frozenset[str]:
        """Every spelling under which an asset may hold this id: the id, its aliases, and ids that it replaced."""
        if self._forms is None:
            forms: dict[str, set[str]] = {}
            for form, target in self._canonical.items():
                forms.setdefault(target, {target}).add(form)
            self._forms = {target: frozenset(found) for target, found in forms.items()}
        target = self.canonical(tag)
        return self._forms.get(target, frozenset((target,)))

    def derived(self, build: Callable[["Ontology"], _Derived]) -> _Derived:
        """What `build` makes of this vocabulary, made once and kept as long as the vocabulary lives."""
        if build not in self._derived:
            self._derived[build] = build(self)
        return self._derived[build]  # type: ignore[return-value]  # the key made the value


def _canonical_ids(terms: Mapping[str, Term]) -> dict[str, str]:
    """Alias or replaced id → id at the end of its chain. A chain that loops ends where it began to repeat."""
    direct: dict[str, str] = {}
    for term in terms.values():
        for alias in term.aliases:
            direct.setdefault(alias, term.id)
        if term.replaced_by is not None:
            direct[term.id] = term.replaced_by
    resolved: dict[str, str] = {}
    for start, following in direct.items():
        if following not in direct:
            resolved[start] = following
        elif start not in resolved:
            _resolve(start, following, direct, resolved)
    return resolved


def _resolve(start: str, target: str, direct: Mapping[str, str], resolved: dict[str, str]) -> None:
    """Follow one chain to its end, which is then the end for every id on the way, and each step is made once."""
    seen = {start}
    while target in direct and target not in seen and target not in resolved:
        seen.add(target)
        target = direct[target]
    resolved.update(dict.fromkeys(seen, resolved.get(target, target)))


def _canonical_parents(terms: Mapping[str, Term], canonical: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    parents: dict[str, dict[str, None]] = {}
    for term in terms.values():
        child = canonical.get(term.id, term.id)
        for wider in term.broader:
            target = canonical.get(wider, wider)
            if target != child:
                parents.setdefault(child, {})[target] = None
    return {child: tuple(found) for child, found in parents.items()}
