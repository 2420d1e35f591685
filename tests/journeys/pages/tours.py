"""The page of the guided tours, and a step of one above a page of work."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, settle


def begin(page: Page) -> None:
    page.locator("main button[value=begin-tour]").click()
    page.locator(".tour, button[value=leave-tour]").first.wait_for()


def begin_and_open_a_step(page: Page) -> None:
    """The first step, also where the work of some was done since the tour was begun."""
    page.locator("main button[value=begin-tour], main button[value=leave-tour]").wait_for()
    while page.locator("main button[value=leave-tour]").count():
        page.goto("/")
        page.locator("aside.tour button[value=skip-step]").click()
        settle(page)
        page.goto("/my/tours/")
    begin(page)
    page.goto("/desks/reception/register/person/")
    page.locator("aside.tour").wait_for()


PAGES = (
    Shown("tours", "/my/tours/", "reception"),
    Shown("tours-none", "/my/tours/"),
    Shown("tours-step", "/my/tours/", "reception", begin_and_open_a_step, "reception:person"),
)
