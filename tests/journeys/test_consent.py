"""On a phone in Arabic somebody refuses, agrees later and takes it back; a guest partner sees the
record in between and no longer."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewContext, accessible, fits
from tests.journeys.pages import sign_in
from tests.support.installation import Served

GUEST = "Lantern House"
ASKED = {"circumstance": "free", "language": "ar", "form": "feminine"}


def chosen(page: Page, **answers: str) -> None:
    for name, value in answers.items():
        page.locator(f"[name={name}][value='{value}']").check()


def let_in(page: Page, new_context: NewContext, served: Served, name: str) -> Page:
    """Somebody without a button of their own comes in by a link that the administrator makes."""
    page.goto("/desks/administration/people/")
    page.locator("main a[href*='/people/'] bdi", has_text=name).click()
    page.get_by_role("button", name="Make a sign-in link").click()
    link = page.locator("#f-address").input_value()
    there = new_context(base_url=served.origin, locale="en-GB").new_page()
    there.goto(link)
    there.get_by_role("button", name="Sign in now").click()
    there.wait_for_url("**/")
    return there


def registered(phone: Page) -> str:
    """Somebody who says nothing but that they are here: reference of the person."""
    sign_in(phone, "reception", "ar")
    phone.goto("/desks/reception/register/person/")
    phone.locator("button[name=do][value=code]").click()
    phone.wait_for_url(re.compile(r"/people/[0-9a-z]{20}/registered/"))
    return phone.url.split("/people/")[1].split("/")[0]


def agreement_with_the_guest(page: Page) -> None:
    """Written down once, by the journey that first needs it."""
    page.goto("/consent/recipients/")
    if page.locator("main table", has_text=GUEST).count():
        return
    page.goto("/consent/recipients/add/")
    page.locator("#f-guest").select_option(index=1)
    chosen(page, kind="protection")
    page.locator("main form.form .button").click()
    page.locator("[name=purposes][value=assistance]").check()
    for part, value in (("day", "1"), ("month", "12"), ("year", "2028")):
        page.locator(f"[name=until-{part}]").fill(value)
    page.locator("main form.form .button").click()
    expect(page.locator("main table")).to_contain_text("In force")


def asked(phone: Page, person: str, about: str = "assistance") -> None:
    phone.goto(f"/consent/of/{person}/ask/")
    fits(phone)
    accessible(phone)
    chosen(phone, about=about, **ASKED)
    phone.get_by_label(re.compile(GUEST)).check()
    phone.locator("[name=record]").check()
    phone.locator("main form.form .button").click()
    phone.wait_for_url(re.compile("/answer/"))
    expect(phone.locator(".told")).to_contain_text("إن قلتِ لا")
    fits(phone)
    accessible(phone)


def test_refused_agreed_and_taken_back(
    phone: Page, page: Page, new_context: NewContext, served: Served
) -> None:
    sign_in(page, "administration", "en")
    agreement_with_the_guest(page)
    person = registered(phone)

    asked(phone, person)
    phone.locator("button[name=do][value=no]").click()
    phone.wait_for_url(re.compile("/refused/"))
    expect(phone.locator("main")).to_contain_text("المساعدة مستمرة")
    accessible(phone)

    supervisor = let_in(page, new_context, served, "Huda")
    supervisor.goto("/my/proof/")
    supervisor.locator("main form button").first.click()

    def give() -> None:
        supervisor.goto(f"/consent/of/{person}/share/")
        supervisor.get_by_label(re.compile(GUEST)).check()
        chosen(supervisor, about="assistance", opens="30")
        supervisor.locator("main form.form .button").click()

    give()
    expect(supervisor.locator(".error-summary")).to_be_visible()
    accessible(supervisor)

    asked(phone, person)
    chosen(phone, understood="yes", given_by="self", how="spoken")
    phone.locator("[name=no_doubt_of_age]").check()
    phone.locator("#f-spoken").select_option("apc")
    phone.locator("button[name=do][value=yes]").click()
    phone.wait_for_url(re.compile(f"/consent/of/{person}/$"))
    fits(phone)
    accessible(phone)

    partner = let_in(page, new_context, served, "Layan")
    partner.goto(f"/people/{person}/")
    expect(partner.locator("h1")).not_to_contain_text(re.compile(r"\d{3}"))
    give()
    expect(supervisor.locator("main")).to_contain_text("Now give them this")
    accessible(supervisor)
    partner.goto(f"/people/{person}/")
    expect(partner.locator("h1")).to_contain_text(re.compile(r"\d{3}"))

    phone.locator("main a[href$='/withdraw/']").click()
    chosen(phone, given_by="self", how="spoken")
    phone.locator("main form.form .button").click()
    phone.wait_for_url(re.compile("/withdrawn/"))
    expect(phone.locator("main table")).to_contain_text(GUEST)
    fits(phone)
    accessible(phone)

    partner.goto(f"/people/{person}/")
    expect(partner.locator("h1")).not_to_contain_text(re.compile(r"\d{3}"))
    partner.goto("/")
    partner.locator("main a[href*='/consent/notices/']").click()
    expect(partner.locator(".notice-urgent")).to_be_visible()
    accessible(partner)
    give()
    expect(supervisor.locator(".error-summary")).to_be_visible()

    phone.goto(f"/consent/of/{person}/summary/?language=ar&form=feminine")
    fits(phone)
    accessible(phone)
    phone.goto(f"/consent/of/{person}/paper/")
    expect(phone).to_have_url(re.compile("/carry/"))
    chosen(phone, carry="yes")
    phone.locator("main form.form .button").click()
    phone.wait_for_url(re.compile("/paper/"))
    expect(phone).to_have_title("للقراءة")
    accessible(phone)
