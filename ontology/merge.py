"""Many files' declarations made one vocabulary. Tolerant: of two claims the first holds, and `checks` complains."""

from collections.abc import Iterable, Sequence

from ontology.nodes import Scalar
from ontology.schema import FileDeclarations, NamespaceDeclaration, TermDeclaration
from ontology.tags import local_part
from ontology.terms import Namespace, Ontology, Source, Term

ALWAYS_CLOSED = frozenset({"role", "camera"})
"""Built-in namespaces that no project can open."""

CLOSED_BY_USE = frozenset({"npc", "loc"})
"""Namespaces that close as soon as the project declares a term in them, unless it says otherwise."""


def merged(
    project: Sequence[FileDeclarations], builtin: Sequence[FileDeclarations], *, builtin_terms: bool
) -> Ontology:
    """The vocabulary of a project on top of the built-in one.

    A project's term with a built-in id extends it: aliases and keywords are added, other fields replaced where given.
    A built-in alias that the project uses as an id or alias of its own is the project's.
    Without `builtin_terms` the built-in namespaces stay.
    """
    own = _first_by_id(project)
    known = _first_by_id(builtin) if builtin_terms else {}
    taken = set(own) | {alias.text for term in own.values() for alias in term.aliases}
    terms = [_joined(own.get(id_), base, taken) for id_, base in known.items()]
    terms += [_joined(term, None, taken) for id_, term in own.items() if id_ not in known]
    label = next((file.label for file in project if file.label is not None), "")
    groups = dict.fromkeys(_texts(group.terms) for file in project for group in file.exclusive)
    return Ontology(terms, merged_namespaces(project, builtin), label=label, exclusive=groups)


def merged_namespaces(project: Sequence[FileDeclarations], builtin: Sequence[FileDeclarations]) -> list[Namespace]:
    """Built-in and declared namespaces with what is effectively closed. A new one is open unless it says closed."""
    used = {term.namespace for file in project for term in file.terms}
    own = _first_by_name(project)
    known = _first_by_name(builtin)
    return [_namespace(name, own.get(name), known.get(name), used) for name in {**known, **own}]


def _namespace(
    name: str, own: NamespaceDeclaration | None, base: NamespaceDeclaration | None, used: set[str | None]
) -> Namespace:
    declared = [found for found in (own, base) if found is not None]
    label = next((found.label for found in declared if found.label is not None), label_of(name))
    closed = next((found.closed for found in declared if found.closed is not None), name in CLOSED_BY_USE & used)
    single = next((found.single for found in declared if found.single is not None), False)
    return Namespace(name, label, closed, single)


def _joined(own: TermDeclaration | None, base: TermDeclaration | None, taken: set[str]) -> Term:
    layers = [layer for layer in (own, base) if layer is not None]
    top = layers[0]
    kind = next((layer.kind for layer in layers if layer.kind is not None), None)
    replaced_by = next((layer.replaced_by for layer in layers if layer.replaced_by is not None), None)
    base_aliases = [alias.text for alias in base.aliases if alias.text not in taken] if base else []
    return Term(
        id=top.id,
        label=next((layer.label for layer in layers if layer.label is not None), label_of(local_part(top.id))),
        kind=kind.text if kind else None,  # type: ignore[arg-type]  # the schema let known kinds through only
        broader=next((_texts(layer.broader) for layer in layers if layer.broader is not None), ()),
        aliases=tuple(dict.fromkeys([*(_texts(own.aliases) if own else ()), *base_aliases])),
        keywords=tuple(dict.fromkeys(keyword.text for layer in layers for keyword in layer.keywords)),
        deprecated=next((layer.deprecated for layer in layers if layer.deprecated is not None), False),
        replaced_by=replaced_by.text if replaced_by else None,
        source=Source(top.file, top.at.line, top.at.column),
    )


def _texts(scalars: Iterable[Scalar]) -> tuple[str, ...]:
    return tuple(scalar.text for scalar in scalars)


def label_of(name: str) -> str:
    """A label for what has none: `old_name` → "Old name"."""
    words = name.replace("_", " ").replace(":", " ").strip()
    return words[:1].upper() + words[1:] if words else name


def _first_by_id(files: Sequence[FileDeclarations]) -> dict[str, TermDeclaration]:
    found: dict[str, TermDeclaration] = {}
    for file in files:
        for term in file.terms:
            found.setdefault(term.id, term)
    return found


def _first_by_name(files: Sequence[FileDeclarations]) -> dict[str, NamespaceDeclaration]:
    found: dict[str, NamespaceDeclaration] = {}
    for file in files:
        for namespace in file.namespaces:
            found.setdefault(namespace.name, namespace)
    return found
