"""OpenAI's speech as it is on the wire: the sound as the body, WAV heads of a stream, no count of anything."""

import struct

from fake_openai import FakeOpenAI, error
from fake_wire import Reply, Seen
from sounds import sound, tone

KNOWN = {"model", "input", "voice", "response_format", "speed", "instructions"}
MODELS = {"tts-1", "tts-1-hd", "gpt-4o-mini-tts"}
VOICES = {
    "alloy",
    "ash",
    "ballad",
    "coral",
    "echo",
    "fable",
    "onyx",
    "nova",
    "sage",
    "shimmer",
    "verse",
    "marin",
    "cedar",
}
TYPES = {"mp3": "audio/mpeg", "opus": "audio/opus", "flac": "audio/flac", "wav": "audio/wav"}


def streamed(data: bytes) -> bytes:
    """A head that does not know yet how long it will be."""
    at = data.index(b"data")
    return data[:4] + struct.pack("<I", 0xFFFFFFFF) + data[8 : at + 4] + struct.pack("<I", 0xFFFFFFFF) + data[at + 8 :]


class FakeOpenAISpeech(FakeOpenAI):
    """`damage`: what becomes of the next bytes on their way."""

    def __init__(self, books=None):
        super().__init__(books)
        self.damage = None

    def answer(self, seen: Seen) -> Reply:
        if seen.path != "/v1/audio/speech":
            return error(404, f"Invalid URL (POST {seen.path})")
        asked = seen.json
        unknown = sorted(set(asked) - KNOWN)
        if unknown:
            return error(400, f"Unknown parameter: '{unknown[0]}'.", code="unknown_parameter", param=unknown[0])
        if asked["model"] not in MODELS:
            return error(404, f"The model '{asked['model']}' does not exist", code="model_not_found")
        if "instructions" in asked and asked["model"] == "tts-1":
            return error(400, "not supported", param="instructions")
        if asked["voice"] not in VOICES:
            return error(400, f"Invalid voice '{asked['voice']}'", code="invalid_value", param="voice")
        if not 0 < len(asked["input"]) <= 4096 or not 0.25 <= asked.get("speed", 1) <= 4:
            return error(400, "out of range", param="input")
        self.charge()
        kind = asked.get("response_format", "mp3")
        rate = 48_000 if kind == "opus" else 24_000
        data = sound(tone(1.5, rate=rate), kind, rate=rate)
        if kind == "wav":
            data = streamed(data)
        return Reply(200, data if self.damage is None else self.damage(data), {"Content-Type": TYPES[kind]})
