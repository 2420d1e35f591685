"""Screenings without identity."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.platform.facts.columns import CodeColumn, KeyColumn, WholeColumn
from marfa.platform.facts.models import Fact, PersonFact
from marfa.platform.rowsecurity.ownership import OwnedRows

LONGEST_WAIT = 200_000
"""Hours; more than twenty years."""


class IndicatorKey(models.Model):
    """The one key under which indicators have their pseudonyms, sealed by the instance key."""

    one = models.BooleanField(primary_key=True, default=True, editable=False)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(one=True), name="screening_one_key")]

    def __str__(self) -> str:
        return "key of indicators"


class IndicatorFact(Fact):
    """That somebody told of something, or signs of it were seen: from which month on, and nothing
    of who it was. id: random, so that it tells not when it was made. subject: a pseudonym for this
    person and this indicator alone; see ``marfa.apps.screening.indicators``."""

    owned_rows: ClassVar[OwnedRows | None] = OwnedRows(
        kind="ScreeningIndicator", object_key="subject"
    )

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    indicator = CodeColumn(list_name="screening_indicators")
    age_band = CodeColumn(list_name="age_bands")
    sex = CodeColumn(list_name="sex")

    class Meta(Fact.Meta):
        verbose_name = _("fact of an indicator")
        verbose_name_plural = _("facts of indicators")


class ScreeningFact(PersonFact):
    """A talk without identity, for the supervisor's board and for figures.

    indication, urgency: what holds now. rule: what the answers alone gave. earlier: the same of the
    last talk with this person that another officer had finished before; ``not_finished`` where
    there was none. waited: whole hours from registration to the first question, of the first talk
    in which anything was asked.
    That nothing was seen never leaves protection, and the urgency that follows from it tells the
    same: the four columns stay.
    """

    site = KeyColumn(null=True)
    officer = KeyColumn(null=True)
    indication = CodeColumn(list_name="screening_indications", leaves="never")
    urgency = CodeColumn(list_name="screening_urgencies", leaves="never")
    rule = CodeColumn(list_name="screening_indications", default="not_finished", leaves="never")
    earlier = CodeColumn(list_name="screening_indications", default="not_finished", leaves="never")
    waited = WholeColumn(lowest=0, highest=LONGEST_WAIT, null=True)

    class Meta(PersonFact.Meta):
        verbose_name = _("fact of a screening")
        verbose_name_plural = _("facts of screenings")
