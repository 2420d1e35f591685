"""The shell as people use it; what is done by keyboard alone is in ``test_by_keyboard``."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import accessible, fits
from tests.support.installation import Served


def come_in(page: Page, desk: str = "administration") -> None:
    page.goto("/sign-in/")
    page.locator(f"button[name=desk][value={desk}]").click()
    page.wait_for_url("**/")


def test_search_by_keyboard_while_typing(page: Page) -> None:
    come_in(page)
    page.keyboard.press("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("Harb")
    page.keyboard.press("Enter")
    answers = page.locator("#answers").get_by_role("listitem")
    expect(answers.first).to_be_visible()
    assert "Harb" not in page.url
    accessible(page)
    page.keyboard.type("xxxx")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing was found")).to_be_visible()
    accessible(page)


def test_search_without_scripts(new_context: Callable[..., BrowserContext], served: Served) -> None:
    page: Page = new_context(base_url=served.origin, java_script_enabled=False).new_page()
    come_in(page)
    page.goto("/search/")
    page.get_by_role("searchbox").fill("Harb")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.locator("#answers").get_by_role("listitem").first).to_be_visible()
    assert "Harb" not in page.url


def test_without_scripts_a_form_sent_too_late_comes_back(
    new_context: Callable[..., BrowserContext], served: Served
) -> None:
    page: Page = new_context(base_url=served.origin, java_script_enabled=False).new_page()
    come_in(page)
    page.goto("/sites/")
    page.get_by_role("link", name="Change the card").last.click()
    page.get_by_label("How does one get there?").fill("Left & <right>")
    page.get_by_label("Arabic").check()
    elsewhere: Page = new_context(base_url=served.origin).new_page()
    come_in(elsewhere)
    elsewhere.goto("/my/sessions/")
    elsewhere.get_by_role("button", name="End all others").click()
    elsewhere.get_by_role("button", name="End all others").wait_for(state="detached")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("What you just sent is not saved yet.")).to_be_visible()
    page.locator("button[name=desk][value=administration]").click()
    expect(page.get_by_text("What you sent is back")).to_be_visible()
    expect(page.get_by_label("How does one get there?")).to_have_value("Left & <right>")
    expect(page.get_by_label("Arabic")).to_be_checked()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_text("Left & <right>")).to_be_visible()


def test_a_planted_element_does_not_act(page: Page) -> None:
    """Without the page's nonce htmx leaves an element alone (and says so in the console)."""
    come_in(page)
    page.goto("/search/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """() => {
          const planted = document.createElement("button");
          planted.setAttribute("hx-get", "/timeline/");
          planted.textContent = "planted";
          document.querySelector("main").append(planted);
          window.htmx.process(planted);
          planted.click();
        }"""
    )
    page.wait_for_timeout(300)
    assert [url for url in asked if "timeline" in url] == []


def test_shortcuts_lead_about_and_can_be_turned_off(page: Page) -> None:
    come_in(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("t")
    expect(page.get_by_role("heading", level=1)).to_have_text("Timeline")
    page.keyboard.press("1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Administration")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    page.keyboard.press("?")
    page.get_by_role("button", name="Turn off single-key shortcuts").click()
    page.keyboard.press("t")
    page.wait_for_timeout(200)
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")


# Keys of an Arabic keyboard, with their places, and the heading that they lead to.
ARABIC_KEYS = [("ف", "KeyT", "Timeline"), ("ا", "KeyH", "My work"), ("ظ", "Slash", "Search")]


def test_shortcuts_lead_about_on_an_arabic_keyboard(page: Page) -> None:
    come_in(page)

    def press(key: str, code: str) -> None:
        page.evaluate(
            "told => document.body.dispatchEvent("
            "new KeyboardEvent('keydown', {...told, bubbles: true, cancelable: true}))",
            {"key": key, "code": code},
        )

    for key, code, heading in ARABIC_KEYS:
        press(key, code)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    press("\N{ARABIC QUESTION MARK}", "Slash")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_shell_on_a_phone_in_arabic(phone: Page) -> None:
    come_in(phone)
    for path in ("/", "/search/", "/timeline/"):
        phone.goto(path)
        accessible(phone)
        fits(phone)
