"""The guided tour of protection: from somebody whom nobody has to the next contact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.assistance.models import Contact, Help, HelpTry
from marfa.apps.assistance.views import follow_up, help_part
from marfa.apps.cases.models import Case, CaseStep, Presumption
from marfa.apps.cases.parts import CasePart
from marfa.apps.manifest import Desk, TourStep
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.views import referrals
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


def _helped(user: User, since: datetime) -> bool:
    """It began at once, or there was no place, for which an interim plan is written down."""
    begun = Help.objects.filter(asked_by=user.pk, asked_at__gte=since, started_at__isnull=False)
    looked = HelpTry.objects.filter(by=user.pk, at__gte=since)
    return begun.values("pk").union(looked.values("pk")).exists()


def _referred(user: User, since: datetime) -> bool:
    return Referral.objects.filter(sent_by=user.pk, sent_at__gte=since).exists()


def _planned(user: User, since: datetime) -> bool:
    return Contact.objects.filter(planned_by=user.pk, planned_at__gte=since).exists()


def _case_at(part: CasePart | None = None) -> Callable[[User, datetime], str | None]:
    """A way to the case that the user took up last on this tour, at a part of its page: among
    others on a list, nobody would know it again."""

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
        return reverse(CASE, args=[case.reference]) + (f"#{part.name}" if part else "")

    return address


STEPS = (
    TourStep(
        Desk.PROTECTION,
        "take_up",
        _("Take up somebody whom nobody has"),
        format_lazy(
            _(
                "Open “{page}”, and take up the first. Read what reception wrote: first of all what"
                " you must know at once, and what the person wants."
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
            "Open the case and presume it. One thing that was told or seen is enough: no proof, no"
            " statement and no authority is needed, and help may begin at once."
        ),
        "caseload:mine",
        (CASE, "cases:begin"),
        _presumed,
        place=20,
        begins=_case_at(),
    ),
    TourStep(
        Desk.PROTECTION,
        "help",
        _("Write down what the person needs"),
        format_lazy(
            _(
                "Under “{part}” in the case: let it begin now. Where there is no place, say how the"
                " person is safe until there is one; the next search is then due by itself."
            ),
            part=help_part.PART.label,
        ),
        "caseload:mine",
        (CASE, "cases:help_ask", "cases:help"),
        _helped,
        place=30,
        begins=_case_at(help_part.PART),
    ),
    TourStep(
        Desk.PROTECTION,
        "refer",
        _("Refer, and tell the least"),
        format_lazy(
            _(
                "Under “{part}” in the case: ask another site or organisation for a part of the"
                " help. They are told what you tick and write, so tick and write the least that"
                " they need."
            ),
            part=referrals.PART.label,
        ),
        "caseload:mine",
        (CASE, "cases:refer", "cases:referral"),
        _referred,
        place=40,
        begins=_case_at(referrals.PART),
    ),
    TourStep(
        Desk.PROTECTION,
        "contact",
        _("Plan the next contact"),
        format_lazy(
            _(
                "Under “{part}” in the case: plan when somebody meets or reaches the person next,"
                " only by a way that they called safe. What is late comes back to you under My"
                " work."
            ),
            part=follow_up.PART.label,
        ),
        "caseload:mine",
        (CASE, "cases:plan_contact"),
        _planned,
        place=50,
        begins=_case_at(follow_up.PART),
    ),
)
