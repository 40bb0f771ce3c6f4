"""The package itself: light to import, complete in what it names, documented in what it reports."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ontology

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "statement", ["import ontology", "from ontology.terms import Ontology", "import ontology.normalize"]
)
def test_vocabulary_values_load_neither_yaml_nor_matching(statement):
    program = f"{statement}\nimport sys\nprint(sorted({{'yaml', 'rapidfuzz'}} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ontology.__all__)
def test_every_public_name_is_there(name):
    assert getattr(ontology, name) is not None
    assert name in dir(ontology)


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        ontology.no_such_name  # noqa: B018  # looking is the act


def emitted_codes():
    """Codes stand in the source as text of their own: first argument of a finding, or of what makes one."""
    makers = {"Diagnostic", "_fault", "_dangling", "_warn", "add"}
    for module in (ROOT / "ontology").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
                if name in makers and node.args and isinstance(node.args[0], ast.Constant):
                    yield node.args[0].value


def test_the_documentation_lists_exactly_the_codes_that_can_be_reported():
    page = (ROOT / "docs" / "ontology.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `(\w+)` \|", page.partition("\n## Codes\n")[2], flags=re.MULTILINE)
    assert sorted(documented) == sorted(set(emitted_codes()))
