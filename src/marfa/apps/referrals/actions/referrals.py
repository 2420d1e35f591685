"""Referrals and transfers, as the sender makes them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marfa.apps.agreements.models import Recipient
from marfa.apps.assistance.models import SUPPORT, Help
from marfa.apps.cases.action_base import (
    case_action,
    case_columns,
    change_case_row,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.country_profiles import protects_children
from marfa.apps.cases.models import URGENCIES, Case
from marfa.apps.consents.actions.disclosures import (
    LONGEST_OPENING,
    disclose_fields,
    holds_until,
    open_row,
)
from marfa.apps.consents.disclosable_fields import disclosable_fields_for, values_of
from marfa.apps.consents.models import Sharing
from marfa.apps.handling_marks import check_recipient
from marfa.apps.organisations.models import Site
from marfa.apps.referrals.actions.one_time_page import Made, make_page
from marfa.apps.referrals.actions.outcomes import (
    add_referral_message,
    come_back,
    end_referral,
    must_be,
)
from marfa.apps.referrals.conditions import check_decisions
from marfa.apps.referrals.disclosed_fields import disclosed_json, with_what_belongs
from marfa.apps.referrals.events import ReferralMoved
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.packages import package_of
from marfa.apps.referrals.queries import (
    ANSWER,
    CHILD_PROTECTION,
    KIND,
    PURPOSES,
    WAITING,
    WITHIN,
    State,
    state_of,
)
from marfa.crypto.agefiles import is_phrase
from marfa.domain.message import InputError, Message
from marfa.methods.packages import HandedOut
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline, withdraw_deadline
from marfa.platform.events import publish_event
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, together
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

BY_TELEPHONE = (State.ACCEPTED, State.DECLINED, State.RETURNED, State.FINISHED)
PATHS = {
    State.SENT: (State.ACCEPTED, State.DECLINED, State.FINISHED),
    State.QUESTION: (State.ACCEPTED, State.DECLINED, State.FINISHED),
    State.ACCEPTED: (State.RETURNED, State.FINISHED),
    State.CAME_BACK: (State.ACCEPTED, State.DECLINED, State.FINISHED),
}
"""How it may go on when the sender writes down what they were told."""


@dataclass(frozen=True)
class ReferralRequest:
    """What is asked of whom, and what they are told.

    site: another site of the organisation; or recipient. way: package or page, for somebody
    outside. fields: what is told, such as ``Person.code``. note: the least words for it.
    opens_record: let a guest partner see the person's record too.
    """

    kind: str
    purpose: str
    urgency: str
    note: str
    fields: Collection[str]
    site: Site | None = None
    recipient: Recipient | None = None
    way: str = Referral.Way.INSIDE
    support: str = ""
    help: Help | None = None
    opens_record: bool = False


@dataclass(frozen=True)
class SentReferral:
    """A referral on its way. page: link and word of the page that opens once, known now alone."""

    referral: Referral
    page: Made | None


def send_referral(*, actor: Actor, case: Case, wanted: ReferralRequest) -> SentReferral:
    """Ask another site or a recipient for a part of the help, or to take the case over.

    To a recipient it leaves as a disclosure: with an agreement, consent or another ground, and a
    second factor just proved. Raises DeniedError with the reason where one is missing; InputError
    for what cannot be chosen, and where the same was asked of them and is not answered.
    """
    check_request(wanted, case)
    note = clean_text(wanted.note, field="note", needed=True)
    with together(), case_action(actor, case, "refer") as act:
        not_asked_twice(case, wanted)
        check_decisions(case, wanted.recipient, wanted.kind, wanted.purpose)
        sharing, told = _leave(actor, case, wanted)
        # After the charter, whose refusal names its rule; nothing has left yet.
        if wanted.recipient is not None:
            check_recipient(wanted.recipient.kind, "referral", field="to")
        now = clock.now()
        row = Referral(
            **case_columns(case),
            help=wanted.help,
            kind=wanted.kind,
            way=wanted.way,
            site=wanted.site,
            recipient=wanted.recipient,
            purpose=wanted.purpose,
            support=wanted.support if wanted.kind == Referral.Kind.REFERRAL else "",
            urgency=wanted.urgency,
            state=State.SENT,
            sharing=sharing,
            sent_at=now,
            sent_by=actor.id,
            due_at=now + WITHIN[wanted.urgency],
        )
        create_case_row(act, row, note=note, told=disclosed_json(told))
        publish_event(ReferralMoved(row.pk, row.person_id))
        act.note(kind=row.kind, way=row.way, urgency=row.urgency)
        run_from_now(row, case)
        made = make_page(act, row) if row.way == Referral.Way.PAGE else None
    return SentReferral(row, made)


def withdraw_referral(*, actor: Actor, referral: Referral, text: str = "") -> None:
    """Take it back before it was accepted; what was opened for it closes. Raises InputError."""
    said = clean_text(text, field="text")
    with case_action(actor, referral.case, "withdraw_referral") as act:
        must_be(referral, *WAITING)
        add_referral_message(act, referral, said, theirs=False)
        end_referral(act, referral, State.WITHDRAWN)
        withdraw_deadline(kind=ANSWER, subject=referral.pk)


def answer_question(*, actor: Actor, referral: Referral, text: str) -> None:
    """Answer what the other side asks; from then on they have their time anew. Raises
    InputError."""
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, referral.case, "answer_question") as act:
        must_be(referral, State.QUESTION)
        add_referral_message(act, referral, said, theirs=False)
        due_at = clock.now() + WITHIN[referral.urgency]
        change_case_row(act, referral, state=State.SENT, due_at=due_at)
        publish_event(ReferralMoved(referral.pk, referral.person_id))
        run_from_now(referral, referral.case)


def renew_page(*, actor: Actor, referral: Referral) -> Made:
    """A new link and code for the page of a referral that is not answered; the old one opens no
    more. Raises InputError."""
    with together(), case_action(actor, referral.case, "renew_page") as act:
        must_be(referral, *WAITING)
        if referral.way != Referral.Way.PAGE or not still_carried(referral):
            raise InputError.at(Message("apps.referrals:referral-otherwise"))
        return make_page(act, referral)


def pack_referral(*, actor: Actor, referral: Referral, language: str, phrase: str = "") -> bytes:
    """The package for somebody outside, without the name of its file: ``pack_referral_file``."""
    made = pack_referral_file(actor=actor, referral=referral, language=language, phrase=phrase)
    return made.data


def pack_referral_file(
    *, actor: Actor, referral: Referral, language: str, phrase: str = ""
) -> HandedOut:
    """The package for somebody outside: signed, and encrypted to the recipient's public key, or
    with words that ``new_phrase`` made. language: of the page in it. It is stored nowhere.

    Raises InputError for a referral that is over, for other words, and where none may go there.
    """
    with case_action(actor, referral.case, "pack_referral"):
        must_be(referral, *WAITING, State.ACCEPTED)
        recipient = referral.recipient
        if referral.way != Referral.Way.PACKAGE or recipient is None or not still_carried(referral):
            raise InputError.at(Message("apps.referrals:referral-otherwise"))
        if recipient.age_key:
            return package_of(referral, recipient, language)
        if not is_phrase(phrase):
            raise InputError.at(Message("apps.referrals:referral-words"))
        return package_of(referral, recipient, language, phrase)


def still_carried(row: Referral) -> bool:
    """Whether what it was disclosed on holds to this moment."""
    now = clock.now()
    soon = now + timedelta(minutes=1)
    return row.sharing is not None and holds_until(row.sharing, soon) > now


def say_what_instead(*, actor: Actor, referral: Referral, text: str) -> None:
    """What is done instead, of a referral that nobody answered: with that it is settled. Raises
    InputError for one that did not come back."""
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, referral.case, "settle_referral") as act:
        come_back(referral.pk)
        referral.refresh_from_db()
        if referral.state != State.CAME_BACK:
            raise InputError.at(Message("apps.referrals:referral-otherwise"))
        add_referral_message(act, referral, said, theirs=False)
        meet_deadline(kind=ANSWER, subject=referral.pk)


def write_answer(*, actor: Actor, referral: Referral, answer: str, text: str) -> None:
    """Write down what somebody outside said, such as by telephone: accepted, declined, given back,
    or how it ended. Raises InputError for a referral within, and an answer that does not follow."""
    require_choice(answer, [each.value for each in BY_TELEPHONE], field="answer")
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, referral.case, "write_answer") as act:
        referral.refresh_from_db()
        if referral.way == Referral.Way.INSIDE:
            raise InputError.at(Message("apps.referrals:referral-otherwise"))
        after = State(answer)
        if after not in PATHS.get(State(state_of(referral)), ()):
            raise InputError.at(Message("apps.referrals:referral-otherwise"), field="answer")
        add_referral_message(act, referral, said, theirs=True)
        _apply(act, referral, after, said)


def _apply(act: Act, row: Referral, after: Referral.State, said: str | None) -> None:
    now = clock.now()
    answered = row.answered_at or now
    if after == State.ACCEPTED:
        change_case_row(act, row, state=after, answered_at=answered, ended_at=None)
        publish_event(ReferralMoved(row.pk, row.person_id))
        meet_deadline(kind=ANSWER, subject=row.pk)
        return
    outcome: dict[str, Any] = {"outcome": said} if after == State.FINISHED else {}
    end_referral(act, row, after, answered_at=answered, **outcome)


def run_from_now(row: Referral, case: Case) -> None:
    """Let its time run: a deadline with its ladder, and the row open to a guest until then."""
    set_deadline(
        kind=ANSWER,
        subject=row.pk,
        due_at=row.due_at,
        owner=owner_of(row),
        responsible=case.worker,
    )
    open_to_guest(row, row.due_at - clock.now())


def open_to_guest(row: Referral, time: timedelta = LONGEST_OPENING) -> None:
    """Let a guest see the row of a referral, and nothing else of the person."""
    inside = row.way == Referral.Way.INSIDE
    if row.sharing is not None and inside:
        open_row(sharing=row.sharing, kind=KIND, key=row.pk, until=clock.now() + time)


def _leave(
    actor: Actor, case: Case, wanted: ReferralRequest
) -> tuple[Sharing | None, dict[str, object]]:
    """What is told: within the organisation as the purpose allows it, else disclosed."""
    purpose = Purpose(wanted.purpose)
    fields = with_what_belongs(purpose, wanted.fields)
    if wanted.recipient is None:
        return None, values_of(
            case.person, [each for each in disclosable_fields_for(purpose) if each in fields]
        )
    sent = disclose_fields(
        actor=actor,
        purpose=purpose,
        person=case.person,
        recipient=wanted.recipient,
        fields=fields,
        opens_until=clock.now() + LONGEST_OPENING if wanted.opens_record else None,
    )
    return sent.sharing, dict(sent.values)


def check_request(wanted: ReferralRequest, case: Case) -> None:
    """Raises InputError for what cannot be chosen."""
    require_choice(wanted.kind, Referral.Kind.values, field="kind")
    require_choice(wanted.purpose, PURPOSES, field="purpose")
    require_choice(wanted.urgency, URGENCIES, field="urgency")
    if wanted.kind == Referral.Kind.REFERRAL:
        require_choice(wanted.support, SUPPORT, field="support")
    if not wanted.fields or set(wanted.fields) - set(
        disclosable_fields_for(Purpose(wanted.purpose))
    ):
        raise InputError.at(Message("apps.referrals:referral-fields"), field="fields")
    if (wanted.site is None) == (wanted.recipient is None):
        raise InputError.at(Message("apps.cases:choose-one"), field="to")
    if wanted.site is not None and not _is_asked_within(wanted.site, wanted.purpose, case):
        raise InputError.at(Message("apps.cases:choose-one"), field="to")
    outside = wanted.recipient is not None and wanted.recipient.guest_id is None
    ways = (Referral.Way.PACKAGE, Referral.Way.PAGE) if outside else (Referral.Way.INSIDE,)
    require_choice(wanted.way, [each.value for each in ways], field="way")
    if wanted.opens_record and (wanted.recipient is None or outside):
        raise InputError.at(Message("apps.consents:only-guests-see"), field="opens_record")


def _is_asked_within(site: Site, purpose: str, case: Case) -> bool:
    """Whether a site may be asked: another one of the organisation; the case's own for the
    protection of a child, where the organisation is the agency for it."""
    if site.organisation_id != case.organisation_id:
        return False
    return site.pk != case.site_id or (purpose == CHILD_PROTECTION and protects_children(site))


def not_asked_twice(case: Case, wanted: ReferralRequest) -> None:
    """Raises InputError where the same was asked of them and is not answered."""
    same = Referral.objects.filter(
        case=case, site=wanted.site, recipient=wanted.recipient, kind=wanted.kind
    )
    waits = same.filter(state__in=WAITING, due_at__gt=clock.now())
    if wanted.kind == Referral.Kind.REFERRAL:
        waits = waits.filter(support=wanted.support)
    if waits.exists():
        raise InputError.at(Message("apps.referrals:referred-already"), field="to")
