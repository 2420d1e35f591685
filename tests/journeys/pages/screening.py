"""The pages of screening."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, come_in_at

WORDS_OF_SITES = "/desks/administration/site-texts/"

BOARD = "/desks/protection/screening/"
TALKS = "/desks/reception/talks/"


def register_child(page: Page) -> None:
    """A child alone: there is a reason to speak with her, and she is old enough for a list."""
    page.goto("/desks/reception/register/person/?whole")
    page.locator("[name=born]").fill("12")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/registered/")
    child = page.url.split("/")[-3]
    page.goto(TALKS)
    page.evaluate("child => sessionStorage.setItem('child', child)", child)
    page.locator(link_to(child)).wait_for()


def link_to(child: str) -> str:
    return f"main a[href*='/talks/with/{child}/']"


def meet_child(page: Page) -> None:
    """Whom the page registered last; younger ones stand before her in the queue."""
    page.locator(link_to(page.evaluate("sessionStorage.getItem('child')"))).click()
    page.locator("main [name=form]").first.wait_for()


def sit_down(page: Page) -> None:
    page.locator("main [name=language]").select_option("ar")
    page.locator("main form.form .button").click()
    page.locator("[name=referral]").first.wait_for()


def send_without_condition(page: Page) -> None:
    page.locator("main a.back").click()
    page.locator("[name=referral]").first.wait_for()
    hold(page)
    page.locator("[name=nobody_else][value=no]").check()
    page.locator("button[value=begin]").click()
    page.locator(".notice-warning, .notice ul").first.wait_for()


def hold(page: Page) -> None:
    """All conditions hold; there is no interpreter."""
    for box in page.locator("main input[type=radio][value=yes]").all():
        box.check()
    for name in ("interpreter", "no_tie"):
        page.locator(f"[name={name}][value=not_needed]").check()


def begin(page: Page) -> None:
    hold(page)
    page.locator("button[value=begin]").click()
    page.wait_for_url("**/ask/1/")


def see_everything(page: Page) -> None:
    page.go_back()
    ask_all_on_one_page(page)


def ask_all_on_one_page(page: Page) -> None:
    page.locator("details:has(button[value=whole]) > summary").click()
    page.locator("button[value=whole]").click()
    page.wait_for_url("**/ask/0/")


def come_to_the_end(page: Page) -> None:
    """A sign is seen; not of danger, which is asked first and leads elsewhere."""
    sign = page.locator("main [name^=seen-][value=yes]").last
    if not sign.is_visible():
        page.locator("main details:has([name^=seen-]) > summary").last.click()
    sign.check()
    page.locator("button[value=end]").click()
    page.locator("[name=wish]").wait_for()


def end_talk(page: Page) -> None:
    page.locator("[name=wish]").fill("To be with my sister.")
    page.locator("main form.form .button").click()
    page.locator("[name=ground]").first.wait_for()


def take_a_break(page: Page) -> None:
    page.locator("main a[href$='/pause/']").click()
    page.wait_for_url("**/pause/")


def press_stop(page: Page) -> None:
    if page.url.endswith("/pause/"):
        page.locator("main .button-row a").first.click()
    page.locator("main a[href$='/stop/']").click()
    page.locator("button[value=stop]").wait_for()


def whole_talk(page: Page) -> None:
    """Another child, up to the first question."""
    register_child(page)
    meet_child(page)
    sit_down(page)
    begin(page)


def have_stopped(page: Page) -> None:
    whole_talk(page)
    press_stop(page)
    page.locator("button[value=stop]").click()
    page.wait_for_url("**/talks/*/")


def open_danger(page: Page) -> None:
    page.locator("main a[href$='/danger/']").click()
    page.locator("[name=done]").wait_for()
    page.locator("main form.form button[value=write]").click()
    page.locator(".error-summary").wait_for()


def hand_over(page: Page) -> None:
    page.locator("[name=ground][value=child]").check()
    page.locator("button[value=hand_over]").click()
    page.locator(".notice-done").first.wait_for()
    come_in_at(page, "protection")
    page.goto("/desks/protection/waiting/")
    page.locator("main table").wait_for()


def take_up(page: Page) -> None:
    page.locator("main tbody a").first.click()
    page.locator("main form.form .button").wait_for()


def assess(page: Page) -> None:
    """The person is hers now: she begins an interview with a list of protection."""
    page.locator("main form.form .button").click()
    page.wait_for_url("**/talks/*/")
    page.goto(page.locator("main a[href*='/people/']").first.get_attribute("href") or "")
    begin = page.locator("main a[href*='/protection/talks/with/']").first
    page.goto(begin.get_attribute("href") or "")
    page.locator("main [name=form]").first.wait_for()


def ask_to_lower(page: Page) -> None:
    whole_talk(page)
    ask_all_on_one_page(page)
    come_to_the_end(page)
    end_talk(page)
    page.locator("main details summary").last.click()
    page.locator("[name=indication]").select_option("none_seen")
    page.locator("[name=urgency]").select_option("routine")
    page.locator("[name=sentence]").fill("I pressed the wrong answer.")
    page.locator("button[value=lower]").click()
    page.wait_for_url("**/talks/*/")
    page.locator("main .timeline").last.wait_for()
    come_in_at(page, "supervisor")
    page.locator("main a[href$='/lowering/']").first.click()
    page.locator("button[value=agree]").wait_for()


def write_site_words(page: Page) -> None:
    page.locator("[name=kind][value=duties]").check()
    page.locator("[name=text]").fill("A child in danger is reported to child protection.")
    page.locator("main form.form .button").click()
    page.locator(".told").first.wait_for()


def sign_unread(page: Page) -> None:
    """Before it says that it was read, it is not signed."""
    page.locator("main tbody tr", has_text="registration-risk").locator("a").click()
    page.locator("button[value=sign]").click()
    page.locator(".error-summary").wait_for()


def _on(name: str, then: Callable[[Page], None], view: str, after: str) -> Shown:
    """A page that the talk before it leads to."""
    return Shown(name, TALKS, "reception", then=then, view=view, after=after)


PAGES = (
    Shown("talks", TALKS, "reception", then=register_child),
    _on("talk-with", meet_child, "to_screen:sit_down", "talks"),
    _on("talk-conditions", sit_down, "screening:conditions", "talk-with"),
    _on("talk-danger", open_danger, "screening:danger", "talk-conditions"),
    _on("talk-conditions-missing", send_without_condition, "screening:conditions", "talk-danger"),
    _on("talk-question", begin, "screening:question", "talk-conditions-missing"),
    _on("talk-break", take_a_break, "screening:pause", "talk-question"),
    _on("talk-stop", press_stop, "screening:stop", "talk-break"),
    _on("talk-questions", see_everything, "screening:ask", "talk-stop"),
    _on("talk-end", come_to_the_end, "screening:end", "talk-questions"),
    _on("talk-ended", end_talk, "screening:one", "talk-end"),
    _on("hand-overs", hand_over, "hand_overs:all", "talk-ended"),
    _on("hand-over", take_up, "hand_overs:take", "hand-overs"),
    _on("talk-assess", assess, "hand_overs:assess", "hand-over"),
    Shown("hand-overs-needs", "/desks/protection/waiting-for-needs/", "protection"),
    Shown("talk-stopped", TALKS, "reception", then=have_stopped, view="screening:one"),
    Shown("talk-lowering", TALKS, "reception", then=ask_to_lower, view="screening:lowering"),
    Shown("screening-board", BOARD, "supervisor"),
    Shown("screening-questions", BOARD + "questions/", "supervisor"),
    Shown("screening-doors", BOARD + "doors/", "supervisor"),
    Shown("lists", "/lists/", "administration"),
    Shown("list", "/lists/", "administration", then=sign_unread, view="lists:one"),
    Shown("site-texts", WORDS_OF_SITES, then=write_site_words),
)
