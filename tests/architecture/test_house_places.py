"""What the house does in one place only: telling the time, reading the environment, writing to the terminal."""

import ast

import pytest

# What → the modules where it may stand, each with its reason.
PLACES = {
    "asks the clock": {
        "callsheet/wiring.py": "hands the clock to every room",
        "callsheet/upgrade.py": "names a backup, before there is a context",
        "gallery/context.py": "the clock of a context that was given none",
    },
    "reads the environment": {
        "callsheet/cli/app.py": "whether a fault shows its traceback",
        "callsheet/cli/opening.py": "which project the shell completes for, before options are read",
        "callsheet/provider_keys.py": "keys and addresses of providers",
        "callsheet/settings.py": "every setting, through its library and by name",
        "callsheet/serving.py": "tells the library that counts where processes count together",
        "callsheet/cli/output.py": "whether the terminal can show colour and progress",
        "callsheet/cli/pictures.py": "whether the terminal can show pictures",
        "callsheet/cli/showcase.py": "how the program was started, for the commands it proposes",
    },
    "writes to the terminal": {
        "callsheet/cli/output.py": "escapes what it writes",
        "callsheet/__main__.py": "`--version` answers before anything is loaded",
    },
}


def deeds(tree: ast.Module) -> set[str]:
    """Which of the things that have one place a module does."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"} and _is_date(node.value):
            found.add("asks the clock")
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
            found.add("reads the environment")
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.stdout.write", "sys.stderr.write"}:
            found.add("writes to the terminal")
    return found


def _is_date(node: ast.expr) -> bool:
    return ast.unparse(node).rpartition(".")[2] in {"datetime", "date"}


@pytest.mark.parametrize("deed", PLACES)
def test_what_has_one_place_is_done_nowhere_else(deed, sources):
    doing = {path.as_posix() for path, tree in sources.items() if deed in deeds(tree)}
    assert doing - set(PLACES[deed]) == set()


@pytest.mark.parametrize("deed", PLACES)
def test_every_place_that_is_named_is_still_needed(deed, sources):
    doing = {path.as_posix() for path, tree in sources.items() if deed in deeds(tree)}
    assert set(PLACES[deed]) - doing == set()


@pytest.mark.parametrize(
    ("planted", "deed"),
    [
        ("started = datetime.now(UTC)", "asks the clock"),
        ("started = datetime.datetime.utcnow()", "asks the clock"),
        ("clock = datetime.now", "asks the clock"),
        ("day = date.today()", "asks the clock"),
        ("home = os.environ['HOME']", "reads the environment"),
        ("home = os.getenv('HOME')", "reads the environment"),
        ("print('found')", "writes to the terminal"),
        ("sys.stderr.write('found')", "writes to the terminal"),
    ],
)
def test_a_deed_out_of_place_is_noticed(planted, deed):
    assert deeds(ast.parse(planted)) == {deed}


def test_the_clock_that_was_handed_in_may_be_asked_anywhere():
    assert deeds(ast.parse("moment = context.now()")) == set()
