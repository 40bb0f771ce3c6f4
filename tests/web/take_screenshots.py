"""Pictures of every page of the demo project, for the documentation; they go to docs/images/.

`./run screenshots [NAME]…` makes them anew, all or those that are named. What the navigation lists is taken by itself;
views of one page stand in `VIEWS`.
"""

import io
import logging
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

import structlog  # noqa: E402  # the path comes first
from browsing import chromium, site  # noqa: E402  # the path comes first
from fake_openai import FakeOpenAI, error  # noqa: E402  # the path comes first
from fake_wire import KEY, drop_after_acceptance  # noqa: E402  # the path comes first
from PIL import Image  # noqa: E402  # the path comes first
from playwright.sync_api import sync_playwright  # noqa: E402  # the path comes first

from api.web.navigation import NAVIGATION  # noqa: E402  # the path comes first
from callsheet.demo import demo_project  # noqa: E402  # the path comes first
from gallery.journal.editing import Edit  # noqa: E402  # the path comes first
from generation.engine.control import Stop  # noqa: E402  # the path comes first

COLOURS = (128, 96, 64, 48)
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
VIEWS = (
    *((entry.path.strip("/") or "gallery", entry.path, DESK, "light", ()) for entry in NAVIGATION),
    ("gallery-dark", "/", DESK, "dark", ()),
    ("gallery-phone", "/", PHONE, "light", ()),
    ("asset", "/a/{asset}", DESK, "light", ()),
    ("resolve-answer", "/resolve?block=alex_faces_gravelord", DESK, "light", ()),
    ("resolve-generate", "/resolve?block=alex_faces_gravelord", DESK, "light", ("Generate…",)),
    ("ontology-rename", "/ontology?q=npc:alex", DESK, "light", ("Change npc:alex", "type npc:alexis", "Preview")),
    ("history-dark", "/history", DESK, "dark", ()),
    ("doctor-phone", "/doctor", PHONE, "dark", ()),
    ("gallery-tagging", "/", DESK, "light", ("Home", "Space", "Shift+ArrowRight", "t", "a", "l")),
)
"""Name, path, size, theme, and acts before: keys, names of buttons, texts (`type …`). `{asset}`: the id of one."""

MOST_BYTES = 150_000
"""Of one picture: it is looked at over a network."""


def take(folder, names):
    """Write a PNG for each view, or for those that are named."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    os.environ["CALLSHEET_ACTOR"] = "mara"
    with TemporaryDirectory() as place, sync_playwright() as playwright, FakeOpenAI() as vendor:
        os.environ |= {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": vendor.base_url}
        root, _ = demo_project(Path(place) / "dungeon-school")
        browser = chromium(playwright)
        with site(root) as (address, workspace):
            asset = live_through(workspace)
            have_made(workspace, vendor)
            for name, path, size, theme, acts in VIEWS:
                if not names or name in names:
                    page = browser.new_page(viewport=size, color_scheme=theme)
                    page.goto(address + path.format(asset=asset))
                    page.wait_for_timeout(1500)
                    perform(page, acts)
                    keep(page.screenshot(), folder / f"{name}.png")
                    page.close()
        browser.close()


def live_through(workspace):
    """What happens in any project: tags come and go, some pictures into the trash. Gives the id of one picture."""
    gallery = workspace.gallery
    ids = [asset.id for asset in gallery.search("npc:alex", limit=10).assets]
    gallery.tag(ids[:3], add=["sketch"])
    gallery.undo()
    gallery.edit_all(ids[:5], Edit(rating=5))
    gallery.trash([asset.id for asset in gallery.search("rating:<=3", limit=9).assets])
    gallery.tag(ids[3:5], add=["final"])
    (workspace.root / gallery.search("loc:*", limit=20).assets[-1].path).unlink()
    return ids[1]


def have_made(workspace, vendor):
    """Jobs in every lane: made, refused by the vendor, left in the queue, and one of which nobody knows."""
    specs, making = workspace.specs, workspace.generation
    workspace.generate(specs["headmistress"], providers=["local"])
    workspace.generate(specs["duel-at-the-gate"], providers=["local"])
    vendor.script.append(error(400, "Your request was rejected by the safety system.", code="moderation_blocked"))
    workspace.generate(specs["pale-warden"], providers=["openai"])
    vendor.script.append(drop_after_acceptance)
    workspace.generate(specs["headmistress"], providers=["openai"])
    stop = Stop()
    stop.set()
    making.generate(specs.select("festival-card", {"who": ["npc:alex"]}), stop=stop)


def perform(page, acts):
    """Press a key, click the button of this name, or write a text into the field with the focus."""
    for act in acts:
        if act.startswith("type "):
            page.locator(":focus").fill(act.removeprefix("type "))
            continue
        button = page.get_by_role("button", name=act, exact=True)
        if len(act) > 1 and button.count():
            button.last.click()
            page.wait_for_timeout(500)
        else:
            page.keyboard.press(act)
    page.wait_for_timeout(500)


def keep(shot, path):
    """Write a screenshot with as many colours as its size allows."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    for colours in COLOURS:
        picture.quantize(colours).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            return
    raise ValueError(f"{path.name} is larger than {MOST_BYTES} bytes")


if __name__ == "__main__":
    take(ROOT / "docs/images", sys.argv[1:])
