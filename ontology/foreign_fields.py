"""What foreign entries say of themselves, as far as a term can hold it. The rest is noted as a warning."""

from collections.abc import Iterator
from typing import cast

from ontology.escaping import visible
from ontology.foreign import Entry
from ontology.nodes import NOTHING, Findings, Listing, Node, Scalar
from ontology.schema import KINDS, odd_character
from ontology.terms import Kind

_SHOWN_CHARACTERS = 60


class Fields:
    """Reads the fields of one file's entries."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def label(self, entry: Entry) -> str | None:
        """The `label`, else the `name`."""
        node = entry.fields.get("label", entry.fields.get("name"))
        return next(self._texts(node, "label"), None)

    def keywords(self, entry: Entry) -> Iterator[str]:
        """The `keywords` and `synonyms`: as aliases, synonyms would turn words on pictures into this term."""
        for name in ("keywords", "synonyms"):
            yield from self._texts(entry.fields.get(name), name)

    def aliases(self, entry: Entry) -> Iterator[Scalar]:
        """The `aliases`, as they are written."""
        return self._scalars(entry.fields.get("aliases"), "aliases")

    def broader(self, entry: Entry) -> Iterator[Scalar]:
        """What `broader` and `parent` name, as it is written."""
        for name in ("broader", "parent"):
            yield from self._scalars(entry.fields.get(name), name)

    def kind(self, entry: Entry, id_: str) -> Kind | None:
        """The `kind` of a character."""
        for text in self._scalars(entry.fields.get("kind"), "kind"):
            if text.text in KINDS and id_.startswith("npc:"):
                return cast(Kind, text.text)
            message = f"the kind `{_shown(text)}` of `{id_}` is left out"
            self._warn("import_field", text, message, f"npc: terms have a kind: {', '.join(KINDS)}", id_)
        return None

    def is_deprecated(self, entry: Entry) -> bool:
        """The flag `deprecated`."""
        for text in self._scalars(entry.fields.get("deprecated"), "deprecated"):
            if text.text.lower() in {"true", "false"}:
                return text.text.lower() == "true"
            self._warn("import_field", text, f"`deprecated` is true or false, not `{_shown(text)}`")
        return False

    def _texts(self, node: Node | None, field: str) -> Iterator[str]:
        for text in self._scalars(node, field):
            fit = fit_text(text.text)
            if fit is not None:
                yield fit
            else:
                message = f"`{_shown(text)}` cannot stand under `{field}`: it is empty or has hidden characters"
                self._warn("import_text", text, message)

    def _scalars(self, node: Node | None, field: str) -> Iterator[Scalar]:
        """One text, or a list of texts; nothing is no text."""
        for item in node.items if isinstance(node, Listing) else (node,):
            if isinstance(item, Scalar):
                if item.implied != NOTHING:
                    yield item
            elif item is not None:
                self._warn("import_text", item, f"`{field}` holds a table or a list where a text belongs")

    def _warn(self, code: str, at: Node, message: str, hint: str | None = None, id_: str | None = None) -> None:
        self._findings.add(code, at, message, hint, id=id_, severity="warning")


def fit_text(text: str) -> str | None:
    """The stripped text if it may be a label or keyword."""
    stripped = text.strip()
    return stripped if stripped and odd_character(stripped) is None else None


def _shown(text: Scalar) -> str:
    return visible(text.text, limit=_SHOWN_CHARACTERS)
