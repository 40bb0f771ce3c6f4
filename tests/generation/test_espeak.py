"""Speech by a program of this machine: text is text, time is limited, its own word of its length is not believed."""

import shutil
import struct
import sys
import wave
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from vendor_cases import NOON, context

from generation.errors import InvalidRequestError, ProviderFailedError, TransientError
from generation.providers.espeak import EspeakProvider, found_program
from generation.request import GenerationRequest

PROGRAM = """#!{python}
import json, struct, sys, time
from pathlib import Path
text = sys.stdin.buffer.read().decode()
Path({seen!r}).write_text(json.dumps([sys.argv[1:], text]))
if "slow" in text:
    time.sleep(60)
if sys.argv[2] == "xx":
    print("Error: The specified espeak-ng voice does not exist.", file=sys.stderr)
    sys.exit(1)
if "mute" in text:
    print("no \\x1b[31mdata", file=sys.stderr)
    sys.exit(2)
samples = struct.pack("<h", 900) * 11025
head = b"RIFF" + struct.pack("<I", 0x7ffff024) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 22050, 44100, 2, 16)
sys.stdout.buffer.write(head + b"data" + struct.pack("<I", 0x7ffff000) + samples)
"""


@pytest.fixture
def seen(tmp_path):
    return tmp_path / "seen.json"


@pytest.fixture
def provider(tmp_path, seen):
    program = tmp_path / "espeak-ng"
    program.write_text(PROGRAM.format(python=sys.executable, seen=str(seen)))
    program.chmod(0o755)
    return EspeakProvider(program)


def asked(text="Hello", **fields):
    return GenerationRequest("text_to_speech", "espeak-ng", text, **fields)


def arguments(seen):
    import json

    return json.loads(seen.read_text())


def spoken(provider, text="Hello", **fields):
    return provider.submit(asked(text, **fields), context()).result


def test_speech_is_a_whole_wav_file_whatever_its_head_said(provider):
    result = spoken(provider)
    (output,) = result.outputs
    assert (output.media_type, output.duration, output.sample_rate) == ("audio/wav", 0.5, 22_050)
    with wave.open(BytesIO(output.data)) as file:
        assert (file.getnframes(), file.getframerate()) == (11_025, 22_050)
    assert struct.unpack_from("<I", output.data, 4)[0] == len(output.data) - 8
    assert (result.stand_in, str(result.cost.amount), result.adjustments) == (True, "0", ())


@pytest.mark.parametrize("text", ["--help", "-w /etc/passwd", "; touch x", "$(touch x)", "a\0b", "Grüße, мир"])
def test_a_text_is_spoken_and_never_an_option(provider, seen, text):
    spoken(provider, text)
    options, came = arguments(seen)
    assert came == text.replace("\0", " ")
    assert options == ["-v", "en-us", "-s", "175", "-b", "1", "--stdin", "--stdout"]


@pytest.mark.parametrize(
    ("fields", "voice", "pace"),
    [
        ({"voice": "de+f3"}, "de+f3", "175"),
        ({"language": "fr"}, "fr", "175"),
        ({"voice": "de", "language": "fr"}, "de", "175"),
        ({"speed": 2.0}, "en-us", "350"),
        ({"speed": 0.1}, "en-us", "80"),
    ],
)
def test_voice_and_pace_are_those_asked_for(provider, seen, fields, voice, pace):
    result = spoken(provider, **fields)
    options, _ = arguments(seen)
    assert (options[1], options[3]) == (voice, pace)
    assert [item.field for item in result.adjustments] == (["speed"] if pace == "80" else [])


@pytest.mark.parametrize("voice", ["../../etc/passwd", "-w", "a b", "/tmp/voice", "x" * 50, "en\n"])
def test_what_is_no_voice_is_refused_before_anything_is_run(provider, seen, voice):
    with pytest.raises(InvalidRequestError) as caught:
        spoken(provider, voice=voice)
    assert (caught.value.field, seen.exists()) == ("voice", False)


def test_a_voice_that_it_has_not_is_told(provider):
    with pytest.raises(InvalidRequestError, match="no voice xx") as caught:
        spoken(provider, voice="xx")
    assert "--voices" in caught.value.hint


def test_a_program_that_does_not_end_is_ended(provider, tmp_path):
    slow = EspeakProvider(tmp_path / "espeak-ng", seconds=0.5)
    with pytest.raises(ProviderFailedError, match=r"within 0\.5 s"):
        spoken(slow, "slow")
    with pytest.raises(ProviderFailedError, match="within"):
        provider.submit(asked("slow"), context(deadline=NOON + timedelta(seconds=0.4)))


def test_a_program_that_gives_nothing_says_why_without_steering_the_terminal(provider):
    with pytest.raises(ProviderFailedError, match=r"exit code 2") as caught:
        spoken(provider, "mute")
    assert "\x1b" not in caught.value.message


def test_a_program_that_cannot_be_run_is_a_failure(tmp_path):
    (tmp_path / "espeak-ng").write_text("no program")
    with pytest.raises(ProviderFailedError, match="cannot be run"):
        spoken(EspeakProvider(tmp_path / "espeak-ng"))


@pytest.mark.parametrize("text", ["", "  ", "\0", "x" * 20_001])
def test_a_text_that_cannot_be_spoken_is_refused(provider, text):
    with pytest.raises(InvalidRequestError) as caught:
        spoken(provider, text)
    assert caught.value.field == "prompt"


def test_where_it_is_not_installed_it_says_so():
    absent = EspeakProvider(None)
    assert (absent.check().state, "not installed" in absent.check().detail) == ("absent", True)
    with pytest.raises(TransientError):
        spoken(absent)


def test_it_is_looked_for_where_programs_are(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert found_program() is None
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path / name))
    assert found_program() == Path(tmp_path / "espeak-ng")


@pytest.mark.skipif(found_program() is None, reason="espeak-ng is not installed")
def test_the_true_program_speaks():
    (output,) = spoken(EspeakProvider(found_program()), "The gate is open.").outputs
    assert 0.5 < output.duration < 5
