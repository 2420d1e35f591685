"""Notifications of grave violations, which hold their own words and nothing of a case."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.best_interests.models.agreement import AgreedRow, agreed_constraints
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.codelists import codelist
from marfa.platform.migration.guards import TableGuards
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField

VIOLATIONS = codelist("grave_violations").codes


class ViolationNotice(AgreedRow, Versioned, AboutPerson):
    """A notification for the mechanism that monitors grave violations against children, with a yes
    of its own. No line of a case is copied into it, and it has no key of one.

    It leaves by no button: there is no kind of recipient for it. taken_at: somebody took it along
    on paper.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("written, has not left")
        TAKEN = "taken", _("taken along on paper")
        WITHDRAWN = "withdrawn", _("withdrawn")

    table_guards = TableGuards("marfa.apps.violation_notices.guards")

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    violation = models.CharField(_("violation"), max_length=LONGEST_WORD)
    words = VaultTextField(null=True)
    written_at = models.DateTimeField(_("written"))
    written_by = models.UUIDField(editable=False)
    taken_at = models.DateTimeField(_("taken along"), null=True)
    taken_by = models.UUIDField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    class Meta:
        verbose_name = _("notification of a violation")
        verbose_name_plural = _("notifications of violations")
        constraints = [
            *agreed_constraints("violation_notices_violationnotice"),
            models.CheckConstraint(
                condition=Q(agreed_answer="given"), name="violation_notices_after_yes"
            ),
            models.CheckConstraint(
                condition=Q(violation__in=VIOLATIONS), name="violation_notices_known"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", taken_at=None, withdrawn_at=None)
                | Q(state="taken", taken_at__isnull=False, taken_by__isnull=False)
                | Q(state="withdrawn", withdrawn_at__isnull=False, words__isnull=True),
                name="violation_notices_state",
            ),
        ]
