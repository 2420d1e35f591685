"""The first steps of the guided tour of reception: registering, the private talk, finding."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.finding.models import Search, Way
from marfa.apps.people.models import PrivateConversation, Registration
from marfa.apps.registry import Desk, TourStep


def _registered(user: User, since: datetime) -> bool:
    arrivals = Registration.objects.filter(event=Registration.Event.ARRIVAL)
    return arrivals.filter(by=user.pk, at__gte=since).exists()


def _talked(user: User, since: datetime) -> bool:
    return PrivateConversation.objects.filter(held_by=user.pk, ended_at__gte=since).exists()


def _looked(user: User, since: datetime) -> bool:
    asked = Search.objects.filter(searcher=user.pk, at__gte=since, way=Way.SEARCH)
    return asked.filter(found__gt=0).exists()


STEPS = (
    TourStep(
        Desk.RECEPTION,
        "register",
        _("Register somebody"),
        _(
            "Register one person, or a household on one page. Every field may stay empty: whoever"
            " says nothing is registered by a code alone and gets the same help."
        ),
        "reception:person",
        ("reception:household", "reception:check", "people:registered", "people:one_registered"),
        _registered,
        place=10,
    ),
    TourStep(
        Desk.RECEPTION,
        "talk",
        _("Speak with somebody alone"),
        _(
            "Open the queue, choose who waits, and speak with them where nobody hears you."
            " Everybody is seen alone once, so that it says nothing about anyone."
        ),
        "queue:site",
        ("queue:entry", "queue:begin", "queue:end"),
        _talked,
        place=20,
    ),
    TourStep(
        Desk.RECEPTION,
        "find",
        _("Find somebody"),
        _(
            "Look for somebody whom you registered: type a name written in Arabic in Latin"
            " letters, or the code. Each search is on the record, so look only for your work."
        ),
        "finding:find",
        (),
        _looked,
        place=30,
    ),
)
