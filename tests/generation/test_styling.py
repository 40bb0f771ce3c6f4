"""The style of a project stands in the prompt of every picture, once."""

import pytest
from generation_builders import CountingProvider, coin, open_generation

from generation.engine.styling import styled

STYLE = "flat 2D art, bold outlines"


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("a coin", f"a coin\n{STYLE}"),
        ("", STYLE),
        (f"a coin\n{STYLE}", f"a coin\n{STYLE}"),
        (f"{STYLE}: a coin", f"{STYLE}: a coin"),
    ],
)
def test_a_style_stands_below_the_prompt_once(prompt, found):
    once = styled(coin(prompt=prompt), STYLE)
    assert once.prompt == found
    assert styled(once, STYLE) == once


def test_without_a_style_and_for_sounds_nothing_is_added():
    assert styled(coin(), " \n") == coin()
    speech = coin(asset_type="audio", operation="text_to_speech", prompt="The gate is open.")
    assert styled(speech, STYLE) == speech


def test_a_provider_is_asked_in_the_style_of_the_project(tmp_path):
    fake = CountingProvider(tmp_path / "charges")
    with open_generation(tmp_path / "project", fake, style=STYLE) as generation:
        job = generation.generate([coin()]).only()
        assert job.state == "done"
        assert [request.prompt for request in fake.seen] == [f"a coin\n{STYLE}"]
        shown = generation.context.gallery.get(job.assets[0])
        assert shown.generation["prompt"] == f"a coin\n{STYLE}"
        assert generation.generate([coin()]).only().outcome == "unchanged"
    with open_generation(tmp_path / "project", fake, style="") as generation:
        generation.generate([coin()])
    assert fake.seen[-1].prompt == "a coin"
