"""People's keys, sealed records with their shares, and requests to open them.

Members of staff are named by their key alone: this room knows no accounts.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.ids import new_id, new_reference

PUBLIC_KEY_BYTES = 32


class KeyHolder(models.Model):
    """The keys of one member of staff.

    lock: the private key under the passphrase (``crypto.passphrases.Lock``).
    generation: goes up with every change, which ends what is unlocked.
    """

    staff = models.UUIDField(primary_key=True, editable=False)
    public_key = models.BinaryField(max_length=PUBLIC_KEY_BYTES)
    lock = models.JSONField()
    generation = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(generation__gte=1), name="sealed_generation_from_1"),
        ]

    def __str__(self) -> str:
        return "keys of a member of staff"


class UnlockedSession(models.Model):
    """One half of what an unlocked private key is sealed under; the other is in a cookie.

    digest: of the other half, to find the row by.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    staff = models.UUIDField(db_index=True)
    generation = models.PositiveIntegerField()
    half = models.BinaryField()
    wrapped = models.BinaryField()
    used_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "unlocked keys"


class SealedRecord(models.Model):
    """Content behind a protected code.

    kind: the kind of thing that it belongs to, registered in ``standing``.
    subject: key of the person whom it is about, where there is one.
    generation: goes up when the shares are made anew; all older ones are worth nothing then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.UUIDField(null=True, blank=True, db_index=True)
    content = models.BinaryField()
    generation = models.PositiveIntegerField(default=1)
    sealed_by = models.UUIDField()
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sealed record {self.reference}"


class Share(models.Model):
    """One person's point on the line of a record's key, sealed to their public key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record = models.ForeignKey(SealedRecord, on_delete=models.CASCADE, related_name="shares")
    staff = models.UUIDField(db_index=True)
    place = models.PositiveSmallIntegerField()
    box = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "staff"], name="sealed_one_share_a_person"),
            models.UniqueConstraint(fields=["record", "place"], name="sealed_one_share_a_place"),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=255), name="sealed_share_place"
            ),
        ]

    def __str__(self) -> str:
        return f"share {self.pk}"


class Reason(models.TextChoices):
    """Why a sealed record has to be opened. What stands behind it is told in words, sealed too."""

    PERSON_ASKED = "person_asked", _("The person asked for it")
    DANGER = "danger", _("Someone is in danger")
    BEST_INTERESTS = "best_interests", _("The best interests of a child")
    ASSISTANCE = "assistance", _("Help cannot be given without it")
    PROCEEDINGS = "proceedings", _("A court or counsel needs it, with consent")
    CORRECTION = "correction", _("Something in it has to be corrected")
    NEW_HOLDERS = "new_holders", _("Other people need to be able to open it")


class OpeningRequest(models.Model):
    """Somebody wants to open a record, and somebody else says whether they may.

    reason: the words, sealed; reason_boxes: their key, sealed to each holder.
    new_holders: where not to read is asked for, but who may open it from then on.
    approval: the approver's point, sealed to who asked, for this request; gone once it was used.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for a second person")
        APPROVED = "approved", _("can be opened")
        OPENED = "opened", _("was opened")
        DECLINED = "declined", _("was declined")
        WITHDRAWN = "withdrawn", _("was withdrawn")

    OPEN = (State.ASKED, State.APPROVED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    record = models.ForeignKey(SealedRecord, on_delete=models.CASCADE, related_name="requests")
    purpose = models.CharField(max_length=40)
    reason_code = models.CharField(max_length=20, choices=Reason.choices)
    reason = models.BinaryField()
    reason_boxes = models.JSONField()
    new_holders = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    asked_by = models.UUIDField(db_index=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    approval = models.BinaryField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by=None)
                | ~Q(answered_by=F("asked_by"))
                | ~Q(state__in=["approved", "opened"]),
                name="sealed_two_different_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "opened"])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="sealed_opened_only_if_approved",
            ),
            models.CheckConstraint(
                condition=Q(approval=None) | Q(state="approved"),
                name="sealed_approval_only_while_used",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")), name="sealed_request_ends"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "approved", "opened", "declined", "withdrawn"]),
                name="sealed_request_state_known",
            ),
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="sealed_requests_open")]

    def __str__(self) -> str:
        return f"request {self.reference}"

    def in_force(self, at: datetime) -> bool:
        """Whether it may still be approved or opened."""
        return self.state in self.OPEN and at < self.expires_at
