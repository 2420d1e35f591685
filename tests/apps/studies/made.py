"""A study as the tests meet it: people, interviews, assessments, readers and signatures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.cases.actions import open_case
from marfa.apps.cases.actions.assessment import begin_assessment, finish_assessment
from marfa.apps.cases.models import AREAS, AssessmentArea, Case
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person
from marfa.apps.screening.actions import (
    ask_first,
    finish_screening,
    keep_answers,
    look_at_conditions,
    open_screening,
)
from marfa.apps.screening.instruments import instrument_panel
from marfa.apps.screening.models import Screening
from marfa.apps.studies.actions import (
    StudyPlan,
    begin_enrolment,
    close_study,
    compute_result,
    enrol_person,
    plan_study,
    propose_band,
    record_reading,
    sign_band,
)
from marfa.apps.studies.models import Band, Enrolment, PanelReading, Study
from marfa.domain.addressee import Addressee
from marfa.domain.ids import new_id
from marfa.methods.screening import PilotUse
from marfa.platform import clock
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role
from tests.apps.screening.test_interview import ADULT, ALL, Office
from tests.conftest import Operation

LIST = "registration-risk"
SIGN = "rr-debt"
TEXTS = {
    "population": "Adults who arrive",
    "reference": "Two readers, by the Palermo Protocol",
    "blinding": "They see no interview",
    "help": "The duty officer of protection",
    "stop_rule": "Harm to anybody; the supervisor",
    "approval_body": "Ethics board",
    "approval_number": "17",
}
JOB = Actor(new_id(), ActorKind.JOB)


class Project:
    """author: the supervisor, who plans. readers: two case workers. signers: a focal point and
    another supervisor."""

    def __init__(self, operation: Operation, **changed: Any) -> None:
        self.office = Office(operation)
        self.author = self.office.supervisor
        self.readers = [self.office.worker, actor_of(operation.colleague)]
        self.controller = operation.controller
        self.signing = [
            User.objects.get(username="focal"),
            self.staff("second", Role.SUPERVISOR),
        ]
        self.signers = [actor_of(user) for user in self.signing]
        self.study = self.planned(**changed)

    def staff(self, name: str, role: Role) -> User:
        user = create_user(username=name, display_name=name.title())
        grant_role(user=user, role=role, organisation=self.controller)
        return user

    def planned(self, **changed: Any) -> Study:
        today = clock.now().date()
        told: dict[str, Any] = {
            "instrument": LIST,
            "languages": ("ar", "en"),
            "sites": [self.office.site],
            "begins": today,
            "approval_ends": today + timedelta(days=300),
            "needed_flagged": 4,
            "needed_not_flagged": 4,
            "percent_not_flagged": 100,
            "children": False,
            "assessors_know": True,
            "texts": TEXTS,
            "panel": [reader.id for reader in self.readers],
        }
        plan = StudyPlan(**{**told, **changed})
        return plan_study(actor=self.author, organisation=self.controller, plan=plan)

    def begin(self) -> None:
        begin_enrolment(actor=self.author, study=self.study)

    def at_once(self, pattern: Screening, person: Person) -> Screening:
        """An interview with somebody else that went as one did."""
        row = Screening(
            organisation_id=person.organisation_id,
            person=person,
            site=pattern.site,
            officer=pattern.officer,
            state="finished",
            opened_at=clock.now(),
            asked_at=clock.now(),
            closed_at=clock.now(),
            language=pattern.language,
            age=pattern.age,
            urgency=pattern.urgency,
            instrument=pattern.instrument,
            instrument_digest=pattern.instrument_digest,
            words=pattern.words,
        )
        row.outcome = pattern.outcome
        row.save(force_insert=True)
        return row

    def interview(self, *, yes: bool, person: Person | None = None) -> Screening:
        """A finished interview in which every question has an answer."""
        office = self.office
        panel = instrument_panel(LIST)
        row = open_screening(
            actor=office.officer,
            person=person or office.register(ADULT),
            site=office.site,
            language="ar",
            addressee=Addressee.FEMININE,
        )
        look_at_conditions(
            actor=office.officer, screening=row, base_version=1, told=ALL, interpreter="T-7"
        )
        use = PilotUse()
        ask_first(actor=office.officer, screening=row, base_version=2, panel=panel, use=use)
        stated = {item.id: "no" for item in panel.instruments[0].items}
        if yes:
            stated[SIGN] = "yes"
        keep_answers(
            actor=office.officer, screening=row, base_version=3, stated=stated, observed={}
        )
        finish_screening(actor=office.officer, screening=row, base_version=3, panel=panel, use=use)
        return row

    def enrol(self, row: Screening, actor: Actor | None = None) -> Enrolment:
        return enrol_person(
            actor=actor or self.author,
            study=self.study,
            screening=row,
            consent="yes",
            understood=True,
        )

    def assess(self, person: Person, words: str = "He kept my papers") -> Case:
        """A case with a finished assessment in which one area was talked about."""
        case = open_case(actor=self.author, person=person, source="person")
        made = begin_assessment(actor=self.author, case=case)
        AssessmentArea.objects.create(
            organisation_id=case.organisation_id,
            person=person,
            assessment=made,
            area=AREAS[0],
            state="asked",
            words=words,
            at=clock.now(),
            by=self.author.id,
        )
        finish_assessment(actor=self.author, assessment=made)
        return case

    def take_in(self, *, yes: bool, victim: bool) -> Enrolment:
        """Somebody who is interviewed, enrolled, assessed and read by both."""
        row = self.interview(yes=yes)
        made = self.enrol(row)
        self.assess(row.person)
        for reader in self.readers:
            record_reading(actor=reader, enrolment=made, found="yes" if victim else "no")
        return made

    def run(self, people: Mapping[tuple[bool, bool], int], *, whole: bool = False) -> None:
        """people: (flagged, victim) -> how many. whole: through every step; otherwise the readings
        are written down as if each had been made."""
        self.begin()
        for (yes, victim), count in people.items():
            pattern = None if whole else self.interview(yes=yes)
            for number in range(count):
                if pattern is None:
                    self.take_in(yes=yes, victim=victim)
                    continue
                row = pattern
                if number:
                    with open_vault():
                        row = self.at_once(pattern, self.office.register(ADULT))
                self.read_at_once(self.enrol(row), victim=victim)
        close_study(actor=self.author, study=self.study)
        compute_result(actor=JOB, study=self.study)

    def read_at_once(self, made: Enrolment, *, victim: bool) -> None:
        for reader in self.readers:
            PanelReading.objects.create(
                organisation_id=made.organisation_id,
                person=made.person,
                enrolment=made,
                reader=reader.id,
                found="yes" if victim else "no",
                in_help=True,
                read_at=clock.now(),
            )

    def propose(self, days: int = 200) -> Band:
        ends = clock.now().date() + timedelta(days=days)
        return propose_band(actor=self.author, study=self.study, ends=ends)

    def signed(self) -> Band:
        """A band with both signatures."""
        band = self.propose()
        for signer in self.signers:
            sign_band(actor=signer, band=band)
        return band
