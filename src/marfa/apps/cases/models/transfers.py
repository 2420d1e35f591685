"""A case that is handed on to a colleague, who accepts it or says no."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models.person import AboutPerson
from marfa.domain.ids import new_id
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField


class CaseTransfer(Versioned, AboutPerson):
    """A colleague is asked to take a case over. Until they accept, who has it keeps it.

    before: who was responsible when it was asked; None: nobody. after: who is asked.
    note: what they are told before they answer. words: what they answered.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn by who asked")
        OVERTAKEN = "overtaken", _("no longer needed: the case went another way")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="transfers")
    before = models.UUIDField(null=True, editable=False)
    after = models.UUIDField(editable=False)
    note = VaultTextField(null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.UUIDField(editable=False)
    due_at = models.DateTimeField(_("answer due by"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    words = VaultTextField(null=True)

    class Meta:
        verbose_name = _("transfer of a case to a colleague")
        verbose_name_plural = _("transfers of cases to colleagues")
        indexes = [
            models.Index(
                fields=["after", "due_at"], condition=Q(state="waiting"), name="cases_transfers_to"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "case"],
                condition=Q(state="waiting"),
                name="cases_one_transfer_waiting",
            ),
            models.CheckConstraint(
                condition=~Q(after=F("asked_by")), name="cases_transfer_asked_of_another"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at=None)
                | (~Q(state="waiting") & Q(answered_at__isnull=False)),
                name="cases_transfer_answered",
            ),
        ]
