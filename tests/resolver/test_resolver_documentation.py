import ast
import re
from pathlib import Path

import pytest

import resolver
from resolver import OPERATIONS, AssetResolutionRequest
from resolver.request import TIERS

PAGE = (Path(__file__).parents[2] / "docs" / "resolver.md").read_text(encoding="utf-8")
SOURCES = sorted(Path(resolver.__file__).parent.glob("*.py"))


def emitted_codes():
    """First arguments of every `Finding(…)` and `Notice(…)`, and the `code` of every error class of the package."""
    codes = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in {"Finding", "Notice"}:
                assert isinstance(node.args[0], ast.Constant), f"{source.name}:{node.lineno}: a code is written out"
                codes.add(node.args[0].value)
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == "code":
                codes.add(node.value.value)
    return codes


def test_the_page_has_every_code_that_the_package_emits():
    codes = emitted_codes()
    assert len(codes) > 12
    assert {code for code in codes if f"| `{code}` |" not in PAGE} == set()


def test_the_page_has_no_code_that_the_package_does_not_emit():
    tables = PAGE.split("\n## Codes\n")[1].split("\n## ")[0]
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", tables, re.MULTILINE))
    assert listed == emitted_codes()


@pytest.mark.parametrize("field", AssetResolutionRequest().to_json())
def test_the_page_has_every_field_of_a_request(field):
    assert f"| `{field}` |" in PAGE


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_page_has_every_operation(operation):
    assert f"`{operation}`" in PAGE


EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_of_the_page_run_one_after_the_other_and_their_comments_hold(story):
    """Every line `expression  # → value` must be true."""
    names = {"ontology": story}
    held = 0
    for example in EXAMPLES:
        for statement in ast.parse(example).body:
            line = ast.get_source_segment(example, statement)
            promised = example.splitlines()[statement.end_lineno - 1].partition("# → ")[2]
            if promised:
                assert eval(line, names) == ast.literal_eval(promised), line
                held += 1
            else:
                exec(line, names)
    assert held >= 8


TABLES = {
    "Tier": "## Tiers",
    "Warning": "Warnings, on a match:",
    "Notice": "Notices, on the result:",
    "Prefill warning": "Warnings, on a prefill:",
}
"""What the headings of the worked examples call a code → the line after which its table comes."""


def listed_codes(page):
    """(what it is, code) of every row of those tables."""
    listed = set()
    for what, lead in TABLES.items():
        rows = re.search(r"(?:^\|.*\n)+", page.split(f"\n{lead}\n")[1], re.MULTILINE)[0]
        listed |= {(what, code) for code in re.findall(r"^\| `([a-z_]+)` \|", rows, re.MULTILINE)}
    return listed


def worked_codes(page):
    """(what it is, code) of every worked example that promises a value with that code in it."""
    section = page.split("\n## Worked examples\n")[1].split("\n## ")[0]
    worked = set()
    for example in section.split("\n### ")[1:]:
        what, code = re.match(r"([A-Z][a-z ]+) `([a-z_]+)`\n", example).groups()
        promised = re.findall(r"# → (.*)", "".join(re.findall(r"```python\n(.*?)```", example, re.DOTALL)))
        assert any(f'"{code}"' in value for value in promised), f"the example of {code} does not show it"
        worked.add((what, code))
    return worked


def test_every_tier_warning_and_notice_has_a_worked_example_and_no_other():
    assert {code for what, code in listed_codes(PAGE) if what == "Tier"} == set(TIERS)
    assert worked_codes(PAGE) == listed_codes(PAGE)


@pytest.mark.parametrize(("what", "lead"), TABLES.items())
def test_a_code_without_a_worked_example_is_noticed(what, lead):
    before, line, after = PAGE.partition(f"\n{lead}\n")
    page = before + line + after.replace("\n|", "\n| `planted` | nothing |\n|", 1)
    assert (what, "planted") in listed_codes(page) - worked_codes(page)


def test_a_worked_example_that_does_not_show_its_code_is_noticed():
    with pytest.raises(AssertionError, match="the example of shared does not show it"):
        worked_codes(PAGE.replace("### Warning `different_identity`", "### Warning `shared`"))
