"""What may stand beside the tags an asset has: nothing that is there, was rejected, is implied or contradicts."""

from collections.abc import Collection, Iterable
from itertools import chain

from gallery.context import GalleryContext
from gallery.suggestions.subject import Subject
from gallery.suggestions.values import SourceName
from ontology.cardinality import rivals
from ontology.normalize import check_tags
from resolver.roles import ROLE, is_location

CAMERA = "camera:"
SOUND = "audio"

WORDS: frozenset[SourceName] = frozenset({"path", "prompt"})
"""Sources that speak of this very picture; the others conclude from other pictures."""

RIVAL = 0.5
"""What is left of a suggestion beside a tag that it would rarely stand with."""


class Standing:
    """Judges tags for one context; what it found out about a tag is kept."""

    def __init__(self, context: GalleryContext) -> None:
        self._ontology = context.ontology
        self._policy = context.tag_policy
        self._meant: dict[str, str | None] = {}

    def meant(self, tag: str) -> str | None:
        """The canonical id that a tag stands for; None where it is no tag that could be given now."""
        if tag not in self._meant:
            canonical = self._ontology.canonical(tag)
            term = self._ontology.terms.get(canonical)
            unfit = (term is not None and term.deprecated) or not self._may_be_given(canonical)
            self._meant[tag] = None if unfit else canonical
        return self._meant[tag]

    def left_out(self, subject: Subject) -> frozenset[str]:
        """What is never suggested for an asset: its tags, what they imply (wider terms), and what was rejected."""
        wider = chain.from_iterable(chain(*self._ontology.broader(tag)) for tag in subject.canonical)
        return frozenset((*subject.canonical, *wider, *map(self._ontology.canonical, subject.rejected)))

    def suits(self, tag: str, subject: Subject) -> bool:
        """Whether a tag may be said of what the asset is: no sound was seen by a camera."""
        return subject.media_type != SOUND or not tag.startswith(CAMERA)

    def weight(self, tag: str, source: SourceName, beside: Iterable[str]) -> float:
        """What evidence for a tag counts (0-1) where an asset has these canonical tags.

        What a rule of the vocabulary forbids counts nothing. Another value of its family weakens a tag: a second role,
        place, or camera (view, framing, …) is rare, and no other picture is proof of a second camera. Other things
        stand beside each other where words say so.
        """
        others = tuple(beside)
        if rivals(tag, others, self._ontology):
            return 0.0
        weakening = [other for other in others if other != tag and self._is_rival(tag, other)]
        if not weakening:
            return 1.0
        if tag.startswith(CAMERA):
            return RIVAL if source in WORDS else 0.0
        if tag.startswith(ROLE) or is_location(tag):
            return RIVAL
        return 1.0 if source in WORDS else RIVAL

    def without_implied(self, tags: Collection[str]) -> set[str]:
        """These tags but for those that others of them imply."""
        wider = set(chain.from_iterable(chain(*self._ontology.broader(tag)) for tag in tags))
        return set(tags) - wider

    def _may_be_given(self, tag: str) -> bool:
        return not check_tags((tag,), self._ontology, policy=self._policy).errors

    def _is_rival(self, tag: str, other: str) -> bool:
        if ":" not in tag or _family(tag) != _family(other):
            return False
        return tag not in chain(*self._ontology.broader(other)) and other not in chain(*self._ontology.broader(tag))


def _family(tag: str) -> str:
    """What holds one value only, as a rule: `role`, `loc`, `camera:framing`."""
    return ROLE if tag.startswith(ROLE) else tag.rpartition(":")[0]
