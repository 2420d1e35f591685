"""One conversation: a woman alone from arrival to hand-over, on a phone in Arabic and at a desk in
English. What whoever sits with her has to press, choose and type is counted and printed, and no
question is put to her twice.

Each question fits on a phone: how high its page is stands among what is printed (``-s``, ``-rP``).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

from marfa.apps.reception.actions.interview import CONDITIONS
from tests.journeys.conftest import accessible, fits
from tests.journeys.pages.base import save_person, sign_in
from tests.journeys.test_cut_network import cut_while_sending
from tests.journeys.test_reception import SLOWLY, digits, grouped, late

WOMAN = {"ar": "سوسن بنت المرسى", "en": "Wilhelmina Osterhagen"}
IN_DANGER = "زبيدة بنت القنديل"
"""Each name once: who may be here already is shown before somebody is registered."""
HIGHEST = 800
"""Pixels of a page with one question, on a screen that is 360 wide."""
GOAL = 40
MOST = {"ar": 47, "en": 43}
"""Interactions that it takes today, from the page of the desk to the hand-over: nine at the
registration (five at a desk), eight for what must be so and her yes, one for each question, and
one for what the person can do where something is asked for help."""
MOST_TO_HELP = 5
"""From the button that takes her, that one included."""
STAGES = {
    "/register/person/|/desks/reception/$": "registration",
    "/begin/$": "what must be so",
    "/talk/": "private conversation",
    "/ask/": "list",
    "/danger/": "danger",
    "/end/$|/talks/": "end and hand-over",
    "": "way",
}
"""Of an address, the first that fits."""
HEIGHT = "() => document.documentElement.scrollHeight"
TOLD = {
    "ar": ("كان هذا آخر سؤال", "المتابعة بأسئلة القائمة", "الخطوة التالية"),
    "en": ("That was the last question", "Go on with the questions of the list", "The next step"),
}


@dataclass
class Officer:
    """Somebody at a device, with what they did there and what they asked."""

    page: Page
    language: str
    done: list[str] = field(default_factory=list)
    where: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heights: dict[str, int] = field(default_factory=dict)

    @property
    def small(self) -> bool:
        size = self.page.viewport_size
        return size is not None and size["width"] == 360

    def note(self, kind: str) -> None:
        """What was done, and at which stage."""
        path = re.sub("^https?://[^/]+", "", self.page.url)
        stage = next(name for part, name in STAGES.items() if re.search(part, path))
        self.where[stage] = self.where.get(stage, 0) + 1
        self.done.append(kind)

    def press(self, target: str | Locator) -> None:
        there = self.page.locator(target) if isinstance(target, str) else target
        self.note("press")
        there.first.click()

    def choose(self, name: str, value: str) -> None:
        self.note("choose")
        self.page.locator(f"[name={name}][value={value}]").check()

    def select(self, name: str, value: str) -> None:
        self.note("choose")
        self.page.locator(f"[name={name}]").select_option(value)

    def type(self, name: str, text: str) -> None:
        self.note("type")
        self.page.locator(f"[name={name}]").fill(text)

    def next_page(self, press: Callable[[], None]) -> None:
        before = self.page.url
        press()
        self.page.wait_for_url(lambda url: url != before)
        self.page.wait_for_load_state()

    def reloads(self, target: Locator) -> None:
        """Press what leads on, perhaps under the same address."""
        with self.page.expect_navigation():
            self.press(target)

    def stands(self) -> None:
        """A page of the conversation that puts no question: how high it is."""
        if self.small:
            self.heights[self.page.locator("main h1").inner_text()] = self.page.evaluate(HEIGHT)

    def hears(self, question: str) -> None:
        """A question that is put to her, and how high its page is."""
        words = " ".join(question.split())
        assert words not in self.asked, f"asked twice: {words}"
        self.asked.append(words)
        if self.small:
            self.heights[words] = self.page.evaluate(HEIGHT)


@pytest.fixture
def officer(request: pytest.FixtureRequest) -> Officer:
    """On a phone in Arabic; at a desk in English."""
    device: Page = request.getfixturevalue("phone" if request.param == "ar" else "page")
    device.context.clear_cookies()
    device.goto("/sign-in/")
    device.locator("button[name=desk][value=reception]").click()
    device.locator("form[data-lock]").wait_for()
    return Officer(device, request.param)


def register(officer: Officer, name: str) -> str:
    """She is registered; a phone shows one question a page."""
    page = officer.page
    page.goto("/desks/reception/")
    officer.press("main a[href$='/register/person/']")
    if officer.small:
        officer.press("main a[href$='/register/person/1/']")
        officer.type("name", name)
        officer.next_page(lambda: officer.press("button[value=on]"))
        officer.next_page(lambda: officer.press("button[name=sex][value=female]"))
        officer.type("born", "27")
        officer.next_page(lambda: officer.press("button[value=on]"))
        officer.next_page(lambda: officer.press("button[value=on]"))
    else:
        officer.type("name", name)
        officer.select("sex", "female")
        officer.type("born", "27")
    officer.press("button[value=save]")
    page.wait_for_url("**/registered/")
    return digits(page.locator("main table bdi").first.inner_text())


def look_at_conditions(officer: Officer) -> None:
    """One by one, in this order; then she is asked, and says yes."""
    page, seen = officer.page, []
    while page.locator("button[name=confirmed]").count():
        condition = page.locator("button[name=confirmed]")
        seen.append(condition.get_attribute("value"))
        officer.stands()
        if page.locator("main details:has(.told)").count():
            officer.press("main details:has(.told) > summary")  # what is read out first
        officer.reloads(condition)
    assert seen == list(CONDITIONS), "each once, in their order"
    officer.stands()
    accessible(page)
    fits(page)
    officer.reloads(page.locator("button[value=begin]"))


def speak_in_private(officer: Officer, first: str = "no") -> None:
    """Alone: two things are so, everything else is not. Danger is asked first. first: what she says
    to it."""
    page = officer.page
    officer.press("main table a.ticket")
    officer.press("main a[href$='/begin/']")
    page.wait_for_url("**/begin/")
    look_at_conditions(officer)
    assert page.url.endswith("/danger/"), "danger before everything else"
    if first == "yes":
        answer(officer, "yes")
        return
    answer_the_rest(officer)


def answer_the_rest(officer: Officer) -> None:
    page = officer.page
    while page.locator("button[name=stated]").count():
        answer(officer, "yes" if re.search("/(alone|papers_held)/$", page.url) else "no")
    expect(page.get_by_role("heading", level=1)).to_contain_text(TOLD[officer.language][0])
    officer.stands()


def answer(officer: Officer, said: str) -> None:
    """The answer is the button that keeps it and goes on."""
    officer.hears(officer.page.locator("main h1").inner_text())
    officer.reloads(officer.page.locator(f"button[name=stated][value={said}]").first)
    if officer.page.url.endswith("/offer/"):
        officer.stands()
        officer.reloads(officer.page.locator("main a.button").last)


def screen_now(officer: Officer) -> None:
    """From there on with the same person: what was looked at is not asked again."""
    accessible(officer.page)
    fits(officer.page)
    officer.reloads(officer.page.get_by_text(TOLD[officer.language][1]))
    expect(officer.page).to_have_url(re.compile("/ask/[0-9]+/$"))


def ask_everything(officer: Officer) -> None:
    """The questions of the list, one a page."""
    page = officer.page
    accessible(page)
    fits(page)
    while "/ask/" in page.url:
        officer.hears(page.locator("main .told").inner_text())
        officer.reloads(page.locator("button[name^=said-][value=no]"))


def hand_over(officer: Officer) -> None:
    page = officer.page
    officer.choose("ground", "agreed")
    officer.press("button[value=hand_over]")
    page.locator(".notice-done").first.wait_for()


def help_her(officer: Officer, code: str) -> None:
    """Whoever is responsible for her from then on, to the first help."""
    page = officer.page
    sign_in(page, "protection", officer.language)
    page.goto("/desks/protection/waiting/")
    page.locator("main tr", has_text=grouped(code)).locator("a").click()
    page.wait_for_url("**/waiting/*/")
    officer.done.clear()
    officer.next_page(lambda: officer.press("main form.form .button"))
    officer.next_page(lambda: officer.press("main a.button[href*='/cases/']"))
    officer.next_page(lambda: officer.press("main a[href$='/help/']"))
    officer.select("kind", "medical_care")
    officer.next_page(lambda: officer.press("button[value=begin]"))
    page.locator("#help .notice-done").first.wait_for(state="attached")
    done = len(officer.done)
    sys.stdout.write(f"take-up to first help, {officer.language}: {done} interactions\n")
    assert done <= MOST_TO_HELP


def say(officer: Officer, line: str) -> None:
    text = f"{line}, {officer.language}: {len(officer.done)} interactions (goal {GOAL})"
    stages = ", ".join(f"{stage} {count}" for stage, count in officer.where.items())
    sys.stdout.write(f"{line}, {officer.language}, by stage: {stages}\n")
    kinds = {kind: officer.done.count(kind) for kind in ("press", "choose", "type")}
    sys.stdout.write(f"{text} {kinds}; {len(officer.asked)} questions, none twice\n")
    if officer.heights:
        highest = max(officer.heights.values())
        sys.stdout.write(f"a question's page at 360 px: at most {highest} px high\n")


@pytest.mark.parametrize("officer", ["ar", "en"], indirect=True)
def test_a_woman_alone_from_arrival_to_hand_over(officer: Officer) -> None:
    code = register(officer, WOMAN[officer.language])
    speak_in_private(officer)
    screen_now(officer)
    ask_everything(officer)
    page = officer.page
    told = page.locator("main .answers")
    expect(told).to_be_visible()
    assert told.locator("dt").count() == 7, "said before, and not asked again"
    officer.press("main form.form .button")
    expect(page.get_by_role("heading", level=1)).to_have_text(TOLD[officer.language][2])
    accessible(page)
    fits(page)
    hand_over(officer)
    say(officer, "A woman alone, arrival to hand-over")
    assert len(officer.done) <= MOST[officer.language]
    help_her(officer, code)
    assert all(height <= HIGHEST for height in officer.heights.values()), officer.heights


@pytest.mark.parametrize("officer", ["ar"], indirect=True)
def test_a_woman_in_danger_is_handed_over_at_the_first_question(officer: Officer) -> None:
    """A yes to danger opens the steps at once, and from there it goes to protection, and back."""
    register(officer, IN_DANGER)
    speak_in_private(officer, "yes")
    page = officer.page
    page.wait_for_url("**/talks/*/danger/")
    accessible(page)
    fits(page)
    officer.type("note", "He waits at the gate")
    officer.choose("ground", "life_in_danger")
    officer.press("button[value=hand_over]")
    page.locator(".notice-done").first.wait_for()
    assert len(officer.asked) == 1, "nothing else was asked before"
    say(officer, "A woman in danger tonight, arrival to hand-over")
    officer.press(page.locator("main .button-row a[href*='/talk/']").first)
    page.wait_for_url("**/urgent_health/")
    answer_the_rest(officer)
    screen_now(officer)
    ask_everything(officer)


@pytest.mark.parametrize("officer", ["ar"], indirect=True)
def test_a_break_keeps_everything_and_tells_nothing(officer: Officer) -> None:
    register(officer, "حنان بنت الصاري")
    page = officer.page
    speak_until_health(officer)
    page.locator("details:has([name=note]) > summary").tap()
    assert cut_while_sending(page, page.locator("form#question")) == ""
    page.locator("[name=note]").fill("تمسك بطنها")
    officer.press("main a[href$='/pause/']")
    page.wait_for_url("**/pause/")
    accessible(page)
    fits(page)
    told = page.locator("main").inner_text()
    assert not re.search(r"\d", told), "neither a code nor a number"
    officer.press("main .button-row a >> nth=0")
    page.wait_for_url("**/urgent_health/")
    expect(page.locator("[name=note]")).to_have_value("تمسك بطنها")
    answer_the_rest(officer)
    screen_now(officer)
    there = page.url
    page.locator("details:has([name=said]) > summary").tap()
    page.locator("[name=said]").fill("تريد أن تستريح")
    officer.press("main a[href$='/pause/']")
    page.wait_for_url("**/pause/")
    accessible(page)
    fits(page)
    assert not re.search(r"\d", page.locator("main").inner_text())
    officer.press("main .button-row a >> nth=0")
    page.wait_for_url(there)
    expect(page.locator("[name=said]")).to_have_value("تريد أن تستريح")


@pytest.mark.parametrize("officer", ["ar"], indirect=True)
@pytest.mark.parametrize(
    ("name", "note"), [("نوارة بنت الرصيف", "تنظر إلى الباب"), ("ياقوت بنت الشراع", "")]
)
def test_stop_comes_first_also_right_after_an_answer(
    officer: Officer, name: str, note: str
) -> None:
    """The answer still waits: for what was typed to be kept, or for the server to be asked."""
    register(officer, name)
    page = officer.page
    speak_until_health(officer)
    if note:
        page.locator("details:has([name=note]) > summary").tap()
        page.locator("[name=note]").fill(note)
    page.route("**/end/", late, times=1)
    page.evaluate(SLOWLY)
    page.locator("button[name=stated][value=yes]").tap()
    page.locator("button[name=do][value=stop]").tap()
    page.wait_for_url("**/end/")
    expect(page.locator("main h1")).to_have_text("انتهى الحديث")


def speak_until_health(officer: Officer) -> None:
    officer.press("main table a.ticket")
    officer.press("main a[href$='/begin/']")
    officer.page.wait_for_url("**/begin/")
    look_at_conditions(officer)
    answer(officer, "no")
    officer.page.wait_for_url("**/urgent_health/")


def test_a_childs_case_from_opening_to_a_referral_and_closing_by_two(page: Page) -> None:
    """The organisation is itself the child-protection agency, which its administrator records."""
    sign_in(page, "administration", "en")
    page.goto("/country-profiles/")
    page.locator("main tbody a").first.click()
    page.locator("[name=mandate]").fill("Child Act, article 12, of the made-up country")
    send(page, "button[value=save]")

    sign_in(page, "reception", "en")
    page.goto("/desks/reception/register/person/?whole")
    page.locator("[name=name]").fill("Ignatius Sandbank")
    page.locator("[name=sex]").select_option("male")
    page.locator("[name=born]").fill("9")
    save_person(page)
    page.wait_for_url("**/registered/")
    code = grouped(digits(page.locator("main table bdi").first.inner_text()))
    child = page.locator("main a[href*='/people/']").first.get_attribute("href") or ""

    sign_in(page, "protection", "en")
    page.goto(f"/cases/for/{child.rstrip('/').rsplit('/', 1)[-1]}/")
    page.locator("[name=ground][value=told]").check()
    send(page, "button[value=presume]")
    case = page.url
    page.goto(f"{case}close/")
    expect(page.locator("main")).to_contain_text("Rule 3 of the charter")
    page.get_by_role("link", name="Refer to child protection").click()
    page.locator("[name=to][value^=site-]").first.check()
    send(page, "main form.form .button")
    page.locator("[name=fields]").first.check()
    page.locator("[name=note]").fill("A boy alone")
    whole(page)
    send(page, "main form.form .button")
    page.goto(f"{case}close/")
    sent = page.get_by_role("link", name="Open the referral").get_attribute("href") or ""

    sign_in(page, "supervisor", "en")
    page.goto("/desks/protection/referrals/")
    page.locator(f"main a[href*='{sent.rstrip('/').rpartition('/')[2]}']").first.click()
    whole(page)
    send(page, "button[value=accept]")
    page.goto(f"{case}close/")
    page.locator("[name=reason][value=goals_met]").check()
    page.locator("[name=text]").fill("He lives with his aunt now")
    send(page, "main form.form .button")
    page.wait_for_url(case)

    sign_in(page, "protection", "en")
    page.goto("/")
    page.locator("main a[href*='/second-look/']", has_text=code).click()
    expect(page.locator("main")).to_contain_text("The goals of the plan were met")
    whole(page)
    send(page, "button[value=agree]")
    sign_in(page, "supervisor", "en")
    page.goto(case)
    expect(page.locator("main")).to_contain_text("The goals of the plan were met")
    expect(page.get_by_role("link", name="Reopen")).to_have_count(1)


def test_the_cases_of_somebody_who_leaves_are_given_away(page: Page) -> None:
    sign_in(page, "supervisor", "en")
    page.goto("/desks/protection/supervision/")
    there = page.locator("main tr", has_text="Samar").locator("a[href*='/open/']").first
    there.click()
    hers = [box.get_attribute("value") for box in page.locator("main input[name=rows]").all()]
    page.locator("[name=every]").check()
    send(page, "button[value=assign]")
    whole(page)
    page.locator("label").filter(has_text="Hala").first.click()
    page.locator("[name=text]").fill("She leaves on Friday")
    send(page, "button[value=assign]")
    page.goto("/desks/protection/supervision/")
    expect(page.locator("main tr", has_text="Samar").locator("a[href*='/open/']")).to_have_count(0)
    # She stays after all: Hala reads for a study what Samar assessed, and nobody reads their own.
    for case in hers:
        page.goto(f"/cases/{case}/responsible/")
        page.locator("label").filter(has_text="Samar").first.click()
        page.locator("[name=text]").fill("She stays")
        send(page, "button[value=give]")
    assert hers


def send(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).first.click()


def whole(page: Page) -> None:
    accessible(page)
    fits(page)
