"""The pages of consents."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, come_in_at, prove

RECIPIENTS = "/consent/recipients/"
ONE = "/desks/reception/register/person/"


def agree_on_nothing(page: Page) -> None:
    page.goto(f"{RECIPIENTS}add/")
    page.locator("[name=name]").fill("Clinic of the Gate")
    page.locator("[name=kind][value=health]").check()
    page.locator("main form.form .button").click()
    page.locator("#f-onward").wait_for()
    page.locator("main form.form .button").first.click()
    page.locator(".error-summary").wait_for()


def agree(page: Page) -> None:
    page.locator("[name=purposes][value=assistance]").check()
    for part, value in (("day", "1"), ("month", "12"), ("year", "2028")):
        page.locator(f"[name=until-{part}]").fill(value)
    page.locator("main form.form .button").first.click()
    page.locator("main table").wait_for()


def of_person(page: Page) -> None:
    """Somebody of whom nothing is known but that they are here; there is a recipient by now."""
    come_in_at(page, "reception")
    page.goto(ONE)
    page.locator("button[value=code]").click()
    page.wait_for_url("**/registered/")
    of(page, "")


def of(page: Page, name: str) -> None:
    """A page about consent of the person whose page is open."""
    found = re.search(r"/(?:people|of)/([0-9a-z]{20})/", page.url)
    assert found, page.url
    page.goto(f"/consent/of/{found[1]}/{name}")


def chosen(page: Page, **answers: str) -> None:
    for name, value in answers.items():
        page.locator(f"main [name={name}][value='{value}']").check()


def to_ask(page: Page) -> None:
    of(page, "ask/")


def to_answer(page: Page) -> None:
    chosen(page, about="assistance", circumstance="free", language="ar", form="feminine")
    page.locator("[name=recipient]").last.check()
    page.locator("main form.form .button").click()
    page.locator("button[value=no]").wait_for()


def refuse(page: Page) -> None:
    page.locator("button[value=no]").click()
    page.wait_for_url("**/refused/")


def agree_after_all(page: Page) -> None:
    to_ask(page)
    to_answer(page)
    chosen(page, understood="yes", given_by="self", how="spoken")
    page.locator("[name=no_doubt_of_age]").check()
    page.locator("#f-spoken").select_option("apc")
    page.locator("button[value=yes]").click()
    page.locator("main table").first.wait_for()


def to_share(page: Page) -> None:
    here = page.url
    come_in_at(page, "supervisor")
    page.goto("/my/proof/")
    prove(page)
    page.goto(f"{here}share/")
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def share(page: Page) -> None:
    page.locator("[name=recipient]").last.check()
    chosen(page, about="assistance")
    page.locator("main form.form .button").click()
    page.locator(".notice-done").first.wait_for()


def to_withdraw(page: Page) -> None:
    of(page, "")
    page.locator("main a[href$='/withdraw/']").click()
    page.locator("[name=given_by]").first.wait_for()


def withdraw(page: Page) -> None:
    chosen(page, given_by="self", how="spoken")
    page.locator("main form.form .button").click()
    page.wait_for_url("**/withdrawn/")


def to_ground(page: Page) -> None:
    of(page, "ground/")


def read_summary(page: Page) -> None:
    of(page, "summary/")


def to_carry(page: Page) -> None:
    of(page, "carry/")


def take_paper(page: Page) -> None:
    chosen(page, carry="yes")
    page.locator("main form.form .button").click()
    page.wait_for_url("**/paper/**")


def open_notice(page: Page) -> None:
    page.goto("/consent/notices/")
    page.locator("main tbody a").first.click()
    page.locator(".answers").first.wait_for()


def _after(before: str, name: str, then: Callable[[Page], None], view: str) -> Shown:
    """A page that the one before leads to."""
    return Shown(name, ONE, "reception", then=then, view=f"consents:{view}", after=before)


PAGES = (
    Shown("notices", "/consent/notices/", "protection"),
    Shown("recipients", RECIPIENTS),
    Shown("recipients-coordination", RECIPIENTS, "coordination"),
    Shown("add-recipient", f"{RECIPIENTS}add/"),
    Shown("recipient-wrong", RECIPIENTS, then=agree_on_nothing, view="consents:recipient"),
    Shown("recipient", RECIPIENTS, then=agree, view="consents:recipient", after="recipient-wrong"),
    _after("recipient", "consent", of_person, "of"),
    _after("consent", "consent-ask", to_ask, "ask"),
    _after("consent-ask", "consent-answer", to_answer, "answer"),
    _after("consent-answer", "consent-refused", refuse, "refused"),
    _after("consent-refused", "consent-agreed", agree_after_all, "of"),
    _after("consent-agreed", "consent-share-wrong", to_share, "share"),
    _after("consent-share-wrong", "consent-shared", share, "share"),
    _after("consent-shared", "consent-withdraw", to_withdraw, "withdraw"),
    _after("consent-withdraw", "consent-withdrawn", withdraw, "withdrawn"),
    _after("consent-withdrawn", "consent-ground", to_ground, "ground"),
    _after("consent-ground", "consent-summary", read_summary, "summary"),
    _after("consent-summary", "consent-carry", to_carry, "carry"),
    _after("consent-carry", "consent-paper", take_paper, "paper"),
    _after("consent-paper", "notice", open_notice, "notice"),
)
