"""The first steps of the guided tour of protection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.cases.models import Case, CaseStep, Presumption
from marfa.apps.manifest import Desk, TourStep
from marfa.apps.screening.models import HandOver

CASE = "cases:case"
WAITING = _("Waiting for protection")


def _took_up(user: User, since: datetime) -> bool:
    """After a hand-over, or a case that was nobody's."""
    handed = HandOver.objects.filter(taken_by=user.pk, taken_at__gte=since)
    return handed.values("pk").union(_taken(user, since).values("pk")).exists()


def _taken(user: User, since: datetime) -> QuerySet[CaseStep]:
    """Where the user made themselves responsible."""
    return CaseStep.objects.filter(
        kind=CaseStep.Kind.ASSIGNED, by=user.pk, at__gte=since, after=str(user.pk)
    )


def _presumed(user: User, since: datetime) -> bool:
    return Presumption.objects.filter(made_by=user.pk, made_at__gte=since).exists()


def way_to_case(part: str = "") -> Callable[[User, datetime], str | None]:
    """A way to the case that the user took up last on this tour, at a part of its page by its name:
    among others on a list, nobody would know it again."""

    def address(user: User, since: datetime) -> str | None:
        theirs = Case.objects.filter(
            Q(hand_over__taken_by=user.pk, hand_over__taken_at__gte=since)
            | Q(pk__in=_taken(user, since).values("case")),
            worker=user.pk,
            state=Case.State.OPEN,
        )
        case = theirs.order_by("-opened_at", "-pk").first()
        if case is None:
            return None
        return reverse(CASE, args=[case.reference]) + (f"#{part}" if part else "")

    return address


STEPS = (
    TourStep(
        Desk.PROTECTION,
        "take_up",
        _("Take a case that no one has"),
        format_lazy(
            _(
                "Open “{page}”, and take the first person. Read what reception wrote: above "
                "all what you must know at once, and what the person wants."
            ),
            page=WAITING,
        ),
        "hand_overs:all",
        ("hand_overs:take", "screening:one", "caseload:mine"),
        _took_up,
        place=10,
    ),
    TourStep(
        Desk.PROTECTION,
        "presume",
        _("Presume on what you know"),
        _(
            "Open the case and presume it. One thing that was said or seen is enough: no "
            "proof, no statement and no authority is needed, and help may begin at once."
        ),
        "caseload:mine",
        (CASE, "cases:begin"),
        _presumed,
        place=20,
        begins=way_to_case(),
    ),
)
