"""Functions, classes and modules stay small. Lines are physical, from `def` to the end, decorators not counted."""

import ast

import pytest

FUNCTION_P90, FUNCTION, CLASS, MODULE = 30, 60, 300, 450

# "path" or "path:name" → why it may be longer.
EXCEPTIONS: dict[str, str] = {}


def _length(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


def function_lengths(tree: ast.Module) -> dict[str, int]:
    """`name@line` → lines, for every function, inner ones too."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {f"{node.name}@{node.lineno}": _length(node) for node in functions}


def class_lengths(tree: ast.Module) -> dict[str, int]:
    """`name@line` → lines, for every class."""
    return {f"{node.name}@{node.lineno}": _length(node) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def p90(lengths: list[int]) -> int:
    """The length that nine in ten stay at or below."""
    ordered = sorted(lengths)
    return ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))]


def _too_long(sources, measure, limit: int) -> dict[str, int]:
    lengths = {f"{path}:{name}": length for path, tree in sources.items() for name, length in measure(tree).items()}
    return {
        name: length for name, length in lengths.items() if length > limit and name.partition("@")[0] not in EXCEPTIONS
    }


def test_nine_functions_in_ten_stay_short(sources):
    lengths = [length for tree in sources.values() for length in function_lengths(tree).values()]
    assert p90(lengths) <= FUNCTION_P90


def test_nine_functions_in_ten_stay_short_in_every_package(sources, packages):
    found = {}
    for package in packages:
        trees = [tree for path, tree in sources.items() if path.parts[0] == package]
        lengths = [length for tree in trees for length in function_lengths(tree).values()]
        if lengths and p90(lengths) > FUNCTION_P90:
            found[package] = p90(lengths)
    assert found == {}


def test_no_function_is_too_long(sources):
    assert _too_long(sources, function_lengths, FUNCTION) == {}


def test_no_class_is_too_long(sources):
    assert _too_long(sources, class_lengths, CLASS) == {}


def test_no_module_is_too_long(sources, root):
    lengths = {str(path): len((root / path).read_text(encoding="utf-8").splitlines()) for path in sources}
    assert {name: length for name, length in lengths.items() if length > MODULE and name not in EXCEPTIONS} == {}


def test_every_exception_is_still_needed_and_says_why(sources, root):
    unnecessary = []
    for name, why in EXCEPTIONS.items():
        path, _, inner = name.partition(":")
        tree = next((tree for found, tree in sources.items() if str(found) == path), None)
        found = tree is not None and (
            not inner or inner in {each.partition("@")[0] for each in {**function_lengths(tree), **class_lengths(tree)}}
        )
        if not found or not why:
            unnecessary.append(name)
    assert unnecessary == []


@pytest.mark.parametrize("lines", [1, 59, 60, 61])
def test_lengths_are_counted_from_def_to_the_last_line(lines):
    tree = ast.parse("@mark\ndef long():\n" + "    x = 1\n" * (lines - 1) if lines > 1 else "@mark\ndef long(): pass")
    assert function_lengths(tree) == {"long@2": lines}
