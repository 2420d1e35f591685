"""The page that shows a referral once to somebody outside.

The link alone opens nothing: it asks for a code that was told on another way. A program that looks
at links only ever asks, and uses nothing up. Five wrong codes shut it. What it showed is not shown
again; an answer is taken for an hour, with the same code.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from marfa.apps.access import VISITOR
from marfa.apps.cases.action_base import PURPOSE, change_case_row, clean_text, require_choice
from marfa.apps.consents.actions.disclosures import holds_until
from marfa.apps.referrals.actions.outcomes import add_referral_message, end_referral, must_be
from marfa.apps.referrals.models import Referral, ReferralPage
from marfa.apps.referrals.queries import ANSWER, KIND, WAITING, State
from marfa.crypto.passwords import password_digest, password_fits
from marfa.domain.codes import new_code, parse_code
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline
from marfa.platform.limits.limiter import Limit
from marfa.safeguards.actions import Act, log_events, together
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Event
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Outcome

SECRET_BYTES = 32
MOST_TRIES = 5
SITTING = timedelta(hours=1)
CODES = Limit("referrals.page_code", burst=5, interval=timedelta(seconds=20))
ANSWERS = ("accept", "decline", "ask")


@dataclass(frozen=True)
class Made:
    """What opens a page, both parts known at this moment alone. secret: in the link. code: nine
    digits, told on another way. until: it opens no longer."""

    secret: str
    code: str
    until: datetime


def make_page(act: Act, row: Referral) -> Made:
    """The page of a referral to somebody outside; one that was there before opens no more."""
    secret, code = secrets.token_urlsafe(SECRET_BYTES), new_code()
    until = row.due_at
    if row.sharing is not None:
        until = holds_until(row.sharing, until)
    act.delete(ReferralPage.objects.filter(referral=row))
    page = ReferralPage(
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        referral=row,
        digest=digest_of(secret),
        word_digest=password_digest(code),
        until=until,
    )
    act.create(page)
    return Made(secret, code, until)


def digest_of(secret: str) -> str:
    """What is stored of a secret, which has 256 random bits and needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def page_of(secret: str) -> ReferralPage | None:
    """The page of a link, while it may still be asked for. Asking changes nothing."""
    now = clock.now()
    found = ReferralPage.objects.filter(
        digest=digest_of(secret),
        shut_at=None,
        until__gt=now,
        referral__state__in=WAITING,
        referral__due_at__gt=now,
    )
    return found.select_related("referral__organisation", "referral__sharing").first()


def code_fits(page: ReferralPage, typed: str) -> bool:
    """Whether it is the code; a wrong one is counted, and the fifth shuts the page. Raises
    InputError for a code that was mistyped, as its check digit tells: that is not counted."""
    if password_fits(page.word_digest, parse_code(typed)):
        return True
    with together():
        ReferralPage.objects.filter(pk=page.pk).update(tries=F("tries") + 1)
        shut = ReferralPage.objects.filter(pk=page.pk, shut_at=None, tries__gte=MOST_TRIES)
        if shut.update(shut_at=clock.now()):
            log_events(_event(page, Outcome.DENIED, "page_shut"))
    return False


def open_once(page: ReferralPage) -> bool:
    """Show it now: True for the first, and for nobody after."""
    with together():
        first = ReferralPage.objects.filter(pk=page.pk, opened_at=None, shut_at=None)
        if not first.update(opened_at=clock.now()):
            return False
        log_events(_event(page, Outcome.DONE, "page_opened"))
    return True


def answer_page(*, page: ReferralPage, answer: str, text: str) -> None:
    """What somebody outside answers in the sitting in which they saw it: accept, decline or ask;
    then the page is over. Raises InputError, and where it was not opened or the hour is past."""
    require_choice(answer, ANSWERS, field="answer")
    said = clean_text(text, field="text", needed=answer != "accept")
    row, act = page.referral, Act(_event(page, Outcome.DONE, f"page_{answer}"))
    with together(), open_vault():
        must_be(row, *WAITING)
        since = clock.now() - SITTING
        sitting = ReferralPage.objects.filter(pk=page.pk, shut_at=None, opened_at__gt=since)
        if not sitting.update(shut_at=clock.now()):
            raise InputError.at(Message("apps.referrals:referral-otherwise"))
        add_referral_message(act, row, said, theirs=True)
        if answer == "ask":
            change_case_row(act, row, state=State.QUESTION)
        elif answer == "accept":
            change_case_row(act, row, state=State.ACCEPTED, answered_at=clock.now())
            meet_deadline(kind=ANSWER, subject=row.pk)
        else:
            end_referral(act, row, State.DECLINED, answered_at=clock.now())
        log_events(act.event)


def _event(page: ReferralPage, outcome: Outcome, step: str) -> Event:
    """No policy decides about a visitor who holds a link and its code; the log hears of it."""
    row = page.referral
    return Event(
        action="referrals.answer",
        actor=Actor(VISITOR, ActorKind.VISITOR),
        purpose=PURPOSE,
        outcome=outcome,
        subject=row.person_id,
        object_kind=KIND,
        object_id=row.pk,
        organisation=row.organisation_id,
        detail={"step": step},
    )
