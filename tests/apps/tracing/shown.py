"""The pages of tracing, as who works with them comes to them."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, come_in_at, prove
from tests.journeys.pages.family_steps import (
    REGISTER,
    TAKE,
    find,
    follow,
    hear,
    open_case,
    register,
    send_empty,
)

ENQUIRIES = "/desks/protection/enquiries/"


def take_wrong(page: Page) -> None:
    send_empty(page)


def looks_for(page: Page) -> None:
    open_case(page, register(page, "34"))
    follow(page, "$='/look-for/'")
    send_empty(page)


def tracing(page: Page) -> None:
    page.locator("[name=kind]").select_option("parent")
    page.locator("[name=name]").fill("Salma of the mill")
    page.locator("main form.form .button").click()
    page.locator("#identification").wait_for()
    follow(page, "*='/cases/tracing/'")
    page.locator("main a[href$='/give/']").wait_for()


def share(page: Page) -> None:
    page.locator("main a[href$='/give/']").click()
    prove(page)
    page.locator("[name=fields_told]").first.wait_for()


def never(page: Page) -> None:
    for _ in range(2):
        page.locator("main a.back").click()
    follow(page, "$='/never-through/'")
    send_empty(page)


def add(page: Page) -> None:
    page.locator("main a.back").click()
    follow(page, "$='/relatives/add/'")
    send_empty(page)


def claim(page: Page) -> None:
    page.locator("[name=kind]").select_option("sibling")
    page.locator("[name=name]").fill("Halil of the mill")
    page.locator("main form.form .button").click()
    page.locator("#identification").wait_for()
    follow(page, "*='/cases/relatives/'")
    page.locator("button[value=account]").click()
    page.locator(".error-summary").wait_for()


def decision(page: Page) -> None:
    hear(page, "child", "apart", "open_questions")
    hear(page, "relative", "untold")
    find(page, "verified", "agree")
    come_in_at(page, "supervisor")
    page.goto("/")
    page.locator("main a[href*='/cases/relatives/decisions/']").first.click()
    send_empty(page)


def risks(page: Page) -> None:
    page.locator("[name=agree][value=yes]").check()
    page.locator("main form.form .button").click()
    page.locator("main a[href$='/risks/']").click()
    send_empty(page)


def prepare(page: Page) -> None:
    for choice in page.locator("main [value=no]").all():
        choice.check()
    page.locator("[name=text]").fill("Three neighbours were asked apart.")
    page.locator("main form.form .button").click()
    page.locator("main a[href$='/back/']").click()
    send_empty(page)


def reunification(page: Page) -> None:
    page.locator("[name=wish][value=yes]").check()
    page.locator("[name=wish_how]").fill("Alone with me, on the bench.")
    page.locator("[name=wish_on]").fill("2026-01-05")
    page.locator("[name=border][value=no]").check()
    page.locator("[name=why]").fill("It is home.")
    page.locator("main form.form .button").click()
    page.wait_for_url("**/cases/reunifications/**")
    there = page.url
    come_in_at(page, "protection")
    page.goto(there)
    page.locator("button[value=answer]").wait_for()


def visit(page: Page) -> None:
    page.locator("[name=agree][value=yes]").check()
    page.locator("button[value=answer]").click()
    page.locator("[name=outcome]").fill("They wept and ate.")
    page.locator("button[value=finish]").click()
    page.locator("main a[href*='/family-visits/']").first.click()
    send_empty(page)


def ask_parting(page: Page) -> None:
    """Two brothers."""
    first, second = register(page, "9"), register(page, "7")
    page.goto(first)
    code = page.locator("main h1 bdi, main .code").first.inner_text()
    page.goto(f"{second}relate/")
    page.locator("[name=code]").fill(code)
    page.locator("[name=kind]").select_option("sibling")
    page.locator("main form.form .button").click()
    page.wait_for_url(lambda url: not url.endswith("/relate/"))
    case = open_case(page, first)
    page.goto(f"{case}apart/")
    send_empty(page)


def parting(page: Page) -> None:
    page.locator("[name=other]").first.check()
    page.locator("[name=text]").fill("One of them is in hospital; they call each day.")
    page.locator("main form.form .button").click()
    page.wait_for_url(lambda url: not url.endswith("/apart/"))
    come_in_at(page, "supervisor")
    page.goto("/")
    page.locator("main a[href*='/cases/apart/']").first.click()
    send_empty(page)


def _after(name: str, then: object, before: str) -> Shown:
    return Shown(
        f"tracing-{name}",
        REGISTER,
        "reception",
        then=then,  # type: ignore[arg-type]
        view=f"cases:{name}",
        after=before and f"tracing-{before}",
    )


def one_enquiry(page: Page) -> None:
    page.locator("main tbody a").first.click()
    page.locator("main .answers").first.wait_for()


PAGES = (
    Shown("enquiries", ENQUIRIES, "protection"),
    Shown("enquiry", ENQUIRIES, "protection", then=one_enquiry, view="enquiries:one"),
    Shown("someone-looks-for", TAKE, "reception"),
    Shown("someone-looks-for-wrong", TAKE, "reception", then=take_wrong),
    _after("look_for", looks_for, ""),
    _after("tracing", tracing, "look_for"),
    _after("share_tracing", share, "tracing"),
    _after("never_through", never, "share_tracing"),
    _after("add_relative", add, "never_through"),
    _after("relative", claim, "add_relative"),
    _after("relative_decision", decision, "relative"),
    _after("family_risks", risks, "relative_decision"),
    _after("reunify", prepare, "family_risks"),
    _after("reunification", reunification, "reunify"),
    _after("family_visit", visit, "reunification"),
    _after("ask_parting", ask_parting, ""),
    _after("parting", parting, "ask_parting"),
)
