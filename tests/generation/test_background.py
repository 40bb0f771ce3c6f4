"""Making behind the answers of a server."""

import threading
import time
from types import SimpleNamespace

import pytest

from generation.background import Background
from ontology.errors import CallsheetError

SECONDS = 60


def test_what_could_not_be_begun_is_begun_the_next_time():
    """Settings that are broken for a moment lose no job, and no job stays taken by nobody."""
    made, broken = [], threading.Event()
    broken.set()

    def generation():
        if broken.is_set():
            raise CallsheetError("the settings are broken")
        return SimpleNamespace(context=SimpleNamespace(workers=1), conclude=made.extend)

    behind = Background(generation, lambda _: None)
    try:
        with pytest.raises(CallsheetError):
            behind.add([7])
        assert behind.working == 0
        broken.clear()
        behind.add([7])
        end = time.monotonic() + SECONDS
        while made != [7] and time.monotonic() < end:
            time.sleep(0.02)
        assert made == [7]
    finally:
        behind.close()
