"""Notices about the ids of a request: unknown ones with "did you mean"."""

from collections.abc import Iterator

from ontology.escaping import visible
from ontology.tags import MAX_TAG_LENGTH
from ontology.terms import Ontology
from resolver.findings import Notice
from resolver.request import LISTS, SINGLE_IDS, AssetResolutionRequest


def notices_for(request: AssetResolutionRequest, ontology: Ontology | None) -> tuple[Notice, ...]:
    """The request's own notices, then one `unknown_id` for each id that a closed namespace does not list."""
    if ontology is None:
        return request.notices
    return (*request.notices, *_unknown(request, ontology))


def _unknown(request: AssetResolutionRequest, ontology: Ontology) -> Iterator[Notice]:
    for field, tag in _asked(request):
        if tag in ontology or not _must_be_listed(tag, ontology):
            continue
        shown = visible(tag, limit=MAX_TAG_LENGTH)
        yield Notice("unknown_id", f"{shown} is not in the ontology", _nearest(tag, ontology), field)


def _asked(request: AssetResolutionRequest) -> Iterator[tuple[str, str]]:
    for name in SINGLE_IDS:
        if getattr(request, name) is not None:
            yield name, getattr(request, name)
    for name in LISTS:
        for tag in getattr(request, name):
            yield name, tag


def _must_be_listed(tag: str, ontology: Ontology) -> bool:
    """Whether an unlisted tag is a mistake: its namespace is closed, or nobody declared it. Free words are not."""
    name, colon, _ = tag.partition(":")
    if not colon:
        return False
    space = ontology.namespaces.get(name)
    return space is None or space.closed


def _nearest(tag: str, ontology: Ontology) -> str:
    # rapidfuzz takes 15 ms to import and a request without a mistake never needs it.
    from ontology.suggest import did_you_mean  # noqa: PLC0415

    near = did_you_mean(tag, ontology, limit=3)
    if near:
        return f"did you mean {', '.join(found.id for found in near)}?"
    return "declare it in the project's ontology, or mend its spelling"
