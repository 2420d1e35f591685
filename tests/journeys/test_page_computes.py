"""What the page of a whole form computes is what the server computes: one engine each, one form."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from marfa.methods.xforms import read_xlsform, recheck
from marfa.platform import clock
from tests.journeys.conftest import NewContext
from tests.journeys.pages import sign_in
from tests.support.installation import Served

EXPRESSIONS = """
round(2.5); round(-2.5); round(1.234, 2); 7 div 2; 7 mod 3; -7 mod 3; 1 div 3; 1 div 0
int(3.9); int(-3.9); int('7.9'); number(''); number('4') + 1; string(1 div 3); string(1000000)
string(0.1 + 0.2); concat('a', 1.0); ceiling(1.2); floor(-1.2); abs(-2); pow(2, 10); sqrt(2); pi()
exp(1); log(10); log10(1000); sin(1); atan2(1, 2); true(); string(true())
sum(${n}); count(${r}); max(${n}); min(${n}); count-non-empty(${n}); join('-', ${n}); ${n}[1]
indexed-repeat(${n}, ${r}, 2); position(..); coalesce('', 'b'); coalesce(${blank}, 'x')
if(${blank} = '', 'e', 'f'); ${blank} = 0; ${blank} < 1; boolean(${blank}); not(${blank}); '' = ''
'b' > 'a'; 1 = '1'; 1 = '01'; ${many} = 'x y'; selected('a b', 'a'); selected-at('a b', 1)
count-selected(${many}); count-selected(''); string-length('سلام'); substr('hello', 1, 3)
substring-before('a-b', '-'); substring-after('a-b', '-'); contains('abc', 'b')
starts-with('abc', 'a'); ends-with('abc', 'c'); translate('abc', 'ab', 'xy')
normalize-space(' a  b '); regex('a1', '[a-z][0-9]'); checklist(1, 2, 'yes', 'no')
jr:choice-name(${one}, '${one}'); format-date('2026-03-05', '%Y/%m/%d')
format-date('2026-03-05', '%e %b %a'); date('2026-03-05') + 1; string(date('2026-03-05'))
decimal-date-time('2026-03-05'); date('2026-03-05') < date('2026-03-06')
format-date-time('2026-03-05T10:20:30', '%H:%M')
"""
OTHERWISE = ("weighted-checklist(1, 3, 'yes', 2, 'no', 5)", "number(date('2026-03-05'))")
"""What the two compute differently, as docs/methods/forms.md says."""


def sheet(expressions: list[str]) -> str:
    lines = [
        "| survey | | | | | |",
        "| | type | name | label | calculation | marfa::tier |",
        "| | text | blank | Blank | | coded |",
        "| | select_one l | one | One | | coded |",
        "| | select_multiple l | many | Many | | coded |",
        "| | begin_repeat | r | R | | |",
        "| | integer | n | N | | coded |",
        "| | end_repeat | r | | | |",
        *(f"| | calculate | c{at} | | {text} | |" for at, text in enumerate(expressions)),
        "| choices | | | |",
        "| | list_name | name | label |",
        "| | l | x | Ex |",
        "| | l | y | Ypsilon |",
        "| settings | | | |",
        "| | form_title | form_id | version |",
        "| | Sums | sums | 1 |",
    ]
    return "\n".join(lines) + "\n"


def publish(page: Page, second: Page, form: str) -> None:
    """Added by one and published by another."""
    sign_in(page, "supervisor", "en")
    page.goto("/forms/add/")
    file = {"name": "sums.md", "mimeType": "text/markdown", "buffer": form.encode()}
    page.locator("[name=sheet]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("[name=purpose]").select_option("registration")
    page.locator("main form[enctype] button").click()
    page.get_by_text("someone else publishes it").wait_for()
    sign_in(second, "administration", "en")
    second.goto(page.url)
    second.locator("[name=seen]").check()
    second.get_by_role("button", name="Publish").click()
    second.get_by_role("button", name="Withdraw it from use").wait_for()


def answer(page: Page) -> str:
    """Fill the form in: one of three instances of the repeat stays empty. What would be sent."""
    sign_in(page, "reception", "en")
    page.goto("/fill/")
    page.get_by_role("button", name=re.compile("Sums")).click()
    page.locator("form[data-state=ready]").wait_for()
    numbers = page.get_by_label("N", exact=True)
    numbers.fill("3")
    page.get_by_role("button", name="Add one").click()
    numbers.nth(1).fill("4")
    page.get_by_role("button", name="Add one").click()
    numbers.nth(2).wait_for()
    page.get_by_label("Ex").first.check()
    page.get_by_label("Ex").nth(1).check()
    page.get_by_label("Ypsilon").nth(1).check()
    return str(page.evaluate("() => new FormData(document.querySelector('form.whole')).get('xml')"))


def test_the_page_computes_what_the_server_computes(
    new_context: NewContext, served: Served
) -> None:
    expressions = [each.strip() for each in re.split(r"[;\n]", EXPRESSIONS) if each.strip()]
    asked = [*expressions, *OTHERWISE]
    written = sheet(asked)
    first, second = (
        new_context(base_url=served.origin, locale="en-GB").new_page() for _each in range(2)
    )
    publish(first, second, written)
    xml = answer(new_context(base_url=served.origin, locale="en-GB").new_page())
    found = recheck(read_xlsform(written.encode(), "sums.md")[1], xml, clock.now())
    differ = {asked[int(each.path.rpartition("/c")[2])] for each in found}
    assert differ == set(OTHERWISE)
