"""Which terms are used, and how often; which tags have no term; which terms nobody uses."""

from collections.abc import Iterable, Iterator
from typing import Literal

from sqlalchemy import Connection

from gallery.context import GalleryContext
from gallery.vocabulary.counting import Carried, Named, named_in_project
from gallery.vocabulary.places import Places
from gallery.vocabulary.stored import tag_counts
from gallery.vocabulary.views import Orphans, OrphanTag, TermUsage
from ontology.errors import InvalidInputError, NotFoundError
from ontology.escaping import visible
from ontology.loader import builtin_ontology
from ontology.normalize import check_tags, clean
from ontology.suggest import did_you_mean
from ontology.terms import Ontology

Order = Literal["assets", "wider", "id", "blocks", "scenes", "specs", "searches"]
ORDERS: tuple[Order, ...] = ("assets", "wider", "id", "blocks", "scenes", "specs", "searches")

_SHOWN = 120


def usage(
    context: GalleryContext,
    places: Places,
    term: str | None = None,
    *,
    namespace: str | None = None,
    sort: Order = "assets",
) -> tuple[TermUsage, ...]:
    """How often each term is used, zeros among them; or one term. Replaced ids count as what they stand for.

    The most used first (by `sort`), then by id. Raises `NotFoundError` for a term or namespace that there is not,
    `InvalidInputError` for another order.
    """
    if sort not in ORDERS:
        raise InvalidInputError(f"`sort` must be one of {', '.join(ORDERS)}", hint="`assets` puts the most used first")
    terms = _chosen(context.ontology, term, namespace)
    with context.database.read() as connection:
        carried = Carried(connection, context.ontology)
        named = named_in_project(connection, places, context.ontology)
    found = [_usage(context.ontology, name, carried, named) for name in terms]
    if sort == "id":
        return tuple(sorted(found, key=lambda item: item.id))
    return tuple(sorted(found, key=lambda item: (-_number(item, sort), item.id)))


def _number(item: TermUsage, sort: str) -> int:
    return item.wider if sort == "wider" else int(getattr(item.uses, sort))


def _chosen(ontology: Ontology, term: str | None, namespace: str | None) -> Iterable[str]:
    if namespace is not None and (name := clean(namespace).rstrip("*").rstrip(":")) not in ontology.namespaces:
        hint = f"there are: {', '.join(sorted(ontology.namespaces))}"
        raise NotFoundError(f"there is no namespace `{visible(name, limit=_SHOWN)}`", hint=hint)
    if term is not None:
        found = ontology.term(clean(term))
        if found is None:
            near = ", ".join(item.id for item in did_you_mean(term, ontology))
            hint = f"did you mean {near}?" if near else "`callsheet ontology show` lists the terms"
            raise NotFoundError(f"there is no term `{visible(term, limit=_SHOWN)}`", hint=hint)
        return [found.id]
    return [
        item.id
        for item in ontology.terms.values()
        if (namespace is None or item.namespace == name) and ontology.canonical(item.id) == item.id
    ]


def _usage(ontology: Ontology, name: str, carried: Carried, named: Named) -> TermUsage:
    term = ontology.terms[name]
    uses = named.uses(name, carried.assets(name))
    return TermUsage(name, term.label, uses, carried.wider(name), name in builtin_ontology().terms, term.deprecated)


def orphans(context: GalleryContext, places: Places) -> Orphans:
    """Tags in use that could not be given any more, and terms of the project that nothing uses.

    Tags of trashed and missing assets count too. A term counts as used when a narrower one is.
    """
    ontology = context.ontology
    with context.database.read() as connection:
        named = named_in_project(connection, places, ontology)
        stored = _stored(connection, ontology)
        carried = Carried(connection, ontology)
    found = [orphan for tag in sorted({*stored, *named.tags}) if (orphan := _orphan(tag, stored, named, ontology))]
    in_use = {*stored, *named.tags}
    unused = [
        _usage(ontology, name, carried, named)
        for name in _chosen(ontology, None, None)
        if not ontology.terms[name].deprecated
        and name not in builtin_ontology().terms
        and in_use.isdisjoint((name, *ontology.narrower(name)))
    ]
    ranked = sorted(found, key=lambda item: (-item.uses.assets, item.tag))
    return Orphans(tuple(ranked), tuple(sorted(unused, key=lambda item: item.id)), tuple(named.unread))


def _stored(connection: Connection, ontology: Ontology) -> dict[str, int]:
    """Canonical tag → on how many assets it is, whatever their state; one that is there twice may count twice."""
    counts: dict[str, int] = {}
    for tag, number in tag_counts(connection, live=False).items():
        name = ontology.canonical(tag)
        counts[name] = counts.get(name, 0) + number
    return counts


def _orphan(tag: str, stored: dict[str, int], named: Named, ontology: Ontology) -> OrphanTag | None:
    if _means_a_field(tag, stored, named, ontology):
        return None
    errors = check_tags([tag], ontology, policy="open").errors
    if not errors:
        return None
    near = next((item.id for item in did_you_mean(tag, ontology, limit=1)), None)
    uses = named.uses(tag, stored.get(tag, 0))
    return OrphanTag(
        tag, uses, errors[0].code, errors[0].message, near, "; ".join(_ways_out(tag, near, errors[0].code))
    )


def _means_a_field(tag: str, stored: dict[str, int], named: Named, ontology: Ontology) -> bool:
    """Whether the word stands in saved searches alone, where it may be no tag but a field or a family."""
    elsewhere = tag in stored or any(tag in places for places in (named.blocks, named.scenes, named.specs))
    is_word = ":" not in tag or tag.partition(":")[0] not in ontology.namespaces
    return not elsewhere and (is_word or tag.endswith(":*"))


def _ways_out(tag: str, near: str | None, code: str) -> Iterator[str]:
    if near is not None:
        yield f"`callsheet ontology rename {tag} {near}` writes it so"
    if code == "unknown_term":
        yield f"`callsheet ontology add {tag}` declares it"
    elif code == "undeclared_namespace":
        yield f"declare the namespace {tag.partition(':')[0]} under `namespaces:`"
    elif near is None:
        yield "take it away with `callsheet untag`"
