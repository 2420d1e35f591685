"""Judging what came in: the rules of the form are run again here, and people decide.

No device is trusted. Where nothing differs, a person still accepts it: nobody is registered by a
machine. Where something differs, a supervisor accepts it or sets it aside, and says why.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marfa.apps.forms.coded_answers import keep_coded_answers
from marfa.apps.forms.events import SubmissionAccepted
from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.models import Submission
from marfa.apps.forms.policy_facts import filled_for, purpose_of, the_form, what_came
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.message import InputError, Message
from marfa.methods.xforms import recheck
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.safeguards.actions import action, together
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.vault.access import open_vault

State = Submission.State
LONGEST_SENTENCE = 500
UNCHECKED_FOR = timedelta(hours=1)
"""What was not checked for so long, since its check fails again and again, a person judges."""


def recheck_submission(*, actor: Actor, submission: Submission) -> Submission:
    """Run the rules of its form again over what came, and keep what differs, sealed.

    What was decided already is left as it is. Raises DeniedError.
    """
    if submission.state in (State.ACCEPTED, State.SET_ASIDE):
        return submission
    with open_vault():
        found = [
            {
                "kind": finding.kind.value,
                "path": finding.path,
                "label": finding.label,
                "message": finding.message.as_json(),
                "expected": finding.expected.value if finding.expected else None,
                "found": finding.found.value if finding.found else None,
                "words": finding.words.value if finding.words else None,
            }
            for finding in recheck(
                model_of(submission.version), submission.xml.data, submission.received_at
            )
        ]
    with (
        action(
            actor=actor,
            code="forms.recheck",
            purpose=purpose_of(submission.form),
            resource=the_form(submission.form),
            subject=submission.subject,
        ) as act,
        open_vault(),
    ):
        act.made("Submission", submission.pk)
        row = Submission.objects.select_for_update().get(pk=submission.pk)
        if row.state in (State.RECEIVED, State.CHECKED, State.DIFFERENT):
            row.findings = found
            row.findings_count = len(found)
            row.state = State.DIFFERENT if found else State.CHECKED
            row.checked_at = clock.now()
            row.save(update_fields=["findings", "findings_count", "state", "checked_at"])
        act.note(findings=len(found))
    return row


def accept_submission(*, actor: Actor, submission: Submission, sentence: str = "") -> None:
    """Accept what came in. Where something differs, or it cannot be checked, a supervisor does,
    with a sentence.

    Raises InputError where it was not checked yet (and is not ``is_left_unchecked``), was decided,
    is practice, or the sentence is missing; DeniedError.
    """
    _decide(actor, submission, State.ACCEPTED, sentence)


def set_aside(*, actor: Actor, submission: Submission, sentence: str) -> None:
    """Set aside what came in; it stays as it came. Raises as ``accept_submission``."""
    _decide(actor, submission, State.SET_ASIDE, sentence)


def is_left_unchecked(submission: Submission) -> bool:
    """Whether the rules could not be run over it for so long that a person judges without them."""
    since = clock.now() - UNCHECKED_FOR
    return submission.state == State.RECEIVED and submission.received_at <= since


def _written(submission: Submission, actor: Actor) -> Resource:
    """Into whose record it is judged: of a form that was filled in for somebody, into theirs."""
    if submission.handed_over_at is None:
        return what_came(submission, actor)
    person = Person.objects.get(pk=submission.subject)
    return filled_for(submission.form, PERSON.resource(person))


def _decide(actor: Actor, submission: Submission, to: str, sentence: str) -> None:
    if submission.is_practice:
        raise InputError.at(Message("apps.forms:practice-becomes-nothing"))
    words = sentence.strip()
    clean = submission.state == State.CHECKED and to == State.ACCEPTED
    if not clean and not words:
        raise InputError.at(Message("apps.forms:say-why"), field="sentence")
    if len(words) > LONGEST_SENTENCE:
        raise InputError.at(Message("apps.forms:too-long"), field="sentence")
    purpose = purpose_of(submission.form)
    asked: dict[str, Any] = {"actor": actor, "purpose": purpose, "subject": submission.subject}
    code = "forms.fill" if clean else "forms.review"
    with together(), open_vault():
        with action(code=code, resource=the_form(submission.form), **asked) as act:
            act.made("Submission", submission.pk)
            act.note(to=to)
        written = action(code="records.write", resource=_written(submission, actor), **asked)
        with written as act:
            row = Submission.objects.select_for_update().get(pk=submission.pk)
            # What was seen is what is decided upon.
            judged = row.state in (State.CHECKED, State.DIFFERENT) or is_left_unchecked(row)
            if row.state != submission.state or not judged:
                raise InputError.at(Message("apps.forms:changed-meanwhile"))
            row.state, row.settled_at, row.settled_by_id = to, clock.now(), actor.id
            row.sentence = words or None
            row.save(update_fields=["state", "settled_at", "settled_by", "sentence"])
            if to == State.ACCEPTED:
                keep_coded_answers(act, row)
                publish_event(SubmissionAccepted(row.pk, actor.id))
    submission.refresh_from_db()
