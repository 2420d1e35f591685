"""What follows for consent: mails to the offices of recipients, which carry nobody's identity, and
the end of openings whose consent does not count any more."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from marfa.apps.organisations.queries import controller
from marfa.apps.people.actions.recalling import (
    LETTER,
    close_what_rests_on_nothing,
    recipient_of,
)
from marfa.apps.people.events import Part, PersonChanged
from marfa.apps.people.models import Person
from marfa.platform.events import listen
from marfa.platform.outbox.mail import Letter, letter


@letter(LETTER)
def consent_withdrawn(*, notice: UUID) -> Letter | None:
    """Somebody took consent back: the recipient asks us of whom."""
    recipient = recipient_of(notice)
    if recipient is None or not recipient.mail:
        return None
    text = _(
        "Somebody has taken back their consent that we share with you. Please ask %(name)s, by"
        " the way that was agreed, what it is about."
    )
    return Letter(recipient.mail, _("Please get in touch"), text % {"name": controller().name})


@listen(PersonChanged)
def look_at_openings_again(event: PersonChanged) -> None:
    """Who may answer for the person may have changed."""
    if event.part in (Part.PERSON, Part.RELATIONSHIPS):
        close_what_rests_on_nothing(Person.objects.get(pk=event.person))
