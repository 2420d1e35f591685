"""One woman, from the gate to the end of her case: whoever learns Marfa can follow her, so that
what is written of her stands there in Arabic and in English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from marfa.apps.assistance.actions.assistance import (
    HelpRequest,
    ask_help,
    end_help,
    find_no_place,
    record_search,
)
from marfa.apps.assistance.actions.follow_up import hold_contact, plan_contact, record_voice
from marfa.apps.assistance.actions.plans import change_plan, end_goal, plan_of, set_goal
from marfa.apps.assistance.models import Help
from marfa.apps.cases.actions import (
    add_episode,
    answer_review,
    ask_authority,
    ask_to_close,
    presume_victim,
    record_decision,
    write_episode,
    write_note,
)
from marfa.apps.cases.models import Case
from marfa.apps.consents.actions import record_consent
from marfa.apps.form_pages.editor import Change
from marfa.apps.reception.actions.interview import (
    CONDITIONS,
    Setting,
    answer_question,
    answer_sealed,
    begin_talk,
    finish_talk,
)
from marfa.apps.reception.actions.queue import State, move_entry
from marfa.apps.reception.models import QueueEntry
from marfa.apps.reception.queries import waiting_at
from marfa.apps.reception.questions import Apart
from marfa.apps.referrals.actions.answers import accept_referral, finish_referral
from marfa.apps.referrals.actions.referrals import ReferralRequest as Asked
from marfa.apps.referrals.actions.referrals import send_referral
from marfa.apps.referrals.models import Referral
from marfa.apps.registry.models import Person
from marfa.apps.screening.models import HandOver, Screening
from marfa.demo.operation.crowd import Family, Newcomer
from marfa.demo.operation.referrals import answer_about
from marfa.demo.operation.screening_interviews import Talk, Talks
from marfa.demo.operation.staff import Staff, with_fresh_factor
from marfa.demo.operation.timeline import Timeline
from marfa.domain.dates import born_when_aged
from marfa.domain.fiction import in_both, made_up, told_in_both
from marfa.platform import clock
from marfa.safeguards.words import Purpose

CODE = "482019352"
"""By which she is found in every demonstration that has a year: 482 019 352."""
NAMES = ("غيمة بنت الأثل", "Cloud Dawnwater")
DAYS_AGO = 160
SAID = {
    "papers_held": "yes",
    "promised_work": "yes",
    "cannot_leave": "no",
    "alone": "yes",
    "afraid": "refused",
}
TOLD = {
    "rr-papers-held": "yes",
    "rr-unpaid": "yes",
    "rr-movement": "yes",
    "rr-debt": "unknown",
    "rr-tonight": "no",
}
PLAN = {
    "dangers": told_in_both(
        "الرجل الذي يحتفظ بأوراقها يعرف البوابة", "The man who has her papers knows the gate"
    ),
    "steps": told_in_both(
        "تذهب إلى العيادة من باب المطبخ وتسأل عن الممرضة",
        "She goes to the clinic, by the kitchen door, and asks for the nurse",
    ),
    "people": told_in_both("الممرضة، وهالة", "The nurse; Hala"),
    "code_word": in_both("المصباح الأزرق", "Blue lamp"),
}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Followed:
    """Her story; each step once, in order."""

    def __init__(self, line: Timeline, staff: Staff, talks: Talks) -> None:
        self.line, self.staff, self.talks = line, staff, talks
        self.came = line.end - DAY * DAYS_AGO + HOUR * 6
        self.worker, self.officer = staff.gate.workers[0], staff.gate.officers[0]
        self.draw = Random(CODE)  # noqa: S311 - made-up answers
        self.rows: dict[str, Any] = {}

    def family(self) -> Family:
        """She comes alone."""
        day = self.came.date()
        she = Newcomer(CODE, NAMES, "female", born_when_aged(26, 26, day), "apc")
        return Family(self.staff.gate.site, self.came, self.officer.id, [she])

    def plan(self, she: Newcomer) -> None:
        """Everything after the registration."""
        self.key = she.key
        self.line.at(self.came + HOUR / 2, self.called)
        self.line.at(self.came + HOUR, self.seen_alone)
        self.line.at(self.came + HOUR * 1.3, self.said)
        self.talks.plan(
            Talk(
                person=she.key,
                place=self.staff.gate,
                officer=self.officer,
                at=self.came + HOUR * 2,
                child=False,
                leads=True,
                opened=self.taken_up,
                stated=TOLD,
                worker=self.worker,
                language="ar",
            ),
            number=0,
        )

    def called(self) -> None:
        entry = waiting_at(self.staff.gate.site, self.officer).get(person=self.key)
        move_entry(actor=self.officer, entry=entry, to=State.CALLED)

    def seen_alone(self) -> None:
        entry = QueueEntry.objects.select_related("person__site", "site").get(
            person=self.key, ended_at=None
        )
        setting = Setting(frozenset(CONDITIONS), "ar")
        self.rows["talk"] = begin_talk(actor=self.officer, entry=entry, setting=setting)

    def said(self) -> None:
        talk = self.rows["talk"]
        for answer in talk.answers.select_related("person", "conversation"):
            said = SAID.get(answer.question, "no")
            if answer.question in set(Apart):
                answer_sealed(actor=self.officer, answer=answer, said=said)
                continue
            change = Change(self.officer, answer.version, {"stated": said})
            answer_question(answer, change)
        finish_talk(actor=self.officer, talk=talk)

    def taken_up(self, made: HandOver, screening: Screening, at: datetime) -> None:
        """She is presumed a victim, and her case begins."""
        row = presume_victim(
            actor=self.worker,
            person=Person.objects.select_related("site").get(pk=self.key),
            ground="screening",
            text=told_in_both(
                "أوراقها عند الرجل الذي وعدها بعمل، ولم تتقاضَ أجرًا قط",
                "Her papers are with the man who promised her work, and she was never paid",
            ),
            screening=screening,
            hand_over=made,
        )
        self.case_key = row.case_id
        steps: tuple[tuple[float, Callable[[], None]], ...] = (
            (0.05, self.bed),
            (0.3, self.agreed),
            (0.9, self.found),
            (1.2, self.planned),
            (2, self.referred),
            (2.2, self.accepted),
            (3, self.held),
            (8, self.asked_authority),
            (20, self.finished),
            (33, self.decided),
            (41, self.last_contact),
            (60, self.closing),
            (62, self.closed),
        )
        for days, step in steps:
            self.line.at(at + DAY * days, step)

    @property
    def case(self) -> Case:
        return Case.objects.select_related("person__site", "site").get(pk=self.case_key)

    def bed(self) -> None:
        case = self.case
        name = in_both("سرير للنساء", "A bed for women")
        wanted = HelpRequest("shelter", name=name, urgent=True)
        row = self.rows["bed"] = ask_help(actor=self.worker, case=case, wanted=wanted)
        interim = told_in_both(
            "تنام في العيادة؛ والممرضة على علم بذلك، وتتصل ليلًا",
            "She sleeps at the clinic; the nurse knows, and calls at night",
        )
        text = told_in_both("سألنا دارين للإيواء", "Two houses asked")
        find_no_place(actor=self.worker, row=row, interim=interim, text=text)
        ask_help(actor=self.worker, case=case, wanted=HelpRequest("medical_care"), begin=True)

    def agreed(self) -> None:
        review = self.case.reviews.select_related("case__person", "case__site").get(
            of="presumption"
        )
        answer_review(actor=self.staff.boss, review=review, agree=True)

    def found(self) -> None:
        text = told_in_both("في دار المصباح سرير", "The house by the lamp has a bed")
        record_search(actor=self.worker, row=self.rows["bed"], found=True, text=text, begin=True)

    def planned(self) -> None:
        case = self.case
        text = told_in_both("أن أعمل خيّاطة بأجر", "To work as a seamstress, for pay")
        self.rows["goal"] = set_goal(actor=self.worker, case=case, area="work", text=text)
        review: date = clock.today(case.site.time_zone) + timedelta(days=30)
        changes = {**PLAN, "signs": None, "review_on": review}
        plan = plan_of(case)
        change_plan(plan, Change(self.worker, plan.version, changes))
        episode = add_episode(actor=self.worker, case=case)
        what = {"forms": ["forced_labour"], "conflict_links": ["fleeing_conflict"]}
        write_episode(episode, Change(self.worker, episode.version, what))

    def referred(self) -> None:
        case, partner = self.case, self.staff.lantern_house
        record_consent(
            actor=self.worker,
            purpose=Purpose.ASSISTANCE,
            person=case.person,
            answer=answer_about(partner, self.draw),
        )
        wanted = Asked(
            "referral",
            Purpose.ASSISTANCE.value,
            "days",
            told_in_both(
                "دروس خياطة، ثلاثة أصباح في الأسبوع", "Sewing lessons, three mornings a week"
            ),
            ("Person.code",),
            recipient=partner,
            support="vocational_training",
        )
        sent = send_referral(actor=with_fresh_factor(self.staff.boss), case=case, wanted=wanted)
        self.rows["referral"] = sent.referral
        due = clock.now() + DAY * 2
        self.rows["contact"] = plan_contact(
            actor=self.worker, case=case, way="in_person", due_at=due
        )

    def accepted(self) -> None:
        text = made_up("Monday at nine", "en")
        accept_referral(actor=self.staff.partner, referral=self._referral(), text=text)

    def held(self) -> None:
        self._hold(told_in_both("تنام جيدًا، وخاطت حقيبة", "She sleeps, and has sewn a bag"), "some")
        text = told_in_both("صرت أنام، وللباب قفل", "I sleep, and the door has a lock")
        record_voice(actor=self.worker, case=self.case, mark="helps", text=text)
        due = clock.now() + DAY * 39
        self.rows["contact"] = plan_contact(
            actor=self.worker, case=self.case, way="in_person", due_at=due
        )

    def asked_authority(self) -> None:
        wish = told_in_both(
            "أريد الوثيقة، ولا أريد أن أراه", "I want the paper, and not to see him"
        )
        self.rows["formal"] = ask_authority(actor=self.worker, case=self.case, yes=True, wish=wish)

    def finished(self) -> None:
        text = made_up("Twelve lessons; she sews for pay now", "en")
        finish_referral(actor=self.staff.partner, referral=self._referral(), text=text)

    def decided(self) -> None:
        formal = self.rows["formal"]
        formal.case = self.case
        record_decision(actor=self.worker, formal=formal, decision="identified")

    def last_contact(self) -> None:
        self._hold(told_in_both("تدفع إيجار غرفتها بنفسها", "She pays her own rent"), "low")
        text = told_in_both(
            "ما خاطته لها؛ وكانت الحقيبة الزرقاء أولها",
            "What she made is hers; the blue bag was the first",
        )
        write_note(actor=self.worker, case=self.case, text=text)

    def closing(self) -> None:
        case = self.case
        for row in Help.objects.filter(case=case, state=Help.State.RUNNING):
            text = told_in_both("صارت لها غرفة خاصة بها", "She has a room of her own")
            end_help(actor=self.worker, row=row, reason="needs_met", text=text)
        goal = self.rows["goal"]
        goal.case = case
        end_goal(actor=self.worker, row=goal, state="reached")
        why = told_in_both(
            "تعيش من عملها، وتعرف أين تجدنا",
            "She lives by her own work, and knows where we are",
        )
        self.rows["closing"] = ask_to_close(
            actor=self.worker, case=case, reason="goals_met", text=why
        )

    def closed(self) -> None:
        review = self.rows["closing"]
        review.case = self.case
        answer_review(actor=self.staff.boss, review=review, agree=True)

    def _referral(self) -> Referral:
        found = Referral.objects.select_related("case__person", "case__site", "recipient")
        return found.get(pk=self.rows["referral"].pk)

    def _hold(self, text: str, risk: str) -> None:
        contact = self.rows["contact"]
        contact.case = self.case
        hold_contact(actor=self.worker, contact=contact, text=text, risk=risk)
