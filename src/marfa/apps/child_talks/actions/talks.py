"""A talk with a child: begun by who is trained, put off or paused at any moment, and ended."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from marfa.apps.child_talks.lowest_age import may_have_list, minutes_for, settings_of
from marfa.apps.child_talks.models import AdultAccount, AgeStatement, ChildTalk, TalkTraining
from marfa.apps.child_talks.queries import (
    OPEN,
    State,
    What,
    open_talk,
    other_of,
    talks_of,
    training_of,
    untrained,
    verified_ties,
)
from marfa.apps.organisations.models import Site
from marfa.apps.registry.ages import treated_as_child
from marfa.apps.registry.models import Person, Relationship
from marfa.apps.screening.queries import purpose_of
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

WRITE = "records.write"
LONGEST = 5000
APART = "apart"
NOT_POSSIBLE = "not_possible"
YES, NO, LATER = "yes", "no", "later"


@dataclass(frozen=True)
class Setting:
    """How a talk begins. apart: ``APART``, ``NOT_POSSIBLE``, or the reference of the verified tie
    with the adult whom the child wishes to have there. supporter: whom the child chose; empty where
    it wants nobody. leave: what the child said to being talked with."""

    way: str = ChildTalk.Way.SPOKEN
    apart: str = ""
    wants_supporter: bool | None = None
    supporter: str = ""
    language: str = ""
    interpreter: str = ""
    told_first: bool = False
    leave: str = ""


def must_be_trained(actor: Actor, site: Site) -> TalkTraining:
    """The training by which somebody may talk with a child today. Raises InputError, naming who at
    the site is trained. Steps in danger and care never ask it."""
    if (said := untrained(actor, site)) is not None:
        raise InputError.at(said)
    found = training_of(actor.id, site.time_zone)
    assert found is not None  # noqa: S101 - asked just before
    return found


def begin_talk(*, actor: Actor, person: Person, site: Site, setting: Setting) -> ChildTalk:
    """Begin a talk with who is or may be a child, once it said yes; a no, or another day, is
    written down and nothing follows from it.

    Raises InputError for who is not trained, for an adult, where something was not said before, and
    where the child could not be apart; DeniedError.
    """
    training = must_be_trained(actor, site)
    if not treated_as_child(person, clock.today(site.time_zone)):
        raise InputError.at(Message("apps.child_talks:no-child"))
    if setting.leave not in (YES, NO, LATER):
        raise InputError.at(Message("apps.cases:choose-one"), field="leave")
    beside = None
    if setting.leave == YES:
        beside = _checked(actor, person, site, setting)
    state = {YES: State.OPEN, NO: State.DECLINED, LATER: State.ANOTHER_DAY}[setting.leave]
    now = clock.now()
    row = ChildTalk(
        organisation_id=person.organisation_id,
        person=person,
        site=site,
        officer=actor.id,
        training=training,
        state=state,
        way=setting.way if setting.way in ChildTalk.Way.values else ChildTalk.Way.SPOKEN,
        with_list=may_have_list(person),
        apart=setting.apart == APART,
        beside=beside,
        told_first=setting.told_first,
        began_at=now,
        minutes=minutes_for(person),
        since=now if state == State.OPEN else None,
        ended_at=None if state == State.OPEN else now,
    )
    with _writing(actor, person, f"child_talk_{state}") as act:
        if open_talk(person) is not None:
            raise InputError.at(Message("apps.child_talks:going-on"))
        row.supporter = setting.supporter.strip() or None
        row.language = setting.language.strip() or None
        row.interpreter = setting.interpreter.strip() or None
        try:
            with transaction.atomic():
                act.create(row)
        except IntegrityError:  # a colleague was faster
            raise InputError.at(Message("apps.child_talks:going-on")) from None
    return row


def pause_talk(*, actor: Actor, talk: ChildTalk) -> None:
    """A pause, for as long as the child wants. Raises InputError."""
    with _going_on(actor, talk, "child_talk_paused", State.OPEN) as act:
        act.save(talk, changes={"state": State.PAUSED, "since": None, "spent": spent_of(talk)})


def go_on_with_talk(*, actor: Actor, talk: ChildTalk) -> None:
    """Go on after a pause, once the child said yes again. It is theirs who goes on with it, and who
    is trained. Raises InputError."""
    training = must_be_trained(actor, talk.site)
    with _going_on(actor, talk, "child_talk_goes_on", State.PAUSED) as act:
        changes: dict[str, object] = {"state": State.OPEN, "since": clock.now()}
        changes |= {"officer": actor.id, "training_id": training.pk}
        act.save(talk, changes=changes)


def end_talk(*, actor: Actor, talk: ChildTalk, another_day: bool = False) -> None:
    """The talk is over for today, whoever wants it. another_day: the child wants to go on then."""
    with _going_on(actor, talk, "child_talk_over", *OPEN) as act:
        changes: dict[str, object] = {
            "state": State.ANOTHER_DAY if another_day else State.ENDED,
            "spent": spent_of(talk),
            "since": None,
            "ended_at": clock.now(),
        }
        act.save(talk, changes=changes)


def keep_told(
    *, actor: Actor, talk: ChildTalk, told: str, seen: str, signs: Collection[str]
) -> None:
    """Keep what the child tells and what is seen, each apart, until the talk is over. Raises
    InputError."""
    texts = {"told": _text(told, "told"), "seen": _text(seen, "seen")}
    known = [code for code in codelist("child_signs").codes if code in set(signs)]
    if len(known) != len(set(signs)):
        raise InputError.at(Message("apps.cases:choose-one"), field="signs")
    with _going_on(actor, talk, "child_talk_told", *OPEN) as act:
        act.save(talk, changes={**texts, "signs": known or None})


def add_adult_account(
    *, actor: Actor, talk: ChildTalk, tie: Relationship | None, text: str
) -> AdultAccount:
    """Keep what an adult of verified tie told, apart from what the child tells. Raises InputError
    for an adult whose tie is not verified or whom a doubt concerns."""
    if tie is None or tie.pk not in {row.pk for row in verified_ties(talk.person)}:
        raise InputError.at(Message("apps.child_talks:tie-not-verified"), field="tie")
    said = _text(text, "text", needed=True)
    with _going_on(actor, talk, "child_talk_adult", *OPEN) as act:
        row = AdultAccount(
            organisation_id=talk.organisation_id,
            person=talk.person,
            talk=talk,
            tie=tie,
            at=clock.now(),
            by=actor.id,
        )
        row.words = said
        act.create(row)
    return row


def state_age(*, actor: Actor, person: Person, reached: bool) -> AgeStatement:
    """Say whether a child whose age is only estimated certainly has the age from which a list may
    be put. It says nothing about whether the person is a child. Raises DeniedError."""
    row = AgeStatement(
        organisation_id=person.organisation_id,
        person=person,
        age=settings_of(person.organisation_id).least_age,
        reached=reached,
        at=clock.now(),
        by=actor.id,
    )
    with _writing(actor, person, "age_for_list") as act:
        act.create(row)
    return row


def spent_of(talk: ChildTalk) -> int:
    """For how many seconds a talk has gone on, without its pauses."""
    running = (clock.now() - talk.since).total_seconds() if talk.since else 0
    return talk.spent + max(0, int(running))


def _checked(actor: Actor, person: Person, site: Site, setting: Setting) -> Person | None:
    """What must be so before a talk goes on. The adult beside the child, if it wants one there."""
    if not setting.told_first:
        raise InputError.at(Message("apps.child_talks:say-first"), field="told_first")
    if setting.wants_supporter is None:
        raise InputError.at(Message("apps.child_talks:who-beside"), field="wants_supporter")
    if setting.wants_supporter and not setting.supporter.strip():
        raise InputError.at(Message("apps.child_talks:who-beside"), field="supporter")
    if setting.way not in ChildTalk.Way.values:
        raise InputError.at(Message("apps.cases:choose-one"), field="way")
    if setting.way == ChildTalk.Way.SIGN and not (
        setting.interpreter.strip() or training_of(actor.id, site.time_zone, What.SIGN)
    ):
        raise InputError.at(Message("apps.child_talks:sign"), field="interpreter")
    if setting.apart == APART:
        return None
    tie = next((row for row in verified_ties(person) if row.reference == setting.apart), None)
    if tie is None:
        said = "not-apart" if setting.apart == NOT_POSSIBLE else "apart-needed"
        raise InputError.at(Message(f"apps.child_talks:{said}"), field="apart")
    return other_of(tie, person)


def _text(text: str, field: str, *, needed: bool = False) -> str | None:
    found = text.strip()
    if needed and not found:
        raise InputError.at(Message("apps.cases:words-missing"), field=field)
    if len(found) > LONGEST:
        raise InputError.at(Message("apps.cases:words-long", {"most": LONGEST}), field=field)
    return found or None


@contextmanager
def _writing(actor: Actor, person: Person, what: str) -> Iterator[Act]:
    with (
        open_vault(),
        action(
            actor=actor,
            code=WRITE,
            purpose=purpose_of(actor),
            resource=talks_of(person),
            subject=person.pk,
        ) as act,
    ):
        act.note(what=what)
        yield act


@contextmanager
def _going_on(actor: Actor, talk: ChildTalk, what: str, *states: ChildTalk.State) -> Iterator[Act]:
    with _writing(actor, talk.person, what) as act:
        talk.refresh_from_db(from_queryset=ChildTalk.objects.select_for_update(no_key=True))
        if talk.state not in states:
            raise InputError.at(Message("apps.child_talks:otherwise"))
        yield act
