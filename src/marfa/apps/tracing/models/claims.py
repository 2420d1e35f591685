"""Who says to be a relative: what both sides tell, what two people decide, and contact."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models import Relationship
from marfa.apps.registry.models.person import AboutPerson
from marfa.apps.tracing.models.enquiries import RELATIONSHIPS, Enquiry
from marfa.domain.ids import new_id
from marfa.platform.migration.guards import TableGuards
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField


class ClaimedRelative(Versioned, AboutPerson):
    """Somebody who says to be the ``kind`` of the person whose case it is.

    enquiry: through which they came forward. relationship: the row of the registry, where they are
    registered too; it is verified or refuted with this one. decision: on which the state rests.
    """

    class State(models.TextChoices):
        CLAIMED = "claimed", _("claimed, not verified")
        VERIFIED = "verified", _("verified")
        REFUTED = "refuted", _("found to be incorrect")
        NOT_ENOUGH = "not_enough", _("not enough is known")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="claimed_relatives")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.SET_NULL, null=True, related_name="+")
    relationship = models.ForeignKey(
        Relationship, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(_("relationship"), max_length=40)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.CLAIMED
    )
    name = VaultTextField(null=True)
    reach = VaultTextField(null=True)
    words = VaultTextField(null=True)
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)
    due_at = models.DateTimeField(_("due by"))
    decision = models.OneToOneField(
        "tracing.TieDecision", on_delete=models.CASCADE, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("claimed relative")
        verbose_name_plural = _("claimed relatives")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RELATIONSHIPS), name="tracing_claim_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", decision=None)
                | Q(state__in=["verified", "refuted", "not_enough"], decision__isnull=False),
                name="tracing_claim_decided",
            ),
        ]


class TieAccount(AboutPerson):
    """What one side tells of the relationship. Neither side is told what the other said.

    apart: nobody else was there. open_questions: nothing was put into their mouth. untold: they
    were told nothing of what others answered.
    """

    class Side(models.TextChoices):
        CHILD = "child", _("the child, or the person in our care")
        RELATIVE = "relative", _("who says to be a relative")
        DOCUMENT = "document", _("a document")
        OTHER = "other", _("someone else who knows them")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(ClaimedRelative, on_delete=models.CASCADE, related_name="accounts")
    side = models.CharField(_("who tells it"), max_length=10, choices=Side.choices)
    apart = models.BooleanField(default=False)
    open_questions = models.BooleanField(default=False)
    untold = models.BooleanField(default=False)
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("account of a relationship")
        verbose_name_plural = _("accounts of relationships")
        constraints = [
            models.CheckConstraint(
                condition=~Q(side="child") | Q(apart=True, open_questions=True),
                name="tracing_child_asked_apart",
            ),
            models.CheckConstraint(
                condition=~Q(side="relative") | Q(untold=True),
                name="tracing_relative_told_nothing",
            ),
        ]


class TieDecision(Versioned, AboutPerson):
    """What somebody finds of a claim, and a second person answers.

    review_at: when it is looked at again. child_account, relative_account: on what it rests; a
    claim is verified from both sides, or not at all.
    """

    class Outcome(models.TextChoices):
        VERIFIED = "verified", _("verified")
        REFUTED = "refuted", _("found to be incorrect")
        NOT_ENOUGH = "not_enough", _("not enough is known")

    class Sides(models.TextChoices):
        AGREE = "agree", _("they agree")
        PARTLY = "partly", _("they agree in part")
        DIFFER = "differ", _("they differ")
        ONE_SIDE = "one_side", _("only one side was heard")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        AGREED = "agreed", _("a second person agreed")
        NOT_AGREED = "not_agreed", _("a second person did not agree")

    claim = models.ForeignKey(ClaimedRelative, on_delete=models.CASCADE, related_name="decisions")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    sides = models.CharField(_("both sides"), max_length=10, choices=Sides.choices)
    child_account = models.ForeignKey(
        TieAccount, on_delete=models.CASCADE, null=True, related_name="+"
    )
    relative_account = models.ForeignKey(
        TieAccount, on_delete=models.CASCADE, null=True, related_name="+"
    )
    why = VaultTextField(null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.UUIDField(editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.UUIDField(null=True, editable=False)
    answer = VaultTextField(null=True)
    review_at = models.DateTimeField(_("review"))

    class Meta:
        verbose_name = _("decision on a relationship")
        verbose_name_plural = _("decisions on relationships")
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state="waiting"), name="tracing_decision_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | Q(
                    state__in=["agreed", "not_agreed"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="tracing_decision_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="tracing_decision_by_another",
            ),
            models.CheckConstraint(
                condition=Q(review_at__gt=F("proposed_at"))
                & (Q(decided_at=None) | Q(review_at__gt=F("decided_at"))),
                name="tracing_decision_reviewed_later",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="verified")
                | Q(
                    child_account__isnull=False,
                    relative_account__isnull=False,
                    sides__in=["agree", "partly"],
                ),
                name="tracing_verified_from_both_sides",
            ),
        ]


class FamilyContact(AboutPerson):
    """A call, letter, message or visit between both sides. The database refuses it before the
    relationship was verified (``guards``), and without the wish of the person."""

    class Way(models.TextChoices):
        CALL = "call", _("a call")
        LETTER = "letter", _("a letter")
        MESSAGE = "message", _("a message")
        VISIT = "visit", _("a visit")

    table_guards = TableGuards("marfa.apps.tracing.guards.contacts")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(ClaimedRelative, on_delete=models.CASCADE, related_name="contacts")
    way = models.CharField(_("way"), max_length=10, choices=Way.choices)
    wished = models.BooleanField(_("the person wishes it"))
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded on"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("contact with the family")
        verbose_name_plural = _("contacts with the family")
        constraints = [
            models.CheckConstraint(condition=Q(wished=True), name="tracing_contact_wished"),
        ]
