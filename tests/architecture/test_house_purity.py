"""The resolver asks nothing of the world: no clock, chance, environment, file, terminal or state of its own."""

import ast
from collections.abc import Iterator

import pytest

WORLD = {
    "asyncio", "builtins", "concurrent", "ctypes", "getpass", "glob", "importlib", "io", "locale", "logging",
    "multiprocessing", "os", "pathlib", "pickle", "platform", "random", "secrets", "shutil", "signal", "socket",
    "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "warnings", "zoneinfo",
}  # fmt: skip
BUILTINS = {"__import__", "breakpoint", "compile", "eval", "exec", "globals", "input", "open", "print"}
CLOCKS = {"now", "utcnow", "today", "localtime", "gmtime", "monotonic", "perf_counter", "time_ns"}
SURROUNDINGS = {"environ", "getenv", "getcwd", "urandom", "stdin", "stdout", "stderr"}
FILES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir", "iterdir", "exists"}
LOCAL_TIME = {"astimezone", "fromtimestamp"}
CHANGES = {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update"}


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module is not None:
        yield node.module.partition(".")[0]


def _of_call(node: ast.Call) -> str | None:
    """What is wrong with a call: the order of the process (hash, id), or a time that depends on the machine's zone."""
    if isinstance(node.func, ast.Name) and node.func.id in {"hash", "id"}:
        return f"{node.func.id}()"
    if isinstance(node.func, ast.Attribute) and node.func.attr in LOCAL_TIME:
        wanted = 1 if node.func.attr == "astimezone" else 2
        if len(node.args) + len(node.keywords) < wanted:
            return f"{node.func.attr} in the zone of the machine"
    return None


def _names_at_the_top(tree: ast.Module) -> set[str]:
    """Names that the module binds to values (imports, functions and classes are no state)."""
    targets: list[ast.expr] = []
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            targets += statement.targets
        elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
            targets.append(statement.target)
    return {found.id for target in targets for found in ast.walk(target) if isinstance(found, ast.Name)}


def _changed(node: ast.AST) -> ast.expr | None:
    """The thing that a statement or call changes in place, if it does."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
        return node.func.value
    if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        return node.value
    return None


def _bound_in(function: ast.AST) -> set[str]:
    names = {
        found.id for found in ast.walk(function) if isinstance(found, ast.Name) and isinstance(found.ctx, ast.Store)
    }
    return names | {found.arg for found in ast.walk(function) if isinstance(found, ast.arg)}


def _state(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Values of the module that its functions change."""
    shared = _names_at_the_top(tree)
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        own = _bound_in(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Global):
                yield node.lineno, f"global {', '.join(node.names)}"
            changed = _changed(node)
            if isinstance(changed, ast.Name) and changed.id in shared - own:
                yield node.lineno, f"changes {changed.id}"


def impurities(tree: ast.Module) -> list[str]:
    """`line: what` for everything by which the module reaches out of its arguments, in the order of the lines."""
    found = set(_state(tree))
    hashing = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name == "__hash__"
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        found |= {(node.lineno, f"imports {name}") for name in _imported(node) if name in WORLD}
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in BUILTINS:
            found.add((node.lineno, node.id))
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS | SURROUNDINGS | FILES:
            found.add((node.lineno, f".{node.attr}"))
        if isinstance(node, ast.Call) and id(node) not in hashing and (wrong := _of_call(node)) is not None:
            found.add((node.lineno, wrong))
    return [f"{line}: {what}" for line, what in sorted(found)]


def test_the_resolver_reaches_for_nothing_outside_its_arguments(sources):
    resolver = {path: tree for path, tree in sources.items() if path.parts[0] == "resolver"}
    assert len(resolver) > 10
    assert {str(path): found for path, tree in resolver.items() if (found := impurities(tree))} == {}


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ("from datetime import UTC, datetime\nstarted = datetime.now(UTC)", "2: .now"),
        ("from datetime import datetime as d\nmoment = d.utcnow()", "2: .utcnow"),
        ("from datetime import date\ndef age(day): return date.today() - day", "2: .today"),
        (
            "from datetime import datetime\nread = datetime.fromtimestamp(0)",
            "2: fromtimestamp in the zone of the machine",
        ),
        ("def local(moment): return moment.astimezone()", "1: astimezone in the zone of the machine"),
        ("import time", "1: imports time"),
        ("from time import monotonic as tick", "1: imports time"),
        ("import random as chance", "1: imports random"),
        ("from secrets import token_hex", "1: imports secrets"),
        ("import uuid", "1: imports uuid"),
        ("import os.path", "1: imports os"),
        ("def late():\n    import os", "2: imports os"),
        ("def where(os): return os.environ['HOME']", "1: .environ"),
        ("def where(system): return system.getenv('HOME')", "1: .getenv"),
        ("text = open('tags.txt').read()", "1: open"),
        ("read = open", "1: open"),
        ("def text(path): return path.read_text()", "1: .read_text"),
        ("def there(path): return path.exists()", "1: .exists"),
        ("import logging", "1: imports logging"),
        ("def show(found): print(found)", "1: print"),
        ("def ask(): return input()", "1: input"),
        ("def run(text): return eval(text)", "1: eval"),
        ("def run(text): exec(text)", "1: exec"),
        ("def load(name): return __import__(name)", "1: __import__"),
        ("from importlib import import_module", "1: imports importlib"),
        ("def order(tags): return sorted(tags, key=lambda tag: hash(tag))", "1: hash()"),
        ("def order(assets): return sorted(assets, key=lambda asset: id(asset))", "1: id()"),
        ("calls = 0\ndef count():\n    global calls\n    calls += 1", "3: global calls"),
        ("SEEN = set()\ndef see(tag): SEEN.add(tag)", "2: changes SEEN"),
        ("CACHE: dict = {}\ndef keep(key, value): CACHE[key] = value", "2: changes CACHE"),
        ("CACHE = {}\ndef drop(key):\n    del CACHE[key]", "3: changes CACHE"),
    ],
)
def test_a_reach_into_the_world_is_noticed(planted, what):
    assert impurities(ast.parse(planted)) == [what]


@pytest.mark.parametrize(
    "harmless",
    [
        "from datetime import UTC, datetime\nEPOCH = datetime(1970, 1, 1, tzinfo=UTC)",
        "def utc(moment, zone): return moment.astimezone(zone)",
        "def ids(asset): return asset.id",
        "class Slot:\n    def __hash__(self): return hash(self.name)",
        "ORDERS = {'hero': ('char:hero',)}\ndef order(slot): return ORDERS[slot]",
        "SEEN = ()\ndef unique(tags):\n    SEEN = set()\n    SEEN.add(tags)\n    return SEEN",
        "def unique(tags):\n    found = []\n    found.append(tags)\n    return found",
    ],
)
def test_what_stays_inside_the_arguments_is_left_alone(harmless):
    assert impurities(ast.parse(harmless)) == []
