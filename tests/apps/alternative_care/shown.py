"""The pages of a child in care, as who works with them comes to them."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown
from tests.journeys.pages.family_steps import REGISTER, follow, open_case, register, send_empty

PLACES = "/desks/protection/care-places/"


def place(page: Page) -> None:
    open_case(page, register(page, "9"))
    follow(page, "$='/care/place/'")
    send_empty(page)


def placement(page: Page) -> None:
    page.locator("[name=place]").first.check()
    page.locator("[name=sort][value=emergency]").check()
    page.locator("[name=text]").fill("The tent burned down.")
    page.locator("main form.form .button").click()
    page.locator("button[value=review]").click()
    page.locator(".error-summary").wait_for()


def move(page: Page) -> None:
    page.locator("main a[href$='/move/']").click()
    page.locator("main h1").wait_for()


def one_place(page: Page) -> None:
    page.locator("main tbody a").first.click()
    page.locator("main .answers").first.wait_for()


def change_place(page: Page) -> None:
    one_place(page)
    page.locator("main a[href$='/change/']").click()
    page.locator("[name=label]").wait_for()


PAGES = (
    Shown("care-places", PLACES, "protection"),
    Shown("care-place", PLACES, "protection", then=one_place, view="care:place"),
    Shown("care-place-change", PLACES, "protection", then=change_place, view="care:change_place"),
    Shown("care-place-add", f"{PLACES}add/", "protection"),
    Shown("care-place-add-wrong", f"{PLACES}add/", "protection", then=send_empty),
    Shown("care-place-child", REGISTER, "reception", then=place, view="cases:place_child"),
    Shown(
        "care-placement",
        REGISTER,
        "reception",
        then=placement,
        view="cases:placement",
        after="care-place-child",
    ),
    Shown(
        "care-move",
        REGISTER,
        "reception",
        then=move,
        view="cases:move_child",
        after="care-placement",
    ),
)
