"""Households, and relationships between people."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson, Person
from marfa.domain.codelists import codelist
from marfa.domain.codes import CODE_LENGTH
from marfa.domain.ids import new_id, new_reference
from marfa.platform.revisions.models import Versioned
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.vault.fields import VaultTextField

RELATIONSHIPS = codelist("relationship_kinds").codes


class Household(models.Model):
    """People who came or live together. It tells nothing of them but that they do."""

    owned_rows = OwnedRows(kind="Household")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    code = models.CharField(_("code"), max_length=CODE_LENGTH, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", null=True)
    formed_at = models.DateTimeField(_("registered"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        indexes = [models.Index(fields=["code"], name="registry_household_by_code")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="registry_household_code_once"
            ),
        ]

    def __str__(self) -> str:
        return f"household {self.reference}"


class HouseholdMember(models.Model):
    """A person belongs to a household for a time. head: who speaks for it at distributions."""

    owned_rows = OwnedRows(kind="Person", object_key="person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="households")
    head = models.BooleanField(_("head of household"), default=False)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True)

    class Meta:
        verbose_name = _("member of a household")
        verbose_name_plural = _("members of households")
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"],
                condition=Q(until=None),
                name="registry_member_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="registry_member_until_after_since",
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


class Relationship(Versioned, AboutPerson):
    """What one person is to another: ``person`` is the ``kind`` of ``to`` (such as parent).

    It is claimed until somebody verified it; how that was done is said in ``basis``.
    accompanies: came with them and says to look after them now.
    """

    class State(models.TextChoices):
        CLAIMED = "claimed", _("claimed")
        VERIFIED = "verified", _("verified")
        REFUTED = "refuted", _("found to be incorrect")

    to = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="related")
    kind = models.CharField(_("relationship"), max_length=LONGEST_WORD, default="unknown")
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.CLAIMED
    )
    accompanies = models.BooleanField(_("accompanies"), default=False)
    basis = VaultTextField(null=True)
    recorded_at = models.DateTimeField(_("recorded"))
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.UUIDField(null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        indexes = [models.Index(fields=["to"], name="registry_related_to")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RELATIONSHIPS), name="registry_relationship_known"
            ),
            models.CheckConstraint(
                condition=~Q(person=F("to")), name="registry_related_to_another"
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", settled_at=None)
                | Q(state__in=["verified", "refuted"], settled_at__isnull=False),
                name="registry_settled_when_known",
            ),
        ]
