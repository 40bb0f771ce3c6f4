"""What may be misspelt in a query that found nothing."""

from gallery.query.syntax import tag_words
from ontology.normalize import canonical
from ontology.terms import Ontology


def query_slips(query: str, ontology: Ontology) -> tuple[str, ...]:
    """A sentence for each unknown id and namespace, and each word that resembles an id, with the nearest known ones."""
    # rapidfuzz takes 15 ms to import and a query that finds something never needs it.
    from ontology.suggest import did_you_mean  # noqa: PLC0415  # see above

    slips = []
    for word in tag_words(query):
        tag = canonical(word, ontology)
        space, colon, value = tag.partition(":")
        declared = ontology.namespaces.get(space) if colon else None
        if tag in ontology or (declared and (value == "*" or not declared.closed)):
            continue
        meant = list(did_you_mean(tag.removesuffix(":*"), ontology, limit=3))
        if colon and declared is None:
            meant = list(did_you_mean(value, ontology, limit=3)) or meant
        near = ", ".join(found.id for found in meant)
        if near or colon:
            asked = f"; did you mean {near}?" if near else ""
            slips.append(f"{_unknown(tag, space, ontology) if colon else f'{tag} is not in the ontology'}{asked}")
    return tuple(slips)


def _unknown(tag: str, space: str, ontology: Ontology) -> str:
    if space in ontology.namespaces:
        return f"{tag} is not in the ontology"
    return f"{space}: is neither a namespace ({', '.join(sorted(ontology.namespaces))}) nor a field of queries"
