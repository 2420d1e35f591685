"""The installation, its organisations, their sites and teams."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
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
    ended_at = models.DateTimeField(_("left"), null=True, blank=True)

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
            models.CheckConstraint(
                condition=Q(kind="guest") | Q(ended_at=None),
                name="organisations_controller_stays",
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


class Team(models.Model):
    """Colleagues who share work: a role may hold for a team, and a team may be shut out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="teams", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=200)
    created_at = models.DateTimeField(_("created"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="organisations_team_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person belongs to a team for a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of teams")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user"],
                condition=Q(ends_at=None),
                name="organisations_member_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="organisations_member_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"
