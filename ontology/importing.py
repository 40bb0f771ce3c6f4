"""Vocabularies of other tools, made an ontology file of ours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ontology.adopting import Adoption
from ontology.cleaning import clean
from ontology.diagnostics import Diagnostic
from ontology.errors import InvalidInputError
from ontology.escaping import visible
from ontology.foreign import Vocabulary, read_vocabulary
from ontology.foreign_ids import Ids
from ontology.nodes import Findings, Place
from ontology.tags import is_segment
from ontology.terms import Namespace, Ontology, Term
from ontology.writing import to_yaml
from ontology.yaml_source import read_yaml

__all__ = ["Imported", "import_vocabulary", "to_yaml"]

_BOM = b"\xef\xbb\xbf"
# Two escapes for one character beyond the first 65,536, which YAML writes as one; not behind an odd backslash.
_PAIR = re.compile(rb"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a foreign file. With `to_yaml(terms, namespaces)` it loads beside the vocabulary without a fault.

    `terms`: new ones, and built-in ones that gain aliases or keywords. `namespaces`: those that must be declared.
    `report`: in the order of the file what was left out or changed, all warnings; errors if the file cannot be read
    to its end, and then there are no terms.
    """

    terms: tuple[Term, ...]
    namespaces: tuple[Namespace, ...]
    report: tuple[Diagnostic, ...]


def import_vocabulary(data: bytes, *, name: str, map: Mapping[str, str], ontology: Ontology) -> Imported:  # noqa: A002  # the option `--map`
    """The terms of nested YAML or JSON that describes them by `id`, or by keys that are ids (docs/ontology.md).

    `name`: of the file, for the report. `map`: foreign namespace, or key that stands for one → namespace of ours.
    `ontology`: the project's, which is not changed. Raises `InvalidInputError` for a namespace in `map` that cannot be
    one; never for what the file holds.
    """
    renamed = _checked_map(map)
    findings = Findings(name)
    content = read_yaml(_as_yaml(data), findings)
    if not content.complete:
        return Imported((), (), tuple(findings.diagnostics))
    # The reading went on behind each of these, so nothing more is lost than what they name.
    findings.diagnostics[:] = [replace(found, severity="warning") for found in findings.diagnostics]
    known = {space: space for space in ontology.namespaces} | renamed
    vocabulary = read_vocabulary(content.root, known, findings) if content.root else Vocabulary()
    if not vocabulary.entries:
        hint = "an entry has an `id` and a `label`, or its id is its key"
        findings.add("import_empty", Place(1, 1), "no term was found", hint, severity="warning")
    adoption = Adoption(ontology, Ids(ontology, renamed), findings)
    terms = adoption.terms(vocabulary.entries)
    report = sorted(findings.diagnostics, key=lambda found: (found.line or 0, found.column or 0))
    return Imported(terms, adoption.namespaces(terms, vocabulary.labels), tuple(report))


def _checked_map(renamed: Mapping[str, str]) -> dict[str, str]:
    checked = {clean(foreign): clean(ours) for foreign, ours in renamed.items()}
    for foreign, ours in checked.items():
        if not foreign or not is_segment(ours):
            shown = visible(f"{foreign}={ours}", limit=60)
            hint = "write KEY=NAMESPACE; a namespace is of a-z, 0-9 and _, with single hyphens inside"
            raise InvalidInputError(f"`{shown}` does not rename a namespace", hint=hint, code="bad_map")
    return checked


def _as_yaml(data: bytes) -> bytes:
    """JSON differs from YAML in two ways: it may be indented by tabs, and escapes some characters in two halves."""
    text = data.removeprefix(_BOM)
    if text.lstrip()[:1] not in {b"{", b"["}:
        return data
    return _PAIR.sub(_joined, text.replace(b"\t", b" "))


def _joined(pair: re.Match[bytes]) -> bytes:
    high, low = int(pair[2], 16), int(pair[3], 16)
    return pair[1] + b"\\U%08x" % (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
