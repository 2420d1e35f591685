"""Snapshots: what was counted at a site on a day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.ids import new_id, new_reference
from marfa.platform.rowsecurity.ownership import OwnedRows


class SiteSnapshot(models.Model):
    """Counts of one site on one day, as they were known at a moment; never changed.

    Protected people are in none of them. site: None for all sites of the organisation together.
    figures: a few sums, before any is hidden, and with all sites together the tables that were
    shown, as the register of releases has them; nobody is shown either. shown: what may be seen, by
    name of the figure: the number, and the day on which it could be shown.
    method: version of the way of counting and hiding.
    """

    owned_rows = OwnedRows(kind="SiteSnapshot")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", null=True)
    day = models.DateField(_("day"))
    made_at = models.DateTimeField(_("counted"))
    made_by = models.UUIDField(null=True, editable=False)
    method = models.PositiveSmallIntegerField(default=1, editable=False)
    figures = models.JSONField(default=dict, editable=False)
    shown = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("figures of a site on a day")
        verbose_name_plural = _("figures of sites on days")
        indexes = [models.Index(fields=["site", "-day", "-made_at"], name="figures_snapshot_of")]

    def __str__(self) -> str:
        return f"snapshot {self.reference}"
