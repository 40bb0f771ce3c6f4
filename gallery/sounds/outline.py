"""The outline of a sound: for each of its stretches how far it goes up and down, and how strong it is.

It needs the extra `audio`. Memory is bounded whatever the length: stretches double when they become too many.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

MOST_STRETCHES: Final = 8192
BLOCK: Final = 65_536
"""Frames that are handed over at one time; the last may be fewer."""
MOST_FRAMES: Final = MOST_STRETCHES * BLOCK
"""So many there may be in all: three hours at 48 kHz."""


class Outline:
    """Gathers blocks of frames. `highs`, `lows` (-1 to 1) and `energies` (mean squares) of its stretches in turn."""

    def __init__(self) -> None:
        self._length = 1
        self._highs = np.zeros(0, np.float32)
        self._lows = np.zeros(0, np.float32)
        self._energies = np.zeros(0, np.float32)

    def add(self, block: Array) -> None:
        """The next frames, frames by channels: of all blocks but the last as many as `BLOCK`."""
        begins = np.arange(0, len(block), self._length)
        highs = np.maximum.reduceat(block.max(axis=1), begins)
        lows = np.minimum.reduceat(block.min(axis=1), begins)
        counts = np.diff(np.append(begins, len(block)))
        energies = np.add.reduceat((block.astype(np.float64) ** 2).mean(axis=1), begins) / counts
        self._highs = np.concatenate([self._highs, highs])
        self._lows = np.concatenate([self._lows, lows])
        self._energies = np.concatenate([self._energies, energies.astype(np.float32)])
        while len(self._highs) > MOST_STRETCHES and self._length < BLOCK:
            self._halve()

    def _halve(self) -> None:
        begins = np.arange(0, len(self._highs), 2)
        self._highs = np.maximum.reduceat(self._highs, begins)
        self._lows = np.minimum.reduceat(self._lows, begins)
        counts = np.diff(np.append(begins, len(self._energies)))
        self._energies = (np.add.reduceat(self._energies, begins) / counts).astype(np.float32)
        self._length *= 2

    def columns(self, number: int) -> tuple[Array, Array, Array]:
        """Highs, lows and strengths (root mean squares) of so many equal parts; of nothing there are none."""
        have = len(self._highs)
        if not have:
            nothing = np.zeros(number, np.float32)
            return nothing, nothing, nothing
        begins = np.arange(number) * have // number
        ends = np.maximum(begins + 1, (np.arange(number) + 1) * have // number)
        spans = list(zip(begins, ends, strict=True))
        highs = [self._highs[begin:end].max() for begin, end in spans]
        lows = [self._lows[begin:end].min() for begin, end in spans]
        energies = [self._energies[begin:end].mean() for begin, end in spans]
        return np.array(highs), np.array(lows), np.sqrt(np.array(energies))
