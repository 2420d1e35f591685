"""Screenshots of every page: Arabic and English, phone and desk, light and dark, to look at them.

    python tools/screenshots.py FOLDER [PART OF A NAME ...]

A demonstration is made and served for it. The list of pages is that of the journeys.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from tests.journeys.pages import PAGES, SIZES, Shown, enter, sign_in  # noqa: E402
from tests.support.browser import chromium, options  # noqa: E402
from tests.support.installation import serving  # noqa: E402

LOOKS = (("en", "light"), ("ar", "light"), ("ar", "dark"))


def shoot(browser: Browser, origin: str, pages: list[Shown], folder: Path) -> None:
    """The pages in every look."""
    for language, scheme in LOOKS:
        for size, viewport in SIZES.items():
            context = browser.new_context(
                base_url=origin,
                locale={"en": "en-GB", "ar": "ar-SY"}[language],
                viewport=viewport,
                color_scheme="dark" if scheme == "dark" else "light",
            )
            opened, at = context.new_page(), "nowhere"
            for page in pages:
                if page.desk != at:
                    at = page.desk
                    sign_in(opened, at, language)
                enter(opened, page)
                name = f"{page.name}-{language}-{size}-{scheme}.png"
                opened.screenshot(path=folder / name, full_page=True)
            context.close()


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [
        page for page in PAGES if not sys.argv[2:] or any(w in page.name for w in sys.argv[2:])
    ]
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving("demo", Path(scratch) / "data") as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=options())
        shoot(browser, served.origin, wanted, folder)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
