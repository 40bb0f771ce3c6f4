"""Google Cloud's speech as it is on the wire: base64 in JSON, 5000 bytes at most, Google's errors."""

import re
from base64 import b64encode

from fake_gemini import error, reason
from fake_wire import KEY, FakeVendor, Reply, Seen
from sounds import sound, tone

VOICE = re.compile(r"([a-z]{2,3}-[A-Z]{2})-(?:Chirp3-HD-[A-Z][a-z]+|(?:Neural2|Wavenet|Standard)-[A-Z])")
ENCODINGS = {"LINEAR16": "wav", "MP3": "mp3", "OGG_OPUS": "opus"}


class FakeGoogleSpeech(FakeVendor):
    @property
    def base_url(self):
        return self.address

    def refusal_of_key(self, seen: Seen):
        given = seen.headers.get("x-goog-api-key")
        if given == KEY:
            return None
        return error(400, f"API key not valid. Was {given}", "INVALID_ARGUMENT", reason("API_KEY_INVALID"))

    def free(self, seen):
        if seen.path != "/v1/voices?languageCode=en-US":
            return error(404, "no such page", "NOT_FOUND")
        return Reply(200, {"voices": [{"name": "en-US-Chirp3-HD-Kore", "languageCodes": ["en-US"]}]})

    def answer(self, seen: Seen) -> Reply:
        if seen.path != "/v1/text:synthesize":
            return error(404, "no such method", "NOT_FOUND")
        asked = seen.json
        text = asked["input"].get("text", asked["input"].get("ssml"))
        voice, audio = asked["voice"], asked["audioConfig"]
        found = VOICE.fullmatch(voice["name"])
        if set(asked) != {"input", "voice", "audioConfig"} or len(asked["input"]) != 1:
            return error(400, f"Invalid JSON payload: {sorted(asked)}", "INVALID_ARGUMENT")
        if len(text.encode()) > 5000:
            return error(
                400, "Either `input.text` or `input.ssml` is longer than the limit of 5000 bytes.", "INVALID_ARGUMENT"
            )
        if found is None or found[1] != voice["languageCode"]:
            return error(400, f"Voice '{voice['name']}' does not exist.", "INVALID_ARGUMENT")
        if not 0.25 <= audio.get("speakingRate", 1) <= 2 or audio["audioEncoding"] not in ENCODINGS:
            return error(400, "out of range", "INVALID_ARGUMENT")
        self.charge()
        kind = ENCODINGS[audio["audioEncoding"]]
        rate = 48_000 if kind == "opus" else 24_000
        return Reply(200, {"audioContent": b64encode(sound(tone(1.5, rate=rate), kind, rate=rate)).decode()})
