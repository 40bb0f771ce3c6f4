"""Suggesting tags: what all sources say of some assets, judged, merged and put in order."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from sqlalchemy import Connection

from gallery.context import GalleryContext
from gallery.reading.arguments import several_texts, whole_number
from gallery.reading.identifiers import find_assets
from gallery.store.chunks import chunked
from gallery.suggestions.folders import FolderNeighbours
from gallery.suggestions.likeness import NearPictures
from gallery.suggestions.merging import merged
from gallery.suggestions.paths import PathWords
from gallery.suggestions.prompts import PromptWords
from gallery.suggestions.standing import Standing
from gallery.suggestions.subject import Subject, load_subjects
from gallery.suggestions.together import TagsTogether
from gallery.suggestions.values import SOURCES, AssetSuggestions, Evidence, SourceName, Suggestion, Suggestions
from ontology.errors import InvalidInputError
from ontology.escaping import visible

LEAST = 0.25
"""Below this confidence (0-1) nothing is suggested."""

DEFAULT_LIMIT = 10
"""Suggestions for one asset."""

MAX_LIMIT = 256

_ASSETS_AT_ONCE = 500


class Source(Protocol):
    """Answers for some hundreds of assets at once, and may keep what it counted for the next ones."""

    def evidence(self, connection: Connection, subjects: Sequence[Subject]) -> Iterator[tuple[int, Evidence]]:
        """`(asset key, evidence)`, in no order; for tags that the asset has or rejected too."""
        ...


_MADE: Mapping[SourceName, Callable[[GalleryContext], Source]] = {
    "path": lambda context: PathWords(context.ontology),
    "prompt": lambda context: PromptWords(context.ontology),
    "together": TagsTogether,
    "similar": lambda context: NearPictures(context.ontology),
    "folder": lambda context: FolderNeighbours(context.ontology),
}


def suggest(
    context: GalleryContext,
    ids: str | Iterable[str],
    *,
    sources: str | Iterable[str] | None = None,
    limit: int | None = DEFAULT_LIMIT,
) -> Suggestions:
    """Tags that these assets may deserve, the best first; ids may be shortened, and each asset is answered once.

    `sources`: None for all. `limit`: 1-256 for each asset, None for all. Raises `InvalidInputError` for an ambiguous
    id, an unknown source and a limit out of range.
    """
    return Suggestions(tuple(suggest_each(context, ids, sources=sources, limit=limit)))


def suggest_each(
    context: GalleryContext,
    ids: str | Iterable[str],
    *,
    sources: str | Iterable[str] | None = None,
    limit: int | None = DEFAULT_LIMIT,
) -> Iterator[AssetSuggestions]:
    """As `suggest`, some hundreds of assets at a time: the suggestions for thousands are never held.

    Raises at once what `suggest` raises, but for an ambiguous id, which is met on the way.
    """
    names = list(dict.fromkeys(several_texts("ids", ids)))
    wanted = _checked_sources(sources)
    if limit is not None and not 1 <= whole_number("limit", limit) <= MAX_LIMIT:
        raise InvalidInputError(f"`limit` is 1 to {MAX_LIMIT}, not {limit}", hint="the best come first")
    return _each(context, names, _Judge(context, wanted, limit))


def _checked_sources(given: str | Iterable[str] | None) -> tuple[SourceName, ...]:
    """In the order of `SOURCES`; None stands for all of them."""
    names = SOURCES if given is None else several_texts("sources", given)
    for name in names:
        if name not in SOURCES:
            known = ", ".join(SOURCES)
            raise InvalidInputError(f"there is no source `{visible(name, limit=60)}`", hint=f"there are {known}")
    return tuple(source for source in SOURCES if source in names)


def _each(context: GalleryContext, names: Sequence[str], judge: "_Judge") -> Iterator[AssetSuggestions]:
    answered: set[str] = set()
    for piece in chunked(names, _ASSETS_AT_ONCE):
        with context.database.read() as connection:
            asked = [item for item in find_assets(connection, piece) if item.id not in answered]
            subjects = load_subjects(connection, [item.key for item in asked if item.key is not None], context.ontology)
            found = {item.id: item for item in judge.suggestions(connection, subjects)}
        for item in asked:
            answered.add(item.id)
            yield found.get(item.id) or AssetSuggestions(item.id, error=item.error)


class _Judge:
    """The sources of one call, and what is made of what they say."""

    def __init__(self, context: GalleryContext, sources: Collection[SourceName], limit: int | None) -> None:
        self._sources = [_MADE[name](context) for name in sources]
        self._standing = Standing(context)
        self._limit = limit

    def suggestions(self, connection: Connection, subjects: Sequence[Subject]) -> Iterator[AssetSuggestions]:
        """For each of these assets, in their order."""
        evidence: dict[int, list[Evidence]] = {subject.key: [] for subject in subjects}
        for source in self._sources:
            for key, item in source.evidence(connection, subjects):
                evidence[key].append(item)
        for subject in subjects:
            ranked = self._ranked(subject, evidence.pop(subject.key))[: self._limit]
            yield AssetSuggestions(subject.id, tuple(ranked), subject.path, subject.tags, subject.rejected)

    def _ranked(self, subject: Subject, evidence: Iterable[Evidence]) -> list[Suggestion]:
        by_tag = self._by_tag(subject, evidence)
        found = [_suggestion(subject.id, tag, said) for tag, said in by_tag.items()]
        likely = {item.tag: item for item in found if item.confidence >= LEAST}
        kept = self._standing.without_implied(likely)
        return sorted((likely[tag] for tag in kept), key=lambda item: (-item.confidence, item.tag))

    def _by_tag(self, subject: Subject, evidence: Iterable[Evidence]) -> dict[str, dict[SourceName, Evidence]]:
        """Canonical tag → source → its best evidence, weighed by what the asset has; without what must not be."""
        left_out = self._standing.left_out(subject)
        found: dict[str, dict[SourceName, Evidence]] = {}
        for item in evidence:
            tag = self._standing.meant(item.tag)
            if tag is None or tag in left_out or not self._standing.suits(tag, subject):
                continue
            weight = self._standing.weight(tag, item.source, subject.canonical)
            weighed = Evidence(tag, item.source, item.confidence * weight, item.reason)
            best = found.setdefault(tag, {})
            if weight and (item.source not in best or weighed.confidence > best[item.source].confidence):
                best[item.source] = weighed
        return {tag: said for tag, said in found.items() if said}


def _suggestion(asset_id: str, tag: str, said: Mapping[SourceName, Evidence]) -> Suggestion:
    confidence = merged({name: item.confidence for name, item in said.items()})
    ordered = sorted(said.values(), key=lambda item: (-item.confidence, SOURCES.index(item.source)))
    return Suggestion(asset_id, tag, confidence, tuple(ordered))
