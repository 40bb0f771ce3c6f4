"""English speech by a package, where it is installed: told when it is not, never fetching anything."""

import io
import sys
import wave
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

import pytest
from generation_builders import open_generation
from vendor_cases import context

from generation.errors import InvalidRequestError, ProviderFailedError
from generation.providers import hibari
from generation.providers.base import Health
from generation.providers.embedded import EmbeddedProvider, Made
from generation.providers.hibari import HibariProvider
from generation.providers.wave_files import wave_of_samples
from generation.request import GenerationRequest
from generation.result import Output
from generation.specs.model import Spec

IS_THERE = find_spec("hibari") is not None


def asked(text="Hello there.", **fields):
    return GenerationRequest("text_to_speech", "hibari", text, **fields)


@pytest.fixture
def package(monkeypatch):
    """A package of the same interface; `spoken` are the calls of its voices, `loaded` the voices."""
    made, voices = ModuleType("hibari"), ModuleType("hibari.voices")
    made.spoken, made.loaded, made.gives = [], [], [0.5] * 12_000
    made.__spec__ = ModuleSpec("hibari", None)

    class Hibari:
        def __init__(self, voice, model):
            made.loaded.append((voice, model))

        def __call__(self, text, speed, seed):
            made.spoken.append((text, speed, seed))
            if isinstance(made.gives, Exception):
                raise made.gives
            return made.gives

    def voice_path(name, download_missing=True):
        assert download_missing is False
        if name not in {"heart", "emma"}:
            raise ValueError(f"unknown voice {name}")
        if name == "emma":
            raise FileNotFoundError(name)
        return f"/{name}.onnx"

    made.Hibari, voices.voice_path = Hibari, voice_path
    monkeypatch.setitem(sys.modules, "hibari", made)
    monkeypatch.setitem(sys.modules, "hibari.voices", voices)
    return made


def test_speech_is_a_wav_file_of_sixteen_bits(package):
    result = HibariProvider().submit(asked(seed=7), context()).result
    (output,) = result.outputs
    assert (output.duration, output.sample_rate, output.seed) == (0.5, 24_000, 7)
    with wave.open(io.BytesIO(output.data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getnframes()) == (1, 2, 12_000)
        assert file.readframes(1) == (16_384).to_bytes(2, "little")
    assert (package.spoken, result.stand_in, str(result.cost.amount)) == ([("Hello there.", 1.0, 7)], True, "0")


def test_a_voice_is_loaded_once(package):
    provider = HibariProvider()
    provider.submit(asked(n=2, seed=1), context())
    provider.submit(asked(), context())
    assert package.loaded == [("heart", "/heart.onnx")]
    assert [seed for _, _, seed in package.spoken][:2] == [1, 2]


def test_what_is_louder_than_can_be_is_not_turned_round(package):
    package.gives = [2.0, -2.0]
    (output,) = HibariProvider().submit(asked(), context()).result.outputs
    assert output.data[-4:] == (32_767).to_bytes(2, "little") + (-32_767).to_bytes(2, "little", signed=True)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"voice": "emma"}, "voice"),
        ({"voice": "../x"}, "voice"),
        ({"language": "de"}, "language"),
        ({"prompt": " "}, "prompt"),
        ({"prompt": "x" * 20_001}, "prompt"),
    ],
)
def test_what_it_cannot_speak_is_refused_and_nothing_is_fetched(package, fields, field):
    text = fields.pop("prompt", "Hello")
    with pytest.raises(InvalidRequestError) as caught:
        HibariProvider().submit(asked(text, **fields), context())
    assert (caught.value.field, package.spoken) == (field, [])


def test_a_speed_out_of_its_range_is_told(package):
    result = HibariProvider().submit(asked(speed=9.0), context()).result
    assert [(item.field, item.used) for item in result.adjustments] == [("speed", 2.0)]
    assert package.spoken[0][1] == 2.0


def test_a_fault_of_the_package_is_a_failure_of_the_provider(package):
    package.gives = RuntimeError("onnx \x1b[31m")
    with pytest.raises(ProviderFailedError) as caught:
        HibariProvider().submit(asked(), context())
    assert "\x1b" not in caught.value.message


def test_a_text_without_words_is_told(package):
    package.gives = []
    with pytest.raises(InvalidRequestError):
        HibariProvider().submit(asked("…"), context())


def test_where_it_is_not_installed_it_says_what_brings_it(monkeypatch):
    monkeypatch.setattr(hibari, "find_spec", lambda _: None)
    health = HibariProvider().check()
    assert (health.state, "callsheet[speech]" in health.detail) == ("absent", True)


def test_what_it_cannot_speak_another_one_of_this_machine_does(package, tmp_path):
    class Robot(EmbeddedProvider):
        name, model, operation, accepts = "espeak-ng", "espeak-ng", "text_to_speech", frozenset({"language"})

        def check(self):
            return Health("ready", "here")

        def make(self, request, context):
            return Made([Output(wave_of_samples(b"\0\1" * 9000, 24_000), "audio/wav")])

    spec = Spec(
        id="say", asset_type="audio", operation="text_to_speech", providers=("vendor",), prompt="Auf!",
        parameters={"language": "de"},
    )  # fmt: skip
    with open_generation(tmp_path, Robot(), HibariProvider()) as generation:
        job = generation.generate([spec]).only()
        assert (job.state, job.provider, job.stand_in) == ("done", "espeak-ng", True)


@pytest.mark.skipif(not IS_THERE, reason="hibari-tts is not installed")
def test_the_true_package_speaks():
    (output,) = HibariProvider().submit(asked("The gate is open.", seed=1), context()).result.outputs
    assert 0.6 < output.duration < 4
