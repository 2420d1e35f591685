"""A study from its plan to figures beside a result: planned, people asked, read, signed by two,
shown, lost by a changed word, and ended by its day."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.apps.studies.shown import ALL
from tests.journeys.conftest import DESK, PHONE, accessible, fits
from tests.journeys.pages.base import sign_in
from tests.support.installation import Served

SEEN = "How often these questions are right"
WORDS = Path("src/marfa/methods/screening/instruments/texts/registration-risk.ar.toml")


def folder(served: Served) -> Path:
    return served.errors.with_suffix("")


def beside(served: Served, step: str) -> str:
    """A step that no browser takes."""
    run = [sys.executable, "-m", "tests.journeys.fill_study", str(folder(served)), step]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "marfa.web.settings"}
    return subprocess.run(
        run, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def whole(page: Page) -> None:
    """The page as it must be, on both screens."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        fits(page)
    accessible(page)


def day(days: int) -> str:
    return f"{datetime.now(UTC).date() + timedelta(days=days)}"  # noqa: TID251


def plan(page: Page) -> None:
    page.goto(f"{ALL}plan/")
    for name, value in (("languages", "ar"), ("languages", "en"), ("assessors_know", "yes")):
        page.locator(f"[name={name}][value={value}]").check()
    page.locator("[name=children][value=no]").check()
    for box in page.locator("[name=sites]").all():
        box.check()
    for name in ("Hala", "Samar"):
        page.locator("label").filter(has_text=name).last.click()
    for name in ("population", "reference", "blinding", "help", "stop_rule", "approval_body"):
        page.locator(f"[name={name}]").fill("Adults who arrive")
    for name in ("needed_flagged", "needed_not_flagged"):
        page.locator(f"[name={name}]").fill("10")
    for name, value in (("percent_not_flagged", "100"), ("approval_number", "17")):
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=begins]").fill(day(0))
    page.locator("[name=approval_ends]").fill(day(200))
    page.locator("main form.form .button").click()
    page.locator("button[value=begin]").click()
    page.locator("button[value=close]").wait_for()


def test_a_study_is_planned_read_signed_shown_and_ended(
    page: Page, new_context: Callable[..., BrowserContext], served: Served
) -> None:
    sign_in(page, "focal", "en")
    plan(page)
    there = page.url
    beside(served, "people")
    beside(served, "interview")
    before = int(beside(served, "count"))

    sign_in(page, "supervisor", "en")
    page.goto(f"{there}people/")
    whole(page)
    page.locator("main tbody a").first.click()
    page.locator("[name=consent][value=yes]").check()
    page.locator("main form.form .button").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("[name=understood]").check()
    whole(page)
    page.locator("main form.form .button").click()
    page.wait_for_url("**/people/")
    assert int(beside(served, "count")) == before + 1

    sign_in(page, "protection", "en")
    page.goto(f"{there}panel/")
    page.locator("main a.card").first.click()
    expect(page.locator("main")).to_contain_text("He kept my papers")
    whole(page)
    page.locator("[name=found][value=yes]").check()
    page.locator("main form.form .button").click()
    page.wait_for_url("**/panel/")

    sign_in(page, "focal", "en")
    page.goto(there)
    page.locator("button[value=close]").click()
    page.locator("a.card[href$='/results/']").wait_for()
    beside(served, "compute")
    page.goto(f"{there}results/")
    expect(page.locator("main")).to_contain_text("82%")
    whole(page)
    page.goto(f"{there}band/")
    page.locator("[name=ends]").fill(day(100))
    page.locator("button[value=propose]").click()
    page.locator("button[value=end]").wait_for()
    expect(page.locator("button[value=sign]")).to_have_count(0)

    sign_in(page, "supervisor", "en")
    page.goto(f"{there}band/")
    page.locator("button[value=sign]").click()
    expect(page.locator("button[value=sign]")).to_have_count(0)
    row = f"/talks/{beside(served, 'interview')}/"
    page.goto(row)
    expect(page.locator("main")).not_to_contain_text(SEEN)
    beside(served, "sign")
    page.goto(row)
    expect(page.locator("main")).to_contain_text(SEEN)
    whole(page)
    phone = new_context(base_url=served.origin, viewport=PHONE, locale="ar-SY").new_page()
    sign_in(phone, "supervisor", "ar")
    phone.goto(row)
    expect(phone.locator("main")).to_contain_text("كم مرة تصيب هذه الأسئلة")
    whole(phone)

    other = folder(served) / "instruments" / "texts" / WORDS.name
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_text(WORDS.read_text(encoding="utf-8").replace("؟", "؟ ", 1), encoding="utf-8")
    page.goto(row)
    expect(page.locator("main")).not_to_contain_text(SEEN)
    other.unlink()
    page.goto(row)
    expect(page.locator("main")).to_contain_text(SEEN)
    beside(served, "end")
    page.goto(row)
    expect(page.locator("main")).not_to_contain_text(SEEN)
