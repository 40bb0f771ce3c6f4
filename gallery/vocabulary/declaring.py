"""Declaring terms and deprecating them, in the files of the project."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection

from gallery.context import GalleryContext
from gallery.journal.batches import Origin
from gallery.reading.arguments import one_text, several_texts
from gallery.vocabulary.changing import Plan, Present, carry_out
from gallery.vocabulary.places import Places
from gallery.vocabulary.views import VocabularyChange
from ontology.amending import file_defining, term_added, term_deprecated
from ontology.errors import ConflictError, InvalidInputError, NotFoundError
from ontology.escaping import visible
from ontology.normalize import clean
from ontology.suggest import did_you_mean
from ontology.terms import Kind, Term

FIRST_FILE = "terms.yaml"
"""Where terms go in a project that has no file of terms yet."""

_SHOWN = 120


def add(
    context: GalleryContext,
    places: Places,
    term: str,
    *,
    label: str | None = None,
    kind: Kind | None = None,
    broader: str | Iterable[str] = (),
    aliases: str | Iterable[str] = (),
    keywords: str | Iterable[str] = (),
    file: str | None = None,
    origin: Origin = "hand",
    dry_run: bool = False,
) -> VocabularyChange:
    """Declare a term at the end of a file of the ontology; without `file`, of the one with most of its namespace.

    `file` is named from the project's folder on, lies in that of the ontology, and is made where it is not there.
    Raises `ConflictError` (`exists`) for what is a term or an alias already, `InvalidInputError` for whatever would not
    load: a bad id, an undeclared namespace, a kind outside of `npc:`, an unknown wider term.
    """
    wanted = Term(
        clean(one_text("term", term, may_be_empty=False)),
        one_text("label", label).strip() if label is not None else "",
        kind=kind,
        broader=tuple(map(clean, several_texts("broader", broader))),
        aliases=tuple(several_texts("aliases", aliases)),
        keywords=tuple(several_texts("keywords", keywords)),
    )

    def decide(_: Connection, present: Present) -> Plan:
        if wanted.id in present.ontology:
            meant = present.ontology.canonical(wanted.id)
            told = "is a term already" if meant == wanted.id else f"stands for `{meant}` already"
            hint = f"`callsheet ontology show {meant}` shows it"
            raise ConflictError(f"`{visible(wanted.id, limit=_SHOWN)}` {told}", hint=hint, code="exists")
        name = _file_for(wanted, present, places) if file is None else _checked_file(file, places)
        after = term_added(present.texts.get(name, ""), wanted)
        return Plan("add", wanted.id, terms={name: after})

    return carry_out(context, places, decide, origin=origin, dry_run=dry_run)


def deprecate(
    context: GalleryContext,
    places: Places,
    term: str,
    *,
    replaced_by: str | None = None,
    origin: Origin = "hand",
    dry_run: bool = False,
) -> VocabularyChange:
    """Mark a term as one that is not for new pictures, with what replaces it, if anything does. Assets keep it.

    Raises `NotFoundError` for ids that are no terms, `InvalidInputError` for built-in ones and whatever would not load.
    """
    given = clean(term)
    other = None if replaced_by is None else clean(replaced_by)

    def decide(_: Connection, present: Present) -> Plan:
        for name in filter(None, (given, other)):
            if name not in present.ontology.terms:
                near = ", ".join(found.id for found in did_you_mean(name, present.ontology))
                hint = f"did you mean {near}?" if near else "`callsheet ontology show` lists the terms"
                raise NotFoundError(f"there is no term `{visible(name, limit=_SHOWN)}`", hint=hint)
        if file_defining(present.texts, given) is None:
            raise InvalidInputError(f"`{given}` is built in", hint="it stays; use another term", code="builtin_term")
        return Plan("deprecate", given, other, term_deprecated(present.texts, given, other))

    return carry_out(context, places, decide, origin=origin, dry_run=dry_run)


def _file_for(term: Term, present: Present, places: Places) -> str:
    """The file with most terms of the namespace, then of any; of two the first."""
    homes = {other.id: other.source.file for other in present.ontology.terms.values() if other.source}
    ours = [file.name for file in present.files]
    same = Counter(home for name, home in homes.items() if name.split(":")[0] == term.namespace and home in ours)
    other = Counter(home for home in homes.values() if home in ours)
    best = max(ours, key=lambda name: (same[name], other[name]), default=None)
    return best or (places.ontology / FIRST_FILE).relative_to(places.root).as_posix()


def _checked_file(name: str, places: Places) -> str:
    path = places.root / one_text("file", name, may_be_empty=False)
    inside = "\0" not in name and path.resolve().is_relative_to(places.ontology.resolve())
    is_hidden = inside and any(
        part.startswith(".") for part in path.resolve().parts[len(places.ontology.resolve().parts) :]
    )
    if not inside or is_hidden or path.suffix.lower() not in {".yaml", ".yml"}:
        folder = places.ontology.relative_to(places.root).as_posix()
        message = f"{visible(name)} is no file of the project's vocabulary"
        raise InvalidInputError(message, hint=f"name a .yaml file in {folder}/", code="not_a_vocabulary_file")
    return path.resolve().relative_to(places.root.resolve()).as_posix()
