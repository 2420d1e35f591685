"""The main job, on a phone in Arabic: one woman, from the gate to safety, and the figures in which
nobody finds her. It holds that the parts are one system: what one desk does, the next one has.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

from marfa.platform import clock
from tests.journeys.conftest import PHONE, NewContext, accessible, fits, unfold
from tests.journeys.pages import sign_in
from tests.journeys.test_cases import open_case, take_up
from tests.journeys.test_consent import GUEST, agreement_with_the_guest, asked, chosen, let_in
from tests.journeys.test_name_search import find
from tests.journeys.test_protected_person import found_within, main_of, protected
from tests.journeys.test_reception import (
    begin,
    come_in,
    met_in_private,
    register_woman_alone,
    see_a_sign,
    sit_down_with,
    to_the_end,
    write_down,
)
from tests.support.installation import Served, marfa

NAME = "نسيمة بنت القلعة"
NOBODYS = "ثريا بنت قاسم المرعب"
INTERIM = "تنام الليلة في العيادة مع الممرضة"
FOUND_AT = "بيت النساء في الميناء"
LEAST = "تحتاج إلى من يرافقها إلى الطبيبة"
SAME = "أرى الأسباب نفسها"
HELP = ("medical_care", "shelter")
LEAST_SHOWN = 5
CODED = re.compile(r"[A-Za-z0-9_]{1,60}")
ACTS = {
    *("people.register", "people.open_identity", "people.take_up", "people.protect"),
    *("cases.presume", "cases.review", "assistance.grant", "referrals.answer"),
    *("disclosures.send", "facts.export"),
}
CONSENTS = {"consent_refused", "consent_given", "consent_withdrawn"}
# In no title and no address, as it is written and as it is encoded there.
PARTS = (NAME.split()[0], quote(NAME.split()[0]))
NO_NAME = """
  addEventListener("DOMContentLoaded", () => {
    const seen = document.title + " " + location.href;
    if (%s.some(part => seen.includes(part))) console.error("a name is in a title or an address");
  });
"""

Row = dict[str, Any]


@dataclass
class Devices:
    """Who takes part, each at a device of their own.

    team: the phone of reception and protection; boss: the supervisor's; guard: the focal point's;
    office: the administrator's computer. The partner's is opened once they are let in.
    """

    team: Page
    boss: Page
    guard: Page
    office: Page


@dataclass
class Woman:
    """code: on her card. person, case: addresses of her page and of her case."""

    code: str
    person: str = ""
    case: str = ""

    @property
    def reference(self) -> str:
        return self.person.strip("/").rsplit("/", 1)[-1]


@pytest.fixture
def devices(new_context: NewContext, served: Served) -> Devices:
    def phone() -> Page:
        settings = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
        return watched(new_context(base_url=served.origin, locale="ar-SY", **settings).new_page())

    office = new_context(base_url=served.origin, locale="en-GB").new_page()
    return Devices(phone(), phone(), phone(), office)


def watched(page: Page) -> Page:
    """Whose pages complain, and fail the test, where her name is in a title or an address."""
    page.context.add_init_script(NO_NAME % json.dumps(PARTS))
    return page


def whole(page: Page) -> None:
    """A page as it must be on a phone in Arabic."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    accessible(page)
    fits(page)


def test_from_the_gate_to_safety_and_to_the_months_figures(
    devices: Devices, new_context: NewContext, served: Served, tmp_path: Path
) -> None:
    sign_in(devices.office, "administration", "en")
    agreement_with_the_guest(devices.office)
    partner = watched(let_in(devices.office, new_context, served, "Layan"))
    sign_in(devices.boss, "supervisor", "ar")

    her = received_and_screened(devices.team)
    taken_up_and_helped(devices.team, her)
    refused_one_and_agreed_to_another(devices.team, her)
    with carried_by_a_partner(devices.boss, partner, her):
        took_it_back(devices.team, her)
    seen_by_a_second_person(devices.boss, her)
    nobody_finds(partner, NAME)

    shell = Shell(served.errors.with_suffix(""), tmp_path)
    counted = figures_of_the_month(shell)
    hidden_from_who_looks_for_her(devices, her)
    assert len(shell.facts("cases")) == counted - 1, "who is protected is in no file"
    the_log_is_whole(shell)


def received_and_screened(phone: Page) -> Woman:
    """Registered, spoken with alone, asked under safe conditions, and handed over."""
    come_in(phone, "reception")
    her = Woman(register_woman_alone(phone, NAME))
    met_in_private(phone, her.code)
    sit_down_with(phone, her.code)
    begin(phone)
    see_a_sign(phone)
    write_down(phone)
    to_the_end(phone)
    phone.wait_for_url("**/end/")
    phone.locator("main form.form .button").tap()
    phone.locator("[name=ground][value=agreed]").check()
    phone.locator("button[value=hand_over]").tap()
    phone.locator(".notice-done").first.wait_for()
    whole(phone)
    return her


def taken_up_and_helped(phone: Page, her: Woman) -> None:
    """Presumed a victim; help begins at once, and there is no bed, and then there is one."""
    take_up(phone, her.code)
    open_case(phone, her.code)
    her.case = phone.url
    her.person = phone.locator("main a[href*='/people/']").first.get_attribute("href") or ""
    phone.locator(".notice-warning a[href*='/cases/for/']").first.tap()
    phone.locator("[name=ground][value=screening]").check()
    whole(phone)
    phone.locator("button[value=presume]").tap()
    unfold(phone, "identification")
    phone.locator("#identification .notice-done").wait_for()
    ask_help(phone, "medical_care")
    phone.locator("button[value=begin]").tap()
    unfold(phone, "help")
    phone.locator("#help .notice-done").first.wait_for()
    ask_help(phone, "shelter")
    phone.locator("details:has([name=interim]) > summary").tap()
    phone.locator("[name=interim]").fill(INTERIM)
    phone.locator("button[value=no_place]").tap()
    phone.locator("#help .notice-warning").wait_for()
    expect(phone.get_by_text(INTERIM).first).to_be_visible()
    whole(phone)
    phone.locator("#help .notice-warning a[href*='/cases/help/']").first.tap()
    phone.locator("#f-text-not_found").fill(FOUND_AT)
    whole(phone)
    phone.locator("button[value=found_begin]").tap()
    phone.wait_for_url(her.case)
    expect(phone.locator("#help .notice-warning")).to_have_count(0)


def ask_help(phone: Page, kind: str) -> None:
    unfold(phone, "help")
    phone.locator("#help a[href$='/help/']").first.tap()
    phone.locator("[name=kind]").select_option(kind)


def refused_one_and_agreed_to_another(phone: Page, her: Woman) -> None:
    """Asked for two purposes: she says no to one and yes to the other; help goes on."""
    phone.goto(her.person)
    whole(phone)
    asked(phone, her.reference, about="tracing")
    phone.locator("button[name=do][value=no]").tap()
    phone.wait_for_url(re.compile("/refused/"))
    whole(phone)
    asked(phone, her.reference)
    chosen(phone, understood="yes", given_by="self", how="spoken")
    phone.locator("#f-spoken").select_option("apc")
    phone.locator("button[name=do][value=yes]").tap()
    phone.wait_for_url(f"**/consent/of/{her.reference}/")
    whole(phone)


@contextmanager
def carried_by_a_partner(boss: Page, partner: Page, her: Woman) -> Iterator[None]:
    """The partner accepts a part of the help; after the block it is no longer theirs to read."""
    boss.goto("/my/proof/")
    with boss.expect_navigation():
        boss.locator("main form button").first.tap()
    boss.goto(her.case)
    unfold(boss, "referrals")
    boss.locator("#referrals a[href$='/refer/']").tap()
    boss.get_by_label(re.compile(GUEST)).check()
    whole(boss)
    boss.locator("main form.form .button").first.tap()
    boss.locator("[name=note]").fill(LEAST)
    boss.locator("[name=opens_record]").check()
    whole(boss)
    boss.locator("main form.form .button").first.tap()
    boss.locator("button[value=withdraw]").wait_for()
    whole(boss)

    partner.goto("/desks/protection/referrals/")
    partner.locator("main tbody a").first.click()
    expect(partner.get_by_text(LEAST)).to_be_visible()
    accessible(partner)
    there = partner.url
    partner.locator("button[value=accept]").click()
    partner.locator("button[value=finish]").wait_for()
    partner.goto(her.person)
    expect(partner.locator("h1")).to_contain_text(re.compile(r"\d{3}"))
    yield
    for address in (there, her.person):
        partner.goto(address)
        expect(partner.locator("main")).not_to_contain_text(LEAST)
        expect(partner.locator("h1")).not_to_contain_text(re.compile(r"\d{3}"))
    partner.goto("/")
    expect(partner.locator("main a[href*='/consent/notices/']").first).to_be_visible()


def took_it_back(phone: Page, her: Woman) -> None:
    """Without a reason; what had been given is told to her, and the help goes on."""
    phone.goto(f"/consent/of/{her.reference}/")
    phone.locator("main a[href$='/withdraw/']").tap()
    chosen(phone, given_by="self", how="spoken")
    whole(phone)
    phone.locator("main form.form .button").tap()
    phone.wait_for_url(re.compile("/withdrawn/"))
    expect(phone.locator("main table")).to_contain_text(GUEST)
    whole(phone)
    phone.goto(her.case)
    expect(phone.locator("#help .notice-done")).to_have_count(2)
    whole(phone)


def seen_by_a_second_person(boss: Page, her: Woman) -> None:
    """After the fact: it changes nothing about the help."""
    boss.goto(her.case)
    unfold(boss, "steering")
    boss.locator("main a[href*='/second-look/']").first.tap()
    whole(boss)
    boss.locator("[name=text]").fill(SAME)
    with boss.expect_navigation():
        boss.locator("button[value=agree]").tap()
    boss.goto(her.case)
    expect(boss.locator("#identification")).to_contain_text(SAME)


def nobody_finds(page: Page, text: str) -> str:
    """What somebody is told who finds nobody."""
    find(page, text)
    expect(page.locator("main .empty")).to_be_visible()
    accessible(page)
    return main_of(page)


class Shell:
    """Commands on the machine, over the installation that is being served."""

    def __init__(self, data: Path, folder: Path) -> None:
        self.data, self.folder = data, folder

    def run(self, *arguments: object) -> dict[str, Any]:
        """What a command tells; fails where it does not end well."""
        found = marfa(*map(str, arguments), "--json")
        assert found.returncode == 0, found.stderr
        told: dict[str, Any] = json.loads(found.stdout)
        return told

    def file(self, kind: str) -> Path:
        return self.folder / f"{kind}.parquet"

    def facts(self, kind: str) -> list[Row]:
        """The facts as they stand today at the sites, from a file that is made anew."""
        target = self.file(kind)
        options = ("--replace", "--day", self.today(), "--data", self.data)
        self.run("facts", "export", kind, target, *options)
        rows: list[Row] = pq.read_table(target).to_pylist()
        return rows

    def today(self) -> date:
        """The day at the site that is furthest east."""
        return clock.today("Asia/Damascus")


def figures_of_the_month(shell: Shell) -> int:
    """From the desks to coded facts, and from those to a table that singles nobody out: how many
    cases are counted."""
    cases, people = shell.facts("cases"), shell.facts("people")
    told = [value for row in cases + people for value in values_of(row)]
    assert all(CODED.fullmatch(value) for value in told), "codes, and nothing that was written"
    helped = [row for row in cases if row["presumed"] and set(HELP) <= set(row["given"])]
    assert any((row["sex"], row["state"]) == ("female", "open") for row in helped)

    table, month = shell.folder / "month.json", f"{shell.today():%Y-%m}"
    asked = (shell.file("people"), "--by", "age_band,sex", "--unit", "subject", "--period", month)
    counted = shell.run("table", *asked, "--out", table)
    true = Counter((row["age_band"], row["sex"]) for row in people)
    shown = {(cell["age_band"], cell["sex"]): cell["count"] for cell in counted["cells"]}
    small = {cell for cell, count in true.items() if count < LEAST_SHOWN}
    assert small, "some are so few that a number would single them out"
    assert {shown[cell] for cell in small} == {None}
    rest = {cell: count for cell, count in shown.items() if count is not None}
    assert rest == {cell: true[cell] for cell in rest}, "what is shown is so"
    attacked = shell.run("audit", table)
    assert (attacked["safe"], attacked["problems"]) == (True, [])
    assert attacked["protected"] >= len(small)
    return len(cases)


def values_of(row: Row) -> Iterator[str]:
    """Every text of a row, out of lists too."""
    for value in row.values():
        yield from value if isinstance(value, list) else [value] if isinstance(value, str) else []


def hidden_from_who_looks_for_her(devices: Devices, her: Woman) -> None:
    """Reception found her until now, and then is told what is told of a name that nobody bears;
    who helps her finds her all the same."""
    come_in(devices.team, "reception")
    found_within(devices.team, NAME, her.reference, found=True)
    sign_in(devices.guard, "focal", "ar")
    protected(devices.guard, her.reference)
    found_within(devices.team, NAME, her.reference, found=False)
    assert nobody_finds(devices.team, NAME) == nobody_finds(devices.team, NOBODYS)
    assert nobody_finds(devices.team, her.code) == nobody_finds(devices.team, NOBODYS)
    whole(devices.team)
    come_in(devices.team, "protection")
    find(devices.team, NAME)
    devices.team.locator(f"main a[href*='{her.reference}']").tap()
    expect(devices.team.locator("main .notice-urgent").first).to_be_visible()
    whole(devices.team)


def the_log_is_whole(shell: Shell) -> None:
    """It verifies with what is kept elsewhere, and tells what was done here."""
    log, key = shell.folder / "log.jsonl", shell.run("log", "key", "--data", shell.data)["key"]
    shell.run("log", "heads", "--data", shell.data)
    shell.run("log", "export", log, "--data", shell.data)
    heads = ("--heads", shell.data / "heads.jsonl", "--key", key)
    verified = shell.run("log", "verify", log, *heads)
    assert (verified["whole"], verified["faults"], verified["forks"]) == (True, [], 0)
    text = log.read_text(encoding="ascii")
    entries = [json.loads(line)["content"] for line in text.splitlines()]
    assert len(entries) == verified["entries"]
    done = [entry for entry in entries if entry["outcome"] == "done"]
    assert {entry["action"] for entry in done} >= ACTS
    assert {entry["detail"].get("what") for entry in done} >= CONSENTS
