"""What the log is narrowed by. Codes stand in the address. Whom somebody looks for is typed, so
that no address tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marfa.apps.accounts.models import User, username_key
from marfa.apps.list_page import Column, Filter, ListSpec, Typed
from marfa.apps.log.action_words import action_choices
from marfa.apps.manifest import people_named
from marfa.platform import clock
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.words import Outcome

PERIODS: Mapping[str, tuple[Promise, timedelta]] = {
    "day": (gettext_lazy("the last 24 hours"), timedelta(hours=24)),
    "week": (gettext_lazy("the last 7 days"), timedelta(days=7)),
    "month": (gettext_lazy("the last 30 days"), timedelta(days=30)),
    "year": (gettext_lazy("the last 365 days"), timedelta(days=365)),
}
OUTCOMES = (
    (Outcome.DONE.value, gettext_lazy("done")),
    (Outcome.DENIED.value, gettext_lazy("denied")),
    (Outcome.FAILED.value, gettext_lazy("failed")),
)
LARGEST = 2**63 - 1


def _actor(text: str) -> Q:
    users = User.objects.filter(username_key=username_key(text))
    found = users.first() or User.objects.filter(reference=text).first()
    if found is None:
        raise ValidationError(_("There is no colleague with this name or reference."))
    return Q(actor_id=found.pk)


def _subject(text: str) -> Q:
    found = people_named(text)
    if len(found) == 1:
        return Q(subject_id=found.pop())
    if found:
        raise ValidationError(
            _("Several people have this code. Type the reference of the person you mean.")
        )
    raise ValidationError(_("No one is known by this reference or code."))


def _same(text: str) -> Q:
    """The person of an entry; their key stays here. What no page sent narrows nothing."""
    if not text.isdecimal() or int(text) > LARGEST:
        return Q()
    found = Entry.objects.filter(place=int(text)).values_list("subject_id", flat=True).first()
    return Q(subject_id=found) if found else Q()


LOG = ListSpec(
    gettext_lazy("Entries, newest first"),
    (
        Column("when", gettext_lazy("When"), kind="head", order=("at", "place")),
        Column("action", gettext_lazy("Action"), kind="plain"),
        Column("outcome", gettext_lazy("Outcome"), kind="plain"),
        Column("who", gettext_lazy("Who")),
        Column("why", gettext_lazy("Why")),
        Column("what", gettext_lazy("To what")),
        Column("about", gettext_lazy("About whom"), kind="plain"),
    ),
    "-when",
    (
        Filter(
            "action",
            gettext_lazy("Action"),
            lambda _actor: action_choices(),
            lambda code: Q(action=code),
        ),
        Filter("outcome", gettext_lazy("Outcome"), OUTCOMES, lambda code: Q(outcome=code)),
        Filter(
            "period",
            gettext_lazy("When"),
            [(code, label) for code, (label, _span) in PERIODS.items()],
            lambda code: Q(at__gte=clock.now() - PERIODS[code][1]),
        ),
    ),
    asks=(
        Typed(
            "actor",
            gettext_lazy("Who"),
            _actor,
            gettext_lazy("User name or reference of a colleague."),
        ),
        Typed(
            "subject",
            gettext_lazy("About whom"),
            _subject,
            gettext_lazy("Reference or code of a person."),
        ),
        Typed("same", gettext_lazy("About whom"), _same, hidden=True),
    ),
)
