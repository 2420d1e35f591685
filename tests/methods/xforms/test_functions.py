"""Functions and operators against what is published about them.

Sources, by the letter of each case: S, the ODK XForms specification (getodk.github.io/xforms-spec,
"XPath Functions"); G, the guide to form logic (docs.getodk.org/form-operators-functions); X, XPath
1.0 (W3C Recommendation of 16 November 1999), whose sections are named.
"""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.methods.xforms.tree import read_xml
from marfa.methods.xforms.xpath import (
    Focus,
    Surroundings,
    UnevaluableError,
    XPathSyntaxError,
    compile_xpath,
)
from marfa.methods.xforms.xpath.focus import Run

ROOT = read_xml(
    "<data><age>42</age><blank/><list>a b c</list><yes>yes</yes><no>no</no>"
    "<r><n>Ana</n><x>3</x></r><r><n>Bia</n><x>7</x></r><r><n/><x/></r></data>"
)
NOW = datetime(2026, 8, 14, 0, 30, tzinfo=timezone(timedelta(hours=3)))


def value(expression: str) -> str:
    run = Run(ROOT, {}, Surroundings(NOW, random=lambda: 0.25, uuid=lambda: "f" * 32))
    return compile_xpath(expression).string(Focus(run, ROOT))


CASES = [
    # S: String functions
    ("concat('a')", "a"),  # S: may contain one argument
    ("concat(/data/r/n, '-')", "AnaBia-"),  # S: all node values
    ("join(' ', /data/r/n)", "Ana Bia "),
    ("join('-', 'a', 'b')", "a-b"),
    ("substr('hello', 1, 3)", "el"),  # S: 0-based, up to end - 1
    ("substr('hello', 2)", "llo"),
    ("substring-before('1999/04/01', '/')", "1999"),  # X 4.2
    ("substring-after('1999/04/01', '/')", "04/01"),  # X 4.2
    ("translate('bar', 'abc', 'ABC')", "BAr"),  # X 4.2
    ("translate('--aaa--', 'abc-', 'ABC')", "AAA"),  # X 4.2
    ("string-length('مرفأ')", "4"),
    ("normalize-space('  a   b ')", "a b"),
    ("contains('haystack', 'st')", "true"),
    ("starts-with('haystack', 'hay')", "true"),
    ("ends-with('haystack', 'stack')", "true"),
    ("uuid(6)", "ffffff"),  # S: that number of characters
    # S: Boolean functions
    ("if(/data/age > 17, 'adult', 'child')", "adult"),
    ("coalesce(/data/blank, 'b')", "b"),
    ("coalesce('', '')", ""),
    ("boolean-from-string('true')", "true"),
    ("boolean-from-string('1')", "true"),
    ("boolean-from-string('yes')", "false"),  # S: false for any other argument
    ("boolean('false')", "true"),  # S: the note on stored booleans
    ("boolean(0)", "false"),  # G
    ("not('')", "true"),
    ("regex('123', '[0-9]+')", "true"),
    ("regex('a123', '[0-9]+')", "false"),  # G: an exact and complete match
    ("checklist(2, 3, '1', '1', '0')", "true"),
    ("checklist(-1, 1, '1', '1')", "false"),
    ("checklist(1, -1, /data/yes, /data/no)", "true"),  # G: exactly the string "yes"
    ("weighted-checklist(5, -1, '1', '3', '1', '2', '0', '9')", "true"),
    ("weighted-checklist(6, -1, '1', '3', '1', '2', '0', '9')", "false"),
    # S: Number functions
    ("number('1970-01-03')", "2"),  # S: days since January 1, 1970
    ("number('abc')", "NaN"),  # G
    ("number(true())", "1"),  # G
    ("int(3.7)", "3"),
    ("int(-3.7)", "-3"),  # S: discards the fraction
    ("round(1.25, 1)", "1.3"),
    ("round(2.5)", "3"),  # X 4.4: the number closest to positive infinity
    ("round(-2.5)", "-2"),
    ("round(1234, -2)", "1200"),
    ("pow(2, 10)", "1024"),
    ("log(exp(1))", "1"),
    ("log10(1000)", "3"),
    ("abs(-4)", "4"),
    ("sqrt(9)", "3"),
    ("exp10(2)", "100"),
    ("sin(0)", "0"),
    ("cos(0)", "1"),
    ("tan(0)", "0"),
    ("atan2(0, 1)", "0"),
    ("round(pi(), 5)", "3.14159"),
    ("sum(/data/r/x)", "10"),
    ("max(/data/r/x)", "7"),
    ("min(/data/r/x)", "3"),
    ("max(1, 5, 2)", "5"),
    ("random()", "0.25"),
    # S: Node-set functions
    ("count(/data/r)", "3"),
    ("count-non-empty(/data/r/n)", "2"),
    ("position(/data/r[2])", "2"),
    ("/data/r[position() = 2]/n", "Bia"),
    ("/data/r[x > 3]/n", "Bia"),
    ("indexed-repeat(/data/r/n, /data/r, 2)", "Bia"),
    ("//n", "Ana"),
    ("/data/r[1]/../age", "42"),
    # S: Date and time functions; the day at +03:00 has begun, that of UTC has not
    ("today()", "2026-08-14"),
    ("now()", "2026-08-14T00:30:00.000+03:00"),
    ("date('2026-08-13T23:30:00Z')", "2026-08-14"),
    ("date(2)", "1970-01-03"),  # G: days from January 1, 1970
    ("date(decimal-date-time('2026-08-07'))", "2026-08-07"),  # G: the inverse
    ("date(today() + 30)", "2026-09-13"),
    ("today() - date('2026-08-01')", "13"),
    ("'2026-08-14' <= now()", "true"),
    ("'2026-08-14' < today()", "false"),
    ("decimal-time('12:00:00')", "0.5"),  # G
    ("decimal-time('18:00:00.000+03:00')", "0.75"),  # G
    ("format-date('2026-08-07', '%Y %y %m %n %b %d %e %a')", "2026 26 08 8 Aug 07 7 Fri"),
    ("format-date-time('2026-08-07T06:05:04.123+03:00', '%H %h %M %S %3')", "06 6 05 04 123"),
    # S: Select functions
    ("selected(/data/list, 'b')", "true"),
    ("selected('ab c', 'b')", "false"),
    ("selected-at(/data/list, 0)", "a"),
    ("selected-at(/data/list, 3)", ""),
    ("selected-at(/data/list, -1)", ""),  # S: empty for a negative index
    ("count-selected(/data/list)", "3"),
    # Operators
    ("5 mod 2", "1"),  # X 3.5
    ("5 mod -2", "1"),  # X 3.5
    ("-5 mod 2", "-1"),  # X 3.5
    ("1.5 mod .5", "0"),  # X 3.5
    ("1 div 0", "Infinity"),
    ("2 + 3 * 4", "14"),
    ("(2 + 3) * 4", "20"),
    ("3 - -1", "4"),
    ("3 > 2 > 1", "false"),  # X 3.4: (3 > 2) > 1
    ("/data/age * 2", "84"),
    ("/data/blank + 1", "NaN"),  # G: not converted to zero
    ("/data/blank = ''", "true"),
    ("/data/r/n = 'Bia'", "true"),  # X 3.4: some node
    ("count(/data/r | /data/age | /data/r)", "4"),
    ("true() and not(false()) or false()", "true"),
    ("string(0.1 + 0.2)", "0.30000000000000004"),
    ("string(10000000000)", "10000000000"),  # X 4.2: no exponent
    ("string(1 div 3)", "0.3333333333333333"),
    ("0.000001", "0.000001"),
    ("div div div", "NaN"),  # X 3.7: names that look like operators
]


@pytest.mark.parametrize(("expression", "expected"), CASES)
def test_a_published_example(expression: str, expected: str) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("1 +", "unfinished"),
        ("(1", "unfinished"),
        ("1 2", "unexpected"),
        ("@a", "attribute"),
        ("$a", "variable"),
        ("/data/text()", "node-test"),
        ("ancestor::a", "axis"),
        ("a ~ b", "character"),
        ("(" * 200 + "1" + ")" * 200, "too-deep"),
        ("not(" * 90 + "1" + ")" * 90, "too-deep"),
        ("1+" * 20_000 + "1", "too-long"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(expression: str, reason: str) -> None:
    with pytest.raises(XPathSyntaxError) as caught:
        compile_xpath(expression)
    assert caught.value.reason == reason
    assert caught.value.at >= 1


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("frob()", "function-unknown"),
        ("pulldata('a', 'b', 'c', 'd')", "function-refused"),
        ("not()", "function-arguments"),
        ("weighted-checklist(1, 2, '1')", "function-arguments"),
    ],
)
def test_what_is_not_supported_is_refused(expression: str, reason: str) -> None:
    with pytest.raises(UnevaluableError) as caught:
        compile_xpath(expression)
    assert caught.value.reason == reason


def test_work_is_bounded() -> None:
    """Six steps over everything, each for each element of the one before: 10^6 and more."""
    root = read_xml("<a>" + "<b/>" * 400 + "</a>")
    run = Run(root, {}, Surroundings(NOW), left=100_000)
    nested = "count(//b[count(//b[count(//b) > 0]) > 0])"
    with pytest.raises(UnevaluableError) as caught:
        compile_xpath(nested).string(Focus(run, root))
    assert caught.value.reason == "too-much-work"


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a|a*)*b", "((a*)b*)*", "(.*,){11,}", "a*a*a*a*a*a*a*b"]
)
def test_a_pattern_that_could_run_for_ever_is_refused(pattern: str) -> None:
    with pytest.raises(UnevaluableError):
        value(f"regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{pattern}')")


@given(st.text(alphabet="abd/.()[]+-*=<>'\"1 ,:|@$ئ", max_size=60))
def test_any_text_is_read_or_refused(expression: str) -> None:
    try:
        compiled = compile_xpath(expression)
    except (XPathSyntaxError, UnevaluableError):
        return
    run = Run(ROOT, {}, Surroundings(NOW), left=100_000)
    with contextlib.suppress(UnevaluableError):
        assert isinstance(compiled.string(Focus(run, ROOT)), str)


@given(st.dates(min_value=datetime(1900, 1, 1).date(), max_value=datetime(2100, 1, 1).date()))  # noqa: DTZ001
def test_a_day_is_its_number_and_back(day: object) -> None:
    assert value(f"date(number('{day}'))") == str(day)
    assert value(f"date('{day}') = '{day}'") == "true"
