"""Words of file and folder names: `forest_camp/AlexFull02.png` names a place, a person and a framing."""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from gallery.suggestions.phrases import Phrase, phrases_in
from gallery.suggestions.subject import Subject
from gallery.suggestions.values import Evidence, SourceName
from gallery.suggestions.weights import certainty_of, said_of
from ontology.escaping import visible
from ontology.terms import Ontology

NAME: SourceName = "path"

_DEPTHS = (1.0, 0.92, 0.8, 0.65)
"""What the file's own name counts, its folder, the one above, and the next; those further up say nothing."""

_HOMES = frozenset({"home", "users", "documents and settings"})
_MOST_CHARACTERS = 255
_SHOWN = 60
# Where a word begins without a space before it: dungeonGate, PNGFile, alex02.
_BOUNDARY = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


class PathWords:
    """The source. Folders are shared by many assets, so each is read once."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._folders: dict[tuple[str, int], tuple[Evidence, ...]] = {}

    def evidence(self, connection: Connection, subjects: Sequence[Subject]) -> Iterator[tuple[int, Evidence]]:
        """What the names of files and folders say."""
        del connection
        for subject in subjects:
            for path in subject.paths:
                *folders, name = parts_of(path)
                yield from ((subject.key, item) for item in self._read(_stem(name), 0))
                for depth, folder in enumerate(reversed(folders), 1):
                    yield from ((subject.key, item) for item in self._of_folder(folder, depth))

    def _of_folder(self, name: str, depth: int) -> tuple[Evidence, ...]:
        if (name, depth) not in self._folders:
            self._folders[name, depth] = tuple(self._read(name, depth))
        return self._folders[name, depth]

    def _read(self, name: str, depth: int) -> Iterator[Evidence]:
        what = f"the {'folder' if depth else 'file'} name “{visible(name, limit=_SHOWN)}”"
        for phrase in _phrases(name[:_MOST_CHARACTERS], self._ontology):
            confidence = certainty_of(phrase) * _DEPTHS[depth]
            yield Evidence(phrase.tag, NAME, confidence, said_of(phrase, what, self._ontology))


def _phrases(name: str, ontology: Ontology) -> Iterator[Phrase]:
    """A name may be read in three ways: as it stands, with a word at each underscore, and with inner boundaries too."""
    spaced = name.replace("_", " ")
    cut = _BOUNDARY.sub(" ", spaced)
    for reading in dict.fromkeys((name, spaced, cut)):
        yield from phrases_in(reading, ontology, prose=False, slips=reading == cut)


def parts_of(path: str) -> list[str]:
    """The names of a stored path that may say something: the file's, and those of up to three folders around it.

    The name of a person's home folder says who works here, not who is shown.
    """
    parts = [part for part in path.split("/") if part]
    for place, part in enumerate(parts[:-1]):
        if path.startswith("/") and part.lower() in _HOMES:
            parts = parts[min(place + 2, len(parts) - 1) :]
            break
    return parts[-len(_DEPTHS) :] or [path]


def _stem(name: str) -> str:
    """A file's name without its extension."""
    stem, dot, _ = name.rpartition(".")
    return stem if dot and stem else name
