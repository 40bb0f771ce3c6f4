"""Where vendors put what they made: a server of its own that wants no key, and must not be given one."""

import base64
from itertools import count

from fake_wire import FakeVendor, Reply


class FakeDelivery(FakeVendor):
    """Files by name; `/to/NAME` redirects to `/file/NAME`.

    `gone`: names that are not there any more; `script_of_files`: what the next files are in place of themselves.
    """

    def __init__(self):
        super().__init__()
        self.files = {}
        self.gone = set()
        self.damage = None
        self.script_of_files = []
        self._names = count(1)

    def put(self, data: bytes, media_type="image/png") -> str:
        """Its address."""
        name = f"out-{next(self._names)}"
        self.files[name] = (data if self.damage is None else self.damage(data), media_type)
        return f"{self.address}/to/{name}"

    def is_paid(self, seen):
        return False

    def answer(self, seen):
        raise AssertionError(f"nothing is sold here: {seen}")

    def refusal_of_key(self, seen):
        keys = {"authorization", "x-key", "x-api-key"} & set(seen.headers)
        return Reply(400, f"somebody gave a key away: {sorted(keys)}") if keys else None

    def free(self, seen):
        place, _, name = seen.path.removeprefix("/").partition("/")
        if name in self.gone or name not in self.files:
            return Reply(404, "<html><title>no such file</title></html>", {"Content-Type": "text/html"})
        if not seen.headers.get("user-agent"):
            return Reply(403, "who are you?")
        if place == "to":
            return Reply(302, "", {"Location": f"{self.address}/file/{name}"})
        if self.script_of_files:
            return self.script_of_files.pop(0)
        data, media_type = self.files[name]
        return Reply(200, data, {"Content-Type": media_type})


def opened_data_url(text: str) -> bytes:
    return base64.b64decode(text.partition("base64,")[2])
