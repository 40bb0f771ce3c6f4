"""What NovelAI hides in the alpha values of a picture: found where nothing else is said, capped, never an error."""

import io

import pytest
from embedded_builders import NOVELAI, hidden_novelai, hidden_png, opened
from PIL import Image, PngImagePlugin
from sd_parsers import ParserManager
from sd_parsers.extractors import Eagerness

from gallery.embedded.facts import Embedded
from gallery.embedded.hidden import HEAD_VALUES, values_needed
from gallery.intake import alpha
from gallery.intake.media import FileBytes, examine_bytes

HIDDEN = hidden_png(hidden_novelai(NOVELAI))


def embedded(data):
    return examine_bytes(FileBytes(data, 0)).embedded


def saved(image, file_format="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def test_what_novelai_hides_is_read_like_what_it_writes():
    facts = embedded(HIDDEN).facts
    assert (facts.tool, facts.source, facts.prompt, facts.negative_prompt) == (
        "NovelAI",
        "alpha:Comment",
        "1girl, harbour",
        "lowres",
    )
    assert (facts.seed, facts.steps, facts.cfg, facts.width, facts.height) == ("2718281828", 28, 5.0, 832, 1216)
    assert facts.model == "NovelAI Diffusion V4.5"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the oracle's own way to read pixels
def test_an_independent_reader_sees_the_same():
    found = ParserManager(eagerness=Eagerness.EAGER).parse(opened(HIDDEN))
    (sampler,) = found.samplers
    facts = embedded(HIDDEN).facts
    assert [str(prompt) for prompt in sampler.prompts] == [facts.prompt]
    assert [str(prompt) for prompt in sampler.negative_prompts] == [facts.negative_prompt]
    assert str(sampler.parameters["seed"]) == facts.seed


@pytest.mark.parametrize("size", [(64, 64), (7, 2000), (2000, 7), (4096, 1), (1, 4096)])
def test_it_is_found_in_pictures_of_every_shape(size):
    assert embedded(hidden_png(hidden_novelai(NOVELAI), size)).facts.prompt == "1girl, harbour"


def test_a_lossless_webp_hides_as_well():
    assert embedded(saved(opened(HIDDEN), "WEBP", lossless=True, exact=True)).facts.seed == "2718281828"


def test_a_text_without_names_is_read_as_that_of_a1111():
    facts = embedded(hidden_png("a castle\nSteps: 20, Sampler: Euler a, Seed: 5, Size: 8x8")).facts
    assert (facts.tool, facts.source, facts.prompt, facts.seed) == ("A1111", "alpha:parameters", "a castle", "5")


def test_what_is_written_openly_is_believed_and_the_pixels_are_not_looked_at(monkeypatch):
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a fox\nSteps: 9, Sampler: Euler a, Seed: 7")
    data = saved(opened(HIDDEN), pnginfo=info)
    monkeypatch.setattr(alpha, "values_needed", None)
    assert embedded(data).facts.seed == "7"


@pytest.mark.parametrize(
    "image",
    [Image.new("RGBA", (64, 64), (1, 2, 3, 254)), Image.new("RGBA", (1, 1)), Image.new("RGB", (64, 64), "red")],
    ids=["alpha without a signature", "a single pixel", "no alpha"],
)
def test_a_picture_that_hides_nothing_says_nothing(image):
    assert embedded(saved(image)) == Embedded()


def test_another_signature_says_nothing():
    assert embedded(hidden_png(hidden_novelai(NOVELAI), signature=b"stealth_pngcamp")) == Embedded()


def test_more_than_the_picture_can_hold_is_a_trouble_and_no_error():
    image = opened(HIDDEN).crop((0, 0, 20, 64))
    assert embedded(saved(image)) == Embedded(None, ("what is hidden in its alpha values is cut off",))


def test_damage_and_bombs_are_a_trouble_and_no_error():
    trouble = "what is hidden in its alpha values is damaged, or too long when unpacked"
    broken = opened(HIDDEN)
    for row in range(64):
        broken.putpixel((5, row), (0, 0, 0, 255))
    assert embedded(saved(broken)) == Embedded(None, (trouble,))
    assert embedded(hidden_png("x" * 9_000_000, (300, 300))) == Embedded(None, (trouble,))


def test_secrets_in_it_are_hidden():
    text = hidden_novelai(NOVELAI | {"Comment": NOVELAI["Comment"] | {"api_key": "abcdef-1234567890"}})
    facts = embedded(hidden_png(text)).facts
    assert "abcdef-1234567890" not in str(facts.to_json())


def test_the_head_alone_tells_that_nothing_is_there():
    assert values_needed(bytes(HEAD_VALUES)) is None
    assert values_needed(b"") is None


def test_reading_again_finds_what_is_hidden(gallery, root):
    (root / "a.png").write_bytes(HIDDEN)
    (item,) = gallery.add([root / "a.png"]).results
    assert gallery.get(item.id).generation["seed"] == "2718281828"
    gallery.reread([item.id])
    assert gallery.get(item.id).generation["seed"] == "2718281828"
