"""A real `callsheet add --watch` in a process of its own, waited for by the lines it writes."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

PATIENCE = 90.0


class Watched:
    """Use it in a `with` statement. `results` are the JSON lines seen so far, `said` the lines on stderr."""

    def __init__(self, project: Path, *folders, options=()):
        self._command = [sys.executable, "-m", "callsheet", "add", *map(str, folders), "--watch", "--json", *options]
        self._project = project
        self._lines: queue.Queue[tuple[str, str]] = queue.Queue()
        self.results: list[dict] = []
        self.said: list[str] = []

    def __enter__(self):
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        environment.pop("CALLSHEET_PROJECT", None)
        self.process = subprocess.Popen(
            self._command,
            cwd=self._project,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._readers = [
            threading.Thread(target=self._read, args=(name, stream), daemon=True)
            for name, stream in (("out", self.process.stdout), ("err", self.process.stderr))
        ]
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for reader in self._readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()

    def _read(self, name, stream):
        for line in stream:
            self._lines.put((name, line.rstrip("\n")))

    def _until(self, is_enough, what):
        deadline = time.monotonic() + PATIENCE
        while not is_enough():
            if not self.look(max(deadline - time.monotonic(), 0.01)):
                raise AssertionError(f"waited in vain for {what}; {self.results} {self.said}")

    def look(self, seconds):
        """Take one line, for which it waits so long; whether there was one."""
        try:
            name, line = self._lines.get(timeout=seconds)
        except queue.Empty:
            return False
        if name == "out":
            self.results.append(json.loads(line))
        else:
            self.said.append(line)
        return True

    def until_said(self, words):
        """Wait for a line on stderr that holds these words; earlier ones count once."""
        self._until(lambda: any(words in line for line in self.said), words)
        self.said[:] = [line for line in self.said if words not in line]

    def until(self, count, outcome):
        """Wait until so many results of this outcome were told; they are returned, and no longer counted."""

        def found():
            return [item for item in self.results if item["outcome"] == outcome]

        self._until(lambda: len(found()) >= count, f"{count} {outcome}")
        told = found()
        self.results[:] = [item for item in self.results if item["outcome"] != outcome]
        return told

    def stop(self, number=signal.SIGINT):
        """End it politely; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)
