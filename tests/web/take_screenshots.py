"""Pictures of every page of the demo project, for the documentation; they go to docs/images/.

`PYTHONPATH=. python tests/web/take_screenshots.py` makes them anew. What the navigation lists is taken by itself; views
of one page stand in `VIEWS`.
"""

import io
import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

import structlog  # noqa: E402  # the path comes first
from browsing import chromium, site  # noqa: E402  # the path comes first
from PIL import Image  # noqa: E402  # the path comes first
from playwright.sync_api import sync_playwright  # noqa: E402  # the path comes first

from api.web.navigation import NAVIGATION  # noqa: E402  # the path comes first
from callsheet.demo import demo_project  # noqa: E402  # the path comes first

COLOURS = 128
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
VIEWS = (
    *((entry.path.strip("/") or "gallery", entry.path, DESK, "light", ()) for entry in NAVIGATION),
    ("gallery-dark", "/", DESK, "dark", ()),
    ("gallery-phone", "/", PHONE, "light", ()),
    ("gallery-tagging", "/", DESK, "light", ("Home", "Space", "Shift+ArrowRight", "t", "a", "l")),
)
"""Name, path, size, theme, keys pressed before."""


def take(folder):
    """Write a PNG for each view."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with TemporaryDirectory() as place, sync_playwright() as playwright:
        root, _ = demo_project(Path(place) / "dungeon-school")
        browser = chromium(playwright)
        with site(root) as (address, _):
            for name, path, size, theme, keys in VIEWS:
                page = browser.new_page(viewport=size, color_scheme=theme)
                page.goto(address + path)
                page.wait_for_timeout(1500)
                for key in keys:
                    page.keyboard.press(key)
                page.wait_for_timeout(500)
                shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                shot.quantize(COLOURS).save(folder / f"{name}.png", optimize=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    take(ROOT / "docs/images")
