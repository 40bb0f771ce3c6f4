"""Templates of specs: typed parameters, and texts in which `{{name}}` stands for a value. Substitution only. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from generation.specs import fields
from generation.specs.document import ParameterPart, ParameterType, TemplateDocument
from generation.specs.faults import Path, add_faults, place_of, spec_place
from generation.specs.model import SpecPlace
from generation.specs.naming import letter
from ontology.nodes import Findings, Table

Value = str | int | float | bool

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_ANY_BRACES = re.compile(r"\{\{.*?(?:\}\}|$)", re.DOTALL)
LONGEST_VALUE = 2_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be put in the place of a name. `values`: of an enum, in their order."""

    name: str
    type: ParameterType
    values: tuple[str, ...] = ()
    default: Value | None = None
    minimum: float | None = None
    maximum: float | None = None
    description: str = ""

    def to_json(self) -> dict[str, Any]:
        """As lists of templates show it."""
        body = {name: getattr(self, name) for name in ("name", "type", "default", "minimum", "maximum", "description")}
        return {key: value for key, value in body.items() if value not in (None, "")} | (
            {"values": list(self.values)} if self.values else {}
        )


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it was read. `content` is its plain data; `node` the same with places.

    `texts`: value of the parameter `texts_of` → text that is added to the prompt.
    """

    name: str
    parameters: tuple[Parameter, ...]
    content: Mapping[str, Any]
    node: Table = field(repr=False)
    texts: Mapping[str, str] = field(default_factory=dict)
    texts_of: str | None = None
    place: SpecPlace = field(default=SpecPlace("", 1, 1), compare=False)

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of a name."""
        return next((each for each in self.parameters if each.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """As lists of templates show it."""
        return {"template": self.name, "parameters": [each.to_json() for each in self.parameters]}


def read_template(node: Table, content: dict[str, Any], findings: Findings) -> Template | None:
    """The template of a document, or None where something is wrong with its shape."""
    owner = str(content.get("template", ""))
    before = len(findings.diagnostics)
    try:
        document = TemplateDocument.model_validate(content)
    except ValidationError as error:
        add_faults(error, TemplateDocument, node, findings, owner)
        return None
    parameters = tuple(_parameter(part) for part in document.parameters)
    reading = _Reading(node, content, findings, document.template, parameters)
    reading.check_parameters()
    texts, texts_of = reading.texts()
    reading.check_placeholders()
    if any(found.severity == "error" for found in findings.diagnostics[before:]):
        return None
    place = spec_place(findings.file, node, ())
    return Template(document.template, parameters, content, node, texts, texts_of, place)


def _parameter(part: ParameterPart) -> Parameter:
    values = tuple(map(str, part.values))
    default = str(part.default) if part.type == "enum" and part.default is not None else part.default
    bounds = (part.minimum, part.maximum)
    return Parameter(part.name, part.type, values, default, *bounds, part.description or "")


def derived_names(parameters: Sequence[Parameter]) -> dict[str, tuple[Parameter, str]]:
    """What follows from the parameters: `type_number` is the place of `jump_type`, `variant_letter` that of `variant`.

    Name → parameter and what of it: `number`, `letter` or `text`. The last word of a name does for it where no other
    parameter ends alike.
    """
    own = {each.name for each in parameters}
    found: dict[str, tuple[Parameter, str]] = {}
    for parameter in parameters:
        short = parameter.name.rpartition("_")[2]
        alike = [each for each in parameters if each.name.rpartition("_")[2] == short]
        for stem in dict.fromkeys((parameter.name, *([short] if len(alike) == 1 else []))):
            for what in ("number", "letter", "text"):
                if f"{stem}_{what}" not in own:
                    found[f"{stem}_{what}"] = (parameter, what)
    return found


def derived(template: Template, values: Mapping[str, Value], places: Mapping[str, int]) -> dict[str, Value]:
    """Every name that may stand in a text, with its value. `places`: of the values, from 1."""
    known = dict(values)
    for name, (parameter, what) in derived_names(template.parameters).items():
        number = places.get(parameter.name, 1)
        if what == "text":
            if parameter.name == template.texts_of:
                known[name] = template.texts.get(str(values.get(parameter.name)), "")
        else:
            known[name] = number if what == "number" else letter(number)
    return known


def placeholders(content: Any, path: Path = ()) -> Iterator[tuple[str, Path]]:
    """Every `{{…}}` of the texts, with where it stands: the name, or the whole of it where it is no name."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from placeholders(value, (*path, key))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from placeholders(value, (*path, number))
    elif isinstance(content, str):
        for found in _ANY_BRACES.finditer(content):
            name = PLACEHOLDER.fullmatch(found.group())
            yield (name[1] if name else found.group()), path


@dataclass(frozen=True, slots=True)
class _Reading:
    """What has to be true of a template beyond its shape."""

    node: Table
    content: Mapping[str, Any]
    findings: Findings
    name: str
    parameters: tuple[Parameter, ...]

    def _add(self, code: str, path: Path, message: str, hint: str) -> None:
        self.findings.add(code, place_of(self.node, path), message, hint, id=self.name)

    def check_parameters(self) -> None:
        """Each name once; an enum has values, and a default is one of what is allowed."""
        seen: set[str] = set()
        for number, each in enumerate(self.parameters):
            path = ("parameters", number)
            if each.name in seen:
                self._add("duplicate_parameter", path, f"the parameter `{each.name}` stands there twice", "rename one")
            seen.add(each.name)
            if each.type == "enum" and not each.values:
                hint = "write `values: [one, another]`"
                self._add("enum_without_values", path, f"the parameter `{each.name}` has no values", hint)
            elif each.type != "enum" and each.values:
                self._add("values_unused", (*path, "values"), "only an enum has values", "write `type: enum`")
            elif each.default is not None:
                fault = value_fault(each, each.default)
                if fault is not None:
                    self._add("bad_default", (*path, "default"), fault[0], fault[1])

    def texts(self) -> tuple[Mapping[str, str], str | None]:
        """The texts of `prompt.templates`, and the parameter whose values name them."""
        prompt = self.content.get("prompt", {})
        texts = prompt.get("templates") if isinstance(prompt, dict) else None
        if texts is None:
            return {}, None
        path = ("prompt", "templates")
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            self._add("wrong_type", path, "`prompt.templates` must be a table of texts", "write `value: a text`")
            return {}, None
        enums = [each for each in self.parameters if each.type == "enum"]
        fitting = [each for each in enums if set(texts) <= set(each.values)]
        if len(fitting) == 1:
            return texts, fitting[0].name
        if fitting:
            names = ", ".join(each.name for each in fitting)
            self._add("ambiguous_texts", path, f"`prompt.templates` could belong to {names}", "give them other values")
        else:
            self._unknown_texts(texts, enums)
        return {}, None

    def _unknown_texts(self, texts: Mapping[str, str], enums: Sequence[Parameter]) -> None:
        values = [value for each in enums for value in each.values]
        strange = [name for name in texts if name not in values] or list(texts)
        for name in strange:
            near = get_close_matches(name, values, 1)
            hint = f"did you mean {near[0]}?" if near else "its names are the values of one enum"
            message = f"`{fields.shown(name)}` is no value of a parameter"
            self._add("unknown_value", ("prompt", "templates", name), message, hint)

    def check_placeholders(self) -> None:
        """Every name in braces is known, and nothing but names stands in braces."""
        known = [*(each.name for each in self.parameters), *derived_names(self.parameters)]
        for name, path in placeholders({key: value for key, value in self.content.items() if key != "parameters"}):
            if not PLACEHOLDER.fullmatch(f"{{{{{name}}}}}"):
                hint = "the name of a parameter alone, without dots, calls or sums: {{variant}}"
                self._add("bad_placeholder", path, f"`{fields.shown(name)}` is no placeholder", hint)
            elif name not in known:
                near = get_close_matches(name, known, 1)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known) or 'no parameters'}"
                self._add("unknown_placeholder", path, f"nothing is called `{{{{{name}}}}}`", hint)


def value_fault(parameter: Parameter, value: object) -> tuple[str, str] | None:
    """Why a value cannot be that of a parameter, with the way out; None where it can."""
    shown, kind = fields.shown(value), type(value)
    said = f"`{shown}` cannot be {parameter.name}"
    match parameter.type:
        case "enum":
            if value in parameter.values:
                return None
            near = get_close_matches(str(value), parameter.values, 1)
            return said, f"did you mean {near[0]}?" if near else f"it is one of {', '.join(parameter.values)}"
        case "boolean":
            return None if kind is bool else (said, "it is true or false")
        case "string":
            return None if kind is str and len(str(value)) <= LONGEST_VALUE else (said, "it is a text")
        case "integer" if kind is not int:
            return said, "it is a whole number"
        case "number" if kind not in (int, float) or value != value or abs(float(str(value))) > 1e15:  # noqa: PLR0124, PLR2004  # NaN, and what no parameter needs
            return said, "it is a number"
    low, high = parameter.minimum, parameter.maximum
    amount = float(str(value))
    if (low is not None and amount < low) or (high is not None and amount > high):
        return said, f"it is from {low if low is not None else '…'} to {high if high is not None else '…'}"
    return None
