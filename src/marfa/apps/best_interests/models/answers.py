"""What was answered for a child about a step that has no page of its own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marfa.apps.best_interests.models.agreement import AgreedRow, agreed_constraints
from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models.person import AboutPerson
from marfa.domain.ids import new_id
from marfa.platform.migration.guards import TableGuards
from marfa.safeguards.vault.fields import VaultTextField


class ChildAnswer(AgreedRow, AboutPerson):
    """An answer to one question about a child, such as school, a statement or a treatment that can
    wait. It is never changed: a later answer stands beside it.

    about: what was asked. words: how it was answered.
    """

    table_guards = TableGuards("marfa.apps.best_interests.guards.answers")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="child_answers")
    about = VaultTextField(null=True)
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("recorded on"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("answer for a child")
        verbose_name_plural = _("answers for children")
        constraints = [*agreed_constraints("best_interests_childanswer")]
