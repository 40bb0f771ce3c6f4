"""Stability's v2beta as it is on the wire: nothing but forms, the picture as the body, blurred ones as success."""

from fake_wire import KEY, FakeVendor, Reply, Seen, painted

SD3 = {"sd3.5-large", "sd3.5-large-turbo", "sd3.5-medium"}
RATIOS = {"16:9": (1344, 768), "1:1": (1024, 1024), "21:9": (1536, 640), "2:3": (832, 1216), "3:2": (1216, 832),
          "4:5": (896, 1088), "5:4": (1088, 896), "9:16": (768, 1344), "9:21": (640, 1536)}  # fmt: skip
BASE = {"prompt", "negative_prompt", "seed", "output_format", "style_preset"}
FIELDS = {
    "/v2beta/stable-image/generate/ultra": BASE | {"aspect_ratio", "image", "strength"},
    "/v2beta/stable-image/generate/core": BASE | {"aspect_ratio"},
    "/v2beta/stable-image/generate/sd3": BASE | {"aspect_ratio", "image", "strength", "model", "mode", "cfg_scale"},
    "/v2beta/stable-image/edit/inpaint": BASE | {"image", "mask", "grow_mask"},
}
TYPES = {"image/png", "image/jpeg", "image/webp"}


def error(status, name, *errors, headers=None):
    body = {"id": "4212a4b66fbe1cedca4bf2133d35dca5", "name": name, "errors": list(errors or [name])}
    return Reply(status, body, headers or {})


def filtered(handler, seen):
    """A success that is none: the picture is blurred."""
    reply = handler.vendor.answer(seen)
    handler.vendor.charges -= 1  # it is not charged
    handler.send(Reply(200, reply.body, reply.headers | {"finish-reason": "CONTENT_FILTERED"}))


class FakeStability(FakeVendor):
    """`damage`: what becomes of the next bytes on their way."""

    def __init__(self, books=None):
        super().__init__(books)
        self.damage = None

    @property
    def base_url(self):
        return self.address

    def refusal_of_key(self, seen: Seen):
        if seen.headers.get("authorization") == f"Bearer {KEY}":
            return None
        return error(401, "unauthorized", f"authorization: invalid or missing: {seen.headers.get('authorization')}")

    def free(self, seen):
        if seen.path != "/v1/user/balance":
            return error(404, "not_found")
        return Reply(200, {"credits": 12.5})

    def answer(self, seen: Seen) -> Reply:
        if seen.path not in FIELDS:
            return error(404, "not_found", f"{seen.path} is gone")
        if not seen.headers["content-type"].startswith("multipart/form-data; boundary="):
            return error(400, "bad_request", "content-type: must be multipart/form-data")
        if seen.headers.get("accept") != "image/*":
            return error(400, "bad_request", "accept: must be image/* or application/json")
        fault = self._fault_of(seen)
        return error(400, "bad_request", fault) if fault else self._made(seen)

    def _fault_of(self, seen):
        fields, parts = seen.fields, seen.parts
        files = {part.name for part in parts if part.file_name}
        unknown = sorted({part.name for part in parts} - FIELDS[seen.path])
        if unknown:
            return f"{unknown[0]}: is not allowed"
        if any(part.media_type not in TYPES for part in parts if part.file_name):
            return "image: unsupported format"
        if not 0 < len(fields.get("prompt", "")) <= 10_000:
            return "prompt: must be between 1 and 10000 characters"
        if not 0 <= int(fields.get("seed", "0")) <= 4_294_967_294:
            return "seed: must be between 0 and 4294967294"
        if seen.path.endswith("inpaint"):
            return None if {"image", "mask"} == files else "mask: is missing"
        return self._fault_of_generation(seen.path, fields, files)

    def _fault_of_generation(self, path, fields, files):
        if path.endswith("sd3"):
            if fields.get("model", "sd3.5-large") not in SD3:
                return "model: must be one of those"
            if ("image" in files) != (fields.get("mode") == "image-to-image"):
                return "mode: an image goes with image-to-image"
        if ("image" in files) != ("strength" in fields):
            return "strength: goes with an image"
        if "strength" in fields and not 0 <= float(fields["strength"]) <= 1:
            return "strength: must be between 0 and 1"
        if "aspect_ratio" in fields and ("image" in files or fields["aspect_ratio"] not in RATIOS):
            return "aspect_ratio: is not allowed"
        return None

    def _made(self, seen):
        self.charge()
        fields = seen.fields
        width, height = RATIOS[fields.get("aspect_ratio", "1:1")]
        kind = fields.get("output_format", "png")
        data = painted(width, height, kind.upper(), 3)
        if self.damage is not None:
            data = self.damage(data)
        seed = fields.get("seed", "0")
        headers = {"Content-Type": f"image/{kind}", "finish-reason": "SUCCESS", "seed": seed if seed != "0" else "4711"}
        return Reply(200, data, headers)
