"""The pages of cases as a file."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, prove

OUT = "/desks/protection/supervision/file/"
IN = "/desks/protection/supervision/file/in/"


def look_at_nothing(page: Page) -> None:
    page.locator("button[value=look]").click()
    page.locator(".error-summary").wait_for()


PAGES = (
    Shown("cases-file", OUT, "supervisor", then=prove),
    Shown("cases-file-in", IN, "supervisor", then=look_at_nothing),
)
