"""Screenshots of every page, to look at them: Arabic and English, phone and desk, light and dark.

    python tools/screenshots.py [--print] FOLDER [PART OF A NAME ...]

A demonstration is made and served for it. The list of pages is that of the journeys. Pages that
cannot be reached are named at the end, and then it ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Error, Page, sync_playwright  # noqa: E402
from tests.journeys.pages import GROUPS, PAGES, SIZES, Shown, Walk  # noqa: E402
from tests.support.browser import chromium, options  # noqa: E402
from tests.support.installation import serving  # noqa: E402

REGIONS = {"en": "en-GB", "ar": "ar-SY"}


def shoot(opened: Page, name: str, folder: Path, paper: bool) -> None:
    """A page in every size and light; on paper also as it is printed."""
    # What stays in sight at the top would stand in the middle of a page that was scrolled.
    opened.evaluate("() => scrollTo(0, 0)")
    for scheme in ("light", "dark"):
        opened.emulate_media(color_scheme=scheme)
        for size, viewport in SIZES.items():
            opened.set_viewport_size(viewport)
            opened.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=True)
    opened.emulate_media(color_scheme="light")
    if paper:
        opened.emulate_media(media="print")
        opened.screenshot(path=folder / f"{name}-print.png", full_page=True)
        opened.emulate_media(media="screen")


def wanted(pages: tuple[Shown, ...], parts: list[str]) -> Iterator[Shown]:
    """The pages whose name holds one of the parts; all without any."""
    return (page for page in pages if not parts or any(part in page.name for part in parts))


def shoot_all(opened: Page, language: str, asked: argparse.Namespace) -> list[str]:
    """Pictures in one language; the names of those that failed, with why."""
    failed: dict[str, str] = {}
    for pages in GROUPS.values():
        walk = Walk(opened, pages, language)
        for page in wanted(pages, asked.parts):
            if page.after in failed:
                failed[page.name] = f"it goes on from {page.after}"
                continue
            try:
                walk.show(page)
                shoot(opened, f"{page.name}-{language}", asked.folder, asked.paper)
            except Error as error:
                failed[page.name] = str(error).splitlines()[0]
    return [f"{name} in {language}: {why}" for name, why in failed.items()]


def main() -> int:
    asking = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asking.add_argument("folder", type=Path)
    asking.add_argument("parts", nargs="*", metavar="PART", help="of the names of pages")
    asking.add_argument("--print", dest="paper", action="store_true", help="also as printed")
    asked = asking.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    failed: list[str] = []
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving("demo", Path(scratch) / "data") as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=options())
        for language, region in REGIONS.items():
            context = browser.new_context(base_url=served.origin, locale=region)
            context.set_default_timeout(15_000)
            failed += shoot_all(context.new_page(), language, asked)
            context.close()
        browser.close()
    for each in failed:
        print(f"failed: {each}", file=sys.stderr)
    there = len([*wanted(PAGES, asked.parts)]) * len(REGIONS)
    taken = len([*asked.folder.glob("*.png")])
    print(f"{there} pages, {taken} pictures, {len(failed)} missing")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
