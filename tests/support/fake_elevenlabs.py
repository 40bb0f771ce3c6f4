"""ElevenLabs as it is on the wire: the sound as the body, its credits in a header, 401 and 429 with two meanings."""

import re
import time
from urllib.parse import parse_qs, urlsplit

from fake_wire import KEY, FakeVendor, Reply, Seen
from sounds import sound, tone

SPEECH = re.compile(r"/v1/text-to-speech/([A-Za-z0-9]+)")
KNOWN = {
    "/v1/sound-generation": {"text", "duration_seconds", "prompt_influence", "loop", "model_id"},
    "/v1/music": {"prompt", "music_length_ms", "model_id", "force_instrumental"},
    "speech": {"text", "model_id", "language_code", "voice_settings", "seed", "previous_text", "next_text"},
}
MODELS = {
    "/v1/sound-generation": {"eleven_text_to_sound_v2", "eleven_text_to_sound_v3"},
    "/v1/music": {"music_v1", "music_v2", "music_v2_5"},
    "speech": {"eleven_v4", "eleven_v4_turbo", "eleven_v3", "eleven_multilingual_v2", "eleven_flash_v2_5"},
}
VOICES = {"JBFqnCBsd6RMkjVDRZzb", "21m00Tcm4TlvDq8ikWAM"}
TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "pcm": "audio/pcm", "opus": "audio/ogg"}


def error(status, code, message="no", headers=None):
    return Reply(status, {"detail": {"status": code, "message": message}}, headers or {})


def invalid(field, message):
    return Reply(422, {"detail": [{"loc": ["body", field], "msg": message, "type": "value_error"}]})


class FakeElevenLabs(FakeVendor):
    """`damage`: what becomes of the next bytes on their way; `cost`: what the header says in place of the truth.

    `seconds`: how long a sound becomes whose length is left to it. `history`: the speeches that it remembers.
    """

    def __init__(self, books=None):
        super().__init__(books)
        self.damage = None
        self.cost = None
        self.seconds = 1.5
        self.history = []

    @property
    def base_url(self):
        return self.address

    def refusal_of_key(self, seen: Seen):
        given = seen.headers.get("xi-api-key")
        return None if given == KEY else error(401, "invalid_api_key", f"Invalid API key {given}")

    def free(self, seen):
        if seen.path.startswith("/v1/history"):
            return self._remembered(seen)
        if seen.path != "/v1/models":
            return error(404, "not_found", "Not Found")
        return Reply(200, [{"model_id": name} for names in MODELS.values() for name in sorted(names)])

    def answer(self, seen: Seen) -> Reply:
        address = urlsplit(seen.path)
        speech = SPEECH.fullmatch(address.path)
        kind = "speech" if speech else address.path
        if kind not in KNOWN:
            return Reply(404, {"detail": "Not Found"})
        asked = seen.json
        unknown = sorted(set(asked) - KNOWN[kind])
        if unknown:
            return invalid(unknown[0], "Extra inputs are not permitted")
        if asked.get("model_id") not in MODELS[kind]:
            return error(400, "model_not_found", f"A model with ID {asked.get('model_id')} does not exist")
        if speech and speech[1] not in VOICES:
            return error(404, "voice_not_found", f"A voice with the voice_id {speech[1]} was not found.")
        fault = self._fault_of(asked)
        if fault is None and speech:
            self._remember(asked, speech[1])
        return fault or self._made(asked, parse_qs(address.query)["output_format"][0])

    def _remember(self, asked, voice):
        number = len(self.history)
        self.history.append(
            {
                "history_item_id": f"item{number}",
                "request_id": f"made-{number}",
                "voice_id": voice,
                "model_id": asked["model_id"],
                "text": asked["text"],
                "date_unix": int(time.time()),
                "character_count_change_from": 1000,
                "character_count_change_to": 1000 + len(asked["text"]),
                "content_type": "audio/mpeg",
            }
        )

    def _remembered(self, seen):
        address = urlsplit(seen.path)
        if address.path == "/v1/history":
            voice = parse_qs(address.query)["voice_id"][0]
            found = [item for item in reversed(self.history) if item["voice_id"] == voice]
            return Reply(200, {"history": found, "has_more": False, "last_history_item_id": None})
        names = [item["history_item_id"] for item in self.history]
        if address.path.removeprefix("/v1/history/").removesuffix("/audio") not in names:
            return error(404, "history_item_not_found")
        return Reply(200, sound(tone(self.seconds), "mp3"), {"Content-Type": "audio/mpeg"})

    def _fault_of(self, asked):
        if not 0.5 <= asked.get("duration_seconds", 1) <= 30:
            return invalid("duration_seconds", "must be between 0.5 and 30")
        if not 3000 <= asked.get("music_length_ms", 3000) <= 600_000:
            return invalid("music_length_ms", "must be between 3000 and 600000")
        if not 0.7 <= asked.get("voice_settings", {}).get("speed", 1) <= 1.2:
            return invalid("speed", "must be between 0.7 and 1.2")
        return None

    def _made(self, asked, wanted):
        self.charge()
        kind, rate, *_ = wanted.split("_")
        words = asked.get("text", asked.get("prompt"))
        seconds = asked.get("duration_seconds") or asked.get("music_length_ms", self.seconds * 1000) / 1000
        cost = len(words) if asked["model_id"].startswith("eleven_v") else round(seconds * 40)
        samples = tone(seconds, rate=int(rate))
        bare = (samples * 32767).astype("<i2").tobytes()
        data = bare if kind == "pcm" else sound(samples, kind, rate=int(rate))
        if self.damage is not None:
            data = self.damage(data)
        headers = {"Content-Type": TYPES[kind], "request-id": "req-1", "character-cost": str(self.cost or cost)}
        return Reply(200, data, headers | {"current-concurrent-requests": "1", "maximum-concurrent-requests": "5"})
