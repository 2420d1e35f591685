"""A day at reception, on a phone in Arabic: a woman alone is screened, handed over and taken up; a
talk is stopped in its middle; somebody complains."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing

from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.conftest import accessible, fits
from tests.journeys.pages.base import save_person
from tests.support.installation import Served

TALKS = "/desks/reception/talks/"
SLOWLY = """() => {
  const send = window.fetch;
  window.fetch = async (...what) => {
    await new Promise((resume) => setTimeout(resume, 500));
    return send(...what);
  };
}"""
"""What is typed takes half a second to be kept."""


def late(route: Route) -> None:
    """The answer comes a second later."""
    time.sleep(1)
    route.continue_()


QUEUE = "/desks/reception/queue/"
NAME = "غيمة بنت الميناء"
WORDS = "قالت إن ابن عمها يحمل جوازها"
WISH = "أن أتصل بأختي"
STORY = "طلب الحارس عند الباب الثاني مالًا من ابنة أخي"


def come_in(page: Page, desk: str) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.locator(f"button[name=desk][value={desk}]").tap()
    page.locator("form[data-lock]").wait_for()


def looked_at(page: Page, title: str | re.Pattern[str]) -> None:
    """A page with this heading, as it must be on a phone in Arabic; nothing personal in its title
    and its address."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert "غيمة" not in page.title()
    assert "%D" not in page.url
    accessible(page)
    fits(page)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def grouped(code: str) -> re.Pattern[str]:
    """A code as pages write it, in groups or not."""
    return re.compile(r"\s?".join(code))


def register_woman_alone(page: Page, name: str = NAME) -> str:
    """She is registered, one question a page, and gets a code."""
    page.goto("/desks/reception/register/person/")
    page.locator("main a[href$='/register/person/1/']").tap()
    page.locator("[name=name]").fill(name)
    page.locator("button[value=on]").tap()
    page.locator("button[name=sex][value=female]").tap()
    page.locator("[name=born]").fill("27")
    page.locator("button[value=on]").tap()
    page.locator("[name=languages]").first.wait_for()
    page.locator("button[value=on]").tap()
    page.wait_for_url("**/register/person/check/")
    save_person(page)
    looked_at(page, "تم التسجيل")
    return digits(page.locator("main table bdi").first.inner_text())


def come_to_her_ticket(page: Page, code: str) -> None:
    """Her place in the queue. Tickets tell nothing, and other journeys leave people who wait, too:
    who came last stands at the end of the last page, or not far from it."""
    page.goto(f"{QUEUE}?page=999")
    while True:
        these, tickets = page.url, page.locator("main tbody a[href*='/queue/']")
        for there in reversed([str(each.get_attribute("href")) for each in tickets.all()]):
            page.goto(there)
            if page.locator("main bdi", has_text=grouped(code)).count():
                return
        page.goto(these)
        before = page.locator("main a[rel=prev]").get_attribute("href", timeout=5_000)
        page.goto(f"{QUEUE}{before}")


def on_another_page(page: Page, press: Locator) -> None:
    """Press a button whose answer may stand under the same address."""
    with page.expect_navigation():
        press.click()


def look_at_conditions(page: Page) -> None:
    """What must be so, one by one; then she is asked whether she may be asked."""
    while page.locator("button[name=confirmed]").count():
        on_another_page(page, page.locator("button[name=confirmed]"))
    on_another_page(page, page.locator("button[value=begin]"))


def met_in_private(page: Page, code: str) -> None:
    """The talk that everybody has: a sign is seen, which is a reason to speak with her again."""
    come_to_her_ticket(page, code)
    page.locator("main a[href$='/begin/']").tap()
    looked_at(page, "الشخص معي على انفراد")
    look_at_conditions(page)
    page.wait_for_url("**/talk/**")
    accessible(page)
    fits(page)
    place = 0
    while page.locator("button[name=stated]").count():
        place += 1
        if place == 2:
            page.locator("details:has([name=observed]) > summary").tap()
            page.locator("[name=observed][value=yes]").check()
        on_another_page(page, page.locator("[name=stated][value=no]").first)
        if page.url.endswith("/offer/"):  # what the person can do, after any answer
            accessible(page)
            fits(page)
            on_another_page(page, page.locator("main a.button").last)
    page.locator("button[value=finish]").tap()
    looked_at(page, "انتهى الحديث")


def sit_down_with(page: Page, code: str) -> None:
    """Her place in the queue of screening, and the conditions before the first question."""
    page.goto(TALKS)
    looked_at(page, "الفحص المبكر")
    row = page.locator("main tr", has_text=grouped(code))
    # Other journeys leave people who wait, too: she may stand on a later page.
    while row.count() == 0 and page.locator("main a[rel=next]").count():
        following = page.locator("main a[rel=next]").get_attribute("href")
        page.goto(f"{TALKS}{following}")
    row.locator("a[href*='/talks/with/']").tap()
    looked_at(page, "بدء مقابلة مع شخص")
    page.locator("main [name=language]").select_option("ar")
    page.locator("main form.form .button").tap()
    looked_at(page, "قبل السؤال الأول")
    for box in page.locator("main input[type=radio][value=yes]").all():
        box.check()
    for name in ("interpreter", "no_tie"):
        page.locator(f"[name={name}][value=not_needed]").check()


def write_down(page: Page) -> None:
    """What she said, in her words."""
    words = page.locator("[name=said]")
    if not words.is_visible():
        page.locator("details:has([name=said]) > summary").tap()
    words.fill(WORDS)


def begin(page: Page) -> None:
    """Danger tonight is asked first, and she says no to it."""
    page.locator("button[value=begin]").tap()
    page.wait_for_url("**/ask/*/")
    if page.locator("[name=said-rr-tonight]").count():  # said in private, or asked here first
        on_another_page(page, page.locator("[name=said-rr-tonight][value=no]"))


def see_a_sign(page: Page) -> None:
    """Whatever she says, a sign was seen; what was seen is folded."""
    sign = page.locator("[name^=seen-][value=yes]").first
    if not sign.is_visible():
        page.locator("details:has([name^=seen-]) > summary").first.click()
    sign.check()


def to_the_end(page: Page) -> None:
    """From a question, before all are asked."""
    end = page.locator("button[value=end]")
    if not end.is_visible():
        page.locator("details:has(button[value=end]) > summary").click()
    end.click()


def test_a_woman_alone_is_screened_handed_over_and_taken_up(phone: Page) -> None:
    come_in(phone, "reception")
    code = register_woman_alone(phone)
    met_in_private(phone, code)
    sit_down_with(phone, code)
    # Somebody is in the room: nothing is asked, and it is said what does not hold.
    phone.locator("[name=nobody_else][value=no]").check()
    phone.locator("button[value=begin]").tap()
    expect(phone.locator(".notice-warning")).to_be_visible()
    accessible(phone)
    phone.locator("[name=nobody_else][value=yes]").check()
    begin(phone)
    accessible(phone)
    fits(phone)
    assert "هل" in phone.locator("main").inner_text(), "asked in her language"
    expect(phone.locator("main a[href$='/danger/']")).to_be_visible()
    see_a_sign(phone)
    write_down(phone)
    to_the_end(phone)
    phone.locator("[name=wish]").fill(WISH)
    accessible(phone)
    fits(phone)
    phone.locator("main form.form .button").tap()
    looked_at(phone, "الخطوة التالية")
    assert "%" not in phone.locator("main").inner_text(), "no probability"
    there = phone.url
    phone.locator("[name=ground][value=agreed]").check()
    phone.locator("[name=note]").fill("ابن عمها ينتظر في الخارج")
    phone.locator("button[value=hand_over]").tap()
    expect(phone.locator(".notice-done").first).to_be_visible()
    accessible(phone)

    come_in(phone, "protection")
    assert phone.goto(there).status in (403, 404)  # type: ignore[union-attr]
    phone.goto("/desks/protection/waiting/")
    looked_at(phone, "بانتظار الحماية")
    phone.locator("main tr", has_text=grouped(code)).locator("a").tap()
    phone.wait_for_url("**/waiting/*/")
    accessible(phone)
    fits(phone)
    phone.locator("main form.form .button").tap()
    phone.wait_for_url("**/talks/*/")
    for said in (WISH, WORDS, "ابن عمها ينتظر في الخارج"):
        expect(phone.get_by_text(said)).to_be_visible()
    accessible(phone)
    fits(phone)
    # From now on she is theirs: her page tells of the talk.
    phone.goto("/desks/protection/waiting/")
    assert code not in digits(phone.locator("main").inner_text())


def test_stop_in_the_middle_leaves_nothing_that_should_not_be(phone: Page, served: Served) -> None:
    come_in(phone, "reception")
    code = register_woman_alone(phone)
    met_in_private(phone, code)
    sit_down_with(phone, code)
    begin(phone)
    for _ in range(2):
        write_down(phone)
        here = re.escape(phone.url)
        phone.locator("[name^=said-][value=yes]").tap()
        phone.wait_for_url(re.compile(f"^(?!{here}$)"))
    question = phone.url
    talk = question.split("/talks/")[1].split("/")[0]
    # Stop comes first, also right after the button that leads to the next question.
    phone.route("**/stop/", late, times=1)
    phone.evaluate(SLOWLY)
    phone.locator("[name^=said-][value=yes]").tap()
    phone.locator("main a[href$='/stop/']").tap()
    looked_at(phone, "إيقاف")
    # What deletes is not beside what stops, and asks once more.
    phone.locator("button[commandfor=delete-said]").tap()
    phone.locator("button[value=forget]").tap()
    phone.wait_for_url("**/talks/*/")
    accessible(phone)
    fits(phone)
    assert WORDS not in phone.content()
    # The way back leads nowhere: nothing more is asked.
    phone.goto(question)
    phone.wait_for_url(f"**/talks/{talk}/")
    with closing(sqlite3.connect(database(served), timeout=300)) as opened:
        kept = opened.execute(
            "SELECT state, stated, observed, said, seen, wish, outcome FROM screening_screening"
            " WHERE reference = ?",
            [talk],
        ).fetchone()
        history = opened.execute(
            "SELECT count(*) FROM revisions_revision WHERE object_id ="
            " (SELECT id FROM screening_screening WHERE reference = ?)",
            [talk],
        ).fetchone()
    assert kept == ("stopped", None, None, None, None, None, None)
    assert history == (0,)
    # She may come back: she stands in the queue as before.
    phone.goto(TALKS)
    expect(phone.locator("main tr", has_text=grouped(code))).to_be_visible()


def test_a_complaint_is_read_past_the_team_and_answered_by_its_code(phone: Page) -> None:
    come_in(phone, "reception")
    phone.goto("/desks/reception/complaint/")
    looked_at(phone, "تقديم شكوى")
    phone.locator("button[name=hand][value=ar]").tap()
    looked_at(phone, "تقديم شكوى")
    expect(phone.locator("nav.desks")).to_have_count(0)
    phone.locator("main form.form button").last.tap()
    expect(phone.locator(".error-summary")).to_be_visible()
    accessible(phone)
    phone.locator("[name=text]").fill(STORY)
    phone.locator("[name=about][value=guard]").check()
    phone.locator("[name=matter][value=money]").check()
    phone.locator("main form.form button").last.tap()
    code = digits(phone.locator("main strong bdi").first.inner_text())
    assert len(code) == 9
    accessible(phone)
    fits(phone)
    # Whoever holds the device opens nothing else with it until it is taken back.
    phone.goto("/search/")
    looked_at(phone, "استعادة الجهاز")
    phone.locator("main form.form button").tap()
    expect(phone.locator("nav.desks")).to_be_visible()
    assert became(phone, code) == "وردت ولم يُنظر فيها بعد"

    come_in(phone, "supervisor")
    assert phone.goto("/desks/protection/complaints/").status == 403  # type: ignore[union-attr]
    come_in(phone, "focal")
    phone.goto("/desks/protection/complaints/")
    accessible(phone)
    fits(phone)
    phone.locator("main tbody a").last.tap()
    expect(phone.get_by_text(STORY)).to_be_visible()
    accessible(phone)
    fits(phone)
    phone.locator("[name=note]").fill("تحدثنا مع الشركة، ولم يعد الحارس عند الباب")
    with phone.expect_navigation():
        phone.locator("button[name=settle]").tap()
    come_in(phone, "reception")
    assert became(phone, code) == "سُوّيت: نُظر فيها"


def became(page: Page, code: str) -> str:
    """What somebody with the code is told."""
    page.goto("/desks/reception/complaint/what-became/")
    page.locator("[name=code]").fill(code)
    page.locator("main form.form button").last.tap()
    told = page.locator("main .notice").last.inner_text()
    accessible(page)
    return told


def database(served: Served) -> str:
    return str(served.errors.with_suffix("") / "database.sqlite3")
