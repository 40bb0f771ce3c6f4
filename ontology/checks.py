"""What holds between declarations, within a file and across files: one name, one meaning; no dead ends, no circles."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ontology.closure import loops
from ontology.diagnostics import Diagnostic
from ontology.escaping import visible
from ontology.merge import ALWAYS_CLOSED
from ontology.nodes import Placed, Scalar
from ontology.schema import ID_RULE, FileDeclarations, TermDeclaration
from ontology.tags import is_well_formed
from ontology.terms import PLAYER, Namespace, Ontology

# A suggestion among 10,000 terms takes 2 ms; a file in which everything dangles must not take half a minute.
_MAX_SUGGESTIONS = 200


@dataclass(frozen=True, slots=True)
class Declared:
    """All that the checks look at. `ontology` is merged from `project` and `builtin`, faulty or not."""

    project: Sequence[FileDeclarations]
    builtin: Sequence[FileDeclarations]
    ontology: Ontology
    may_be_elsewhere: Callable[[str], bool]
    """Whether a name may stand in a part that could not be read; then its absence proves nothing."""
    suggestions_left: Iterator[int] = field(default_factory=lambda: iter(range(_MAX_SUGGESTIONS)))

    @property
    def terms(self) -> Iterator[TermDeclaration]:
        """The project's terms, in the order of files."""
        return chain.from_iterable(file.terms for file in self.project)


def check(declared: Declared) -> list[Diagnostic]:
    """Every fault between the declarations."""
    checks = (_namespaces, _ids, _aliases, _references, _broader_loops, _replacement_loops, _exclusive)
    return [found for find in checks for found in find(declared)]


def _namespaces(declared: Declared) -> Iterator[Diagnostic]:
    first: dict[str, str] = {}
    for file in declared.project:
        for space in file.namespaces:
            place = _place(space.file, space.at)
            if space.name in first:
                message = f"the namespace `{space.name}` is already declared at {first[space.name]}"
                yield _fault("namespace_twice", space.file, space.at, message, "keep one of the two", space.name)
            elif space.name in ALWAYS_CLOSED and space.closed is False:
                message = f"the namespace `{space.name}` is always closed"
                hint = "take `closed: false` out, and declare the terms that you miss"
                yield _fault("namespace_always_closed", space.file, space.at, message, hint, space.name)
            first.setdefault(space.name, place)


def _ids(declared: Declared) -> Iterator[Diagnostic]:
    first: dict[str, TermDeclaration] = {}
    for term in declared.terms:
        earlier = first.setdefault(term.id, term)
        if earlier is not term:
            message = f"`{term.id}` is already defined at {_place(earlier.file, earlier.at)}"
            yield _fault("term_twice", term.file, term.at, message, "join the two, or rename one", term.id)
        elif term.namespace is not None:
            space = declared.ontology.namespaces.get(term.namespace)
            yield from _id_in_namespace(term, term.namespace, space, declared)


def _id_in_namespace(
    term: TermDeclaration, name: str, space: Namespace | None, declared: Declared
) -> Iterator[Diagnostic]:
    if space is None and not declared.may_be_elsewhere(name):
        hint = f"{_meant(term.id, declared)}declare it: add `{name}: {{closed: true}}` under `namespaces:`"
        message = f"the namespace `{name}` of `{term.id}` is not declared"
        yield _fault("undeclared_namespace", term.file, term.at, message, hint, term.id)
    if space is not None and space.closed and not is_well_formed(term.id, closed=True):
        message = f"`{term.id}` cannot be a term of the closed namespace `{name}`"
        yield _fault("bad_id", term.file, term.at, message, ID_RULE, term.id)


def _aliases(declared: Declared) -> Iterator[Diagnostic]:
    places = {PLAYER: "<built-in>"}
    places |= {
        term.id: _place(term.source.file, term.source) for term in declared.ontology.terms.values() if term.source
    }
    owners: dict[str, tuple[str, str]] = {}
    for term in declared.terms:
        for alias in term.aliases:
            place = _place(term.file, alias)
            if alias.text in places:
                message = f"the alias `{alias.text}` of `{term.id}` is a term, defined at {places[alias.text]}"
                hint = "take the alias out, or the term"
                yield _fault("alias_shadows_term", term.file, alias, message, hint, term.id)
            elif alias.text in owners:
                owner, there = owners[alias.text]
                message = f"the alias `{alias.text}` of `{term.id}` already stands for `{owner}`, at {there}"
                yield _fault("alias_twice", term.file, alias, message, "keep one of the two", term.id)
            owners.setdefault(alias.text, (term.id, place))


def _references(declared: Declared) -> Iterator[Diagnostic]:
    for term in declared.terms:
        for wider in term.broader or ():
            yield from _dangling("unknown_broader", "wider term", wider, term, declared)
            if wider.text in declared.ontology.terms and wider.text.split(":")[0] != term.namespace:
                message = f"`{term.id}` cannot have the wider term `{wider.text}` of another namespace"
                hint = "a wider term is of the same namespace"
                yield _fault("broader_namespace", term.file, wider, message, hint, term.id)
        if term.replaced_by is None:
            continue
        yield from _dangling("unknown_replacement", "replacement", term.replaced_by, term, declared)
        if not declared.ontology.terms[term.id].deprecated:
            message = f"`{term.id}` is replaced but not deprecated"
            hint = "add `deprecated: true`"
            yield _fault("replaced_not_deprecated", term.file, term.replaced_by, message, hint, term.id)


def _dangling(code: str, what: str, target: Scalar, term: TermDeclaration, declared: Declared) -> Iterator[Diagnostic]:
    if target.text in declared.ontology.terms or declared.may_be_elsewhere(target.text):
        return
    message = f"the {what} `{visible(target.text)}` of `{term.id}` is not a term"
    hint = f"{_meant(target.text, declared, but=term.id)}declare it under `terms:`"
    yield _fault(code, term.file, target, message, hint, term.id)


def _meant(text: str, declared: Declared, *, but: str | None = None) -> str:
    """The nearest term that may be named: in a declared namespace, and not the one that the finding is about.

    Empty when none is near, and after the first `_MAX_SUGGESTIONS`.
    """
    if next(declared.suggestions_left, None) is None:
        return ""
    # Loaded here: rapidfuzz is not worth its import for a vocabulary without a fault.
    from ontology.suggest import did_you_mean  # noqa: PLC0415  # see above

    for near in did_you_mean(text, declared.ontology):
        if near.id != but and declared.ontology.terms[near.id].namespace in {None, *declared.ontology.namespaces}:
            return f"did you mean {near.id}? Otherwise "
    return ""


def _broader_loops(declared: Declared) -> Iterator[Diagnostic]:
    def target(wider: Scalar, term: TermDeclaration) -> str:
        # Ids that were replaced count as what they stand for, as they will when the vocabulary is used.
        return wider.text if wider.text == term.id else declared.ontology.canonical(wider.text)

    graph = {term.id: tuple(target(wider, term) for wider in term.broader or ()) for term in declared.terms}
    for loop in loops(graph):
        term = _declaration(loop[0], declared)
        at = next(wider for wider in term.broader or () if target(wider, term) == [*loop, loop[0]][1])
        message = f"wider terms go round in a circle: {_circle(loop)}"
        yield _fault("broader_loop", term.file, at, message, "take one of these steps out", term.id)


def _replacement_loops(declared: Declared) -> Iterator[Diagnostic]:
    graph = {term.id: (term.replaced_by.text,) for term in declared.terms if term.replaced_by is not None}
    for loop in loops(graph):
        term = _declaration(loop[0], declared)
        message = f"replacements go round in a circle: {_circle(loop)}"
        at = term.replaced_by or term.at
        yield _fault("replacement_loop", term.file, at, message, "take one of these steps out", term.id)


def _exclusive(declared: Declared) -> Iterator[Diagnostic]:
    for group in chain.from_iterable(file.exclusive for file in declared.project):
        meant = set()
        for term in group.terms:
            meant.add(declared.ontology.canonical(term.text))
            if term.text not in declared.ontology.terms and not declared.may_be_elsewhere(term.text):
                message = f"`{visible(term.text)}`, which is to stand alone, is not a term"
                hint = f"{_meant(term.text, declared)}declare it under `terms:`"
                yield _fault("unknown_exclusive", group.file, term, message, hint, visible(term.text))
        if len(meant) < 2:  # noqa: PLR2004  # one term excludes nothing
            hint = "name at least two terms; for a whole namespace write `single: true` there"
            yield _fault("exclusive_too_few", group.file, group.at, "this rule excludes nothing", hint, None)


def _declaration(id_: str, declared: Declared) -> TermDeclaration:
    return next(term for term in declared.terms if term.id == id_)


def _circle(loop: tuple[str, ...]) -> str:
    return " → ".join((*loop, loop[0]))


def _place(file: str, at: Placed) -> str:
    return f"{visible(file)}:{at.line}:{at.column}"


def _fault(code: str, file: str, at: Placed, message: str, hint: str, id_: str | None) -> Diagnostic:
    return Diagnostic(code, message, hint, "error", id_, file, at.line, at.column)
