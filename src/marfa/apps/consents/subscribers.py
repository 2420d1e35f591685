"""Mails to the offices of recipients, and the end of openings without consent.

No mail carries anybody's identity.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from marfa.apps.agreements.events import AgreementsEnded
from marfa.apps.consents.actions.recall import (
    LETTER,
    close_what_rests_on_nothing,
    end_sharings,
    recipient_of,
)
from marfa.apps.consents.models import Sharing
from marfa.apps.organisations.queries import data_controller
from marfa.apps.registry.events import PersonChanged, PersonPart
from marfa.apps.registry.models import Person
from marfa.platform.events import listen_to
from marfa.platform.outbox.mail import Letter, register_letter


@register_letter(LETTER)
def consent_withdrawn(*, notice: UUID) -> Letter | None:
    """Somebody took consent back: the recipient asks us of whom."""
    recipient = recipient_of(notice)
    if recipient is None or not recipient.mail:
        return None
    text = _(
        "Someone has withdrawn their consent that we share with you. Please ask %(name)s, in "
        "the agreed way, what it is about."
    )
    return Letter(recipient.mail, _("Please contact us"), text % {"name": data_controller().name})


@listen_to(PersonChanged)
def look_at_openings_again(event: PersonChanged) -> None:
    """Who may answer for the person may have changed."""
    if event.part in (PersonPart.PERSON, PersonPart.RELATIONSHIPS):
        close_what_rests_on_nothing(Person.objects.get(pk=event.person))


@listen_to(AgreementsEnded)
def end_what_was_shared_under(event: AgreementsEnded) -> None:
    """What was opened under an agreement ends with it."""
    end_sharings(Sharing.objects.filter(agreement__in=event.agreements))
