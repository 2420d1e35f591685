"""The pages of the assessment, of the authority, and of country profiles."""

from __future__ import annotations

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

PROFILES = "/country-profiles/"


def open_case(page: Page) -> None:
    """A case of the case worker's, begun at the gate."""
    begin(page)
    presume(page)
    wait_for_somebody(page)
    become_responsible(page)
    take(page)


def begin_assessment(page: Page) -> None:
    page.locator("#assessment a[href$='/assessment/']").click()
    page.locator("button[value=begin]").click()
    page.locator("a[href$='/health/']").wait_for()


def miss_the_need(page: Page) -> None:
    """An area, with an answer that is missing."""
    page.locator("a[href$='/health/']").click()
    page.locator("[name=words]").fill("Her arm hurts since the boat.")
    page.locator("button[value=save]").click()
    page.locator(".error-summary").wait_for()


def need_it_now(page: Page) -> None:
    page.locator("[name=need][value=now]").check()
    page.locator("button[value=save]").click()
    page.wait_for_url("**/psychosocial/")
    page.goto(page.url.removesuffix("psychosocial/"))
    page.locator("button[value=finish]").click()
    page.locator("button[value=begin]").wait_for()


def add_episode(page: Page) -> None:
    page.goto(page.url.removesuffix("assessment/"))
    page.locator("form[action$='/episodes/'] button").click()
    page.locator("[name=until]").fill("2020")
    page.locator("[name=since]").fill("2021")
    page.locator("button[value=save]").click()
    page.locator(".error-summary").wait_for()


def leave_out_the_yes(page: Page) -> None:
    page.goto(page.url.split("episodes/")[0] + "authority/")
    page.locator("[name=wish]").fill("I want the paper.")
    page.locator("main form.form .button").last.click()
    page.locator(".error-summary").wait_for()


def ask(page: Page) -> None:
    page.locator("[name=yes]").check()
    page.locator("main form.form .button").last.click()
    page.locator("#identification a[href*='/authority/']").first.click()
    page.locator("button[value=decided]").wait_for()


def write_profile(page: Page) -> None:
    """What is said of a country without its source."""
    page.locator("main tbody a").first.click()
    page.locator("[name=source]").fill("")
    page.locator("button[value=save]").click()
    page.locator(".error-summary").wait_for()


def _on(name: str, then: object, view: str, after: str) -> Shown:
    return Shown(name, REGISTER, "reception", then=then, view=view, after=after)  # type: ignore[arg-type]


PAGES = (
    Shown("case-to-assess", REGISTER, "reception", then=open_case, view="cases:case"),
    _on("assessment", begin_assessment, "cases:assessment", "case-to-assess"),
    _on("assessment-area", miss_the_need, "cases:area", "assessment"),
    _on("assessment-finished", need_it_now, "cases:assessment", "assessment-area"),
    _on("episode", add_episode, "cases:episode", "assessment-finished"),
    _on("authority-ask", leave_out_the_yes, "cases:ask", "episode"),
    _on("authority", ask, "cases:authority", "authority-ask"),
    Shown("country-profiles", PROFILES),
    Shown("country-profile", PROFILES, then=write_profile, view="cases:country"),
)
