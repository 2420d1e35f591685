"""The shell as people use it: by keyboard and by thumb, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import accessible, fits
from tests.journeys.pages import PAGES, SIZES, enter, sign_in
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
    answers = page.locator("#answers").get_by_role("listitem")
    expect(answers.first).to_be_visible()
    assert "Harb" not in page.url
    accessible(page)
    page.keyboard.type("xxxx")
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
    expect(page.get_by_role("heading", level=1)).to_have_text("What happened")
    page.keyboard.press("1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Administration")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    page.keyboard.press("?")
    page.get_by_role("button", name="Turn single-key shortcuts off").click()
    page.keyboard.press("t")
    page.wait_for_timeout(200)
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")


def test_the_shell_on_a_phone_in_arabic(phone: Page) -> None:
    come_in(phone)
    for path in ("/", "/search/", "/timeline/"):
        phone.goto(path)
        accessible(phone)
        fits(phone)


def site_card(page: Page) -> None:
    """Open the form of the site that has no card yet or an empty one."""
    page.goto("/sites/")
    page.get_by_role("link", name="Change the card").last.click()
    expect(page.get_by_label("When is it open?")).to_be_visible()


def test_a_draft_comes_back_after_the_session_was_killed(
    new_context: Callable[..., BrowserContext], served: Served
) -> None:
    context = new_context(base_url=served.origin)
    page = context.new_page()
    come_in(page)
    site_card(page)
    page.get_by_label("How does one get there?").focus()
    page.keyboard.type("Left of the well")
    expect(page.get_by_text("What you typed is kept.")).to_be_visible()
    assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
    accessible(page)
    context.clear_cookies(name=re.compile("session"))
    page.keyboard.type(", past the palm")
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    accessible(page)
    # Signing in again in another tab: the page that was open keeps its text by itself.
    other = context.new_page()
    come_in(other)
    expect(page.get_by_text("What you typed is kept.")).to_be_visible()
    page.close()
    expect(other.get_by_role("heading", name="My work")).to_be_visible()
    other.goto("/")
    other.get_by_role("link", name="Not sent yet: Card of a site").click()
    expect(other.get_by_label("How does one get there?")).to_have_value(
        "Left of the well, past the palm"
    )
    accessible(other)
    other.get_by_role("button", name="Throw away what I typed").click()
    expect(other.get_by_label("How does one get there?")).to_have_value("")


def test_without_a_network_the_text_stays_and_is_kept_later(
    new_context: Callable[..., BrowserContext], served: Served
) -> None:
    context = new_context(base_url=served.origin)
    page = context.new_page()
    come_in(page)
    site_card(page)
    context.set_offline(True)
    page.get_by_label("When is it open?").fill("By night")
    expect(page.get_by_text("There is no network")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    page.wait_for_timeout(500)
    expect(page.get_by_label("When is it open?")).to_have_value("By night")
    context.set_offline(False)
    expect(page.get_by_text("What you typed is kept.")).to_be_visible()
    page.get_by_role("button", name="Keep for later").click()
    page.get_by_role("button", name="Throw away what I typed").click()
    expect(page.get_by_label("When is it open?")).to_have_value("")


def test_two_windows_at_one_record(
    new_context: Callable[..., BrowserContext], served: Served
) -> None:
    """By keyboard: the second sees both values and decides; what only one changed is kept."""
    pages = [new_context(base_url=served.origin).new_page() for _ in range(2)]
    for page in pages:
        come_in(page)
        site_card(page)
    first, second = pages
    first.get_by_label("When is it open?").fill("By day")
    first.get_by_label("How does one get there?").fill("Over the bridge")
    first.keyboard.press("Tab")
    first.keyboard.press("Enter")
    expect(first.get_by_text("Saved.")).to_be_visible()
    second.get_by_label("When is it open?").fill("At night")
    second.get_by_role("button", name="Save").focus()
    second.keyboard.press("Enter")
    expect(second.get_by_role("heading", level=1)).to_have_text("Two of you changed the same")
    accessible(second)
    fits(second)
    second.get_by_role("radio", name="Mine").focus()
    second.keyboard.press("Space")
    second.get_by_role("button", name="Save").focus()
    second.keyboard.press("Enter")
    expect(second.get_by_text("Saved.")).to_be_visible()
    expect(second.get_by_text("At night")).to_be_visible()
    expect(second.get_by_text("Over the bridge")).to_be_visible()
    accessible(second)


def test_what_was_typed_is_kept_before_the_screen_is_locked(page: Page) -> None:
    come_in(page)
    site_card(page)
    page.get_by_label("Telephone of the site").fill("+111 11")
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    come_in(page)
    site_card(page)
    expect(page.get_by_label("Telephone of the site")).to_have_value("+111 11")
    page.get_by_role("button", name="Throw away what I typed").click()


def test_locking_and_the_language_by_keyboard(
    new_context: Callable[..., BrowserContext], served: Served
) -> None:
    page = new_context(base_url=served.origin, locale="en-GB").new_page()
    come_in(page, "coordination")
    for language in ("ar", "en"):
        page.locator("button[name=language]").focus()
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", language)
    page.locator("form[data-lock] button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


LOOKS = [
    ("en-GB", "light", "desk"),
    ("en-GB", "dark", "phone"),
    ("ar-SY", "light", "phone"),
    ("ar-SY", "dark", "desk"),
]


@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_every_page_is_accessible_and_fits(
    new_context: Callable[..., BrowserContext],
    served: Served,
    language: str,
    scheme: str,
    size: str,
) -> None:
    """axe finds nothing and nothing scrolls sideways: also in the other size, which is quick."""
    context = new_context(
        base_url=served.origin, locale=language, color_scheme=scheme, viewport=SIZES[size]
    )
    opened, at = context.new_page(), "nowhere"
    for shown in PAGES:
        if shown.desk != at:
            at = shown.desk
            sign_in(opened, at, language[:2])
        enter(opened, shown)
        expect(opened.locator("html")).to_have_attribute("lang", language[:2])
        accessible(opened)
        for viewport in SIZES.values():
            opened.set_viewport_size(viewport)
            fits(opened)
        opened.set_viewport_size(SIZES[size])
