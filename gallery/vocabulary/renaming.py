"""Renaming and merging: one id in the place of another, in the ontology and wherever it is used."""

from sqlalchemy import Connection

from gallery.context import GalleryContext
from gallery.journal.batches import Origin
from gallery.vocabulary.changing import Plan, Present, carry_out
from gallery.vocabulary.places import Places
from gallery.vocabulary.views import VocabularyChange
from ontology.amending import file_defining, term_deprecated, term_renamed
from ontology.errors import CallsheetError, ConflictError, InvalidInputError, NotFoundError, TagError
from ontology.escaping import visible
from ontology.loader import builtin_ontology
from ontology.normalize import check_tags, clean
from ontology.suggest import did_you_mean
from ontology.tags import is_well_formed
from ontology.terms import PLAYER, Ontology

_SHOWN = 120


def rename(
    context: GalleryContext,
    places: Places,
    old: str,
    new: str,
    *,
    keep_alias: bool = True,
    origin: Origin = "hand",
    dry_run: bool = False,
) -> VocabularyChange:
    """Give a term another id, and write that wherever the old one stands.

    Of a term of the project: its files, every asset that carries it under any spelling, saved searches, blocks, scenes
    and specs; with `keep_alias` the old id stays as an alias. An old spelling (an alias, a replaced id) is written as
    the term it stands for. A tag that is no term is written as the new one.

    Raises `NotFoundError` for an id that nothing knows, `ConflictError` (`exists`) when the new one is a term already,
    `InvalidInputError` for built-in terms (`builtin_term`), bad ids, and whatever would not load (`would_not_load`).
    """
    given, wanted = clean(old), clean(new)

    def decide(connection: Connection, present: Present) -> Plan:
        if given == wanted:
            raise InvalidInputError("the two ids are the same", hint="name what it is to be called")
        if given in present.ontology.terms and present.ontology.canonical(given) == given:
            return _of_term(connection, present)
        plan = Plan("rename", given, _target(given, wanted, present.ontology))
        plan.retag(connection, places, given, {given}, present.ontology)
        if not plan.outcome(None).does_something and given not in present.ontology:
            raise _unknown(given, present.ontology)
        _refuse_tag(plan.to or wanted, present.ontology)
        return plan

    def _of_term(connection: Connection, present: Present) -> Plan:
        _refuse_builtin(given, present)
        _refuse_target(given, wanted, present.ontology)
        files = term_renamed(present.texts, given, wanted, keep_alias=keep_alias)
        plan = Plan("rename", given, wanted, files)
        forms = present.ontology.stored_forms(given)
        plan.retag(connection, places, given, forms, present.ontology)
        return plan

    return carry_out(context, places, decide, origin=origin, dry_run=dry_run)


def merge(
    context: GalleryContext, places: Places, old: str, into: str, *, origin: Origin = "hand", dry_run: bool = False
) -> VocabularyChange:
    """Let one term go on as another: it is deprecated and replaced, and what carries or names it then names the other.

    Raises `NotFoundError` for ids that are no terms, `InvalidInputError` for built-in terms, for two of different
    namespaces, and for whatever would not load.
    """
    given, wanted = clean(old), clean(into)

    def decide(connection: Connection, present: Present) -> Plan:
        ontology = present.ontology
        for name in (given, wanted):
            if name not in ontology:
                raise _unknown(name, ontology)
        source, target = ontology.canonical(given), ontology.canonical(wanted)
        if source == target:
            raise InvalidInputError(
                f"`{given}` stands for `{target}` already",
                hint=f"`callsheet ontology rename {given} {target}` writes it so",
                code="same_term",
            )
        _refuse_builtin(source, present)
        _refuse_other_namespace(source, target)
        if ontology.terms[target].deprecated:
            raise InvalidInputError(f"`{target}` is deprecated itself", hint="merge into a term that is in use")
        plan = Plan("merge", source, target, term_deprecated(present.texts, source, target))
        plan.retag(connection, places, source, ontology.stored_forms(source), ontology)
        return plan

    return carry_out(context, places, decide, origin=origin, dry_run=dry_run)


def _target(given: str, wanted: str, ontology: Ontology) -> str:
    """What an old spelling, or a tag that is no term, is to be written as. Raises `CallsheetError`."""
    meant, target = ontology.canonical(given), ontology.canonical(wanted)
    if meant not in (given, target):
        hint = f"rename that: `callsheet ontology rename {meant} {wanted}`"
        raise InvalidInputError(f"`{given}` is another spelling of `{meant}`", hint=hint, code="spelling")
    return target


def _refuse_tag(tag: str, ontology: Ontology) -> None:
    faults = check_tags([tag], ontology, policy="open").errors
    if faults:
        raise TagError(faults)


def _refuse_builtin(term: str, present: Present) -> None:
    if term == PLAYER or term in builtin_ontology().terms or file_defining(present.texts, term) is None:
        raise InvalidInputError(
            f"`{term}` is built in, and cannot be renamed or replaced",
            hint="declare a term of your own; aliases and keywords may be added to this one",
            code="builtin_term",
        )


def _refuse_other_namespace(source: str, target: str) -> None:
    """A slip of the hand would make a person of a mood, on every picture that has it."""
    if source.partition(":")[0] != target.partition(":")[0]:
        raise InvalidInputError(
            f"`{source}` and `{target}` are of different namespaces",
            hint=f"`callsheet tag --query ={source} --add {target} --remove {source}` changes the assets alone",
            code="wrong_namespace",
        )


def _refuse_target(given: str, wanted: str, ontology: Ontology) -> None:
    meant = ontology.canonical(wanted)
    if wanted in ontology.terms:
        hint = f"`callsheet ontology merge {given} {wanted}` makes one of the two"
        raise ConflictError(f"there is a term `{wanted}` already", hint=hint, code="exists")
    if meant not in (wanted, given):
        hint = f"choose another id, or `callsheet ontology merge {given} {meant}`"
        raise ConflictError(f"`{wanted}` stands for `{meant}` already", hint=hint, code="exists")
    namespace = wanted.partition(":")[0]
    space = ontology.namespaces.get(namespace)
    if not is_well_formed(wanted, closed=space is None or space.closed):
        message = f"`{visible(wanted, limit=_SHOWN)}` cannot be the id of a term"
        raise InvalidInputError(
            message, hint="ids are `namespace:value` of a-z, 0-9, _ and inner hyphens", code="bad_id"
        )
    if space is None:
        hint = f"declare it under `namespaces:`, or take one of {', '.join(sorted(ontology.namespaces))}"
        message = f"the namespace `{namespace}` of `{wanted}` is not declared"
        raise InvalidInputError(message, hint=hint, code="undeclared_namespace")


def _unknown(name: str, ontology: Ontology) -> CallsheetError:
    near = ", ".join(found.id for found in did_you_mean(name, ontology))
    shown = visible(name, limit=_SHOWN)
    hint = f"did you mean {near}?" if near else "`callsheet ontology show` lists the terms, `orphans` the other tags"
    return NotFoundError(f"there is no term `{shown}`, and nothing is tagged so", hint=hint)
