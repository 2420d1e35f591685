"""The pages of people."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, come_in_at, save_person

QUEUE = "/desks/reception/queue/"


def count_now(page: Page) -> None:
    page.locator("main form[method=post] .button").click()
    page.locator("main table").first.wait_for()


def see_counted(page: Page) -> None:
    """A worker counts within seconds; the page says when it is done."""
    for _ in range(600):
        if not page.locator("main a[data-again]").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.locator("main form[method=post] .button").wait_for()
    page.locator("main details summary").last.click()


def find_nobody(page: Page) -> None:
    page.locator("main [name=text]").fill("Zzzyx")
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def send_wrong_household(page: Page) -> None:
    page.locator("[name=born-0]").fill("thirty-ish")
    page.locator("button[value=save]").click()
    page.locator(".error-summary").wait_for()
    # What was typed is kept as a draft; the next one begins anew.
    page.evaluate("() => document.querySelector('form[data-draft]').removeAttribute('data-draft')")
    page.locator("[name=born-0]").fill("")


def register_household(page: Page) -> None:
    page.locator("[name=name-0]").fill("Zahra of the Tamarisks")
    page.locator("[name=born-0]").fill("34")
    page.locator("[name=born-1]").fill("4")
    save_person(page)
    page.locator("main table").wait_for()


def send_wrong_age(page: Page) -> None:
    page.locator("[name=born]").fill("thirty-ish")
    page.locator("button[value=on]").click()
    page.locator(".error-summary").wait_for()
    page.evaluate("() => document.querySelector('form[data-draft]').removeAttribute('data-draft')")
    page.locator("[name=born]").fill("")


def answer_each(page: Page) -> None:
    page.locator("[name=name]").fill("Amberjack Lowwater")
    for number in ("2", "3", "4", "check"):
        page.locator("main .button-row .button").click()
        page.wait_for_url(f"**/register/person/{number}/")
    page.locator(".answers, dl").first.wait_for()


def register_by_code(page: Page) -> None:
    page.locator("button[value=code]").click()
    page.locator("main table").wait_for()


def open_child(page: Page) -> None:
    page.locator("main tbody a[href*='/people/']").last.click()
    page.locator(".answers").first.wait_for()


def back_to_person(page: Page) -> None:
    page.locator("main a.back").click()
    page.locator("main a[href$='/relate/']").wait_for()


def on_person(name: str) -> Callable[[Page], None]:
    """A page that the page of a person leads to; also from another one of them."""

    def opened(page: Page) -> None:
        if page.locator("main a.back").count():
            back_to_person(page)
        page.locator(f"main a[href$='/{name}/']").first.click()
        page.locator("main form.form").first.wait_for()

    return opened


def as_helper(name: str) -> Callable[[Page], None]:
    """The same page for who helps the person and may see what is sensitive."""

    def opened(page: Page) -> None:
        come_in_at(page, "reception")
        page.goto("/desks/reception/register/household/")
        register_household(page)
        path = page.locator("main tbody a[href*='/people/']").last.get_attribute("href") or ""
        come_in_at(page, "supervisor")
        page.goto(f"{path}{name}/" if name else path)
        page.locator("main h1").first.wait_for()

    return opened


def add_name(page: Page) -> None:
    back_to_person(page)
    page.locator("main a[href$='/add/names/']").click()
    page.locator("main form.form").wait_for()


def change_name(page: Page) -> None:
    page.locator("main form.form input[type=text]").first.fill("Zain of the Tamarisks")
    page.locator("main form.form .button").first.click()
    page.locator("main a[href*='/people/row/names/']").first.click()
    page.locator("main form.form").first.wait_for()


def verify_relationship(page: Page) -> None:
    back_to_person(page)
    head = page.locator("main table bdi").first.inner_text()
    page.locator("main a[href$='/relate/']").click()
    page.locator("[name=code]").fill(head)
    page.locator("main form.form .button").click()
    page.locator("main a[href*='/people/relationship/']").first.click()
    page.locator("main form.form").first.wait_for()


def open_ticket(page: Page) -> None:
    """Of somebody who still waits: those who are called stand in a table above, and those who left
    or said no in tables of two columns below."""
    waiting = page.locator("main table", has=page.locator("td:nth-child(3)")).last
    waiting.locator("tbody a").first.click()
    page.locator(".answers").first.wait_for()


def see_reasons(page: Page) -> None:
    page.locator("main a[href*='/reasons/']").click()
    page.locator("[name=sentence]").wait_for()


def talk_alone(page: Page) -> None:
    page.go_back()
    page.locator("main a[href$='/begin/']").click()
    page.locator("main form.form").wait_for()


def first_question(page: Page) -> None:
    while page.locator("button[name=confirmed]").count():
        with page.expect_navigation():
            page.locator("button[name=confirmed]").click()
    page.locator("button[value=begin]").click()
    page.wait_for_url("**/talk/**")
    page.locator("form[data-draft]").wait_for()


def take_a_break(page: Page) -> None:
    page.locator("main a[href$='/pause/']").click()
    page.wait_for_url("**/pause/")


def say_yes_apart(page: Page) -> None:
    """What the person can do, after any answer to the question that is kept apart."""
    page.goto(re.sub(r"[^/]+/$", "aid/", page.url))
    with page.expect_navigation():
        page.locator("[name=stated][value=yes]").click()


def last_question(page: Page) -> None:
    page.goto(re.sub(r"[^/]+/$", "end/", page.url))
    page.locator("button[value=finish]").wait_for()


def ask_for_a_health_check(page: Page) -> None:
    """Offered to everybody once the conversation is over."""
    page.locator("button[value=finish]").click()
    page.locator("main form[action*='/health/'] .button").click()
    page.locator("[name=called]").wait_for()


def protect_and_look(page: Page) -> None:
    """The page of a protection, for a supervisor who stays with the person."""
    page.locator("[name=reason]").fill("Her uncle asks for her at every gate.")
    for box in page.locator("[name=staying]").all():
        box.check()
    page.locator("main form.form .button").click()
    page.locator("button[value=review]").wait_for()


def shut_out_and_look(page: Page) -> None:
    """Who is shut out of a record, with all that a supervisor may do about it."""
    page.locator("select[name=who]").select_option(index=1)
    page.locator("[name=wish][value=person]").check()
    page.locator("button[value=exclude]").click()
    page.locator("main details").first.locator("summary").click()
    page.locator("button[value=ask]").first.wait_for()


def open_household(page: Page) -> None:
    page.locator("main a.back").click()
    page.locator("main a[href*='/households/']").click()
    page.locator("main table").wait_for()


def _after(before: str, name: str, then: Callable[[Page], None], view: str) -> Shown:
    """A page that another one leads to."""
    path = "/desks/reception/register/household/"
    return Shown(name, path, "reception", then=then, view=f"people:{view}", after=before)


def put_on_the_wall(page: Page) -> None:
    page.locator("main form .button").click()
    page.locator(".wall").wait_for()


def _in_queue(name: str, then: Callable[[Page], None], view: str, after: str) -> Shown:
    """A page that the queue leads to."""
    return Shown(name, QUEUE, "reception", then=then, view=view, after=after)


PAGES = (
    Shown("register-household", "/desks/reception/register/household/", "reception"),
    Shown(
        "register-household-wrong",
        "/desks/reception/register/household/",
        "reception",
        then=send_wrong_household,
    ),
    Shown(
        "registered",
        "/desks/reception/register/household/",
        "reception",
        then=register_household,
        view="people:registered",
    ),
    _after("registered", "registered-person", open_child, "person"),
    *(
        _after(before, f"registered-person-{name}", on_person(name), view)
        for before, name, view in (
            ("registered-person", "household", "join"),
            ("registered-person-household", "change", "change"),
            ("registered-person-change", "age", "age"),
            ("registered-person-age", "event", "event"),
            ("registered-person-event", "birth", "birth"),
            ("registered-person-birth", "photo", "photo"),
            ("registered-person-photo", "relate", "relate"),
        )
    ),
    _after("registered-person-relate", "add-name", add_name, "add_row"),
    _after("add-name", "change-name", change_name, "row"),
    _after("change-name", "relationship", verify_relationship, "relationship"),
    Shown(
        "household",
        "/desks/reception/register/household/",
        "reception",
        then=open_household,
        view="people:household",
        after="relationship",
    ),
    Shown(
        "by-code-registered",
        "/desks/reception/register/person/",
        "reception",
        then=register_by_code,
        view="people:one_registered",
    ),
    *(
        Shown(
            f"helped-person-{name}",
            "/",
            "supervisor",
            then=as_helper(name),
            view=f"people:{name or 'person'}",
        )
        for name in ("", "more", "functioning", "protection", "exclusions")
    ),
    Shown(
        "protected",
        "/",
        "supervisor",
        then=protect_and_look,
        view="people:protection",
        after="helped-person-protection",
    ),
    Shown(
        "shut-out",
        "/",
        "supervisor",
        then=shut_out_and_look,
        view="people:exclusions",
        after="helped-person-exclusions",
    ),
    Shown("unconfirmed-exclusions", "/desks/administration/unconfirmed-exclusions/", "officer"),
    Shown("register-step", "/desks/reception/register/person/1/", "reception"),
    Shown(
        "register-step-wrong",
        "/desks/reception/register/person/3/",
        "reception",
        then=send_wrong_age,
    ),
    Shown(
        "register-check",
        "/desks/reception/register/person/1/",
        "reception",
        then=answer_each,
        view="reception:check",
    ),
    Shown("register-person-whole", "/desks/reception/register/person/?whole", "reception"),
    Shown("register-person", "/desks/reception/register/person/", "reception"),
    Shown("find", "/find/", "reception"),
    Shown("find-nobody", "/find/", "reception", then=find_nobody),
    Shown("searching", "/find/notices/", "supervisor"),
    Shown("figures-of-all", "/figures/", "coordination"),
    Shown("figures-asked", "/figures/", "supervisor", then=count_now),
    Shown(
        "figures",
        "/figures/",
        "supervisor",
        then=see_counted,
        view="figures:site",
        after="figures-asked",
    ),
    Shown("queue", QUEUE, "reception"),
    _in_queue("ticket", open_ticket, "queue:entry", "queue"),
    _in_queue("reasons", see_reasons, "reasons:entry", "ticket"),
    _in_queue("talk-alone", talk_alone, "queue:begin", "reasons"),
    _in_queue("talk-alone-question", first_question, "queue:question", "talk-alone"),
    _in_queue("talk-alone-break", take_a_break, "queue:pause", "talk-alone-question"),
    _in_queue("talk-alone-apart", say_yes_apart, "queue:offer", "talk-alone-break"),
    _in_queue("talk-alone-end", last_question, "queue:end", "talk-alone-apart"),
    _in_queue("health-check", ask_for_a_health_check, "screening:health", "talk-alone-end"),
    Shown("sought", "/find/notices/", "focal"),
    Shown("board", "/desks/reception/queue/board/", "reception"),
    Shown(
        "board-on-the-wall",
        "/desks/reception/queue/board/",
        "reception",
        then=put_on_the_wall,
        view="queue:board",
        after="board",
    ),
)
