"""Cases: presumed, helped, referred, followed, decided on by an authority, and closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from marfa.apps.assistance.actions.assistance import (
    HelpRequest,
    ask_help,
    end_help,
    find_no_place,
    record_search,
)
from marfa.apps.assistance.actions.follow_up import (
    hold_contact,
    miss_contact,
    plan_contact,
    record_voice,
)
from marfa.apps.assistance.actions.plans import end_goal, give_reflection, set_goal
from marfa.apps.assistance.models import Contact, Goal, Help
from marfa.apps.cases.actions import (
    add_episode,
    answer_review,
    ask_lower_urgency,
    ask_to_close,
    presume_victim,
    reopen_case,
    write_episode,
    write_note,
)
from marfa.apps.cases.models import Case, Review
from marfa.apps.form_pages.editor import Change
from marfa.apps.referrals.models import Referral
from marfa.apps.registry.actions import record_event
from marfa.apps.registry.models import HouseholdMember, Person, Registration
from marfa.apps.screening.models import HandOver, Screening
from marfa.demo.operation import words
from marfa.demo.operation.authority import Authority
from marfa.demo.operation.referrals import Referrals, refuse_sharing
from marfa.demo.operation.staff import SiteStaff, Staff
from marfa.demo.operation.story import Plan, Story
from marfa.demo.operation.timeline import Timeline
from marfa.platform import clock
from marfa.safeguards.words import Purpose

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS: tuple[str, ...] = (
    *("food_and_essentials", "medical_care", "mental_health_and_psychosocial"),
    *("legal_advice", "civil_documentation", "cash_assistance", "vocational_training"),
    *("safety_measures", "education"),
)
FORMS = {
    "forced_labour": 40,
    "exploitation_of_prostitution": 20,
    "forced_marriage": 15,
    "servitude": 12,
    "sexual_slavery": 6,
    "forced_criminality": 7,
}
LINKS = ("fleeing_conflict", "in_conflict_area", "by_armed_or_terrorist_group", "none", "unknown")
INTERVALS = (6, 30, 60, 90)
"""Days from one contact to the next; the last is repeated."""
SOURCES = {
    "responder": "observed",
    "person": "told",
    "family": "other",
    "referral": "referred",
}
"""How a case comes that no screening led to, and the ground of its presumption."""
State = Help.State


@dataclass
class Work:
    """Plans on the timeline what workers do in a case, and does it."""

    line: Timeline
    staff: Staff
    referrals: Referrals = field(init=False)
    authority: Authority = field(init=False)

    def __post_init__(self) -> None:
        self.referrals = Referrals(self.line, self.staff)
        self.authority = Authority(self.line)

    # How a case begins

    def after_hand_over(
        self, plan: Plan, place: SiteStaff, draw: Random, child: bool
    ) -> Callable[[HandOver, Screening, datetime], None]:
        """What follows when somebody is taken up after a screening."""

        def opened(made: HandOver, screening: Screening, at: datetime) -> None:
            case = Case.objects.get(hand_over=made)
            worker = next(each for each in place.workers if each.id == made.taken_by)
            story = Story(case.pk, place, worker, at, draw, plan, child)
            person = Person.objects.select_related("site").get(pk=made.person_id)
            presume_victim(
                actor=worker,
                person=person,
                ground="screening",
                text=draw.choice(words.TOLD).of(person),
                urgency=made.urgency,
                screening=screening,
                hand_over=made,
            )
            self.go_on(story)

        return opened

    def told(self, person: UUID, plan: Plan, place: SiteStaff, at: datetime, draw: Random) -> None:
        """A case that no screening led to."""
        self.line.at(at, lambda: self._presumed(person, plan, place, at, draw))

    def _presumed(
        self, key: UUID, plan: Plan, place: SiteStaff, at: datetime, draw: Random
    ) -> None:
        person = Person.objects.select_related("site").get(pk=key)
        source = draw.choice(list(SOURCES))
        worker = draw.choice(place.workers)
        made = presume_victim(
            actor=worker,
            person=person,
            ground=SOURCES[source],
            text=draw.choice(words.TOLD).of(person),
            urgency=draw.choice(("routine", "days", "days", "now")),
            source=source,
        )
        self.go_on(Story(made.case_id, place, worker, at, draw, plan))

    # What follows

    def go_on(self, story: Story) -> None:
        """Plan everything that is to come."""
        draw, at = story.draw, story.opened
        self.line.at(at + HOUR * draw.uniform(3, 60), partial(self.review, story))
        self.line.at(at + HOUR, partial(self.help, story))
        self.line.at(at + HOUR * 2, partial(self.meet, story))
        if draw.random() < 0.6:
            self.line.at(at + DAY * draw.uniform(2, 9), partial(self.episode, story))
        for number, fate in enumerate(story.plan.referrals):
            days = draw.uniform(1, 6) + 9 * number
            self.referrals.plan(story, fate, at + DAY * days)
        if story.plan.authority and not story.child:
            self.authority.plan(story, story.plan.authority, at + DAY * draw.uniform(6, 30))
        if story.plan.closes is not None:
            self.line.at(at + DAY * story.plan.closes, partial(self.close, story))

    def review(self, story: Story) -> None:
        """A second person looks at the presumption."""
        row = self._waiting(story, Review.Of.PRESUMPTION)
        agree = story.draw.random() < 0.93
        said = "" if agree else words.DOUBTS.of(row.case.person)
        answer_review(actor=self.staff.boss, review=row, agree=agree, text=said)

    def help(self, story: Story) -> None:
        """What is given at once, and what there is no place for."""
        case, draw = story.now(), story.draw
        kinds = draw.sample(
            [each for each in KINDS if each != "shelter"], draw.choice((1, 1, 1, 2))
        )
        for kind in kinds:
            ask_help(actor=story.worker, case=case, wanted=HelpRequest(kind), begin=True)
        if draw.random() < 0.5:
            text = draw.choice(words.GOALS).of(case.person)
            set_goal(actor=story.worker, case=case, area=draw.choice(words.AREAS), text=text)
        if story.plan.refuses:
            refuse_sharing(story.worker, case.person, self.staff.health_post, draw)
        if draw.random() < 0.3:
            give_reflection(actor=story.worker, case=case)
        if story.plan.no_place:
            later = story.opened + HOUR * 2
            if story.plan.never_found:
                later = max(later, self.line.end - DAY * 2)
            self.line.at(later, partial(self._no_place, story, later))

    def _no_place(self, story: Story, at: datetime) -> None:
        case = story.now()
        if case.state != Case.State.OPEN:
            return
        wanted = HelpRequest("shelter", urgent=story.draw.random() < 0.4)
        row = ask_help(actor=story.worker, case=case, wanted=wanted)
        interim = story.draw.choice(words.INTERIM).of(case.person)
        text = words.LOOKED.of(case.person)
        find_no_place(actor=story.worker, row=row, interim=interim, text=text)
        tries = 99 if story.plan.never_found else story.draw.randrange(1, 4)
        self._look_later(story, row, at, tries)

    def _look_later(self, story: Story, row: Help, at: datetime, left: int) -> None:
        later = at + HOUR * (11 if row.urgent else 22)
        self.line.at(later, partial(self._look, story, row, later, left))

    def _look(self, story: Story, row: Help, at: datetime, left: int) -> None:
        found = left <= 1
        record_search(
            actor=story.worker,
            row=row,
            found=found,
            text=(words.BED if found else words.LOOKED).of(story.now().person),
            begin=found,
        )
        if not found:
            self._look_later(story, row, at, left - 1)

    def meet(self, story: Story) -> None:
        """Plan the next contact, and hold or miss it."""
        case = story.now()
        if case.state != Case.State.OPEN:
            return
        days = INTERVALS[min(story.contacts, len(INTERVALS) - 1)]
        story.contacts += 1
        row = plan_contact(
            actor=story.worker,
            case=case,
            way="in_person",
            due_at=clock.now() + DAY * (days + story.draw.uniform(0, 2)),
        )
        self._then(story, row)

    def _then(self, story: Story, row: Contact) -> None:
        if story.plan.late and row.due_at > self.line.end - DAY * 6:
            return  # nobody has held it, and it is late or will be
        at = row.due_at - HOUR * story.draw.uniform(1, 5)
        self.line.at(at, partial(self._met, story, row))

    def _met(self, story: Story, row: Contact) -> None:
        case, draw = story.now(), story.draw
        row = Contact.objects.select_related("case__person", "case__site").get(pk=row.pk)
        if case.state != Case.State.OPEN or row.state != Contact.State.PLANNED:
            return
        if draw.random() < 0.14:
            missed = words.MISSED.of(case.person)
            self._then(story, miss_contact(actor=story.worker, contact=row, text=missed))
            return
        risk = draw.choices(("low", "some", "unknown", "high"), (50, 35, 12, 3))[0]
        met = draw.choice(words.MET).of(case.person)
        hold_contact(actor=story.worker, contact=row, text=met, risk=risk)
        if draw.random() < 0.3:
            mark = draw.choices(("helps", "partly", "not", "not_said"), (55, 25, 8, 12))[0]
            said = words.VOICE[mark].of(case.person)
            record_voice(actor=story.worker, case=case, mark=mark, text=said)
        if story.contacts == 2 and case.urgency != "routine" and draw.random() < 0.4:
            self._lower(story, case)
        self.meet(story)

    def _lower(self, story: Story, case: Case) -> None:
        calmer = words.CALMER.of(case.person)
        asked = ask_lower_urgency(actor=story.worker, case=case, urgency="routine", text=calmer)
        later = clock.now() + HOUR * story.draw.uniform(5, 60)
        self.line.at(later, partial(self._lowered, asked))

    def _lowered(self, asked: Review) -> None:
        """A second person agrees, where nothing that was told in between took it back."""
        if Review.objects.filter(pk=asked.pk, state=Review.State.WAITING).exists():
            answer_review(actor=self.staff.boss, review=asked, agree=True)

    def episode(self, story: Story) -> None:
        """What was done to the person, as they tell it, and a note of it."""
        draw, case = story.draw, story.now()
        if case.state != Case.State.OPEN:
            return
        row = add_episode(actor=story.worker, case=case)
        forms = draw.choices(list(FORMS), list(FORMS.values()))
        changes = {"forms": forms, "conflict_links": [draw.choice(LINKS)]}
        write_episode(row, Change(story.worker, row.version, changes))
        if draw.random() < 0.5:
            note = draw.choice(words.NOTES).of(case.person)
            write_note(actor=story.worker, case=case, text=note)

    # How it ends

    def close(self, story: Story) -> None:
        """Everything comes to its end, and two people agree that the case does."""
        case = story.now()
        open_ones = Referral.objects.filter(case=case, state__in=("sent", "question"))
        if case.state != Case.State.OPEN or open_ones.exists():
            return
        going_on = (State.WANTED, State.NO_PLACE, State.RUNNING)
        for row in Help.objects.filter(case=case, state__in=going_on):
            reason = story.draw.choice(("needs_met", "needs_met", "handed_over", "declined"))
            text = words.OUTCOME[reason].of(case.person)
            end_help(actor=story.worker, row=row, reason=reason, text=text)
        for goal in Goal.objects.filter(case=case, state="open").select_related(
            "case__person", "case__site"
        ):
            end_goal(actor=story.worker, row=goal, state="reached")
        why = story.draw.choice(words.CLOSED).of(case.person)
        asked = ask_to_close(actor=story.worker, case=case, reason="goals_met", text=why)
        at = clock.now() + HOUR * story.draw.uniform(4, 90)
        self.line.at(at, partial(self._closed, story, asked))

    def _closed(self, story: Story, asked: Review) -> None:
        answer_review(actor=self.staff.boss, review=asked, agree=True)
        fate, later = story.draw.random(), clock.now() + DAY * story.draw.uniform(1, 12)
        if fate < 0.45:
            self.line.at(later, partial(self._left, story))
        elif fate < 0.5:
            self.line.at(later, partial(self._again, story))

    def _left(self, story: Story) -> None:
        """They go on, and whoever came with them; unless one of these is still helped here."""
        person = story.now().person
        homes = HouseholdMember.objects.filter(person=person, until=None).values("household")
        with_them = Person.objects.filter(
            households__household__in=homes, households__until=None, presence="present"
        )
        leave = list(with_them.select_related("site").order_by("code")) or [person]
        if Case.objects.filter(person__in=leave, state=Case.State.OPEN).exists():
            return
        for each in leave:
            record_event(
                actor=self.staff.boss,
                purpose=Purpose.REGISTRATION,
                person=each,
                event=Registration.Event.DEPARTURE,
            )

    def _again(self, story: Story) -> None:
        """They come back, and somebody stays in touch again."""
        case = story.now()
        reopen_case(actor=story.worker, case=case, text=words.AGAIN.of(case.person))
        self.meet(story)

    # What all of them need

    def _waiting(self, story: Story, of: Review.Of) -> Review:
        return Review.objects.select_related("case__person", "case__site").get(
            case=story.case, of=of, state=Review.State.WAITING
        )
