"""Black Forest Labs as it is on the wire: an address to ask at, words for what came of it, short-lived results."""

import base64
import re
from itertools import count
from urllib.parse import parse_qs

from fake_delivery import FakeDelivery
from fake_wire import KEY, FakeVendor, Reply, Seen, painted

FLUX2 = {"flux-2-pro", "flux-2-max", "flux-2-flex", "flux-2-klein-4b", "flux-2-klein-9b"}
KONTEXT = {"flux-kontext-pro", "flux-kontext-max"}
BASE = {"prompt", "seed", "output_format", "safety_tolerance", "webhook_url"}


def error(status, detail, *, headers=None):
    return Reply(status, {"detail": detail}, headers or {})


def faulty(field, message):
    return error(422, [{"loc": ["body", field], "msg": message, "type": "value_error"}])


class FakeBfl(FakeVendor):
    """`polls`: how often a call is under way; `endings`: how the next ones end.

    `polling_at`: where they are asked for.
    """

    def __init__(self, books=None):
        super().__init__(books)
        self.delivery = FakeDelivery()
        self.calls, self.polls, self.endings = {}, 1, []
        self.polling_at = lambda name: f"{self.address}/v1/get_result?id={name}"
        self._names = count(1)

    def __exit__(self, *problem):
        self.delivery.__exit__(*problem)
        super().__exit__(*problem)

    @property
    def base_url(self):
        return self.address

    def refusal_of_key(self, seen: Seen):
        if seen.headers.get("x-key") == KEY:
            return None
        return error(403, f"Not authenticated - {seen.headers.get('x-key')}")

    def free(self, seen):
        if seen.path == "/v1/credits":
            return Reply(200, {"credits": 100.0})
        path, _, query = seen.path.partition("?")
        name = parse_qs(query).get("id", [""])[0]
        if path != "/v1/get_result":
            return error(404, "Not Found")
        if name not in self.calls:
            return Reply(200, {"id": name, "status": "Task not found", "result": None})
        return Reply(200, self._now(name))

    def answer(self, seen: Seen) -> Reply:
        model = seen.path.removeprefix("/v1/")
        if model not in FLUX2 | KONTEXT:
            return error(404, "Not Found")
        asked = seen.json
        pictures = {name for name in asked if re.fullmatch(r"input_image(_[2-8])?", name)}
        known = BASE | pictures | ({"width", "height"} if model in FLUX2 else {"aspect_ratio"})
        unknown = sorted(set(asked) - known)
        if unknown or (model in KONTEXT and pictures - {"input_image"}):
            return faulty((unknown or ["input_image_2"])[0], "Extra inputs are not permitted")
        if any(asked.get(side, 16) % 16 for side in ("width", "height")):
            return faulty("width", "must be a multiple of 16")
        for name in pictures:
            base64.b64decode(asked[name], validate=True)
        self.charge()
        call = f"c0ffee-{next(self._names)}"
        self.calls[call] = {"asked": asked, "left": self.polls}
        return Reply(200, {"id": call, "polling_url": self.polling_at(call)})

    def _now(self, name):
        held = self.calls[name]
        if held["left"] > 0:
            held["left"] -= 1
            return {"id": name, "status": "Pending", "result": None, "progress": 0.4}
        if "end" not in held:
            held["end"] = {"id": name} | (self.endings.pop(0) if self.endings else self._ready(held["asked"]))
        return held["end"]

    def _ready(self, asked):
        kind = asked.get("output_format", "jpeg")
        data = painted(asked.get("width", 1024), asked.get("height", 1024), kind.upper(), 5)
        sample = self.delivery.put(data, f"image/{kind}")
        return {
            "status": "Ready",
            "result": {"sample": sample, "prompt": asked["prompt"], "seed": asked.get("seed", 42)},
        }
