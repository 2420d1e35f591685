"""The pages of shell."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import VISITOR, Shown


def search(page: Page) -> None:
    page.locator("[name=text]").fill("Har")
    page.locator("[name=text]").press("Enter")
    page.locator("#answers .work").wait_for()


def open_keys(page: Page) -> None:
    page.locator("[commandfor=shortcuts]").click()


PAGES = (
    Shown("components", "/components/", VISITOR),
    Shown("components-wrong", "/components/?wrong", VISITOR),
    Shown("home", "/"),
    Shown("home-reception", "/", "reception"),
    Shown("home-officer", "/", "officer"),
    Shown("keys", "/", then=open_keys),
    Shown("search", "/search/"),
    Shown("search-answers", "/search/", then=search),
    Shown("timeline", "/timeline/"),
    Shown("no-such-page", "/no-such-page/"),
    Shown("not-yours", "/desks/administration/", "reception"),
    Shown("desk-administration", "/desks/administration/"),
    *(
        Shown(f"desk-{desk}", f"/desks/{desk}/", desk)
        for desk in (
            "reception",
            "protection",
            "reporting",
            "coordination",
        )
    ),
)
