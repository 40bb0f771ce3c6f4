"""What the models of a document find wrong, said as findings at the line and column where it was written. Pure."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from generation.specs.fields import SECRETS, SECRETS_HINT, FieldFault, shown
from generation.specs.model import SpecPlace
from ontology.nodes import Findings, Listing, Node, Placed, Scalar, Table

Path = Sequence[str | int]

_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table of fields",
    "model_type": "a table of fields",
    "finite_number": "a finite number",
}
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def add_faults(error: ValidationError, model: type[BaseModel], node: Node, findings: Findings, owner: str) -> None:
    """Note every error of a document at its place, but where something is wrong already. `owner`: the spec's id."""
    taken = {(found.line, found.column) for found in findings.diagnostics}
    for found in error.errors(include_url=False):
        path = tuple(part for part in found["loc"] if part != "[key]")
        at = place_of(node, path, key=found["type"] == "extra_forbidden")
        if (at.line, at.column) not in taken:
            code, message, hint = _said(cast("dict[str, Any]", found), path, model)
            findings.add(code, at, message, hint, id=owner or None)


def place_of(node: Node, path: Path, *, key: bool = False) -> Placed:
    """Where the value of a path stands, or the name of its last field; else the nearest thing around it."""
    at: Placed = node
    for number, part in enumerate(path):
        if isinstance(node, Table) and isinstance(part, str):
            entry = next((entry for entry in node.entries if entry[0].text == part), None)
            if entry is None:
                return at
            if key and number == len(path) - 1:
                return entry[0]
            at, node = (entry[0] if isinstance(entry[1], Table | Listing) else entry[1]), entry[1]
        elif isinstance(node, Listing) and isinstance(part, int) and part < len(node.items):
            at = node = node.items[part]
        else:
            return at
    return at


def spec_place(file: str, node: Node, path: Path) -> SpecPlace:
    """Where something of a document stands."""
    at = place_of(node, path)
    return SpecPlace(file, at.line, at.column)


def _said(found: dict[str, Any], path: Path, model: type[BaseModel]) -> tuple[str, str, str]:
    """Code, message and hint of one error."""
    kind, context, value = found["type"], found.get("ctx", {}), found.get("input")
    name = _dotted(path)
    if kind == "extra_forbidden":
        return _unknown_field(path, model)
    if kind == "missing":
        return "missing_field", f"`{name}` is missing", f"write `{path[-1]}: …`"
    if kind == "literal_error":
        return _unknown_value(name, value, context["expected"])
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        return "out_of_range", f"`{name}` is {shown(value)}", f"it must be {words} {context[bound]}"
    if kind in ("too_long", "string_too_long"):
        return "too_long", f"`{name}` is too long", f"at most {context['max_length']}"
    if kind == "string_too_short":
        return "wrong_type", f"`{name}` is empty", "write a text, or leave it out"
    if kind in _WANTED:
        return _wrong_type(name, value, _WANTED[kind], _fields_at(path, model))
    fault = context.get("error")
    if isinstance(fault, FieldFault):
        return fault.code, f"`{name}`: {fault.message}", fault.hint
    return "wrong_type", f"`{name}` is not valid: {found['msg']}", "docs/generation.md shows the form of a spec"


def _wrong_type(name: str, value: Any, wanted: str, known: Sequence[str]) -> tuple[str, str, str]:
    hint = f"write {wanted}"
    if wanted == "a text" and not isinstance(value, list | dict):
        hint = f'quote it: "{shown(value)}"'
    elif wanted == "a list":
        hint = "write each on a line of its own, after `- `"
    elif wanted == "a table of fields" and known:
        hint = f"its fields are {', '.join(known)}"
    elif isinstance(value, str) and value.replace(".", "", 1).isdecimal():
        hint = f"write {value} without quotes"
    return "wrong_type", f"`{name}` must be {wanted}, not {_described(value)}", hint


def _described(value: Any) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return f"`{value}`".lower()
    return "nothing" if value is None else f"`{shown(value)}`"


def _unknown_value(name: str, value: Any, expected: str) -> tuple[str, str, str]:
    known = [word.strip("' ") for word in expected.replace(" or ", ", ").split(",")]
    near = get_close_matches(str(value).lower(), known, 1)
    hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"
    return "unknown_value", f"`{name}` cannot be `{shown(value)}`", hint


def _unknown_field(path: Path, model: type[BaseModel]) -> tuple[str, str, str]:
    name, owner = str(path[-1]), _dotted(path[:-1])
    what = f"`{owner}`" if owner else "a template" if "template" in model.model_fields else "a spec"
    if name.lower().replace("-", "_") in SECRETS:
        return "not_in_a_spec", f"`{shown(name)}` may not stand in a spec", SECRETS_HINT
    known = _fields_at(path[:-1], model)
    near = get_close_matches(name.lower(), known, 1)
    hint = f"did you mean {near[0]}?" if near else f"fields are {', '.join(known)}"
    elsewhere = _elsewhere(name, model)
    if not near and elsewhere:
        hint = f"it stands under `{elsewhere}`"
    return "unknown_field", f"{what} has no field `{shown(name)}`", hint


def _elsewhere(name: str, model: type[BaseModel]) -> str | None:
    """The part of the document to which a field belongs that stands in another."""
    for part in model.model_fields:
        inner = _model_of(model, part)
        if inner is not None and name in inner.model_fields:
            return part
        deeper = _elsewhere(name, inner) if inner is not None else None
        if deeper is not None:
            return f"{part}.{deeper}"
    return None


def _fields_at(path: Path, model: type[BaseModel]) -> list[str]:
    for part in path:
        if isinstance(part, str):
            inner = _model_of(model, part)
            if inner is None:
                return []
            model = inner
    return list(model.model_fields)


def _model_of(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """The model of a field, if that holds one, alone or in a list."""
    field = model.model_fields.get(name)
    return None if field is None else _model_within(field.annotation)


def _model_within(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_within(each) for each in getattr(annotation, "__args__", ()))
    return next((found for found in inner if found is not None), None)


def _dotted(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return shown(text)


def text_of(node: Node | None) -> str | None:
    """The text of a scalar."""
    return node.text if isinstance(node, Scalar) else None
