"""Cases, in Arabic: from a screening to help in one sitting, a full shelter, a referral that nobody
answers, and a supervisor's Monday morning."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import DESK, PHONE, accessible, fits, unfold
from tests.journeys.pages.base import save_person
from tests.journeys.test_reception import (
    NAME,
    begin,
    come_in,
    database,
    digits,
    grouped,
    met_in_private,
    register_woman_alone,
    see_a_sign,
    sit_down_with,
    to_the_end,
)
from tests.support.installation import Served

INTERIM = "تنام الليلة في العيادة مع الممرضة"
GOAL = "غرفة بباب أستطيع أن أقفله"
NOTE = "تحتاج إلى سرير في جناح النساء"
SAID = "تقول إنها تنام أفضل"


@pytest.fixture(params=["phone", "desk"])
def device(
    request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext], served: Served
) -> Page:
    """A phone that is touched, or a screen on a desk; in Arabic."""
    small = request.param == "phone"
    size = PHONE if small else DESK
    context = new_context(
        base_url=served.origin, viewport=size, locale="ar-SY", is_mobile=small, has_touch=True
    )
    return context.new_page()


def whole(page: Page) -> None:
    """A page as it must be, with nothing personal in its title."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert "غيمة" not in page.title()
    accessible(page)
    fits(page)


def registered(page: Page) -> str:
    """A woman alone: one question a page on a phone, all of them on one page on a desk."""
    size = page.viewport_size
    if size is None or size["width"] < DESK["width"]:
        return register_woman_alone(page)
    page.goto("/desks/reception/register/person/?whole")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=sex]").select_option("female")
    page.locator("[name=born]").fill("27")
    save_person(page)
    page.wait_for_url("**/registered/")
    return digits(page.locator("main table bdi").first.inner_text())


def screened_and_handed_over(page: Page) -> str:
    """At reception, up to the hand-over; gives her code."""
    come_in(page, "reception")
    code = registered(page)
    met_in_private(page, code)
    sit_down_with(page, code)
    begin(page)
    see_a_sign(page)
    to_the_end(page)
    page.wait_for_url("**/end/")
    page.locator("main form.form .button").tap()
    page.locator("[name=ground][value=agreed]").check()
    page.locator("button[value=hand_over]").tap()
    page.locator(".notice-done").first.wait_for()
    return code


def take_up(page: Page, code: str) -> None:
    come_in(page, "protection")
    page.goto("/desks/protection/waiting/")
    page.locator("main tr", has_text=grouped(code)).locator("a").tap()
    page.wait_for_url("**/waiting/*/")
    page.locator("main form.form .button").tap()
    page.wait_for_url("**/talks/*/")


def open_case(page: Page, code: str) -> None:
    """The case of whom one was just made responsible for."""
    page.goto("/desks/protection/cases/")
    page.locator("main tr", has_text=grouped(code)).locator("a").first.tap()
    page.locator("#identification").wait_for()
    whole(page)


def case_of_mine(page: Page) -> str:
    """A woman whom reception handed over, up to the page of her case; gives her code."""
    code = screened_and_handed_over(page)
    take_up(page, code)
    open_case(page, code)
    return code


def test_from_screening_to_help_in_one_sitting(device: Page) -> None:
    page = device
    case_of_mine(page)
    page.locator(".notice-warning a[href*='/cases/for/']").first.tap()
    page.locator("[name=ground][value=screening]").check()
    page.locator("button[value=presume]").tap()
    unfold(page, "identification")
    page.locator("#identification .notice-done").wait_for()
    page.locator("main a[href$='/help/']").first.tap()
    whole(page)
    page.locator("[name=kind]").select_option("medical_care")
    page.locator("button[value=begin]").tap()
    unfold(page, "help")
    page.locator("#help .notice-done").first.wait_for()
    whole(page)
    page.locator("#help a[href$='/new-goal/']").tap()
    page.locator("[name=text]").fill(GOAL)
    page.locator("main form.form .button").tap()
    expect(page.get_by_text(GOAL).first).to_be_visible()
    unfold(page, "following")
    page.locator("#following a[href$='/contact/']").first.tap()
    page.locator("[name=due_at]").fill("2040-05-06T10:30")
    whole(page)
    page.locator("main form.form .button").tap()
    unfold(page, "following")
    page.locator("#following a[href*='/contact/']").first.tap()
    page.locator("[name=text]").fill(SAID)
    page.locator("[name=risk][value=some]").check()
    page.locator("button[value=held]").tap()
    unfold(page, "happened")
    expect(page.get_by_text(SAID).first).to_be_visible()
    whole(page)


def test_the_shelter_is_full_and_then_there_is_a_place(device: Page, served: Served) -> None:
    page = device
    case_of_mine(page)
    page.locator("main a[href$='/help/']").first.tap()
    page.locator("[name=kind]").select_option("shelter")
    page.locator("details:has([name=interim]) > summary").tap()
    page.locator("button[value=no_place]").tap()
    page.locator(".error-summary").wait_for()
    whole(page)
    page.locator("[name=interim]").fill(INTERIM)
    page.locator("button[value=no_place]").tap()
    page.locator("#help .notice-warning").first.wait_for()
    expect(page.get_by_text(INTERIM).first).to_be_visible()
    whole(page)
    case = page.url
    # A day passes and nobody looked: it stands under "My work", above what waits for less long.
    with closing(sqlite3.connect(database(served), timeout=300)) as opened, opened:
        opened.execute(
            "UPDATE assistance_help SET next_try_at = '2020-01-01 00:00:00' WHERE id ="
            " (SELECT max(id) FROM assistance_help WHERE state = 'no_place')"
        )
    page.goto("/")
    page.locator("main a[href*='/cases/help/']").first.tap()
    whole(page)
    page.locator("#f-text-not_found").fill("بيت النساء في الميناء")
    page.locator("button[value=found_begin]").tap()
    page.wait_for_url(case)
    unfold(page, "help")
    page.locator("#help .notice-done").first.wait_for()
    assert page.locator("#help .notice-warning").count() == 0


def test_a_referral_that_nobody_answers_comes_back(device: Page, served: Served) -> None:
    page = device
    case_of_mine(page)
    case = page.url
    unfold(page, "referrals")
    page.locator("#referrals a[href$='/refer/']").tap()
    page.locator("[name=to][value^=site-]").first.check()
    whole(page)
    page.locator("main form.form .button").first.tap()
    page.locator("[name=note]").fill(NOTE)
    whole(page)
    page.locator("main form.form .button").first.tap()
    page.locator("button[value=withdraw]").wait_for()
    whole(page)
    referral = page.url.rstrip("/").rsplit("/", 1)[-1]
    with closing(sqlite3.connect(database(served), timeout=300)) as opened, opened:
        opened.execute(
            "UPDATE referrals_referral SET due_at = '2020-01-01 00:00:00' WHERE reference = ?",
            [referral],
        )
    page.goto("/")
    back = page.locator(f"main a[href*='{referral}'], main a[href*='{case.split('/cases/')[1]}']")
    back.first.wait_for()
    page.goto(case)
    unfold(page, "referrals")
    page.locator("#referrals table").wait_for()
    assert "عادت" in page.locator("main").inner_text(), "it is back with who sent it"
    whole(page)


def test_a_supervisors_monday_morning(device: Page) -> None:
    page = device
    come_in(page, "reception")
    code = registered(page)
    person = page.locator("main a[href*='/people/']").first.get_attribute("href")
    page.goto(person or "")
    unfold(page, "cases")
    page.locator("main a[href*='/cases/for/']").tap()
    page.locator("[name=ground][value=told]").check()
    page.locator("button[value=presume]").tap()
    page.wait_for_url("**/begun/")
    whole(page)
    come_in(page, "supervisor")
    page.locator("main a[href*='/responsible/']").first.wait_for()
    page.goto("/desks/protection/supervision/")
    whole(page)
    page.locator("main a[href$='/supervision/nobodys/']").tap()
    page.locator("main tr", has_text=grouped(code)).locator("a[href$='/responsible/']").tap()
    whole(page)
    page.locator("[name=worker]").first.check()
    page.locator("button[value=give]").tap()
    page.locator("#identification").wait_for()
    page.goto("/desks/protection/supervision/nobodys/")
    assert page.locator("main tr", has_text=grouped(code)).count() == 0
    page.goto("/")
    page.locator("main a[href*='/second-look/']").first.tap()
    whole(page)
    page.locator("[name=text]").fill("أرى الأسباب نفسها")
    page.locator("button[value=agree]").tap()
    page.wait_for_url("**/")
