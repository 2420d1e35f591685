"""The pages of detentions, as who works with them comes to them."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, come_in_at

REGISTER = "/desks/reception/register/person/?whole"
BOARD = "/desks/protection/detention/"


def fill_place(page: Page) -> None:
    page.locator("[name=ground][value=migration]").check()
    page.locator("[name=authority]").select_option("military")
    page.locator("[name=place]").fill("A fictional hall at the crossing")
    page.locator("[name=began]").fill("1 May 2026")


def follow(page: Page, part: str) -> None:
    """A link of a section, which is folded on a phone."""
    page.goto(page.locator(f"main a[href*='{part}']").first.get_attribute("href") or "")


def to_record(page: Page) -> None:
    """Somebody new at the gate, whom their page says to be held."""
    page.locator("[name=born]").fill("15")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/registered/")
    page.goto(page.url.removesuffix("registered/"))
    follow(page, "/detention/for/")
    page.locator("main form.form .button").last.click()
    page.locator(".error-summary").wait_for()


def recorded(page: Page) -> None:
    """By reception; a supervisor opens it from the board."""
    fill_place(page)
    page.locator("main form.form .button").last.click()
    page.wait_for_url(lambda url: "/detention/" not in url)
    there = page.url
    come_in_at(page, "supervisor")
    page.goto(there)
    follow(page, "/detention/")
    page.locator("button[value=agree]").wait_for(state="attached")


def step(page: Page, name: str) -> None:
    page.locator(f"main a[href$='/{name}/']").first.click()
    page.locator("main form.form .button").last.click()
    page.locator(".error-summary").wait_for()


def review(page: Page) -> None:
    step(page, "review")


def move(page: Page) -> None:
    step(page, "move")


def end(page: Page) -> None:
    step(page, "end")


PAGES = (
    Shown("detentions", BOARD, "supervisor"),
    Shown("detention-record", REGISTER, "reception", then=to_record, view="detention:record"),
    Shown(
        "detention",
        REGISTER,
        "reception",
        then=recorded,
        view="detention:show",
        after="detention-record",
    ),
    Shown(
        "detention-review",
        REGISTER,
        "reception",
        then=review,
        view="detention:review",
        after="detention",
    ),
    Shown(
        "detention-move",
        REGISTER,
        "reception",
        then=move,
        view="detention:move",
        after="detention",
    ),
    Shown(
        "detention-end", REGISTER, "reception", then=end, view="detention:end", after="detention"
    ),
    Shown("detention-protocols", "/detention/protocols/", "administration"),
)
