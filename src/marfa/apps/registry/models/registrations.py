"""Events of the continuous registration: who wrote them down, where, how and when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.registry.models.households import Household
from marfa.apps.registry.models.person import Person
from marfa.domain.ids import new_id
from marfa.platform.rowsecurity.ownership import OwnedRows


class Registration(models.Model):
    """One event of the continuous registration. It is never changed: what was wrong is followed
    by another.

    day: when it happened, as far as that is known; ``at``: when it was written down.
    batch: the form with which it was sent, so that sending it twice registers nobody twice.
    digest: of what that form said, keyed; sent again with something else, it is another form.
    """

    class Event(models.TextChoices):
        ARRIVAL = "arrival", _("arrival")
        BIRTH = "birth", _("birth")
        DEPARTURE = "departure", _("departure")
        RETURN = "return", _("return")
        DEATH = "death", _("death")

    class Mode(models.TextChoices):
        INDIVIDUAL = "individual", _("one person")
        GROUP = "group", _("a household")
        CODE_ONLY = "code_only", _("by code only")

    owned_rows = OwnedRows(kind="Person", object_key="person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="registrations")
    household = models.ForeignKey(Household, on_delete=models.SET_NULL, null=True, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(_("event"), max_length=20, choices=Event.choices)
    mode = models.CharField(_("how"), max_length=20, choices=Mode.choices)
    day = models.DateField(_("day"), null=True)
    at = models.DateTimeField(_("recorded on"))
    by = models.UUIDField(editable=False)
    batch = models.UUIDField(null=True, editable=False)
    digest = models.CharField(max_length=64, default="", blank=True, editable=False)
    place = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = [models.Index(fields=["site", "at"], name="registry_registered_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "batch", "place"],
                condition=Q(batch__isnull=False),
                name="registry_batch_once",
            ),
            models.CheckConstraint(
                condition=Q(event__in=["arrival", "birth", "departure", "return", "death"]),
                name="registry_event_known",
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["individual", "group", "code_only"]),
                name="registry_mode_known",
            ),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"
