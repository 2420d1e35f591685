"""A study: who takes part, who reads it, what keeps anybody out, and what it found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.cases.actions import open_case
from marfa.apps.cases.models import Assessment, Case
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import assign_user, grant_role, revoke_role
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewPerson
from marfa.apps.registry.models import Person
from marfa.apps.studies import queries
from marfa.apps.studies.actions import (
    close_study,
    compute_result,
    enrol_person,
    record_reading,
    score_interview,
    stop_enrolment,
    withdraw_person,
)
from marfa.apps.studies.models import Enrolment
from marfa.apps.studies.queries import to_assess
from marfa.apps.studies.work import work_items_of
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role
from tests.apps.studies.made import JOB, TEXTS, Project
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = {(True, True): 3, (True, False): 1, (False, True): 1, (False, False): 3}


@pytest.fixture
def project(operation: Operation) -> Iterator[Project]:
    with every_organisation():
        yield Project(operation)


def refusal(call: Any) -> str:
    with pytest.raises(InputError) as refused:
        call()
    return refused.value.problems[0].message.code.split(":")[-1]


def asked(project: Project, row: Any, **changed: Any) -> Enrolment:
    told = {"consent": "yes", "understood": True, **changed}
    return enrol_person(actor=project.author, study=project.study, screening=row, **told)


def test_nobody_is_enrolled_before_all_of_the_plan_is_there(project: Project) -> None:
    for key in TEXTS:
        project.study = project.planned(texts={**TEXTS, key: " "})
        code = "study-not-approved" if key.startswith("approval") else "study-incomplete"
        assert refusal(project.begin) == code
    for ends, code in ((None, "study-not-approved"), (clock.now().date() - timedelta(1), "")):
        project.study = project.planned(approval_ends=ends)
        assert refusal(project.begin) == (code or "study-approval-ended")
        row = project.interview(yes=True)
        assert refusal(lambda row=row: asked(project, row)) == "not-now"
    assert not Enrolment.objects.exists()


def test_a_panel_has_two_readers_and_not_the_author(project: Project) -> None:
    one, author = project.readers[0].id, project.author.id
    other = actor_of(project.signing[1]).id
    assert refusal(lambda: project.planned(panel=[one, other])) == "panel-of-supervisors"
    assert refusal(lambda: project.planned(panel=[one, one])) == "panel-of-two"
    assert refusal(lambda: project.planned(panel=[one, author])) == "panel-without-author"


def test_who_must_not_take_part_does_not(project: Project) -> None:
    """Each beside somebody who is alike but for one thing, and takes part."""
    project.begin()
    office = project.office
    row = project.interview(yes=True)
    assert refusal(lambda: asked(project, row, consent="no")) == "study-no-consent"
    assert refusal(lambda: asked(project, row, understood=False)) == "not-understood"
    child = office.register(NewPerson(sex="male", born=PartialDate.gregorian(2015), basis="stated"))
    unknown = office.register(NewPerson(sex="male"))
    for person in (child, unknown):
        there = project.interview(yes=False, person=person)
        assert refusal(lambda there=there: asked(project, there)) == "study-child"
    danger = project.interview(yes=True)
    type(danger).objects.filter(pk=danger.pk).update(urgency="now")
    assert refusal(lambda: asked(project, danger)) == "study-danger"
    foreign = project.interview(yes=True)
    type(foreign).objects.filter(pk=foreign.pk).update(language="fr")
    assert refusal(lambda: asked(project, foreign)) == "study-language"
    hidden = project.interview(yes=True)
    type(hidden.person).objects.filter(pk=hidden.person_id).update(
        protected=True, protected_at=clock.now()
    )
    assert refusal(lambda: asked(project, hidden)) == "not-for-study"
    ours = project.interview(yes=True)
    type(ours).objects.filter(pk=ours.pk).update(officer=project.readers[0].id)
    ours.refresh_from_db()
    assert refusal(lambda: asked(project, ours)) == "study-panel-asks"
    assert not Enrolment.objects.exists()
    known = project.interview(yes=True)
    project.assess(known.person)
    assert refusal(lambda: asked(project, known)) == "not-for-study"
    with pytest.raises(DeniedError):
        project.enrol(row, project.readers[0])
    asked(project, row)
    assert refusal(lambda: asked(project, row)) == "not-for-study"
    stop_enrolment(actor=project.author, study=project.study)
    late = project.interview(yes=True)
    assert refusal(lambda: asked(project, late)) == "study-stopped"


def test_help_is_the_same_with_and_without_the_study(project: Project) -> None:
    project.begin()
    row = project.interview(yes=True)
    before = type(row).objects.filter(pk=row.pk).values().get()
    made = project.enrol(row)
    assert type(row).objects.filter(pk=row.pk).values().get() == before
    withdraw_person(actor=project.author, enrolment=made)
    assert not Enrolment.objects.exists()
    assert type(row).objects.filter(pk=row.pk).values().get() == before


def test_somebody_whom_nobody_helps_is_in_the_work_of_today(
    project: Project, operation: Operation
) -> None:
    project.begin()
    made = project.enrol(project.interview(yes=False))
    case = project.assess(made.person)

    def close(row: Case) -> None:
        ended = {"state": "closed", "closed_at": clock.now(), "closed_for": "goals_met"}
        Case.objects.filter(pk=row.pk).update(**ended)

    def listed(user: User = operation.supervisor) -> bool:
        there = reverse("people:person", args=[made.person.reference])
        return there in [item.url for item in work_items_of(user)]

    close(case)
    assert not listed(), "nobody has read of them yet"
    record_reading(actor=project.readers[0], enrolment=made, found="yes")
    assert listed()
    assign_user(user=operation.colleague, object_kind="Person", object_id=made.person_id)
    assert not listed(operation.colleague), "a reader must not know whom"
    later = open_case(actor=project.author, person=made.person, source="person")
    assert not listed()
    close(later)
    assert not listed(), "they were helped since"


def test_whoever_agreed_can_end_it_at_any_time(project: Project, operation: Operation) -> None:
    """Also when no one is asked any more, and when they are protected since."""
    project.begin()
    made = project.enrol(project.interview(yes=True))
    close_study(actor=project.author, study=project.study)
    boss = signed_in(operation.supervisor)
    assign_user(user=operation.supervisor, object_kind="Person", object_id=made.person_id)
    Person.objects.filter(pk=made.person_id).update(protected=True, protected_at=clock.now())
    one = boss.get(reverse("studies:one", args=[project.study.reference])).content.decode()
    there = reverse("studies:people", args=[project.study.reference])
    assert there in one
    assert made.reference in boss.get(there).content.decode()
    assert boss.post(there, {"withdraw": made.reference}).status_code == 302
    assert not Enrolment.objects.exists()


def test_what_a_reader_may_not_read_takes_no_place_from_others(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 1)
    project.begin()
    both = [project.enrol(project.interview(yes=yes)) for yes in (True, False)]
    for each in both:
        project.assess(each.person)
    first, second = sorted(both, key=lambda each: each.code)
    Assessment.objects.filter(person=first.person).update(finished_by=project.readers[0].id)
    assert to_assess(project.readers[0], project.study) == [second]


def test_the_panel_asks_nobody_and_helps_nobody_whom_it_reads(
    project: Project, operation: Operation
) -> None:
    project.begin()
    made = project.enrol(project.interview(yes=True))
    reader, other = project.readers
    assert to_assess(reader, project.study) == []
    project.assess(made.person)
    assert to_assess(reader, project.study) == [made]
    with pytest.raises(DeniedError):
        record_reading(actor=project.author, enrolment=made, found="yes")
    Enrolment.objects.filter(pk=made.pk).update(officer=other.id)
    assert to_assess(other, project.study) == []
    with pytest.raises(DeniedError):
        record_reading(actor=other, enrolment=made, found="yes")
    finished = Assessment.objects.filter(person=made.person)
    finished.update(finished_by=reader.id)
    with pytest.raises(DeniedError):
        record_reading(actor=reader, enrolment=made, found="yes")
    finished.update(finished_by=project.author.id)
    user = operation.desks[Desk.PROTECTION]
    grant = grant_role(user=user, role=Role.SUPERVISOR, organisation=project.controller)
    with pytest.raises(DeniedError):
        record_reading(actor=reader, enrolment=made, found="yes")
    revoke_role(grant=grant)
    record_reading(actor=reader, enrolment=made, found="yes")
    assert (
        refusal(lambda: record_reading(actor=reader, enrolment=made, found="no")) == "read-already"
    )
    there = reverse("studies:people", args=[project.study.reference])
    assert signed_in(operation.colleague).get(there).status_code == 403
    assert signed_in(operation.supervisor).get(there).status_code == 200


def plain(page: bytes) -> bytes:
    """A page without what differs at each request."""
    text = re.sub(rb'(nonce|csrfmiddlewaretoken"? value)="[^"]+"', b"", page)
    return re.sub(rb"[\w-]{43,}", b"", text)


def test_no_byte_of_a_panel_page_depends_on_the_screening(
    project: Project, operation: Operation
) -> None:
    """The same person twice: once as if flagged for danger, once as if nothing was seen."""
    project.begin()
    row = project.interview(yes=True)
    made = project.enrol(row)
    project.assess(row.person, words="First words")
    client = signed_in(operation.colleague)
    pages = [
        reverse("studies:one", args=[project.study.reference]),
        reverse("studies:panel", args=[project.study.reference]),
        reverse("studies:read", args=[project.study.reference, made.reference]),
    ]
    flagged = [plain(client.get(url).content) for url in pages]
    assert b"First words" in flagged[-1]
    other = project.interview(yes=False)
    with open_vault():
        told = made.told
        row.outcome, row.indication, row.urgency = other.outcome, other.indication, "routine"
        row.said = "Nothing at all"
        row.save()
        made.told = {**told, "screened": "not-flagged"}
        made.save()
    assert [plain(client.get(url).content) for url in pages] == flagged
    # That it would be seen: the words of the assessment are another's.
    area = made.person.assessmentareas.get()
    area.words = "Other words"
    area.save()
    assert plain(client.get(pages[-1]).content) != flagged[-1]


def test_interviews_are_scored_apart_and_never_with_later_ones(project: Project) -> None:
    project.begin()

    def score(actor: Any, **changed: Any) -> None:
        told = {"script": "script-1", "answers": {"rr-debt": "yes"}, "later": False, **changed}
        score_interview(actor=actor, study=project.study, **told)

    score(project.author)
    score(project.readers[0])
    score(project.author, later=True)
    assert refusal(lambda: score(project.author)) == "scored-already"
    assert refusal(lambda: score(project.author, script="Amina Hassan")) == "script-code"
    assert refusal(lambda: score(project.author, answers={"rr-none": "yes"})) == "no-answer"


def test_one_reading_or_two_that_differ_are_no_assessment(project: Project) -> None:
    project.begin()
    for founds in (("yes",), ("yes", "no"), ("yes", "yes")):
        row = project.interview(yes=True)
        made = project.enrol(row)
        project.assess(row.person)
        for reader, found in zip(project.readers, founds, strict=False):
            record_reading(actor=reader, enrolment=made, found=found)
    close_study(actor=project.author, study=project.study)
    compute_result(actor=JOB, study=project.study)
    with open_vault():
        found = project.study.result
    assert (found["people"], found["assessed"], found["victims"]) == (3, 1, 1)
    said = {each["code"].split(":")[-1]: each["params"] for each in found["remarks"]}
    assert said["study-read-by-too-few"] == said["study-not-agreed"] == {"people": 1}


def test_from_the_plan_to_figures(project: Project) -> None:
    project.run(PEOPLE, whole=True)
    with open_vault():
        found = project.study.result
    assert (found["people"], found["assessed"], found["victims"]) == (8, 8, 4)
    assert found["sensitivity"]["estimate"] == pytest.approx(3 / 4)
    assert found["specificity"]["estimate"] == pytest.approx(3 / 4)
    assert project.study.digest == found["digest"]
    with open_vault():
        told = Enrolment.objects.filter(study=project.study)[0].told
    assert told["age_group"] == "age_25_59"
