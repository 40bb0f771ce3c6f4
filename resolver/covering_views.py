"""Coverage in depth: which role of a character or place is there in which view."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from ontology.terms import Ontology
from resolver.candidate import field_of, read_tags
from resolver.canonical_reading import TagReader
from resolver.covering import is_identity, unique
from resolver.index import CandidateIndex
from resolver.index_counts import count_triples
from resolver.roles import CAMERA, ROLE


def coverage_views(
    candidates: Iterable[Any] | CandidateIndex, ontology: Ontology, *, media_types: Iterable[str] = ("image",)
) -> dict[str, dict[str, dict[str, int]]]:
    """Id of a character or place → role without its prefix → camera id → pictures that carry all three; keys sorted.

    Only what there is: `coverage` lists what there is not. An index counts without reading. Raises CandidateError.
    """
    if isinstance(candidates, CandidateIndex):
        counts = count_triples(
            candidates.documents,
            ontology,
            media_types=media_types,
            first=is_identity,
            second=lambda tag: tag.startswith(ROLE),
            third=lambda tag: tag.startswith(CAMERA),
        )
    else:
        counts = _read_through(candidates, ontology, frozenset(media_types))
    found: dict[str, dict[str, dict[str, int]]] = {}
    for (identity, role, camera), number in sorted(counts.items()):
        found.setdefault(identity, {}).setdefault(role.removeprefix(ROLE), {})[camera] = number
    return found


def _read_through(
    candidates: Iterable[Any], ontology: Ontology, media_types: frozenset[str]
) -> Counter[tuple[str, str, str]]:
    reader = TagReader(ontology)
    counts: Counter[tuple[str, str, str]] = Counter()
    for asset_id, asset in unique(candidates):
        if (field_of(asset, "media_type") or "image") in media_types:
            tags = set(map(reader.__getitem__, read_tags(asset, asset_id)))
            roles = [tag for tag in tags if tag.startswith(ROLE)]
            views = [tag for tag in tags if tag.startswith(CAMERA)]
            counts.update((who, role, view) for who in filter(is_identity, tags) for role in roles for view in views)
    return counts
