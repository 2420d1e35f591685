"""The card of a site."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Site
from marfa.platform.revisions.merge import MergeKind
from marfa.platform.revisions.models import Versioned

PHONE_LENGTH, OPENING_LENGTH, NOTE_LENGTH = 40, 200, 2000


class SiteCard(Versioned):
    """How a site is reached and what is spoken there. It tells of the site and of no person.

    latitude, longitude: in degrees, WGS 84; both or none. Distances to services begin there.
    """

    merge_kinds = {"languages": MergeKind.SET}

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="card")
    phone = models.CharField(_("telephone"), max_length=PHONE_LENGTH, blank=True)
    opening = models.CharField(_("open when"), max_length=OPENING_LENGTH, blank=True)
    languages = models.JSONField(_("languages spoken"), default=list, blank=True)
    note = models.TextField(_("how to get there"), max_length=NOTE_LENGTH, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    class Meta:
        verbose_name = _("site card")
        verbose_name_plural = _("site cards")

    def __str__(self) -> str:
        return f"card of site {self.site_id}"
