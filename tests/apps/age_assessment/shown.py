"""The pages of an age assessment, from the request to a result that was entered by mistake."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, come_in_at, settle
from tests.journeys.pages.cases import (
    REGISTER,
    become_responsible,
    begin,
    presume,
    take,
    wait_for_somebody,
)


def ask(page: Page) -> None:
    """Somebody whose age is in doubt, and whose case worker asks for an assessment."""
    for step in (begin, presume, wait_for_somebody, become_responsible, take):
        step(page)
    there = page.url
    page.locator("main a[href*='/people/']").first.click()
    page.locator("main a[href$='/age/']").first.click()
    page.locator("button[value=other]").click()
    settle(page)
    page.goto(there)
    page.locator("main a[href$='/age/']").click()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def asked(page: Page) -> None:
    page.locator("[name=need]").fill("A school asks for a paper before she may begin.")
    page.locator("[name=authority]").fill("The family court of the fictional port")
    page.locator("[name=legal_basis]").fill("Article 12 of the law on children")
    page.locator("main form.form .button").click()
    page.locator("#age a[href*='/cases/age/']").click()
    page.locator("main a[href$='/answer/']").wait_for()


def answer(page: Page) -> None:
    page.locator("main a[href$='/answer/']").click()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def agreed(page: Page) -> None:
    """The person has been told what it is, and says yes."""
    there = page.url.removesuffix("answer/")
    page.locator("a.back").click()
    page.locator("a.back").click()
    case = page.url
    page.goto(case.rstrip("/") + "/capacity/")
    page.locator("[name=about]").fill("An age assessment")
    page.locator("[name=explained]").fill("What it is, and that a no is enough.")
    page.locator("[name=level]").first.check()
    page.locator("main form.form .button").click()
    page.wait_for_url(lambda url: not url.endswith("/capacity/"))
    page.goto(there + "answer/")
    page.locator("[name=agreed_who]").first.check()
    page.locator("[name=agreed_answer][value=given]").check()
    page.locator("main form.form .button").click()
    page.locator("main a[href*='/cases/age/look/']").first.wait_for()


def look(page: Page) -> None:
    agreed(page)
    page.locator("main a[href*='/cases/age/look/']").first.click()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def result(page: Page) -> None:
    page.locator("a.back").click()
    page.locator("main a[href$='/result/']").click()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def strike(page: Page) -> None:
    page.locator("[name=method][value=documents]").check()
    page.locator("[name=made_by]").fill("The family court")
    page.locator("[name=lowest]").fill("17")
    page.locator("[name=highest]").fill("21")
    page.locator("main form.form .button").click()
    page.locator("main a[href$='/strike/']").wait_for()
    there = page.url
    come_in_at(page, "supervisor")
    page.goto(there)
    page.locator("main a[href$='/strike/']").click()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def _on(name: str, then: Callable[[Page], None], view: str, after: str) -> Shown:
    return Shown(name, REGISTER, "reception", then=then, view=view, after=after)


PAGES = (
    Shown("age-ask", REGISTER, "reception", then=ask, view="cases:age_ask"),
    _on("age", asked, "cases:age", "age-ask"),
    _on("age-answer", answer, "cases:age_answer", "age"),
    _on("age-look", look, "cases:age_look", "age-answer"),
    _on("age-result", result, "cases:age_result", "age-look"),
    _on("age-strike", strike, "cases:age_strike", "age-result"),
)
