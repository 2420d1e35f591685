"""Roles that people hold, and roles that they lend while they are away."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models.places import Organisation, Site, Team
from marfa.domain.ids import new_id, new_reference
from marfa.safeguards.words import Role


class RoleGrant(models.Model):
    """A person holds a role for a time: at an organisation, or at one site or team of it alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=40)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="role_grants"
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="role_grants", null=True, blank=True
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="role_grants", null=True, blank=True
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="grants_given", null=True, blank=True
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="organisations_grant_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="organisations_grant_role_known",
            ),
            models.CheckConstraint(
                condition=Q(site=None) | Q(team=None), name="organisations_grant_one_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} grant {self.pk}"


class Delegation(models.Model):
    """A colleague stands in with a role that its holder lends, for a time.

    It points at the holder's own grant, so that it ends with it, and cannot be lent on.
    LONGEST: for a longer absence the colleague is given a role of their own.
    """

    LONGEST = timedelta(days=90)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    grant = models.ForeignKey(RoleGrant, on_delete=models.CASCADE, related_name="delegations")
    to = models.ForeignKey(User, on_delete=models.CASCADE, related_name="delegations")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("lent role")
        verbose_name_plural = _("lent roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="organisations_loan_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"lent role {self.pk}"
