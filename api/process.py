"""What a process that answers for weeks sets for itself: how many threads, and what becomes of its memory."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from anyio import to_thread

from ontology.garbage import seldom_collecting

MOST_THREADS: Final = 16
"""So many requests touch the database side by side; one that serves a single writer serves forty no sooner."""

_M_ARENA_MAX: Final = -8  # mallopt(3)
_MOST_ARENAS: Final = 2


@contextmanager
def answering() -> Iterator[None]:
    """For as long as the process answers. To be entered in the event loop, before there are threads."""
    to_thread.current_default_thread_limiter().total_tokens = MOST_THREADS
    _share_memory_among_threads()
    with seldom_collecting():
        yield


def _share_memory_among_threads() -> None:
    """Two heaps for all threads. The C library of Linux gives each thread one of its own, where what is freed stays.

    With sixteen threads that was a third of the memory of a server of 100,000 assets. Other systems have other ways.
    """
    if sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if set_option is not None:
            set_option(_M_ARENA_MAX, _MOST_ARENAS)
