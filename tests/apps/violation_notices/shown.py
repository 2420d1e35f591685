"""The pages of a notification, for a child whose help has begun."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown
from tests.journeys.pages.cases import REGISTER, become_responsible, presume, take
from tests.journeys.pages.cases import wait_for_somebody as come_to_protection


def helped(page: Page) -> None:
    """A girl of thirteen at the gate, whose case worker begins help and writes a notification."""
    page.goto(REGISTER)
    page.locator("[name=born]").fill("13")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/registered/")
    page.goto(page.url.removesuffix("registered/"))
    page.locator("main a[href*='/cases/for/']").click()
    page.locator("[name=ground][value=observed]").check()
    for step in (presume, come_to_protection, become_responsible, take):
        step(page)
    case = page.url
    page.goto(case.rstrip("/") + "/capacity/")
    page.locator("[name=about]").fill("A notification")
    page.locator("[name=explained]").fill("What it is, and that a no is enough.")
    page.locator("[name=level]").first.check()
    page.locator("main form.form .button").click()
    page.wait_for_url(lambda url: not url.endswith("/capacity/"))
    page.goto(case)
    page.locator("main a.button[href$='/help/']").first.click()
    page.locator("[name=kind]").select_option("legal_advice")
    page.locator("button[value=begin]").click()
    page.locator("#help .notice-done").first.wait_for()
    page.locator("main a[href$='/notification/']").click()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def written(page: Page) -> None:
    page.locator("[name=violation]").first.check()
    page.locator("[name=text]").fill("They kept her at a post of theirs.")
    page.locator("[name=agreed_who]").first.check()
    page.locator("[name=agreed_answer][value=given]").check()
    page.locator("main form.form .button").click()
    page.locator("button[value=taken]").wait_for()


def _on(name: str, then: Callable[[Page], None], view: str, after: str) -> Shown:
    return Shown(name, REGISTER, "reception", then=then, view=view, after=after)


PAGES = (
    Shown("notice-new", REGISTER, "reception", then=helped, view="cases:notice_new"),
    _on("notice", written, "cases:notice", "notice-new"),
)
