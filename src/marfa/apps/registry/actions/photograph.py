"""The photograph of a person: given, replaced, taken away. It is never needed for anything."""

from __future__ import annotations

from marfa.apps.registry.actions.base import must_write, person_action
from marfa.apps.registry.events import PersonPart
from marfa.apps.registry.models import Person, PersonName
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.message import InputError, Message
from marfa.platform.files.actions import delete_file
from marfa.platform.files.drawings import keep_drawn
from marfa.platform.files.models import StoredFile
from marfa.platform.files.pictures import Preview
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

EDGE = 800
"""Pixels of the longest side: a face is known by it, and a place behind it hardly."""


def set_photo(
    *,
    actor: Actor,
    purpose: Purpose,
    person: Person,
    picture: Preview | None,
    agreed: bool = False,
) -> StoredFile | None:
    """Store a picture that was drawn anew as the person's, or take away the one that there is.

    agreed: the person was asked and said yes; the log keeps it. Nobody needs it to take one away.
    What was there before is destroyed in the same transaction; the history keeps that it changed.
    Raises DeniedError; InputError where nobody agreed or there is no room.
    """
    with person_action(actor, purpose, person, "photo_changed", PersonPart.PHOTO) as act:
        resource = PERSON.resource(person)
        must_write(actor, purpose, resource, Person, ["photo"])
        # A face tells who somebody is, as their name does.
        must_write(actor, purpose, resource, PersonName, ["text"])
        row = Person.objects.select_for_update().get(pk=person.pk)
        old, new = row.photo, None
        if picture is not None:
            if not agreed:
                raise InputError.at(Message("apps.registry:photo-not-agreed"), field="agreed")
            act.note(agreed=True)
            new = keep_drawn(uploader_id=actor.id, picture=picture, owner=owner_of(row))
            act.note(isolated=picture.isolated)
        act.save(row, changes={"photo_id": new and new.pk})
        if old is not None:
            delete_file(file=old)
    return new
