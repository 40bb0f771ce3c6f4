"""From a template and values to specs: one for each combination. Pure.

Values are put into plain data that was read before, once, so that no value can become a placeholder or YAML.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from math import prod
from typing import Any

from pydantic import ValidationError

from generation.specs.building import spec_of
from generation.specs.checking import Check, Rules
from generation.specs.document import SpecDocument
from generation.specs.faults import add_faults, place_of
from generation.specs.fields import shown
from generation.specs.model import Spec
from generation.specs.naming import free, slug
from generation.specs.templates import PLACEHOLDER, Parameter, Template, Value, derived, placeholders, value_fault
from ontology.diagnostics import Diagnostic
from ontology.errors import InvalidInputError
from ontology.nodes import Findings

MOST_SPECS = 500
ALL = "*"
"""In place of a value: every value of an enum, or both of a boolean."""

_TYPED = frozenset(
    {
        *("n_variations", "seed", "strength", "duration", "loop", "speed", "score", "max_purchases", "limit"),
        *("track_cost", "track_quality", "post_processing"),
    }
)
"""Fields that are no texts: below them a lone placeholder becomes the value itself, a number or true and false."""

_OUTPUT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_SUFFIXES = {"image": ".png", "audio": ".mp3", "video": ".webp"}

Settings = Mapping[str, Value | Sequence[Value]]


class TemplateValuesError(InvalidInputError):
    """Values that a template cannot be filled with; the message has every fault."""

    code = "invalid_template_values"


@dataclass(frozen=True, slots=True)
class Expanded:
    """The specs of a template in the order of its parameters' values, and what is wrong with them."""

    specs: tuple[Spec, ...]
    diagnostics: tuple[Diagnostic, ...]


def expand(template: Template, settings: Settings, rules: Rules, *, output_name: str | None = None) -> Expanded:
    """A spec for every combination of the values: texts as they are typed on a command line, or of the right type.

    `output_name`: what the one file is called, in place of what the naming pattern says. Raises TemplateValuesError for
    missing, unknown and unfit values, before anything is made.
    """
    chosen = _chosen(template, settings)
    count = prod(len(values) for values in chosen.values())
    if count > MOST_SPECS:
        message = f"{count} combinations are more than {MOST_SPECS} specs"
        raise TemplateValuesError(message, hint="make them in several batches", code="batch_too_large")
    if output_name is not None:
        _check_output_name(output_name, count)
    findings = Findings(template.place.file)
    specs: list[Spec] = []
    taken: set[str] = set()
    for combination in product(*(enumerate(values, 1) for values in chosen.values())):
        values = {name: value for name, (_, value) in zip(chosen, combination, strict=True)}
        places = {name: place for name, (place, _) in zip(chosen, combination, strict=True)}
        spec = _fill(template, values, _places(template, values, places), findings, rules, output_name, taken)
        if spec is not None:
            taken.add(spec.id)
            specs.append(spec)
    return Expanded(tuple(specs), tuple(dict.fromkeys(findings.diagnostics)))


def try_out(template: Template, findings: Findings, rules: Rules) -> None:
    """Note what is wrong with the specs that the template will make: each value of each enum is met once.

    Where only a sample stands for what somebody will choose, nothing is found wrong.
    """
    open_names = {each.name for each in template.parameters if each.default is None and each.type != "enum"}
    rounds = max([1, *(len(each.values) for each in template.parameters)])
    for number in range(rounds):
        values = {each.name: _sample(each, number) for each in template.parameters}
        own = Findings(findings.file)
        _fill(template, values, _places(template, values, {}), own, rules, None, set())
        open_places = {
            (at.line, at.column)
            for name, path in placeholders(dict(template.content))
            if name.removesuffix("_text") in open_names or name in open_names
            for at in (place_of(template.node, path),)
        }
        findings.diagnostics += [each for each in own.diagnostics if (each.line, each.column) not in open_places]


def _sample(parameter: Parameter, number: int) -> Value:
    if parameter.default is not None:
        return parameter.default
    if parameter.type == "enum":
        return parameter.values[number % len(parameter.values)]
    samples: dict[str, Value] = {"string": "sample", "integer": 1, "number": 1.0, "boolean": True}
    low = parameter.minimum
    if low is not None and parameter.type in ("integer", "number"):
        return int(low) if parameter.type == "integer" else low
    return samples[parameter.type]


def _chosen(template: Template, settings: Settings) -> dict[str, tuple[Value, ...]]:
    """Parameter → its values, in the order of the template."""
    faults: list[str] = []
    hints: list[str] = []
    known = [each.name for each in template.parameters]
    for name in settings:
        if name not in known:
            near = get_close_matches(name, known, 1)
            faults.append(f"the template has no parameter `{shown(name)}`")
            hints.append(f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'none'}")
    chosen: dict[str, tuple[Value, ...]] = {}
    for each in template.parameters:
        found, problems = _values(each, settings)
        chosen[each.name] = found
        faults += [message for message, _ in problems]
        hints += [hint for _, hint in problems]
    if faults:
        raise TemplateValuesError(f"template {template.name}: " + "; ".join(faults), hint="; ".join(hints))
    return chosen


def _values(parameter: Parameter, settings: Settings) -> tuple[tuple[Value, ...], list[tuple[str, str]]]:
    if parameter.name not in settings:
        if parameter.default is not None:
            return (parameter.default,), []
        hint = f"--set {parameter.name}={parameter.values[0] if parameter.values else '…'}"
        return (), [(f"`{parameter.name}` has no value and no default", hint)]
    given = settings[parameter.name]
    listed = [given] if isinstance(given, str | int | float | bool) else list(given)
    values = [value for one in listed for value in _spread(parameter, one)]
    if not values:
        return (), [(f"`{parameter.name}` has no value", f"--set {parameter.name}=…")]
    problems = [fault for fault in (value_fault(parameter, value) for value in values) if fault is not None]
    return tuple(dict.fromkeys(values)), problems


def _spread(parameter: Parameter, value: Value) -> Iterator[Value]:
    """A value as it was typed, as the parameter wants it; `*` is every one."""
    if value == ALL and parameter.type in ("enum", "boolean"):
        yield from parameter.values if parameter.type == "enum" else (False, True)
    elif parameter.type == "enum":
        yield str(value)
    elif not isinstance(value, str):
        yield value
    else:
        yield _typed(parameter, value)


def _typed(parameter: Parameter, text: str) -> Value:
    if parameter.type == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    if parameter.type in ("integer", "number"):
        try:
            return int(text) if parameter.type == "integer" else float(text)
        except ValueError:
            return text
    return text


def _places(template: Template, values: Mapping[str, Value], given: Mapping[str, int]) -> dict[str, int]:
    """The place of each value, from 1: of an enum among its values, of others among those that were given."""
    found = {}
    for each in template.parameters:
        value = values[each.name]
        in_enum = each.type == "enum" and value in each.values
        found[each.name] = each.values.index(str(value)) + 1 if in_enum else given.get(each.name, 1)
    return found


def _fill(
    template: Template,
    values: Mapping[str, Value],
    places: Mapping[str, int],
    findings: Findings,
    rules: Rules,
    output_name: str | None,
    taken: set[str],
) -> Spec | None:
    known = derived(template, values, places)
    content = _document(template, known, output_name)
    content["id"] = free(str(content.get("id") or slug(" ".join([template.name, *map(str, values.values())]))), taken)
    before = len(findings.diagnostics)
    try:
        document = SpecDocument.model_validate(content)
    except ValidationError as error:
        add_faults(error, SpecDocument, template.node, findings, template.name)
        return None
    check = Check(document, template.node, findings, rules)
    check.of_tags()
    spec = spec_of(document, template.node, findings.file, check.tags)
    check.of_spec(spec)
    failed = any(found.severity == "error" for found in findings.diagnostics[before:])
    return None if failed else spec


def _document(template: Template, known: Mapping[str, Value], output_name: str | None) -> dict[str, Any]:
    """The content of a spec: values in their places, the text of the value added, the file named."""
    left_out = ("template", "parameters")
    content = {key: value for key, value in template.content.items() if key not in left_out}
    prompt = {key: value for key, value in content.get("prompt", {}).items() if key != "templates"}
    text = known.get(f"{template.texts_of}_text", "")
    uses = {name for name, _ in placeholders(prompt)}
    if text and isinstance(prompt.get("base"), str) and not any(name.endswith("_text") for name in uses):
        prompt["base"] = f"{prompt['base'].rstrip()}\n{text}"
    filled: dict[str, Any] = substituted(content | {"prompt": prompt}, known)
    if "integration" in filled or output_name is not None:
        asset_type = str(filled.get("generation", {}).get("type", ""))
        filled["integration"] = _named(dict(filled.get("integration", {})), asset_type, output_name)
    return filled


def substituted(content: Any, known: Mapping[str, Value], *, typed: bool = False) -> Any:
    """The content with a value for every placeholder that is known, in one pass."""
    if isinstance(content, dict):
        return {key: substituted(value, known, typed=typed or key in _TYPED) for key, value in content.items()}
    if isinstance(content, list):
        return [substituted(value, known, typed=typed) for value in content]
    if not isinstance(content, str):
        return content
    alone = PLACEHOLDER.fullmatch(content)
    if typed and alone is not None and alone[1] in known:
        return known[alone[1]]
    return PLACEHOLDER.sub(lambda found: _text(known[found[1]]) if found[1] in known else found[0], content)


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _named(integration: dict[str, Any], asset_type: str, output_name: str | None) -> dict[str, Any]:
    """Key and path of the manifest, of the naming pattern and of the name that was asked for."""
    pattern = integration.pop("naming_pattern", None)
    path = integration.get("manifest_path")
    name = pattern if isinstance(pattern, str) else None
    if output_name is not None:
        last = name or (str(path).rpartition("/")[2] if isinstance(path, str) else "")
        suffix = f".{last.rpartition('.')[2]}" if "." in last else _SUFFIXES.get(asset_type, "")
        name = output_name if "." in output_name else output_name + suffix
    if name is None:
        return integration
    integration.setdefault("manifest_key", name.rpartition(".")[0] or name)
    if output_name is not None:
        integration["manifest_key"] = name.rpartition(".")[0] or name
    section = integration.get("manifest_section") or {"image": "images"}.get(asset_type, asset_type)
    folder = str(section).replace(".", "/")
    if isinstance(path, str):
        folder = path.rstrip("/") if path.endswith("/") else path.rpartition("/")[0]
    if not isinstance(path, str) or path.endswith("/") or output_name is not None:
        integration["manifest_path"] = f"{folder}/{name}" if folder else name
    return integration


def _check_output_name(name: str, count: int) -> None:
    if count > 1:
        message = f"one name cannot be that of {count} files"
        hint = "leave --output-name out; `naming_pattern` in the template names each"
        raise TemplateValuesError(message, hint=hint, code="bad_output_name")
    if not _OUTPUT_NAME.fullmatch(name):
        hint = "letters, digits and _ . - without folders, for example sfxJump2A"
        raise TemplateValuesError(f"`{shown(name)}` cannot be the name of a file", hint=hint, code="bad_output_name")
