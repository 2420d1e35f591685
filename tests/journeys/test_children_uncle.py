"""An uncle asks for a boy at the gate, on a phone in Arabic: he and the officer read the same words
before there is such a boy, when there is one, and after the uncle was found not to be his uncle. At
a desk in English the worker of the boy is asked, hears both sides, and two people decide."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import accessible, fits
from tests.journeys.pages.base import come_in_at, sign_in
from tests.journeys.pages.family_steps import TAKE, find, hear, open_case, register

TAKEN = {
    "ar": ("دوّنّا ذلك", "سيعود إليكم أحدنا."),
    "en": ("We have taken it down", "Someone will come back to you."),
}
TOKENS = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')


def ask(page: Page) -> tuple[str, int, str]:
    """The uncle asks; what is read on the page that answers, its length, and its main part."""
    page.goto(TAKE)
    accessible(page)
    fits(page)
    page.locator("[name=who]").fill("خليل القزح")
    page.locator("[name=reach]").fill("عند الفرن")
    page.locator("[name=tie]").select_option("aunt_or_uncle")
    page.locator("[name=sought]").fill("زبير القزح")
    page.locator("[name=sex]").select_option("male")
    page.locator("[name=age_from]").fill("8")
    page.locator("[name=age_to]").fill("10")
    page.locator("main form.form .button").click()
    page.locator("main .notice-done").wait_for()
    accessible(page)
    fits(page)
    shown = TOKENS.sub("", page.locator("main").inner_html())
    return page.locator("main").inner_text(), len(TOKENS.sub("", page.content())), shown


def test_the_uncle(page: Page, phone: Page) -> None:
    sign_in(phone, "reception", "ar")
    nobody = ask(phone)
    for words in TAKEN["ar"]:
        assert words in nobody[0]
    sign_in(page, "reception", "en")
    open_case(page, register(page, "9"))
    assert ask(phone) == nobody
    # The worker of the boy is asked; whoever took it down cannot read it.
    page.goto("/")
    item = page.locator("main a[href*='/enquiries/']").last
    there = item.get_attribute("href") or ""
    item.click()
    expect(page.locator("main")).to_contain_text("زبير القزح")
    accessible(page)
    refused = phone.request.get(there)
    assert refused.status == 403
    page.locator("[name=case]").last.check()
    page.locator("button[value=match]").click()
    page.wait_for_url("**/cases/relatives/**")
    accessible(page)
    expect(page.locator("button[value=contact]")).to_have_count(0)
    hear(page, "child", "apart", "open_questions")
    hear(page, "relative", "untold")
    find(page, "refuted", "differ")
    claim = page.url
    come_in_at(page, "supervisor")
    page.goto("/")
    page.locator("main a[href*='/cases/relatives/decisions/']").last.click()
    accessible(page)
    page.locator("[name=agree][value=yes]").check()
    page.locator("main form.form .button").click()
    page.wait_for_url(claim)
    expect(page.locator("main")).to_contain_text("found to be incorrect")
    expect(page.locator("button[value=contact]")).to_have_count(0)
    assert ask(phone) == nobody
