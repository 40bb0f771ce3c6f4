"""Names, imports and docstrings are what the house promises, in every package and test."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

NAMELESS = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
NEVER_IMPORTED = {"fixtures", "tests"}
MIN_WORDS = 12

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def undocumented(tree: ast.Module) -> list[str]:
    """Public functions, classes and methods without a docstring, and the module itself, by dotted name.

    Magic methods, overloads and setters speak through what they belong to.
    """
    found = [] if ast.get_docstring(tree) else ["(module)"]
    return found + [name for name, node in _public(tree.body, "") if not _speaks(node)]


def _speaks(node: Documented) -> bool:
    marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
    return ast.get_docstring(node) is not None or not marks.isdisjoint({"overload", "setter", "override"})


def _public(body: list[ast.stmt], outer: str) -> Iterator[tuple[str, Documented]]:
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield outer + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body, f"{outer}{node.name}.")


def wrong_imports(tree: ast.Module) -> list[str]:
    """Relative imports, and imports of tests or of data, as they are written."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        if getattr(node, "level", 0) or any(name.split(".")[0] in NEVER_IMPORTED for name in names):
            found.append(ast.unparse(node))
    return found


def test_no_package_hides_behind_an_init_below_tests(tracked):
    assert [path for path in tracked if path.parts[0] == "tests" and path.name == "__init__.py"] == []


def test_a_name_of_a_test_file_is_used_once(tracked):
    names = [path.name for path in tracked if path.parts[0] == "tests" and path.match("test_*.py")]
    assert sorted(names) == sorted(set(names))


def test_no_module_is_named_for_having_no_subject(tracked):
    python = [path for path in tracked if path.suffix == ".py"]
    assert [path for path in python if NAMELESS & {part.removesuffix(".py") for part in path.parts}] == []


def test_every_package_says_in_a_paragraph_what_its_room_is_for(sources, packages):
    short = []
    for package in packages:
        said = ast.get_docstring(sources[Path(package, "__init__.py")]) or ""
        if len(said.split()) < MIN_WORDS:
            short.append(package)
    assert short == []


def test_every_inner_package_has_an_init(sources):
    folders = {path.parent for path in sources if len(path.parts) > 1}
    assert [
        folder for folder in sorted(folders) if folder / "__init__.py" not in sources and folder.name != "migrations"
    ] == []


def test_every_public_function_and_class_has_a_docstring(sources):
    assert {str(path): found for path, tree in sources.items() if (found := undocumented(tree))} == {}


def test_nothing_imports_tests_or_data_or_by_relative_path(tracked, root):
    found = {}
    for path in tracked:
        if path.suffix == ".py" and (wrong := wrong_imports(ast.parse((root / path).read_text(encoding="utf-8")))):
            found[str(path)] = wrong
    assert found == {}


def test_every_package_says_that_it_is_typed(packages, root):
    assert [package for package in packages if not (root / package / "py.typed").is_file()] == []


@pytest.mark.parametrize(
    ("planted", "missing"),
    [
        ("x = 1", ["(module)"]),
        ('"""M."""\ndef found(): pass', ["found"]),
        ('"""M."""\nasync def found(): pass', ["found"]),
        ('"""M."""\nclass Found:\n    """F."""\n    def size(self): pass\n    def _own(self): pass', ["Found.size"]),
        ('"""M."""\nclass _Own:\n    def size(self): pass', []),
        ('"""M."""\n@typing.overload\ndef found(): pass', []),
    ],
)
def test_a_missing_docstring_is_noticed(planted, missing):
    assert undocumented(ast.parse(planted)) == missing


@pytest.mark.parametrize(
    "planted", ["from . import tags", "from ..ontology import terms", "import fixtures", "from tests.x import y"]
)
def test_a_wrong_import_is_noticed(planted):
    assert wrong_imports(ast.parse(planted)) == [planted]
