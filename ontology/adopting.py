"""Foreign entries made terms of a vocabulary: nothing that it holds already, no stolen alias, no dead end, no circle.

What cannot be held is noted as a warning, and the rest goes on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ontology.cleaning import clean
from ontology.closure import closing_steps
from ontology.escaping import visible
from ontology.foreign import Entry
from ontology.foreign_fields import Fields, fit_text
from ontology.foreign_ids import Ids
from ontology.merge import ALWAYS_CLOSED, CLOSED_BY_USE, label_of
from ontology.nodes import Findings, Placed
from ontology.schema import ID_RULE, is_alias
from ontology.tags import local_part
from ontology.terms import PLAYER, Namespace, Ontology, Term

_BUILTIN = "<built-in>/"
_SHOWN_CHARACTERS = 60


@dataclass(slots=True)
class _Draft:
    """A term in the making: all entries of one id, and the term of that id if there is one."""

    id: str
    entries: list[Entry]
    base: Term | None


class Adoption:
    """One file's entries on their way into a vocabulary."""

    def __init__(self, ontology: Ontology, ids: Ids, findings: Findings) -> None:
        self._ontology = ontology
        self._ids = ids
        self._fields = Fields(findings)
        self._findings = findings
        self._drafts: dict[str, _Draft] = {}
        self._id_of: dict[Entry, str] = {}
        self._alias_owners: dict[str, str] = {}

    def terms(self, entries: Iterable[Entry]) -> tuple[Term, ...]:
        """The terms that the vocabulary lacks and the built-in ones that gain something, in the order of the file."""
        for entry in entries:
            self._draft(entry)
        made = [self._term(draft) for draft in self._drafts.values() if self._is_ours(draft)]
        return tuple(self._without_circles([term for term in made if term is not None]))

    def namespaces(self, terms: Iterable[Term], labels: Mapping[str, str]) -> tuple[Namespace, ...]:
        """The namespaces of the terms that the vocabulary lacks; open, for nobody said that the list is complete."""
        used = dict.fromkeys(term.namespace for term in terms if term.namespace is not None)
        known = {*self._ontology.namespaces, *ALWAYS_CLOSED, *CLOSED_BY_USE}
        return tuple(
            Namespace(name, fit_text(labels.get(name, "")) or label_of(name), closed=False)
            for name in used
            if name not in known
        )

    def _draft(self, entry: Entry) -> None:
        made = self._ids.made(entry.written.text, entry.namespace, entry.path)
        if made is None:
            self._warn_no_id(entry)
            return
        written, held = made
        id_ = self._id_of[entry] = self._ontology.canonical(held)
        if written != held:
            message = f"`{_shown(written)}` is called `{held}` now"
            self._warn("import_id_changed", entry.written, message, ID_RULE, held)
        if id_ in self._drafts:
            first = self._drafts[id_].entries[0].written
            message = f"`{id_}` stands in line {first.line} already: the two are joined"
            self._warn("import_twice", entry.written, message, "make it one entry, or rename one", id_)
            self._drafts[id_].entries.append(entry)
        else:
            self._drafts[id_] = _Draft(id_, [entry], self._ontology.terms.get(id_))

    def _warn_no_id(self, entry: Entry) -> None:
        shown = _shown(entry.written.text)
        if ":" not in clean(entry.written.text) and entry.namespace is None:
            hint = "write `namespace:value`, or say what namespace a key above it stands for: `--map KEY=NAMESPACE`"
            self._warn("import_no_namespace", entry.written, f"`{shown}` has no namespace", hint, shown)
        else:
            self._warn("import_bad_id", entry.written, f"no id can be made of `{shown}`", ID_RULE, shown)

    def _is_ours(self, draft: _Draft) -> bool:
        """Whether a file may define the term: it is new, or built-in; the project's own stand in its files already."""
        source = draft.base.source if draft.base else None
        if draft.base is None or (source is not None and source.file.startswith(_BUILTIN)):
            return True
        place = f", in {visible(source.file)}:{source.line}" if source else ""
        message = f"`{draft.id}` is a term already{place}: left out"
        self._warn("import_known", draft.entries[0].written, message, "add there what it lacks", draft.id)
        return False

    def _term(self, draft: _Draft) -> Term | None:
        aliases = [alias for entry in draft.entries for alias in self._aliases(entry, draft.id)]
        keywords = [word for entry in draft.entries for word in self._fields.keywords(entry)]
        if draft.base is not None:
            return self._extended(draft, draft.base, aliases, keywords)
        labels = [self._fields.label(entry) for entry in draft.entries]
        kinds = [self._fields.kind(entry, draft.id) for entry in draft.entries]
        flags = [self._fields.is_deprecated(entry) for entry in draft.entries]
        wider = [id_ for entry in draft.entries for id_ in self._broader(entry, draft.id)]
        return Term(
            draft.id,
            next((label for label in labels if label is not None), label_of(local_part(draft.id))),
            kind=next((kind for kind in kinds if kind is not None), None),
            broader=tuple(dict.fromkeys(wider)),
            aliases=tuple(dict.fromkeys(aliases)),
            keywords=tuple(dict.fromkeys(keywords)),
            deprecated=any(flags),
        )

    def _extended(self, draft: _Draft, base: Term, aliases: Sequence[str], keywords: Sequence[str]) -> Term | None:
        """A built-in term with what it gains before what it has, as loading joins them; None if it gains nothing."""
        gained = [alias for alias in aliases if alias not in base.aliases]
        gained += [word for word in keywords if word not in base.keywords]
        said = f"it gains {', '.join(map(_shown, dict.fromkeys(gained)))}" if gained else "it gains nothing"
        message = f"`{base.id}` is a built-in term: {said}; its other fields stay"
        self._warn("import_known", draft.entries[0].written, message, "write what else you want by hand", base.id)
        if not gained:
            return None
        joined = tuple(dict.fromkeys((*aliases, *base.aliases))), tuple(dict.fromkeys((*keywords, *base.keywords)))
        return replace(base, aliases=joined[0], keywords=joined[1], source=None)

    def _aliases(self, entry: Entry, id_: str) -> Iterator[str]:
        for text in self._fields.aliases(entry):
            alias = self._ids.in_our_namespace(clean(text.text))
            why = self._why_no_alias(alias, id_)
            if why is not None:
                message = f"the alias `{_shown(text.text)}` of `{id_}` is left out: {why}"
                self._warn("import_alias", text, message, "make it a keyword instead", id_)
            elif alias != id_:
                self._alias_owners[alias] = id_
                yield alias

    def _why_no_alias(self, alias: str, id_: str) -> str | None:
        if not is_alias(alias):
            return "it could never be a tag"
        if alias != id_ and (alias == PLAYER or self._has(alias)):
            return "it is a term"
        owner = self._alias_owners.get(alias, self._ontology.canonical(alias))
        return None if owner in {alias, id_} else f"it stands for `{owner}`"

    def _broader(self, entry: Entry, id_: str) -> Iterator[str]:
        named: list[tuple[Placed, str]] = [(at, self._meant(at.text, entry, id_)) for at in self._fields.broader(entry)]
        if entry.parent is not None and entry.parent in self._id_of:
            named.insert(0, (entry.written, self._id_of[entry.parent]))
        for at, wider in named:
            why = self._why_not_wider(wider, id_)
            if why is None:
                yield wider
            else:
                self._left_out(at, wider, id_, why)

    def _meant(self, text: str, entry: Entry, id_: str) -> str:
        """The id that a reference stands for: beside the entry, else anywhere in its namespace."""
        namespace = id_.partition(":")[0]
        made = [self._ids.made(text, namespace, path) for path in (entry.path, ())]
        known = [self._ontology.canonical(found[1]) for found in made if found is not None]
        return next((guess for guess in known if self._has(guess)), text)

    def _why_not_wider(self, wider: str, id_: str) -> str | None:
        if not self._has(wider):
            return "there is no such term"
        if wider.partition(":")[0] != id_.partition(":")[0]:
            return "it is of another namespace"
        return "it is the term itself" if wider == id_ else None

    def _has(self, id_: str) -> bool:
        return id_ in self._drafts or id_ in self._ontology.terms

    def _without_circles(self, terms: Sequence[Term]) -> Iterator[Term]:
        closing = closing_steps({term.id: term.broader for term in terms})
        for term in terms:
            for wider in term.broader:
                if (term.id, wider) in closing:
                    at = self._drafts[term.id].entries[0].written
                    self._left_out(at, wider, term.id, "wider terms would go round in a circle")
            yield replace(term, broader=tuple(wider for wider in term.broader if (term.id, wider) not in closing))

    def _left_out(self, at: Placed, wider: str, id_: str, why: str) -> None:
        message = f"the wider term `{_shown(wider)}` of `{id_}` is left out: {why}"
        self._warn("import_broader", at, message, "name a term of the same namespace", id_)

    def _warn(self, code: str, at: Placed, message: str, hint: str, id_: str) -> None:
        self._findings.add(code, at, message, hint, id=id_, severity="warning")


def _shown(text: str) -> str:
    return visible(text, limit=_SHOWN_CHARACTERS)
