"""Pages of the documentation, cut into what a test can run."""

import re
import shlex


def blocks(text, languages):
    """(language, content) of the fenced blocks in these languages, in order."""
    return re.findall(rf"```({'|'.join(languages)})\n(.*?)```", text, flags=re.DOTALL)


def console_steps(text):
    """(command, expected output) of every console block, in order."""
    for block in re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL):
        yield from steps_of(block)


def steps_of(block):
    """(command, expected output) of one console block."""
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, expected = step.partition("\n")
        yield command, expected


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


def files_and_steps(text):
    """(kind, name, content) of a page, in order: `file` for a block under a line "`PATH`:", else its language."""
    pattern = r"(?:^`([^`\n]+)`:\n\n)?```(console|python|yaml|json|toml)\n(.*?)```"
    for found in re.finditer(pattern, text, flags=re.DOTALL | re.MULTILINE):
        name, language, content = found.groups()
        yield ("file" if name else language), name, content
