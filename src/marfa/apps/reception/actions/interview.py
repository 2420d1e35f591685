"""The private conversation: begun where it is safe, stopped at any moment, ended with reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from marfa.apps.complaints.actions import keep_sealed_answer
from marfa.apps.form_pages.editor import Change
from marfa.apps.manifest import no_list_for
from marfa.apps.reception import rule_inputs
from marfa.apps.reception.actions.queue import State, move_entry
from marfa.apps.reception.actions.reasons import FORM, raise_new_reasons, raise_without_reason
from marfa.apps.reception.events import ConversationEnded
from marfa.apps.reception.models import ConversationAnswer, PrivateConversation, QueueEntry
from marfa.apps.reception.places_to_refer import has_place_to_refer
from marfa.apps.reception.questions import interview_questions
from marfa.apps.reception.reasons import Fact
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON, record_of
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError, Message
from marfa.methods.screening.outcome import Urgency
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.platform.revisions.actions import Saved
from marfa.platform.revisions.drafts import discard_all
from marfa.safeguards.actions import Act, action, together
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

PURPOSE = Purpose.SCREENING
WRITE = "records.write"
CONDITIONS = ("alone", "private_place", "right_people", "told", "reporting", "referral")
"""What is looked at one by one, in this order and once for the whole conversation, before the
person is asked whether they may be asked."""
STATED = frozenset({"yes", "no", "unknown", "refused", ""})
"""What may be said to a question; nothing where it was passed over."""
Talk = PrivateConversation.State


@dataclass(frozen=True)
class Setting:
    """How a talk begins. confirmed: which of ``CONDITIONS`` are so. interpreter: a code, or empty
    where there is none. addressee: the form of address that the person chose. way: how they answer.
    supporter: whom they named when alone and want beside them; no name."""

    confirmed: frozenset[str]
    language: str = ""
    interpreter: str = ""
    addressee: Addressee = Addressee.FEMININE
    way: str = ""
    supporter: str = ""

    @property
    def stored(self) -> dict[str, object]:
        """What is written down of it."""
        return {
            "conditions": sorted(self.confirmed),
            "language": self.language or None,
            "interpreter": self.interpreter.strip() or None,
            "addressee": self.addressee.value,
            "way": self.way or None,
            "supporter": self.supporter.strip() or None,
        }


@contextmanager
def _writing(actor: Actor, person: Person, what: str) -> Iterator[Act]:
    fields = ["stated", "observed", "note"]
    resource = record_of(PERSON.resource(person), ConversationAnswer, fields)
    with (
        open_vault(),
        action(actor=actor, code=WRITE, purpose=PURPOSE, resource=resource) as act,
    ):
        act.about(person.pk)
        act.note(what=what)
        yield act


def begin_talk(*, actor: Actor, entry: QueueEntry, setting: Setting) -> PrivateConversation:
    """Begin once every condition is so and the person said yes to being asked.

    Raises InputError where one of these is not confirmed, a talk is going on, or no list of
    questions may be put to the person; DeniedError.
    """
    person = entry.person
    _must_be_safe(setting, person)
    if (refusal := no_list_for(person, actor)) is not None:
        raise InputError.at(refusal.said, field="alone")
    if open_talk_of(person) is not None:
        raise InputError.at(Message("apps.reception:talk-going-on"), field="alone")
    with together(), _writing(actor, person, "talk_begun") as act:
        if entry.state != State.BEING_SEEN:
            move_entry(actor=actor, entry=entry, to=State.BEING_SEEN)
        made = PrivateConversation(
            organisation_id=person.organisation_id,
            person=person,
            entry=entry,
            held_by=actor.id,
            began_at=clock.now(),
        )
        for name, value in setting.stored.items():
            setattr(made, name, value)
        try:
            with transaction.atomic():
                act.create(made)
        except IntegrityError:  # a colleague began in the same moment
            raise InputError.at(Message("apps.reception:talk-going-on"), field="alone") from None
        _open_questions(act, made)
    return made


def go_on_with_talk(*, actor: Actor, talk: PrivateConversation, setting: Setting) -> None:
    """Go on with a talk that was left: on another day, in another room or with another officer it
    is safe only where all of it is confirmed again. It is theirs then; what held before, and who
    held it, stays in its history.

    Raises InputError where something is not confirmed, the actor may put no list to the person or
    the talk is over; DeniedError.
    """
    _must_be_safe(setting, talk.person)
    if (refusal := no_list_for(talk.person, actor)) is not None:
        raise InputError.at(refusal.said, field="alone")
    with together(), _writing(actor, talk.person, "talk_goes_on") as act:
        _must_go_on(talk)
        act.save(talk, changes={**setting.stored, "held_by": actor.id})


def _must_be_safe(setting: Setting, person: Person) -> None:
    """What somebody says about a place to refer to counts only where the directory has one."""
    if missing := [name for name in CONDITIONS if name not in setting.confirmed]:
        raise InputError.at(Message("apps.reception:talk-not-safe"), field=missing[0])
    if not has_place_to_refer(person):
        raise InputError.at(Message("apps.directory:no-place"), field="referral")


def open_talk_of(person: Person) -> PrivateConversation | None:
    """The talk with a person that was begun and is not over, whoever began it."""
    return PrivateConversation.objects.filter(person=person, state=Talk.OPEN).first()


def _open_questions(act: Act, talk: PrivateConversation) -> None:
    child = rule_inputs.may_be_child(talk.person, rule_inputs.today_of(talk.person))
    for question in interview_questions(child=child):
        row = ConversationAnswer(
            organisation_id=talk.organisation_id,
            person_id=talk.person_id,
            conversation=talk,
            question=question.value,
        )
        act.create(row)


def answer_question(answer: ConversationAnswer, change: Change) -> Saved:
    """Keep what was said and seen. It may be a reason at once: a talk that is left, as when a
    battery dies, is perhaps never ended. Who goes back and on again and changes nothing, or sends
    the same from a second window, has answered once: then nothing is written. Raises InputError
    after the talk is over; ConflictError where a colleague answered otherwise; DeniedError.
    """
    if answer.answered_at and not change.mine:
        with open_vault():
            if says_nothing_new(answer, change.changes):
                return Saved(answer.version, answer.answered_at, change.changes, ())
    with _writing(change.actor, answer.person, "talk_answered") as act:
        _must_go_on(answer.conversation)
        saved = act.save(
            answer,
            base_version=change.base_version,
            changes={name: value or None for name, value in change.changes.items()},
            mine=change.mine,
            derived=lambda _values: {"answered_at": clock.now()},
        )
        raise_new_reasons(answer.person, answer.conversation.answers.all())
        return saved


def answer_sealed(*, actor: Actor, answer: ConversationAnswer, said: str) -> None:
    """Keep the answer to a question that is kept apart. Of the person it is known only that the
    question was put in this talk, whatever was said, and not when; a yes makes them more urgent
    without a reason, and nothing takes that back.

    Raises InputError after the talk is over; DeniedError.
    """
    if said not in STATED:
        raise InputError.at(Message("apps.reception:answer-unknown"), field="stated")
    with _writing(actor, answer.person, "talk_answered") as act:
        _must_go_on(answer.conversation)
        act.save(answer, changes={"answered_at": answer.conversation.began_at})
        keep_sealed_answer(
            act,
            question=answer.pk,
            organisation=answer.organisation_id,
            site=answer.person.site,
            said=said,
        )
        if said == "yes":
            raise_without_reason(answer.person, Urgency.NOW)


def says_nothing_new(answer: ConversationAnswer, told: Mapping[str, object]) -> bool:
    """Whether an answer stands as it is told; within ``open_vault()``."""
    return all((getattr(answer, name) or None) == (value or None) for name, value in told.items())


def stop_talk(*, actor: Actor, talk: PrivateConversation) -> None:
    """The person said stop: from now on nothing more is kept, and what was typed and not sent is
    thrown away. What was said before stays, and may be a reason to help. Raises DeniedError."""
    with together(), _writing(actor, talk.person, "talk_stopped") as act:
        discard_all(form=FORM, subjects=talk.answers.values_list("pk", flat=True))
        _end(act, actor, talk, Talk.STOPPED)


def note_answered_for(*, actor: Actor, talk: PrivateConversation) -> None:
    """Somebody who came with the person answered in their place, as the officer saw."""
    answer = talk.answers.filter(question=Fact.ANSWERED_FOR).select_related("person").get()
    answer_question(answer, Change(actor, answer.version, {"observed": "yes"}))


def finish_talk(*, actor: Actor, talk: PrivateConversation, goes_on: bool = False) -> None:
    """The talk is over; what was said may be reasons. Raises InputError, DeniedError.

    goes_on: the same press goes on with the questions of a list.
    """
    with together(), _writing(actor, talk.person, "talk_finished") as act:
        _end(act, actor, talk, Talk.FINISHED, goes_on=goes_on)


def end_talk_too(*, actor: Actor, person: Person, stopped: bool = False) -> None:
    """The conversation ended on the pages of a list: so did what its officer asked in private
    before. stopped: the person said stop. Raises DeniedError."""
    talk = open_talk_of(person)
    if talk is None or talk.held_by != actor.id:
        return
    if stopped:
        stop_talk(actor=actor, talk=talk)
    else:
        finish_talk(actor=actor, talk=talk)


def _end(
    act: Act, actor: Actor, talk: PrivateConversation, state: Talk, *, goes_on: bool = False
) -> None:
    _must_go_on(talk)
    now = clock.now()
    act.save(talk, changes={"state": state, "ended_at": now})
    raise_new_reasons(talk.person, talk.answers.all())
    _leave_place(actor, talk)
    if not goes_on:
        stopped = state is Talk.STOPPED
        publish_event(ConversationEnded(talk.person_id, talk.held_by, stopped=stopped, at=now))


def _leave_place(actor: Actor, talk: PrivateConversation) -> None:
    entry = QueueEntry.objects.filter(person=talk.person_id, ended_at=None).first()
    if entry is None:
        return
    if entry.state != State.BEING_SEEN:  # a colleague let them wait again, or they came back
        move_entry(actor=actor, entry=entry, to=State.BEING_SEEN)
    move_entry(actor=actor, entry=entry, to=State.DONE)


def _must_go_on(talk: PrivateConversation) -> None:
    """Read the talk again: whoever would end it or change it meanwhile waits for what is written
    now. Raises InputError for one that is over."""
    talk.refresh_from_db(from_queryset=PrivateConversation.objects.select_for_update(no_key=True))
    if talk.state != Talk.OPEN:
        raise InputError.at(Message("apps.reception:talk-over"), field="stated")
