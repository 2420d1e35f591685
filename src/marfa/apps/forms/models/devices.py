"""Devices with an app of others on them, each let in by a password of its own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Organisation
from marfa.domain.ids import new_id, new_reference


class Device(models.Model):
    """What lets one app on one device send forms for one person, and do nothing else.

    reference: the user name that the app is given; it names nobody. digest: SHA-256 of a random
    password of 160 bits, shown once. label: what the person calls the device.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(_("name of the device"), max_length=60)
    digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("added"))
    last_used_on = models.DateField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("taken back"), null=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return f"device {self.reference}"
