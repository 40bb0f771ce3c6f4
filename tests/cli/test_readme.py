"""What the README and the tour show is what happens."""

import re
from pathlib import Path

import pytest
from pages import blocks, console_steps, is_as_shown, ran, steps_of

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCRIPTED = ["README.md", pytest.param("docs/tour.md", marks=pytest.mark.slow)]
"""Pages whose console blocks are run on the demo project, from top to bottom."""


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
