"""A folder that may not be read is a fault, not an empty vocabulary."""

import os
import subprocess
import sys

import pytest
from gallery_builders import open_folder

CODE = """
import os, sys
from pathlib import Path
from ontology.loader import check_ontology
check_ontology(None)
os.seteuid(65534)
found = check_ontology(Path(sys.argv[1]))[1]
print([(item.code, item.severity) for item in found])
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")
@pytest.mark.parametrize("closed", [".", "inner"])
def test_a_folder_that_may_not_be_listed_is_an_error(closed):
    with open_folder() as place:
        folder = place / "ontology"
        (folder / "inner").mkdir(parents=True)
        (folder / "inner" / "a.yaml").write_text("version: 1\nterms:\n  npc:a: {label: A}\n")
        (folder / "b.yaml").write_text("version: 1\nterms:\n  npc:b: {label: B}\n")
        (folder / closed).chmod(0)

        done = subprocess.run([sys.executable, "-c", CODE, str(folder)], capture_output=True, text=True, check=False)

    assert "('file_unreadable', 'error')" in done.stdout, done.stderr
