"""What the README shows is what happens."""

import re
import shlex
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def console_steps():
    """(command, expected output) of every console block, in order."""
    for block in re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, expected = step.partition("\n")
            yield command, expected


def test_every_command_of_the_tour_prints_what_the_readme_shows(cli, demo):
    steps = list(console_steps())

    assert len(steps) >= 5
    for command, expected in steps:
        program, *arguments = shlex.split(command)
        assert program == "callsheet"
        assert cli(*arguments).out == expected, command


def test_the_python_examples_of_the_readme_run(demo, capfd):
    examples = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)

    assert len(examples) == 2
    for example in examples:
        exec(compile(example.replace('"my-game"', repr(str(demo))), "README.md", "exec"), {})
    assert "hero exact assets/alex_full.png" in capfd.readouterr().out
