"""A small operation on which the safeguards are tried: people, their cases, and who is let to
them or shut out."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q, QuerySet

from marfa.domain.ids import new_id
from marfa.safeguards.charter.columns import Column, Flag, MemberRows, Rows, Standing
from marfa.safeguards.vault.fields import Vaulted, VaultTextField


class Person(Vaulted):
    """A person who is registered somewhere. The name is sealed by the person's own key."""

    class Consent(models.TextChoices):
        NONE = "none", "none"
        GIVEN = "given", "given"
        WITHDRAWN = "withdrawn", "withdrawn"

    vault_subject = "id"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation_id = models.UUIDField()
    site_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    protected = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True)
    name = VaultTextField(null=True)
    consent = models.CharField(max_length=20, choices=Consent.choices, default=Consent.NONE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(consent__in=["none", "given", "withdrawn"]),
                name="harbour_consent_known",
            )
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Case(models.Model):
    """A case stands where its person stands, but for its team."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    team_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"case {self.pk}"


class Tie(models.Model):
    """A member of a set about an object, until a moment or for good."""

    class Sort(models.TextChoices):
        ASSIGNED = "assigned", "assigned"
        GRANTED = "granted", "granted"
        EXCLUDED = "excluded", "excluded"
        EXCLUDED_PLACE = "excluded_place", "excluded place"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    object_id = models.UUIDField()
    sort = models.CharField(max_length=20, choices=Sort.choices)
    member = models.UUIDField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sort__in=["assigned", "granted", "excluded", "excluded_place"]),
                name="harbour_sort_known",
            )
        ]

    def __str__(self) -> str:
        return f"tie {self.pk}"


class Package(models.Model):
    """What was sent to a recipient about a person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    recipient = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"package {self.pk}"


class Request(models.Model):
    """Somebody asks to open what is sealed about a person; somebody else may approve."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    asked_by = models.UUIDField()
    approved_by = models.UUIDField(null=True)
    opened = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"request {self.pk}"


def ties(sort: Tie.Sort) -> Rows:
    """The members of a sort that count at a moment."""

    def in_force(at: datetime) -> QuerySet[Tie]:
        return Tie.objects.filter(Q(until=None) | Q(until__gt=at), sort=sort)

    return Rows(MemberRows(in_force, "object_id", "member"))


TIES = {
    "assigned": ties(Tie.Sort.ASSIGNED),
    "granted": ties(Tie.Sort.GRANTED),
    "excluded": ties(Tie.Sort.EXCLUDED),
    "excluded_places": ties(Tie.Sort.EXCLUDED_PLACE),
}

PERSON = Standing(
    "Person",
    {
        "organisation": Column("organisation_id"),
        "site": Column("site_id"),
        "team": Column("team_id"),
        "protected": Flag(Q(protected=True)),
        "erased": Flag(Q(erased_at__isnull=False)),
        **TIES,
    },
)

CASE = Standing(
    "Case",
    {
        "organisation": Column("person__organisation_id"),
        "site": Column("person__site_id"),
        "team": Column("team_id"),
        "protected": Flag(Q(person__protected=True)),
        "erased": Flag(Q(person__erased_at__isnull=False)),
        **TIES,
    },
)
