"""A child of whom everything is known that the apps for children can know: something in every
table about it, and the same word in every text that somebody may type.

Made by the actions, so that what is stored is what the pages store. Whoever uses it compares the
tables with those of the apps (``APPS``), so that a new one is not forgotten.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Q

from marfa.apps.accounts.models import User
from marfa.apps.age_assessment import actions as ages
from marfa.apps.age_assessment.models import AgeAssessment
from marfa.apps.alternative_care.actions import placements, places
from marfa.apps.alternative_care.models import CarePlace, Placement
from marfa.apps.alternative_care.models.places import CHECKS
from marfa.apps.assistance.actions.assistance import HelpRequest, ask_help
from marfa.apps.best_interests.actions import answers, assessments, determinations, panels
from marfa.apps.best_interests.actions import representatives as adults
from marfa.apps.best_interests.agreement import Agreement
from marfa.apps.best_interests.models import Determination, PanelMember
from marfa.apps.cases.models import Case
from marfa.apps.child_talks.actions import talks
from marfa.apps.children.actions.endings import ask_to_end_duty
from marfa.apps.consents.actions.legal_bases import OtherBasis, record_other_basis
from marfa.apps.detention import actions as detention
from marfa.apps.detention.models import ALTERNATIVES, MEASURES, Detention
from marfa.apps.form_pages.editor import Change
from marfa.apps.organisations.actions import assign_user
from marfa.apps.registry.actions import claim_relationship, doubt_age, settle_relationship
from marfa.apps.registry.models import Person, Relationship
from marfa.apps.reintegration.actions import plans, steps
from marfa.apps.tracing.actions import claims, enquiries, partings, requests, reunification
from marfa.apps.tracing.models import ClaimedRelative, Enquiry
from marfa.apps.violation_notices import actions as notices
from marfa.domain.dates import PartialDate
from marfa.platform import clock
from marfa.safeguards.words import Purpose
from tests.apps.cases.office import ADULT, CHILD, Office
from tests.apps.consents.examples import agreed, clinic

APPS = (
    "children",
    "best_interests",
    "detention",
    "tracing",
    "alternative_care",
    "child_talks",
    "age_assessment",
    "violation_notices",
    "reintegration",
)
"""The apps that are about children."""


class Whole:
    """One child with a case, and everything. say: what stands in every text."""

    def __init__(self, office: Office, say: str = "So it is") -> None:
        self.office, self.say = office, say
        self.worker, self.boss = office.worker, office.supervisor
        self.person: Person = office.register(CHILD)
        user = User.objects.get(pk=self.worker.id)
        assign_user(user=user, object_kind="Person", object_id=self.person.pk)
        self.case: Case = office.case(self.person)
        self.today = clock.today(office.site.time_zone)
        self.later = self.today + timedelta(days=5)
        self.agency = clinic(kind="tracing", name="Tracing body")
        agreed(self.agency, "tracing")

    def everything(self, place: CarePlace, sibling: Person | None = None) -> None:
        """place: where the child lives. sibling: from whom it is apart."""
        self.relatives()
        self.decisions()
        self.enquired()
        self.family()
        self.sought()
        self.apart(sibling or self.office.register(CHILD))
        self.lives(place)
        self.spoken()
        self.notice()
        self.plan()
        self.held()
        self.aged()
        self.duty()

    def yes(self) -> Agreement:
        return Agreement("child", "given", self.able.pk, clock.now())

    def relatives(self) -> None:
        """An aunt of verified tie, and what the child can decide."""
        self.aunt = self.office.register(ADULT)
        self.tie = self.related(self.aunt, "aunt_or_uncle")
        told = {"about": self.say, "explained": self.say, "said": self.say}
        self.able = answers.note_capacity(actor=self.worker, case=self.case, level="alone", **told)

    def related(self, other: Person, kind: str) -> Relationship:
        row = claim_relationship(
            actor=self.office.officer,
            purpose=Purpose.REGISTRATION,
            person=other,
            to=self.person,
            kind=kind,
        )
        settle_relationship(
            actor=self.boss,
            purpose=Purpose.ASSISTANCE,
            row=row,
            state=Relationship.State.VERIFIED,
            basis="Family book",
        )
        return row

    # ---- Best interests --------------------------------------------------------------------

    def decisions(self) -> None:
        self.adults()
        self.agency_decides()
        said = assessments.Assessed(
            "some", {"safety": self.say}, "told", self.say, self.say, self.later
        )
        assessments.assess_best_interests(actor=self.worker, case=self.case, told=said)
        answers.record_child_answer(
            actor=self.worker, case=self.case, agreement=self.yes(), about=self.say, text=self.say
        )
        self.before_panel("transfer", self.agency.pk)
        ordered = self.before_panel("separation")
        self.decided(ordered)
        determinations.enter_order(
            actor=self.worker,
            row=ordered,
            ordered_by=self.say,
            reference=self.say[:100],
            on=self.today,
        )

    def adults(self) -> None:
        told: dict[str, Any] = {"basis": "authority", "name": self.say, "reach": self.say}
        told |= {"since": self.today, "review_on": self.later, "appointed_by": self.say}
        for kind in ("guardian", "lawyer"):
            row = adults.appoint_representative(
                actor=self.worker, case=self.case, told=adults.NewRepresentative(kind, **told)
            )
            adults.end_representative(actor=self.worker, row=row, text=self.say)
        adults.appoint_representative(
            actor=self.worker, case=self.case, told=adults.NewRepresentative("lawyer", **told)
        )
        for _ in range(2):
            doubt = adults.doubt_adult(
                actor=self.worker,
                case=self.case,
                sign="control",
                text=self.say,
                who=self.say,
            )
        adults.lift_doubt(actor=self.boss, row=doubt, text=self.say)

    def agency_decides(self) -> None:
        for agree in (True, None):
            row = answers.ask_agency(
                actor=self.worker,
                case=self.case,
                agency=None,
                mandate=self.say,
                why=self.say,
                what=self.say,
                child_view=self.say,
                review_on=self.later,
            )
            if agree:
                answers.decide_for_agency(actor=self.boss, row=row, agree=True, text=self.say)

    def before_panel(self, matter: str, about: Any = None) -> Determination:
        say = self.say
        row = determinations.prepare_determination(
            actor=self.worker,
            case=self.case,
            matter=matter,
            question=say,
            named=say,
            about=about,
            meanwhile=say,
        )
        changes: dict[str, Any] = {
            "question": say,
            "named": say,
            "meanwhile": say,
            "view_how": "told",
            "view": say,
            "weighed": say,
        }
        determinations.change_determination(row, Change(self.worker, row.version, changes))
        row.refresh_from_db()
        told = dict.fromkeys(("name", "speaks_for", "against", "safety", "view"), say)
        for _ in range(2):
            determinations.add_option(actor=self.worker, determination=row, told=dict(told))
        member = self.panel(row)
        determinations.put_before_panel(actor=self.worker, row=row)
        panels.record_dissent(actor=self.worker, row=member, text=say)
        return row

    def panel(self, row: Determination) -> PanelMember:
        told: dict[str, Any] = {"determination": row, "role": "child_protection"}
        boss = User.objects.get(pk=self.boss.id)
        panels.add_member(actor=self.worker, colleague=boss, **told)
        told |= {"agency": self.agency, "name": self.say}
        panels.add_member(actor=self.worker, **told, conflict=self.say)
        return panels.add_member(actor=self.worker, **told)

    def decided(self, row: Determination) -> None:
        say = self.say
        told = determinations.Decided("yes", say, say, say, self.later, row.options.first())
        determinations.decide_determination(actor=self.boss, row=row, told=told)
        row.refresh_from_db()

    # ---- Tracing ---------------------------------------------------------------------------

    def enquired(self) -> None:
        """Somebody looks for the child, whom they describe, and for nobody who is known."""
        say = self.say
        told = enquiries.EnquiryTold("aunt_or_uncle", say, say, say, say)
        self.enquiry: Enquiry = enquiries.take_enquiry(
            actor=self.office.officer, site=self.office.site, told=told
        )

    def claim(self) -> ClaimedRelative:
        row = claims.claim_relative(
            actor=self.worker,
            case=self.case,
            kind="aunt_or_uncle",
            name=self.say,
            reach=self.say,
            text=self.say,
        )
        row.case, row.person = self.case, self.person
        child = claims.Account("child", self.say, apart=True, open_questions=True)
        relative = claims.Account("relative", self.say, untold=True)
        for told in (child, relative):
            claims.record_account(actor=self.worker, claim=row, told=told)
        return row

    def find(self, claim: ClaimedRelative, *answers_of_second: bool | None) -> None:
        for agree in answers_of_second:
            found = claims.Finding("verified", "agree", self.say)
            row = claims.propose_outcome(actor=self.worker, claim=claim, found=found)
            if agree is not None:
                claims.answer_decision(actor=self.boss, decision=row, agree=agree, text=self.say)
        claim.refresh_from_db()

    def family(self) -> None:
        """A relative who waits for a second person, and one who is verified and comes home."""
        self.find(self.claim(), None)
        claim = self.claim()
        self.find(claim, False, True)
        claims.record_contact(
            actor=self.worker,
            claim=claim,
            way="call",
            at=clock.now(),
            wished=True,
            text=self.say,
        )
        safe = dict.fromkeys(reunification.SIGNS, "no")
        reunification.check_risks(actor=self.worker, claim=claim, answers=safe, text=self.say)
        for ending in ("stopped", "finished", ""):
            self.way_back(claim, ending)

    def way_back(self, claim: ClaimedRelative, ending: str) -> None:
        told = reunification.Preparation(
            "yes", self.say, clock.now(), False, self.say, agreement=self.yes()
        )
        row = reunification.prepare_reunification(actor=self.worker, claim=claim, told=told)
        row.case, row.claim = self.case, claim
        if ending == "stopped":
            reunification.stop_reunification(actor=self.worker, row=row, text=self.say)
        if ending == "finished":
            reunification.answer_reunification(actor=self.boss, row=row, agree=True)
            visits = reunification.finish_reunification(
                actor=self.worker,
                row=row,
                text=self.say,
                visits=[timedelta(days=each) for each in (1, 2, 3)],
            )
            visits[0].reunification = row
            reunification.record_visit(
                actor=self.worker, visit=visits[0], state="well", text=self.say
            )

    def sought(self) -> None:
        for state in ("", "found"):
            row = requests.open_request(
                actor=self.worker, case=self.case, kind="sibling", name=self.say, text=self.say
            )
            if state:
                requests.end_request(actor=self.worker, request=row, state=state, text=self.say)
                continue
            row.case = self.case
            basis = OtherBasis("tracing", self.agency, "vital_interest", self.say, self.later)
            record_other_basis(
                actor=self.boss, purpose=Purpose.ASSISTANCE, person=self.person, told=basis
            )
            requests.share_request(
                actor=replace(self.boss, stepped_up_at=clock.now()),
                request=row,
                recipient=self.agency,
                fields=["PersonName.kind"],
                agreement=self.yes(),
            )
        fear = requests.Fear("consulate", "child", self.say)
        requests.record_fear(actor=self.worker, case=self.case, fear=fear)

    def apart(self, sibling: Person) -> None:
        pair = Q(person=sibling, to=self.person) | Q(person=self.person, to=sibling)
        if not Relationship.objects.filter(pair).exists():
            self.related(sibling, "sibling")
        partings.ask_parting(actor=self.worker, case=self.case, other=sibling, text=self.say)

    # ---- Care, talks, plans ----------------------------------------------------------------

    def lives(self, place: CarePlace) -> None:
        wanted = placements.Wanted("emergency", self.say, self.say, agreement=self.yes())
        row: Placement = placements.place_child(
            actor=self.worker, case=self.case, place=place, wanted=wanted
        )
        row.case = self.case
        placements.review_child(
            actor=self.worker, placement=row, outcome="stays", view=self.say, text=self.say
        )
        placements.record_care_visit(
            actor=self.worker, placement=row, alone=True, announced=False, text=self.say
        )

    def spoken(self) -> None:
        setting = talks.Setting(
            "spoken", "apart", True, self.say[:90], self.say[:30], self.say[:30], True, "yes"
        )
        talk = talks.begin_talk(
            actor=self.worker, person=self.person, site=self.office.site, setting=setting
        )
        talks.keep_told(actor=self.worker, talk=talk, told=self.say, seen=self.say, signs=[])
        talks.add_adult_account(actor=self.worker, talk=talk, tie=self.tie, text=self.say)
        talks.state_age(actor=self.worker, person=self.person, reached=True)

    def notice(self) -> None:
        ask_help(actor=self.worker, case=self.case, wanted=HelpRequest("shelter"), begin=True)
        notices.write_notice(
            actor=self.worker,
            case=self.case,
            violation="abduction",
            text=self.say,
            agreement=self.yes(),
        )

    def plan(self) -> None:
        heard = plans.Heard("told", self.say, self.later)
        for ends in (True, False):
            row = plans.begin_plan(actor=self.worker, case=self.case, heard=heard)
            plans.review_plan(actor=self.worker, plan=row, heard=heard, text=self.say)
            for state in ("done",) if ends else ("done", ""):
                told = steps.StepTold("papers", self.say, self.say, self.later)
                step = steps.set_step(actor=self.worker, plan=row, told=told)
                if state:
                    steps.end_step(actor=self.worker, row=step, state=state, text=self.say)
            if ends:
                plans.ask_to_end(actor=self.worker, plan=row, ending="reached", view=self.say)
                plans.answer_ending(actor=self.boss, plan=row, agree=True)

    # ---- Detention and age -----------------------------------------------------------------

    def held(self) -> None:
        for ends in (True, False):
            told = detention.Told(
                "criminal", "police", PartialDate.on(self.today), self.say, self.say, self.say
            )
            row: Detention = detention.record_detention(
                actor=self.worker, person=self.person, told=told
            )
            self.watched(row)
            if ends:
                detention.end_detention(
                    actor=self.worker, row=row, how="released", day=self.today, text=self.say
                )

    def watched(self, row: Detention) -> None:
        about: dict[str, Any] = {"actor": self.worker, "row": row}
        detention.note_conditions(**about, answers={}, text=self.say)
        detention.consider_alternative(**about, kind=ALTERNATIVES[0], why_not=self.say)
        detention.note_measure(**about, measure=MEASURES[0], text=self.say)
        detention.note_step(**about, kind="escalated", whom=self.say, text=self.say)
        detention.review_detention(**about, found=self.say, next_on=self.later)

    def aged(self) -> None:
        """An age in doubt: one assessment that was given up, and one that is appealed."""
        row = self.doubted()
        ages.record_answer(actor=self.worker, assessment=row, agreement=self.yes())
        ages.end_as_child(actor=self.worker, assessment=row, text=self.say)
        row = self.assessed()
        ages.record_answer(actor=self.worker, assessment=row, agreement=self.yes())
        for look in row.looks.select_related("assessment"):
            look.assessment = row
            ages.record_look(actor=self.worker, look=look, text=self.say)
        told = ages.ResultTold("documents", self.today, 20, 24, made_by=self.say, words=self.say)
        struck = ages.record_result(
            actor=self.worker,
            assessment=row,
            told=replace(told, born=PartialDate.gregorian(1937, 11, 23), lowest=None, highest=None),
        )
        ages.strike_result(actor=self.boss, result=struck, text=self.say)
        ages.record_result(actor=self.worker, assessment=row, told=told)
        ages.propose_adult(actor=self.worker, assessment=row, text=self.say)
        until = self.today + timedelta(days=14)
        ages.agree_adult(actor=self.boss, assessment=row, appeal_until=until)
        ages.appeal_age(actor=self.worker, assessment=row, text=self.say)
        ages.answer_appeal(actor=self.boss, assessment=row, upheld=False, text=self.say)

    def doubted(self) -> AgeAssessment:
        doubt_age(actor=self.boss, purpose=Purpose.REGISTRATION, person=self.person)
        self.case = Case.objects.select_related("person", "site").get(pk=self.case.pk)
        self.person = self.case.person
        return self.assessed()

    def assessed(self) -> AgeAssessment:
        return ages.ask_assessment(
            actor=self.worker,
            case=self.case,
            need=self.say,
            authority=self.say,
            legal_basis=self.say,
        )

    def duty(self) -> None:
        ask_to_end_duty(actor=self.worker, person=self.person, reason="twice", text=self.say)


def a_house(office: Office, say: str = "Blue door") -> CarePlace:
    """A caregiver who is vetted, whom something was said against, and was not for nothing."""
    told = {
        "kind": "foster_family",
        "label": "Blue door",
        "name": say,
        "address": say,
        "words": say,
        "capacity": 9,
        "held": 0,
        "age_from": 0,
        "age_to": 17,
        "takes": "all",
    }
    place = places.record_place(actor=office.worker, site=office.site, told=told)
    now = clock.now()
    for kind in CHECKS:
        places.record_check(
            actor=office.worker,
            place=place,
            kind=kind,
            outcome="good",
            done_at=now,
            until=now + timedelta(days=60),
            text=say,
        )
    doubt = places.raise_doubt(actor=office.worker, place=place, why="other", text=say)
    places.settle_doubt(actor=office.supervisor, doubt=doubt, text=say)
    vetting = places.ask_vetting(actor=office.worker, place=place)
    places.answer_vetting(actor=office.supervisor, vetting=vetting, agree=True)
    return place
