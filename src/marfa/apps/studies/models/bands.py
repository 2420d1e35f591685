"""What a study earned: error rates that may be shown beside a result, for a time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation
from marfa.apps.studies.models.studies import KIND, Study
from marfa.domain.ids import new_reference
from marfa.platform.revisions.models import Versioned
from marfa.platform.rowsecurity.ownership import OwnedRows


class Band(Versioned):
    """Signed by two people who are not the author, for one list with its words, one setting, some
    sites and some days. It never lowers help: nothing but a page that shows it asks for it.

    figures: error rates with intervals, and what they mean in numbers of people.
    """

    owned_rows = OwnedRows(kind=KIND, object_key="study")

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="band")
    author = models.UUIDField(editable=False)
    instrument = models.CharField(max_length=60)
    digest = models.CharField(max_length=80)
    words = models.JSONField(default=dict)
    setting = models.CharField(max_length=20)
    sites = models.JSONField(default=list)
    children = models.BooleanField(default=False)
    figures = models.JSONField(default=dict)
    begins = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    proposed_at = models.DateTimeField(_("proposed on"))
    first_by = models.UUIDField(null=True, editable=False)
    first_at = models.DateTimeField(_("first signature"), null=True)
    second_by = models.UUIDField(null=True, editable=False)
    second_at = models.DateTimeField(_("second signature"), null=True)
    ended_at = models.DateTimeField(_("ended early"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("band")
        verbose_name_plural = _("bands")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_by=None, first_at=None)
                | (Q(first_at__isnull=False, first_by__isnull=False) & ~Q(first_by=F("author"))),
                name="studies_band_first_is_another",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None, second_at=None)
                | (
                    Q(second_at__isnull=False, second_by__isnull=False, first_by__isnull=False)
                    & ~Q(second_by=F("author"))
                    & ~Q(second_by=F("first_by"))
                ),
                name="studies_band_second_is_a_third",
            ),
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="studies_band_ends"),
        ]

    def __str__(self) -> str:
        return f"band {self.reference}"

    @property
    def is_signed(self) -> bool:
        return self.second_by is not None and self.ended_at is None
