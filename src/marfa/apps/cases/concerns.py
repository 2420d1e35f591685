"""Concerns: why a supervisor looks at a case. Each app brings its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models import Review
from marfa.apps.cases.unassigned_cases import unheld_open
from marfa.apps.manifest import gather_from_apps
from marfa.platform import clock

NEVER_MET = timedelta(days=3)
"""An open case in which nobody has met the person for so long after it was opened."""
SILENT = timedelta(days=30)
"""An open case in which nobody has met the person since."""
LOOKED_AT = timedelta(days=90)
"""How often a supervisor looks at the whole of an open case."""


@dataclass(frozen=True)
class Concern:
    """One reason why a supervisor looks at a case, which the board counts and opens to.

    means: what is counted, in words beside the number. having: the condition on open cases. place:
    on the board, the lowest first. by_worker: counted of each worker too.
    """

    name: str
    label: Promise | str
    means: Promise | str
    having: Callable[[], Q]
    place: int = 0
    by_worker: bool = False


def never_met() -> Q:
    """Nobody has met the person for three days since the case was opened."""
    return Q(met_at=None, opened_at__lte=clock.now() - NEVER_MET)


def without_recent_contact() -> Q:
    """Nobody has met the person for a month."""
    return Q(met_at__lte=clock.now() - SILENT)


def without_worker() -> Q:
    """Nobody is responsible who may read it."""
    return unheld_open()


def late_reviews() -> Q:
    """A second look is late."""
    late = Review.objects.filter(state=Review.State.WAITING, due_at__lte=clock.now())
    return Q(pk__in=late.values("case"))


def to_look_at() -> Q:
    """No second person has looked at the whole case for three months."""
    looked = Review.objects.filter(of=Review.Of.PERIODIC)
    before = clock.now() - LOOKED_AT
    once = Q(pk__in=looked.filter(answered_at__lte=before).values("case"))
    since = Q(pk__in=looked.filter(answered_at__gt=before).values("case"))
    return ~since & (Q(opened_at__lte=before) | once)


CONCERNS = (
    Concern(
        "nobodys",
        _("No one is responsible"),
        _("No one was made responsible, or the responsible person may no longer read the case."),
        without_worker,
        place=10,
    ),
    Concern(
        "never-met",
        _("Not met yet after three days"),
        _("Opened three or more days ago, and no one has met or reached the person since."),
        never_met,
        place=40,
        by_worker=True,
    ),
    Concern(
        "silent",
        _("Not met for a month"),
        _("The person was last met or reached thirty or more days ago."),
        without_recent_contact,
        place=50,
    ),
    Concern(
        "second-look",
        _("A review is late"),
        _("A second person was asked for a review, and the time for it has passed."),
        late_reviews,
        place=100,
    ),
    Concern(
        "to-look-at",
        _("Whole case not reviewed for three months"),
        _("Opened, or last reviewed as a whole by a second person, ninety or more days ago."),
        to_look_at,
        place=110,
    ),
)
OPEN = Concern("open", _("Open cases"), _("All open cases that you may read."), Q)
URGENT = Concern(
    "now",
    _("Urgent now"),
    _("Open cases in which help is needed now."),
    lambda: Q(urgency="now"),
)


def all_concerns() -> tuple[Concern, ...]:
    """Those of all apps, in their places."""
    found = (each for group in gather_from_apps("case_concerns") for each in group)
    return tuple(sorted(found, key=lambda each: each.place))


def counted_concerns() -> dict[str, Concern]:
    """By name, all that a number of the board counts."""
    return {each.name: each for each in (*all_concerns(), OPEN, URGENT)}


def counted_by_worker() -> tuple[Concern, ...]:
    """What is counted of each worker."""
    return (OPEN, URGENT, *(each for each in all_concerns() if each.by_worker))
