"""Concerns of a supervisor: contacts late or missed, help that is not there."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from marfa.apps.assistance.models import Contact, Help
from marfa.apps.assistance.queries import late_to_begin
from marfa.apps.cases.concerns import Concern
from marfa.apps.cases.models import Case
from marfa.platform import clock

OFTEN = 2
"""Contacts missed one after the other."""


def late_contacts() -> Q:
    """A contact should have been held by now."""
    return _of(Contact.objects.filter(state=Contact.State.PLANNED, due_at__lte=clock.now()))


def with_missed_contacts() -> Q:
    """The person was missed twice or more since they were met."""
    rows = Contact.objects.filter(state=Contact.State.MISSED, case__state=Case.State.OPEN)
    since = rows.filter(Q(case__met_at=None) | Q(ended_at__gt=F("case__met_at")))
    often = since.order_by().values("case").annotate(times=Count("pk")).filter(times__gte=OFTEN)
    return _of(often)


def without_contact() -> Q:
    """No next contact is planned."""
    return ~_of(Contact.objects.filter(state=Contact.State.PLANNED))


def no_place() -> Q:
    """There is no place for the help that is needed."""
    return _of(Help.objects.filter(state=Help.State.NO_PLACE))


def not_begun() -> Q:
    """Help was asked for, or a place found, and it should have begun by now."""
    return _of(late_to_begin(clock.now()).order_by())


def _of(rows: QuerySet[Any, Any]) -> Q:
    """Cases that have such rows. The rows are gathered once: asked case by case they take a look
    each, which on a board is tens of thousands."""
    return Q(pk__in=rows.values("case"))


CONCERNS = (
    Concern(
        "late",
        _("A contact is late"),
        _("The planned contact should have taken place by now."),
        late_contacts,
        place=20,
        by_worker=True,
    ),
    Concern(
        "missed",
        _("Missed twice or more"),
        _("Two or more planned contacts have been missed since the person was last met."),
        with_missed_contacts,
        place=30,
    ),
    Concern(
        "no-contact",
        _("No next contact is planned"),
        _("No meeting or call with the person is planned, and none is late."),
        without_contact,
        place=60,
    ),
    Concern(
        "no-place",
        _("No place available"),
        _("Help is needed and no place has been found yet."),
        no_place,
        place=70,
    ),
    Concern(
        "not-begun",
        _("Requested help did not begin"),
        _("Help was requested, or a place was found, and the time to begin has passed."),
        not_begun,
        place=80,
    ),
)
