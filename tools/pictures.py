"""The pictures of the desks in the README: a desk computer in English beside a phone in Arabic.

    python tools/pictures.py [FOLDER]       FOLDER: docs/desks/pictures

A demonstration with a year behind it is made and served for it, from the same seed each time.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from tests.journeys.pages import SIZES, sign_in  # noqa: E402
from tests.support.browser import chromium, options  # noqa: E402
from tests.support.installation import serving  # noqa: E402

PEOPLE = 1_000
WIDTH, EDGE, GROUND = 1_200, 24, "#dfe4e4"


@dataclass(frozen=True)
class View:
    """A page that a desk opens. then: what leads from there to what is shown."""

    path: str
    then: Callable[[Page], None] | None = None


def open_case(page: Page) -> None:
    """One of those for which the user is responsible."""
    page.locator("main a[href^='/cases/']:not([href$='/responsible/'])").first.click()
    page.locator("#identification").wait_for()


PICTURES = {
    "desk-reception": (
        "reception",
        View("/desks/reception/queue/"),
        View("/desks/reception/register/household/"),
    ),
    "desk-protection": (
        "protection",
        View("/desks/protection/cases/", open_case),
        View("/"),
    ),
    "desk-administration": (
        "administration",
        View("/desks/administration/sites/"),
        View("/desks/administration/people/"),
    ),
}


def taken(browser: Browser, origin: str, desk: str, view: View, look: tuple[str, str]) -> bytes:
    """What one screen shows. look: language, and size of the screen."""
    language, size = look
    context = browser.new_context(
        base_url=origin,
        locale={"en": "en-GB", "ar": "ar-SY"}[language],
        viewport=SIZES[size],
        device_scale_factor=1 if size == "desk" else 2,
    )
    page = context.new_page()
    sign_in(page, desk, language)
    page.goto(view.path)
    if view.then:
        view.then(page)
    page.evaluate("() => scrollTo(0, 0)")
    shot = page.screenshot()
    context.close()
    return shot


def joined(desk: bytes, phone: bytes) -> Image.Image:
    """Both beside each other, equally high."""
    wide, narrow = (Image.open(BytesIO(each)).convert("RGB") for each in (desk, phone))
    ratio = wide.width / wide.height + narrow.width / narrow.height
    height = round((WIDTH - 3 * EDGE) / ratio)
    ground = Image.new("RGB", (WIDTH, height + 2 * EDGE), GROUND)
    left = EDGE
    for each in (wide, narrow):
        size = (round(each.width * height / each.height), height)
        ground.paste(each.resize(size, Image.Resampling.LANCZOS), (left, EDGE))
        left += size[0] + EDGE
    return ground


def main() -> int:
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "desks" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving("demo", Path(scratch) / "data", "--people", str(PEOPLE)) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=options())
        for name, (desk, english, arabic) in PICTURES.items():
            wide = taken(browser, served.origin, desk, english, ("en", "desk"))
            narrow = taken(browser, served.origin, desk, arabic, ("ar", "phone"))
            joined(wide, narrow).save(folder / f"{name}.webp", quality=80, method=6)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
