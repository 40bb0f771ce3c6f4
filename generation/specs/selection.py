"""What a name stands for when it is to be made: specs, and the templates beside them that want values first. Pure."""

from dataclasses import dataclass
from typing import Any

from generation.specs.model import Spec
from generation.specs.templates import Parameter, Template


@dataclass(frozen=True, slots=True)
class Selected:
    """`specs` as they are made; `left_out`: templates of the same file or folder, which are made by their names."""

    specs: tuple[Spec, ...]
    left_out: tuple[Template, ...] = ()


def left_out_body(template: Template) -> dict[str, Any]:
    """A template that was left out, and how it is made."""
    return {**template.to_json(), "hint": making_of(template)}


def making_of(template: Template) -> str:
    """The command that makes all of a template: every value of an enum, and a word in capitals for what is yours."""
    values = [_value(each) for each in template.parameters if each.default is None]
    return " ".join([f"callsheet generate {template.name}", *(f"--set {value}" for value in values)])


def _value(parameter: Parameter) -> str:
    if parameter.type == "enum":
        return f"'{parameter.name}=*'"
    if parameter.type == "boolean":
        return f"{parameter.name}=true"
    return f"{parameter.name}={'TEXT' if parameter.type == 'string' else 'NUMBER'}"
