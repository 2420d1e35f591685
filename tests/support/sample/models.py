"""A small subject of its own: rows that people edit, and the facts about them."""

from __future__ import annotations

from django.db import models

from marfa.platform.facts.columns import FlagColumn, WholeColumn
from marfa.platform.facts.models import PersonFact
from marfa.platform.revisions.merge import Kind
from marfa.platform.revisions.models import Versioned


class Sample(Versioned):
    """A row with a field of each way of merging."""

    merge_kinds = {"links": Kind.SET, "steps": Kind.LIST}

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
    """What is counted of a sample."""

    urgent = FlagColumn()
    steps_taken = WholeColumn(lowest=0, highest=1000)
