"""Programs that die at a named point, as by a power cut of their own: `module:function`, before or after its nth call.

The product knows nothing of it: the program replaces the function in itself and kills itself there.
"""

import os
import signal
import subprocess
import sys

_DYING = """
import importlib, os, signal, sys
def die_at(point):
    place, when, nth = point.rsplit(" ", 2)
    module, name = place.split(":")
    holder = importlib.import_module(module)
    original, calls = getattr(holder, name), []
    def dying(*arguments, **options):
        calls.append(1)
        if len(calls) == int(nth) and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **options)
        if len(calls) == int(nth) and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(holder, name, dying)
if sys.argv[1]:
    die_at(sys.argv[1])
from pathlib import Path
from gallery_builders import open_context
from gallery import Gallery
from gallery.intake import ingest
ingest.CHUNK_FILES = 4
root = Path(sys.argv[2])
with open_context(root) as context:
    gallery = Gallery(context)
"""


def run_program(body, root, *arguments, point="", limits="", timeout=100):
    """Run the body (indented by four, with `gallery` and `root`) in a process of its own; what became of it."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    program = _DYING.replace("with open_context", f"{limits}\nwith open_context") + body
    command = [sys.executable, "-c", program, point, str(root), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=timeout, check=False)


def was_killed(done):
    return done.returncode == -signal.SIGKILL
