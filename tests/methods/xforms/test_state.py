"""A form as it is filled in: what is asked, what is missing, what is calculated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from marfa.domain.message import InputError
from marfa.methods.xforms import FormModel, Surroundings, draft_xml, evaluate, parse, resume, start
from marfa.methods.xforms.submission import submission_xml
from tests.methods.xforms.support import form

DAMASCUS = timezone(timedelta(hours=3))
AROUND = Surroundings(datetime(2026, 8, 14, 9, 0, tzinfo=DAMASCUS), uuid=lambda: "one")


@pytest.fixture(scope="module")
def household() -> FormModel:
    return form(
        places="<who/><age>5</age><adult/><child jr:template=''><name/><age/><nth/></child>"
        "<total/><said/>",
        binds="""
        <bind nodeset="/data/who" required="true()"/>
        <bind nodeset="/data/age" type="int" constraint=". &gt;= 0 and . &lt; 120"
              jr:constraintMsg="Below 120"/>
        <bind nodeset="/data/adult" relevant="/data/age &gt; 17"/>
        <bind nodeset="/data/child" relevant="/data/adult = 'yes'"/>
        <bind nodeset="/data/child/age" type="int" constraint=". &lt; /data/age"/>
        <bind nodeset="/data/child/nth" calculate="position(..)"/>
        <bind nodeset="/data/total" type="int" calculate="sum(/data/child/age)"/>
        <bind nodeset="/data/said" calculate="concat(/data/who, ' ', /data/child/age)"/>""",
        body="""
        <input ref="/data/who"><label>Name</label></input>
        <input ref="/data/age"><label>Age of <output value="/data/who"/>?</label></input>
        <input ref="/data/adult"><label>Adult</label></input>
        <group ref="/data/child"><label>Child</label><repeat nodeset="/data/child">
          <input ref="/data/child/name"><label>Name</label></input>
          <input ref="/data/child/age"><label>Age</label></input>
        </repeat></group>""",
    )


def test_what_is_not_relevant_is_not_counted_not_required_and_not_sent(
    household: FormModel,
) -> None:
    state = evaluate(
        household,
        {
            "/data/who": "Mona",
            "/data/age": "40",
            "/data/adult": "yes",
            "/data/child[1]/age": "7",
            "/data/child[2]/age": "9",
        },
        AROUND,
    )
    assert state.at("/data/total").value == "16"
    assert [state.at(f"{path}/nth").value for path in state.instances("/data/child")] == ["1", "2"]
    state.set("/data/age", "17")
    assert not state.at("/data/adult").relevant
    assert not state.at("/data/child[2]/age").relevant
    assert state.at("/data/total").value == "0"
    assert "child" not in submission_xml(state)
    state.set("/data/age", "40")
    assert state.at("/data/total").value == "16", "what was answered came back"


def test_problems_name_the_place_and_speak_in_the_words_of_the_form(household: FormModel) -> None:
    state = evaluate(household, {"/data/age": "130"}, AROUND)
    problems = {answer.path: answer.problem for answer in state.problems()}
    assert set(problems) == {"/data/who", "/data/age"}
    assert problems["/data/age"] is not None
    assert problems["/data/age"].params == {"words": "Below 120"}
    assert "130" not in str(problems)


def test_a_draft_goes_on_where_it_was_left(household: FormModel) -> None:
    state = evaluate(
        household, {"/data/who": "م & <m>", "/data/adult": "yes", "/data/child[2]/age": "3"}, AROUND
    )
    again = resume(household, draft_xml(state), AROUND)
    assert submission_xml(again) == submission_xml(state)
    assert again.at("/data/child[2]/age").value == "3"
    assert again.instance_id == "uuid:one"


def test_an_absolute_path_in_a_repeat_is_of_the_same_instance() -> None:
    """ODK XForms specification, Repeats: deviation from XForms 1.0 for absolute paths."""
    model = form(
        places="<a jr:template=''><x/><y/></a><all/><n/>",
        binds="""<bind nodeset="/data/a/y" calculate="/data/a/x * 2"/>
        <bind nodeset="/data/all" calculate="join(' ', /data/a/y)"/>
        <bind nodeset="/data/n" calculate="count(/data/a)"/>""",
        body="""<group ref="/data/a"><label/><repeat nodeset="/data/a">
        <input ref="/data/a/x"><label/></input></repeat></group>""",
    )
    state = evaluate(model, {"/data/a[1]/x": "1", "/data/a[2]/x": "2"}, AROUND)
    assert state.at("/data/all").value == "2 4"
    assert state.at("/data/n").value == "2"
    state.remove("/data/a[1]")
    assert state.at("/data/all").value == "4"


def test_the_number_of_a_repeat_follows_its_count() -> None:
    model = form(
        places="<n/><a jr:template=''><x/></a><sum/>",
        binds="""<bind nodeset="/data/n" type="int"/>
        <bind nodeset="/data/sum" calculate="count(/data/a)"/>""",
        body="""<input ref="/data/n"><label/></input><group ref="/data/a"><label/>
        <repeat nodeset="/data/a" jr:count="/data/n"><input ref="/data/a/x"><label/></input>
        </repeat></group>""",
    )
    state = start(model, AROUND)
    for wanted in (3, 1, 0):
        state.set("/data/n", str(wanted))
        assert state.at("/data/sum").value == str(wanted)
    with pytest.raises(InputError):
        state.add("/data/a")


def test_rules_in_a_circle_are_refused_at_once() -> None:
    with pytest.raises(InputError) as caught:
        form(
            places="<a/><b/>",
            binds="""<bind nodeset="/data/a" calculate="/data/b + 1"/>
            <bind nodeset="/data/b" relevant="/data/a = 2"/>""",
        )
    (problem,) = caught.value.problems
    assert problem.message.code == "methods.xforms:cycle"
    assert "/data/a" in str(problem.message.params["way"])


def test_a_drawn_value_is_drawn_once() -> None:
    model = form(
        places="<a/><b/>",
        binds="""<bind nodeset="/data/a" calculate="concat('c-', uuid())"/>""",
        body="""<input ref="/data/b"><label/></input>""",
    )
    state = start(model, Surroundings(datetime(2026, 8, 14, tzinfo=UTC)))
    first = state.at("/data/a").value
    state.set("/data/b", "x")
    assert state.at("/data/a").value == first


def test_entities_and_document_types_are_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(InputError) as caught:
        parse(bomb)
    assert caught.value.problems[0].message.code == "methods.xforms:document-type"
