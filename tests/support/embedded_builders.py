"""Pictures with embedded data, each in the format of the tool that would have written it; graphs of ComfyUI."""

import gzip
import io
import json
import struct
import zlib

from gallery_builders import picture_bytes
from PIL import Image

USER_COMMENT, EXIF_IFD = 0x9286, 0x8769


def png_chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def text_chunk(keyword, text, kind="tEXt"):
    """A text chunk of a PNG: `tEXt`, `zTXt` (packed), `iTXt`, or `iTXt packed`."""
    key, body = keyword.encode("latin-1"), text if isinstance(text, bytes) else text.encode()
    if kind == "tEXt":
        return png_chunk(b"tEXt", key + b"\0" + body)
    if kind == "zTXt":
        return png_chunk(b"zTXt", key + b"\0\0" + zlib.compress(body))
    packed = kind == "iTXt packed"
    return png_chunk(b"iTXt", key + b"\0" + bytes([packed, 0]) + b"\0\0" + (zlib.compress(body) if packed else body))


def png_with(*chunks, behind_pixels=False, **options):
    """A PNG with these chunks behind its header, or between the pixels and the end."""
    data = picture_bytes(**options)
    at = len(data) - 12 if behind_pixels else 33
    return data[:at] + b"".join(chunks) + data[at:]


def png(texts, kind="tEXt", **options):
    """A PNG with these texts by keyword; what is no text is written as JSON."""
    return png_with(*(text_chunk(name, _written(text), kind) for name, text in texts.items()), **options)


def _written(text):
    return text if isinstance(text, str | bytes) else json.dumps(text)


def user_comment(text, encoding="utf-16-be", mark=b"UNICODE\0"):
    return mark + text.encode(encoding)


def exif_block(fields=None, comment=None, endian="<"):
    """EXIF with texts in its first directory and a user comment in the second, of either byte order."""
    exif = Image.Exif()
    exif.endian = endian
    for tag, text in (fields or {}).items():
        exif[tag] = text
    if comment is not None:
        exif.get_ifd(EXIF_IFD)[USER_COMMENT] = comment
    return exif.tobytes()


def photo(file_format="JPEG", **exif):
    """A JPEG or WebP with EXIF, as `exif_block` takes it."""
    return picture_bytes(file_format=file_format, exif=exif_block(**exif))


def hidden_png(text, size=(64, 64), signature=b"stealth_pngcomp"):
    """A PNG without texts that hides one in the lowest bits of its alpha values, as NovelAI does."""
    packed = gzip.compress(text.encode(), mtime=0)
    content = signature + (8 * len(packed)).to_bytes(4) + packed
    bits = [byte >> place & 1 for byte in content for place in range(7, -1, -1)]
    width, height = size
    assert len(bits) <= width * height
    image = Image.new("RGBA", size, (90, 120, 30, 254))
    pixels = image.load()
    for number, bit in enumerate(bits):
        column, row = divmod(number, height)
        pixels[column, row] = (90, 120, 30, 254 | bit)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def hidden_novelai(settings):
    """The JSON that NovelAI hides: the texts it also writes, its settings being JSON in one of them."""
    return json.dumps({name: _written(value) for name, value in settings.items()})


def opened(data):
    return Image.open(io.BytesIO(data))


A1111_TEXT = """masterpiece, a castle (gate:1.2), <lora:ink_style:0.7>
at dusk
Negative prompt: blurry, {curly},
lowres
Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 18446744073709551615, Size: 832x1216, \
Model hash: 67ab2fd8ec, Model: ponyXL_v6, VAE: sdxl.vae, Lora hashes: "ink_style: 4a5b6c7d8e9f", Version: v1.10.1"""

FORGE_TEXT = """a knight
Steps: 20, Sampler: Euler, Schedule type: Simple, CFG scale: 1, Distilled CFG Scale: 3.5, Seed: 7, Size: 896x1152, \
Model: flux1-dev-Q8_0, Version: f2.0.1v1.10.1-previous-665-gae278f79, Module 1: ae"""

SDNEXT_TEXT = """a knight
Negative prompt: rain
Steps: 20, Size: 1024x1024, Sampler: Euler a, Seed: 11, CFG scale: 6, Model: juggernaut, App: SD.Next, \
Version: 2a3b4c5, Parser: native, Pipeline: StableDiffusionXLPipeline"""

FOOOCUS_A1111_TEXT = """a fox
Negative prompt: unrealistic
Steps: 30, Sampler: DPM++ 2M SDE Karras, Seed: 5, Size: 1152x896, CFG scale: 4.0, Sharpness: 2.0, \
ADM Guidance: "(1.5, 0.8, 0.3)", Model: juggernautXL_v8, Model hash: aeb7e9e689, Performance: Speed, \
Lora hashes: "sd_xl_offset: 4852686128", Lora weights: "sd_xl_offset: 0.1", Version: Fooocus v2.5.5"""

FOOOCUS = {
    "adm_guidance": "(1.5, 0.8, 0.3)",
    "base_model": "juggernautXL_v8",
    "base_model_hash": "aeb7e9e689",
    "full_negative_prompt": ["unrealistic", "low contrast"],
    "full_prompt": ["cinematic still a fox", "sharp"],
    "guidance_scale": 4.0,
    "loras": [["sd_xl_offset.safetensors", 0.1, "4852686128"], ["None", 1.0, ""]],
    "metadata_scheme": "fooocus",
    "negative_prompt": "unrealistic",
    "performance": "Speed",
    "prompt": "a fox",
    "refiner_model": "None",
    "resolution": "(1152, 896)",
    "sampler": "dpmpp_2m_sde_gpu",
    "scheduler": "karras",
    "seed": "5612903218873113098",
    "sharpness": 2.0,
    "steps": 30,
    "styles": "['Fooocus V2']",
    "version": "Fooocus v2.5.5",
}

INVOKEAI = {
    "app_version": "4.2.8",
    "generation_mode": "sdxl_txt2img",
    "positive_prompt": "a harbour",
    "negative_prompt": "people",
    "width": 1024,
    "height": 768,
    "seed": 356120443,
    "cfg_scale": 7.5,
    "steps": 40,
    "scheduler": "dpmpp_2m_sde_k",
    "model": {"key": "k1", "hash": "blake3:00", "name": "amixx_3", "base": "sdxl", "type": "main"},
    "loras": [{"model": {"key": "k2", "name": "ink", "base": "sdxl"}, "weight": 0.75}],
}

SD_METADATA = {
    "model": "stable diffusion",
    "model_id": "sd-1.5",
    "model_weights": "sd-1.5",
    "model_hash": "00",
    "app_id": "invoke-ai/InvokeAI",
    "app_version": "2.3.0",
    "image": {
        "prompt": [{"prompt": "a harbour [people, boats]", "weight": 1.0}],
        "steps": 50,
        "cfg_scale": 7.5,
        "threshold": 0,
        "perlin": 0,
        "height": 512,
        "width": 640,
        "seed": 42,
        "type": "txt2img",
        "sampler": "k_lms",
        "postprocessing": None,
        "variations": [],
    },
}

DREAM = '"a harbour [people]" -s 50 -S 1234 -W 640 -H 512 -C 7.5 -A k_lms'

NOVELAI = {
    "Title": "AI generated image",
    "Description": "1girl, harbour",
    "Software": "NovelAI",
    "Source": "NovelAI Diffusion V4.5 4BDE2A90",
    "Comment": {
        "prompt": "1girl, harbour",
        "steps": 28,
        "height": 1216,
        "width": 832,
        "scale": 5.0,
        "seed": 2718281828,
        "sampler": "k_euler_ancestral",
        "noise_schedule": "karras",
        "strength": 0.7,
        "noise": 0.1,
        "uc": "lowres",
    },
}

NOVELAI_V4 = {
    **NOVELAI,
    "Comment": {
        **NOVELAI["Comment"],
        "v4_prompt": {"caption": {"base_caption": "harbour", "char_captions": [{"char_caption": "girl, red scarf"}]}},
        "v4_negative_prompt": {"caption": {"base_caption": "lowres, text", "char_captions": []}},
    },
}


def node(kind, **inputs):
    """A node of a graph as it ran; a link to another one is `("id", slot)`."""
    linked = {name: list(value) if isinstance(value, tuple) else value for name, value in inputs.items()}
    return {"class_type": kind, "inputs": linked, "_meta": {"title": kind}}


def encode(text):
    return node("CLIPTextEncode", text=text, clip=("model", 1))


def ksampler(**changes):
    """What most graphs have, with these inputs changed."""
    usual = {
        "seed": 42,
        "steps": 30,
        "cfg": 5.5,
        "sampler_name": "euler",
        "scheduler": "karras",
        "denoise": 1.0,
        "model": ("model", 0),
        "positive": ("positive", 0),
        "negative": ("negative", 0),
        "latent_image": ("latent", 0),
    }
    return node("KSampler", **{**usual, **changes})


def graph(**nodes):
    """The usual graph from checkpoint to saved image, with these nodes added or put in place; None takes one away."""
    usual = {
        "negative": encode("blurry"),  # first on purpose: who takes the first text for the prompt is found out
        "save": node("SaveImage", filename_prefix="x", images=("decode", 0)),
        "decode": node("VAEDecode", samples=("sampler", 0), vae=("model", 2)),
        "sampler": ksampler(),
        "positive": encode("a castle"),
        "latent": node("EmptyLatentImage", width=832, height=1216, batch_size=1),
        "model": node("CheckpointLoaderSimple", ckpt_name="dream.safetensors"),
    }
    return {name: made for name, made in {**usual, **nodes}.items() if made is not None}


def workflow_of(prompt, types=None):
    """The editor's copy of a graph: nodes, links with types. `types`: `{(node, slot): (name, type)}` of outputs."""
    known = types or {}
    names = list(prompt)
    links, nodes = [], []
    for name, made in prompt.items():
        inputs = []
        for place, value in made["inputs"].items():
            if isinstance(value, list) and len(value) == 2 and value[0] in names:
                kind = known.get((value[0], value[1]), ("", _type_of(place)))[1]
                links.append([len(links) + 1, value[0], value[1], name, len(inputs), kind])
                inputs.append({"name": place, "type": kind, "link": len(links)})
        widgets = [value for value in made["inputs"].values() if not isinstance(value, list)]
        outputs = [{"name": known[key][0], "type": known[key][1]} for key in sorted(known) if key[0] == name]
        nodes.append(
            {"id": name, "type": made["class_type"], "inputs": inputs, "outputs": outputs, "widgets_values": widgets}
        )
    return {"last_node_id": len(nodes), "nodes": nodes, "links": links, "version": 0.4}


def _type_of(place):
    for part in ("model", "clip", "vae", "latent", "image"):
        if place.startswith(part):
            return part.upper()
    return {"positive": "CONDITIONING", "negative": "CONDITIONING", "samples": "LATENT"}.get(place, "CONDITIONING")
