"""What an entry in the list of pages says, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from playwright.sync_api import Page, ViewportSize

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 360, "height": 740},
    "desk": {"width": 1280, "height": 800},
}
VISITOR = ""


@dataclass(frozen=True)
class Shown:
    """One page in one state.

    name: of its picture. path: address. desk: whose user opens it (``officer`` the data-protection
    officer), VISITOR for nobody signed in. then: what is done on the page to come to the state.
    view: what is shown then, where the path does not tell. after: the entry before it in its file
    from which ``then`` goes on, in the place of the path.
    """

    name: str
    path: str
    desk: str = "administration"
    then: Callable[[Page], None] | None = None
    view: str = ""
    after: str = ""


def settle(page: Page) -> None:
    """Wait for what was pressed: a form asks whether the server is there before it is sent."""
    page.locator("form[data-asking]").first.wait_for(state="detached")
    page.wait_for_load_state()


def prove(page: Page) -> None:
    # In a demonstration the proof that is asked for first is a button.
    settle(page)
    if "/my/proof/" in page.url:
        page.locator("main form button").click()
        page.wait_for_url(lambda url: "/my/proof/" not in url)


def come_in_at(page: Page, desk: str) -> None:
    """Somebody else signs in at the same device, in the language that the page has."""
    language = page.locator("html").get_attribute("lang") or ""
    page.locator("form[data-lock] button").click()
    page.locator(f"button[name=desk][value={desk}]").click()
    page.locator("nav.desks").wait_for()
    change_language(page, language)


def change_language(page: Page, language: str) -> None:
    """With the button in the header, unless the page is in this language, or any will do."""
    if language and page.locator("html").get_attribute("lang") != language:
        page.locator(f"button[name=language][value={language}]").click()
        page.locator(f"html[lang={language}]").wait_for()


def sign_in(opened: Page, desk: str, language: str) -> None:
    """Come in as the fictional user of a desk; as a visitor where none is named."""
    opened.context.clear_cookies()
    if desk:
        opened.goto("/sign-in/")
        opened.locator(f"button[name=desk][value={desk}]").click()
        opened.wait_for_url("**/")
        change_language(opened, language)


class Walk:
    """Somebody at a device who goes from page to page, signing in where the next one asks it.

    pages: all that an entry may go on from. language: in which they are seen.
    """

    def __init__(self, opened: Page, pages: Iterable[Shown], language: str) -> None:
        self.opened, self.language = opened, language
        self.pages = {page.name: page for page in pages}
        self.desk, self.at = "nowhere", ""

    def show(self, shown: Shown) -> None:
        """Come to a page; raises what Playwright does where it cannot be reached."""
        at, self.at = self.at, ""
        if shown.after:
            if at != shown.after:
                self.show(self.pages[shown.after])
        else:
            if self.desk != shown.desk:
                sign_in(self.opened, shown.desk, self.language)
            self.opened.goto(shown.path)
            self.desk = shown.desk
        desk, before, self.desk = self.desk, self.session(), "nowhere"
        if shown.then:
            shown.then(self.opened)
            settle(self.opened)
        # On some pages the device is passed on to somebody else.
        self.desk = desk if self.session() == before else "nowhere"
        self.at = shown.name

    def session(self) -> str:
        """The cookie of who is signed in."""
        cookies = self.opened.context.cookies()
        return next((c["value"] for c in cookies if c["name"].endswith("-session")), "")


def save_person(page: Page) -> None:
    """Send the form of a registration; of whoever may be here already it is said that it is another
    person, since other journeys register people of the same names."""
    page.locator("button[value=save]").click()
    page.locator("main input[name=another], main table").first.wait_for(state="attached")
    if page.locator("main input[name=another]").count():
        page.locator("button[value=save]").click()
