"""States of records that no demonstration has, reached by the actions that lead to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from marfa.apps.accounts.models import User
from marfa.apps.age_assessment.actions import appeal_age, end_as_child, make_adult
from marfa.apps.agreements.models import Recipient
from marfa.apps.assistance.actions.assistance import HelpRequest, ask_help
from marfa.apps.assistance.actions.follow_up import plan_contact, record_voice
from marfa.apps.assistance.actions.plans import assess_return, end_goal, set_goal
from marfa.apps.assistance.actions.sessions import SessionTold, record_session, strike_session
from marfa.apps.assistance.models import HelpSession, ReturnAssessment
from marfa.apps.best_interests.actions.answers import note_capacity
from marfa.apps.best_interests.agreement import Agreement
from marfa.apps.cases.actions import (
    accept_transfer,
    answer_review,
    ask_to_close,
    ask_transfer,
    assign_case,
    open_case,
    presume_victim,
    refuse_transfer,
    reopen_case,
    withdraw_transfer,
    write_note,
)
from marfa.apps.cases.actions.assessment import begin_area, begin_assessment, finish_assessment
from marfa.apps.cases.actions.episodes import add_episode
from marfa.apps.cases.models import Assessment, AssessmentArea, Case, CaseTransfer, Review
from marfa.apps.child_talks.actions.talks import Setting as Talking
from marfa.apps.child_talks.actions.talks import begin_talk as talk_with_child
from marfa.apps.child_talks.actions.talks import end_talk, pause_talk
from marfa.apps.child_talks.actions.trainings import enter_training
from marfa.apps.child_talks.models import ChildTalk, TalkTraining
from marfa.apps.complaints.actions import make_complaint, note_on_complaint
from marfa.apps.complaints.models import Complaint
from marfa.apps.consents.actions import record_consent
from marfa.apps.consents.actions.legal_bases import OtherBasis, record_other_basis
from marfa.apps.consents.demo import free_answer
from marfa.apps.detention.actions import (
    Told,
    end_detention,
    lose_track,
    note_step,
    record_detention,
    refuse_to_agree,
)
from marfa.apps.detention.actions.work import DOABLE
from marfa.apps.detention.models import Detention
from marfa.apps.forms.actions.conversions import (
    add_upload,
    end_upload,
    examine_upload,
    refuse_upload,
)
from marfa.apps.forms.actions.devices import connect_device
from marfa.apps.forms.actions.uploads import keep_upload, stop_upload
from marfa.apps.forms.models import FormUpload
from marfa.apps.forms.upload_parts import Part
from marfa.apps.incidents.actions import move_incident, record_incident
from marfa.apps.list_files.actions import (
    approve_names,
    ask_for_names,
    decline_names,
    making_names,
    withdraw_names,
)
from marfa.apps.list_files.models import NamedFileRequest
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import assign_user, create_team, join_team, lend_role
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.demo import COLLEAGUE, FOCAL, OFFICER, SITES, SUPERVISOR
from marfa.apps.organisations.models import RoleGrant, Site
from marfa.apps.organisations.queries import actor_of, data_controller
from marfa.apps.proceedings.actions import (
    ask_counsel,
    ask_measure,
    decide_measure,
    name_counsel,
    record_act,
    record_cooperation,
    review_act,
)
from marfa.apps.proceedings.models import Cooperation, Measure
from marfa.apps.reception.actions.interview import begin_talk, finish_talk, stop_talk
from marfa.apps.reception.actions.queue import add_reason, ask_to_remove
from marfa.apps.reception.models import QueueEntry, ScreeningReason
from marfa.apps.referrals.actions.prepared_referrals import (
    drop_prepared_referral,
    give_back_prepared_referral,
    prepare_referral,
    send_prepared_referral,
)
from marfa.apps.referrals.actions.referrals import ReferralRequest, send_referral
from marfa.apps.registry.actions import (
    NewName,
    NewPerson,
    add_to_person,
    claim_relationship,
    doubt_age,
    record_event,
    register_birth,
    register_person,
    settle_relationship,
)
from marfa.apps.registry.actions.exclusions import (
    ask_to_lift,
    confirm_exclusion,
    exclude_from_record,
    lift_from_record,
)
from marfa.apps.registry.actions.protection import ask_to_unprotect, protect_person
from marfa.apps.registry.models import (
    ContactPoint,
    Person,
    RecordExclusion,
    Registration,
    Relationship,
)
from marfa.apps.screening.actions import (
    answer_lowering,
    ask_first,
    ask_to_lower,
    choose_needs_door,
    finish_screening,
    hand_over,
    keep_answers,
    look_at_conditions,
    open_screening,
    record_danger,
    write_site_words,
)
from marfa.apps.screening.models import Danger, HandOver, OutcomeChange, Screening, SiteWords
from marfa.apps.studies.actions import plan_study
from marfa.apps.studies.demo import made_up_plan
from marfa.apps.studies.models import Enrolment
from marfa.apps.tours.actions import begin_tour, leave_tour
from marfa.apps.violation_notices.actions import (
    take_notice_along,
    withdraw_notice,
    write_notice,
)
from marfa.domain.addressee import Addressee
from marfa.domain.dates import PartialDate, born_when_aged
from marfa.domain.message import InputError, Message
from marfa.methods.screening.outcome import Urgency
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.words import Purpose
from tests.apps.age_assessment.doubted import Assessed
from tests.apps.alternative_care.states import CareStates
from tests.apps.best_interests.states import Child, make_all_states
from tests.apps.children.states import make_duty_states
from tests.apps.forms.sheets import sheet
from tests.apps.reception.test_interview import SAFE
from tests.apps.reintegration.states import make_plan_states
from tests.apps.screening.test_interview import ALL, PANEL, USE
from tests.apps.tracing.states import TracingStates

REGISTRATION = Purpose.REGISTRATION
HIDDEN_NAME = "Zubaydah Almaknun"
DAY = timedelta(days=1)


def make_states() -> None:
    """All of them, on top of a demonstration with a year."""
    with every_organisation():
        made = Maker()
        made.people()
        made.exclusions()
        made.hidden()
        made.cases()
        made.proceedings()
        made.ages()
        made.child_talks()
        made.notices()
        made.helped()
        made.detentions()
        made.queue()
        made.needs_door()
        made.office()
        made.studies()
        made.named_files()
        made.spreadsheets()
        made.texts()
        made.best_interests()
        made.families()
        made.children()


class Maker:
    """Who makes them: those of the demonstration."""

    def __init__(self) -> None:
        named = (SUPERVISOR, COLLEAGUE, FOCAL, OFFICER, Desk.RECEPTION, Desk.PROTECTION)
        self.users = {name: User.objects.get(username=name) for name in named}
        self.actors = {name: actor_of(user) for name, user in self.users.items()}
        self.boss = self.actors[SUPERVISOR]
        self.gate = Site.objects.get(name=SITES[0][0])

    def person(self, name: str = "") -> Person:
        born = born_when_aged(30, 30, clock.today(self.gate.time_zone))
        names = (NewName(name),) if name else ()
        told = NewPerson(names, "female", born, "stated")
        return register_person(actor=self.boss, purpose=REGISTRATION, site=self.gate, told=told)

    def case(self, source: str = "person") -> Case:
        return open_case(actor=self.boss, person=self.person(), source=source)

    def people(self) -> None:
        about: dict[str, Any] = {"actor": self.boss, "purpose": REGISTRATION}
        dead, back, mother, other = (self.person() for _ in range(4))
        record_event(**about, person=dead, event=Registration.Event.DEATH)
        record_event(**about, person=back, event=Registration.Event.DEPARTURE)
        back.refresh_from_db()
        record_event(**about, person=back, event=Registration.Event.RETURN)
        register_birth(**about, parent=mother, told=NewPerson())
        row = claim_relationship(**about, person=mother, to=other, kind="sibling")
        add_to_person(
            **about, person=other, model=ContactPoint, values={"kind": "phone", "value": "+000 1"}
        )
        settle_relationship(
            actor=self.actors[Desk.RECEPTION],
            purpose=REGISTRATION,
            row=row,
            state=Relationship.State.REFUTED,
            basis="They said so.",
        )

    def exclusions(self) -> None:
        """To be confirmed, late, confirmed, asked to be lifted, and lifted."""
        second = self.actors[COLLEAGUE]
        for state in ("waiting", "late", "confirmed", "asked", "lifted"):
            person = self.case().person
            assign_user(user=self.users[COLLEAGUE], object_kind="Person", object_id=person.pk)
            row = exclude_from_record(
                actor=self.boss,
                person=person,
                who=self.users[Desk.PROTECTION],
                wish="colleague" if state == "asked" else "own",
                reason="He is her uncle.",
            )
            if state == "late":
                # Three days went by.
                over = {"began_at": row.began_at - 4 * DAY, "confirm_by": row.confirm_by - 4 * DAY}
                RecordExclusion.objects.filter(pk=row.pk).update(**over)
            if state in ("confirmed", "lifted"):
                confirm_exclusion(actor=second, exclusion=row)
            if state in ("asked", "lifted"):
                ask_to_lift(actor=self.boss, exclusion=row, why="She asks for him.")
            if state == "lifted":
                lift_from_record(actor=second, exclusion=row)

    def hidden(self) -> None:
        """Somebody with a name and a case who is protected, and for whom it was asked to end."""
        case = open_case(actor=self.boss, person=self.person(HIDDEN_NAME), source="family")
        write_note(actor=self.boss, case=case, text=f"{HIDDEN_NAME} sleeps badly")
        protect_person(
            actor=self.boss,
            person=case.person,
            reason="They look for her.",
            review_on=clock.today(self.gate.time_zone) + 9 * DAY,
            staying=[self.users[FOCAL], self.users[COLLEAGUE]],
        )
        ask_to_unprotect(actor=self.actors[FOCAL], person=case.person, why="She wishes it.")

    def cases(self) -> None:
        worker = self.actors[Desk.PROTECTION]
        case = self.case("other")
        write_note(
            actor=self.boss, case=case, kind="conference", present="Nurse", text="She stays here"
        )
        record_voice(actor=self.boss, case=case, mark="harms", text="They shout")
        goal = set_goal(actor=self.boss, case=case, area="shelter", text="A room")
        end_goal(actor=self.boss, row=goal, state="dropped")
        add_episode(actor=self.boss, case=case)
        for finished in (True, False):
            assessment = begin_assessment(actor=self.boss, case=case)
            self.area(assessment, "safety")
            if finished:
                AssessmentArea.objects.filter(assessment=assessment).update(state="asked")
                finish_assessment(actor=self.boss, assessment=assessment)
        for agree in (True, False):
            case = self.case()
            look: Review = ask_to_close(
                actor=self.boss, case=case, reason="goals_met", text="She left"
            )
            answer_review(actor=worker, review=look, agree=agree, text="So it is")
            if agree:
                reopen_case(actor=self.boss, case=case, text="She came back")

        self.transfers()

    def transfers(self) -> None:
        """Asked of a colleague: waiting, accepted, declined, withdrawn, overtaken."""
        worker, user = self.actors[Desk.PROTECTION], self.users[Desk.PROTECTION]
        for state in CaseTransfer.State:
            case = self.case()
            row = ask_transfer(actor=self.boss, case=case, worker=user, text="She asks for you")
            if state == "accepted":
                accept_transfer(actor=worker, transfer=row)
            if state == "refused":
                refuse_transfer(actor=worker, transfer=row, text="I know her")
            if state == "withdrawn":
                withdraw_transfer(actor=self.boss, transfer=row)
            if state == "overtaken":
                assign_case(actor=self.boss, case=case, worker=self.users[SUPERVISOR])

    def area(self, assessment: Assessment, area: str) -> None:
        row = AssessmentArea(
            organisation_id=assessment.organisation_id,
            person=assessment.person,
            assessment=assessment,
            area=area,
        )
        begin_area(row, self.boss)

    def proceedings(self) -> None:
        person = self.case().person
        for answer in Cooperation.Answer.values:
            record_cooperation(actor=self.boss, person=person, answer=answer)
        for kind, state in zip(Measure.Kind.values, Measure.State.values, strict=False):
            row = ask_measure(actor=self.boss, person=person, kind=kind)
            decide_measure(actor=self.boss, measure=row, state=state)
        counsel = ask_counsel(actor=self.boss, person=person)
        name_counsel(actor=self.boss, row=counsel, counsel="Nadia Lawyer")
        worker = self.users[Desk.PROTECTION]
        assign_user(user=worker, object_kind="Person", object_id=person.pk)
        for may_leave in (None, True, False):
            act = record_act(
                actor=actor_of(worker), person=person, text="She carried it", with_counsel=True
            )
            if may_leave is not None:
                review_act(actor=self.boss, act=act, text="Seen", may_leave=may_leave)

    def ages(self) -> None:
        """Assessments of ages in doubt, one in each state."""
        for reached in ("asked", "refused", "agreed", "proposed", "decided", "appealed", "adult"):
            case = self.case()
            doubt_age(actor=self.boss, purpose=REGISTRATION, person=case.person)
            worker = self.actors[Desk.PROTECTION]
            self.assign(case)
            made = Assessed(worker, self.boss, Case.objects.get(pk=case.pk))
            row = made.reach(reached)
            if reached == "appealed":
                appeal_age(actor=worker, assessment=row, text="Her papers are at home")
            if reached == "adult":
                with clock.set_to(clock.now() + 20 * DAY):
                    make_adult(actor=self.boss, assessment=row)
            if reached == "agreed":
                end_as_child(actor=worker, assessment=row, text="A child")
                made.reach("agreed")

    def child_talks(self) -> None:
        """Talks in every state and way; a training in a language."""
        worker = self.users[Desk.PROTECTION]
        enter_training(
            actor=self.boss,
            organisation=data_controller(),
            user=worker,
            what=TalkTraining.What.LANGUAGE,
            language="apc",
            until=clock.now().date() + 9 * DAY,
        )
        ways = (*ChildTalk.Way.values, ChildTalk.Way.SPOKEN, ChildTalk.Way.SPOKEN)
        for way, reached in zip(ways, ChildTalk.State.values, strict=True):
            told = NewPerson((), "female", born_when_aged(12, 12, clock.now().date()), "stated")
            child = register_person(
                actor=self.boss, purpose=REGISTRATION, site=self.gate, told=told
            )
            assign_user(user=worker, object_kind="Person", object_id=child.pk)
            leave = {"declined": "no", "another_day": "later"}.get(reached, "yes")
            setting = Talking(way, "apart", False, interpreter="T-7", told_first=True, leave=leave)
            actor = actor_of(worker)
            talk = talk_with_child(actor=actor, person=child, site=self.gate, setting=setting)
            if reached == "paused":
                pause_talk(actor=actor, talk=talk)
            if reached == "ended":
                end_talk(actor=actor, talk=talk)

    def notices(self) -> None:
        """Notifications of violations: written, taken along, withdrawn."""
        told = NewPerson((), "female", born_when_aged(13, 13, clock.now().date()), "stated")
        child = register_person(actor=self.boss, purpose=REGISTRATION, site=self.gate, told=told)
        case = open_case(actor=self.boss, person=child, source="person")
        ask_help(actor=self.boss, case=case, wanted=HelpRequest("shelter"), begin=True)
        note = {"about": "A notification", "explained": "It may say no", "said": "Yes"}
        able = note_capacity(actor=self.boss, case=case, level="alone", **note)
        for then in (None, take_notice_along, withdraw_notice):
            row = write_notice(
                actor=self.boss,
                case=case,
                violation="abduction",
                text="They took her",
                agreement=Agreement("child", "given", able.pk, clock.now()),
            )
            if then is not None:
                then(actor=self.boss, case=case, notice=row)

    def helped(self) -> None:
        """Contacts in every way, returns, a transfer, presumptions for other reasons."""
        safe = {"kind": "phone", "value": "+000 2", "safety": "safe"}
        for way in ("phone", "message", "through_other"):
            case = self.case()
            point = add_to_person(
                actor=self.boss,
                purpose=Purpose.ASSISTANCE,
                person=case.person,
                model=ContactPoint,
                values=safe,
            )
            assert isinstance(point, ContactPoint)
            due = clock.now() + DAY
            plan_contact(actor=self.boss, case=case, way=way, due_at=due, point=point)
        for conclusion in ReturnAssessment.Conclusion.values:
            assess_return(
                actor=self.boss,
                case=case,
                kind="voluntary_return",
                country="LY",
                wished=True,
                conclusion=conclusion,
                text="Two reports",
                valid_until=clock.now().date() + 9 * DAY,
            )
        wanted_help = HelpRequest("mental_health_and_psychosocial")
        row = ask_help(actor=self.boss, case=case, wanted=wanted_help, begin=True)
        for came in HelpSession.Came.values:
            session = SessionTold(clock.today(case.site.time_zone), came, again=True)
            made = record_session(actor=self.boss, row=row, told=session)
        strike_session(actor=self.boss, row=made)
        wanted = ReferralRequest(
            "transfer",
            "assistance",
            "days",
            "She moves there",
            ("Person.code",),
            site=Site.objects.get(name=SITES[1][0]),
        )
        send_referral(actor=self.boss, case=case, wanted=wanted)
        self.prepared_referrals()
        for ground in ("child", "other"):
            presume_victim(actor=self.boss, person=self.person(), ground=ground, text="So it is")
        told = OtherBasis(
            "assistance", None, "vital_interest", "She is in danger", clock.now().date() + 9 * DAY
        )
        record_other_basis(
            actor=self.boss, purpose=Purpose.ASSISTANCE, person=case.person, told=told
        )

    def detentions(self) -> None:
        """Held, lost, and over in every way, with every step that is written down."""
        for state in Detention.State:
            person = self.case().person
            today = PartialDate.on(clock.today(self.gate.time_zone))
            told = Told("armed_group", "military", today, place="A base")
            row = record_detention(actor=self.boss, person=person, told=told)
            if state == "held":
                for kind in DOABLE:
                    note_step(actor=self.boss, row=row, kind=kind, whom="The office")
                refuse_to_agree(actor=self.boss, row=row, whom="A colonel")
            elif state == "unknown":
                lose_track(actor=self.boss, row=row, text="Moved by night")
            else:
                day = clock.today(self.gate.time_zone)
                end_detention(actor=self.boss, row=row, how=state, day=day, text="She told it")

    def prepared_referrals(self) -> None:
        """Prepared for the clinic: waiting, given back, prepared again, sent, withdrawn."""
        worker = self.actors[Desk.PROTECTION]
        clinic = Recipient.objects.filter(guest=None).order_by("pk")[0]
        wanted = ReferralRequest(
            "referral",
            "assistance",
            "days",
            "A doctor",
            ("Person.code",),
            recipient=clinic,
            way="package",
            support="medical_care",
        )
        for state in ("waiting", "given_back", "replaced", "sent", "dropped"):
            case = open_case(actor=worker, person=self.person(), source="person")
            self.assign(case)
            record_consent(
                actor=self.boss,
                purpose=Purpose.ASSISTANCE,
                person=case.person,
                answer=free_answer(clinic),
            )
            row = prepare_referral(actor=worker, case=case, wanted=wanted)
            if state in ("given_back", "replaced"):
                give_back_prepared_referral(actor=self.boss, prepared=row, text="Fewer fields")
            if state == "replaced":
                prepare_referral(actor=worker, case=case, wanted=wanted, instead_of=row)
            if state == "sent":
                boss = replace(self.boss, stepped_up_at=clock.now())
                send_prepared_referral(actor=boss, prepared=row)
            if state == "dropped":
                drop_prepared_referral(actor=worker, prepared=row)

    def assign(self, case: Case) -> None:
        user = self.users[Desk.PROTECTION]
        assign_user(user=user, object_kind="Person", object_id=case.person_id)

    def queue(self) -> None:
        """Talks that go on, are over and were stopped; reasons of an officer, one disputed."""
        officer = self.actors[Desk.RECEPTION]
        for end in (None, finish_talk, stop_talk):
            person = self.person()
            talk = begin_talk(
                actor=officer, entry=QueueEntry.objects.get(person=person), setting=SAFE
            )
            if end is not None:
                end(actor=officer, talk=talk)
        person = self.person()
        for _ in range(2):
            reason = add_reason(
                actor=officer, person=person, sentence="He answers for her", urgency=Urgency.DAYS
            )
        ask_to_remove(actor=officer, reason=reason, why="A mistake")
        asking = Screening.objects.filter(state="asking").select_related("person", "site").first()
        assert asking is not None
        for kind in Danger.values:
            record_danger(actor=self.boss, screening=asking, kind=kind, done="We went away")
        change = OutcomeChange.objects.filter(state="waiting").first()
        assert change is not None
        other = officer if change.asked_by == self.boss.id else self.boss
        answer_lowering(actor=other, change=change, agree=False)
        asked = User.objects.get(pk=change.asked_by)
        ask_to_lower(
            actor=actor_of(asked),
            screening=change.screening,
            indication="none_seen",
            urgency="routine",
            sentence="Again",
        )

    def families(self) -> None:
        """Who is looked for, who came forward, and where people live in care."""
        cases = [self.case() for _ in range(8)]
        for case in cases:
            self.assign(case)
        worker = self.actors[Desk.PROTECTION]
        TracingStates(worker, self.boss, self.gate).make(cases[:2])
        CareStates(worker, self.boss, self.gate).make(cases[2:])

    def needs_door(self) -> None:
        """Handed over to those who assess needs, and waiting there."""
        choose_needs_door(actor=self.boss, site=self.gate, opened=True)
        person = self.person()
        ScreeningReason.objects.filter(person=person).delete()
        row: Screening = open_screening(
            actor=self.boss,
            person=person,
            site=self.gate,
            language="ar",
            addressee=Addressee.FEMININE,
        )
        look_at_conditions(
            actor=self.boss, screening=row, base_version=1, told=ALL, interpreter="T-7"
        )
        ask_first(actor=self.boss, screening=row, base_version=2, panel=PANEL, use=USE)
        alone = dict.fromkeys(("vd-poverty", "vd-family", "vd-status"), "yes")
        keep_answers(actor=self.boss, screening=row, base_version=3, stated=alone, observed={})
        finish_screening(actor=self.boss, screening=row, base_version=3, panel=PANEL, use=USE)
        hand_over(actor=self.boss, screening=row, ground=HandOver.Ground.AGREED, note="")

    def studies(self) -> None:
        """One that is planned only, and somebody in another whom its panel can read."""
        readers = [self.users[name].pk for name in (COLLEAGUE, Desk.PROTECTION)]
        plan = made_up_plan(readers)
        plan_study(actor=self.actors[FOCAL], organisation=data_controller(), plan=plan)
        row = Enrolment.objects.filter(study__state="enrolling", person__cases=None)[0]
        case = open_case(actor=self.boss, person=row.person, source="person")
        assessment = begin_assessment(actor=self.boss, case=case)
        self.area(assessment, "safety")
        AssessmentArea.objects.filter(assessment=assessment).update(state="asked")
        finish_assessment(actor=self.boss, assessment=assessment)

    def office(self) -> None:
        """What belongs to the office: teams, loans, incidents, complaints, devices, tours."""
        controller = data_controller()
        team = create_team(organisation=controller, name="Night")
        join_team(team=team, user=self.users[COLLEAGUE])
        lend_role(
            lender=self.users[SUPERVISOR],
            grant=RoleGrant.objects.get(user=self.users[SUPERVISOR]),
            to=self.users[COLLEAGUE],
            ends_at=clock.now() + 9 * DAY,
        )
        for moves in ((), ("contained",), ("contained", "told"), ("contained", "told", "closed")):
            row = record_incident(
                actor=by_command(), kind="unauthorised_access", noticed_at=clock.now()
            )
            for to in moves:
                move_incident(actor=by_command(), incident=row, to=to)
        for settle in (None, False, True):
            made: Complaint = make_complaint(
                actor=self.actors[Desk.RECEPTION],
                organisation=controller,
                site=None,
                about="guard",
                matter="money",
                text="He asks for money",
            )
            if settle is not None:
                note_on_complaint(
                    actor=self.actors[FOCAL], complaint=made, text="Seen", settle=settle
                )
        for name in (Desk.RECEPTION, Desk.PROTECTION):
            user = self.users[name]
            connect_device(
                actor=actor_of(user), user=user, organisation=controller, label="A telephone"
            )
            begin_tour(user=user, desk=name)
        leave_tour(user=self.users[Desk.PROTECTION], desk=Desk.PROTECTION)

    def named_files(self) -> None:
        """Files with names: asked for, approved, made, declined, withdrawn. Needs the role lent."""
        boss, second = (
            replace(actor_of(self.users[name]), stepped_up_at=clock.now())
            for name in (SUPERVISOR, COLLEAGUE)
        )
        for state in ("asked", "approved", "made", "declined", "withdrawn"):
            case = self.case()
            row: NamedFileRequest = ask_for_names(
                actor=boss,
                purpose=Purpose.ASSISTANCE,
                name="cases",
                address="",
                columns=["name"],
                places={(case.organisation_id, case.site_id)},
                keys=[case.pk],
                reason="The buses leave tomorrow.",
            )
            if state in ("approved", "made"):
                approve_names(actor=second, request=row)
            if state == "made":
                with making_names(actor=boss, request=row, rows=[case.pk], people=[case.person_id]):
                    pass
            if state == "declined":
                decline_names(actor=second, request=row)
            if state == "withdrawn":
                withdraw_names(actor=boss, request=row)

    def spreadsheets(self) -> None:
        """Large spreadsheets, in each state."""
        supervisor = self.actors[SUPERVISOR]
        for number, state in enumerate(FormUpload.State):
            content = sheet("integer|beds|Beds|أسرّة||coded", version=f"large-{number}")
            made = keep_upload(
                actor=supervisor,
                organisation=data_controller(),
                sheet=Part("wards.md", "", content),
                purpose=Purpose.REGISTRATION,
            )
            if state == FormUpload.State.STOPPED:
                stop_upload(actor=supervisor, upload=made)
            elif state == FormUpload.State.REFUSED:
                refuse_upload(upload=made, error=InputError.at(Message("apps.forms:file-missing")))
                end_upload(made, state)
            elif state == FormUpload.State.ADDED:
                examined = examine_upload(made, lambda percent: None)
                assert not isinstance(examined, InputError)
                end_upload(made, state, add_upload(upload=made, examined=examined))

    def best_interests(self) -> None:
        """A child with everything that is decided for it, in each state."""
        born = born_when_aged(9, 9, clock.today(self.gate.time_zone))
        person = register_person(
            actor=self.boss,
            purpose=REGISTRATION,
            site=self.gate,
            told=NewPerson((), "male", born, "stated"),
        )
        case = open_case(actor=self.boss, person=person, source="person")
        assign_case(actor=self.boss, case=case, worker=self.users[Desk.PROTECTION])
        other = Recipient.objects.filter(ended_at=None).order_by("pk")[0]
        make_all_states(Child(case, self.actors[Desk.PROTECTION], self.boss, other))
        make_plan_states(case, self.actors[Desk.PROTECTION], self.boss)

    def children(self) -> None:
        """Children in each state of what is owed to them."""
        born = born_when_aged(9, 9, clock.today(self.gate.time_zone))
        told = NewPerson((), "male", born, "stated")
        make_duty_states(
            lambda: register_person(
                actor=self.boss, purpose=REGISTRATION, site=self.gate, told=told
            ),
            self.boss,
            self.actors[Desk.PROTECTION],
        )

    def texts(self) -> None:
        """What a site says to people, and what they complain of."""
        for kind, _label in SiteWords.KINDS:
            write_site_words(
                actor=by_command(), site=self.gate, kind=kind, language="en", text="The nurse"
            )
        matters = Complaint.Matter.values
        for number, about in enumerate(Complaint.About.values):
            make_complaint(
                actor=self.actors[Desk.RECEPTION],
                organisation=data_controller(),
                site=None,
                about=about,
                matter=matters[number % len(matters)],
                text="They were rude",
            )
