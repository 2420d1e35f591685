"""Formal identification: what the competent authority is asked and what it decides.

Help depends on neither: nothing here touches help, urgency or the presumption.

Nothing of the person leaves by these acts; sending is a disclosure, with a ground of its own.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marfa.apps.cases.action_base import (
    case_action,
    case_columns,
    change_case_row,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.country_profiles import profile_of
from marfa.apps.cases.identification import appeal_of, open_request, standing_in
from marfa.apps.cases.models import Case, CountryProfile, FormalIdentification
from marfa.apps.consents.grounds import Age, age_of, bases_in_force, verified_guardians
from marfa.apps.registry.models import Person
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.moments import end_of_day, instant_on_day
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

NOON = time(12)
LONGEST_NAME = 200
"""Of an authority, as its column holds it."""
RestsOn = FormalIdentification.RestsOn
BASES = (Purpose.ASSISTANCE, Purpose.CHILD_PROTECTION)
DECISIONS = (FormalIdentification.Decision.IDENTIFIED, FormalIdentification.Decision.REFUSED)


def ask_authority(
    *, actor: Actor, case: Case, yes: bool, wish: str, day: date | None = None
) -> FormalIdentification:
    """Write down that the authority of the country was asked to identify the person as a victim.

    yes: the person agrees to being presented to it; wish: in their words. For whoever is no adult
    for certain, a verified guardian or a recorded ground has to stand beside their own yes.
    day: on which it was asked, by default today, at the site.
    Raises DeniedError; InputError without that yes, where the country's profile names no authority,
    and where a request is open, or the person is identified.
    """
    with case_action(actor, case, "ask_authority") as act:
        rests_on, said = _agreed(case.person, yes=yes, wish=wish)
        profile = _profile(case)
        refused = FormalIdentification.Decision.REFUSED
        if standing_in(case).exclude(decision=refused).exists():
            raise InputError.at(Message("apps.cases:asked-already"))
        return _ask(act, case, profile, profile.authority, rests_on, said, day)


def appeal_decision(
    *,
    actor: Actor,
    formal: FormalIdentification,
    yes: bool,
    wish: str,
    authority: str = "",
    day: date | None = None,
) -> FormalIdentification:
    """Write down that a refusal is appealed: a request of its own that names what it is to change.

    authority: who decides on it, where that is another one. The last day is shown and not enforced:
    whether an appeal comes too late is not for this software to say.
    Raises DeniedError; InputError as ``ask_authority`` does, for what was not refused, and for what
    was appealed unless the person took that back.
    """
    case = formal.case
    named = clean_text(authority, field="authority", most=LONGEST_NAME) or formal.authority
    with case_action(actor, case, "appeal") as act:
        formal.refresh_from_db()
        rests_on, said = _agreed(case.person, yes=yes, wish=wish)
        if formal.decision != FormalIdentification.Decision.REFUSED:
            raise InputError.at(Message("apps.cases:not-refused"))
        _must_be_unappealed(formal)
        if open_request(case) is not None:
            raise InputError.at(Message("apps.cases:request-open"))
        profile = _profile(case)
        return _ask(act, case, profile, named, rests_on, said, day, appeals=formal)


def record_decision(
    *,
    actor: Actor,
    formal: FormalIdentification,
    decision: str,
    day: date | None = None,
    reasons: str = "",
    file_number: str = "",
) -> None:
    """Write down what the authority decided, or put right what was written down of it.

    day: of the decision, by default as it stands, else today. reasons: as the authority gave them;
    needed for a refusal.
    Raises DeniedError; InputError for a day that is not yet or lies before the asking, for what
    was taken back, and for what was appealed since.
    """
    require_choice(decision, DECISIONS, field="decision")
    refused = decision == FormalIdentification.Decision.REFUSED
    why = clean_text(reasons, field="reasons", needed=refused)
    case = formal.case
    with case_action(actor, case, "decision", closed_too=True) as act:
        formal.refresh_from_db()
        act.note(decision=decision)
        _must_be_open(formal)
        on = _day(case, day or formal.decided_on, field="day")
        if on < formal.asked_at.astimezone(ZoneInfo(case.site.time_zone)).date():
            raise InputError.at(Message("apps.cases:before-asking"), field="day")
        change_case_row(
            act,
            formal,
            decision=decision,
            decided_on=on,
            reasons=why,
            file_number=clean_text(file_number, field="file_number"),
            appeal_until=_appeal_until(case, formal, on) if refused else None,
            recorded_at=clock.now(),
            recorded_by=actor.id,
        )


def withdraw_request(*, actor: Actor, formal: FormalIdentification) -> None:
    """Write down that the person takes the request back: no reason is needed, and nothing else
    changes. Raises DeniedError; InputError for what is decided or was taken back."""
    with case_action(actor, formal.case, "withdraw_request", closed_too=True) as act:
        formal.refresh_from_db()
        if formal.decision or formal.withdrawn_at is not None:
            raise InputError.at(Message("apps.cases:not-open"))
        change_case_row(act, formal, withdrawn_at=clock.now(), withdrawn_by=actor.id)


def _ask(
    act: Act,
    case: Case,
    profile: CountryProfile,
    authority: str,
    rests_on: str,
    wish: str,
    day: date | None,
    appeals: FormalIdentification | None = None,
) -> FormalIdentification:
    zone, now = case.site.time_zone, clock.now()
    on = _day(case, day, field="day")
    row = FormalIdentification(
        **case_columns(case),
        country=profile.country,
        authority=authority,
        authority_kind=profile.authority_kind,
        asked_at=now if on == clock.today(zone) else instant_on_day(on, NOON, zone),
        asked_by=act.by,
        expected_at=_expected(profile, on, zone),
        rests_on=rests_on,
        appeals=appeals,
    )
    create_case_row(act, row, wish=wish)
    return row


def _agreed(person: Person, *, yes: bool, wish: str) -> tuple[str, str]:
    """On what the person's yes rests, and their words. Raises InputError."""
    if not yes:
        raise InputError.at(Message("apps.cases:no-yes"), field="yes")
    said = clean_text(wish, field="wish", needed=True) or ""
    now = clock.now()
    if age_of(person, now) is Age.ADULT:
        return RestsOn.PERSON, said
    if verified_guardians(person.pk).exists():
        return RestsOn.GUARDIAN, said
    if bases_in_force(person.pk, now).filter(purpose__in=BASES).exists():
        return RestsOn.BASIS, said
    raise InputError.at(Message("apps.cases:nobody-beside"), field="yes")


def _profile(case: Case) -> CountryProfile:
    profile = profile_of(case.site)
    if profile is None or not profile.authority:
        raise InputError.at(Message("apps.cases:no-authority"))
    return profile


def _expected(profile: CountryProfile, day: date, zone: str) -> datetime | None:
    """From when on a decision is late: the end of the last day, at the site."""
    if profile.decision_days is None:
        return None
    return end_of_day(day + timedelta(days=profile.decision_days), zone)


def _appeal_until(case: Case, formal: FormalIdentification, day: date) -> date | None:
    profile = profile_of(case.site)
    if profile is None or profile.country != formal.country or profile.appeal_days is None:
        return None
    return day + timedelta(days=profile.appeal_days)


def _day(case: Case, day: date | None, *, field: str) -> date:
    today = clock.today(case.site.time_zone)
    if day is not None and day > today:
        raise InputError.at(Message("apps.cases:day-to-come"), field=field)
    return day or today


def _must_be_open(formal: FormalIdentification) -> None:
    if formal.withdrawn_at is not None:
        raise InputError.at(Message("apps.cases:not-open"))
    _must_be_unappealed(formal)


def _must_be_unappealed(formal: FormalIdentification) -> None:
    if appeal_of(formal) is not None:
        raise InputError.at(Message("apps.cases:appealed-already"))
