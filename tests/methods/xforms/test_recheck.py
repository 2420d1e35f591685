"""What a device sends is judged by the form's own rules, with the field named."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from marfa.domain.catalogue import LANGUAGES, render_message
from marfa.methods.xforms import (
    Finding,
    FormModel,
    Surroundings,
    evaluate,
    recheck,
    submission_xml,
)
from tests.methods.xforms.support import form

ZONE = timezone(timedelta(hours=3))
NOW = datetime(2026, 8, 14, 23, 30, tzinfo=ZONE)
LATER = NOW + timedelta(days=40)


@pytest.fixture(scope="module")
def model() -> FormModel:
    return form(
        places="<start/><end/><who/><born/><age/><care/><kin jr:template=''><n/><tie/></kin><sum/>",
        binds="""
        <bind nodeset="/data/start" type="dateTime" jr:preload="timestamp"
              jr:preloadParams="start"/>
        <bind nodeset="/data/end" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/>
        <bind nodeset="/data/who" required="true()"/>
        <bind nodeset="/data/born" type="date" constraint=". &lt;= today()"
              jr:constraintMsg="A day gone by"/>
        <bind nodeset="/data/age" type="int"
              calculate="int((today() - /data/born) div 365.25)"/>
        <bind nodeset="/data/care" relevant="/data/age &lt; 18"/>
        <bind nodeset="/data/kin/n" type="int"/>
        <bind nodeset="/data/sum" calculate="sum(/data/kin/n)"/>""",
        body="""
        <input ref="/data/who"><label>Name of <output value="/data/care"/></label></input>
        <input ref="/data/born"><label>Born</label></input>
        <input ref="/data/care"><label>Carer</label></input>
        <group ref="/data/kin"><label>Kin</label><repeat nodeset="/data/kin">
          <input ref="/data/kin/n"><label>Number</label></input>
          <select1 ref="/data/kin/tie"><label>Tie</label>
            <item><label>Aunt</label><value>aunt</value></item></select1>
        </repeat></group>""",
    )


@pytest.fixture(scope="module")
def sent(model: FormModel) -> str:
    state = evaluate(
        model,
        {
            "/data/who": "Salma",
            "/data/born": "2012-01-05",
            "/data/care": "Huda",
            "/data/kin[1]/n": "2",
            "/data/kin[2]/n": "3",
            "/data/kin[2]/tie": "aunt",
        },
        Surroundings(NOW),
    )
    state.finish()
    return submission_xml(state)


def kinds(found: list[Finding]) -> set[tuple[str, str]]:
    return {(str(finding.kind), finding.path) for finding in found}


def test_a_clean_submission_is_clean_however_late_it_comes(model: FormModel, sent: str) -> None:
    assert recheck(model, sent, LATER) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<who>Salma</who>", "<who/>", {("required", "/data/who")}),
        ("<who>Salma</who>", "", {("required", "/data/who")}),
        (
            ">2012-01-05<",
            ">2026-08-15<",
            {("constraint", "/data/born"), ("calculation", "/data/age")},
        ),
        (">2012-01-05<", ">2012-02-30<", {("type", "/data/born"), ("calculation", "/data/age")}),
        ("<age>14</age>", "<age>30</age>", {("calculation", "/data/age")}),
        (
            ">2012-01-05<",
            ">1980-01-05<",
            {("calculation", "/data/age"), ("irrelevant", "/data/care")},
        ),
        ("<n>3</n>", "<n>4</n>", {("calculation", "/data/sum")}),
        ("<n>3</n>", "<n>three</n>", {("type", "/data/kin[2]/n"), ("calculation", "/data/sum")}),
        (">aunt<", ">guard<", {("choice", "/data/kin[2]/tie")}),
        ("<care>", "<spy>1</spy><care>", {("unknown", "/data")}),
        ("<care>", "<care>x</care><care>", {("twice", "/data/care")}),
        ('version="1"', 'version="2"', {("other-version", "/data")}),
        ('id="t"', 'id="u"', {("other-form", "/data")}),
        ("uuid:", "", set()),
        ("<instanceID>", "<instanceID>;", {("instance-id", "/data/meta/instanceID")}),
    ],
)
def test_what_was_tampered_with_is_found_in_its_place(
    model: FormModel, sent: str, old: str, new: str, expected: set[tuple[str, str]]
) -> None:
    assert old in sent
    found = recheck(model, sent.replace(old, new, 1), LATER)
    assert kinds(found) >= expected
    assert bool(found) == bool(expected)
    if len(expected) == 1:
        assert {kind for kind, _ in kinds(found)} == {kind for kind, _ in expected}


def test_expected_and_found_are_there_and_in_no_message(model: FormModel, sent: str) -> None:
    tampered = sent.replace("<age>14</age>", "<age>30</age>").replace(">aunt<", ">guard<")
    found = recheck(model, tampered, LATER)
    (age,) = [one for one in found if one.path == "/data/age"]
    assert age.expected is not None
    assert age.found is not None
    assert (age.expected.value, age.found.value) == ("14", "30")
    for finding in found:
        told = [render_message(finding.message, language) for language in LANGUAGES]
        for text in (*told, repr(finding), str(finding.found)):
            assert not re.search(r"Salma|Huda|guard|\b30\b|\b14\b", text)


def test_the_day_on_which_it_was_filled_in_counts(model: FormModel, sent: str) -> None:
    """Begun before midnight and ended after it, either day is right; received later, neither is."""
    day = sent.replace("2012-01-05", "2026-08-15").replace("<age>14</age>", "<age>0</age>")
    over_midnight = day.replace(
        "<end>2026-08-14T23:30:00.000+03:00", "<end>2026-08-15T00:10:00.000+03:00"
    )
    assert ("constraint", "/data/born") in kinds(recheck(model, day, LATER))
    assert recheck(model, over_midnight, LATER) == []


def test_a_time_that_cannot_be_is_told(model: FormModel, sent: str) -> None:
    backwards = sent.replace("<end>2026-08-14", "<end>2026-08-13")
    assert ("time", "/data") in kinds(recheck(model, backwards, LATER))
    assert ("time", "/data") in kinds(recheck(model, sent, NOW - timedelta(days=3)))


def test_a_moment_between_beginning_and_end_is_accepted() -> None:
    model = form(
        places="<start/><end/><at/>",
        binds="""
        <bind nodeset="/data/start" type="dateTime" jr:preload="timestamp"
              jr:preloadParams="start"/>
        <bind nodeset="/data/end" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/>
        <bind nodeset="/data/at" type="dateTime" calculate="now()"/>""",
    )
    text = (
        "<data id='t' version='1'><start>2026-08-14T09:00:00.000Z</start>"
        "<end>2026-08-14T10:00:00.000Z</end><at>2026-08-14T{}:00.000Z</at>"
        "<meta><instanceID>uuid:1</instanceID></meta></data>"
    )
    received = datetime(2026, 8, 20, tzinfo=UTC)
    assert recheck(model, text.format("09:30"), received) == []
    assert kinds(recheck(model, text.format("11:30"), received)) == {("calculation", "/data/at")}


def test_the_number_of_repeats_is_what_the_form_says() -> None:
    model = form(
        places="<n/><a jr:template=''><x/></a>",
        binds="""<bind nodeset="/data/n" type="int"/>""",
        body="""<input ref="/data/n"><label/></input><group ref="/data/a"><label/>
        <repeat nodeset="/data/a" jr:count="/data/n"><input ref="/data/a/x"><label/></input>
        </repeat></group>""",
    )
    sent = submission_xml(evaluate(model, {"/data/n": "2", "/data/a[2]/x": "y"}, Surroundings(NOW)))
    assert recheck(model, sent, NOW) == []
    assert kinds(recheck(model, sent.replace("<n>2", "<n>3"), NOW)) == {("count", "/data/a")}
