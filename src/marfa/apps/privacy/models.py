"""Holds on deletion, and requests of the people whom data are about. Neither names anybody."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id, new_reference

REASONS = codelist("hold_reasons").codes
KINDS = codelist("data_request_kinds").codes
OUTCOMES = codelist("data_request_outcomes").codes


class Hold(models.Model):
    """Nothing of a person is deleted until a day, for a reason. A longer one is a new hold."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    subject = models.UUIDField(editable=False)
    reason = models.CharField(_("reason"), max_length=30)
    placed_at = models.DateTimeField(_("placed"))
    placed_by = models.UUIDField(editable=False)
    until = models.DateField(_("until"))
    lifted_at = models.DateTimeField(_("lifted"), null=True)

    class Meta:
        verbose_name = _("hold on deletion")
        verbose_name_plural = _("holds on deletion")
        indexes = [models.Index(fields=["subject"], name="privacy_hold_of_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=REASONS), name="privacy_hold_reason"),
        ]

    def __str__(self) -> str:
        return f"hold {self.reference}"


class DataRequest(models.Model):
    """Somebody asked for what is theirs. due_on: the day by which they have an answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    subject = models.UUIDField(editable=False)
    kind = models.CharField(_("kind"), max_length=30)
    received_on = models.DateField(_("received"))
    due_on = models.DateField(_("due"))
    taken_by = models.UUIDField(editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True)
    outcome = models.CharField(_("outcome"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("data-subject request")
        verbose_name_plural = _("data-subject requests")
        indexes = [
            models.Index(fields=["due_on"], condition=Q(settled_at=None), name="privacy_due"),
            models.Index(fields=["subject"], name="privacy_request_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="privacy_request_kind"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("received_on")), name="privacy_due_after_received"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="")
                | Q(settled_at__isnull=False, outcome__in=OUTCOMES),
                name="privacy_settled_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.reference}"


class RequestAnswer(models.Model):
    """The answer to a request: one person proposes it, another agrees; then it is done and told.

    subject: of the request. reason: why not, or not all of it. done_at: when an erasure or another
    answer was carried out. told_*: how and when the person heard of it.
    """

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("all of it is done")
        PARTLY = "partly", _("part of it is done")
        REFUSED = "refused", _("it is refused")

    class Reason(models.TextChoices):
        LAW = "law", _("a law requires that it is kept")
        OTHERS = "others", _("it would harm other people")
        CLAIM = "claim", _("it is needed for a legal claim")
        NOT_THEIRS = "not_theirs", _("it was not the person who asked")
        NOTHING = "nothing", _("there is nothing of this kind")

    class Told(models.TextChoices):
        ALONE = "alone", _("in person, alone")
        SAFE_WAY = "safe_way", _("in the safe way that the person named")
        COMES_BACK = "comes_back", _("nothing was sent: the person comes back and asks")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.OneToOneField(DataRequest, on_delete=models.CASCADE, related_name="answer")
    subject = models.UUIDField(editable=False)
    outcome = models.CharField(_("answer"), max_length=10, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.UUIDField(editable=False)
    agreed_at = models.DateTimeField(_("agreed"), null=True)
    agreed_by = models.UUIDField(null=True, editable=False)
    done_at = models.DateTimeField(_("done"), null=True)
    told_on = models.DateField(_("told on"), null=True)
    told_how = models.CharField(_("told how"), max_length=10, choices=Told.choices, blank=True)
    told_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("answer to a request")
        verbose_name_plural = _("answers to requests")
        indexes = [models.Index(fields=["subject"], name="privacy_answer_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_at=None, agreed_by=None)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False)
                & ~Q(agreed_by=F("proposed_by")),
                name="privacy_answer_by_two",
            ),
            models.CheckConstraint(
                condition=Q(outcome="granted", reason="")
                | Q(outcome__in=["partly", "refused"]) & ~Q(reason=""),
                name="privacy_answer_says_why",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(agreed_at__isnull=False),
                name="privacy_done_after_agreed",
            ),
            models.CheckConstraint(
                condition=Q(told_on=None, told_how="", told_by=None)
                | Q(
                    told_on__isnull=False,
                    told_by__isnull=False,
                    told_how__in=["alone", "safe_way", "comes_back"],
                    done_at__isnull=False,
                ),
                name="privacy_told_after_done",
            ),
        ]

    def __str__(self) -> str:
        return f"answer to {self.request_id}"
