"""Coming in, landing on the desk, locking and leaving."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from marfa.cli.server.serve import DEMONSTRATED
from tests.journeys.conftest import accessible, fits
from tests.support.installation import Served


def test_an_administrator_comes_in_by_the_printed_link(page: Page, served: Served) -> None:
    assert served.sign_in is not None
    page.goto(served.sign_in)
    page.get_by_role("button", name="Sign in now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    expect(page.get_by_text("everything here is fictional")).to_be_visible()
    accessible(page)

    page.get_by_role("navigation").get_by_role("link", name="Administration").click()
    page.get_by_role("link", name="People and roles").click()
    # The headings, one person a desk, four beside them, and whom another journey has added.
    expect(page.get_by_role("row").nth(len(DEMONSTRATED) + 4)).to_be_visible()
    accessible(page)
    fits(page)

    page.get_by_role("button", name="Lock and leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    page.goto(served.sign_in)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")


def test_a_reception_officer_on_a_phone_in_arabic(phone: Page) -> None:
    phone.goto("/")
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    expect(phone.get_by_role("heading", level=1)).to_have_text("الدخول")
    accessible(phone)
    fits(phone)

    phone.get_by_role("button", name="الاستقبال").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("مهامي")
    accessible(phone)
    fits(phone)

    phone.get_by_role("main").get_by_role("link", name="الاستقبال").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("الاستقبال")
    expect(phone.get_by_role("link", name="ما يقال للناس أولًا")).to_be_visible()
    accessible(phone)

    phone.goto("/desks/administration/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("لا تملك صلاحية فتح هذه الصفحة")
    accessible(phone)

    phone.get_by_role("button", name="English").tap()
    expect(phone.locator("html")).to_have_attribute("dir", "ltr")


def test_escape_three_times_blanks_and_leaves(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_role("button", name=re.compile("^Protection")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_keyboard_alone(page: Page) -> None:
    page.goto("/sign-in/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Reception")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")


def test_locking_blanks_every_tab(new_context: object, served: Served) -> None:
    assert callable(new_context)
    context = new_context(base_url=served.origin)
    first: Page = context.new_page()
    second: Page = context.new_page()
    first.goto("/sign-in/")
    first.get_by_role("button", name="Administration").click()
    second.goto("/desks/administration/people/")
    expect(second.get_by_role("table")).to_be_visible()
    first.get_by_role("button", name="Lock and leave").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(second.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_page_that_was_open_long_still_locks(new_context: object, served: Served) -> None:
    """Its form token is stale: somebody left and came in again in another tab."""
    assert callable(new_context)
    context = new_context(base_url=served.origin)
    page: Page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_role("button", name="Coordination").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    context.clear_cookies(name=re.compile("csrf"))
    page.get_by_role("button", name="Lock and leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_without_a_network_the_page_stays_blank_until_it_is_locked(
    new_context: object, served: Served
) -> None:
    assert callable(new_context)
    context = new_context(base_url=served.origin)
    page: Page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_role("button", name=re.compile("^Protection")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    context.set_offline(True)
    page.get_by_role("button", name="Lock and leave").click()
    expect(page.get_by_role("heading", level=1)).to_be_hidden()
    page.wait_for_timeout(2500)
    expect(page.locator("html")).to_have_class("blank")
    context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
