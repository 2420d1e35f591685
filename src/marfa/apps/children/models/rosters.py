"""How long a duty may take, and who is told at a site. None of it stops a clock."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.agreements.models import Recipient
from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.ids import new_id, new_reference

LONGEST_HOURS = 168


class DutyHours(models.Model):
    """How many hours an organisation gives itself. Where there is no row, ``DEFAULT_HOURS`` hold.

    danger: for a child in danger. alone: without care. other: at risk or a victim, with care.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    danger = models.PositiveSmallIntegerField(_("in danger"))
    alone = models.PositiveSmallIntegerField(_("without care"))
    other = models.PositiveSmallIntegerField(_("at risk or a victim"))
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("hours of the duty to children")
        verbose_name_plural = _("hours of the duties to children")
        constraints = [
            models.CheckConstraint(
                condition=Q(danger__lte=F("alone"), alone__lte=F("other"))
                & Q(other__lte=LONGEST_HOURS),
                name="children_hours_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"hours of organisation {self.organisation_id}"


class DutyContact(models.Model):
    """Who is told at a site of a clock that ran out.

    weekdays: digits of ISO 8601, 1 is Monday; 0 stands for the site's holidays. from_hour,
    until_hour: on the site's clocks; the same twice is the whole day; until before from goes over
    midnight. place: who is told first. outside: somebody outside the team, who is the last rung.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    weekdays = models.CharField(_("days"), max_length=8)
    from_hour = models.PositiveSmallIntegerField(_("from"), default=0)
    until_hour = models.PositiveSmallIntegerField(_("until"), default=0)
    place = models.PositiveSmallIntegerField(_("place"), default=1)
    outside = models.BooleanField(_("outside the team"), default=False)
    added_at = models.DateTimeField(_("added"))
    added_by = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(_("until"), null=True)

    class Meta:
        verbose_name = _("contact of the roster for children")
        verbose_name_plural = _("contacts of the roster for children")
        constraints = [
            models.CheckConstraint(
                condition=Q(from_hour__lte=23, until_hour__lte=23), name="children_roster_hours"
            ),
            models.CheckConstraint(condition=~Q(weekdays=""), name="children_roster_days"),
        ]

    def __str__(self) -> str:
        return f"roster contact {self.pk}"


class SiteHoliday(models.Model):
    """A day on which a site rests. It says only who is told: no clock stops for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    added_at = models.DateTimeField(_("added"))
    added_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("holiday of a site")
        verbose_name_plural = _("holidays of sites")
        constraints = [
            models.UniqueConstraint(fields=["site", "day"], name="children_holiday_once"),
        ]

    def __str__(self) -> str:
        return f"holiday {self.day} of site {self.site_id}"


class ProtectionAuthority(models.Model):
    """To which authority children are referred at a site: the one that the duty is about.

    A decision that an authority is unsafe stands in place of a referral where it is about this one
    alone. Without a row no such decision does.
    """

    site = models.OneToOneField(
        Site, on_delete=models.CASCADE, primary_key=True, related_name="protection_authority"
    )
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("child-protection authority of a site")
        verbose_name_plural = _("child-protection authorities of sites")

    def __str__(self) -> str:
        return f"child-protection authority of site {self.site_id}"
