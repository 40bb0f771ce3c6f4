"""What the README and the tour show is what happens."""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCRIPTED = ["README.md", pytest.param("docs/tour.md", marks=pytest.mark.slow)]
"""Pages whose console blocks are run on the demo project, from top to bottom."""


def console_steps(text):
    """(command, expected output) of every console block, in order."""
    for block in re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL):
        yield from steps_of(block)


def steps_of(block):
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, expected = step.partition("\n")
        yield command, expected


def blocks(text, languages):
    """(language, content) of the fenced blocks in these languages, in order."""
    return re.findall(rf"```({'|'.join(languages)})\n(.*?)```", text, flags=re.DOTALL)


def is_as_shown(printed, shown):
    """Whether the output is the one shown, in which `…` stands for any part of a line."""
    pattern = "".join(".*" if part == "…" else re.escape(part) for part in re.split("(…)", shown))
    return re.fullmatch(pattern, printed) is not None


def ran(cli, command):
    """What a command prints: its result alone, and with the remarks that a terminal shows below."""
    program, *arguments = shlex.split(command)
    assert program == "callsheet"
    outcome = cli(*arguments)
    return outcome.out, outcome.out + outcome.err


@pytest.mark.parametrize("page", SCRIPTED)
def test_every_command_prints_what_the_page_shows(cli, demo, page):
    text = (ROOT / page).read_text(encoding="utf-8")
    languages = ["console"] if page == "README.md" else ["console", "python"]

    assert len(list(console_steps(text))) >= 5
    for language, block in blocks(text, languages):
        if language == "python":
            exec(compile(block, page, "exec"), {})
            continue
        for command, expected in steps_of(block):
            printed = ran(cli, command)
            assert any(is_as_shown(one, expected) for one in printed), f"{command}\n{printed[1]}"


def test_the_python_examples_of_the_readme_run(demo, capfd):
    examples = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)

    assert len(examples) == 2
    for example in examples:
        exec(compile(example.replace('"my-game"', repr(str(demo))), "README.md", "exec"), {})
    assert "hero exact assets/alex_full.png" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("printed", "shown", "same"),
    [
        ("a1 yes\n", "a1 yes\n", True),
        ("a1 yes\n", "a… yes\n", True),
        ("a1 yes\n", "a1 no\n", False),
        ("a1\nyes\n", "a…yes\n", False),
        ("a1 yes\nmore\n", "a1 yes\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_an_output_is_compared_but_for_what_is_left_open(printed, shown, same):
    assert is_as_shown(printed, shown) is same
