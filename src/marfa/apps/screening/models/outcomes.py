"""What became of what a talk found, and the way to protection."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Site
from marfa.apps.registry.models.person import AboutPerson
from marfa.apps.screening.models.interviews import URGENCIES, Screening
from marfa.domain.ids import new_id, new_reference
from marfa.safeguards.vault.fields import VaultJSONField, VaultTextField


class OutcomeChange(AboutPerson):
    """Somebody raised what a screening found, or asks to lower it: with one sentence.

    What is lowered was asked by one and agreed by another.
    """

    class Direction(models.TextChoices):
        RAISE = "raise", _("raised")
        LOWER = "lower", _("to be lowered")

    class State(models.TextChoices):
        DONE = "done", _("done")
        WAITING = "waiting", _("waiting for a second person")
        REFUSED = "refused", _("not agreed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="changes")
    direction = models.CharField(max_length=10, choices=Direction.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    sentence = VaultTextField(null=True)
    before = VaultJSONField(null=True)
    after = VaultJSONField(null=True)
    asked_by = models.UUIDField(editable=False)
    asked_at = models.DateTimeField(_("asked"))
    answered_by = models.UUIDField(null=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("change to a screening outcome")
        verbose_name_plural = _("changes to screening outcomes")
        constraints = [
            models.CheckConstraint(
                condition=Q(direction="raise", state="done")
                | Q(direction="lower", state="waiting", answered_by=None)
                | (
                    Q(direction="lower", state__in=["done", "refused"])
                    & Q(answered_by__isnull=False)
                    & ~Q(answered_by=F("asked_by"))
                ),
                name="screening_lowered_by_two",
            ),
        ]


class HandOver(AboutPerson):
    """Reception gives a person into the care of protection; it waits until somebody takes it.

    agreed: the person said yes. Without it there is one of the few reasons: a child, or life in
    danger. door: who receives the person; urgency and time are the same at each. taken_by: who is
    assigned from then on.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for protection")
        TAKEN = "taken", _("taken")

    class Ground(models.TextChoices):
        AGREED = "agreed", _("the person agreed")
        CHILD = "child", _("a child")
        LIFE_IN_DANGER = "life_in_danger", _("life in danger")

    class Door(models.TextChoices):
        PROTECTION = "protection", _("protection")
        NEEDS = "needs", _("needs assessment")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    screening = models.OneToOneField(Screening, on_delete=models.CASCADE, related_name="hand_over")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    door = models.CharField(max_length=10, choices=Door.choices, default=Door.PROTECTION)
    urgency = models.CharField(_("urgency"), max_length=10)
    due_at = models.DateTimeField(_("take by"))
    note = VaultTextField(null=True)
    made_by = models.UUIDField(editable=False)
    made_at = models.DateTimeField(_("handed over"))
    taken_by = models.UUIDField(null=True, editable=False)
    taken_at = models.DateTimeField(_("taken"), null=True)

    class Meta:
        verbose_name = _("hand-over to protection")
        verbose_name_plural = _("hand-overs to protection")
        indexes = [models.Index(fields=["site", "state", "due_at"], name="screening_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", taken_by=None, taken_at=None)
                | Q(state="taken", taken_by__isnull=False, taken_at__isnull=False),
                name="screening_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["agreed", "child", "life_in_danger"]),
                name="screening_ground_known",
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=list(URGENCIES)), name="screening_hand_over_urgency"
            ),
            models.CheckConstraint(
                condition=Q(door__in=["protection", "needs"]), name="screening_door_known"
            ),
        ]


class NeedsDoor(models.Model):
    """Whether people of a site whose reasons are vulnerability alone are received by those who
    assess needs, since a supervisor said so. Where there is none, protection receives everybody.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="+")
    opened_by = models.UUIDField(null=True, editable=False)
    opened_at = models.DateTimeField(_("open since"))

    class Meta:
        verbose_name = _("door for needs assessment")
        verbose_name_plural = _("doors for needs assessment")

    def __str__(self) -> str:
        return f"needs assessment at site {self.site_id}"
