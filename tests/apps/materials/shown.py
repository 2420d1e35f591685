"""The pages of leaflets: the list, an order, a batch, and offering one."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, settle

SHEETS = "/sheets/"


def wrong_code(page: Page) -> None:
    page.locator("[name=code]").fill("123456789")
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def too_few(page: Page) -> None:
    page.locator("[name=copies]").fill("3")
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def ordered(page: Page) -> None:
    page.locator("main form.form .button").click()
    page.locator("main a[href$='/file/']").wait_for()


def offered(page: Page) -> None:
    page.locator("[name=safe][value=no]").check()
    page.locator("main form .button").click()
    settle(page)
    page.locator(".told").first.wait_for()


PAGES = (
    Shown("sheets-order-wrong", f"{SHEETS}print/", "reception", then=too_few),
    Shown("sheets-one", f"{SHEETS}print/", "reception", then=ordered, view="materials:one"),
    Shown("sheets", SHEETS, "reception"),
    Shown("sheets-wrong", SHEETS, "reception", then=wrong_code),
    Shown("sheets-offer", f"{SHEETS}offer/", "reception", then=offered),
)
