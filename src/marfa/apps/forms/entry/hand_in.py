"""Sending what was filled in: once, however often the button is pressed."""

from __future__ import annotations

from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.forms.actions.submissions import attach_file, receive_submission
from marfa.apps.forms.entry.flow import Flow, discard_flow, save_flow
from marfa.apps.forms.entry.uploads import drop_all
from marfa.apps.forms.form_models import files_named, model_of
from marfa.apps.forms.instances import read_told
from marfa.apps.forms.models import Submission
from marfa.apps.registry.models import Person
from marfa.methods.xforms import submission_xml
from marfa.platform.files.actions import give_file
from marfa.platform.files.models import StoredFile
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actor import Actor


def hand_in_flow(*, user: User, actor: Actor, flow: Flow) -> Submission:
    """Hand the form in, with its files, and forget the draft.

    The bytes are fixed and kept before they are handed in, so that a second sending, after a cut
    or of two clicks, hands in the same. Raises DeniedError; DraftMovedError where another page
    was quicker; InputError where it cannot be taken in.
    """
    if not flow.sent:
        flow.state.finish()
        flow.sent = submission_xml(flow.state)
        save_flow(user, flow)
    content = flow.sent.encode()
    told = read_told(content)
    received = receive_submission(
        actor=actor,
        version=flow.version,
        told=told,
        content=content,
        way=Submission.Way.PAGES,
        site=flow.site,
        about=flow.about,
    )
    for name in files_named(model_of(flow.version), told.root):
        key = flow.files.get(name)
        file = StoredFile.objects.filter(pk=key, uploader_id=user.pk).first() if key else None
        if file is not None:
            give_file(file=file, owner=owner_of(received.submission))
            attach_file(actor=actor, submission=received.submission, name=name, file=file)
            flow.files.pop(name)
    drop_all(user.pk, flow)
    discard_flow(user, flow)
    return received.submission


def address_after(submission: Submission) -> str:
    """Where somebody goes who has handed it in: to whom it was filled in for, if anybody."""
    if submission.handed_over_at is None:
        return reverse("filling:sent")
    person = Person.objects.get(pk=submission.subject)
    return reverse("people:person", args=[person.reference])
