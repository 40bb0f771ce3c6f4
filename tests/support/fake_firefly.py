"""Firefly as it is on the wire: tokens that end, jobs whose status lies elsewhere, refusals by code."""

import json
import re
from itertools import count
from urllib.parse import parse_qs

from fake_delivery import FakeDelivery
from fake_wire import KEY, FakeVendor, Reply, Seen, painted

CLIENT = "client-canary-0123456789"
SIZES = {(2048, 2048), (2304, 1792), (1792, 2304), (2688, 1536), (1344, 768), (1152, 896), (896, 1152), (1024, 1024)}
MODELS = {"image3", "image4_standard", "image4_ultra"}
OUR_PRICE = {"price": {"unit": "image", "source": "our contract", "as_of": "2026-11-01", "rows": [{"price": "0.05"}]}}
KNOWN = {"prompt", "negativePrompt", "numVariations", "seeds", "size", "contentClass", "style", "structure"}


def error(status, code, message, *, headers=None):
    return Reply(status, {"error_code": code, "message": message}, headers or {})


class FakeFirefly(FakeVendor):
    """`tokens`: those that are good. `polls`: how often a job is under way; `failures`: how the next ones fail.

    `status_at`: in place of the address of a job's status: a function of its id.
    """

    def __init__(self, books=None):
        super().__init__(books)
        self.delivery = FakeDelivery()
        self.tokens, self.uploads, self.jobs = [], {}, {}
        self.polls, self.failures = 1, []
        self.status_at = lambda job: f"{self.address}/v3/status/{job}"
        self._names = count(1)

    def __exit__(self, *problem):
        self.delivery.__exit__(*problem)
        super().__exit__(*problem)

    @property
    def base_url(self):
        return self.address

    def is_paid(self, seen):
        return seen.method == "POST" and seen.path.startswith("/v3/images/")

    def refusal_of_key(self, seen: Seen):
        if seen.path == "/ims/token/v3":
            return self._refused_client(seen)
        good = seen.headers.get("authorization") in {f"Bearer {token}" for token in self.tokens}
        if good and seen.headers.get("x-api-key") == CLIENT:
            return None
        return error(401, "401013", f"Oauth token is not valid: {seen.headers.get('authorization')}")

    def _refused_client(self, seen):
        if seen.headers["content-type"] != "application/x-www-form-urlencoded":
            return Reply(400, {"error": "invalid_request", "error_description": "not a form"})
        given = {name: values[0] for name, values in parse_qs(seen.body.decode()).items()}
        if given.get("grant_type") != "client_credentials" or "firefly_api" not in given.get("scope", ""):
            return Reply(400, {"error": "invalid_scope", "error_description": "no"})
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT, KEY):
            told = f"invalid client_secret parameter: {given.get('client_secret')}"
            return Reply(400, {"error": "invalid_client", "error_description": told})
        return None

    def free(self, seen):
        if seen.path == "/ims/token/v3":
            self.tokens.append(f"eyJhbGciOi-canary-token.{next(self._names)}")
            return Reply(200, {"access_token": self.tokens[-1], "token_type": "bearer", "expires_in": 86399})
        if seen.path == "/v2/storage/image":
            if not seen.headers["content-type"].startswith("image/"):
                return error(415, "unsupported_media_type", "send an image")
            name = f"upload-{next(self._names)}"
            self.uploads[name] = seen.body
            return Reply(200, {"images": [{"id": name}]})
        found = re.fullmatch(r"/v3/status/([\w:-]+)", seen.path)
        if found is None or found[1] not in self.jobs:
            return error(404, "not_found", "there is no such job")
        return Reply(200, self._now(found[1]))

    def answer(self, seen: Seen) -> Reply:
        found = re.fullmatch(r"/v3/images/(generate|fill)-async", seen.path)
        if found is None:
            return error(404, "not_found", "gone since 2025-10-03")
        asked = seen.json
        fault = self._fault_of(found[1], asked, seen.headers.get("x-model-version"))
        if fault:
            return Reply(422, {"error_code": "validation_error", "message": fault, "validation_errors": [fault]})
        return self._accepted(asked)

    def _fault_of(self, kind, asked, model):
        unknown = sorted(set(asked) - (KNOWN | ({"image", "mask"} if kind == "fill" else set())))
        if unknown:
            return f"{unknown[0]} is not a field"
        if kind == "generate" and model not in MODELS:
            return f"x-model-version {model}"
        if kind == "fill" and not {"image", "mask"} <= set(asked):
            return "image and mask are needed"
        size = asked.get("size", {"width": 2048, "height": 2048})
        if (size["width"], size["height"]) not in SIZES or not 1 <= len(asked["prompt"]) <= 1024:
            return "size or prompt"
        count = asked.get("numVariations", 1)
        if not 1 <= count <= 4 or len(asked.get("seeds", [0] * count)) != count:
            return "numVariations and seeds"
        uploads = re.findall(r'"uploadId": "([^"]+)"', json.dumps(asked))
        return None if set(uploads) <= set(self.uploads) else "uploadId is not known"

    def _accepted(self, asked):
        self.charge()
        job = f"urn:ff:jobs:eso851211:{next(self._names)}"
        self.jobs[job] = {"asked": asked, "left": self.polls}
        return Reply(
            202, {"jobId": job, "statusUrl": self.status_at(job), "cancelUrl": f"{self.address}/v3/cancel/{job}"}
        )

    def _now(self, job):
        held = self.jobs[job]
        if held["left"] > 0:
            held["left"] -= 1
            return {"jobId": job, "status": "running", "progress": 40}
        if self.failures:
            held["end"] = {"jobId": job, "status": "failed"} | self.failures.pop(0)
        if "end" not in held:
            asked = held["asked"]
            size = asked.get("size", {"width": 2048, "height": 2048})
            outputs = [
                {"seed": number, "image": {"url": self.delivery.put(
                    painted(size["width"], size["height"], "JPEG", number), "image/jpeg")}}
                for number in range(asked.get("numVariations", 1))
            ]  # fmt: skip
            result = {"size": size, "outputs": outputs, "promptHasDeniedWords": False}
            held["end"] = {"jobId": job, "status": "succeeded", "result": result}
        return held["end"]
