"""Gemini's generateContent as it is on the wire: thoughts among the parts, JPEG called PNG, refusals as success."""

import re
from base64 import b64encode

from fake_wire import KEY, FakeVendor, Reply, Seen, painted

MODELS = {"gemini-nano-banana-2.1", "gemini-3.1-flash-image", "gemini-3.1-flash-lite-image", "gemini-3-pro-image"}
PATH = re.compile(r"/(v1|v1beta)/models/([^/:]+):generateContent")
SIZES = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}


def error(status, message, code, *details, headers=None, listed=False):
    body = {"error": {"code": status, "message": message, "status": code, "details": list(details)}}
    return Reply(status, [body] if listed else body, headers or {})


def reason(name):
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": name, "domain": "googleapis.com"}


def retry_info(delay):
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


def quota(name):
    return {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": name}]}


def finished(why, *parts, prompt=10, made=0):
    """A success that holds no picture."""
    usage = {"promptTokenCount": prompt, "candidatesTokenCount": made, "totalTokenCount": prompt + made}
    candidate = {"finishReason": why} | ({"content": {"parts": list(parts)}} if parts else {})
    return Reply(200, {"candidates": [candidate], "usageMetadata": usage})


class FakeGemini(FakeVendor):
    @property
    def base_url(self):
        return self.address

    def refusal_of_key(self, seen: Seen):
        if seen.headers.get("x-goog-api-key") == KEY:
            return None
        given = seen.headers.get("x-goog-api-key")
        message = f"API key not valid. Please pass a valid API key. Was {given}"
        return error(400, message, "INVALID_ARGUMENT", reason("API_KEY_INVALID"))

    def free(self, seen):
        if not re.match(r"/(v1|v1beta)/models\?", seen.path):
            return error(404, "no such page", "NOT_FOUND")
        return Reply(200, {"models": [{"name": f"models/{model}"} for model in sorted(MODELS)]})

    def answer(self, seen: Seen) -> Reply:
        found = PATH.fullmatch(seen.path)
        if found is None:
            return error(404, "no such method", "NOT_FOUND")
        if found[2] not in MODELS:
            return error(404, f"models/{found[2]} is not found for API version {found[1]}", "NOT_FOUND")
        asked = seen.json
        unknown = set(asked) - {"contents", "generationConfig", "safetySettings"}
        settings = asked["generationConfig"]
        image = settings.get("imageConfig", {})
        size = image.get("imageSize", "1K")
        if unknown or size not in SIZES or settings["responseModalities"] != ["IMAGE"]:
            return error(400, f"Invalid JSON payload: {sorted(unknown)} {size}", "INVALID_ARGUMENT")
        return self._made(asked, SIZES[size], image.get("aspectRatio", "1:1"))

    def _made(self, asked, side, ratio):
        across, down = map(int, ratio.split(":"))
        width, height = int(side * (across / down) ** 0.5), int(side * (down / across) ** 0.5)
        images = sum("inlineData" in part for part in asked["contents"][0]["parts"])
        self.charge()
        draft = {"inlineData": {"mimeType": "image/png", "data": b64encode(painted(32, 32)).decode()}, "thought": True}
        final = b64encode(painted(width, height, "JPEG", 1)).decode()
        parts = [draft, {"text": "Here it is:"}, {"inlineData": {"mimeType": "image/png", "data": final}}]
        parts.append({"text": "Anything else?", "thoughtSignature": "c2ln" * 100})
        text = 10
        usage = {
            "promptTokenCount": text + 258 * images,
            "candidatesTokenCount": 1120,
            "thoughtsTokenCount": 200,
            "totalTokenCount": text + 258 * images + 1320,
            "promptTokensDetails": [
                {"modality": "TEXT", "tokenCount": text},
                {"modality": "IMAGE", "tokenCount": 258 * images},
            ],
            "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120}],
        }
        body = {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}]}
        return Reply(200, body | {"usageMetadata": usage, "modelVersion": "nano-2.1-001", "responseId": "resp-1"})
