"""A browser, and a demonstration that is served for it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.journeys import cleared
from tests.support.browser import chromium, options
from tests.support.installation import Served, serving
from tests.support.shared_copies import Once

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
PATIENCE_MS = 90_000
"""For which what should be there is waited for; on a busy machine all is late."""
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip("Chromium: apt install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(program), args=options())
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def served(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = once.demonstration(tmp_path_factory.mktemp("journeys") / "data")
    with serving("demo", folder) as running:
        yield running


@pytest.fixture(autouse=True)
def nobody_chose_a_language(served: Served) -> None:
    """What somebody chose in an earlier journey is theirs everywhere, and is forgotten here."""
    database = served.errors.with_suffix("") / "database.sqlite3"
    with closing(sqlite3.connect(database, timeout=300)) as opened, opened:
        opened.execute("UPDATE accounts_user SET language = ''")


# What the browser writes into its console of answers and of a network that is away.
EXPECTED = re.compile(
    r"status of (403|404|409|410|422)|ERR_INTERNET_DISCONNECTED|htmx:error: Failed to fetch"
    r"|hx-csp\] blocked <button>: no hx-nonce"
)
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser, served: Served) -> Iterator[NewContext]:
    """A new person at a device; what the pages ask of any other origin fails the test."""
    opened: list[BrowserContext] = []
    strangers: list[str] = []
    complaints: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((served.origin, "data:")):
            strangers.append(request.url)

    def make(**settings: object) -> BrowserContext:
        context = browser.new_context(**{"viewport": DESK, **settings})  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", watch)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert strangers == [], "pages ask no other origin"
    assert [text for text in complaints if not EXPECTED.search(text)] == []


@pytest.fixture
def page(new_context: NewContext, served: Served) -> Page:
    """A desk computer in English."""
    return new_context(base_url=served.origin, locale="en-GB").new_page()


@pytest.fixture
def phone(new_context: NewContext, served: Served) -> Page:
    """A cheap phone in Arabic."""
    context = new_context(
        base_url=served.origin, locale="ar-SY", viewport=PHONE, is_mobile=True, has_touch=True
    )
    return context.new_page()


AXE = Axe()
# Only what is wrong is handed over: the rest is long.
ASK = """async () => {
  const found = await axe.run({ resultTypes: ["violations"] });
  return { ...found, passes: [], incomplete: [], inapplicable: [] };
}"""


def accessible(page: Page, *, always: bool = False) -> None:
    """axe finds nothing on this page. It looks where it has not found nothing before; always: it
    looks all the same."""
    try:
        _look_at(page, always)
    except Error as error:
        # A button was pressed just before, and the page went while axe looked at it.
        if MOVED_ON not in error.message:
            raise
        page.wait_for_load_state()
        _look_at(page, always)


MOVED_ON = "Execution context was destroyed"


def _look_at(page: Page, always: bool) -> None:
    seen = cleared.digest(page)
    if cleared.is_known(seen) and not always:
        return
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = AxeResults(page.evaluate(ASK))
    assert found.violations_count == 0, found.generate_report()
    cleared.note(seen)


def accessible_in_both_lights(page: Page) -> None:
    """axe finds nothing on this page, in the light nor in the dark."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        accessible(page)


def fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    wide = page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} wide on a screen of {wide[1]}"


def unfold(page: Page, name: str) -> None:
    """Open a section of a record's page, as somebody does on a phone; one that is open stays so."""
    section = page.locator(f"details#{name}")
    section.wait_for()
    if section.get_attribute("open") is None:
        section.locator("> summary").click()
