"""Whom a child looks for, who is never asked, and what was given to a tracing body."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.models import Recipient
from marfa.apps.best_interests.models.agreement import AgreedRow, agreed_constraints
from marfa.apps.cases.models.case import Case
from marfa.apps.consents.models import Sharing
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.apps.tracing.models.enquiries import RELATIONSHIPS
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id
from marfa.platform.migration.guards import TableGuards
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField

FEARED = codelist("feared_parties").codes
TRACING_BODIES = ("tracing",)
"""Kinds of recipient that trace families. To no other anything of a request goes."""


class TracingRequest(Versioned, AboutPerson):
    """Somebody in our care looks for one relative. An adult may; the steps are the same."""

    class State(models.TextChoices):
        OPEN = "open", _("being looked for")
        FOUND = "found", _("found")
        STOPPED = "stopped", _("the person wants no more tracing")
        NOT_FOUND = "not_found", _("not found, and no longer looked for")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tracing_requests")
    kind = models.CharField(_("relationship"), max_length=LONGEST_WORD)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    name = VaultTextField(null=True)
    words = VaultTextField(null=True)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)
    outcome = VaultTextField(null=True)

    class Meta:
        verbose_name = _("tracing request")
        verbose_name_plural = _("tracing requests")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RELATIONSHIPS), name="tracing_request_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | Q(state__in=["found", "stopped", "not_found"], ended_at__isnull=False),
                name="tracing_request_ended",
            ),
        ]


class NeverThrough(AboutPerson):
    """Through whom nobody may trace, since the child or the family fears them.

    recipient: where the party is one of our recipients.
    """

    class SaidBy(models.TextChoices):
        CHILD = "child", _("the child, or the person in our care")
        FAMILY = "family", _("the family")
        WORKER = "worker", _("who works with them")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="never_through")
    party = models.CharField(_("who"), max_length=LONGEST_WORD)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, null=True, related_name="+")
    said_by = models.CharField(_("who says so"), max_length=10, choices=SaidBy.choices)
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("party through whom no one traces")
        verbose_name_plural = _("parties through whom no one traces")
        constraints = [
            models.CheckConstraint(condition=Q(party__in=FEARED), name="tracing_feared_known"),
        ]


class TracingShare(AgreedRow, AboutPerson):
    """What was given to a tracing body, with an agreement for this alone.

    grown_up: an adult decided by themselves; what they said stands in the consent of the sharing.
    """

    table_guards = TableGuards("marfa.apps.tracing.guards.shares")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(TracingRequest, on_delete=models.CASCADE, related_name="shares")
    sharing = models.ForeignKey(Sharing, on_delete=models.CASCADE, related_name="+")
    body = models.CharField(_("kind of recipient"), max_length=LONGEST_WORD)
    grown_up = models.BooleanField(default=False)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("disclosure for tracing")
        verbose_name_plural = _("disclosures for tracing")
        constraints = [
            models.CheckConstraint(
                condition=Q(body__in=TRACING_BODIES), name="tracing_shared_with_tracing_body"
            ),
            models.CheckConstraint(
                condition=Q(grown_up=True) | Q(agreed_answer="given"),
                name="tracing_shared_with_a_yes",
            ),
            *agreed_constraints("tracing_tracingshare"),
        ]
