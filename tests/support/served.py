"""A real server in a process of its own, on a free port."""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager

PATIENCE = 45
"""Seconds that a slow machine is waited for."""

SECONDS = 110
"""A server that is needed for longer is ended: just before the test itself would be."""


@contextmanager
def serving(root, *options):
    command = [sys.executable, "-m", "callsheet", "--project", str(root), "serve", "--port", "0", *options]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CALLSHEET_")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as run:
        killer = threading.Timer(SECONDS, run.kill)
        killer.start()
        try:
            address = run.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), run.stderr.read()
            yield run, address
        finally:
            run.kill()
            killer.cancel()
