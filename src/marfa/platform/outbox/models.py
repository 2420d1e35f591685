"""The table of what is to be delivered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.ids import new_id
from marfa.platform.rowsecurity.tables import OfAnOwner, says_whose_it_is

WAITING = "waiting"


class Parcel(OfAnOwner):
    """One delivery. It names records; what is said of them is read when it is delivered."""

    class State(models.TextChoices):
        WAITING = WAITING, _("waiting")
        SENT = "sent", _("sent")
        NEEDLESS = "needless", _("no longer needed")
        DEAD = "dead", _("failed for good")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    destination = models.CharField(max_length=40)
    # Parcels of one lane, such as one recipient, arrive in their order.
    lane = models.UUIDField()
    kind = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[WAITING, "sent", "needless", "dead"]),
                name="outbox_state_known",
            ),
            says_whose_it_is("outbox_parcel_owned"),
        ]
        indexes = [
            models.Index(
                fields=["destination", "lane", "id"],
                condition=Q(state=WAITING),
                name="outbox_waiting",
            ),
            models.Index(fields=["state", "ended_at"], name="outbox_by_end"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} to {self.destination}"
