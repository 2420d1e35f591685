"""An administrator adds a colleague by keyboard; the colleague comes in; then they are shut out."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewContext, accessible, fits
from tests.support.installation import Served


def as_administrator(page: Page) -> None:
    page.goto("/sign-in/")
    page.locator("button[name=desk][value=administration]").click()
    page.wait_for_url("**/")


def by_keyboard(page: Page, label: str) -> None:
    """Go to what is called so with the tabulator alone, and press Enter."""
    target = page.get_by_role("link", name=label).or_(page.get_by_role("button", name=label)).first
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{label!r} is not reached with the tabulator")


def test_added_let_in_and_shut_out(page: Page, new_context: NewContext, served: Served) -> None:
    as_administrator(page)
    page.goto("/desks/administration/people/")
    by_keyboard(page, "Add a person")
    page.wait_for_url("**/people/add/")
    accessible(page)

    # Sent empty of what is needed: the summary leads to the question.
    page.locator("#f-username").press_sequentially("night-shift")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#f-username")).to_have_value("night-shift")
    accessible(page)
    page.locator("a[href='#f-role']").press("Enter")
    expect(page.locator("#f-role")).to_be_focused()
    page.keyboard.type("Case worker")
    page.locator("#f-place").focus()
    page.keyboard.press("Home")
    page.locator("#f-username").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/people/[0-9a-z]{20}/(#.*)?$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("night-shift")
    expect(page.locator("main")).to_contain_text("Case worker")
    accessible(page)
    person = page.url.partition("#")[0]

    by_keyboard(page, "Make a sign-in link")
    link = page.locator("#f-address").input_value()
    accessible(page)

    colleague = new_context(base_url=served.origin, locale="en-GB").new_page()
    colleague.goto(link)
    colleague.get_by_role("button", name="Sign in now").click()
    colleague.wait_for_url("**/")
    colleague.goto("/desks/protection/")
    expect(colleague.get_by_role("heading", level=1)).to_have_text("Protection")
    colleague.goto("/my/roles/")
    expect(colleague.locator("main")).to_contain_text("Case worker")

    page.goto(person)
    by_keyboard(page, "Block")
    page.wait_for_url("**/block/")
    accessible(page)
    by_keyboard(page, "Block")
    page.wait_for_url(person)
    expect(page.locator("main")).to_contain_text("blocked")

    colleague.goto("/desks/protection/")
    expect(colleague).to_have_url(re.compile("/sign-in/"))


def test_on_a_phone_in_arabic(phone: Page) -> None:
    as_administrator(phone)
    for path in ("people/", "people/add/", "people/ending/", "sites/", "teams/", "exclusions/"):
        phone.goto(f"/desks/administration/{path}")
        expect(phone.locator("html")).to_have_attribute("dir", "rtl")
        fits(phone)
        accessible(phone)
