"""The individual assessment, area by area, and episodes of exploitation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

import marfa.apps.cases
from marfa.apps.assistance.actions.plans import set_goal
from marfa.apps.cases.actions import (
    add_episode,
    begin_assessment,
    finish_assessment,
    say_released,
    write_area,
    write_episode,
)
from marfa.apps.cases.actions.assessment import begin_area
from marfa.apps.cases.assessment_guide import area_questions, load_guide
from marfa.apps.cases.facts import case_histories
from marfa.apps.cases.models import (
    AREAS,
    NEEDS,
    URGENCIES,
    Assessment,
    AssessmentArea,
    Case,
    CaseFact,
    CaseStep,
    ExploitationEpisode,
)
from marfa.apps.cases.views.assessment import address_of
from marfa.apps.form_pages.editor import Change
from marfa.apps.leaflets.packs import load_leaflets
from marfa.apps.manifest import Desk
from marfa.apps.registry.models import Person
from marfa.domain.addressee import Addressee
from marfa.domain.codes import format_code
from marfa.domain.message import InputError
from marfa.platform.facts.timeline import rows_of
from marfa.platform.revisions.errors import ConflictError
from marfa.platform.revisions.models import Draft
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
STATES = AssessmentArea.State.values


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def area_of(assessment: Assessment, area: str) -> AssessmentArea:
    """What is written of an area, or an empty row that is not stored."""
    row = AssessmentArea.objects.filter(assessment=assessment, area=area).first()
    row = row or AssessmentArea(
        organisation_id=assessment.organisation_id,
        person=assessment.person,
        assessment=assessment,
        area=area,
    )
    row.assessment = assessment
    return row


def write(actor: Actor, assessment: Assessment, area: str, **told: object) -> AssessmentArea:
    row = area_of(assessment, area)
    with open_vault():
        write_area(row, Change(actor, row.version, {"state": "asked", "need": "none", **told}))
    return area_of(assessment, area)


def test_a_need_now_makes_the_case_urgent_and_nothing_makes_it_less(office: Office) -> None:
    case = office.case()
    assessment = begin_assessment(actor=office.worker, case=case)
    write(office.worker, assessment, "health", need="some")
    case.refresh_from_db()
    assert case.urgency == "days"
    write(office.worker, assessment, "safety", need="now", words="He waits at the gate")
    case.refresh_from_db()
    assert case.urgency == "now"
    step = CaseStep.objects.get(case=case, kind="urgency")
    assert (step.before, step.after) == ("days", "now")
    write(office.worker, assessment, "safety", need="none", words="He left")
    case.refresh_from_db()
    assert case.urgency == "now", "a second person lowers it"
    assert CaseFact.objects.filter(subject=case.person_id, urgency="now").exists()


def test_said_and_seen_stand_apart_and_are_sealed(office: Office) -> None:
    assessment = begin_assessment(actor=office.worker, case=office.case())
    row = write(office.worker, assessment, "health", words="It hurts", seen="She limps")
    with open_vault():
        row.refresh_from_db()
        assert (row.words, row.seen, row.need) == ("It hurts", "She limps", "none")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, seen, need FROM cases_assessmentarea")
        assert all(b"limps" not in bytes(value) for value in cursor.fetchone())


def test_of_two_who_write_neither_loses_anything(office: Office) -> None:
    assessment = begin_assessment(actor=office.worker, case=office.case())
    row = write(office.worker, assessment, "health", words="It hurts")
    base = row.version
    one, other = area_of(assessment, "health"), area_of(assessment, "health")
    write_area(one, Change(office.worker, base, {"seen": "She limps"}))
    write_area(other, Change(office.supervisor, base, {"need": "some"}))
    with open_vault():
        row.refresh_from_db()
        assert (row.seen, row.need, row.words) == ("She limps", "some", "It hurts")
    with pytest.raises(ConflictError) as found:
        write_area(other, Change(office.supervisor, base, {"seen": "Nothing"}))
    assert [each.field for each in found.value.conflicts] == ["seen"]


def test_an_assessment_may_be_left_open_and_taken_up_again(office: Office) -> None:
    case = office.case()
    assessment = begin_assessment(actor=office.worker, case=case)
    with pytest.raises(InputError):
        begin_assessment(actor=office.supervisor, case=case)
    with pytest.raises(InputError):
        finish_assessment(actor=office.worker, assessment=assessment)
    write(office.worker, assessment, "legal", state="declined", need="")
    write(office.supervisor, assessment, "health", state="later", need="")
    finish_assessment(actor=office.worker, assessment=assessment)
    with pytest.raises(InputError):
        write(office.worker, assessment, "work")
    begin_assessment(actor=office.worker, case=case)
    assert Assessment.objects.filter(case=case).count() == 2


def test_for_who_was_with_an_armed_group_no_area_is_left_out(office: Office) -> None:
    assessment = begin_assessment(actor=office.worker, case=office.case())
    say_released(actor=office.worker, assessment=assessment, released=True)
    for area in AREAS[:-1]:
        write(office.worker, assessment, area, state="asked")
    write(office.worker, assessment, AREAS[-1], state="later", need="")
    with pytest.raises(InputError) as wrong:
        finish_assessment(actor=office.worker, assessment=assessment)
    assert wrong.value.problems[0].message.code == "apps.cases:released-whole"
    write(office.worker, assessment, AREAS[-1], state="declined", need="")
    finish_assessment(actor=office.worker, assessment=assessment)


def test_what_is_missing_or_unknown_is_named(office: Office) -> None:
    assessment = begin_assessment(actor=office.worker, case=office.case())
    for told, field in (
        ({"need": ""}, "need"),
        ({"need": "much"}, "need"),
        ({"state": "done"}, "state"),
        ({"words": "x" * 5001}, "words"),
    ):
        with pytest.raises(InputError) as wrong:
            write(office.worker, assessment, "health", **told)
        assert [each.place.field for each in wrong.value.problems] == [field]
    assert not AssessmentArea.objects.exists(), "nothing is half made"


def test_who_may_not_work_on_the_case_writes_nothing(office: Office) -> None:
    case = office.case()
    assessment = begin_assessment(actor=office.worker, case=case)
    for stranger in (office.colleague, office.partner, office.officer):
        with pytest.raises(DeniedError):
            begin_area(area_of(assessment, "health"), stranger)
        with pytest.raises(DeniedError):
            write(stranger, assessment, "health")
        with pytest.raises(DeniedError):
            add_episode(actor=stranger, case=case)
    assert not AssessmentArea.objects.exists()


answer = st.fixed_dictionaries(
    {
        "area": st.sampled_from(AREAS),
        "state": st.sampled_from(STATES),
        "need": st.sampled_from(NEEDS),
        "words": st.sampled_from(["", "No", "I will not speak to the police", "نعم"]),
        "answers": st.dictionaries(
            st.sampled_from([key for keys in load_guide().areas.values() for key in keys]),
            st.sampled_from(["yes", "no", "unknown", "declined"]),
            max_size=4,
        ),
    }
)


@limits(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=st.lists(answer, max_size=4), released=st.sampled_from([True, False, None]))
def test_no_answer_lowers_urgency_or_ends_help(
    office: Office, told: list[dict[str, Any]], released: bool | None
) -> None:
    case = Case.objects.filter(person=office.person).first() or office.case()
    open_one = Assessment.objects.filter(case=case, state="open").first()
    assessment = open_one or begin_assessment(actor=office.worker, case=case)
    assessment.case = case
    say_released(actor=office.worker, assessment=assessment, released=released)
    asked: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("religion", "ethnicity", "citizenships", "statelessness", "migration_status"):
            patch.setattr(Person, name, _watched(name, asked))
        for each in told:
            before = URGENCIES.index(case.urgency)
            write(
                office.worker,
                assessment,
                each["area"],
                **{k: v for k, v in each.items() if k != "area"},
            )
            case.refresh_from_db()
            assert URGENCIES.index(case.urgency) >= before
            assert case.state == "open"
            assert each["need"] != "now" or case.urgency == "now"
    assert asked == [], "what tells of an origin is never read"


def _watched(name: str, asked: list[str]) -> property:
    def read(row: Any) -> object:
        asked.append(name)
        return row.__dict__.get(name)

    def put(row: Any, value: object) -> None:
        row.__dict__[name] = value

    return property(read, put)


def test_the_guide_is_whole_in_both_languages_and_asks_nothing_of_acts() -> None:
    keys = [key for asked in load_guide().areas.values() for key in asked]
    assert tuple(load_guide().areas) == AREAS
    assert len(keys) == len(set(keys))
    packs = load_leaflets("assessment", Path(marfa.apps.cases.__file__).parent / "texts")
    assert set(packs) == {"en", "ar"}
    for pack in packs.values():
        assert set(pack.texts) == set(keys)
        assert pack.drafts, "no one has reviewed them"
    for text in packs["ar"].texts.values():
        assert text.words(Addressee.FEMININE) != text.words(Addressee.MASCULINE)
    said = " ".join(text.words() for text in packs["en"].texts.values()).lower()
    of_acts = r"\b(did you|have you (ever )?(done|killed|stolen|fought)|crime|arrest|religion|"
    assert not re.search(of_acts + r"national|tribe|ethnic|fought|weapon)", said)


def test_drafts_of_the_guide_are_put_to_nobody_real(office: Office, settings: Any) -> None:
    hers = area_questions("health", office.person, "ar")
    assert "هل تحتاجين اليوم إلى طبيبة أو طبيب أو قابلة؟" in hers.values(), "spoken to as a woman"
    office.person.sex = "unknown"
    assert " / هل تحتاج " in " ".join(area_questions("health", office.person, "ar").values())
    settings.DEMONSTRATION = False
    assert area_questions("health", office.person, "ar") == {}


EPISODE: dict[str, Any] = {
    "forms": ["forced_labour", "forced_marriage"],
    "conflict_links": ["fleeing_conflict"],
    "countries": ["SY", "LY", "SY"],
    "since": "2023-03",
    "until": "2024~",
    "age": 17,
    "group": "They called themselves the guards",
    "state_actor": "no",
    "words": "They took my papers",
}


def test_an_episode_is_written_with_several_forms_and_states_the_facts(office: Office) -> None:
    case = office.case()
    row = add_episode(actor=office.worker, case=case)
    assert add_episode(actor=office.worker, case=case) == row, "one that is empty is enough"
    write_episode(row, Change(office.worker, 1, EPISODE))
    with open_vault():
        row.refresh_from_db()
        assert (row.countries, row.age) == (["SY", "LY", "SY"], 17)
    fact = CaseFact.objects.get(subject=case.person_id, replaced_at=None, valid_until=None)
    assert set(fact.exploitation) == {"forced_labour", "forced_marriage"}
    assert list(fact.conflict_link) == ["fleeing_conflict"]
    again = [r for r in rows_of(dict(case_histories())[case.person_id]) if r.replaced_at is None]
    assert set(again[-1].values["exploitation"]) == set(fact.exploitation)  # type: ignore[call-overload]
    assert add_episode(actor=office.worker, case=case) != row


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("forms", ["theft"]),
        ("conflict_links", ["none", "in_conflict_area"]),
        ("until", "2021"),
        ("since", "2999"),
        ("since", "2090"),
        ("since", "soon"),
        ("countries", ["SY", "ZZZ"]),
        ("age", 121),
        ("relation", "Enemy"),
        ("state_actor", "perhaps"),
        ("words", "x" * 5001),
    ],
)
def test_what_is_wrong_in_an_episode_is_named(office: Office, field: str, value: object) -> None:
    row = add_episode(actor=office.worker, case=office.case())
    with pytest.raises(InputError) as wrong:
        write_episode(row, Change(office.worker, 1, {**EPISODE, field: value}))
    assert [each.place.field for each in wrong.value.problems] == [field]
    row.refresh_from_db()
    assert row.version == 1, "nothing is half written"


def test_pages_of_the_assessment(office: Office, operation: Operation) -> None:
    case = office.case()
    browser = signed_in(operation.desks[Desk.PROTECTION])
    person = operation.desks[Desk.PROTECTION].reference
    there = f"/cases/{case.reference}/assessment/"
    assert browser.get(f"{there}health/").status_code == 302, "none is under way"
    assert browser.post(there, {"do": "begin"}).status_code == 302
    assert browser.get(f"{there}nowhere/").status_code == 404
    sent = {"person": person, "base_version": 1, "state": "asked", "words": "It hurts"}
    sent |= {"answers-health_doctor": "yes"}
    draft = browser.post(f"{there}health/", {**sent, "do": "draft"}, headers={"X-Draft": "1"})
    assert draft.status_code == 200
    row = AssessmentArea.objects.get()
    assert (Draft.objects.count(), row.state) == (1, "later")
    assert address_of(row.pk) == f"{there}health/"
    assert "It hurts" in browser.get(f"{there}health/").content.decode(), "it is kept"
    wrong = browser.post(f"{there}health/", {**sent, "do": "save"})
    assert wrong.status_code == 422
    assert "It hurts" in wrong.content.decode()
    saved = browser.post(f"{there}health/", {**sent, "do": "save", "need": "now"})
    assert saved.headers["Location"] == f"{there}psychosocial/"
    late = browser.post(f"{there}health/", {**sent, "do": "save", "need": "some"})
    assert (late.status_code, "Help is needed now" in late.content.decode()) == (409, True)
    other = {**sent, "do": "save", "need": "none"}
    assert browser.post(f"{there}work/", other).status_code == 422, "no question of this area"
    other.pop("answers-health_doctor")
    direct = browser.post(f"{there}work/", other)
    assert direct.status_code == 302, "without a draft before"
    shown = browser.get(f"/cases/{case.reference}/").content.decode()
    assert "Help is needed now: Health" in shown
    assert browser.post(there, {"do": "finish"}).status_code == 302
    finished = browser.get(there).content.decode()
    assert "It hurts" in finished
    assert "Do you need a doctor or a midwife today?" in finished
    assert signed_in(operation.colleague).get(there).status_code in (403, 404)


def test_every_page_that_is_written_on_says_whose_it_is(
    office: Office, operation: Operation
) -> None:
    """With two tabs open one would write into the record of somebody else."""
    case = office.case()
    begin_assessment(actor=office.worker, case=case)
    goal = set_goal(actor=office.worker, case=case, area="work", text="My own shop", due_on=None)
    browser = signed_in(operation.desks[Desk.PROTECTION])
    there = f"/cases/{case.reference}"
    episode = browser.post(f"{there}/episodes/").headers["Location"]
    person = f"/people/{case.person.reference}"
    pages = [f"{there}/assessment/health/", f"{there}/safety-plan/", episode]
    pages += [f"/cases/goal/{goal.reference}/", f"{person}/more/", f"{person}/event/"]
    for page in pages:
        text = browser.get(page).content.decode()
        heading = text.partition("<h1>")[2].partition("</h1>")[0]
        assert format_code(case.person.code) in heading, page


def test_pages_of_an_episode(office: Office, operation: Operation) -> None:
    case = office.case()
    browser = signed_in(operation.desks[Desk.PROTECTION])
    person = operation.desks[Desk.PROTECTION].reference
    added = browser.post(f"/cases/{case.reference}/episodes/")
    row = ExploitationEpisode.objects.get()
    there = added.headers["Location"]
    assert browser.get(there).status_code == 200
    sent = {
        "person": person,
        "base_version": 1,
        "do": "save",
        "forms": ["forced_labour"],
        "countries-0": "SY",
        "countries-2": "LY",
        "since": "آذار 2023",
        "until": "soon",
    }
    wrong = browser.post(there, sent)
    assert wrong.status_code == 422
    assert browser.post(there, {**sent, "until": "2024"}).status_code == 302
    with open_vault():
        row.refresh_from_db()
        assert (row.countries, row.since, row.until) == (["SY", "LY"], "2023-03", "2024")
    assert "Forced labour" in browser.get(f"/cases/{case.reference}/").content.decode()


def test_the_page_of_a_case_asks_as_often_for_many_areas(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    browser = signed_in(operation.desks[Desk.PROTECTION])
    counts = []
    for number in (1, 6):
        assessment = begin_assessment(actor=office.worker, case=case)
        for area in AREAS[:number]:
            write(office.worker, assessment, area, need="some")
        row = add_episode(actor=office.worker, case=case)
        write_episode(row, Change(office.worker, 1, EPISODE))
        finish_assessment(actor=office.worker, assessment=assessment)
        for page in ("", "assessment/"):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert browser.get(f"/cases/{case.reference}/{page}").status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
