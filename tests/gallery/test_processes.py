"""Several programs at once, and programs that die."""

import os
import signal
import subprocess
import sys
import time

import pytest
from gallery_builders import make_pictures, open_context

from gallery import Gallery

pytestmark = pytest.mark.slow

ADD = """
import sys
from pathlib import Path
from gallery_builders import open_context
from gallery import Gallery
from gallery.intake import ingest
ingest.CHUNK_FILES = 5
root = Path(sys.argv[1])
with open_context(root) as context:
    Gallery(context).add([root], progress=lambda done, *_: print(done, flush=True))
"""

TAG = """
import sys
from pathlib import Path
from gallery_builders import open_context
from gallery import Gallery
root, name, asset_id = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
with open_context(root) as context:
    for n in range(25):
        Gallery(context).tag([asset_id], add=[f"{name}{n * 7919}"])
"""


def start(program, *arguments):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, text=True, env=environment
    )


@pytest.mark.parametrize("after", [0, 1, 4, 7, 11, 14])
def test_killed_while_adding_only_whole_assets_are_there_and_a_rerun_adds_the_rest(root, after):
    make_pictures(root, 16)
    program = start(ADD, root)
    for line in program.stdout:
        if int(line) > after:
            break
    time.sleep(0.01 * (after % 3))
    program.send_signal(signal.SIGKILL)
    program.wait()
    program.stdout.close()
    with open_context(root) as context:
        gallery = Gallery(context)
        assert gallery.count() % 5 in (0, 1)
        assert not [found for found in gallery.doctor() if found.severity == "error"]
        gallery.add([root])
        assert gallery.count() == 16
        assert {item.outcome for item in gallery.add([root]).results} == {"known"}
        assert not [found for found in gallery.doctor() if found.severity == "error"]


def test_two_programs_tagging_one_asset_lose_nothing(root):
    with open_context(root) as context:
        (item,) = Gallery(context).add(make_pictures(root, 1)).results
    programs = [start(TAG, root, name, item.id) for name in ("left", "right")]
    for program in programs:
        assert program.wait() == 0
        program.stdout.close()
    with open_context(root) as context:
        gallery = Gallery(context)
        assert len(gallery.get(item.id).asset.tags) == 50
        assert gallery.get(item.id).asset.version == 51
        assert not [found for found in gallery.doctor() if found.severity != "info"]


def test_two_programs_that_both_make_the_database_agree_on_one(root):
    make_pictures(root, 6)
    programs = [start(ADD, root) for _ in range(3)]
    for program in programs:
        program.stdout.read()
        assert program.wait() == 0
        program.stdout.close()
    with open_context(root) as context:
        assert Gallery(context).count() == 6
