"""Sounds in the terminal: the waveform as the picture, and how long it lasts."""

import pytest
from sounds import joined, silence, sound, tone

pytestmark = pytest.mark.anyio


async def test_a_sound_is_shown_by_its_waveform_and_its_length(running, demo, workspace):
    path = demo / "assets" / "jump.wav"
    path.write_bytes(sound(joined(tone(0.3, level=-1), silence(0.1))))
    workspace.gallery.add([path])
    async with running("media:audio") as tui:
        await tui.until("jump.wav", "0.4 s", "44.1 kHz mono", "▀")


async def test_pictures_say_nothing_of_a_length(running):
    async with running("media:image") as tui:
        await tui.until("×")
        assert "kHz" not in tui.text
