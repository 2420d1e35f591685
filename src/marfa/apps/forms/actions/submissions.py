"""Taking in what was filled in: it is acknowledged only once its bytes are stored for good.

A second sending of the same bytes under the same instanceID changes nothing; other bytes under
it are refused and counted, so that a supervisor sees it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F

from marfa.apps.forms.form_models import files_named, model_of
from marfa.apps.forms.instances import InstanceMeta
from marfa.apps.forms.models import Attachment, FormVersion, Submission
from marfa.apps.forms.policy_facts import filled_for, purpose_of, the_form
from marfa.apps.organisations.workplaces import sites_where
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.ids import new_id
from marfa.domain.message import InputError, Message
from marfa.methods.xforms import read_submission
from marfa.platform import clock
from marfa.platform.files.models import StoredFile
from marfa.platform.files.queries import sha256_of
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.row_decisions import seen_among
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.fields import Content
from marfa.safeguards.words import Role

FILLS_IN = frozenset({Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR})


class OtherBytesError(InputError):
    """Under this instanceID something else came before."""


@dataclass(frozen=True)
class Received:
    """submission: as it is stored. again: whether it was there already."""

    submission: Submission
    again: bool


def receive_submission(
    *,
    actor: Actor,
    version: FormVersion,
    told: InstanceMeta,
    content: bytes,
    way: str,
    site: UUID | None = None,
    about: UUID | None = None,
) -> Received:
    """Keep a form that was filled in, byte for byte, sealed by a key of its own.

    site: at which it was filled in, for who works at several; another one counts for nothing.
    about: key of the person for whom it was begun, by whose key it is sealed then.
    Returning means that it is stored for good. Raises DeniedError; OtherBytesError where the same
    instanceID came with other bytes; InputError where the person is not, or no longer, somebody
    for whom the actor may fill it in.
    """
    digest = hashlib.sha256(content).hexdigest()
    there = _there(version, told.instance) if _came(version, told.instance) else None
    if there is None:
        try:
            where = _site(actor, version.organisation_id, site)
            known = _person(actor, version, about) if about is not None else None
            made = _store(actor, version, told, content, digest, way, where, known)
            return Received(made, again=False)
        except IntegrityError:  # the same came at the same moment
            there = _there(version, told.instance)
            if there is None:
                raise
    _same_or_refused(there, digest)
    return Received(there, again=True)


def _came(version: FormVersion, instance: UUID) -> bool:
    """Whether it is there: mostly it is not, and a whole row would be asked for in vain."""
    return Submission.objects.filter(form=version.form_id, instance=instance).exists()


def _there(version: FormVersion, instance: UUID) -> Submission | None:
    return Submission.objects.filter(form=version.form_id, instance=instance).first()


def _same_or_refused(there: Submission, digest: str) -> None:
    with open_vault():
        same = hmac.compare_digest(there.sha256, digest)
    if not same:
        Submission.objects.filter(pk=there.pk).update(doubles=F("doubles") + 1)
        raise OtherBytesError.at(Message("apps.forms:other-bytes"))


def _store(
    actor: Actor,
    version: FormVersion,
    told: InstanceMeta,
    content: bytes,
    digest: str,
    way: str,
    site: UUID | None,
    known: Resource | None,
) -> Submission:
    person = UUID(str(known.id)) if known is not None else None
    now = clock.now()
    row = Submission(
        organisation_id=version.organisation_id,
        site_id=site,
        form=version.form,
        version=version,
        instance=told.instance,
        replaces=told.replaces,
        subject=person or new_id(),
        handed_over_at=now if person else None,
        xml=Content(content),
        sha256=digest,
        waits_for=len(files_named(model_of(version), told.root)),
        way=way,
        received_at=now,
        submitted_by_id=actor.id,
    )
    with (
        action(
            actor=actor,
            code="forms.fill",
            purpose=purpose_of(version.form),
            resource=the_form(version.form),
            subject=row.subject,
        ) as act,
        open_vault() as vault,
        _into_record(actor, version, known),
    ):
        if person is None:
            vault.key_of_new_subject(row.subject)
        act.create(row)
        act.made("Submission", row.pk)
    return row


@contextmanager
def _into_record(actor: Actor, version: FormVersion, known: Resource | None) -> Iterator[None]:
    """Where it is filled in for somebody, it is written into their record."""
    if known is None:
        yield
        return
    with action(
        actor=actor,
        code="records.write",
        purpose=purpose_of(version.form),
        resource=filled_for(version.form, known),
        subject=UUID(str(known.id)),
    ):
        yield


def _person(actor: Actor, version: FormVersion, key: UUID) -> Resource:
    """For whom it was begun. Nothing tells whether there is nobody any more, or somebody of whom
    the actor may not know."""
    found = Person.objects.filter(pk=key, organisation=version.organisation_id)
    seen = seen_among(PERSON, found, actor)
    if key not in seen:
        raise InputError.at(Message("apps.forms:not-for-person"))
    return seen[key][1]


def _site(actor: Actor, organisation: UUID, chosen: UUID | None) -> UUID | None:
    """The site that was chosen, or the only one at which somebody works."""
    sites = sites_of(actor, organisation)
    if chosen in sites:
        return chosen
    return next(iter(sites)) if len(sites) == 1 else None


def sites_of(actor: Actor, organisation: UUID) -> set[UUID]:
    """The sites of an organisation at which somebody fills in forms. Who works for the whole
    organisation works at each of them; who works in a team, at that of the team."""
    sites = sites_where(actor, FILLS_IN, organisation=organisation, by_team=True)
    return set(sites.filter(organisation=organisation).values_list("pk", flat=True))


def attach_file(*, actor: Actor, submission: Submission, name: str, file: StoredFile) -> bool:
    """Put an accepted file to a submission; whether it was new.

    The same file under the same name changes nothing. Raises OtherBytesError where another file
    came under that name, InputError for a name that the submission does not have; DeniedError.
    """
    with open_vault():
        content = submission.xml.data
        named = files_named(model_of(submission.version), read_submission(content))
    if name not in named:
        raise InputError.at(Message("apps.forms:attachment-unknown", {"name": name}))
    with (
        action(
            actor=actor,
            code="forms.fill",
            purpose=purpose_of(submission.form),
            resource=the_form(submission.form),
            subject=submission.subject,
        ) as act,
        open_vault(),
    ):
        locked = Submission.objects.select_for_update().get(pk=submission.pk)
        there = {one.name: one for one in _attached([locked.pk])}
        if name in there:
            if sha256_of(there[name].file) != sha256_of(file):
                raise OtherBytesError.at(Message("apps.forms:other-attachment", {"name": name}))
            return False
        attached = Attachment(
            organisation_id=locked.organisation_id,
            submission=locked,
            subject=locked.subject,
            name=name,
            file=file,
        )
        act.create(attached)
        left = len(set(named) - set(there) - {name})
        Submission.objects.filter(pk=locked.pk).update(waits_for=left)
        submission.waits_for = left
        act.made("Submission", locked.pk)
        act.note(waits_for=left)
    return True


def _attached(submissions: Iterable[UUID]) -> list[Attachment]:
    found = Attachment.objects.filter(submission__in=list(submissions))
    return list(found.select_related("file").order_by("id"))
