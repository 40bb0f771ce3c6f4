"""Bytes of a file to specs and findings: one spec, a list of them, or several documents; all faults at once. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from generation.specs.building import spec_of
from generation.specs.checking import Check, Rules
from generation.specs.document import SpecDocument
from generation.specs.expanding import try_out
from generation.specs.faults import add_faults, text_of
from generation.specs.model import Spec
from generation.specs.templates import Template, read_template
from ontology.diagnostics import Diagnostic
from ontology.nodes import NOTHING, Findings, Listing, Node, Place, Scalar, Table
from ontology.plain_data import plain_data
from ontology.yaml_source import read_yaml

__all__ = ["Rules", "SpecFile", "parsed", "read_specs", "without_nothing"]

_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class SpecFile:
    """What one file holds: the specs and templates that are sound, and every finding, in the order of the lines."""

    specs: tuple[Spec, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    templates: tuple[Template, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Findings that keep a spec from being used."""
        return tuple(found for found in self.diagnostics if found.severity == "error")


def read_specs(data: bytes, file: str, rules: Rules, *, is_json: bool = False) -> SpecFile:
    """Read a file. Never raises for what the bytes hold."""
    findings = Findings(file)
    entries = list(_entries(data, findings, is_json=is_json))
    faults = [found for found in findings.diagnostics if found.severity == "error"]
    specs: list[Spec] = []
    templates: list[Template] = []
    for number, node in enumerate(entries):
        end = entries[number + 1].line if number + 1 < len(entries) else None
        # A fault of the file within the lines of an entry is its own: a key that stands there twice, for one.
        own = Findings(file)
        own.diagnostics += [found for found in faults if _is_within(found, node.line, end)]
        content = without_nothing(plain_data(node, own))
        if "template" in content:
            templates += _template(node, content, own, rules)
        else:
            specs += _spec(node, content, own, rules)
        findings.diagnostics += own.diagnostics
    ordered = sorted(set(findings.diagnostics), key=lambda found: (found.line or 0, found.column or 0, found.code))
    return SpecFile(tuple(specs), tuple(ordered), tuple(templates))


def _is_within(found: Diagnostic, first: int, end: int | None) -> bool:
    line = found.line or 0
    return line >= first and (end is None or line < max(end, first + 1))


def _has_errors(findings: Findings) -> bool:
    return any(found.severity == "error" for found in findings.diagnostics)


def _template(node: Table, content: dict[str, Any], findings: Findings, rules: Rules) -> Iterator[Template]:
    template = read_template(node, content, findings)
    if template is not None and not _has_errors(findings):
        try_out(template, findings, rules)
        yield template


def _entries(data: bytes, findings: Findings, *, is_json: bool) -> Iterator[Table]:
    """The tables of a file, each of which is to be a spec."""
    for root in parsed(data, findings, is_json=is_json):
        for item in root.items if isinstance(root, Listing) else (root,):
            if isinstance(item, Table):
                yield item
            elif not (isinstance(item, Scalar) and item.implied == NOTHING):
                findings.add("not_a_spec", item, "this is not a spec", "a spec begins with `version:` and `id:`")


def parsed(data: bytes, findings: Findings, *, is_json: bool = False) -> tuple[Node, ...]:
    """The documents of a file, YAML or JSON, with their places."""
    return read_yaml(_json_as_yaml(data, findings) if is_json else data, findings, several=True).roots


def _json_as_yaml(data: bytes, findings: Findings) -> bytes:
    """JSON is YAML but for tabs between its words, and for characters that are escaped in two halves."""
    try:
        text = data.decode("utf-8-sig")
        json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        findings.add("bad_json", Place(error.lineno, error.colno), error.msg, "mend the JSON")
        return b""
    except (ValueError, RecursionError) as error:
        findings.add("bad_json", Place(1, 1), str(error), "write UTF-8 JSON")
        return b""
    return _PAIR.sub(_joined, text.replace("\t", " ")).encode("utf-8", "surrogatepass")


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number that JSON knows")


def _joined(pair: re.Match[str]) -> str:
    return f"{pair[1]}\\U{0x10000 + ((int(pair[2], 16) - 0xD800) << 10) + (int(pair[3], 16) - 0xDC00):08x}"


def _spec(node: Table, content: dict[str, Any], findings: Findings, rules: Rules) -> Iterator[Spec]:
    owner = text_of(next((value for key, value in node.entries if key.text == "id"), None)) or ""
    try:
        document = SpecDocument.model_validate(content)
    except ValidationError as error:
        add_faults(error, SpecDocument, node, findings, owner)
        return
    check = Check(document, node, findings, rules)
    check.of_tags()
    check.of_braces()
    spec = spec_of(document, node, findings.file, check.tags)
    check.of_spec(spec)
    if not _has_errors(findings):
        yield spec


def without_nothing(content: Any) -> Any:
    """Fields of tables that have no value are as if they were not there."""
    if isinstance(content, dict):
        return {key: without_nothing(value) for key, value in content.items() if value is not None}
    return [without_nothing(item) for item in content] if isinstance(content, list) else content
