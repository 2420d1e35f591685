"""Opening a case: by a first responder, by who helps, or after a hand-over."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from marfa.apps.accounts.models import User
from marfa.apps.cases.action_base import (
    PURPOSE,
    case_columns,
    clean_text,
    create_case_row,
    record_step,
    require_choice,
)
from marfa.apps.cases.actions.reviews import ask_review
from marfa.apps.cases.actions.urgency import raise_to
from marfa.apps.cases.country_profiles import profile_of
from marfa.apps.cases.events import CaseOpened, VictimPresumed
from marfa.apps.cases.facts import restate_case_facts
from marfa.apps.cases.models import URGENCIES, Case, CaseStep, Presumption, Review
from marfa.apps.cases.policy_facts import case_of
from marfa.apps.cases.workers import may_work
from marfa.apps.organisations.actions import assign_user
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND, PERSON
from marfa.apps.screening.models import HandOver, Screening
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role

REVIEW_HOURS = 72
"""Within which a second person looks at a presumption, where no country profile says it."""


def presume_victim(
    *,
    actor: Actor,
    person: Person,
    ground: str,
    text: str = "",
    urgency: str = "days",
    source: str = Case.Source.RESPONDER,
    screening: Screening | None = None,
    hand_over: HandOver | None = None,
    site: Site | None = None,
) -> Presumption:
    """Presume that somebody may be a victim: their case is opened, and help may begin at once. One
    that is open becomes as urgent as is told now, and never less.

    ground: of ``Presumption.Ground``. text: what it rests on; needed for the grounds "observed"
    and "other". site: where, by default where the person is. A second person looks at it within
    set hours, from afar or after the fact; nothing waits for that.
    Raises DeniedError; InputError for a person of no site, and for a second presumption in a case.
    """
    require_choice(ground, Presumption.Ground.values, field="ground")
    needed = ground in (Presumption.Ground.OBSERVED, Presumption.Ground.OTHER)
    said = clean_text(text, field="text", needed=needed)
    with (
        open_vault(),
        action(
            actor=actor,
            code="cases.presume",
            purpose=PURPOSE,
            resource=PERSON.resource(person),
            subject=person.pk,
        ) as act,
    ):
        require_choice(urgency, URGENCIES, field="urgency")
        case = open_case_of(person)
        if case is None:
            case = _new(act, person, source, urgency, site=site, hand_over=hand_over)
        else:
            raise_to(act, case, urgency)
        if Presumption.objects.filter(case=case).exists():
            raise InputError.at(Message("apps.cases:presumed-already"))
        now = clock.now()
        row = Presumption(
            **case_columns(case),
            screening=screening,
            ground=ground,
            made_at=now,
            made_by=actor.id,
        )
        row.words = said
        act.create(row)
        act.note(ground=ground)
        profile = profile_of(case.site)
        within = timedelta(hours=profile.review_hours if profile else REVIEW_HOURS)
        ask_review(act, case, Review.Of.PRESUMPTION, due_at=now + within, subject=row.pk)
        publish_event(VictimPresumed(case.pk, person.pk))
        restate_case_facts(person)
    return row


def open_case(
    *,
    actor: Actor,
    person: Person,
    source: str,
    urgency: str = "days",
    text: str = "",
    hand_over: HandOver | None = None,
    site: Site | None = None,
) -> Case:
    """Open a case for somebody who needs help, presumed a victim or not.

    text: why, in a sentence. Raises DeniedError; InputError where one is open already.
    """
    key = Case().pk
    with (
        open_vault(),
        action(
            actor=actor,
            code="cases.open",
            purpose=PURPOSE,
            resource=case_of(person, key),
            subject=person.pk,
        ) as act,
    ):
        if open_case_of(person) is not None:
            raise InputError.at(Message("apps.cases:open-already"))
        case = _new(
            act, person, source, urgency, site=site, hand_over=hand_over, key=key, text=text
        )
        act.note(source=source)
        restate_case_facts(person)
    return case


def follow_hand_over(*, act: Act, hand_over: HandOver, taken_by: UUID) -> Case:
    """The case of somebody who was taken up after a hand-over: a new one, or the one that is open,
    which becomes as urgent as the hand-over. Whoever takes somebody up and does not work on cases,
    as a focal point, leaves it open whose the case is.

    act: the action that takes them up, which the charter has allowed.
    """
    person = Person.objects.select_related("site").get(pk=hand_over.person_id)
    user = User.objects.get(pk=taken_by)
    with open_vault():
        case = open_case_of(person)
        if case is None:
            case = _make(
                act,
                person,
                Case.Source.SCREENING,
                hand_over.urgency,
                site=person.site or hand_over.site,
                hand_over=hand_over,
                worker=user.pk if may_work(actor_of(user), person) else None,
            )
        else:
            raise_to(act, case, hand_over.urgency)
        restate_case_facts(person)
    return case


def hasten_case(*, act: Act, person: Person, urgency: str, since: datetime) -> None:
    """Raise the open case of a person, if any, to an urgency; nothing is lowered.

    act: the action that raised what a screening found, which the charter has allowed.
    since: from when it counts: no time in the case leads to an answer that is kept apart.
    """
    with open_vault():
        case = open_case_of(person)
        if case is not None:
            raise_to(act, case, urgency, since=max(since, case.opened_at))
            restate_case_facts(person)


def case_within(act: Act, person: Person, *, source: str, urgency: str) -> Case:
    """The open case of a person, at least as urgent as is told now, or a new one: for what begins
    with a case and is another action than opening it, which the charter has allowed.

    Within ``open_vault()``. Raises InputError for a person of no site.
    """
    case = open_case_of(person)
    if case is None:
        return _new(act, person, source, urgency, site=None, hand_over=None)
    raise_to(act, case, urgency)
    return case


def open_case_of(person: Person) -> Case | None:
    """The open case of a person, if any."""
    return Case.objects.filter(person=person, state=Case.State.OPEN).first()


def _new(
    act: Act,
    person: Person,
    source: str,
    urgency: str,
    *,
    site: Site | None,
    hand_over: HandOver | None,
    key: UUID | None = None,
    text: str = "",
) -> Case:
    """A case worker becomes responsible for the case that they open; others leave it open whose."""
    require_choice(source, Case.Source.values, field="source")
    require_choice(urgency, URGENCIES, field="urgency")
    actor = act.event.actor
    works = Role.CASE_WORKER in actor.role_names and may_work(actor, person)
    worker = actor.id if works else None
    case = _make(
        act,
        person,
        source,
        urgency,
        site=site or person.site,
        hand_over=hand_over,
        worker=worker,
        key=key,
        text=text,
    )
    if worker is not None:
        user = User.objects.get(pk=worker)
        assign_user(user=user, object_kind=KIND, object_id=person.pk, decided_by=user)
    return case


def _make(
    act: Act,
    person: Person,
    source: str,
    urgency: str,
    *,
    site: Site | None,
    hand_over: HandOver | None,
    worker: UUID | None,
    key: UUID | None = None,
    text: str = "",
) -> Case:
    if site is None:
        raise InputError.at(Message("apps.cases:no-site"), field="site")
    now = clock.now()
    last = Case.objects.filter(person=person).aggregate(last=Max("number"))["last"] or 0
    case = Case(
        organisation_id=person.organisation_id,
        person=person,
        number=last + 1,
        site=site,
        team=person.team,
        urgency=urgency,
        source=source,
        hand_over=hand_over,
        worker=worker,
        opened_at=now,
        opened_by=act.by,
    )
    if key is not None:
        case.pk = key
    create_case_row(act, case)
    record_step(act, case, CaseStep.Kind.OPENED, after=source, text=text)
    publish_event(CaseOpened(case.pk, person.pk))
    return case
