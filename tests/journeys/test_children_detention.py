"""A detained girl until her release: recorded by reception on a phone in Arabic, worked against by
a supervisor on one, reviewed and ended at a desk."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, NewContext, accessible, fits
from tests.journeys.pages import sign_in
from tests.journeys.pages.base import settle
from tests.support.installation import Served

REGISTER = "/desks/reception/register/person/?whole"


def follow(page: Page, part: str) -> None:
    """A link of a section, which is folded on a phone."""
    link = page.locator(f"main a[href*='{part}']").first
    section = page.locator("details[data-section]").filter(has=page.locator(f"a[href*='{part}']"))
    if not link.is_visible():
        section.locator("summary").first.click()
    link.click()
    page.wait_for_load_state()


def sent(page: Page, do: str) -> None:
    """A form of the page, opened where it is folded, and sent."""
    button = page.locator(f"main button[value={do}]")
    if not button.is_visible():
        page.locator("details").filter(has=page.locator(f"button[value={do}]")).locator(
            "summary"
        ).click()
    button.click()
    settle(page)


def record(phone: Page) -> str:
    """By reception, who hears of it first."""
    phone.goto(REGISTER)
    phone.locator("[name=born]").fill("14")
    phone.locator("button[value=save]").click()
    phone.wait_for_url("**/registered/")
    person = phone.url.removesuffix("registered/")
    phone.goto(person)
    follow(phone, "/detention/for/")
    fits(phone)
    accessible(phone)
    phone.locator("[name=ground][value=migration]").check()
    phone.locator("[name=authority]").select_option("military")
    phone.locator("[name=place]").fill("قاعة متخيلة عند المعبر")
    phone.locator("[name=began]").fill("1/5/2026")
    phone.locator("[name=reason]").fill("لم يُذكر شيء")
    phone.locator("main form.form .button").last.click()
    phone.wait_for_url(lambda url: "/detention/" not in url)
    expect(phone.locator("main")).to_contain_text("الإنذار قائم")
    return person


def work_against_it(phone: Page, person: str) -> None:
    """What is missing is said loudly; alternatives, conditions and steps; nobody agrees to it."""
    phone.goto(person)
    follow(phone, "/detention/")
    main = phone.locator("main")
    for said in ("لا محامي", "لا وصي", "الإنذار قائم", "لا بروتوكول مدوّن", "إجراءات الهجرة"):
        expect(main).to_contain_text(said)
    fits(phone)
    accessible(phone)
    phone.locator("#f-done-step").select_option("release")
    phone.locator("#f-whom-step").fill("قائد القاعدة المتخيلة")
    sent(phone, "step")
    phone.locator("summary").filter(has_text="إضافة بديل").click()
    phone.locator("#f-kind-alternative").select_option("kin_or_foster")
    phone.locator("#f-why_not-alternative").fill("يقولون إنهم ينتظرون ورقة")
    sent(phone, "alternative")
    expect(main).to_contain_text("يقولون إنهم ينتظرون ورقة")
    phone.locator("summary").filter(has_text="طُلبت الموافقة").click()
    phone.locator("#f-whom-agree").fill("ضابط")
    sent(phone, "agree")
    expect(main).to_contain_text("لا أحد يجيز احتجاز طفل")
    fits(phone)


def end_it(desk: Page) -> None:
    """Reviewed, moved to civilian actors, released; the case could not be closed before."""
    desk.goto("/desks/protection/detention/")
    desk.locator("main h1").wait_for()
    fits(desk)
    accessible(desk)
    # The girl of this journey has no review yet: she is the one to be looked at first.
    desk.locator("main tbody a").first.click()
    there = desk.url
    case = desk.locator("a.back").get_attribute("href") or ""
    desk.goto(f"{case}close/")
    expect(desk.locator("main")).to_contain_text("still held")
    desk.goto(f"{there}review/")
    desk.locator("[name=found]").fill("She sleeps badly; her aunt is told.")
    desk.locator("[name=next_on]").fill("1/1/2099")
    desk.locator("main form.form .button").last.click()
    desk.locator(".error-summary").wait_for()
    expect(desk.locator("[name=found]")).to_have_value(re.compile("her aunt"))
    accessible(desk)
    hint = desk.locator("main").inner_text()
    assert "At most 7 days" in hint
    desk.goto(f"{there}end/")
    desk.locator("[name=how][value=released]").check()
    today = desk.evaluate("new Date().toISOString().slice(0, 10)")
    desk.locator("[name=day]").fill(today)
    desk.locator("[name=text]").fill("Her aunt called: she is at home.")
    desk.locator("main form.form .button").last.click()
    desk.wait_for_url(there)
    expect(desk.locator("main")).to_contain_text("released")
    expect(desk.locator("main")).not_to_contain_text("The alarm is on")
    fits(desk)
    accessible(desk)


def test_a_detained_girl_until_her_release(new_context: NewContext, served: Served) -> None:
    phone = new_context(base_url=served.origin, viewport=PHONE, locale="ar").new_page()
    sign_in(phone, "reception", "ar")
    person = record(phone)
    sign_in(phone, "supervisor", "ar")
    work_against_it(phone, person)
    desk = new_context(base_url=served.origin, viewport=DESK, locale="en").new_page()
    sign_in(desk, "supervisor", "en")
    end_it(desk)
