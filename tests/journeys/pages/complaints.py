"""The pages of complaints."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown


def hand_over(page: Page) -> None:
    page.locator(f"button[name=hand][value={page.locator('html').get_attribute('lang')}]").click()
    page.locator("[name=text]").wait_for()


def send_empty_complaint(page: Page) -> None:
    hand_over(page)
    page.locator("main form.form button").last.click()
    page.locator(".error-summary").wait_for()


def open_complaint(page: Page) -> None:
    page.locator("main tbody a").first.click()
    page.locator("h2").first.wait_for()


def ask_for_complaint(page: Page) -> None:
    page.locator("[name=code]").fill("12")
    page.locator("main form.form button").last.click()
    page.locator(".error-summary").wait_for()


COMPLAIN = "/desks/reception/complaint/"


COMPLAINTS = "/desks/protection/complaints/"


PAGES = (
    Shown("complain-hand", COMPLAIN, "reception"),
    Shown("complain", COMPLAIN, "reception", then=hand_over),
    Shown("complain-wrong", COMPLAIN, "reception", then=send_empty_complaint),
    Shown("complaint-asked", COMPLAIN + "what-became/", "reception", then=ask_for_complaint),
    Shown("complaints", COMPLAINTS, "focal"),
    Shown("complaints-told", COMPLAINTS + "told-in-private/", "focal"),
    Shown("complaint", COMPLAINTS, "focal", then=open_complaint, view="complaints:one"),
)
