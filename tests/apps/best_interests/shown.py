"""The pages of best interests: a child at the gate, taken by protection."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, settle
from tests.journeys.pages.cases import become_responsible, wait_for_somebody

REGISTER = "/desks/reception/register/person/?whole"


def begin(page: Page) -> None:
    """A child of nine, whose case a case worker takes."""
    page.locator("[name=born]").fill("9")
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
    page.locator("#best-interests").wait_for()


def _wrong(name: str) -> Callable[[Page], None]:
    """The page of one step, sent empty."""

    def open_it(page: Page) -> None:
        if page.locator("#best-interests").count() == 0:
            page.locator("a.back").click()
        page.locator(f"#best-interests a[href$='/{name}/']").first.click()
        page.locator("main form.form .button").first.click()
        page.locator(".error-summary").wait_for()

    return open_it


def fill(page: Page, **typed: str) -> None:
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)


def choose(page: Page, **chosen: str) -> None:
    for name, value in chosen.items():
        page.locator(f"[name={name}][value={value}]").check()


def save(page: Page) -> None:
    page.locator("main form.form .button").first.click()


def appointed(page: Page) -> None:
    choose(page, kind="guardian", basis="authority")
    fill(page, appointed_by="The court", name="Nour", reach="+000 1")
    fill(page, since="1/1/2024", review_on=_soon(page))
    save(page)
    page.locator("#best-interests a[href*='/cases/representative/']").first.click()
    page.locator("button[value=end]").click()
    page.locator(".error-summary").wait_for()


def _soon(page: Page) -> str:
    """A day some weeks from now, as the browser counts."""
    text = page.evaluate(
        "() => { const d = new Date(Date.now() + 20 * 864e5);"
        " return `${d.getDate()}/${d.getMonth() + 1}/${d.getFullYear()}`; }"
    )
    return str(text)


def doubted(page: Page) -> None:
    choose(page, adult="other", sign="control")
    fill(page, who="A man", text="He answers for the child")
    save(page)
    page.locator("#best-interests a[href*='/cases/adult-doubt/']").first.click()
    page.locator("main h1").wait_for()


def agency(page: Page) -> None:
    """Of a child who has a guardian no more."""
    page.locator("a.back").click()
    page.locator("#best-interests a[href*='/cases/representative/']").first.click()
    fill(page, text="The court ended it")
    page.locator("button[value=end]").click()
    settle(page)
    page.locator("a.back").click()
    _wrong("agency-decision")(page)


def agency_made(page: Page) -> None:
    choose(page, agency="us")
    fill(page, mandate="The law", why="No court sits", what="A school", child_view="Yes")
    fill(page, review_on=_soon(page))
    save(page)
    page.locator("#best-interests a[href*='/cases/agency-decision/']").first.click()
    page.locator("main h1").wait_for()


def prepared(page: Page) -> None:
    choose(page, matter="placement")
    fill(page, question="May the child live with this family?")
    save(page)
    page.locator("button[value=panel]").click()
    page.locator(".error-summary").wait_for()


def change(page: Page) -> None:
    page.locator("main a[href$='/change/']").click()
    choose(page, view_how="told")
    fill(page, question="")
    page.locator("button[value=save]").click()
    page.locator(".error-summary").wait_for()


def new_option(page: Page) -> None:
    page.locator("a.back").click()
    page.locator("main a[href$='/option/']").click()
    save(page)
    page.locator(".error-summary").wait_for()


def option(page: Page) -> None:
    fill(page, name="With the family", speaks_for="School is near", safety="Seen twice")
    save(page)
    page.locator("main a[href*='/determination-option/']").first.click()
    page.locator("[name=against]").wait_for()


def member(page: Page) -> None:
    page.locator("a.back").click()
    page.locator("main a[href$='/member/']").click()
    save(page)
    page.locator(".error-summary").wait_for()


def one_member(page: Page) -> None:
    page.locator("[name=who]").first.check()
    choose(page, role="child_protection")
    save(page)
    page.locator("main a[href*='/panel-member/']").first.click()
    page.locator("button[value=stand_back]").click()
    page.locator(".error-summary").wait_for()


def _on(name: str, then: Callable[[Page], None], view: str, after: str) -> Shown:
    return Shown(name, REGISTER, "reception", then=then, view=f"cases:{view}", after=after)


PAGES = (
    Shown("best-interests", REGISTER, "reception", then=begin, view="cases:case"),
    _on("representative-new", _wrong("representative"), "representative_new", "best-interests"),
    _on("representative", appointed, "representative", "representative-new"),
    _on("adult-doubt-new", _wrong("adult-doubt"), "adult_doubt_new", "representative"),
    _on("adult-doubt", doubted, "adult_doubt", "adult-doubt-new"),
    _on("capacity", _wrong("capacity"), "capacity", "adult-doubt"),
    _on("child-answer", _wrong("child-answer"), "child_answer", "capacity"),
    _on("agency-decision-new", agency, "agency_decision_new", "child-answer"),
    _on("agency-decision", agency_made, "agency_decision", "agency-decision-new"),
    _on("assess", _wrong("best-interests"), "best_interests", "agency-decision"),
    _on("determination-new", _wrong("determination"), "determination_new", "assess"),
    _on("determination", prepared, "determination", "determination-new"),
    _on("determination-change", change, "determination_change", "determination"),
    _on("option-new", new_option, "determination_new_option", "determination-change"),
    _on("option", option, "determination_option", "option-new"),
    _on("panel-member-new", member, "panel_member", "option"),
    _on("panel-member", one_member, "panel_member_one", "panel-member-new"),
)
