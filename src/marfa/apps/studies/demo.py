"""The app's part of a demonstration: a study that goes on, and one that ended with too few people
to say anything."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from uuid import UUID

from marfa.apps.accounts.models import User
from marfa.apps.cases.actions import open_case
from marfa.apps.cases.actions.assessment import (
    begin_assessment,
    finish_assessment,
    write_area,
)
from marfa.apps.cases.actions.case_opening import open_case_of
from marfa.apps.cases.models import AREAS, AssessmentArea, Case
from marfa.apps.cases.policy_facts import case_of
from marfa.apps.cases.queries import ASKED
from marfa.apps.form_pages.editor import Change
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import COLLEAGUE, FOCAL, SUPERVISOR
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of, data_controller
from marfa.apps.studies.actions import (
    StudyPlan,
    begin_enrolment,
    close_study,
    compute_result,
    enrol_person,
    plan_study,
)
from marfa.apps.studies.jobs import compute_study
from marfa.apps.studies.models import Study
from marfa.apps.studies.queries import can_be_enrolled, enrolled_people
from marfa.domain.fiction import told_in_both
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.jobs.models import Job
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.charter.decisions import decide

LIST = "registration-risk"
APPROVED = timedelta(days=180)
MOST = 8
"""People who take part in each; some can still be asked."""
READY = 3
"""Of those, who can be read. A reader who becomes responsible for one of them reads the others."""
TOLD = told_in_both("احتفظ بأوراقي.", "He kept my papers.")
TEXTS = {
    "population": told_in_both("كل بالغ يصل إلى الموقع.", "Every adult who arrives."),
    "reference": told_in_both(
        "قارئان، وفق بروتوكول باليرمو.", "Two readers, by the Palermo Protocol."
    ),
    "blinding": told_in_both("لا يفتحون المقابلات.", "They open no interview."),
    "help": told_in_both("مناوب الحماية.", "Whoever is on duty in protection."),
    "stop_rule": told_in_both("أي أذى، ويقرر المشرف.", "Any harm; the supervisor decides."),
    "approval_body": told_in_both("هيئة خيالية", "A made-up board"),
    "approval_number": told_in_both("رقم 17", "Number 17"),
}


def make_demo(desks: tuple[Desk, ...]) -> None:
    """The focal point has planned both; the supervisor has asked people; two case workers read."""
    names = (FOCAL, SUPERVISOR, Desk.PROTECTION.value, COLLEAGUE)
    found = {user.username: user for user in User.objects.filter(username__in=names)}
    if len(found) < len(names):
        return
    author, asks = actor_of(found[FOCAL]), actor_of(found[SUPERVISOR])
    readers = [found[name].pk for name in (Desk.PROTECTION.value, COLLEAGUE)]
    with row_context(author.organisations):
        ended, goes_on = (
            plan_study(actor=author, organisation=data_controller(), plan=made_up_plan(readers))
            for _ in range(2)
        )
        for study in (ended, goes_on):
            begin_enrolment(actor=author, study=study)
            _ask(asks, study)
        _assess(actor_of(found[COLLEAGUE]), goes_on)
        close_study(actor=author, study=ended)
        compute_result(actor=Actor(new_id(), ActorKind.JOB), study=ended)
        # Its figures stand already: nothing is left to be done beside.
        Job.objects.filter(name=compute_study.name).delete()


def made_up_plan(readers: list[UUID]) -> StudyPlan:
    """A plan with all that it needs, from yesterday on."""
    today = clock.now().date()
    return StudyPlan(
        instrument=LIST,
        languages=("ar", "en"),
        sites=list(Site.objects.filter(organisation=data_controller())),
        begins=today - timedelta(days=1),
        approval_ends=today + APPROVED,
        needed_flagged=60,
        needed_not_flagged=200,
        percent_not_flagged=100,
        children=False,
        assessors_know=True,
        texts=TEXTS,
        panel=readers,
    )


def _ask(actor: Actor, study: Study) -> None:
    """Who must not take part does not, in a demonstration neither."""
    for screening in can_be_enrolled(actor, study)[:MOST]:
        with contextlib.suppress(InputError):
            enrol_person(
                actor=actor, study=study, screening=screening, consent="yes", understood=True
            )


def _assess(actor: Actor, study: Study) -> None:
    """Some of them are helped and assessed by a colleague, and wait for the readers."""
    assessed = 0
    for row in enrolled_people(study).order_by("consented_at", "pk"):
        opens = decide(actor, "cases.open", case_of(row.person, row.pk), ASKED).allowed
        if opens and open_case_of(row.person) is None:
            case = open_case(actor=actor, person=row.person, source=Case.Source.PERSON)
            made = begin_assessment(actor=actor, case=case)
            area = AssessmentArea(
                organisation_id=case.organisation_id,
                person=row.person,
                assessment=made,
                area=AREAS[0],
            )
            told = {"state": "asked", "need": "some", "words": TOLD}
            write_area(area, Change(actor, area.version, told))
            finish_assessment(actor=actor, assessment=made)
            assessed += 1
        if assessed == READY:
            return
