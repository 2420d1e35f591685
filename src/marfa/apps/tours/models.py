"""How far somebody is in the tour of a desk."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marfa.domain.ids import new_id

LONGEST_CODE = 30


class TourProgress(models.Model):
    """One person in the tour of one desk. It holds codes of steps and nothing of what was done.

    begun_at: work since then counts; None where the tour was put away before it was begun.
    done, skipped: codes of ``registry.TourStep``.
    """

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("tour", "under way")
        LEFT = "left", pgettext_lazy("tour", "left")
        FINISHED = "finished", pgettext_lazy("tour", "over")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", editable=False
    )
    desk = models.CharField(_("desk"), max_length=LONGEST_CODE)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    begun_at = models.DateTimeField(pgettext_lazy("tour", "begun"), null=True)
    done = models.JSONField(_("done"), default=list)
    skipped = models.JSONField(_("skipped"), default=list)

    class Meta:
        verbose_name = _("progress in a tour")
        verbose_name_plural = _("progress in tours")
        constraints = [
            models.UniqueConstraint(fields=["user", "desk"], name="tours_once_a_desk"),
            models.CheckConstraint(
                condition=Q(state="left")
                | Q(state__in=["running", "finished"], begun_at__isnull=False),
                name="tours_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"progress {self.pk}"
