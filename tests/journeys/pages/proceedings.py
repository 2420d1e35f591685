"""The pages of proceedings."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, come_in_at, prove

REGISTER = "/desks/reception/register/person/?whole"


def come_to_proceedings(page: Page) -> None:
    """Somebody new, whom protection helps."""
    page.locator("[name=born]").fill("34")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/registered/")
    there = page.url.removesuffix("registered/")
    come_in_at(page, "protection")
    page.goto(there)
    page.locator("main a[href*='/cases/for/']").click()
    page.locator("[name=ground][value=told]").check()
    page.locator("button[value=presume]").click()
    page.locator("#identification").wait_for()
    page.goto(there)
    page.locator("main a[href*='/proceedings/']").click()
    page.locator("button[value=counsel]").click()
    page.locator("[name=counsel]").fill("A lawyer of the fictional port")
    page.locator("button[value=counsel]").click()
    page.locator("main a[href$='/act/']").wait_for()


def write_act(page: Page) -> None:
    page.locator("main a[href$='/act/']").click()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def review(page: Page) -> None:
    page.locator("[name=with_counsel]").check()
    page.locator("[name=text]").fill("They made her carry a parcel.")
    page.locator("main form.form .button").click()
    page.wait_for_url(lambda url: not url.endswith("/act/"))
    there = page.url
    come_in_at(page, "supervisor")
    page.goto(there)
    page.locator("main a[href$='/review/']").click()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def send(page: Page) -> None:
    """By who wrote it: who reviewed it is not asked to."""
    page.locator("[name=may_leave][value=yes]").check()
    page.locator("[name=text]").fill("It may go to counsel alone.")
    page.locator("main form.form .button").click()
    page.wait_for_url(lambda url: not url.endswith("/review/"))
    there = page.url
    come_in_at(page, "protection")
    page.goto(there)
    page.locator("main a[href$='/send/']").click()
    prove(page)
    page.locator("main h1").wait_for()


def _on(name: str, then: Callable[[Page], None], view: str, after: str) -> Shown:
    return Shown(name, REGISTER, "reception", then=then, view=view, after=after)


PAGES = (
    Shown("proceedings", REGISTER, "reception", then=come_to_proceedings, view="proceedings:show"),
    _on("proceedings-act", write_act, "proceedings:write_act", "proceedings"),
    _on("proceedings-review", review, "proceedings:review", "proceedings-act"),
    _on("proceedings-send", send, "proceedings:send", "proceedings-review"),
)
