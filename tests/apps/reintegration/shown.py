"""The pages of a recovery plan, for a child at the gate whom protection has taken."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown
from tests.journeys.pages.family_steps import (
    REGISTER,
    follow,
    open_case,
    register,
    send_empty,
    soon,
)


def begin(page: Page) -> None:
    open_case(page, register(page, "13"))
    follow(page, "$='/recovery/'")
    send_empty(page)


def begun(page: Page) -> None:
    page.locator("[name=view_how][value=told]").check()
    page.locator("[name=view]").fill("I want to build boats.")
    page.locator("[name=review_on]").fill(soon(page, 30))
    page.locator("main form.form .button").click()
    page.locator("main a[href$='/step/']").wait_for()


def step_new(page: Page) -> None:
    page.locator("main a[href$='/step/']").click()
    send_empty(page)


def step(page: Page) -> None:
    page.locator("[name=need]").select_option("papers")
    page.locator("[name=words]").fill("A birth certificate, without a visit to the consulate.")
    page.locator("[name=by_whom]").fill("The lawyer")
    page.locator("[name=due_on]").fill(soon(page, 9))
    page.locator("main form.form .button").click()
    page.locator("main a[href*='/recovery/step/']").first.click()
    send_empty(page)


def change(page: Page) -> None:
    page.locator("main a[href$='/change/']").click()
    page.locator("[name=words]").fill("")
    page.locator("button[value=save]").click()
    page.locator(".error-summary").wait_for()


def review(page: Page) -> None:
    page.locator("a.back").click()
    page.locator("main a[href$='/review/']").click()
    send_empty(page)


def _on(name: str, then: Callable[[Page], None], after: str) -> Shown:
    return Shown(name, REGISTER, "reception", then=then, view=f"cases:{name}", after=after)


PAGES = (
    Shown("recovery_new", REGISTER, "reception", then=begin, view="cases:recovery_new"),
    _on("recovery", begun, "recovery_new"),
    _on("recovery_step_new", step_new, "recovery"),
    _on("recovery_step", step, "recovery_step_new"),
    _on("recovery_step_change", change, "recovery_step"),
    _on("recovery_review", review, "recovery_step_change"),
)
