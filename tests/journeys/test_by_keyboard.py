"""What nobody may lose, by keyboard alone: in Arabic and English, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewContext, accessible, fits
from tests.journeys.looks import Device, Look, looks
from tests.support.installation import Served

WORDS = {
    "en": ("Left of the well", ", past the palm", "By day", "At night"),
    "ar": ("يسار البئر", "، بعد النخلة", "نهارًا", "ليلًا"),
}
SESSION_ENDED = (
    "Your session has ended. What you typed stays on this page. Sign in again in another "
    "tab, and it is saved."
)
NO_NETWORK = (
    "There is no network. What you typed stays on this page and is saved as soon as there is "
    "one. Do not close the page."
)
OTHER = {"en": "ar", "ar": "en"}
# What is seen of the page in the moment in which it is locked.
WATCH_FOR_BLANK = """
  () => new MutationObserver(() => {
    const seen = getComputedStyle(document.body).visibility;
    const shown = getComputedStyle(document.body).display;
    sessionStorage.setItem("blank", shown === "none" ? "hidden" : seen);
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["class"] })
"""
Opened = Callable[[], Device]


@pytest.fixture
def opened(look: Look, new_context: NewContext, served: Served) -> Opened:
    """A browser of its own in this look."""
    return lambda: Device(new_context(base_url=served.origin, **look.settings()), look)


def open_card(device: Device) -> None:
    """The form of the site that has no card yet or an empty one."""
    device.page.goto("/sites/")
    device.choose("a[href$='/card/']")
    device.page.locator("form[data-draft]").wait_for()


def sound(device: Device) -> None:
    accessible(device.page)
    fits(device.page)


@pytest.mark.parametrize("look", looks(0))
def test_a_draft_comes_back_after_the_session_was_killed(look: Look, opened: Opened) -> None:
    begun, more, *_ = WORDS[look.language]
    device = opened()
    device.come_in()
    open_card(device)
    device.write("note", begun)
    device.says("What you typed is kept.")
    device.context.clear_cookies(name=re.compile("session"))
    device.page.keyboard.type(more)
    device.page.get_by_text(look.says(SESSION_ENDED)).wait_for()
    sound(device)
    # Signing in again in another tab: the page that was open keeps its text by itself.
    other = device.another_tab()
    other.come_in()
    device.says("What you typed is kept.")
    device.page.close()
    other.page.goto("/")
    other.heading("My work")
    other.choose("a[href$='/card/']")
    expect(other.page.locator("[name=note]")).to_have_value(begun + more)
    sound(other)
    other.choose("details:has(button[value=discard]) > summary")
    other.choose("button[value=discard]")
    expect(other.page.locator("[name=note]")).to_have_value("")


@pytest.mark.parametrize("look", looks(1))
def test_two_windows_at_one_record(look: Look, opened: Opened) -> None:
    """The second sees both values and decides; what only one changed is kept."""
    way, _, day, night = (f"{text} ({look})" for text in WORDS[look.language])
    first = opened()
    first.come_in()
    second = first.another_tab()
    for device in (first, second):
        open_card(device)
    first.write("opening", day)
    first.write("note", way)
    first.choose("button[value=save]")
    first.says("Saved.")
    second.write("opening", night)
    second.choose("button[value=save]")
    second.heading("Two of you changed the same thing")
    for text in (day, night):
        expect(second.page.get_by_role("main").get_by_text(text)).to_be_visible()
    sound(second)
    second.to("[name=keep-opening][value=mine]")
    second.press("Space")
    second.choose("button[value=merge]")
    second.says("Saved.")
    for text in (night, way):
        expect(second.page.get_by_text(text)).to_be_visible()
    expect(second.page.get_by_text(day)).to_have_count(0)
    open_card(second)
    for name in ("opening", "note"):
        second.write(name, "")
        second.press("Delete")
    second.choose("button[value=save]")
    second.says("Saved.")


@pytest.mark.parametrize("look", looks(2))
def test_the_screen_is_locked_and_blank_and_what_was_typed_is_there_again(
    look: Look, opened: Opened
) -> None:
    begun, *_ = WORDS[look.language]
    device = opened()
    device.come_in()
    open_card(device)
    card = device.page.url
    device.write("note", begun)
    device.page.evaluate(WATCH_FOR_BLANK)
    device.press("Escape", "Escape", "Escape")
    device.heading("Sign in")
    assert device.page.evaluate("() => sessionStorage.getItem('blank')") == "hidden"
    device.page.evaluate("() => sessionStorage.clear()")
    assert begun not in device.page.content()
    device.press("Alt+ArrowLeft")
    device.page.goto(card)
    device.heading("Sign in")
    device.come_in()
    open_card(device)
    expect(device.page.locator("[name=note]")).to_have_value(begun)
    device.choose("details:has(button[value=discard]) > summary")
    device.choose("button[value=discard]")
    expect(device.page.locator("[name=note]")).to_have_value("")
    device.choose("form[data-lock] button")
    device.heading("Sign in")
    sound(device)


@pytest.mark.parametrize("look", looks(3))
def test_the_language_is_changed_and_stays(look: Look, opened: Opened) -> None:
    other = Look(OTHER[look.language], look.size)
    device = opened()
    device.come_in("coordination")
    device.page.goto("/timeline/")
    device.heading("Timeline")
    device.change_language(other.language)
    assert device.page.url.endswith("/timeline/"), "the same page"
    direction = {"ar": "rtl", "en": "ltr"}[other.language]
    expect(device.page.locator("html")).to_have_attribute("dir", direction)
    expect(device.page.get_by_role("heading", level=1)).to_have_text(other.says("Timeline"))
    sound(device)
    device.choose("form[data-lock] button")
    expect(device.page.get_by_role("heading", level=1)).to_have_text(other.says("Sign in"))
    device.choose("button[name=desk][value=coordination]")
    expect(device.page.get_by_role("heading", level=1)).to_have_text(other.says("My work"))
    device.change_language(look.language)
    device.heading("My work")


@pytest.mark.parametrize("look", looks(4))
def test_the_first_tab_leads_past_the_menu_and_shortcuts_are_told(
    look: Look, opened: Opened
) -> None:
    device = opened()
    device.come_in()
    device.page.goto("/timeline/")
    device.press("Tab", "Enter", "Tab")
    assert device.page.evaluate("() => !document.activeElement.closest('header, nav')")
    device.press("?")
    expect(device.page.get_by_role("dialog")).to_be_visible()
    sound(device)
    device.press("Escape", "h")
    device.heading("My work")
    device.press("/")
    device.heading("Search")
    device.write("text", "Harb")
    device.press("Enter")
    expect(device.page.locator("#answers").get_by_role("listitem").first).to_be_visible()
    sound(device)


@pytest.mark.parametrize("look", looks(5))
def test_without_a_network_the_text_stays_and_is_kept_later(opened: Opened, look: Look) -> None:
    _, _, _, night = WORDS[look.language]
    device = opened()
    device.come_in()
    open_card(device)
    device.context.set_offline(True)
    device.write("opening", night)
    device.says(NO_NETWORK)
    device.choose("button[value=save]")
    device.page.wait_for_timeout(300)
    expect(device.page.locator("[name=opening]")).to_have_value(night)
    assert device.page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    assert device.page.evaluate("async () => (await indexedDB.databases()).length") == 0
    device.context.set_offline(False)
    device.says("What you typed is kept.")
    device.choose("button[value=draft]")
    device.choose("details:has(button[value=discard]) > summary")
    device.choose("button[value=discard]")
    expect(device.page.locator("[name=opening]")).to_have_value("")
