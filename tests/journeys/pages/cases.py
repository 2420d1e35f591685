"""The pages of cases."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, come_in_at

CASELOAD = "/desks/protection/cases/"
SUPERVISION = "/desks/protection/supervision/"
REGISTER = "/desks/reception/register/person/?whole"


def begin(page: Page) -> None:
    """Somebody at the gate, of whom reception presumes something."""
    page.goto(REGISTER)
    page.locator("[name=born]").fill("31")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/registered/")
    page.goto(page.url.removesuffix("registered/"))
    page.locator("main a[href*='/cases/for/']").click()
    page.locator("[name=ground][value=observed]").check()
    page.locator("button[value=presume]").click()
    page.locator(".error-summary").wait_for()


def presume(page: Page) -> None:
    page.locator("[name=text]").first.fill("A man answered for her and held her papers.")
    page.locator("button[value=presume]").click()
    page.wait_for_url("**/begun/")


def wait_for_somebody(page: Page) -> None:
    """From the page that says that help has begun: the list of the protection desk. Which case it
    is stands in the address, since others wait there too."""
    code = re.sub(r"\W", "", page.locator("main h1 bdi").inner_text())
    come_in_at(page, "protection")
    page.goto(f"{CASELOAD}#{code}")
    page.locator("main table").first.wait_for()


def become_responsible(page: Page) -> None:
    """From that list: the page on which somebody takes the case."""
    code = re.compile(r"\s?".join(page.url.partition("#")[2]))
    page.locator("main a[href$='/responsible/']", has_text=code).click()
    page.locator("button[value=take]").wait_for()


def take(page: Page) -> None:
    page.locator("button[value=take]").click()
    page.locator("#identification").wait_for()


def choose_form(page: Page) -> None:
    """A form for the person of the case."""
    page.goto(page.url.split("/cases/")[0] + "/cases/" + _key(page) + "/")
    page.locator("#forms a[href*='/fill/?for=']").click()
    page.locator("main form input[name=about]").first.wait_for(state="attached")


def _form(name: str) -> Callable[[Page], None]:
    def open_it(page: Page) -> None:
        """Its page with something wrong on it."""
        page.goto(page.url.split("/cases/")[0] + "/cases/" + _key(page) + f"/{name}/")
        page.locator("main form.form .button").first.click()
        page.locator(".error-summary").wait_for()

    return open_it


def _key(page: Page) -> str:
    return page.url.split("/cases/")[1].split("/")[0]


def ask_to_close(page: Page) -> None:
    page.goto(page.url.split("/cases/")[0] + "/cases/" + _key(page) + "/close/")
    page.locator("[name=reason][value=goals_met]").check()
    page.locator("[name=text]").fill("She lives with her sister, and wants no more.")
    page.locator("main form.form .button").click()
    page.locator("#steering .notice").first.wait_for()


def plan_contact(page: Page) -> None:
    page.goto(page.url.split("/cases/")[0] + "/cases/" + _key(page) + "/contact/")
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def open_contact(page: Page) -> None:
    page.locator("[name=due_at]").fill("2040-05-06T10:30")
    page.locator("main form.form .button").click()
    page.locator("#following a[href*='/contact/']").first.click()
    page.locator("button[value=held]").click()
    page.locator(".error-summary").wait_for()


def look_over(page: Page) -> None:
    come_in_at(page, "supervisor")
    page.goto(SUPERVISION)
    page.locator("main tbody a").first.wait_for()


def open_concern(page: Page) -> None:
    page.locator("main tbody a:has(.tag)").first.click()
    page.wait_for_url("**/supervision/*/")


def open_in_hand(page: Page) -> None:
    page.goto(SUPERVISION)
    page.locator("main tbody a[href*='/of/']").first.click()
    page.wait_for_url("**/supervision/*/of/*/")


def give_second_look(page: Page) -> None:
    come_in_at(page, "supervisor")
    page.locator("main a[href*='/second-look/']").first.click()
    page.locator("button[value=agree]").wait_for()


def asked_to_take_over(page: Page) -> None:
    """Of the demonstration; a no wants words."""
    page.locator("main a[href*='/cases/transfers/']").first.click()
    page.locator("button[value=refuse]").click()
    page.locator(".error-summary").wait_for()


def _on(name: str, then: Callable[[Page], None], view: str, after: str) -> Shown:
    return Shown(name, REGISTER, "reception", then=then, view=view, after=after)


PAGES = (
    Shown("case-begin", REGISTER, "reception", then=begin, view="cases:begin"),
    _on("case-begun", presume, "cases:begun", "case-begin"),
    _on("cases", wait_for_somebody, "caseload:mine", "case-begun"),
    _on("case-responsible", become_responsible, "cases:responsible", "cases"),
    _on("case", take, "cases:case", "case-responsible"),
    _on("case-urgency", _form("urgency"), "cases:urgency", "case"),
    _on("case-note", _form("note"), "cases:note", "case-urgency"),
    _on("case-transfer", _form("transfer"), "cases:transfer", "case-note"),
    _on("case-close", _form("close"), "cases:close", "case-transfer"),
    _on("case-to-close", ask_to_close, "cases:case", "case-close"),
    _on("case-contact-plan", plan_contact, "cases:plan_contact", "case-to-close"),
    _on("case-contact", open_contact, "cases:contact", "case-contact-plan"),
    _on("case-voice", _form("voice"), "cases:voice", "case-contact"),
    _on("case-form", choose_form, "filling:choose", "case-voice"),
    _on("supervision", look_over, "caseload:supervision", "case-form"),
    _on("supervision-cases", open_concern, "caseload:concern", "supervision"),
    _on("supervision-in-hand", open_in_hand, "caseload:concern_of", "supervision"),
    _on("case-second-look", give_second_look, "cases:review", "supervision-cases"),
    Shown(
        "case-transfer-asked",
        "/",
        "protection",
        then=asked_to_take_over,
        view="cases:answer_transfer",
    ),
)
