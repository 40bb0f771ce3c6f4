"""Reading the fields of a scene and of its shots; every fault is gathered, none stops the reading."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ontology.escaping import visible
from ontology.normalize import clean
from ontology.tags import MAX_TAG_LENGTH
from ontology.terms import Ontology
from resolver.block_view import with_namespace
from resolver.errors import RequestError, SceneError
from resolver.findings import Notice
from resolver.hearing import Heard
from resolver.prefill import OPERATIONS
from resolver.request import AssetResolutionRequest, snake_case
from resolver.roles import is_character, is_location

SCENE_FIELDS = ("label", "location", "hero", "enemies", "others", "prefer", "shots")
SHOT_FIELDS = ("id", "camera", "prefer", "operation", "prompt", "overrides")


class Faults:
    """Faults as they are found, and the words that were probably meant."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._meant: list[str] = []

    def add(self, where: str, what: str, *, meant: Sequence[str] = ()) -> None:
        """Note a fault; `where` names scene, shot and field."""
        self._found.append(f"{where}: {what}")
        self._meant += meant

    def settle(self) -> None:
        """Raise SceneError with all of them; nothing where there are none."""
        if self._found:
            meant = f"did you mean {', '.join(self._meant)}? " if self._meant else ""
            raise SceneError(self._found, hint=f"{meant}docs/resolver.md shows the form of a scene")


class FieldsView:
    """A mapping with known fields. Snake_case and camelCase are one."""

    def __init__(self, data: Any, where: str, known: Sequence[str], faults: Faults) -> None:
        self.where = where
        self.faults = faults
        self._fields: dict[str, Any] = {}
        if not isinstance(data, Mapping):
            faults.add(where, f"{_shown(data)} is not a mapping")
            return
        for raw, value in data.items():
            name = snake_case(str(raw))
            if name in known:
                self._fields[name] = value
            else:
                faults.add(where, f"there is no field {_shown(raw)}", meant=get_close_matches(name, known, n=1))

    def get(self, name: str) -> Any:
        """The field as it is; None where it is not there."""
        return self._fields.get(name)

    def fault(self, name: str, what: str, *, meant: Sequence[str] = ()) -> None:
        """Note a fault of a field."""
        self.faults.add(f"{self.where}, {name}", what, meant=meant)

    def mapping(self, name: str) -> Mapping[Any, Any]:
        """A field that is a mapping; an empty one where it is not there."""
        found = self.get(name)
        if found is None or isinstance(found, Mapping):
            return found or {}
        self.fault(name, f"{_shown(found)} is not a mapping")
        return {}

    def text(self, name: str) -> str | None:
        """A field that is a text."""
        found = self.get(name)
        if found is None or isinstance(found, str):
            return found
        self.fault(name, f"{_shown(found)} is not a text")
        return None

    def texts(self, name: str) -> Iterator[str]:
        """A field that is a text or a list of texts."""
        found = self.get(name)
        items = found if isinstance(found, Sequence) and not isinstance(found, str) else [found]
        for item in items:
            if isinstance(item, str):
                yield item
            elif item is not None:
                self.fault(name, f"{_shown(item)} is not a text")


class TermsView(FieldsView):
    """Fields that hold ids. `notices`: tags that mean nothing."""

    def __init__(self, data: Any, where: str, known: Sequence[str], faults: Faults, ontology: Ontology | None) -> None:
        super().__init__(data, where, known, faults)
        self.ontology = ontology
        self.notices: list[Notice] = []

    def wishes(self, *names: str) -> tuple[str, ...]:
        """The tags of the fields; a camera may leave out its namespace and its first parts."""
        heard = Heard(self.ontology)
        for name in names:
            for text in self.texts(name):
                tag = with_namespace("camera", text) if name == "camera" else text
                if is_location(clean(tag)) or is_character(clean(tag)):
                    heard.preferred[self._canonical(tag)] = None  # here it is a wish and no part in the cast
                else:
                    heard.hear(tag, f"{self.where}, {name}")
        self.notices += heard.notices
        return tuple(heard.preferred)

    def _canonical(self, tag: str) -> str:
        cleaned = clean(tag)
        return cleaned if self.ontology is None else self.ontology.canonical(cleaned)


class SceneView(TermsView):
    """One scene."""

    def __init__(self, data: Any, scene_id: str, ontology: Ontology | None, faults: Faults) -> None:
        super().__init__(data, f"scene {_plain(scene_id)}", SCENE_FIELDS, faults, ontology)

    def place(self, name: str) -> str | None:
        """A field that holds one place."""
        found = self.text(name)
        if not found:
            return None
        tag = self._canonical(with_namespace("loc", found))
        if not is_location(tag):
            self.fault(name, f"{_shown(tag)} is not a place (loc:…)")
            return None
        return tag

    def characters(self, name: str, *, single: bool = False) -> tuple[str, ...]:
        """A field that holds characters, or one."""
        tags = [self._canonical(with_namespace("npc", text)) for text in self.texts(name) if clean(text)]
        for tag in tags:
            if not is_character(tag):
                self.fault(name, f"{_shown(tag)} is not a character (npc:… or player)")
        if single and len(tags) > 1:
            self.fault(name, "there can be one only")
        return tuple(dict.fromkeys(filter(is_character, tags)))

    def shots(self) -> Iterator["ShotView"]:
        """The shots in order; one without an id is called by its number, from 1."""
        found = self.get("shots")
        if found is None:
            return
        if not isinstance(found, Sequence) or isinstance(found, str):
            self.fault("shots", f"{_shown(found)} is not a list")
            return
        seen: set[str] = set()
        for number, data in enumerate(found, start=1):
            shot = ShotView(data, self, number)
            if shot.id in seen:
                self.fault("shots", f"two shots have the id {_plain(shot.id)}")
            seen.add(shot.id)
            yield shot
            self.notices += shot.notices


class ShotView(TermsView):
    """One shot of a scene."""

    def __init__(self, data: Any, scene: SceneView, number: int) -> None:
        given = data.get("id") if isinstance(data, Mapping) else None
        usable = (isinstance(given, str) and given != "") or (isinstance(given, int) and not isinstance(given, bool))
        self.id = str(given) if usable else str(number)
        super().__init__(data, f"{scene.where}, shot {_plain(self.id)}", SHOT_FIELDS, scene.faults, scene.ontology)
        if given is not None and not usable:
            self.fault("id", f"{_shown(given)} is not an id")

    def operation(self) -> str | None:
        """The operation that the shot is meant for."""
        found = self.text("operation")
        if found is None or clean(found) in OPERATIONS:
            return None if found is None else clean(found)
        self.fault("operation", f"{_shown(found)} is not one of {', '.join(OPERATIONS)}")
        return None

    def overrides(self) -> dict[str, Any]:
        """Request fields by their snake_case name, as a request takes them; only those that are given."""
        given = self.mapping("overrides")
        try:
            request = AssetResolutionRequest.from_json(given).canonical(self.ontology)
        except RequestError as error:
            self.fault("overrides", error.message)
            return {}
        return {name: getattr(request, name) for name in map(snake_case, map(str, given))}


def _shown(value: Any) -> str:
    return visible(repr(value), limit=60)


def _plain(text: str) -> str:
    return visible(text, limit=MAX_TAG_LENGTH)
