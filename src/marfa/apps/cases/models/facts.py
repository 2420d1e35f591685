"""Coded facts of cases, without identity."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.platform.facts.columns import CodeColumn, CodesColumn, FlagColumn, KeyColumn
from marfa.platform.facts.models import PersonFact


class CaseFact(PersonFact):
    """Whether somebody is helped, and how far that is, for figures and for the month's report.

    state, urgency: of the case. presumed: a presumption was made. decision: of the authority.
    exploitation: forms of the resolution that episodes name. given, lacking: kinds of help that
    run, and for which there is no place.
    """

    site = KeyColumn(null=True)
    state = CodeColumn(list_name="case_states")
    urgency = CodeColumn(list_name="screening_urgencies")
    presumed = FlagColumn(default=False)
    decision = CodeColumn(list_name="formal_decisions", default="none")
    exploitation = CodesColumn(list_name="exploitation_forms")
    given = CodesColumn(list_name="support_types")
    lacking = CodesColumn(list_name="support_types")

    class Meta(PersonFact.Meta):
        verbose_name = _("fact of a case")
        verbose_name_plural = _("facts of cases")
