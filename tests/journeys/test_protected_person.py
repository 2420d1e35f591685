"""On a phone in Arabic somebody searches for a protected woman and learns nothing; the focal point
is told of it."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, NewContext, accessible, fits
from tests.journeys.pages import sign_in
from tests.journeys.test_name_search import NOBODY, find, registered
from tests.support.installation import Served

HER, HER_IN_LATIN = "هيفاء بنت سالم الدليمي", "Haifa Dulaimi"
NOBODYS, NOBODYS_IN_LATIN = "ثريا بنت قاسم المرعب", "Thuraya Muraab"
WAITS = "بحث ينبغي أن ينظر فيه أحد"
SECONDS = 300


def main_of(page: Page) -> str:
    """What stands on the page of finding, without what was typed and what is drawn anew."""
    return re.sub(r'value="[^"]*"', "", page.locator("main").inner_html())


def found_within(phone: Page, text: str, person: str, *, found: bool) -> None:
    """The process of names is told by the worker, a moment later."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        find(phone, text)
        if bool(phone.locator(f"main a[href*='{person}']").count()) is found:
            return
        time.sleep(0.5)
    raise AssertionError("it was not to be seen in time")


def protected(page: Page, person: str) -> None:
    page.goto(f"/people/{person}/")
    page.locator("main a[href$='/protection/']").click()
    fits(page)
    accessible(page)
    page.locator("[name=reason]").fill("عمّها يسأل عنها عند كل بوابة.")
    for box in page.locator("[name=staying]").all()[:3]:
        box.check()
    page.locator("main form.form .button").click()
    page.wait_for_load_state()


def test_a_protected_woman_is_sought_and_nothing_is_learnt(
    new_context: NewContext, served: Served
) -> None:
    phone = new_context(base_url=served.origin, viewport=PHONE, locale="ar").new_page()
    sign_in(phone, "reception", "ar")
    person = registered(phone, HER)
    code = phone.locator("main table bdi").first.inner_text()
    found_within(phone, HER, person, found=True)

    guardian = new_context(base_url=served.origin, viewport=PHONE, locale="ar").new_page()
    sign_in(guardian, "focal", "ar")
    protected(guardian, person)

    # The searcher sees what is seen for a name that nobody bears, and for a code that nobody has.
    pages = []
    for text in (HER, NOBODYS, HER_IN_LATIN, NOBODYS_IN_LATIN):
        find(phone, text)
        expect(phone.locator("main")).to_contain_text(NOBODY)
        fits(phone)
        pages.append(main_of(phone))
    assert len(set(pages)) == 1
    accessible(phone)
    find(phone, code)
    by_code = main_of(phone)
    expect(phone.locator("main")).to_contain_text(NOBODY)
    assert by_code == pages[0]
    answers = []
    for reference in (person, "0" * 20):
        answer = phone.goto(f"/people/{reference}/")
        assert answer is not None
        answers.append((answer.status, phone.locator("main").inner_text()))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    phone.goto("/")
    expect(phone.locator("main")).not_to_contain_text(WAITS)

    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        guardian.goto("/")
        if guardian.get_by_text(WAITS).count():
            break
        time.sleep(0.5)
    guardian.get_by_text(WAITS).first.click()
    expect(guardian.locator("main table")).to_contain_text("ريما")
    fits(guardian)
    accessible(guardian)
