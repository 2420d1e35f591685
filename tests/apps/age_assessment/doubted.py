"""What tests of age assessments begin with: somebody whose age is in doubt, and their case."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from marfa.apps.age_assessment.actions import (
    ResultTold,
    agree_adult,
    ask_assessment,
    propose_adult,
    record_answer,
    record_look,
    record_result,
)
from marfa.apps.age_assessment.models import AgeAssessment, AgeResult
from marfa.apps.best_interests.agreement import Agreement
from marfa.apps.best_interests.models import CapacityNote
from marfa.apps.cases.models import Case
from marfa.apps.registry.actions import doubt_age
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.apps.cases.office import Office
from tests.conftest import Operation


class Assessed:
    """An age in doubt in a case, and how far its assessment is. worker: whose case it is; boss: the
    second person."""

    def __init__(self, worker: Actor, boss: Actor, case: Case) -> None:
        self.worker, self.boss = worker, boss
        self.case = case
        self.read_again()

    def read_again(self) -> None:
        self.case = Case.objects.select_related("person", "site").get(pk=self.case.pk)
        self.person = self.case.person

    @property
    def today(self) -> date:
        return clock.today(self.case.site.time_zone)

    def reach(self, state: str) -> AgeAssessment:
        """An assessment as far as a state; what comes after a decision is told by the caller."""
        row = self.asked()
        if state != "asked":
            self.yes(row, "refused" if state == "refused" else "given")
        if state in ("proposed", "decided", "appealed", "adult"):
            self.look_at_all(row)
            self.result(row)
            propose_adult(actor=self.worker, assessment=row, text="The papers say so (canary-why)")
        if state in ("decided", "appealed", "adult"):
            until = self.today + timedelta(days=14)
            agree_adult(actor=self.boss, assessment=row, appeal_until=until)
        return row

    def asked(self) -> AgeAssessment:
        return ask_assessment(
            actor=self.worker,
            case=self.case,
            need="A school asks for a paper (canary-need)",
            authority="The family court (canary-authority)",
            legal_basis="Article 12",
        )

    def yes(self, row: AgeAssessment, answer: str = "given") -> None:
        note = CapacityNote(
            organisation_id=self.person.organisation_id,
            person=self.person,
            case=self.case,
            level="alone",
            at=clock.now(),
            by=self.worker.id,
        )
        with open_vault():
            note.explained = "He may say no"
            note.save()
        agreement = Agreement("child", answer, note.pk, clock.now())
        record_answer(actor=self.worker, assessment=row, agreement=agreement)

    def agreed(self) -> AgeAssessment:
        return self.reach("agreed")

    def decided(self) -> AgeAssessment:
        return self.reach("decided")

    def look_at_all(self, row: AgeAssessment) -> None:
        for look in row.looks.select_related("assessment"):
            look.assessment = row
            record_look(actor=self.worker, look=look, text="Nothing was there")

    def result(
        self, row: AgeAssessment, lowest: int = 20, highest: int = 24, **more: object
    ) -> AgeResult:
        told = {"method": "documents", "found_on": self.today, "made_by": "The court"}
        told |= {"lowest": lowest, "highest": highest, **more}
        return record_result(actor=self.worker, assessment=row, told=ResultTold(**told))  # type: ignore[arg-type]


class Doubted(Assessed):
    """A case worker, a supervisor, and somebody of whom it is said that they are no child."""

    def __init__(self, operation: Operation) -> None:
        self.office = Office(operation)
        case: Case = self.office.case()
        doubt_age(
            actor=self.office.officer, purpose=Purpose.REGISTRATION, person=self.office.person
        )
        super().__init__(self.office.worker, self.office.supervisor, case)


EXAMINED: dict[str, Any] = {
    "method": "bones",
    "elsewhere": True,
    "error_years": Decimal("2"),
    "made_by": "A hospital in another country",
}
