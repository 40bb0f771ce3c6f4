"""Gemini's speech as it is on the wire: bare samples whose rate stands in their type."""

from base64 import b64encode

from fake_gemini import PATH, FakeGemini, error
from fake_wire import Reply, Seen
from sounds import tone

MODELS = {"gemini-3.8-flash-tts", "gemini-3.8-flash-lite-tts"}
TYPE = "audio/l16; rate=24000; channels=1"


class FakeGeminiSpeech(FakeGemini):
    """`media_type`: what the samples are said to be."""

    media_type = TYPE

    def answer(self, seen: Seen) -> Reply:
        found = PATH.fullmatch(seen.path)
        if found is None or found[2] not in MODELS:
            return error(404, f"{seen.path} is not found", "NOT_FOUND")
        asked = seen.json
        settings = asked["generationConfig"]
        unknown = set(asked) - {"contents", "generationConfig", "safetySettings"}
        if unknown or set(settings) - {"responseModalities", "speechConfig", "temperature"}:
            return error(400, f"Invalid JSON payload: {sorted(settings)}", "INVALID_ARGUMENT")
        if settings["responseModalities"] != ["AUDIO"] or not settings["speechConfig"]:
            return error(400, "speech wants AUDIO and a voice", "INVALID_ARGUMENT")
        self.charge()
        samples = (tone(1.5, rate=24_000) * 32767).astype("<i2").tobytes()
        part = {"inlineData": {"mimeType": self.media_type, "data": b64encode(samples).decode()}}
        usage = {
            "promptTokenCount": 4,
            "candidatesTokenCount": 38,
            "totalTokenCount": 42,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 4}],
            "candidatesTokensDetails": [{"modality": "AUDIO", "tokenCount": 38}],
        }
        body = {"candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}]}
        return Reply(200, body | {"usageMetadata": usage, "modelVersion": "tts-001", "responseId": "resp-1"})
