"""The pages of the plan and the help in a case."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown
from tests.journeys.pages.cases import (
    REGISTER,
    become_responsible,
    begin,
    presume,
    take,
    wait_for_somebody,
)


def ask_first(page: Page) -> None:
    """Somebody has just become responsible, and asks what the person needs."""
    for step in (begin, presume, wait_for_somebody, become_responsible, take):
        step(page)
    page.locator("main a.button[href$='/help/']").first.click()
    page.locator("button[value=no_place]").evaluate("button => button.click()")
    page.locator(".error-summary").wait_for()


def without_a_place(page: Page) -> None:
    """The case, with help for which there is no place and help that runs."""
    page.locator("[name=interim]").fill("She sleeps at the clinic, and the nurse knows.")
    page.locator("[name=urgent]").check()
    page.locator("button[value=no_place]").click()
    page.locator("main a.button[href$='/help/']").first.click()
    page.locator("[name=kind]").select_option("legal_advice")
    page.locator("button[value=begin]").click()
    page.locator("#help .notice-done").first.wait_for()


def look_again(page: Page) -> None:
    page.locator("#help .notice-warning a[href*='/cases/help/']").first.click()
    page.locator("button[value=not_found]").click()
    page.locator(".error-summary").wait_for()


def set_goal(page: Page) -> None:
    page.locator("a.back").click()
    page.locator("#help a[href$='/new-goal/']").click()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def change_goal(page: Page) -> None:
    page.locator("[name=text]").fill("A room of my own, and a door that I can lock.")
    page.locator("main form.form .button").click()
    page.locator("#help a[href*='/cases/goal/']").first.click()
    page.locator("[name=words]").wait_for()


def end_goal(page: Page) -> None:
    page.locator("a.back").click()
    page.locator("#help a[href$='/end/']").click()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def _form(name: str, button: str = "main form.form .button") -> Callable[[Page], None]:
    def open_it(page: Page) -> None:
        """Its page with something wrong on it."""
        page.locator("a.back").click()
        page.locator(f"#help a[href$='/{name}/']").click()
        page.locator(button).first.click()
        page.locator(".error-summary").wait_for()

    return open_it


def give_time(page: Page) -> None:
    page.locator("a.back").click()
    page.locator("#help a[href$='/time-to-decide/']").click()
    page.locator("[name=days]").fill("9999")
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def make_plan(page: Page) -> None:
    """The case, with a plan and time to decide in it."""
    page.locator("a.back").click()
    page.locator("#help a[href$='/time-to-decide/']").click()
    page.locator("[name=days]").fill("180")
    page.locator("main form.form .button").click()
    page.locator("#help a[href$='/safety-plan/']").click()
    page.locator("[name=steps]").fill("She goes to the clinic by the back door.")
    page.locator("[name=code_word]").fill("bread")
    page.locator("button[value=save]").click()
    page.locator("#help").wait_for()


def _on(name: str, then: Callable[[Page], None], view: str, after: str) -> Shown:
    return Shown(name, REGISTER, "reception", then=then, view=view, after=after)


PAGES = (
    Shown("help-ask", REGISTER, "reception", then=ask_first, view="cases:help_ask"),
    _on("case-with-help", without_a_place, "cases:case", "help-ask"),
    _on("help-no-place", look_again, "cases:help", "case-with-help"),
    _on("goal-new", set_goal, "cases:new_goal", "help-no-place"),
    _on("goal", change_goal, "cases:goal", "goal-new"),
    _on("goal-end", end_goal, "cases:goal_end", "goal"),
    _on("safety-plan", _form("safety-plan", "button[value=save]"), "cases:safety_plan", "goal-end"),
    _on("time-to-decide", give_time, "cases:reflection", "safety-plan"),
    _on("return", _form("return"), "cases:returning", "time-to-decide"),
    _on("case-with-plan", make_plan, "cases:case", "return"),
)
