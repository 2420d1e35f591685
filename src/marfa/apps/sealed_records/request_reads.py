"""Reading requests to open a sealed record: decided by the charter, and on the record."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.http import Http404

from marfa.apps.sealed_records.queries import purpose_of
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.sealed.models import OpeningRequest, SealedRecord
from marfa.safeguards.sealed.policy_facts import resource_of
from marfa.safeguards.words import Purpose


@contextlib.contextmanager
def request_reading(
    actor: Actor, record: SealedRecord, asked: OpeningRequest | None = None
) -> Iterator[None]:
    """Show a record from outside, or a request. Raises Http404 for whom the charter refuses it:
    for them there is none; the log has the refusal."""
    purpose = Purpose(asked.purpose) if asked else purpose_of(actor)
    resource = resource_of(record, asked)
    try:
        with reading(
            actor=actor, code="sealed.see_requests", purpose=purpose, resource=resource
        ) as act:
            if record.subject:
                act.about(record.subject)
            yield
    except DeniedError:
        raise Http404 from None
