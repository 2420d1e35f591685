"""What somebody sees whose session has ended meanwhile, or whom a colleague has overtaken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, sign_in

DESK = "administration"
CARD = 'a[href$="/card/"]'


@contextmanager
def elsewhere(page: Page) -> Iterator[Page]:
    """The same person in another browser."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(base_url=urljoin(page.url, "/"))
    other = context.new_page()
    sign_in(other, DESK, "")
    yield other
    context.close()


def send_too_late(page: Page) -> None:
    page.locator("[name=note]").fill("A tablet was left in a taxi.")
    page.locator("[name=kind]").first.check()
    with elsewhere(page) as other:
        other.goto("/my/sessions/")
        other.locator("form[action$='/others/end/'] button").click()
        other.locator("form[action$='/others/end/']").wait_for(state="detached")
    page.locator("main form.form .button").last.click()
    page.wait_for_url("**/sign-in/**")


def come_back(page: Page) -> None:
    page.locator(f"button[name=desk][value={DESK}]").click()
    page.locator(".notice").first.wait_for()


def open_card(page: Page) -> None:
    """The first one, without what an earlier journey left there as a draft."""
    page.goto("/sites/")
    page.locator(CARD).first.click()
    page.locator("form[data-draft]").wait_for()
    if page.locator("button[value=discard]").count():
        page.locator("details:has(button[value=discard]) > summary").click()
        page.locator("button[value=discard]").click()
        page.locator("button[value=discard]").wait_for(state="detached")
        open_card(page)


def change_card(page: Page, phone: str) -> None:
    # Without a draft, which the next one would find.
    page.evaluate("() => document.querySelector('form[data-draft]').removeAttribute('data-draft')")
    page.locator("[name=phone]").fill(phone)
    page.locator("button[value=save]").click()


def be_overtaken(page: Page) -> None:
    open_card(page)
    with elsewhere(page) as other:
        open_card(other)
        phone = other.locator("[name=phone]").input_value()
        change_card(other, phone[:-1] + str((int(phone[-1]) + 1) % 8))
        other.locator(".notice-done").first.wait_for()
    change_card(page, "+218 21 000 0009")
    page.locator("fieldset [type=radio]").first.wait_for()


PAGES = (
    Shown("late-form-kept", "/incident/", then=send_too_late, view="accounts:sign_in"),
    Shown(
        "late-form", "/incident/", then=come_back, view="incidents:record", after="late-form-kept"
    ),
    Shown("overtaken", "/sites/", then=be_overtaken, view="sitecards:edit"),
)
