"""Steps that journeys and pages of tracing and of care have in common."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import come_in_at

REGISTER = "/desks/reception/register/person/?whole"
TAKE = "/someone-looks-for/"


def register(page: Page, age: str) -> str:
    """Somebody at the gate; the address of their page."""
    page.goto(REGISTER)
    page.locator("[name=born]").fill(age)
    page.locator("button[value=save]").click()
    page.wait_for_url("**/registered/")
    return page.url.removesuffix("registered/")


def open_case(page: Page, person: str) -> str:
    """A case of whoever works at protection; its address."""
    come_in_at(page, "protection")
    page.goto(person)
    page.locator("main a[href*='/cases/for/']").click()
    page.locator("[name=ground][value=told]").check()
    page.locator("button[value=presume]").click()
    page.locator("#identification").wait_for()
    return page.url.partition("#")[0].partition("?")[0]


def follow(page: Page, link: str) -> None:
    """Go where a link of the page of a case leads, also of a part that is folded."""
    there = page.locator(f"main a[href{link}]").first.get_attribute("href")
    page.goto(there or "")
    page.locator("main h1").wait_for()


def send_empty(page: Page) -> None:
    page.locator("main form.form .button").first.click()
    page.locator(".error-summary").wait_for()


def hear(page: Page, side: str, *how: str) -> None:
    page.locator(f"[name=side][value={side}]").check()
    page.locator("[name=text]").fill("Both name the street behind the mill.")
    for each in how:
        page.locator(f"[name=how][value={each}]").check()
    before = page.locator("main .told").count()
    page.locator("button[value=account]").click()
    page.locator("main .told").nth(before).wait_for()


def find(page: Page, outcome: str, fit: str) -> None:
    page.locator("main details summary").last.click()
    page.locator(f"[name=outcome][value={outcome}]").check()
    page.locator(f"[name=fit][value={fit}]").check()
    page.locator("[name=why]").fill("The street, the mill and the day of the fire.")
    page.locator("button[value=propose]").click()
    page.locator("button[value=propose]").wait_for(state="detached")


def soon(page: Page, days: int = 20) -> str:
    """A day some time from now, as the browser counts and as somebody writes it."""
    text = page.evaluate(
        "(days) => { const d = new Date(Date.now() + days * 864e5);"
        " return `${d.getDate()}/${d.getMonth() + 1}/${d.getFullYear()}`; }",
        days,
    )
    return str(text)
