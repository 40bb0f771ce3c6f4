"""Pillow without its warnings, in several threads at once.

The rules for warnings belong to the whole process: two threads that each changed and restored them would leave them
wrong. So those who need them share one change: the first to come makes it, the last to go takes it back.
"""

import threading
import warnings
from types import TracebackType

from PIL import Image


class QuietPillow:
    """Within it a picture too large is an error, and what Pillow chats about broken metadata is not heard.

    Pillow itself only warns of a picture too large until it is twice too large.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._rules = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._rules = warnings.catch_warnings()
                self._rules.__enter__()
                warnings.simplefilter("ignore", UserWarning)
                warnings.simplefilter("error", Image.DecompressionBombWarning)
            self._inside += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._rules.__exit__(kind, error, trace)
