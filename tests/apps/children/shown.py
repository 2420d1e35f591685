"""The pages of children: a child at the gate is on the board by itself."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.apps.best_interests.shown import begin
from tests.journeys.pages.base import Shown, come_in_at

CHILDREN = "/desks/protection/children/"
REGISTER = "/desks/reception/register/person/?whole"


def _child(page: Page) -> None:
    begin(page)
    person = page.locator("main a[href^='/people/']").first.get_attribute("href") or ""
    page.goto(f"/desks/protection/children/{person.split('/')[2]}/")
    page.locator("#duty").wait_for()


def _end(page: Page) -> None:
    page.locator("main a.button[href$='/end/']").click()
    page.locator("button[value=ask]").click()
    page.locator(".error-summary").wait_for()


def _asked(page: Page) -> None:
    page.locator("[name=reason][value=twice]").check()
    page.locator("[name=text]").fill("The other record has it")
    page.locator("button[value=ask]").click()
    page.locator("main a[href$='/end/']").first.click()


def _plan(page: Page) -> None:
    page.locator("main a.back").click()
    page.locator("main a[href$='/plan/']").click()
    page.locator("[name=pictures]").first.check()


def _paper(page: Page) -> None:
    language = page.locator("html").get_attribute("lang")
    page.locator(f"main [name=language][value={language}]").check()
    page.locator("main form.form .button").click()
    page.locator("main svg").first.wait_for()


def _say(page: Page) -> None:
    page.locator("main a.button").click()
    language = page.locator("html").get_attribute("lang")
    page.locator(f"main a[href$='/say/{language}/']").click()
    page.locator("button[value=good]").wait_for()


def _hours(page: Page) -> None:
    come_in_at(page, "supervisor")
    page.goto("/desks/protection/children/hours/")
    page.locator("button[value=contact]").click()
    page.locator(".error-summary").wait_for()


END, PLAN, SAY = "children:end", "children:plan", "children:say"
PAGES = (
    Shown("children", CHILDREN, "protection"),
    Shown("child", REGISTER, "reception", then=_child, view="children:child"),
    Shown("child-end", REGISTER, "reception", then=_end, view=END, after="child"),
    Shown("child-end-asked", REGISTER, "reception", then=_asked, view=END, after="child-end"),
    Shown("child-plan", REGISTER, "reception", then=_plan, view=PLAN, after="child-end-asked"),
    Shown("child-plan-paper", REGISTER, "reception", then=_paper, view=PLAN, after="child-plan"),
    Shown("child-say", REGISTER, "reception", then=_say, view=SAY, after="child-plan-paper"),
    Shown("children-hours", CHILDREN, "protection", then=_hours, view="children:arrange"),
)
