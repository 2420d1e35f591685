"""Profiles of countries and sites. Nothing here is about a person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_reference
from marfa.platform.revisions.models import Versioned

KINDS_OF_AUTHORITY = codelist("vic_trafficking_status_decision_making_org").codes


class CountryProfile(Versioned):
    """How victims are formally identified in a country, as somebody wrote it down.

    country: ISO 3166-1, two letters. mechanism: name of the national referral mechanism; empty
    where there is none. authority: who decides; empty where the law names nobody, and then nobody
    waits for a decision. authority_kind: what HTCDS calls it.
    reflection_days: recovery and reflection period; decision_days: within which a decision is
    expected; appeal_days: within which one may appeal; None: the law says nothing.
    review_hours: within which a second person looks at a presumption, also from afar.
    source: the law or the procedure, so that a reader can look it up.
    mandate: the law or decision that makes this organisation itself the child-protection agency
    there; empty where it is not.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(_("country"), max_length=2)
    mechanism = models.CharField(_("national referral mechanism"), max_length=200, blank=True)
    authority = models.CharField(_("competent authority"), max_length=200, blank=True)
    authority_kind = models.CharField(_("kind of authority"), max_length=40, default="Other")
    reflection_days = models.PositiveSmallIntegerField(_("reflection period in days"), null=True)
    decision_days = models.PositiveSmallIntegerField(_("decision within days"), null=True)
    appeal_days = models.PositiveSmallIntegerField(_("appeal within days"), null=True)
    review_hours = models.PositiveSmallIntegerField(_("review within hours"), default=72)
    source = models.TextField(_("law or procedure"), blank=True)
    mandate = models.TextField(_("mandate for child protection"), blank=True)
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("country profile")
        verbose_name_plural = _("country profiles")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "country"], name="cases_profile_of_country"
            ),
            models.CheckConstraint(
                condition=Q(authority_kind__in=KINDS_OF_AUTHORITY), name="cases_profile_authority"
            ),
            models.CheckConstraint(
                condition=Q(review_hours__gte=1, review_hours__lte=720),
                name="cases_profile_review_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"country profile {self.country}"


class SiteCountry(models.Model):
    """In which country a site is, and so which profile holds there."""

    site = models.OneToOneField(
        Site, on_delete=models.CASCADE, primary_key=True, related_name="country_profile"
    )
    profile = models.ForeignKey(CountryProfile, on_delete=models.PROTECT, related_name="sites")

    class Meta:
        verbose_name = _("country of a site")
        verbose_name_plural = _("countries of sites")

    def __str__(self) -> str:
        return f"site {self.site_id}"
