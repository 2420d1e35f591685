"""No form loses its words when the network is cut: it stays on the page, says so, and can be sent
again. The forms are those of the pages to which links lead, so that a new one is among them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import accessible
from tests.journeys.pages import sign_in
from tests.web.every_state import match_of

WORDS = "Kept"
TEXTS = "textarea:visible, input:visible:not([type])"
TEXT_TYPES = ("text", "search", "email", "tel", "url")
SAID = {
    "en": "The server cannot be reached. Nothing was sent",
    "ar": "لا يمكن الوصول إلى الخادم. لم يُرسَل شيء",
}
MESSAGES = (
    "[role=alert][data-cut]:visible, [data-draft-status]:not(:empty), [data-passkey-failed]:visible"
)
MOST_PAGES = 45
"""Of one person: the walk is long enough to see every kind of form, and short enough to run."""


def views(page: Page, start: str) -> Iterator[str]:
    """One page of each view to which links lead."""
    seen: set[str] = set()
    waiting = [start]
    while waiting and len(seen) < MOST_PAGES:
        there = waiting.pop(0)
        match = match_of(there)
        if match is None or match.view_name in seen or "sign" in match.view_name:
            continue
        if page.request.get(there).headers.get("content-disposition", "").startswith("attach"):
            continue  # A file: a browser keeps it and stays where it is.
        answer = page.goto(there)
        if answer is None or answer.status != 200:
            continue
        seen.add(match.view_name)
        links = page.locator("a[href^='/']").evaluate_all("all => all.map(a => a.href)")
        waiting += sorted({urlsplit(each).path for each in links})
        yield there


def fields(form: Locator) -> Locator:
    types = ", ".join(f"input[type={each}]:visible" for each in TEXT_TYPES)
    return form.locator(f"{TEXTS}, {types}")


def forms(page: Page) -> list[int]:
    """Those of the page in whose sight something can be typed and sent, by their place."""
    every = page.locator("main form")
    return [
        place
        for place in range(every.count())
        if fields(every.nth(place)).count() and buttons(every.nth(place)).count()
    ]


def buttons(form: Locator) -> Locator:
    return form.locator("button:visible:not([type=button]):not([value=discard])")


def cut_while_sending(page: Page, form: Locator) -> str:
    """What is lost of a form that is sent while the network is cut; empty for nothing."""
    field = fields(form).first
    field.fill(WORDS)
    typed, before = field.input_value(), page.url
    form.evaluate("form => form.noValidate = true")
    page.context.set_offline(True)
    buttons(form).last.click(no_wait_after=True)
    try:
        said = form.locator(MESSAGES).first
        said.wait_for(timeout=8_000)
        kept = field.input_value() == typed and page.url == before
        return "" if kept else f"{typed} is gone: {field.input_value()} at {page.url}"
    except Exception as error:
        return str(error).splitlines()[0]
    finally:
        page.context.set_offline(False)


@pytest.mark.parametrize("who", ["reception", "supervisor", "administration"])
def test_no_form_leaves_the_page_while_the_network_is_cut(page: Page, who: str) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, who, "en")
    lost: list[str] = []
    count = 0
    for there in views(page, "/"):
        for place in forms(page):
            page.goto(there)
            count += 1
            found = cut_while_sending(page, page.locator("main form").nth(place))
            lost += [f"{there} form {place}: {found}"] if found else []
    sys.stdout.write("\n".join([f"{who}: {count} forms", *lost, ""]))
    assert lost == []
    assert count >= 5


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_says_so_and_is_sent_once(page: Page, language: str) -> None:
    sign_in(page, "reception", language)
    page.goto("/desks/reception/complaint/what-became/")
    form = page.locator("main form.form")
    form.locator("[name=code]").fill("123 456 789")
    page.context.set_offline(True)
    form.locator("button").last.click(no_wait_after=True)
    expect(form.get_by_role("alert")).to_contain_text(SAID[language])
    accessible(page)
    page.context.set_offline(False)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    form.locator("button").last.dblclick()
    page.locator("main .notice, main .error-summary").first.wait_for()
    assert len(sent) == 1, "a second press sends nothing twice"


def test_without_the_hold_the_words_are_gone(page: Page) -> None:
    """The control: the same form past the program that holds it."""
    sign_in(page, "reception", "en")
    page.goto("/desks/reception/complaint/what-became/")
    form = page.locator("main form.form")
    form.locator("[name=code]").fill("123 456 789")
    page.context.set_offline(True)
    page.evaluate("() => document.querySelector('main form.form').submit()")
    expect(page.get_by_text("ERR_INTERNET_DISCONNECTED")).to_be_visible()
    expect(page.locator("[name=code]")).to_have_count(0)
    page.context.set_offline(False)
