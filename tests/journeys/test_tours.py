"""The guided tours, gone through by doing the work: reception on a phone in Arabic, protection in
English at a desk."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.journeys.conftest import accessible, fits
from tests.journeys.looks import Look
from tests.journeys.pages import sign_in
from tests.journeys.test_cases import INTERIM, NOTE, screened_and_handed_over
from tests.journeys.test_name_search import find
from tests.journeys.test_reception import (
    begin,
    come_in,
    grouped,
    met_in_private,
    register_woman_alone,
    see_a_sign,
    sit_down_with,
    to_the_end,
)

ARABIC = Look("ar", "phone")
PANEL = "aside.tour"
HAND_OVER = "End it: hand over, or stop"


def shows(page: Page, *texts: str) -> None:
    """The tour says this, and the page is as it must be with it."""
    for text in texts:
        expect(page.locator(PANEL)).to_contain_text(text)
    accessible(page)
    fits(page)


def go_where_it_is_done(page: Page, address: str) -> None:
    page.locator(f"{PANEL} a").click()
    page.wait_for_url(f"**{address}")


def covers_nothing(page: Page) -> None:
    """The page begins where the tour ends, and what is pressed is as tall as a thumb."""
    tour, main = page.locator(PANEL).bounding_box(), page.locator("main").bounding_box()
    assert tour is not None
    assert main is not None
    assert tour["y"] + tour["height"] <= main["y"] + 1
    for each in page.locator(f"{PANEL} :is(a, button)").all():
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= 43


def look_for_her(page: Page) -> None:
    """By a Latin spelling; the process of names is told of her a moment later."""
    end = time.monotonic() + 300
    while True:
        find(page, "Ghaima bint al-Mina")
        if page.locator("main a[href*='/people/']").count() or time.monotonic() > end:
            return
        time.sleep(0.5)


def begin_tour(page: Page, front: str) -> None:
    """From its first step, also where another journey has begun it before."""
    page.goto(front)
    offered = page.locator(f"{PANEL} button[value=begin-tour]")
    if offered.count():
        offered.click()
        return
    begin, leave = (page.locator(f"main button[value={each}-tour]") for each in ("begin", "leave"))
    page.goto("/my/tours/")
    if begin.count():
        begin.click()
        leave.wait_for()
    page.goto("/")
    skip = page.locator(f"{PANEL} button[value=skip-step]")
    while skip.count():
        with page.expect_navigation():
            skip.click()
        page.goto("/")
    page.goto("/my/tours/")
    begin.click()
    leave.wait_for()
    page.goto(front)


def test_reception_is_learnt_by_its_work(phone: Page) -> None:
    said = ARABIC.says
    come_in(phone, "reception")
    begin_tour(phone, "/desks/reception/")
    shows(phone, said("Register a person"))
    covers_nothing(phone)
    go_where_it_is_done(phone, "/register/person/")
    expect(phone.locator(f"{PANEL} a")).to_have_count(0)
    code = register_woman_alone(phone)
    shows(phone, said("Register a person"), said("Hold a private conversation"))
    go_where_it_is_done(phone, "/queue/")
    met_in_private(phone, code)
    shows(phone, said("Find a person"))
    go_where_it_is_done(phone, "/find/")
    look_for_her(phone)
    shows(phone, said("Begin a screening interview"))
    go_where_it_is_done(phone, "/talks/")
    sit_down_with(phone, code)
    shows(phone, said("Begin a screening interview"))
    begin(phone)
    # Somebody sits opposite: the page of a question is theirs alone.
    expect(phone.locator(PANEL)).to_have_count(0)
    see_a_sign(phone)
    to_the_end(phone)
    shows(phone, said(HAND_OVER))
    phone.locator("main form.form .button").tap()
    phone.locator("[name=ground][value=agreed]").check()
    phone.locator("button[value=hand_over]").tap()
    shows(phone, said(HAND_OVER), said("This was the last step of the tour."))
    phone.goto("/")
    expect(phone.locator(PANEL)).to_have_count(0)
    phone.locator("footer a[href='/my/tours/']").tap()
    expect(phone.locator("main .tag-done")).to_have_count(5)
    accessible(phone)
    fits(phone)


def test_protection_is_learnt_by_its_work(page: Page, phone: Page) -> None:
    code = screened_and_handed_over(phone)
    sign_in(page, "protection", "en")
    page.locator(f"{PANEL} button[value=begin-tour]").click()
    shows(page, "Guided tour, step 1 of 5: Take a case that no one has.")
    covers_nothing(page)
    go_where_it_is_done(page, "/waiting/")
    page.locator("main tr", has_text=grouped(code)).locator("a").click()
    page.locator("main form.form .button").click()
    shows(page, "Done: Take a case that no one has.", "Guided tour, step 2 of 5")
    go_where_it_is_done(page, "/cases/*/")
    expect(page.locator("h1")).to_have_text(grouped(code))
    page.locator(".notice-warning a[href*='/cases/for/']").first.click()
    page.locator("[name=ground][value=screening]").check()
    page.locator("button[value=presume]").click()
    shows(page, "Done: Presume on what you know.", "Guided tour, step 3 of 5")
    case = page.url
    page.locator("main a[href$='/help/']").first.click()
    page.locator("[name=kind]").select_option("shelter")
    page.locator("details:has([name=interim]) > summary").click()
    page.locator("[name=interim]").fill(INTERIM)
    page.locator("button[value=no_place]").click()
    shows(page, "Done: Record what the person needs.", "Guided tour, step 4 of 5")
    page.locator("#referrals a[href$='/refer/']").click()
    page.locator("[name=to][value^=site-]").first.check()
    page.locator("main form.form .button").first.click()
    page.locator("[name=note]").fill(NOTE)
    page.locator("main form.form .button").first.click()
    page.locator("button[value=withdraw]").wait_for()
    shows(page, "Done: Refer, and share the least.", "Guided tour, step 5 of 5")
    page.goto(case)
    page.locator("#following a[href$='/contact/']").first.click()
    page.locator("[name=due_at]").fill("2040-05-06T10:30")
    page.locator("main form.form .button").click()
    page.wait_for_url(re.compile(re.escape(case)))
    shows(page, "Done: Plan the next contact.", "This was the last step of the tour.")
    assert "غيمة" not in page.locator(PANEL).inner_text()
    page.goto("/my/tours/")
    expect(page.locator("main .tag-done")).to_have_count(5)
