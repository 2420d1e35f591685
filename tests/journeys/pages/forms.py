"""The pages of forms."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import FilePayload, Page

from marfa.methods.xforms.workload import MOST_ROWS
from tests.apps.forms.sheets import sheet
from tests.journeys.pages.base import Shown, come_in_at, prove


def send_no_form(page: Page) -> None:
    page.locator("form[enctype] button").click()
    page.locator(".error-summary").wait_for()


def send_large_form(page: Page) -> None:
    wards = sheet(*(f"integer|beds{number}|Beds|أسرّة||coded" for number in range(MOST_ROWS)))
    given: FilePayload = {"name": "wards.md", "mimeType": "text/markdown", "buffer": wards}
    page.locator("[name=sheet]").set_input_files(given)
    page.locator("[name=purpose]").select_option("registration")
    page.locator("main form[enctype] button").click()
    page.wait_for_url("**/forms/uploads/**")


def connect_device(page: Page) -> None:
    page.locator("[name=label]").fill("Tablet 3")
    page.locator("main form.form button").last.click()
    prove(page)
    page.locator("[name=label], .answers, dl").first.wait_for()


def count_answers(page: Page) -> None:
    """Of the form of the demonstration, which counts one of its questions."""
    forms = page.locator("main tbody a[href*='/forms/versions/']").all()
    for there in [str(each.get_attribute("href")) for each in forms]:
        page.goto(there)
        if page.locator("main a[href$='/answers/']").count():
            break
    page.locator("main a[href$='/answers/']").click()
    page.locator("main table").first.wait_for()


def open_answered(page: Page) -> None:
    page.locator("main tbody a").first.click()
    page.wait_for_url("**/answers/0/0/")


FILL = "/fill/"


def begin_whole(page: Page) -> None:
    page.locator("main form[action*='/fill/begin/'] button").first.click()
    page.locator("form[data-state=ready]").wait_for()


def send_empty_whole(page: Page) -> None:
    begin_whole(page)
    page.locator("button[value=send]:visible, [data-do=on]:visible").first.click()
    page.locator(".error-summary").wait_for()


def begin_form(page: Page) -> None:
    # As where no program runs.
    page.evaluate("() => document.querySelectorAll('[data-script]').forEach((i) => i.remove())")
    page.locator("main form[action*='/fill/begin/'] button").first.click()
    page.locator("main form.form").wait_for()


def send_empty_page(page: Page) -> None:
    page.locator("main form.form button[value=on]").click()
    page.locator(".error-summary").wait_for()


def answer_first_page(page: Page) -> None:
    for part, value in (("day", "5"), ("month", "1"), ("year", "2026")):
        page.locator(f"main input[name$='-{part}']").fill(value)
    page.locator("main input[type=radio]").first.check()
    page.locator("main form.form button[value=on]").click()
    page.locator("main input[type=checkbox]").first.wait_for()
    page.locator("main form.form button[value=on]").click()
    page.locator("main button[value=add]").wait_for()


def add_member(page: Page) -> None:
    begin_form(page)
    answer_first_page(page)
    page.locator("main button[value=add]").click()
    page.locator("main input[name=q0]").wait_for()


def check_answers(page: Page) -> None:
    page.locator("main button[value=remove-1]").click()
    page.locator("main button[value=remove-1]").wait_for(state="detached")
    page.locator("main button[value=on]").click()
    page.locator("main input[type=file]").wait_for()
    page.locator("main form.form button[value=on]").click()
    page.locator(".answers, main dl").first.wait_for()


def give_form_up(page: Page) -> None:
    page.locator("main a[href$='/discard/']").click()
    page.locator("main button.button-warning").wait_for()


def _on(name: str, then: Callable[[Page], None], view: str, after: str) -> Shown:
    """A page of a form that was begun."""
    return Shown(name, FILL, "reception", then=then, view=f"filling:{view}", after=after)


def send_form(page: Page) -> None:
    page.locator("main a.back").click()
    page.locator("main form .button").first.click()
    page.wait_for_url("**/fill/sent/")


def open_form_that_came(page: Page) -> None:
    come_in_at(page, "supervisor")
    page.goto("/forms/came/")
    page.locator("main tbody a").first.click()
    page.locator(".answers").first.wait_for()


def open_version(page: Page) -> None:
    page.locator("main tbody a").first.click()
    page.locator("h1").wait_for()


def open_accepted(page: Page) -> None:
    page.locator("main a[href*='/forms/accepted/']").first.click()
    page.locator("[name=code]").fill("12")
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def open_decided(page: Page) -> None:
    page.locator("main tbody a").first.click()
    page.locator(".answers").first.wait_for()


def begin_at_several_sites(page: Page) -> None:
    page.locator("main form[action*='/fill/begin/'] button").first.click()
    page.locator("main button[name=site]").first.wait_for()


PAGES = (
    Shown("forms-to-fill", FILL, "reception"),
    Shown("form-whole", FILL, "reception", then=begin_whole, view="filling:whole"),
    Shown("form-whole-wrong", FILL, "reception", then=send_empty_whole, view="filling:whole"),
    Shown("form-page", FILL, "reception", then=begin_form, view="filling:page"),
    _on("form-page-wrong", send_empty_page, "page", "form-page"),
    _on("form-repeat", answer_first_page, "page", "form-page-wrong"),
    _on("form-check", check_answers, "check", "form-repeat"),
    _on("form-discard", give_form_up, "discard", "form-check"),
    _on("form-sent", send_form, "sent", "form-discard"),
    Shown(
        "form-came",
        FILL,
        "reception",
        then=open_form_that_came,
        view="forms:one",
        after="form-sent",
    ),
    Shown("form-member", FILL, "reception", then=add_member, view="filling:page"),
    Shown("forms", "/forms/"),
    Shown("form-version", "/forms/", then=open_version, view="forms:version", after="forms"),
    Shown("form-add", "/forms/add/", then=send_no_form),
    Shown("form-large", "/forms/add/", then=send_large_form, view="forms:upload"),
    Shown("devices", "/my/devices/", "reception"),
    Shown("device-connected", "/my/devices/", "reception", then=connect_device),
    Shown("forms-came", "/forms/came/", "supervisor"),
    Shown(
        "form-to-record",
        "/forms/came/",
        "supervisor",
        then=open_accepted,
        view="forms:to_record",
    ),
    Shown("forms-decided", "/forms/came/?state=settled", "supervisor"),
    Shown(
        "form-decided",
        "/forms/came/?state=settled",
        "supervisor",
        then=open_decided,
        view="forms:read",
    ),
    Shown("form-at-site", FILL, "supervisor", then=begin_at_several_sites, view="filling:begin"),
    Shown("form-answers", "/forms/", "supervisor", then=count_answers, view="forms:answers"),
    Shown(
        "form-answered",
        "/forms/",
        "supervisor",
        then=open_answered,
        view="forms:answered",
        after="form-answers",
    ),
)
