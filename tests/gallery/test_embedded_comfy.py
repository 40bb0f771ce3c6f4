"""ComfyUI graphs: what is read from them, and how sure it is. The shapes are those in which prompts get lost."""

import json

import pytest
from embedded_builders import encode, graph, ksampler, node, workflow_of

from gallery.embedded.comfy import read
from gallery.embedded.facts import UnreadableError


def facts_of(prompt, workflow=None):
    texts = {"prompt": json.dumps(prompt)}
    return read(texts if workflow is None else {**texts, "workflow": json.dumps(workflow)})


def test_the_usual_graph_is_read_whole_and_for_certain():
    found = facts_of(graph())
    said = {key: value for key, value in found.to_json().items() if value is not None}
    assert said == {
        "tool": "ComfyUI",
        "prompt": "a castle",
        "negative_prompt": "blurry",
        "model": "dream.safetensors",
        "seed": "42",
        "steps": 30,
        "cfg": 5.5,
        "sampler": "euler",
        "width": 832,
        "height": 1216,
        "loras": [],
        "source": "prompt",
        "certainty": 1.0,
        "reason": "read along the graph from the saved image",
        "raw": {},
        "stand_in": False,
    }


FLUX = {
    "save": node("SaveImage", images=("decode", 0)),
    "decode": node("VAEDecode", samples=("sampler", 0), vae=("vae", 0)),
    "vae": node("VAELoader", vae_name="ae.safetensors"),
    "sampler": node(
        "SamplerCustomAdvanced",
        noise=("noise", 0),
        guider=("guider", 0),
        sampler=("select", 0),
        sigmas=("split", 1),
        latent_image=("latent", 0),
    ),
    "noise": node("RandomNoise", noise_seed=99999999999999999999),
    "select": node("KSamplerSelect", sampler_name="dpmpp_2m"),
    "split": node("SplitSigmas", sigmas=("schedule", 0), step=2),
    "schedule": node("BasicScheduler", scheduler="simple", steps=21, denoise=1, model=("shift", 0)),
    "guider": node("BasicGuider", model=("shift", 0), conditioning=("guidance", 0)),
    "guidance": node("FluxGuidance", guidance=3.5, conditioning=("positive", 0)),
    "positive": node("CLIPTextEncode", text="a fox", clip=("clip", 0)),
    "clip": node("DualCLIPLoader", clip_name1="t5", clip_name2="clip_l", type="flux"),
    "shift": node("ModelSamplingFlux", max_shift=1.15, base_shift=0.5, width=1, height=1, model=("lora", 0)),
    "lora": node("LoraLoaderModelOnly", lora_name="ink.safetensors", strength_model=0.9, model=("unet", 0)),
    "unet": node("UnetLoaderGGUF", unet_name="flux1-dev-Q8_0.gguf"),
    "latent": node("EmptySD3LatentImage", width=1024, height=768, batch_size=1),
}


def test_flux_with_a_guider_noise_and_sigmas_is_read_whole():
    found = facts_of(FLUX)
    assert (found.prompt, found.negative_prompt, found.model) == ("a fox", None, "flux1-dev-Q8_0.gguf")
    assert (found.seed, found.steps, found.cfg, found.sampler) == ("99999999999999999999", 21, 3.5, "dpmpp_2m")
    assert (found.width, found.height, found.certainty) == (1024, 768, 1.0)
    assert [(lora.name, lora.weight) for lora in found.loras] == [("ink.safetensors", 0.9)]


def controlled(**wires):
    control = node(
        "ControlNetApplyAdvanced",
        positive=("positive", 0),
        negative=("negative", 0),
        control_net=("net", 0),
        image=("picture", 0),
        strength=1.0,
    )
    return graph(
        control=control,
        net=node("ControlNetLoader", control_net_name="depth"),
        picture=node("LoadImage", image="depth.png"),
        sampler=ksampler(**wires),
    )


TEXT_SHAPES = [
    pytest.param(graph(negative=node("ConditioningZeroOut", conditioning=("positive", 0))), "a castle", None, 1.0,
                 id="a zeroed negative is none, though it hangs from the prompt"),
    pytest.param(graph(sampler=ksampler(negative=("positive", 0))), "a castle", "a castle", 1.0,
                 id="one text wired to both is both"),
    pytest.param(controlled(positive=("control", 0), negative=("control", 1)), "a castle", "blurry", 1.0,
                 id="both go through one ControlNet and stay apart"),
    pytest.param(controlled(positive=("control", 1), negative=("control", 0)), "blurry", "a castle", 0.8,
                 id="wires that cross behind a ControlNet are followed as they are, and said"),
    pytest.param(
        graph(
            positive=node("ConditioningCombine", conditioning_1=("one", 0), conditioning_2=("area", 0)),
            one=encode("a castle"),
            area=node("ConditioningSetArea", conditioning=("two", 0), width=64, height=64, x=0, y=0, strength=1.0),
            two=encode("a dragon"),
        ), "a castle\na dragon", "blurry", 1.0, id="combined conditionings are all there, in order"),
    pytest.param(
        graph(
            positive=node("ConditioningConcat", conditioning_to=("one", 0), conditioning_from=("two", 0)),
            one=encode("a castle"),
            two=encode("at dusk"),
        ), "a castle\nat dusk", "blurry", 1.0, id="concatenated conditionings are both there"),
    pytest.param(
        graph(
            positive=node("ConditioningAverage", conditioning_to=("one", 0), conditioning_from=("two", 0),
                          conditioning_to_strength=1),
            one=encode("a castle"),
            two=encode("unused"),
        ), "a castle", "blurry", 1.0, id="an average of one side alone is that side"),
    pytest.param(
        graph(
            positive=encode(("join", 0)),
            join=node("StringConcatenate", string_a=("style", 0), string_b="a castle", delimiter=", "),
            style=node("PrimitiveStringMultiline", value="oil painting"),
        ), "oil painting, a castle", "blurry", 1.0, id="texts put together from parts"),
    pytest.param(
        graph(
            positive=encode(("join", 0)),
            join=node("CR Text Concatenate", text1=("route", 0), text2=("word", 0), separator=" | "),
            route=node("Reroute", **{"": ("word", 0)}),
            word=node("Text Multiline", text="knight"),
        ), "knight | knight", "blurry", 1.0, id="one text used twice is there twice"),
    pytest.param(
        graph(positive=node("CLIPTextEncodeSDXL", text_g="a castle", text_l="oil, canvas", width=1, height=1,
                            clip=("model", 1))),
        "a castle\noil, canvas", "blurry", 1.0, id="the two texts of SDXL"),
    pytest.param(
        graph(positive=node("CLIPTextEncodeFlux", clip_l="a castle", t5xxl="a castle", guidance=3.5,
                            clip=("model", 1))),
        "a castle", "blurry", 1.0, id="the same text for both encoders of Flux is one"),
    pytest.param(
        graph(
            positive=encode(("styler", 0)),
            negative=encode(("styler", 1)),
            styler=node("SDXLPromptStyler", text_positive="a castle", text_negative="blurry", style="sai-anime"),
        ), "a castle", "blurry", 0.9, id="a styler that gives both"),
    pytest.param(
        graph(
            sampler=node("KSampler (Efficient)", seed=42, steps=30, cfg=5.5, sampler_name="euler", scheduler="normal",
                         model=("loader", 0), positive=("loader", 1), negative=("loader", 2),
                         latent_image=("loader", 3)),
            loader=node("Efficient Loader", ckpt_name="dream.safetensors", positive="a castle", negative="blurry",
                        empty_latent_width=832, empty_latent_height=1216),
        ), "a castle", "blurry", 0.9, id="a loader that holds both texts"),
    pytest.param(
        graph(
            sampler=node("KSampler //Inspire (pipe)", basic_pipe=("pipe", 0), seed=42, steps=30, cfg=5.5,
                         sampler_name="euler", latent_image=("latent", 0)),
            pipe=node("ToBasicPipe", model=("model", 0), clip=("model", 1), vae=("model", 2),
                      positive=("positive", 0), negative=("negative", 0)),
        ), "a castle", "blurry", 1.0, id="everything through one pipe"),
    pytest.param(
        graph(
            positive=node("MysteryMixer", first=("one", 0), picture=("load", 0), clip=("model", 1)),
            one=encode("a castle"),
            load=node("LoadImage", image="x.png"),
        ), "a castle", "blurry", 0.8, id="an unknown node is gone through, and said"),
    pytest.param(graph(positive=node("MysteryEncode", words="a castle", mode="fast", clip=("model", 1))),
                 "a castle", "blurry", 0.7, id="an unknown encoder: its text, not its settings"),
    pytest.param(graph(positive=encode(("wild", 0)), wild=node("ImpactWildcardProcessor", seed=3,
                                                               wildcard_text="a {castle|inn}",
                                                               populated_text="a castle")),
                 "a castle", "blurry", 1.0, id="wildcards as they were filled in"),
    pytest.param(graph(positive=encode(("llm", 0)), llm=node("OllamaGenerate", prompt="Describe a castle", seed=1)),
                 None, "blurry", 0.2, id="a text that a language model wrote is not in the file"),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "positive", "negative", "certainty"), TEXT_SHAPES)
def test_positive_and_negative_are_told_by_the_wires(prompt, positive, negative, certainty):
    found = facts_of(prompt)
    assert (found.prompt, found.negative_prompt) == (positive, negative)
    assert (found.model, found.seed, found.steps, found.cfg) == ("dream.safetensors", "42", 30, 5.5)
    assert (found.width, found.height) == (832, 1216)
    assert found.certainty == certainty, found.reason
    assert (found.reason == "read along the graph from the saved image") == (certainty == 1.0)


@pytest.mark.parametrize(("prompt", "positive", "negative", "certainty"), TEXT_SHAPES)
def test_the_order_of_the_nodes_changes_nothing(prompt, positive, negative, certainty):
    assert facts_of(dict(reversed(prompt.items()))) == facts_of(prompt)


def test_of_two_stages_the_last_counts_with_the_seed_that_made_noise():
    prompt = graph(
        sampler=node(
            "KSamplerAdvanced", add_noise="disable", noise_seed=0, steps=25, cfg=8.0, sampler_name="dpmpp_2m",
            scheduler="karras", start_at_step=20, end_at_step=10000, model=("refiner", 0), positive=("refined", 0),
            negative=("negative", 0), latent_image=("base", 0),
        ),
        base=node(
            "KSamplerAdvanced", add_noise="enable", noise_seed=721897303308196, steps=25, cfg=8.0, sampler_name="euler",
            scheduler="normal", start_at_step=0, end_at_step=20, model=("model", 0), positive=("positive", 0),
            negative=("negative", 0), latent_image=("latent", 0),
        ),
        refiner=node("CheckpointLoaderSimple", ckpt_name="refiner.safetensors"),
        refined=encode("a castle, sharp"),
    )  # fmt: skip
    found = facts_of(prompt)
    assert (found.prompt, found.model, found.sampler) == ("a castle, sharp", "refiner.safetensors", "dpmpp_2m")
    assert (found.seed, found.width, found.certainty) == ("721897303308196", 832, 1.0)


def test_of_several_saved_images_the_one_of_most_stages_is_told_and_doubted():
    prompt = graph(
        upscaled=node("LatentUpscale", samples=("sampler", 0), width=1664, height=2432),
        second=ksampler(seed=43, latent_image=("upscaled", 0), denoise=0.5),
        decode_second=node("VAEDecode", samples=("second", 0), vae=("model", 2)),
        save_second=node("SaveImage", images=("decode_second", 0)),
    )
    found = facts_of(prompt)
    assert (found.seed, found.width, found.height, found.certainty) == ("43", 1664, 2432, 0.6)
    assert "2 images are saved" in found.reason


def test_a_preview_is_no_saved_image():
    prompt = graph(
        second=ksampler(seed=43, latent_image=("sampler", 0)),
        decode_second=node("VAEDecode", samples=("second", 0), vae=("model", 2)),
        preview=node("PreviewImage", images=("decode_second", 0)),
    )
    assert (facts_of(prompt).seed, facts_of(prompt).certainty) == ("42", 1.0)


def test_loras_are_named_in_the_order_from_the_model_with_stacks_and_without_those_switched_off():
    prompt = graph(
        sampler=ksampler(model=("power", 0)),
        power=node(
            "Power Lora Loader (rgthree)",
            model=("plain", 0),
            lora_1={"on": True, "lora": "c.safetensors", "strength": 0.5},
            lora_2={"on": False, "lora": "off.safetensors", "strength": 1},
        ),
        plain=node("LoraLoader", model=("applied", 0), clip=("model", 1), lora_name="b", strength_model=("number", 0)),
        number=node("PrimitiveFloat", value=0.25),
        applied=node("CR Apply LoRA Stack", model=("model", 0), clip=("model", 1), lora_stack=("stack", 0)),
        stack=node("LoRA Stacker", lora_name_1="a", lora_wt_1=0.1, lora_name_2="None", lora_wt_2=1.0,
                   lora_name_3="zero", lora_wt_3=0),
    )  # fmt: skip
    found = facts_of(prompt)
    assert [(lora.name, lora.weight) for lora in found.loras] == [("a", 0.1), ("b", 0.25), ("c.safetensors", 0.5)]
    assert found.model == "dream.safetensors"


def test_the_editors_copy_tells_which_output_of_an_unknown_node_is_which():
    prompt = graph(
        sampler=ksampler(positive=("both", 2), negative=("both", 0)),
        both=node("MysteryPair", positive="a castle", negative="blurry"),
    )
    types = {
        ("both", 0): ("NEGATIVE", "CONDITIONING"),
        ("both", 1): ("x", "INT"),
        ("both", 2): ("POSITIVE", "CONDITIONING"),
    }
    found = facts_of(prompt, workflow_of(prompt, types))
    assert (found.prompt, found.negative_prompt, found.certainty) == ("a castle", "blurry", 1.0)


def test_by_the_types_of_the_editors_copy_an_unknown_node_is_asked_for_text_alone():
    prompt = graph(
        positive=node("Mystery", first=("wrong", 0), second=("right", 0)),
        wrong=node("MysteryModel", text="not this"),
        right=encode("a castle"),
    )
    types = {("wrong", 0): ("out", "MYSTERY_MODEL"), ("right", 0): ("out", "CONDITIONING")}
    assert facts_of(prompt, workflow_of(prompt, types)).prompt == "a castle"


def test_the_editors_drawing_alone_is_read_with_doubt():
    drawing = {
        "nodes": [
            {"id": 1, "type": "CheckpointLoaderSimple", "widgets_values": ["dream.safetensors"]},
            {
                "id": 2,
                "type": "CLIPTextEncode",
                "inputs": [{"name": "clip", "link": 1}],
                "widgets_values": ["a castle"],
            },
            {"id": 3, "type": "CLIPTextEncode", "inputs": [{"name": "clip", "link": 2}], "widgets_values": ["blurry"]},
            {"id": 4, "type": "SetNode", "inputs": [{"name": "*", "link": 3}], "widgets_values": ["pos"]},
            {"id": 5, "type": "GetNode", "inputs": [], "widgets_values": ["pos"]},
            {
                "id": 6,
                "type": "KSampler",
                "inputs": [
                    {"name": "model", "link": 7},
                    {"name": "positive", "link": 4},
                    {"name": "negative", "link": 5},
                ],
                "widgets_values": [42, "randomize", 30, 5.5, "euler", "karras", 1],
            },
            {"id": 7, "type": "VAEDecode", "inputs": [{"name": "samples", "link": 6}]},
            {"id": 8, "type": "SaveImage", "inputs": [{"name": "images", "link": 8}], "widgets_values": ["x"]},
            {
                "id": 9,
                "type": "LoraLoaderModelOnly",
                "mode": 4,
                "inputs": [{"name": "model", "link": 9}],
                "widgets_values": ["bypassed", 1.0],
            },
            {"id": 10, "type": "SaveImage", "mode": 2, "inputs": [{"name": "images", "link": 8}]},
        ],
        "links": [
            *([1, 1, 1, 2, 0, "CLIP"], [2, 1, 1, 3, 0, "CLIP"], [3, 2, 0, 4, 0, "*"], [4, 5, 0, 6, 1, "*"]),
            *([5, 3, 0, 6, 2, "CONDITIONING"], [6, 6, 0, 7, 0, "LATENT"], [7, 9, 0, 6, 0, "MODEL"]),
            *([8, 7, 0, 8, 0, "IMAGE"], [9, 1, 0, 9, 0, "MODEL"]),
        ],
    }
    found = read({"workflow": json.dumps(drawing)})
    assert (found.prompt, found.negative_prompt, found.model) == ("a castle", "blurry", "dream.safetensors")
    assert (found.seed, found.steps, found.cfg, found.sampler, found.loras) == ("42", 30, 5.5, "euler", ())
    assert (found.source, found.certainty) == ("workflow", 0.8)


def test_a_picture_that_a_provider_made_for_the_graph_has_a_prompt_and_a_doubt():
    prompt = {
        "save": node("SaveImage", images=("made", 0)),
        "made": node("OpenAIGPTImage1", prompt="a castle", seed=5, model="gpt-image-1", quality="low"),
    }
    found = facts_of(prompt)
    assert (found.prompt, found.model, found.seed, found.certainty) == ("a castle", "gpt-image-1", "5", 0.6)


@pytest.mark.parametrize(
    "prompt",
    [
        pytest.param(graph(positive=node("Reroute", value=("positive", 0))), id="a node linked to itself"),
        pytest.param(
            graph(
                positive=encode(("one", 0)), one=node("Join", text_a=("two", 0)), two=node("Join", text_a=("one", 0))
            ),
            id="texts that wait for each other",
        ),
        pytest.param(graph(latent=node("Loop", samples=("sampler", 0))), id="a sampler fed by itself"),
        pytest.param(graph(model=node("Loop", model=("sampler", 0), value=("sampler", 0))), id="a model in a circle"),
        pytest.param(
            graph(
                positive=node("Reroute", value=("r0", 0)),
                **{f"r{n}": node("Reroute", value=(f"r{n + 1}", 0)) for n in range(5_000)},
            ),
            id="a chain of thousands",
        ),
        pytest.param(
            graph(
                positive=encode(("t0", 0)),
                **{f"t{n}": node("Join", text_a=(f"t{n + 1}", 0), text_b=(f"t{n + 1}", 0)) for n in range(60)},
                t60=node("Text", text="x" * 50),
            ),
            id="a text doubled sixty times",
        ),
    ],
)
def test_no_graph_leads_the_walk_into_the_endless(prompt):
    found = facts_of(prompt)
    assert found.negative_prompt == "blurry"
    assert len(found.prompt or "") <= 100_000


@pytest.mark.parametrize(
    "prompt",
    [
        {},
        {"1": None},
        {"1": {"class_type": 7, "inputs": []}},
        {"1": {"class_type": "KSampler", "inputs": {"positive": [None, 0], "seed": [1, 2, 3]}}},
        {
            "1": {
                "class_type": "KSampler",
                "inputs": {"positive": ["1", "x"], "seed": float("nan"), "steps": float("inf")},
            }
        },
        {"1": {"class_type": "SaveImage", "inputs": {"images": [["2"], 0]}}},
        graph(sampler=ksampler(seed=True, steps=-1, cfg="much", sampler_name=7)),
    ],
)
def test_values_of_the_wrong_kind_are_nobody_s_error(prompt):
    found = facts_of(prompt)
    assert found is None or (found.steps is None and found.cfg is None)


def test_damaged_json_is_named():
    with pytest.raises(UnreadableError, match="`prompt` holds damaged JSON"):
        read({"prompt": '{"3": {"class_type": "KSamp'})


def test_a_prompt_in_words_is_no_graph():
    assert read({"prompt": "a castle"}) is None


def test_a_graph_stands_in_exif_behind_a_label_or_alone():
    written = json.dumps(graph())
    for place, text in (("exif:Model", f"prompt:{written}"), ("exif:UserComment", written),
                        ("exif:UserComment", json.dumps({"prompt": graph()}))):  # fmt: skip
        found = read({place: text})
        assert (found.prompt, found.source) == ("a castle", place)
