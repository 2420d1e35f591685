"""A child with everything that best interests know, in each of its states: for the pages and for
the crawl of every state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marfa.apps.accounts.models import User
from marfa.apps.agreements.models import Recipient
from marfa.apps.best_interests.actions.answers import (
    ask_agency,
    decide_for_agency,
    note_capacity,
    record_child_answer,
)
from marfa.apps.best_interests.actions.assessments import Assessed, assess_best_interests
from marfa.apps.best_interests.actions.determinations import (
    Decided,
    add_option,
    change_determination,
    decide_determination,
    drop_determination,
    enter_order,
    prepare_determination,
    put_before_panel,
)
from marfa.apps.best_interests.actions.panels import add_member, record_dissent
from marfa.apps.best_interests.actions.representatives import (
    NewRepresentative,
    appoint_representative,
    doubt_adult,
    end_representative,
    lift_doubt,
)
from marfa.apps.best_interests.agreement import Agreement
from marfa.apps.best_interests.matters import WITHOUT_PANEL
from marfa.apps.best_interests.models import (
    AdultDoubt,
    BestInterestsAssessment,
    CapacityNote,
    Determination,
    PanelMember,
    Representative,
)
from marfa.apps.cases.models import Case
from marfa.apps.form_pages.editor import Change
from marfa.apps.registry.models import Relationship
from marfa.platform import clock
from marfa.safeguards.actor import Actor


class Child:
    """The case of a child. worker prepares, boss decides; other: an agency beside our own."""

    def __init__(self, case: Case, worker: Actor, boss: Actor, other: Recipient) -> None:
        self.case, self.worker, self.boss, self.other = case, worker, boss, other

    @property
    def today(self) -> Any:
        return clock.today(self.case.site.time_zone)

    def appoint(self, tie: Relationship | None = None, **changes: Any) -> Representative:
        told: dict[str, Any] = {
            "kind": "guardian",
            "basis": "tie" if tie else "authority",
            "name": "Nour Guardian (canary-guardian)",
            "reach": "+000 77",
            "since": self.today,
            "review_on": self.today + timedelta(days=60),
            "appointed_by": "" if tie else "The court",
            "relationship": tie,
            **changes,
        }
        return appoint_representative(
            actor=self.worker, case=self.case, told=NewRepresentative(**told)
        )

    def assess(self, **changes: Any) -> BestInterestsAssessment:
        told: dict[str, Any] = {
            "concern": "some",
            "domains": {"safety": "Sleeps at the shelter (canary-safety)"},
            "view_how": "told",
            "view": "I want to go to school",
            "follows": "The shelter does not open to him",
            "review_on": self.today + timedelta(days=14),
            **changes,
        }
        return assess_best_interests(actor=self.worker, case=self.case, told=Assessed(**told))

    def capacity(self, level: str = "alone") -> CapacityNote:
        return note_capacity(
            actor=self.worker,
            case=self.case,
            level=level,
            about="School",
            explained="You may say no",
            said="Yes",
        )

    def prepare(self, matter: str = "transfer", **changes: Any) -> Determination:
        told: dict[str, Any] = {
            "question": "May the clinic take the case?",
            "named": "The clinic",
            "about": self.other.pk,
            "meanwhile": "The shelter, day and night",
            **changes,
        }
        return prepare_determination(actor=self.worker, case=self.case, matter=matter, **told)

    def before_panel(self, row: Determination) -> Determination:
        """Heard, with two options and two members of two agencies, the boss among them."""
        if row.matter not in WITHOUT_PANEL:
            changes = {
                "question": "May it be?",
                "named": "The clinic",
                "meanwhile": "The shelter",
                "view_how": "told",
                "view": "I want to stay",
                "weighed": "It weighed most",
            }
            change_determination(row, Change(self.worker, row.version, changes))
            row.refresh_from_db()
            for name in ("Goes", "Stays"):
                add_option(
                    actor=self.worker,
                    determination=row,
                    told={"name": name, "safety": "Safe there"},
                )
            self.member(row, colleague=User.objects.get(pk=self.boss.id))
            self.member(row, agency=self.other, name="Doctor Haddad")
        put_before_panel(actor=self.worker, row=row)
        return row

    def member(self, row: Determination, **changes: Any) -> PanelMember:
        told = {"role": "child_protection", **changes}
        return add_member(actor=self.worker, determination=row, **told)

    def decide(
        self, row: Determination, actor: Actor | None = None, **changes: Any
    ) -> Determination:
        told: dict[str, Any] = {
            "outcome": "yes",
            "decision": "It goes ahead",
            "reasons": "It is safe there",
            "dissent": "",
            "review_on": self.today + timedelta(days=30),
            "option": row.options.order_by("place").first(),
            **changes,
        }
        decide_determination(actor=actor or self.boss, row=row, told=Decided(**told))
        return row

    def decided(self, matter: str = "transfer", **changes: Any) -> Determination:
        return self.decide(self.before_panel(self.prepare(matter, **changes)))


def make_all_states(child: Child) -> None:
    """Every code of every model of the app, on one child."""
    for kind in Representative.Kind.values:
        child.appoint(kind=kind)
    ended = child.appoint(kind="lawyer", basis="asked", appointed_by="")
    end_representative(actor=child.worker, row=ended, text="She moved")
    for sign in AdultDoubt.Sign.values:
        doubt = doubt_adult(
            actor=child.worker, case=child.case, sign=sign, text="He answers", who="A man"
        )
    lift_doubt(actor=child.boss, row=doubt, text="He is her teacher")
    for level in CapacityNote.Level.values:
        child.capacity(level)
    views = BestInterestsAssessment.ViewHow.values
    for number, view_how in enumerate(views):
        concerns = BestInterestsAssessment.Concern.values
        child.assess(concern=concerns[number % len(concerns)], view_how=view_how)
    guardian = child.appoint()
    for by, basis in (("guardian", guardian.pk), ("child", child.capacity().pk)):
        for answer in ("given", "refused"):
            child_answer(child, Agreement(by, answer, basis, clock.now()))
    for acting in Representative.objects.filter(case=child.case, kind="guardian", ended_at=None):
        end_representative(actor=child.worker, row=acting, text="The court ended it")
    for agree in (True, False, None):
        asked = ask_agency(
            actor=child.worker,
            case=child.case,
            agency=None,
            mandate="The law",
            why="No court sits",
            what="A school",
            child_view="Yes",
            review_on=child.today + timedelta(days=30),
        )
        if agree is not None:
            decide_for_agency(actor=child.boss, row=asked, agree=agree, text="So it is")
        if agree:
            child_answer(child, Agreement("mandate", "given", asked.pk, clock.now()))
    for matter in ("return", "transfer", "transfer", "placement", "separation"):
        decided = child.decided(matter)
    enter_order(
        actor=child.worker, row=decided, ordered_by="The court", reference="7/31", on=child.today
    )
    child.decided("authority_unsafe")
    row = child.before_panel(child.prepare("reunification"))
    for role in PanelMember.Role.values:
        member = child.member(row, agency=child.other, name="Somebody", role=role)
    record_dissent(actor=child.worker, row=member, text="Not yet")
    child.member(row, agency=child.other, name="Kin", conflict="His cousin")
    child.decide(row, outcome="no")
    for view_how in Determination.ViewHow.values:
        row = child.prepare("placement")
        Determination.objects.filter(pk=row.pk).update(view_how=view_how)
    drop_determination(actor=child.worker, row=row)
    child.before_panel(child.prepare("return"))


def child_answer(child: Child, agreement: Agreement) -> None:
    record_child_answer(
        actor=child.worker, case=child.case, agreement=agreement, about="School", text="Said so"
    )
