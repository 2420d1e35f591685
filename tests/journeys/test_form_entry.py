"""A form filled in: question by question on a phone in Arabic, whole at a desk by keyboard, and on
plain pages where no program runs."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.conftest import PHONE, NewContext, accessible, fits
from tests.support.installation import Served
from tests.support.reference import form_of_the_standard

KEPT = "ما كتبته محفوظ."
LAST = "طُرحت جميع الأسئلة"


def come_in(page: Page, desk: str = "reception") -> None:
    page.goto("/sign-in/")
    page.locator(f"button[name=desk][value={desk}]").click()
    page.locator("form[data-lock]").wait_for()


def begin(page: Page, title: str = "Arrival of a household") -> None:
    page.goto("/fill/")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(title)).click()


def begin_whole(page: Page, title: str = "Arrival of a household") -> None:
    come_in(page)
    begin(page, title)
    page.locator("form[data-state=ready]").wait_for()


def picture() -> dict[str, object]:
    data = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(data, "PNG")
    return {"name": "Salma.png", "mimeType": "image/png", "buffer": data.getvalue()}


def seen(page: Page) -> Locator:
    """What is shown of the questions."""
    return page.locator("[data-questions]")


def on(page: Page) -> None:
    page.get_by_role("button", name="متابعة").tap()


def day(page: Page, *parts: str) -> None:
    for name, value in zip(("day", "month", "year"), parts, strict=True):
        page.locator(f"input[id$='-{name}']:visible, input[name$='-{name}']:visible").fill(value)


def test_a_household_on_a_phone_in_arabic_one_question_at_a_time(phone: Page) -> None:
    begin_whole(phone)
    expect(seen(phone)).to_contain_text("في أي يوم وصلت الأسرة؟")
    expect(phone.locator("[data-question]:visible")).to_have_count(1)
    assert phone.locator("[data-questions]").get_attribute("dir") == "rtl"
    on(phone)
    summary = phone.get_by_role("alert")
    expect(summary).to_be_focused()
    accessible(phone)
    fits(phone)
    summary.get_by_role("link").tap()
    day(phone, "٥", "13", "2026")
    on(phone)
    expect(summary).to_contain_text("يُدخل يوم موجود في التقويم")
    day(phone, "٥", "1", "2999")
    on(phone)
    expect(summary).to_contain_text("لم يأتِ هذا اليوم بعد")
    day(phone, "٥", "1", "2026")
    on(phone)
    expect(summary).to_have_count(0)
    seen(phone).get_by_label("بطريقة أخرى").check()
    on(phone)
    seen(phone).get_by_label("وكيف غير ذلك؟").fill("مع قافلة")
    phone.get_by_role("button", name="رجوع").tap()
    seen(phone).get_by_label("بقارب").check()
    on(phone)
    expect(seen(phone)).to_contain_text("ما الذي يلزم اليوم؟")
    seen(phone).get_by_label("ماء وطعام").check()
    seen(phone).get_by_label("طبيب أو ممرضة").check()
    on(phone)
    a_child_alone(phone)
    one_more(phone)
    expect(seen(phone)).to_contain_text("أُدخل 2 من الأشخاص. أطفال بلا راعٍ: 1.")
    accessible(phone)
    on(phone)
    files_and_the_end(phone)


def a_child_alone(phone: Page) -> None:
    seen(phone).get_by_label("العمر بالسنوات").fill("seven")
    on(phone)
    expect(phone.get_by_role("alert")).to_contain_text("يُدخل عدد صحيح")
    seen(phone).get_by_label("العمر بالسنوات").fill("٧")
    on(phone)
    seen(phone).get_by_label("لا", exact=True).check()
    on(phone)


def one_more(phone: Page) -> None:
    seen(phone).get_by_role("button", name="إضافة: فرد من الأسرة").tap()
    seen(phone).get_by_label("العمر بالسنوات").locator("visible=true").fill("34")
    fits(phone)
    on(phone)
    expect(seen(phone)).to_contain_text("أُدخل حتى الآن: 2")
    on(phone)


def files_and_the_end(phone: Page) -> None:
    upload = seen(phone).get_by_label("صورة لمكان إقامتهم")
    upload.set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": b"MZ not a picture"}
    )
    expect(seen(phone)).not_to_contain_text("يُرسل الملف الآن")
    on(phone)
    expect(phone.get_by_role("alert")).to_be_visible()
    upload.set_input_files(picture())  # type: ignore[arg-type]
    expect(seen(phone)).to_contain_text("حُفظ ملف لهذا السؤال")
    on(phone)
    seen(phone).get_by_role("textbox").locator("visible=true").fill("سطر\nوسطر")
    on(phone)
    expect(phone.locator("[data-progress]")).to_have_text(LAST)
    expect(phone.locator("[data-draft-status]")).to_have_text(KEPT)
    accessible(phone)
    phone.reload()
    phone.locator("form[data-state=ready]").wait_for()
    expect(phone.locator("input[id$='-day']")).to_have_value("5")
    for _ in range(10):
        on(phone)
    expect(phone.locator("[data-progress]")).to_have_text(LAST)
    phone.get_by_role("button", name="إرسال").tap()
    phone.wait_for_url("**/fill/sent/")


def test_the_whole_form_at_a_desk_by_keyboard(page: Page) -> None:
    begin_whole(page)
    expect(page.locator("[data-question]:visible")).to_have_count(6)
    arabic = page.locator("button[data-language]", has_text="العربية")
    arabic.press("Enter")
    expect(seen(page)).to_contain_text("كيف وصلوا إلى هنا؟")
    assert page.locator("[data-questions]").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("dir") == "ltr"
    accessible(page)
    page.locator("button[data-language]", has_text="English").press("Enter")
    send = page.get_by_role("button", name="Send")
    send.press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(3)
    accessible(page)
    summary.get_by_role("link").nth(2).press("Enter")
    age = page.get_by_label("Age in years")
    expect(age).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Is a parent or usual carer here?")).to_be_visible()
    assert page.url.endswith("/whole/"), "Enter sends nothing"
    page.get_by_label("No", exact=True).press("Space")
    for name, value in (("Day", "5"), ("Month", "1"), ("Year", "2026")):
        page.get_by_label(name, exact=True).press_sequentially(value)
    page.get_by_label("On foot").press("Space")
    expect(page.get_by_text("People entered: 1. Children without a carer: 1.")).to_be_visible()
    expect(page.locator(".field-wrong")).to_have_count(0)
    page.get_by_role("button", name="Remove: A person of the household 1").press("Enter")
    expect(page.get_by_role("button", name="Add one")).to_be_focused()
    expect(page.get_by_text("People entered: 0. Children without a carer: 0.")).to_be_visible()
    send.press("Enter")
    page.wait_for_url("**/fill/sent/")


def test_what_is_typed_without_a_network_is_kept_and_sent_later(page: Page) -> None:
    begin_whole(page)
    page.context.set_offline(True)
    for name, value in (("Day", "5"), ("Month", "1"), ("Year", "2026")):
        page.get_by_label(name, exact=True).fill(value)
    page.get_by_label("On foot").check()
    page.get_by_label("Age in years").fill("40")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-draft-status]")).to_contain_text("There is no network")
    expect(page.get_by_label("Age in years")).to_have_value("40")
    page.context.set_offline(False)
    expect(page.locator("[data-draft-status]")).to_have_text("What you typed is kept.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/fill/sent/")


def test_the_plain_pages_open_where_the_program_cannot_be_loaded(page: Page) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=404, body="")

    come_in(page)
    page.route(re.compile(r"/form-\w+\.js"), refuse)
    begin(page)
    page.wait_for_url(re.compile(r"/fill/[0-9a-f-]{36}/1/$"))
    expect(page.get_by_text("On which day did the household arrive?")).to_be_visible()


@pytest.fixture
def old_phone(new_context: NewContext, served: Served) -> Page:
    """A phone in Arabic on which no program runs."""
    context = new_context(
        base_url=served.origin, locale="ar-SY", viewport=PHONE, java_script_enabled=False
    )
    return context.new_page()


def test_a_household_on_plain_pages_in_arabic(old_phone: Page) -> None:
    come_in(old_phone)
    begin(old_phone)
    press = old_phone.get_by_role("button", name="متابعة")
    day(old_phone, "٥", "1", "2026")
    old_phone.get_by_label("بقارب").check()
    press.click()
    old_phone.get_by_label("ماء وطعام").check()
    press.click()
    old_phone.get_by_role("link", name=re.compile("1")).first.click()
    old_phone.get_by_label("العمر بالسنوات").fill("٧")
    press.click()
    old_phone.get_by_label("لا", exact=True).check()
    press.click()
    expect(old_phone.get_by_text("أطفال بلا راعٍ: 1.")).to_be_visible()
    old_phone.locator("input[type=file]").set_input_files(picture())  # type: ignore[arg-type]
    press.click()
    old_phone.get_by_role("button", name="إرسال").click()
    old_phone.wait_for_url("**/fill/sent/")


# The form of the Human Trafficking Case Data Standard, as IOM's toolkit has it


@pytest.fixture
def published(new_context: NewContext, served: Served) -> None:
    """Uploaded by a supervisor and published by the administrator, once."""
    standard = form_of_the_standard()
    page = new_context(base_url=served.origin, locale="en-GB").new_page()
    come_in(page, "supervisor")
    page.goto("/forms/")
    if page.get_by_text("htcds_xlsform").count():
        return
    page.goto("/forms/add/")
    page.locator("[name=sheet]").set_input_files(standard)
    page.locator("[name=purpose]").select_option("screening")
    page.locator("main form[enctype] button").click()
    page.get_by_text("someone else publishes it").wait_for()
    second = new_context(base_url=served.origin, locale="en-GB").new_page()
    come_in(second, "administration")
    second.goto(page.url)
    second.locator("[name=seen]").check()
    second.get_by_role("button", name="Publish").click()
    second.get_by_role("button", name="Withdraw it from use").wait_for()


@pytest.mark.usefixtures("published")
def test_the_form_of_the_standard_on_a_phone_in_arabic(phone: Page) -> None:
    begin_whole(phone, "htcds_xlsform")
    total = 0
    while phone.locator("[data-progress]").inner_text() != LAST:
        if phone.locator("input[type=search]:visible").count() and "Citizenship" in told(phone):
            search(phone)
        answer(phone)
        on(phone)
        total += 1
        assert total < 60
    assert total == 31
    phone.get_by_role("button", name="إرسال").tap()
    phone.wait_for_url("**/fill/sent/")


def told(page: Page) -> str:
    return page.locator("[data-questions]").inner_text()


def search(phone: Page) -> None:
    """A long list is searched without regard to marks; what is chosen stays in sight."""
    field = phone.locator("input[type=search]:visible")
    options = phone.locator("[data-question]:visible label.option:visible")
    field.fill("aland")
    expect(options.filter(has_text="Åland Islands")).to_have_count(1)
    assert options.count() < 10
    options.filter(has_text="Åland Islands").tap()
    field.fill("syria")
    expect(options).to_have_count(2)
    accessible(phone)
    fits(phone)
    field.fill("")


@pytest.mark.usefixtures("published")
def test_the_form_of_the_standard_on_plain_pages_in_arabic(old_phone: Page) -> None:
    come_in(old_phone)
    begin(old_phone, "htcds_xlsform")
    for _ in range(40):
        if old_phone.get_by_role("button", name="إرسال").count():
            break
        answer(old_phone)
        with old_phone.expect_navigation():
            old_phone.get_by_role("button", name="متابعة").click()
    old_phone.get_by_role("button", name="إرسال").click()
    old_phone.wait_for_url("**/fill/sent/")


def answer(page: Page) -> None:
    """Something at every question that is shown."""
    for fieldset in page.locator("main fieldset:visible").all():
        if fieldset.locator("input[id$='-day'], input[name$='-day']").count():
            day(page, "5", "1", "2026")
        else:
            fieldset.locator("input[type=radio], input[type=checkbox]").first.check()
    for box in page.locator("main .field:not(fieldset) input.input:visible").all():
        box.fill("1")
    for menu in page.locator("main select:visible").all():
        menu.select_option(index=1)
