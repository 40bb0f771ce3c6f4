"""What docs/generation.md shows is what happens, and it leaves nothing out."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from pages import files_and_steps, is_as_shown, ran, steps_of

from generation.processing.actions import ACTIONS, CHECKS
from generation.specs import fields as values
from generation.specs.document import Generation, IntegrationPart, Metadata, Parameters, Prompt, SpecDocument
from generation.specs.published import json_schema

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/generation.md").read_text(encoding="utf-8")
SCHEMA = ROOT / "docs/specs.schema.json"
SOURCES = [
    *sorted((ROOT / "generation/specs").glob("*.py")),
    *(
        ROOT / "generation" / name
        for name in ("catalogue/choosing.py", "processing/actions.py", "processing/preflight.py")
    ),
]
ELSEWHERE = {"invalid_spec", "invalid_gap", "invalid_template_values", "invalid_shot_map", "batch_too_large"} | {
    "bad_output_name", "no_template", "file_exists", "bad_file_name", "storage", "no_prompt", "unknown_operation"
}  # fmt: skip
"""Codes of errors, which are raised and not found."""


def test_every_command_prints_what_the_page_shows(cli, project):
    for kind, name, content in files_and_steps(PAGE):
        if kind == "file":
            (project / name).parent.mkdir(exist_ok=True)
            (project / name).write_text(content, encoding="utf-8")
        elif kind == "python":
            exec(compile(content, "generation.md", "exec"), {})
        elif kind == "console":
            for command, expected in steps_of(content):
                printed = ran(cli, command)
                assert any(is_as_shown(one, expected) for one in printed), f"{command}\n{printed[1]}"


def emitted_codes():
    """Every code that a finding or a fault of the specs is given."""
    codes = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                codes |= {
                    argument.value
                    for argument in node.args[:1]
                    if isinstance(argument, ast.Constant)
                    and isinstance(argument.value, str)
                    and ast.unparse(node.func).rpartition(".")[2]
                    in {"FieldFault", "_add", "add", "StepFault", "Remark", "Diagnostic"}
                }
                codes |= {
                    word.value.value
                    for word in node.keywords
                    if word.arg == "code" and isinstance(word.value, ast.Constant)
                }
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 3:
                first = node.value.elts[0]
                if source.name == "faults.py" and isinstance(first, ast.Constant):
                    codes.add(first.value)
    return codes - ELSEWHERE


def test_the_page_has_every_code_and_no_other():
    table = PAGE.split("\n## Codes\n")[1]
    listed = set(re.findall(r"`([a-z_]+)`", "\n".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))))
    emitted = emitted_codes()
    assert len(emitted) > 30
    assert emitted - listed == set()
    assert listed - emitted - {"quote_it", "duplicate_spec", "duplicate_template"} == set()


@pytest.mark.parametrize(
    "model", [SpecDocument, Metadata, Generation, Prompt, Parameters, IntegrationPart], ids=lambda model: model.__name__
)
def test_the_page_has_every_field(model):
    rows = PAGE.split("### Fields")[1].split("[specs.schema.json]")[0]
    assert {name for name in model.model_fields if not re.search(rf"[`.]{name}`", rows)} <= {"generation", "prompt"}


@pytest.mark.parametrize("action", ACTIONS)
def test_the_page_has_every_step_with_its_options(action):
    """`convert` stands among the steps of pictures and again among those of sounds."""
    rows = "".join(re.findall(rf"^\| `{action}`[ ,].*$", PAGE, re.MULTILINE))
    assert rows
    assert {name for name in ACTIONS[action] if f"`{name}" not in rows} == set()


@pytest.mark.parametrize("check", CHECKS)
def test_the_page_has_every_check(check):
    assert f"`{check}`" in PAGE


def test_the_published_schema_is_that_of_the_reader():
    """`callsheet specs schema > docs/specs.schema.json` writes it anew."""
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json_schema()


def allowed(text):
    documents = [json.loads(json.dumps(each, default=str)) for each in yaml.safe_load_all(text)]
    checker = Draft202012Validator(json_schema())
    return [error.message for each in documents for error in checker.iter_errors(each)]


def test_the_schema_allows_every_spec_of_the_page():
    shown = [content for kind, name, content in files_and_steps(PAGE) if kind == "file" and name.startswith("specs/")]
    assert len(shown) == 2
    assert [allowed(content) for content in shown] == [[], []]


@pytest.mark.parametrize(
    "part",
    [
        "generation: {type: image, max_cost: 0.5, fallback: [a, b]}",
        "generation: {type: image}\ninputs: [a1, {query: x}]\nversion: 1.0",
        "generation: {type: image}\ntags: one",
    ],
)
def test_the_schema_allows_what_the_reader_takes(part):
    assert allowed(f"version: '1.0'\nid: coin\nprompt: {{base: x, parameters: {{size: [1, 2]}}}}\n{part}") == []


@pytest.mark.parametrize("part", ["generation: {type: picture}", "generation: {type: image, providr: x}", "id: coin"])
def test_the_schema_refuses_what_is_no_spec(part):
    assert allowed(f"version: '1.0'\nid: coin\nprompt: {{base: x}}\n{part}") != []


def test_the_schema_has_no_field_for_an_address_or_a_key():
    names = set(re.findall(r'"([a-z_]+)": \{', SCHEMA.read_text(encoding="utf-8")))
    assert names & values.SECRETS == set()
