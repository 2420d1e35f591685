"""The pages of the review of words: all sets, one set, one text, a sheet that comes back."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown

SET = "/texts/first-contact/ar/"


def nothing_chosen(page: Page) -> None:
    page.locator("main button[value=chosen]").first.click()
    page.locator(".error-summary").wait_for()


def empty_comment(page: Page) -> None:
    page.locator("button[value=comment]").click()
    page.locator(".error-summary").wait_for()


def wrong_sheet(page: Page) -> None:
    page.locator("[name=reviewer]").fill("Hanan")
    file = {"name": "words.csv", "mimeType": "text/csv", "buffer": b"Text,Words\na,b\n"}
    page.locator("[name=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("main form.form .button").last.click()
    page.locator(".error-summary").wait_for()


PAGES = (
    Shown("texts", "/texts/", "administration"),
    Shown("texts-set", SET, "protection", then=nothing_chosen),
    Shown("texts-one", f"{SET}text/help-first/", "protection", then=empty_comment),
    Shown("texts-sheet", f"{SET}sheet/", "administration", then=wrong_sheet),
)
