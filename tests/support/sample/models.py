"""A small subject of its own: rows that people edit, and the facts about them."""

from __future__ import annotations

from django.db import models

from marfa.domain.ids import new_id
from marfa.platform.facts.columns import FlagColumn, WholeColumn
from marfa.platform.facts.models import PersonFact
from marfa.platform.revisions.merge import MergeKind
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultDateField, Vaulted, VaultJSONField, VaultTextField


class Sample(Versioned):
    """A row with a field of each way of merging."""

    merge_kinds = {"links": MergeKind.SET, "steps": MergeKind.LIST}

    note = models.TextField("note", blank=True)
    sex = models.CharField("sex", max_length=20, choices=[("female", "Female"), ("male", "Male")])
    seen_on = models.DateField("seen on", null=True)
    urgent = models.BooleanField("urgent", default=False)
    links = models.JSONField("links", default=list)
    steps = models.JSONField("steps", default=list)
    sealed = models.BinaryField("true name", null=True)

    def __str__(self) -> str:
        return f"sample {self.pk}"


class SampleFact(PersonFact):
    """What is counted of a sample. Samples are nobody's, and their tables are left open."""

    owned_rows = None

    urgent = FlagColumn()
    steps_taken = WholeColumn(lowest=0, highest=1000)


class VaultedPerson(Vaulted, Versioned):
    """A person as the vault meets one: what identifies is sealed by the person's own key."""

    vault_subject = "id"

    code = models.CharField("code", max_length=20)
    name = VaultTextField("name")
    nickname = VaultTextField("nickname", null=True)
    born_on = VaultDateField("born on", null=True)
    contacts = VaultJSONField("contacts", null=True)

    def __str__(self) -> str:
        return f"person {self.pk}"


class VaultedVisit(Vaulted):
    """Something about one person, in a table of its own."""

    vault_subject = "person_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(VaultedPerson, on_delete=models.CASCADE, related_name="visits")
    note = VaultTextField("note", null=True)

    def __str__(self) -> str:
        return f"visit {self.pk}"


class VaultedIncident(Vaulted):
    """A record about several people, with a key of its own."""

    vault_record = "id"

    id = models.UUIDField(primary_key=True, default=new_id)
    narrative = VaultTextField("narrative", null=True)

    def __str__(self) -> str:
        return f"incident {self.pk}"
