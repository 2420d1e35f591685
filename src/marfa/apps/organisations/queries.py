"""Questions about organisations, sites and roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Installation, Organisation, RoleGrant
from marfa.apps.registry import Desk, Urgency, WorkItem
from marfa.platform import clock

SOON = timedelta(days=14)


def belongs_to(identifier: str, kind: str) -> bool:
    """Whether this database was made for the data folder with this identifier and kind."""
    return Installation.objects.filter(identifier=identifier, kind=kind).exists()


def grants_in_force() -> QuerySet[RoleGrant]:
    """Role grants that hold now."""
    now = clock.now()
    return RoleGrant.objects.filter(starts_at__lte=now).filter(Q(ends_at=None) | Q(ends_at__gt=now))


def desks_of(user: User) -> frozenset[Desk]:
    """The desks at which a person may work now, whether the installation has them or not."""
    if not user.is_active:
        return frozenset()
    held = grants_in_force().filter(user_id=user.pk).values_list("desk", flat=True)
    return frozenset(Desk(desk) for desk in held)


def organisations_with_sites() -> QuerySet[Organisation]:
    """All organisations of the installation, the controller first, with their sites."""
    return Organisation.objects.order_by("kind", "name").prefetch_related("sites")


def people_with_roles() -> QuerySet[RoleGrant]:
    """Who holds which role now, by the name colleagues see."""
    return (
        grants_in_force()
        .select_related("user", "organisation", "site")
        .order_by("user__display_name", "desk", "pk")
    )


def ending_soon(user: User) -> Iterable[WorkItem]:
    """For administrators: roles that end within two weeks, so that nobody is locked out unseen."""
    if Desk.ADMINISTRATION not in desks_of(user):
        return
    limit = clock.now() + SOON
    ends = list(
        grants_in_force()
        .filter(ends_at__lte=limit)
        .order_by("ends_at")
        .values_list("ends_at", flat=True)
    )
    if ends:
        yield WorkItem(
            text=ngettext(
                "%(count)d role ends within two weeks",
                "%(count)d roles end within two weeks",
                len(ends),
            )
            % {"count": len(ends)},
            url=reverse("organisations:people"),
            urgency=Urgency.DUE,
            due=ends[0],
        )
