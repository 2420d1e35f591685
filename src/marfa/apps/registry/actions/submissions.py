"""The number of a form: sent twice, it registers nobody twice.

A form has a number, its batch, which stays with it in drafts and in every tab. What it said is kept
as a keyed digest beside whom it registered: the same is answered again, anything else is not.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, is_dataclass
from uuid import UUID

from django.utils.crypto import salted_hmac

from marfa.apps.organisations.models import Site
from marfa.apps.registry.models import Registration
from marfa.domain.message import InputError, Message

SALT = "registry.registration"


class SentBeforeError(InputError):
    """The form was sent before and said something else: what it says now is not stored."""


@dataclass(frozen=True)
class SentForm:
    """A form as it was sent. digest: of where it was sent and what it said."""

    batch: UUID
    digest: str


def sent_as(batch: UUID | None, site: Site, *said: object) -> SentForm | None:
    """What is known of a form by its number and all that it says; None for one without."""
    if batch is None:
        return None
    text = json.dumps([str(site.pk), *said], default=_plain, sort_keys=True)
    # With the number in it, two forms that say the same cannot be told to do so.
    digest = salted_hmac(SALT, f"{batch}:{text}", algorithm="sha256")
    return SentForm(batch, digest.hexdigest())


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)


def registered_by(sent: SentForm | None, site: Site) -> list[Registration]:
    """What this form led to already, in its order; nothing where it was not sent yet.

    Raises SentBeforeError where it said something else then.
    """
    if sent is None:
        return []
    rows = Registration.objects.filter(organisation=site.organisation_id, batch=sent.batch)
    found = list(rows.select_related("person", "household").order_by("place"))
    if any(row.digest != sent.digest for row in found):
        raise SentBeforeError.at(Message("apps.registry:form-sent-before"))
    return found


def by_the_other(sent: SentForm | None, site: Site) -> list[Registration]:
    """What came of the form where it was sent a second time before the first was answered; raises
    what is being handled where it was not."""
    found = registered_by(sent, site)
    if not found:
        raise
    return found
