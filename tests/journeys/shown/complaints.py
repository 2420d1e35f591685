"""The pages of complaints."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.shown.base import Shown


def send_empty_complaint(page: Page) -> None:
    page.locator("main form.form button").last.click()
    page.locator(".error-summary").wait_for()


def open_complaint(page: Page) -> None:
    page.locator("main table a").first.click()
    page.locator("h2").first.wait_for()


def ask_for_complaint(page: Page) -> None:
    page.locator("[name=code]").fill("12")
    page.locator("main form.form button").last.click()
    page.locator(".error-summary").wait_for()


COMPLAIN = "/desks/reception/complaint/"


COMPLAINTS = "/desks/protection/complaints/"


PAGES = (
    Shown("complain", COMPLAIN, "reception"),
    Shown("complain-wrong", COMPLAIN, "reception", then=send_empty_complaint),
    Shown("complaint-asked", COMPLAIN + "what-became/", "reception", then=ask_for_complaint),
    Shown("complaints", COMPLAINTS, "focal"),
    Shown("complaint", COMPLAINTS, "focal", then=open_complaint, view="complaints:one"),
)
