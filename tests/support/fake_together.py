"""Together's images API as it is on the wire: JPEG unless asked otherwise, addresses unless asked otherwise, 402."""

from base64 import b64encode

from fake_delivery import opened_data_url
from fake_wire import KEY, FakeVendor, Reply, Seen, painted

KNOWN = {
    *("model", "prompt", "width", "height", "steps", "n", "seed", "negative_prompt", "guidance_scale"),
    *("response_format", "output_format", "image_url", "reference_images", "image_loras", "disable_safety_checker"),
}
SCHNELL = "black-forest-labs/FLUX.1-schnell"
MODELS = {
    SCHNELL: set(),
    "black-forest-labs/FLUX.1-kontext-pro": {"image_url"},
    "black-forest-labs/FLUX.1-kontext-max": {"image_url"},
    "black-forest-labs/FLUX.2-pro": {"image_url", "reference_images"},
    "black-forest-labs/FLUX.2-dev": {"reference_images"},
    "black-forest-labs/FLUX.2-flex": {"image_url", "reference_images"},
    "stabilityai/stable-diffusion-xl-base-1.0": {"negative_prompt"},
}


def error(status, message, *, code=None, kind="invalid_request_error", param=None, headers=None):
    return Reply(status, {"error": {"message": message, "type": kind, "param": param, "code": code}}, headers or {})


class FakeTogether(FakeVendor):
    """Addresses of results answer 403 to who does not say who he is."""

    @property
    def base_url(self):
        return self.address

    def refusal_of_key(self, seen: Seen):
        if seen.headers.get("authorization") == f"Bearer {KEY}":
            return None
        told = seen.headers.get("authorization")
        return error(401, f"Invalid API key provided: {told}", code="invalid_api_key", kind="invalid_request_error")

    def free(self, seen):
        if seen.path != "/v1/models":
            return Reply(404, {"error": {"message": "Not found", "type": "invalid_request_error"}})
        return Reply(200, [{"id": name, "object": "model", "type": "image"} for name in MODELS])

    def answer(self, seen: Seen) -> Reply:
        if seen.path != "/v1/images/generations":
            return error(404, f"no such page: {seen.path}")
        asked = seen.json
        unknown = sorted(set(asked) - KNOWN)
        model = asked.get("model")
        if model not in MODELS:
            return error(404, f"Unable to access model {model}", code="model_not_available")
        apart = {"image_url", "reference_images", "negative_prompt"} & set(asked)
        if unknown or not apart <= MODELS[model]:
            wrong = (unknown or sorted(apart - MODELS[model]))[0]
            return error(422, f"Extra inputs are not permitted: {wrong}", param=wrong)
        width, height = asked.get("width", 1024), asked.get("height", 1024)
        if width % 8 or height % 8 or not 1 <= asked.get("n", 1) <= 4:
            return error(422, "width and height must be multiples of 8, n at most 4", param="width")
        for link in [asked.get("image_url"), *asked.get("reference_images", [])]:
            if link is not None and not opened_data_url(link):
                return error(400, "could not read the image", param="image_url")
        return self._made(asked, width, height)

    def _made(self, asked, width, height):
        self.charge()
        kind = asked.get("output_format", "jpeg").upper()
        pictures = [painted(width, height, kind, seed) for seed in range(asked.get("n", 1))]
        if asked.get("response_format") == "base64":
            data = [
                {"index": number, "type": "b64_json", "b64_json": b64encode(each).decode(), "timings": {"inference": 1}}
                for number, each in enumerate(pictures)
            ]
        else:
            data = [{"index": 0, "type": "url", "url": "https://api.together.ai/imgproxy/x.jpg"}]
        return Reply(200, {"id": "o9-together", "model": asked["model"], "object": "list", "data": data})
