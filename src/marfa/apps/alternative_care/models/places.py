"""Caregivers and places: whom they take, how they were vetted, and doubts about them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id, new_reference
from marfa.platform.revisions.models import Versioned
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.vault.fields import Vaulted, VaultTextField

KIND = "CarePlace"
"""As the charter calls it."""
KINDS = codelist("care_kinds").codes
CHECKS = codelist("care_checks").codes
MOST_CHILDREN = 15
"""No large institution is a place here."""


class CarePlace(Versioned, Vaulted):
    """A caregiver, or a place with caregivers. Who they are is sealed by a key of their own.

    label: what the staff call it, no name of a person. held: of its places, those that others use
    or that are kept free; so that it is full tells nothing of who lives there. takes: sexes.
    age_from, age_to: of those it takes.
    step_free, equipped: for a wheelchair; for children who see, hear or learn otherwise.
    """

    vault_subject = "id"
    owned_rows = OwnedRows(kind=KIND)

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=40)
    label = models.CharField(_("short name"), max_length=40)
    name = VaultTextField(null=True)
    address = VaultTextField(null=True)
    words = VaultTextField(null=True)
    capacity = models.PositiveSmallIntegerField(_("places"))
    held = models.PositiveSmallIntegerField(_("held back"), default=0)
    age_from = models.PositiveSmallIntegerField(_("age from"), default=0)
    age_to = models.PositiveSmallIntegerField(_("age to"), default=17)
    takes = models.CharField(_("takes"), max_length=10, default="all")
    step_free = models.BooleanField(_("step-free"), default=False)
    equipped = models.BooleanField(_("equipped for other disabilities"), default=False)
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("caregiver or place")
        verbose_name_plural = _("caregivers and places")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="alternative_care_kind_known"),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=MOST_CHILDREN, held__lte=F("capacity")),
                name="alternative_care_capacity",
            ),
            models.CheckConstraint(
                condition=Q(age_to__gte=F("age_from"), age_to__lte=25),
                name="alternative_care_ages",
            ),
            models.CheckConstraint(
                condition=Q(takes__in=["all", "girls", "boys"]), name="alternative_care_takes"
            ),
        ]

    def __str__(self) -> str:
        return f"place {self.reference}"


class OfPlace(Vaulted):
    """A row that tells something of one place, sealed with its key."""

    vault_subject = "place_id"
    owned_rows = OwnedRows(kind=KIND, object_key="place")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(CarePlace, on_delete=models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.reference}"


class CareCheck(OfPlace):
    """One check of a caregiver. outcome: what it showed. until: the moment from which it is not
    good any more. unlawful: the law does not let it be asked for."""

    class Outcome(models.TextChoices):
        GOOD = "good", _("nothing speaks against them")
        BAD = "bad", _("something speaks against them")
        UNLAWFUL = "unlawful", _("the law does not let it be asked for")

    check_kind = models.CharField(_("check"), max_length=40)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    words = VaultTextField(null=True)
    done_at = models.DateTimeField(_("made on"))
    until = models.DateTimeField(_("good until"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("check of a caregiver")
        verbose_name_plural = _("checks of caregivers")
        constraints = [
            models.CheckConstraint(
                condition=Q(check_kind__in=CHECKS), name="alternative_care_check_known"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("done_at")), name="alternative_care_check_runs_out"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="unlawful") | Q(check_kind="police_certificate"),
                name="alternative_care_check_lawful",
            ),
        ]


class Vetting(OfPlace):
    """That a caregiver may take children, as two people found from all checks. It runs out with the
    first check that does. ended_at: withdrawn before that."""

    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.UUIDField(editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.UUIDField(null=True, editable=False)
    agreed = models.BooleanField(_("agreed"), null=True)
    until = models.DateTimeField(_("in force until"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("vetting")
        verbose_name_plural = _("vettings")
        indexes = [models.Index(fields=["place", "until"], name="alternative_care_vetted")]
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(agreed=None), name="alternative_care_one_asked"
            ),
            models.CheckConstraint(
                condition=Q(agreed=None, decided_by=None, decided_at=None)
                | Q(agreed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="alternative_care_vetting_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="alternative_care_vetted_by_another",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("asked_at"))
                & (Q(decided_at=None) | Q(agreed=False) | Q(until__gt=F("decided_at"))),
                name="alternative_care_vetting_runs_out",
            ),
        ]


class CareDoubt(OfPlace):
    """Why a caregiver became doubtful. As long as it is open no child is placed there, and every
    child there is reviewed. A vetting that ran out is a doubt without a row, by the clock."""

    class Why(models.TextChoices):
        COMPLAINT = "complaint", _("a complaint")
        INDICATOR = "indicator", _("a sign of trafficking or abuse")
        CHECK = "check", _("a check that speaks against them")
        OTHER = "other", _("something else")

    why = models.CharField(_("why"), max_length=10, choices=Why.choices)
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("since"))
    by = models.UUIDField(editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.UUIDField(null=True, editable=False)
    answer = VaultTextField(null=True)

    class Meta:
        verbose_name = _("doubt about a caregiver")
        verbose_name_plural = _("doubts about caregivers")
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="alternative_care_doubt_settled",
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(settled_by=F("by")),
                name="alternative_care_doubt_by_another",
            ),
        ]
