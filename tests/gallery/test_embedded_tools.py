"""What each tool writes, in its own format, and what is read from it; hostile texts; secrets."""

import doctest
import json
import struct
import zlib
from pathlib import Path

import pytest
from embedded_builders import (
    A1111_TEXT,
    DREAM,
    FOOOCUS,
    FOOOCUS_A1111_TEXT,
    FORGE_TEXT,
    INVOKEAI,
    NOVELAI,
    NOVELAI_V4,
    SD_METADATA,
    SDNEXT_TEXT,
    exif_block,
    graph,
    node,
    photo,
    png,
    png_chunk,
    png_with,
    text_chunk,
    user_comment,
)
from gallery_builders import picture_bytes
from hypothesis import given
from hypothesis import strategies as st

from gallery.embedded import a1111, collected
from gallery.embedded.facts import Embedded
from gallery.embedded.reading import MAX_RAW, read_embedded, read_facts, with_sidecar
from gallery.embedded.redaction import redacted
from gallery.embedded.texts import read_texts

CASTLE = {
    "tool": "A1111",
    "source": "parameters",
    "certainty": 1.0,
    "prompt": "masterpiece, a castle (gate:1.2), <lora:ink_style:0.7>\nat dusk",
    "negative_prompt": "blurry, {curly},\nlowres",
    "model": "ponyXL_v6",
    "seed": "18446744073709551615",
    "steps": 28,
    "cfg": 6.5,
    "sampler": "DPM++ 2M",
    "width": 832,
    "height": 1216,
    "loras": [{"name": "ink_style", "weight": 0.7}],
}

TOOLS = [
    pytest.param(png({"parameters": A1111_TEXT}), CASTLE, id="A1111, PNG"),
    pytest.param(photo(comment=user_comment(A1111_TEXT)), {**CASTLE, "source": "exif:UserComment"}, id="A1111, JPEG"),
    pytest.param(photo("WEBP", comment=user_comment(A1111_TEXT)), {**CASTLE, "source": "exif:UserComment"},
                 id="A1111, WebP"),
    pytest.param(png({"parameters": FORGE_TEXT}), {"tool": "Forge", "cfg": 3.5, "model": "flux1-dev-Q8_0", "seed": "7",
                                                  "negative_prompt": None}, id="Forge with Flux"),
    pytest.param(png({"parameters": SDNEXT_TEXT}), {"tool": "SD.Next", "negative_prompt": "rain", "width": 1024,
                                                   "sampler": "Euler a", "model": "juggernaut"}, id="SD.Next"),
    pytest.param(png({"parameters": "a fox, Steps to heaven"}), {"prompt": "a fox, Steps to heaven", "certainty": 0.5},
                 id="a prompt without settings"),
    pytest.param(png({"parameters": "[red:blue:0.5] dress\nSteps: 20, Seed: 7, Size: 8x8"}),
                 {"prompt": "[red:blue:0.5] dress", "seed": "7"}, id="a prompt that begins with a bracket"),
    pytest.param(png({"parameters": "{red|blue} dress\nSteps: 20, Seed: 7, Size: 8x8"}),
                 {"prompt": "{red|blue} dress", "seed": "7"}, id="a prompt that begins with a brace"),
    pytest.param(png({"parameters": A1111_TEXT.replace("\n", " ")}),
                 {"seed": "18446744073709551615", "negative_prompt": "blurry, {curly}, lowres", "certainty": 0.95},
                 id="A1111 without its line breaks"),
    pytest.param(png({"parameters": "a fox Steps: 20, Sampler: Euler a"}), {"prompt": "a fox", "certainty": 0.8},
                 id="a line that ends in two settings"),
    pytest.param(png({"parameters": "a fox\nSteps: many, Sampler: Euler a, Seed: mine, CFG scale: 7, Size: 8x8"}),
                 {"prompt": "a fox", "steps": None, "seed": None, "cfg": 7.0, "certainty": 0.75},
                 id="settings with values that are none"),
    pytest.param(png({"parameters": "a fox\nSteps: many, Seed: mine, Size: large"}), {"certainty": 0.5},
                 id="settings that are all nonsense"),
    pytest.param(png({"parameters": FOOOCUS_A1111_TEXT, "fooocus_scheme": "a1111"}),
                 {"tool": "Fooocus", "prompt": "a fox", "loras": [{"name": "sd_xl_offset", "weight": 0.1}], "cfg": 4.0,
                  "model": "juggernautXL_v8"}, id="Fooocus, a1111 scheme"),
    pytest.param(png({"parameters": FOOOCUS, "fooocus_scheme": "fooocus"}),
                 {"tool": "Fooocus", "prompt": "a fox", "negative_prompt": "unrealistic", "seed": "5612903218873113098",
                  "model": "juggernautXL_v8", "steps": 30, "cfg": 4.0, "sampler": "dpmpp_2m_sde_gpu", "width": 1152,
                  "height": 896, "loras": [{"name": "sd_xl_offset.safetensors", "weight": 0.1}]},
                 id="Fooocus, own scheme"),
    pytest.param(photo(fields={0x9286: json.dumps(FOOOCUS), 0x927C: "fooocus"}),
                 {"tool": "Fooocus", "prompt": "a fox", "source": "exif:UserComment"}, id="Fooocus, JPEG"),
    pytest.param(png({"parameters": {"Prompt": "", "Full Prompt": ["still", "a fox"], "Base Model": "jugger",
                                     "Performance": "Speed", "LoRA 1": "x", "lora_combined_1": "ink : 0.5"}}),
                 {"tool": "Fooocus", "prompt": "still, a fox", "model": "jugger",
                  "loras": [{"name": "ink", "weight": 0.5}]}, id="Fooocus of old"),
    pytest.param(png({"invokeai_metadata": INVOKEAI}, "iTXt"),
                 {"tool": "InvokeAI", "prompt": "a harbour", "negative_prompt": "people", "model": "amixx_3",
                  "seed": "356120443", "steps": 40, "cfg": 7.5, "sampler": "dpmpp_2m_sde_k", "width": 1024,
                  "height": 768, "loras": [{"name": "ink", "weight": 0.75}], "certainty": 1.0}, id="InvokeAI"),
    pytest.param(png({"sd-metadata": SD_METADATA, "Dream": DREAM}),
                 {"source": "sd-metadata", "prompt": "a harbour", "negative_prompt": "people, boats", "seed": "42",
                  "model": "sd-1.5", "sampler": "k_lms", "width": 640}, id="InvokeAI 2"),
    pytest.param(png({"Dream": DREAM}),
                 {"source": "Dream", "prompt": "a harbour", "negative_prompt": "people", "seed": "1234", "steps": 50,
                  "cfg": 7.5, "sampler": "k_lms", "width": 640, "height": 512}, id="InvokeAI 1"),
    pytest.param(png(NOVELAI),
                 {"tool": "NovelAI", "prompt": "1girl, harbour", "negative_prompt": "lowres", "seed": "2718281828",
                  "model": "NovelAI Diffusion V4.5", "steps": 28, "cfg": 5.0, "width": 832, "height": 1216,
                  "sampler": "k_euler_ancestral"}, id="NovelAI"),
    pytest.param(png(NOVELAI_V4), {"prompt": "harbour\ngirl, red scarf", "negative_prompt": "lowres, text"},
                 id="NovelAI 4, a line for each character"),
    pytest.param(photo("WEBP", comment=user_comment(json.dumps(NOVELAI | {"Comment": json.dumps(NOVELAI["Comment"])}))),
                 {"tool": "NovelAI", "seed": "2718281828"}, id="NovelAI, WebP"),
    pytest.param(png({"prompt": graph(), "workflow": {}}), {"tool": "ComfyUI", "prompt": "a castle"}, id="ComfyUI"),
    pytest.param(png({"prompt": graph(), "parameters": "a castle"}), {"tool": "ComfyUI", "certainty": 1.0},
                 id="a sure graph before a text that may be anything"),
    pytest.param(png({"prompt": graph(positive=node("Mystery", clip=("model", 1))), "parameters": A1111_TEXT}),
                 {"tool": "A1111", "certainty": 1.0}, id="a sure text before an unsure graph"),
    pytest.param(photo("WEBP", fields={0x010F: "workflow:{}", 0x0110: f"prompt:{json.dumps(graph())}"}),
                 {"tool": "ComfyUI", "source": "exif:Model", "prompt": "a castle"}, id="ComfyUI, WebP"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), TOOLS)
def test_each_tool_is_read_from_its_own_format(data, expected):
    found = read_embedded(data)
    assert found.troubles == ()
    body = found.facts.to_json()
    assert {name: body[name] for name in expected} == expected
    assert found.facts.raw


@pytest.mark.parametrize("kind", ["tEXt", "zTXt", "iTXt", "iTXt packed"])
@pytest.mark.parametrize("behind_pixels", [False, True])
def test_every_kind_of_text_chunk_is_read_wherever_it_stands(kind, behind_pixels):
    data = png({"parameters": A1111_TEXT + ", Note: früh"}, kind, behind_pixels=behind_pixels)
    assert read_texts(data).texts == {"parameters": A1111_TEXT + ", Note: früh"}


def test_a_latin_1_text_is_read_as_what_it_is():
    assert read_texts(png({"parameters": "früh".encode("latin-1")})).texts == {"parameters": "früh"}


@pytest.mark.parametrize(
    ("comment", "endian", "text"),
    [
        pytest.param(user_comment("a café"), "<", "a café", id="big endian in a little-endian file, as A1111 does"),
        pytest.param(user_comment("a café", "utf-16-le"), "<", "a café", id="little endian"),
        pytest.param(user_comment("a café", "utf-16-le"), ">", "a café", id="little endian in a big-endian file"),
        pytest.param(user_comment("a café", "utf-16"), ">", "a café", id="with a byte order mark"),
        pytest.param(user_comment("冬の城", "utf-16-be"), ">", "冬の城", id="without a single zero byte"),
        pytest.param(user_comment("a café", "utf-8"), "<", "a café", id="UTF-8 behind the mark of UTF-16"),
        pytest.param(user_comment("a cafe", "ascii", b"ASCII\0\0\0"), "<", "a cafe", id="ASCII"),
        pytest.param(user_comment("a café", "latin-1", bytes(8)), "<", "a café", id="of no named encoding"),
        pytest.param(b"a cafe without a mark", "<", "a cafe without a mark", id="without a mark"),
        pytest.param(user_comment("冬", "iso2022_jp", b"JIS\0\0\0\0\0"), "<", "冬", id="Japanese"),
    ],
)
def test_a_user_comment_is_read_in_every_encoding(comment, endian, text):
    data = picture_bytes(file_format="JPEG", exif=exif_block(comment=comment, endian=endian))
    assert read_texts(data).texts == {"exif:UserComment": text}


def test_xmp_is_searched_for_what_it_says():
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description><exif:UserComment><rdf:Alt>'
        f'<rdf:li xml:lang="x-default">{A1111_TEXT.replace("<", "&lt;").replace(">", "&gt;")}</rdf:li>'
        "</rdf:Alt></exif:UserComment></rdf:Description></x:xmpmeta>"
    )
    for data in (
        png({"XML:com.adobe.xmp": packet}, "iTXt"),
        picture_bytes(file_format="JPEG", xmp=packet.encode()),
        picture_bytes(file_format="WEBP", xmp=packet.encode()),
    ):
        facts = read_embedded(data).facts
        assert (facts.prompt, facts.source) == (CASTLE["prompt"], "xmp:UserComment")


def test_a_picture_that_says_nothing_has_no_facts_and_no_trouble():
    for file_format in ("PNG", "JPEG", "WEBP", "GIF", "AVIF"):
        assert read_embedded(picture_bytes(file_format=file_format)) == Embedded()
    camera = photo(fields={0x010E: "OLYMPUS DIGITAL CAMERA", 0x010F: "OLYMPUS", 0x0131: "v1.0"})
    assert read_embedded(camera) == Embedded()
    assert read_embedded(png({"Comment": "Created with GIMP", "Software": "GIMP"})) == Embedded()


BOMB = zlib.compress(bytes(collected.MAX_TEXT + 1))

TROUBLES = [
    pytest.param(png_with(png_chunk(b"zTXt", b"parameters\0\0" + BOMB)), "`parameters` is damaged, or too long",
                 id="a packed bomb"),
    pytest.param(png_with(png_chunk(b"iTXt", b"prompt\0\1\0\0\0" + BOMB)), "`prompt` is damaged, or too long",
                 id="an international bomb"),
    pytest.param(png_with(png_chunk(b"zTXt", b"parameters\0\0no deflate")), "`parameters` is damaged", id="no deflate"),
    pytest.param(png_with(text_chunk("parameters", "x" * 50_000_000)), "50000011 bytes is too long", id="50 MB"),
    pytest.param(png_with(*(text_chunk(f"k{n}", "x") for n in range(200))), "more texts", id="too many texts"),
    pytest.param(png({"prompt": '{"3": {"class_type": '}), "`prompt` holds damaged JSON", id="torn JSON"),
    pytest.param(png({"prompt": '{"a":' * 100_000}), "`prompt` holds damaged JSON", id="deep JSON"),
    pytest.param(png({"prompt": '{"a":' * 100_000 + "1" + "}" * 100_000}), "`prompt` holds damaged JSON",
                 id="deep JSON that is whole"),
    pytest.param(png({"invokeai_metadata": "[1]"}), "`invokeai_metadata` holds no JSON object", id="a list"),
    pytest.param(png({"Dream": '"a harbour'}), "`Dream` holds no command line", id="an open quote"),
    pytest.param(png({"Software": "NovelAI", "Comment": "{"}), "`Comment` of NovelAI", id="torn settings"),
    pytest.param(png_with(png_chunk(b"eXIf", b"neither order")), "EXIF data is damaged", id="EXIF"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "trouble"), TROUBLES)
def test_what_cannot_be_read_is_told_and_is_no_error(data, trouble):
    found = read_embedded(data)
    assert found.facts is None
    assert len(found.troubles) == 1
    assert trouble in found.troubles[0]


def test_numbers_beyond_reason_are_left_out_and_long_seeds_kept():
    seed = str(2**128)
    text = f"a\nSteps: {seed}, Sampler: Euler, CFG scale: nan, Seed: {seed}, Size: 1e3x2"
    facts = a1111.read_infotext(text, "parameters")
    assert (facts.steps, facts.cfg, facts.width) == (None, None, None)
    assert facts.seed == seed
    digits = read_facts({"prompt": json.dumps(graph()).replace('"seed": 42', f'"seed": {"9" * 5000}')})
    assert (digits.facts.prompt, digits.facts.seed) == ("a castle", None)


def test_control_and_bidi_characters_stay_and_what_no_database_takes_is_marked():
    found = read_facts(
        {"prompt": json.dumps(graph(positive=node("CLIPTextEncode", text="a\x1b[31m \u202eb\0c\ud800")))}
    )
    assert found.facts.prompt == "a\x1b[31m \u202eb\ufffdc\ufffd"


def test_what_was_found_is_kept_short_and_a_graph_without_its_drawing():
    found = read_facts({"parameters": A1111_TEXT, "workflow": json.dumps({"nodes": []}), "Long": "x" * 50_000}).facts
    assert found.raw["parameters"] == A1111_TEXT
    assert sum(map(len, found.raw.values())) <= MAX_RAW + 100
    assert found.raw["Long"].endswith(" more characters)")
    assert "workflow" not in read_facts({"prompt": json.dumps(graph()), "workflow": json.dumps({})}).facts.raw


CANARIES = [
    "sk-proj-4ZdG8canaryA1b2C3d4E5f6",
    "sk-ant-api03-canary00112233445566",
    "hf_CanaryAbCdEfGhIjKlMn",
    "AKIACANARY0123456789",
    "r8_CanaryAbCdEfGhIjKlMnOpQr",
    "ghp_CanaryAbCdEfGhIjKlMnOpQrStUv",
    "AIzaSyCanary0123456789abcdefghijklmnop",
    "comfyui-canary0123456789abcdef0123456789",
    "eyJhbGciOiJIUzI1.eyJzdWIiOiJjYW5hcnk.c2lnbmF0dXJl",
]


@pytest.mark.parametrize("canary", CANARIES)
def test_no_key_of_a_known_shape_is_kept_in_any_field(canary):
    for texts in (
        {
            "parameters": f"a castle {canary}\nNegative prompt: {canary}\n"
            f"Steps: 2, Sampler: {canary}, Seed: 1, Model: {canary}"
        },
        {
            "prompt": json.dumps(
                graph(positive=node("CLIPTextEncode", text=f"a castle {canary}"), x=node("X", field=canary))
            )
        },
        {"invokeai_metadata": json.dumps({**INVOKEAI, "loras": [{"model": {"name": canary}}]}), "Other": canary},
    ):
        stored = json.dumps(read_facts(texts).facts.to_json())
        assert canary not in stored
        assert canary[8:-3] not in stored


@pytest.mark.parametrize(
    "name", ["api_key", "apikey", "OPENAI_API_KEY", "token", "hf_token", "secret", "password", "auth"]
)
def test_a_secret_that_is_named_in_the_graph_is_hidden_wherever_it_stands_unnamed(name):
    canary = "canary-of-no-known-shape"
    prompt = graph(
        api=node("ProviderNode", **{name: canary}), positive=node("CLIPTextEncode", text=f"a castle {canary}")
    )
    workflow = {"nodes": [{"id": 1, "type": "ProviderNode", "widgets_values": [canary, "auto"]}]}
    texts = {"workflow": json.dumps(workflow), "prompt": json.dumps(prompt), "note": f"see {canary}"}
    found = read_facts(texts).facts
    assert found.prompt == "a castle [hidden]"
    assert not found.raw["prompt"].endswith("more characters)")
    assert canary not in json.dumps(found.to_json())


def test_secrets_in_damaged_or_nested_text_are_hidden_by_their_name():
    for text in (
        '{"api_key": "canary-value", ',
        '"{\\"api_key\\": \\"canary-value\\"}"',
        "api_key=canary-value",
        "password: canary-value",
        "token = canary4value",
        "Authorization: Bearer canary.value.0123456",
    ):
        assert "canary" not in redacted(text), text


@pytest.mark.parametrize(
    "text",
    [
        "a secret garden, token of love, skateboard park, desk-organiser-with-many-drawers",
        "Token merging ratio: 0.5, Hypertile U-Net secret max depth: 2, key light: warm",
        '{"token_normalization": "none", "max_tokens": 512}',
        "hf_ r8_ sk- AKIA",
        'Model hash: 67ab2fd8ec, Lora hashes: "ink_style: 4a5b6c7d8e9f"',
    ],
)
def test_words_that_only_look_like_secrets_stay(text):
    assert redacted(text) == text


def test_a_sidecar_speaks_before_the_bytes_and_its_troubles_are_told():
    inside = read_embedded(png({"parameters": A1111_TEXT}))
    said = {"tool": "callsheet", "prompt": "a gate", "seed": 7, "loras": [{"name": "ink", "weight": 0.5}], "cfg": "4.5"}
    beside = with_sidecar(inside, json.dumps({"generation": said}).encode()).facts
    assert (beside.prompt, beside.seed, beside.cfg, beside.source, beside.certainty) == (
        "a gate",
        "7",
        4.5,
        "sidecar",
        1.0,
    )
    assert with_sidecar(inside, None) == with_sidecar(inside, b'{"tags": []}') == inside
    for damaged in (b"", b"{", b"[]", b"\xff\xfe", b'{"generation": 3}', b"[" * 100_000, b"x" * 2_000_000):
        found = with_sidecar(inside, damaged)
        assert found.facts == inside.facts
        assert "sidecar" in found.troubles[0]


def test_a_sidecar_brings_back_what_was_read():
    facts = read_embedded(png({"parameters": A1111_TEXT})).facts
    again = with_sidecar(Embedded(), json.dumps({"generation": facts.to_json()}).encode()).facts.to_json()
    changed = {"source", "reason", "raw"}
    assert {k: v for k, v in again.items() if k not in changed} == {
        k: v for k, v in facts.to_json().items() if k not in changed
    }


WORDS = st.text(alphabet='aZé冬\0\ud800\u202e{}[]":,\\-0129 \n<>', max_size=30)
NAMES = st.sampled_from(
    ["1", "2", "class_type", "inputs", "positive", "text", "seed", "steps", "nodes", "links", "id", "type", "image",
     "prompt", "loras", "model", "base_model", "caption", "uc", "scale"]
)  # fmt: skip
PLAIN = st.none() | st.booleans() | st.floats() | st.integers() | WORDS
SHALLOW = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(NAMES | WORDS, PLAIN, max_size=4)
MIDDLE = SHALLOW | st.lists(SHALLOW, max_size=3) | st.dictionaries(NAMES, SHALLOW, max_size=4)
JSON = MIDDLE | st.dictionaries(NAMES, MIDDLE, max_size=4)
PLACES = st.sampled_from(
    ["prompt", "workflow", "parameters", "Comment", "Description", "Software", "invokeai_metadata", "sd-metadata",
     "Dream", "exif:UserComment", "exif:Make"]
)  # fmt: skip


@given(st.dictionaries(PLACES, JSON.map(json.dumps) | WORDS, max_size=4))
def test_no_text_whatever_makes_the_reading_fail(texts):
    found = read_facts(texts)
    if found.facts is not None:
        json.dumps(found.facts.to_json(), allow_nan=False).encode()
        assert 0 <= found.facts.certainty <= 1


@given(
    st.sampled_from(
        [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", *(p.values[0][:400] for p in TOOLS[:3])]
    ),
    st.lists(
        st.binary(max_size=40) | st.sampled_from([b"tEXt", b"zTXt", b"Exif\0\0II*\0", b"EXIF", b"\xff\xe1"]), max_size=6
    ),
)
def test_no_bytes_whatever_make_the_reading_fail(head, rest):
    read_embedded(head + b"".join(rest))


@given(st.binary(max_size=300), st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"]))
def test_no_exif_whatever_makes_the_reading_fail(body, head):
    block = b"Exif\0\0" + head + body
    read_embedded(b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block) + 2) + block)


def test_the_example_of_the_documentation_prints_what_it_shows():
    page = Path(__file__).parents[2] / "docs/embedded.md"
    result = doctest.testfile(str(page), module_relative=False)
    assert (result.attempted, result.failed) == (5, 0)


def test_an_exif_directory_that_contains_itself_is_read_once():
    to_itself = struct.pack("<HHLL", 0x8769, 4, 1, 8)
    block = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 1) + to_itself + bytes(4)
    assert read_embedded(b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block) + 2) + block) == Embedded()


def test_a_quoted_setting_may_hold_commas():
    facts = a1111.read_infotext('a\nSteps: 2, Sampler: x, Lora hashes: "ink: 12, oil: 34", Seed: 5', "parameters")
    assert [lora.name for lora in facts.loras] == ["ink", "oil"]
    assert facts.seed == "5"
