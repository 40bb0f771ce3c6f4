"""What the shell offers while a command is typed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def offered(root, *words):
    """The completions of the last word, as bash gets them."""
    done = subprocess.run(
        [Path(sys.executable).parent / "callsheet"],
        env=os.environ
        | {
            "COMP_WORDS": " ".join(["callsheet", *words]),
            "COMP_CWORD": str(len(words)),
            "_CALLSHEET_COMPLETE": "complete_bash",
            "CALLSHEET_PROJECT": str(root),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("resolve", "--location", "loc:dungeon_"), ["loc:dungeon_cell", "loc:dungeon_entrance", "loc:dungeon_hall"]),
        (("resolve", "--hero", "npc:al"), ["npc:alex"]),
        (("resolve", "--enemy", "pl"), ["player"]),
        (("tag", "a", "--add", "role:char:h"), ["role:char:hero"]),
        (("show", "a03b"), ["a03b02d01ff248783"]),
        (("resolve", "--block", "mars"), ["marsh_by_moonlight"]),
        (("prefill", "fus"), ["fusion"]),
    ],
)
def test_ids_are_offered(demo, words, expected):
    assert sorted(offered(demo, *words)) == expected


def test_without_a_project_the_built_in_ids_are_offered_and_nothing_is_said(tmp_path):
    assert offered(tmp_path, "tag", "a", "--add", "role:b") == ["role:bg"]
    assert offered(tmp_path, "show", "a") == []
