"""Sounds in the browser: waveforms with their length in the grid, a player on the page of one."""

import time

import pytest
from sounds import joined, silence, sound, tone

from api.web.rendering import environment
from api.web.statics import static_url

LENGTHS = [(0.001, "0.01 s"), (0.4, "0.4 s"), (0.25, "0.25 s"), (9.994, "9.99 s"), (9.996, "0:10"), (65.4, "1:05")]
LENGTHS += [(3599.6, "1:00:00"), (3605, "1:00:05"), (2, "2 s")]


def until(holds):
    """Wait until it does, half a minute at most."""
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it never did")


@pytest.fixture
def voice(demo, served):
    path = demo / "assets" / "voice.ogg"
    path.write_bytes(sound(joined(tone(1.5), silence(0.3), tone(1)), "ogg"))
    (item,) = served[1].gallery.add([path]).results
    return item.id


def test_the_grid_shows_the_waveform_and_how_long_it_lasts(visit, address, voice):
    page, _ = visit(f"{address}/?q=media:audio")
    page.locator(".cell .thumb.sound img:not([hidden])").wait_for()
    assert page.locator(".cell .kind").first.inner_text().strip() == "2.8 s"
    assert "sound of 2.8 s" in page.locator(".cell").first.get_attribute("aria-label")
    assert page.locator(".cell .thumb img").first.evaluate("image => image.naturalWidth") == 256


def test_the_page_of_a_sound_plays_it(visit, address, voice):
    page, _ = visit(f"{address}/a/{voice}")
    player = page.locator("audio[controls]")
    until(lambda: player.evaluate("player => player.readyState") > 0)
    assert player.evaluate("player => player.error") is None
    assert abs(player.evaluate("player => player.duration") - 2.8) < 0.05
    player.evaluate("player => { player.currentTime = 2; }")
    until(lambda: not player.evaluate("player => player.seeking"))
    assert player.evaluate("player => player.currentTime") == 2
    assert page.locator(".canvas.sound img").get_attribute("alt") == "Waveform of voice.ogg"
    assert "44.1 kHz mono" in page.locator("#facts").inner_text()


@pytest.mark.parametrize(("seconds", "text"), LENGTHS)
def test_lengths_are_told_in_words(seconds, text):
    assert environment().from_string("{{ it | duration }}").render(it=seconds) == text


def test_the_browser_tells_lengths_as_the_server_does(visit, address):
    page, _ = visit(f"{address}/")
    told = page.evaluate(
        "async ([module, all]) => { const { lengthText } = await import(module); return all.map(lengthText); }",
        [static_url("js/lengths.js"), [seconds for seconds, _ in LENGTHS]],
    )
    assert told == [text for _, text in LENGTHS]
