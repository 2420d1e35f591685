"""Screenings without identity."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.platform.facts.columns import CodeColumn, KeyColumn, WholeColumn
from marfa.platform.facts.models import PersonFact

LONGEST_WAIT = 200_000
"""Hours; more than twenty years."""


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
