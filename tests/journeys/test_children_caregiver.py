"""A caregiver with three children becomes doubtful: each child stands under the work of who is
responsible at once, nobody new is offered the place, and another person clears the doubt. At a desk
in English, and looked at on a phone in Arabic.

That vetting runs out is seen with the clock in tests/apps/alternative_care: a browser has no other.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import accessible, fits
from tests.journeys.pages.base import come_in_at, sign_in
from tests.journeys.pages.family_steps import open_case, register

PLACES = "/desks/protection/care-places/"
CHECKS = ("police_certificate", "references", "home_visit", "code_of_conduct")


def record_place(page: Page) -> str:
    page.goto(f"{PLACES}add/")
    page.locator("[name=label]").fill("Lemon tree")
    page.locator("[name=name]").fill("Umm Nadia of the fictional port")
    page.locator("[name=capacity]").fill("4")
    accessible(page)
    page.locator("main form.form .button").click()
    page.locator("button[value=ask]").wait_for()
    return page.url


def check(page: Page, kind: str) -> None:
    page.locator("main details summary").first.click()
    page.locator(f"[name=check][value={kind}]").check()
    page.locator("[name=outcome][value=good]").check()
    for name, year in (("done", "2025"), ("until", "2097")):
        page.locator(f"[name={name}-day]").fill("3")
        page.locator(f"[name={name}-month]").fill("4")
        page.locator(f"[name={name}-year]").fill(year)
    made = page.locator("main table").get_by_text("nothing speaks against them")
    before = made.count()
    page.locator("button[value=check]").click()
    made.nth(before).wait_for()


def place_child(page: Page) -> str:
    sign_in(page, "reception", "en")
    case = open_case(page, register(page, "9"))
    page.goto(f"{case}care/place/")
    option = page.locator("main label.option", has_text="Lemon tree")
    option.locator("input").check()
    page.locator("[name=sort][value=emergency]").check()
    page.locator("[name=text]").fill("The tent burned down.")
    page.locator("main form.form .button").click()
    page.wait_for_url("**/cases/care/**")
    return page.url


def test_a_caregiver_in_doubt(page: Page, phone: Page) -> None:
    sign_in(page, "protection", "en")
    place = record_place(page)
    for kind in CHECKS:
        check(page, kind)
    page.locator("button[value=ask]").click()
    come_in_at(page, "supervisor")
    page.goto(place)
    page.locator("[name=agree][value=yes]").check()
    page.locator("button[value=answer]").click()
    expect(page.locator("main")).to_contain_text("Vetted until")
    children = [place_child(page) for _ in range(3)]
    page.goto(place)
    accessible(page)
    page.locator("main details summary", has_text="doubt").click()
    page.locator("[name=why][value=complaint]").check()
    page.locator("[name=doubt_text]").fill("A neighbour heard shouting at night.")
    page.locator("button[value=doubt]").click()
    expect(page.locator("main")).to_contain_text("In doubt")
    page.goto("/")
    for child in children:
        path = "/" + child.split("/", 3)[3]
        expect(page.locator(f"main a[href='{path}']").first).to_be_visible()
    # On a phone in Arabic: what is to be done today, and the page of one child.
    sign_in(phone, "protection", "ar")
    phone.goto(children[0])
    expect(phone.locator("main")).to_contain_text("مقدّم الرعاية محل شك")
    accessible(phone)
    fits(phone)
    phone.locator("[name=outcome][value=watched]").check()
    phone.locator("[name=view]").fill("أنا بخير هنا")
    phone.locator("main form.form [name=text]").first.fill("رأيته وحده")
    phone.locator("button[value=review]").click()
    expect(phone.locator("main")).to_contain_text("أنا بخير هنا")
    # Nobody new is offered it.
    sign_in(page, "reception", "en")
    case = open_case(page, register(page, "9"))
    page.goto(f"{case}care/place/")
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Lemon tree")
    come_in_at(page, "supervisor")
    page.goto(place)
    page.locator("[name=answer]").fill("It was the radio; the children were heard alone.")
    page.locator("button[value=settle]").click()
    expect(page.locator("main")).not_to_contain_text("In doubt")
