"""The pages of talks with children, with a child of eight at the gate."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown

REGISTER = "/desks/reception/register/person/?whole"


def no_list(page: Page) -> None:
    page.locator("[name=born]").fill("8")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/registered/")
    there = page.url.removesuffix("registered/").rstrip("/").rsplit("/", 1)[1]
    page.goto(f"/talks-with-children/no-list/{there}/")
    page.locator("main a.button").wait_for()


def begin(page: Page) -> None:
    page.locator("main a.button").click()
    page.locator("button[value=yes]").click()
    page.locator(".error-summary").wait_for()


def talk(page: Page) -> None:
    page.locator("[name=told_first]").check()
    page.locator("[name=apart][value=apart]").check()
    page.locator("[name=wants_supporter][value=no]").check()
    page.locator("[name=way][value=pictures]").check()
    page.locator("button[value=yes]").click()
    page.locator("[name=told]").wait_for()


def _on(name: str, then: Callable[[Page], None], view: str, after: str) -> Shown:
    return Shown(name, REGISTER, "reception", then=then, view=view, after=after)


PAGES = (
    Shown("no-list", REGISTER, "reception", then=no_list, view="child_talks:no_list"),
    _on("child-talk-begin", begin, "child_talks:begin", "no-list"),
    _on("child-talk", talk, "child_talks:talk", "child-talk-begin"),
    Shown("trained", "/talks-with-children/trained/", "supervisor"),
    Shown("talk-settings", "/talks-with-children/settings/", "supervisor"),
)
