"""OpenAI's images API as it is on the wire: strict about parameters, always base64, two meanings of 429."""

import json
from base64 import b64encode

from fake_wire import KEY, FakeVendor, Reply, Seen, painted

KNOWN = {
    *("model", "prompt", "n", "size", "quality", "background", "output_format", "output_compression", "moderation"),
    *("user", "safety_identifier", "stream", "partial_images"),
}
MODELS = {"gpt-image-2", "gpt-image-2.5-flare", "gpt-image-2.5-sunburst", "gpt-image-1.5"}
TYPES = {"image/png", "image/jpeg", "image/webp"}


def error(status, message, *, code=None, kind="invalid_request_error", param=None, headers=None):
    return Reply(status, {"error": {"message": message, "type": kind, "param": param, "code": code}}, headers or {})


class FakeOpenAI(FakeVendor):
    @property
    def base_url(self):
        return f"{self.address}/v1"

    def refusal_of_key(self, seen: Seen):
        if seen.headers.get("authorization") == f"Bearer {KEY}":
            return None
        return error(401, f"Incorrect API key provided: {seen.headers.get('authorization')}", code="invalid_api_key")

    def free(self, seen):
        if seen.path != "/v1/models":
            return error(404, f"Invalid URL (GET {seen.path})")
        return Reply(200, {"object": "list", "data": [{"id": model} for model in sorted(MODELS)]})

    def answer(self, seen: Seen) -> Reply:
        if seen.path == "/v1/images/generations":
            if seen.headers["content-type"] != "application/json":
                return error(400, "send JSON")
            asked, pictures = seen.json, 0
        elif seen.path == "/v1/images/edits":
            files = [part for part in seen.parts if part.file_name is not None]
            fault = self._fault_of_files(files)
            if fault:
                return fault
            asked, pictures = dict(seen.fields), sum(part.name != "mask" for part in files)
            asked["n"] = json.loads(asked.get("n", "1"))
        else:
            return error(404, f"Invalid URL (POST {seen.path})")
        return self._fault_of(asked) or self._made(asked, pictures)

    def _fault_of_files(self, files):
        names = [part.name for part in files if part.name != "mask"]
        if names not in (["image"], ["image[]"] * len(names)) or not 1 <= len(names) <= 16:
            return error(400, f"Invalid files {names}", param="image")
        if any(part.media_type not in TYPES for part in files):
            return error(400, "Unsupported mimetype", code="unsupported_file_mimetype", param="image")
        return None

    def _fault_of(self, asked):
        unknown = sorted(set(asked) - KNOWN)
        if unknown:
            return error(400, f"Unknown parameter: '{unknown[0]}'.", code="unknown_parameter", param=unknown[0])
        if asked["model"] not in MODELS:
            message = f"The model '{asked['model']}' does not exist"
            return error(404, message, code="model_not_found")
        if asked.get("size", "auto") != "auto":
            width, height = map(int, asked["size"].split("x"))
            if width % 16 or height % 16 or not 1 / 3 <= width / height <= 3 or width * height < 655_360:
                return error(400, f"Invalid size '{asked['size']}'", code="invalid_value", param="size")
        return None

    def _made(self, asked, pictures):
        width, height = map(int, asked.get("size", "1024x1024").replace("auto", "1024x1024").split("x"))
        kind = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP"}[asked.get("output_format", "png")]
        count = int(asked.get("n", 1))
        self.charge()
        data = [{"b64_json": b64encode(painted(width, height, kind, seed)).decode()} for seed in range(count)]
        text, images, out = 10, 300 * pictures, 1000 * count
        usage = {
            "input_tokens": text + images,
            "input_tokens_details": {"text_tokens": text, "image_tokens": images},
            "output_tokens": out,
            "total_tokens": text + images + out,
        }
        body = {"created": 1_795_000_000, "data": data, "output_format": asked.get("output_format", "png")}
        return Reply(200, body | {"usage": usage})
