"""Replicate's predictions as they are on the wire: accepted first, done later, failed with words, soon gone."""

import re
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from urllib.parse import parse_qs

from fake_delivery import FakeDelivery, opened_data_url
from fake_wire import KEY, FakeVendor, Reply, Seen, painted
from sounds import sound, tone

OFFICIAL = {"black-forest-labs/flux-schnell", "black-forest-labs/flux-2-pro", "black-forest-labs/flux-kontext-pro"}
SDXL = "stability-ai/sdxl:7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc"
BARK = "suno-ai/bark:b76242b40d67c76ab6742e987628a2a9ac019e11d56ab96c4e91ce03b79b2787"
MUSICGEN = "meta/musicgen:671ac645ce5e552cc63a54a2bbff63fcf798043055d2dac5fc9e36a837eedcfb"
OTHERS = {SDXL, BARK, MUSICGEN, "someone/pixel-art", "someone/pixel-art:" + "a" * 64}
SCHEMA = {
    "components": {
        "schemas": {
            "Input": {
                "type": "object",
                "required": ["prompt"],
                "properties": {
                    "prompt": {"type": "string"},
                    "image_input": {"type": "array", "items": {"type": "string", "format": "uri"}},
                    "seed": {"type": "integer"},
                    "aspect_ratio": {"allOf": [{"$ref": "#/components/schemas/aspect_ratio"}], "default": "1:1"},
                    "output_format": {"enum": ["png", "jpeg"], "type": "string"},
                },
            },
            "aspect_ratio": {"enum": ["1:1", "16:9"], "type": "string"},
        }
    }
}
FIELDS = {
    "black-forest-labs/flux-schnell": {"prompt", "aspect_ratio", "num_outputs", "seed", "output_format"},
    "black-forest-labs/flux-kontext-pro": {"prompt", "input_image", "aspect_ratio", "seed", "output_format"},
    "black-forest-labs/flux-2-pro": {"prompt", "aspect_ratio", "width", "height", "seed", "input_images",
                                     "output_format"},
    SDXL: {"prompt", "negative_prompt", "image", "mask", "width", "height", "num_outputs", "prompt_strength", "seed",
           "guidance_scale"},
    BARK: {"prompt", "history_prompt", "text_temp", "waveform_temp"},
    MUSICGEN: {"prompt", "model_version", "duration", "output_format", "seed", "normalization_strategy"},
}  # fmt: skip


def error(status, title, detail, *, fields=(), headers=None):
    body = {"title": title, "detail": detail, "status": status}
    return Reply(status, body | ({"invalid_fields": list(fields)} if fields else {}), headers or {})


def ended(status, why=None, **more):
    """The first answer is that of a prediction that has ended already."""

    def step(handler, seen):
        vendor = handler.vendor
        vendor.endings.append({"status": status, "error": why, "output": None} | more)
        vendor.delay.append(0)
        handler.send(vendor.refusal_of_key(seen) or vendor.answer(seen))

    return step


class FakeReplicate(FakeVendor):
    """`polls`: how often a prediction is still under way when it is asked for; `delay`: the same for the next ones.

    `endings`: how the next ones end, in place of pictures. `clock`: what the predictions are dated; None: now. `page`:
    how many a page of the list has.
    """

    def __init__(self, books=None):
        super().__init__(books)
        self.delivery = FakeDelivery()
        self.predictions = {}
        self.polls = 1
        self.delay, self.endings = [], []
        self.clock, self.page = None, 100
        self._names = count(1)
        self.uploads = {}

    def __exit__(self, *problem):
        self.delivery.__exit__(*problem)
        super().__exit__(*problem)

    @property
    def base_url(self):
        return self.address

    def is_paid(self, seen):
        return seen.method == "POST" and seen.path.endswith("/predictions")

    def refusal_of_key(self, seen: Seen):
        if seen.headers.get("authorization") == f"Bearer {KEY}":
            return None
        return error(401, "Unauthenticated", f"You did not pass a valid token: {seen.headers.get('authorization')}")

    # --- What is paid for --------------------------------------------------------------------------------------------

    def answer(self, seen: Seen) -> Reply:
        named = re.fullmatch(r"/v1/models/([\w.-]+/[\w.-]+)/predictions", seen.path)
        asked = seen.json
        model = named[1] if named else asked.get("version", "")
        if seen.path != "/v1/predictions" and not named:
            return error(404, "Not found", "The requested resource could not be found.")
        if model not in (OFFICIAL if named else OTHERS):
            return error(404, "Not found", "The requested resource could not be found.")
        given = asked["input"]
        unknown = sorted(set(given) - FIELDS.get(model, set(SCHEMA["components"]["schemas"]["Input"]["properties"])))
        if unknown or "prompt" not in given:
            field = {"type": "extra_forbidden", "field": f"input.{(unknown or ['prompt'])[0]}", "description": "no"}
            return error(422, "Input validation failed", "- input is not valid", fields=[field])
        return self._accepted(model, given, seen)

    def _accepted(self, model, given, seen):
        self.charge()
        name = f"pred{next(self._names):022d}"
        owner, _, version = model.partition(":")
        now = self.clock or datetime.now(UTC).isoformat().replace("+00:00", "Z")
        waits = self.delay.pop(0) if self.delay else self.polls
        self.predictions[name] = {
            "id": name, "model": owner, "version": version or "hidden", "input": given, "output": None, "error": None,
            "status": "starting", "created_at": now, "started_at": None, "data_removed": False, "metrics": {},
            "urls": {"get": f"{self.address}/v1/predictions/{name}"}, "source": "api", "_waits": waits,
            "_ending": self.endings.pop(0) if self.endings else None,
        }  # fmt: skip
        if not seen.headers.get("prefer", "").startswith("wait"):
            return Reply(201, self._shown(name))
        return Reply(201, self._now(name))

    def _now(self, name):
        """The prediction after one more look at it."""
        found = self.predictions[name]
        if found["status"] in {"starting", "processing"}:
            if found["_waits"] > 0:
                found["_waits"] -= 1
                found["status"], found["started_at"] = "processing", found["created_at"]
            else:
                found |= self._ended(found)
        return self._shown(name)

    def _ended(self, found):
        if found["_ending"] is not None:
            return {"metrics": {"predict_time": 2.5}, "started_at": found["created_at"]} | found["_ending"]
        given = found["input"]
        if found["model"] in {"suno-ai/bark", "meta/musicgen"}:
            return self._sounded(found["model"], given)
        width, height = given.get("width", 1024), given.get("height", 1024)
        kind = "WEBP" if "flux" in found["model"] else "PNG"
        pictures = [painted(width, height, kind, seed) for seed in range(given.get("num_outputs", 1))]
        links = [self.delivery.put(data, f"image/{kind.lower()}") for data in pictures]
        one = found["model"].endswith("-pro")
        return {"status": "succeeded", "output": links[0] if one else links, "metrics": {"predict_time": 2.5}}

    def _sounded(self, model, given):
        kind = given.get("output_format", "wav")
        link = self.delivery.put(sound(tone(given.get("duration", 2)), kind), f"audio/{kind}")
        output = {"audio_out": link, "prompt_npz": None} if model == "suno-ai/bark" else link
        return {"status": "succeeded", "output": output, "metrics": {"predict_time": 2.5}}

    def _shown(self, name):
        return {key: value for key, value in self.predictions[name].items() if not key.startswith("_")}

    # --- What is free ------------------------------------------------------------------------------------------------

    def free(self, seen):
        if seen.method == "POST":
            return self._free_post(seen)
        path = seen.path.partition("?")[0]
        if path == "/v1/account":
            return Reply(200, {"type": "user", "username": "somebody"})
        if path == "/v1/predictions":
            begin = int(parse_qs(seen.path.partition("?")[2]).get("cursor", ["0"])[0])
            listed = [self._shown(name) for name in reversed(self.predictions)]
            more = begin + self.page < len(listed)
            following = f"{self.address}/v1/predictions?cursor={begin + self.page}" if more else None
            return Reply(200, {"previous": None, "next": following, "results": listed[begin : begin + self.page]})
        put = self.uploads.get(self.address + path)
        if put is not None:
            return Reply(200, {"id": path.rpartition("/")[2], "checksums": {"sha256": sha256(put).hexdigest()}})
        name = path.removeprefix("/v1/predictions/")
        if name in self.predictions:
            return Reply(200, self._now(name))
        if path in {"/v1/models/someone/pixel-art", "/v1/models/someone/mute"}:
            schema = SCHEMA if path.endswith("art") else None
            return Reply(200, {"owner": "someone", "latest_version": {"id": "a" * 64, "openapi_schema": schema}})
        if path == "/v1/models/someone/pixel-art/versions/" + "a" * 64:
            return Reply(200, {"id": "a" * 64, "openapi_schema": SCHEMA})
        return error(404, "Not found", "The requested resource could not be found.")

    def _free_post(self, seen):
        if seen.path == "/v1/files":
            (part,) = seen.parts
            if part.name != "content":
                return error(422, "Input validation failed", "content is missing")
            url = f"{self.address}/v1/files/f{len(self.uploads)}"
            self.uploads[url] = part.data
            return Reply(201, {"id": url.rpartition("/")[2], "urls": {"get": url}})
        name = re.fullmatch(r"/v1/predictions/(\w+)/cancel", seen.path)
        if name and name[1] in self.predictions:
            found = self.predictions[name[1]]
            if found["status"] == "starting":
                found["status"] = "aborted"
            elif found["status"] == "processing":
                found |= {"status": "canceled", "metrics": {"predict_time": 1.0}}
            return Reply(200, self._shown(name[1]))
        return error(404, "Not found", "The requested resource could not be found.")

    def picture_given(self, text):
        """The bytes behind an input."""
        return self.uploads[text] if text in self.uploads else opened_data_url(text)
