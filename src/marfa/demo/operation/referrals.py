"""Referrals: to the other site, to the guest partner, and to a health post outside."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from random import Random

from marfa.apps.agreements.models import Recipient
from marfa.apps.cases.models import Case
from marfa.apps.consents.actions import (
    ConsentAnswer,
    record_consent,
    refuse_consent,
    withdraw_consent,
)
from marfa.apps.consents.actions.recall import note_answer, tell_recipient
from marfa.apps.consents.consent_text import Shown, told_in
from marfa.apps.consents.models import Consent, RecallNotice
from marfa.apps.referrals.actions.answers import (
    accept_referral,
    ask_about_referral,
    decline_referral,
    finish_referral,
    give_back,
)
from marfa.apps.referrals.actions.outcomes import come_back
from marfa.apps.referrals.actions.referrals import (
    ReferralRequest,
    answer_question,
    say_what_instead,
    send_referral,
    withdraw_referral,
    write_answer,
)
from marfa.apps.referrals.models import Referral
from marfa.apps.registry.models import Person
from marfa.demo.operation import words
from marfa.demo.operation.staff import Staff, with_fresh_factor
from marfa.demo.operation.story import Story
from marfa.demo.operation.timeline import Timeline
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

FATES = (
    *("finished", "accepted", "declined", "finished", "came_back", "returned"),
    *("finished", "withdrawn", "came_back_settled", "question", "accepted", "consent_withdrawn"),
)
"""How referrals end, in turn. What came back long ago is settled in any case."""
AT_THE_END = ("sent", "asked")
"""What is not answered yet at the end of the year, or asked about."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Referrals:
    """Plans referrals on the timeline, with the consent that they need."""

    def __init__(self, line: Timeline, staff: Staff) -> None:
        self.line, self.staff = line, staff

    def plan(self, story: Story, fate: str, at: datetime) -> None:
        """fate: how it ends; what is still to be answered is sent on the last day of the year."""
        if fate in AT_THE_END:
            at = max(at, self.line.end - HOUR * 9)
        self.line.at(at, partial(self._send, story, fate))

    def _send(self, story: Story, fate: str) -> None:
        case = story.now()
        if case.state != Case.State.OPEN:
            return
        recipient = self._recipient(story, fate)
        consent = self._agreed(story, case.person, recipient) if recipient else None
        inside = recipient is None or recipient.guest_id is not None
        urgency = "routine" if fate in AT_THE_END else story.draw.choice(("routine", "days"))
        # What leaves the organisation is sent by who supervises.
        sender = with_fresh_factor(self.staff.boss) if recipient else story.worker
        support = story.draw.choice(words.SUPPORT)
        row = send_referral(
            actor=sender,
            case=case,
            wanted=ReferralRequest(
                "referral",
                Purpose.ASSISTANCE.value,
                urgency,
                words.ASKED[support].of(case.person),
                ("Person.code",),
                site=None if recipient else self.staff.other(case.site).site,
                recipient=recipient,
                way=Referral.Way.INSIDE if inside else Referral.Way.PACKAGE,
                support=support,
            ),
        ).referral
        self._follow(story, row, fate, consent)

    def _recipient(self, story: Story, fate: str) -> Recipient | None:
        """Whom to ask; None: the other site."""
        if fate == "consent_withdrawn":
            return self.staff.lantern_house
        if story.child or fate in (*AT_THE_END, "question"):
            return None
        return story.draw.choice((None, self.staff.lantern_house, self.staff.health_post))

    def _agreed(self, story: Story, person: Person, recipient: Recipient) -> Consent:
        return record_consent(
            actor=story.worker,
            purpose=Purpose.ASSISTANCE,
            person=person,
            answer=answer_about(recipient, story.draw),
        )

    def _follow(self, story: Story, row: Referral, fate: str, consent: Consent | None) -> None:
        answered = clock.now() + (row.due_at - clock.now()) * story.draw.uniform(0.05, 0.7)
        line, draw = self.line, story.draw
        if fate == "withdrawn":
            line.at(answered, partial(_withdraw, story, row))
        elif fate.startswith("came_back"):
            line.at(row.due_at + HOUR / 60, partial(come_back, row.pk))
            if fate == "came_back_settled" or row.due_at < line.end - DAY * 6:
                later = row.due_at + HOUR * draw.uniform(1, 30)
                line.at(later, partial(_instead, story, row))
        elif fate == "consent_withdrawn" and consent is not None:
            line.at(answered, partial(self._take_back, story, consent))
        elif fate == "asked":
            line.at(
                clock.now() + HOUR * draw.uniform(1, 5), partial(self._question, story, row, fate)
            )
        elif fate == "question":
            line.at(answered, partial(self._question, story, row, fate))
        elif fate != "sent":
            line.at(answered, partial(self._answer, story, row, fate))

    def _take_back(self, story: Story, consent: Consent) -> None:
        """The person takes back what they agreed to, and the recipient is told of it."""
        withdraw_consent(actor=story.worker, purpose=Purpose.ASSISTANCE, consent=consent)
        later = clock.now() + HOUR * story.draw.uniform(1, 20)
        self.line.at(later, partial(self._told, story, consent))

    def _told(self, story: Story, consent: Consent) -> None:
        found = RecallNotice.objects.filter(withdrawal__consent=consent)
        for notice in found.select_related("person"):
            by, purpose = story.worker, Purpose.ASSISTANCE
            tell_recipient(actor=by, purpose=purpose, notice=notice, how="spoken")
            note_answer(actor=by, purpose=purpose, notice=notice, answer="deleted")

    def _question(self, story: Story, row: Referral, fate: str) -> None:
        found = _stored(row)
        ask_about_referral(
            actor=self._their(row), referral=found, text=_their_words(found, "question")
        )
        if fate == "question":
            later = clock.now() + HOUR
            self.line.at(later, partial(self._answered, story, row))

    def _answered(self, story: Story, row: Referral) -> None:
        found = _stored(row)
        text = words.ANSWERED["answer"].of(found.case.person)
        answer_question(actor=story.worker, referral=found, text=text)
        self.line.at(clock.now() + HOUR, partial(self._answer, story, row, "finished"))

    def _answer(self, story: Story, row: Referral, fate: str) -> None:
        """Accepted or not; what was accepted goes on, is given back, or comes to its end."""
        first = "declined" if fate == "declined" else "accepted"
        self._say(story, row, first)
        later = clock.now() + DAY * story.draw.uniform(2, 20)
        if fate in ("returned", "finished"):
            self.line.at(later, partial(self._end, story, row, fate))

    def _end(self, story: Story, row: Referral, fate: str) -> None:
        if _stored(row).state == Referral.State.ACCEPTED and story.now().state == "open":
            self._say(story, row, fate)

    def _say(self, story: Story, row: Referral, what: str) -> None:
        found = _stored(row)
        if found.way != Referral.Way.INSIDE:
            text = words.ANSWERED[what].of(found.case.person)
            write_answer(actor=story.worker, referral=found, answer=what, text=text)
            return
        acts = {
            "accepted": accept_referral,
            "declined": decline_referral,
            "returned": give_back,
            "finished": finish_referral,
        }
        acts[what](actor=self._their(row), referral=found, text=_their_words(found, what))

    def _their(self, row: Referral) -> Actor:
        """Who answers for whom it was sent to."""
        if row.recipient_id is not None:
            return self.staff.partner
        return self.staff.place_of(row.site).answers if row.site else self.staff.boss


def refuse_sharing(actor: Actor, person: Person, recipient: Recipient, draw: Random) -> None:
    """The person says no to it that somebody outside is told; nothing else follows."""
    refuse_consent(
        actor=actor,
        purpose=Purpose.ASSISTANCE,
        person=person,
        answer=answer_about(recipient, draw),
    )


def answer_about(recipient: Recipient, draw: Random) -> ConsentAnswer:
    return ConsentAnswer(
        about=Purpose.ASSISTANCE.value,
        recipient=recipient,
        shown=Shown.of(told_in(draw.choice(("ar", "en", "fr")))),
        language=draw.choice(("apc", "ayl", "fra")),
        understood=True,
    )


def _withdraw(story: Story, row: Referral) -> None:
    found = _stored(row)
    text = words.ANSWERED["withdrawn"].of(found.case.person)
    withdraw_referral(actor=story.worker, referral=found, text=text)


def _instead(story: Story, row: Referral) -> None:
    if story.now().state == Case.State.OPEN:
        found = _stored(row)
        text = words.ANSWERED["instead"].of(found.case.person)
        say_what_instead(actor=story.worker, referral=found, text=text)


def _their_words(row: Referral, what: str) -> str:
    """What whoever was asked answers: the guest partner in English, the other site in Arabic."""
    said = words.BY_PARTNER if row.recipient_id is not None else words.ANSWERED
    return said[what].of(row.case.person)


def _stored(row: Referral) -> Referral:
    found = Referral.objects.select_related("case__person", "case__site", "site", "recipient")
    return found.get(pk=row.pk)
