"""The texts found in one file, capped. Pure."""

from dataclasses import dataclass, field
from typing import Final

from gallery.embedded.values import storable

MAX_TEXT: Final = 8 * 1024 * 1024
"""Bytes of one text. ComfyUI graphs reach some hundred thousand; pictures inside a graph a few million."""
MAX_TOGETHER: Final = 2 * MAX_TEXT
MAX_TEXTS: Final = 100
MAX_TROUBLES: Final = 5


@dataclass
class Collected:
    """Texts by name, and what could not be read. Of two texts with one name the first counts."""

    texts: dict[str, str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, name: str, text: str) -> None:
        """Keep a text that says something and still fits."""
        kept = text.strip("\0 \t\r\n")
        if not kept or name in self.texts:
            return
        if len(kept) > MAX_TEXT or self.length + len(kept) > MAX_TOGETHER or len(self.texts) >= MAX_TEXTS:
            self.trouble("there are more texts in it than are read")
            return
        self.length += len(kept)
        self.texts[name] = storable(kept)

    def trouble(self, message: str) -> None:
        """Note, once, what could not be read."""
        if len(self.troubles) < MAX_TROUBLES and message not in self.troubles:
            self.troubles.append(message)
