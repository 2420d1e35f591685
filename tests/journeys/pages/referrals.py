"""The pages of referrals."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import VISITOR, Shown, come_in_at
from tests.journeys.pages.cases import become_responsible, wait_for_somebody

TO_US = "/desks/protection/referrals/"
REGISTER = "/desks/reception/register/person/?whole"


def begin(page: Page) -> None:
    """A case of somebody at the gate, taken by a case worker."""
    page.goto(REGISTER)
    page.locator("[name=born]").fill("27")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/registered/")
    page.goto(page.url.removesuffix("registered/"))
    page.locator("main a[href*='/cases/for/']").click()
    page.locator("[name=ground][value=told]").check()
    page.locator("button[value=presume]").click()
    page.wait_for_url("**/begun/")
    wait_for_somebody(page)
    become_responsible(page)
    page.locator("button[value=take]").click()
    page.locator("#referrals a[href$='/refer/']").click()
    page.locator("[name=to]").first.wait_for()


def choose(page: Page) -> None:
    """Another site, and then nothing is said that they need to know."""
    page.locator("[name=to][value^=site-]").first.check()
    page.locator("main form.form .button").first.click()
    page.locator("[name=note]").wait_for()
    page.locator("main form.form .button").first.click()
    page.locator(".error-summary").wait_for()


def send(page: Page) -> None:
    page.locator("[name=note]").fill("She needs a bed for women tonight.")
    page.locator("main form.form .button").first.click()
    page.locator("button[value=withdraw]").wait_for()


def on_the_case(page: Page) -> None:
    page.locator("main a.back, main .back a, main a").first.click()
    page.locator("#referrals table").wait_for()


def at_the_other_site(page: Page) -> None:
    come_in_at(page, "supervisor")
    page.goto(TO_US)
    page.locator("main table").first.wait_for()


def read(page: Page) -> None:
    page.locator("main tbody a").first.click()
    page.locator("button[value=accept]").wait_for()


def decline_without_a_reason(page: Page) -> None:
    page.locator("button[value=decline]").click()
    page.locator(".error-summary").wait_for()


def prepared(page: Page) -> None:
    """Of the demonstration: the supervisor gives back what is prepared, without a reason."""
    page.locator("main a[href*='/referrals/prepared/']").first.click()
    page.locator("button[value=give_back]").click()
    page.locator(".error-summary").wait_for()


def given_back(page: Page) -> None:
    page.locator("main a[href*='/referrals/prepared/']").first.click()
    page.locator("main a[href*='again=']").wait_for()


def prepare_again(page: Page) -> None:
    page.locator("main a[href*='again=']").click()
    page.locator("[name=note]").wait_for()


def _on(name: str, then: object, view: str, after: str) -> Shown:
    return Shown(name, REGISTER, "reception", then=then, view=view, after=after)  # type: ignore[arg-type]


PAGES = (
    Shown("referrals-none", TO_US, "protection"),
    Shown("refer-to", REGISTER, "reception", then=begin, view="cases:refer"),
    _on("refer", choose, "cases:refer", "refer-to"),
    _on("referral", send, "cases:referral", "refer"),
    _on("referral-on-case", on_the_case, "cases:case", "referral"),
    _on("referrals-to-us", at_the_other_site, "referred:all", "referral-on-case"),
    _on("referral-to-us", read, "referred:one", "referrals-to-us"),
    _on("referral-declined", decline_without_a_reason, "referred:one", "referral-to-us"),
    Shown("referral-prepared", "/", "supervisor", then=prepared, view="cases:prepared"),
    Shown("referral-given-back", "/", "protection", then=given_back, view="cases:prepared"),
    Shown(
        "referral-prepared-again",
        "/",
        "protection",
        then=prepare_again,
        view="cases:refer",
        after="referral-given-back",
    ),
    Shown("once-over", "/o/" + "x" * 43 + "/", VISITOR, view="cases:once"),
)
