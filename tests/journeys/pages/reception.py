"""The pages of reception."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown


def open_card(page: Page) -> None:
    page.locator('a[href$="/card/"]').last.click()
    page.locator("form[data-draft]").wait_for()


def send_wrong_card(page: Page) -> None:
    page.locator("[name=phone]").fill("call me")
    page.locator("button[value=save]").click()
    page.locator(".error-summary").wait_for()
    # What was typed is kept as a draft; the next one begins anew.
    page.evaluate("() => document.querySelector('form[data-draft]').removeAttribute('data-draft')")


PAGES = (
    Shown("first-contact", "/desks/reception/first-contact/", "reception"),
    Shown("site-cards", "/sites/"),
    Shown("site-card", "/sites/", then=open_card, view="sitecards:edit"),
    Shown(
        "site-card-wrong",
        "/sites/",
        then=send_wrong_card,
        view="sitecards:edit",
        after="site-card",
    ),
)
