"""A boy who was released from an armed group and came alone: registered on a phone in Arabic, found
by the clock, referred, assessed; his mother is verified from both sides, a panel of two agencies
decides with his own view, a member who stands back and a dissent; he goes back to her; his recovery
plan is made, reviewed and ended by two. The group stands on no page."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import accessible, fits
from tests.journeys.pages.base import come_in_at, sign_in
from tests.journeys.pages.family_steps import find, follow, hear, open_case, register, soon

BOARD = "/desks/protection/children/"


def whole(page: Page) -> None:
    accessible(page)
    fits(page)


def fill(page: Page, **typed: str) -> None:
    for name, text in typed.items():
        page.locator(f"main [name={name}]").first.fill(text)


def choose(page: Page, **chosen: str) -> None:
    for name, value in chosen.items():
        page.locator(f"main [name={name}][value='{value}']").check()


def send(page: Page) -> None:
    """The first form of a page, until another page is there."""
    before = page.url
    with page.expect_navigation():
        page.locator("main form.form .button").first.click()
    page.wait_for_url(lambda url: url != before)


def press(page: Page, do: str) -> None:
    with page.expect_navigation():
        page.locator(f"main button[value={do}]").click()


def refer(phone: Page, child: str) -> None:
    """From the page of the child, where his clock runs, to the other site."""
    phone.goto(child)
    expect(phone.locator("main")).to_contain_text("المهلة جارية")
    whole(phone)
    press(phone, "refer")
    phone.locator("[name=to][value^=site-]").first.check()
    whole(phone)
    send(phone)
    fill(phone, note="فتى وحده يحتاج إلى سرير آمن")
    send(phone)
    phone.goto(child)
    expect(phone.locator("main")).not_to_contain_text("المهلة جارية")


def assess(phone: Page, case: str) -> None:
    phone.goto(f"{case}best-interests/")
    whole(phone)
    choose(phone, concern="some", view_how="told")
    fill(phone, safety="ينام في غرفة مع فتى يعرفه", view="أريد أن أرى أمي")
    fill(phone, follows="يرافقه العامل إلى العيادة", review_on=soon(phone))
    send(phone)


def appoint(page: Page, case: str) -> None:
    page.goto(f"{case}representative/")
    choose(page, kind="guardian", basis="authority")
    fill(page, appointed_by="The court", name="Nour of the harbour", reach="At the office")
    fill(page, since="1/1/2024", review_on=soon(page))
    send(page)


def verify_mother(page: Page, case: str) -> str:
    page.goto(f"{case}relatives/add/")
    page.locator("[name=kind]").select_option("parent")
    fill(page, name="Salma of the mill", text="He is my son.")
    send(page)
    follow(page, "*='/cases/relatives/'")
    claim = page.url
    expect(page.locator("button[value=contact]")).to_have_count(0)
    hear(page, "child", "apart", "open_questions")
    hear(page, "relative", "untold")
    find(page, "verified", "agree")
    come_in_at(page, "supervisor")
    page.goto("/")
    page.locator("main a[href*='/cases/relatives/decisions/']").first.click()
    choose(page, agree="yes")
    send(page)
    come_in_at(page, "protection")
    page.goto(f"{claim}risks/")
    for choice in page.locator("main [value=no]").all():
        choice.check()
    choose(page, debt="yes")
    fill(page, text="Three neighbours were asked apart.")
    send(page)
    return claim


def prepare_return(page: Page, claim: str) -> str:
    """There is a doubt about the family: nobody agrees before a panel has decided."""
    page.goto(f"{claim}back/")
    choose(page, wish="yes", border="no")
    fill(page, wish_how="Alone with me, on the bench.", why="It is home.")
    page.locator("[name=wish_on]").fill("2026-01-05")
    page.locator("[name=agreed_who][value^=guardian]").check()
    choose(page, agreed_answer="given")
    send(page)
    back = page.url
    come_in_at(page, "supervisor")
    page.goto(back)
    expect(page.locator("main")).to_contain_text("missing")
    choose(page, agree="yes")
    press(page, "answer")
    page.locator(".error-summary").wait_for()
    return back


def add_member(page: Page, there: str, who: str, **told: str) -> None:
    page.goto(f"{there}member/")
    page.locator("main label.option", has_text=who).locator("[name=who]").check()
    if who.startswith("someone"):
        page.locator("main [name=agency]:not([value=''])").first.check()
    choose(page, role="health" if who.startswith("someone") else "child_protection")
    fill(page, **told)
    send(page)


def prepare_panel(page: Page, case: str) -> str:
    """Two options, his own view and how it weighed, three members of whom one stands back."""
    come_in_at(page, "protection")
    page.goto(f"{case}determination/")
    choose(page, matter="reunification")
    fill(page, question="May he go back to his mother?", named="His mother")
    send(page)
    there = page.url
    for name, safety in (("With his mother", "Visited twice"), ("In the shelter", "Crowded")):
        page.goto(f"{there}option/")
        fill(page, name=name, safety=safety, view="He wants his mother.")
        send(page)
    add_member(page, there, "Huda")
    add_member(page, there, "someone of another agency", name="Doctor Haddad")
    kin = {"name": "Karim of the mill", "conflict": "A cousin of the mother"}
    add_member(page, there, "someone of another agency", **kin)
    expect(page.locator("main")).to_contain_text("stood back")
    page.goto(f"{there}change/")
    choose(page, view_how="told")
    fill(page, view="I want to sleep at home.", weighed="It weighed most.")
    press(page, "save")
    page.wait_for_url(there)
    press(page, "panel")
    page.locator("main a[href*='/panel-member/']", has_text="Haddad").click()
    page.locator("button[value=dissent]").wait_for()
    page.locator("#f-text-dissent").fill("A month later, after the second visit.")
    press(page, "dissent")
    page.goto(there)
    expect(page.locator("main")).to_contain_text("dissents")
    expect(page.locator("button[value=decide]")).to_have_count(0)
    return there


def decide(page: Page, there: str) -> None:
    come_in_at(page, "supervisor")
    page.goto(there)
    whole(page)
    page.locator("main [name=option]").first.check()
    choose(page, outcome="yes")
    fill(page, decision="He goes back to her.", reasons="He wishes it, and it is safe.")
    press(page, "decide")
    page.locator(".error-summary").wait_for()
    fill(page, review_on=soon(page))
    fill(page, dissent="Doctor Haddad would wait a month.")
    press(page, "decide")
    expect(page.locator("main")).to_contain_text("in force")
    expect(page.locator("main")).to_contain_text("would wait a month")


def go_home(page: Page, back: str) -> None:
    page.goto(back)
    expect(page.locator("main")).to_contain_text("stands")
    choose(page, agree="yes")
    press(page, "answer")
    come_in_at(page, "protection")
    page.goto(back)
    fill(page, outcome="They wept and ate.")
    press(page, "finish")
    expect(page.locator("main a[href*='/family-visits/']")).to_have_count(3)
    whole(page)


def plan(phone: Page, case: str) -> str:
    """His goal in his words, and steps by need; nothing asks why he needs them."""
    phone.goto(f"{case}new-goal/")
    fill(phone, text="أن أصنع قاربًا بيدي")
    send(phone)
    phone.goto(f"{case}recovery/")
    whole(phone)
    choose(phone, view_how="told")
    fill(phone, view="أريد أن أتعلم النجارة", review_on=soon(phone))
    send(phone)
    there = phone.url
    for need, text in (("livelihood", "تدريب على النجارة"), ("papers", "شهادة ميلاد")):
        phone.goto(f"{there}step/")
        phone.locator("main details summary").click()
        whole(phone)
        phone.locator("[name=need]").select_option(need)
        fill(phone, words=text, by_whom="ورشة الرصيف", due_on=soon(phone, 9))
        phone.locator("main [name=goal]").first.check()
        send(phone)
    expect(phone.locator("main")).to_contain_text("أن أصنع قاربًا بيدي")
    whole(phone)
    phone.goto(f"{there}review/")
    choose(phone, view_how="told")
    fill(phone, text="يذهب كل يوم", view="الناس هنا طيبون", review_on=soon(phone, 30))
    send(phone)
    expect(phone.locator("main")).to_contain_text("رُوجعت مع الطفل")
    return there


def end_plan(phone: Page, there: str) -> None:
    """Done step by step, with his own view of the end, and a second person."""
    while phone.locator("main a[href*='/recovery/step/']:not([href$='/change/'])").count():
        phone.locator("main a[href*='/recovery/step/']:not([href$='/change/'])").first.click()
        phone.locator("[name=state]").first.wait_for()
        whole(phone)
        choose(phone, state="done")
        fill(phone, text="صار عنده قارب صغير")
        send(phone)
    choose(phone, ending="reached")
    fill(phone, end_view="أنا بخير الآن")
    press(phone, "end")
    expect(phone.locator("main button[value=agree]")).to_have_count(0)
    come_in_at(phone, "supervisor")
    phone.goto("/")
    phone.locator(f"main a[href='/{there.split('/', 3)[3]}']").first.click()
    expect(phone.locator("main")).to_contain_text("أنا بخير الآن")
    whole(phone)
    press(phone, "agree")
    expect(phone.locator("main")).to_contain_text("حصل الطفل على ما كان يحتاج إليه")


def test_a_boy_from_the_gate_to_a_life_of_his_own(page: Page, phone: Page) -> None:
    sign_in(phone, "reception", "ar")
    person = register(phone, "14")
    child = BOARD + re.findall(r"/people/([^/]+)/", person)[0] + "/"
    come_in_at(phone, "protection")
    phone.goto(BOARD)
    expect(phone.locator(f"main a[href='{child}']").first).to_be_attached()
    sign_in(page, "protection", "en")
    case = open_case(page, person)
    refer(phone, child)
    assess(phone, case)
    appoint(page, case)
    claim = verify_mother(page, case)
    back = prepare_return(page, claim)
    decide(page, prepare_panel(page, case))
    go_home(page, back)
    there = plan(phone, case)
    phone.goto(child)
    expect(phone.locator("main")).to_contain_text("تدريب على النجارة")
    whole(phone)
    phone.goto(there)
    end_plan(phone, there)
