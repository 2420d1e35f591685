"""Organisations, their sites, and the roles that people hold there."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.registry import Desk
from marfa.domain.ids import new_id, new_reference


def check_time_zone(name: str) -> None:
    """A site's clock must be one that the time-zone database knows."""
    if name not in available_timezones():
        raise ValidationError(_("Choose a time zone such as Africa/Tripoli."))


class Installation(models.Model):
    """Which installation this database belongs to; one row, written when it is made.

    It ties the database to its data folder: a demonstration must never open real data.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    only = models.BooleanField(default=True, unique=True, editable=False)
    identifier = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="organisations_one_installation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} installation"


class Organisation(models.Model):
    """The controller of this installation, or a guest partner of the same operation."""

    class Kind(models.TextChoices):
        CONTROLLER = "controller", _("data controller")
        GUEST = "guest", _("guest partner")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind="controller"),
                name="organisations_one_controller",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["controller", "guest"]), name="organisations_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place of work with its own clock."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=200)
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[check_time_zone])
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="organisations_site_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A person may work at a desk, at one site or at all of an organisation, for a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    desk = models.CharField(_("desk"), max_length=20)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="role_grants"
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="role_grants", null=True, blank=True
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
                condition=Q(desk__in=[desk.value for desk in Desk]),
                name="organisations_grant_desk_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desk} grant {self.pk}"
