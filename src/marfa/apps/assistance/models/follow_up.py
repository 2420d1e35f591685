"""Contacts, and feedback on the help."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models import ContactPoint
from marfa.apps.registry.models.person import AboutPerson
from marfa.domain.ids import new_id
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField


class Contact(Versioned, AboutPerson):
    """A meeting or call: planned, held, missed. By a way that the person called safe, or in person.

    risk: of being trafficked again, as the worker and the person see it then; sealed.
    """

    class Way(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        PHONE = "phone", _("by phone")
        MESSAGE = "message", _("by message")
        THROUGH_OTHER = "through_other", _("through someone they trust")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("took place")
        MISSED = "missed", _("missed")
        CANCELLED = "cancelled", _("cancelled")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contacts")
    way = models.CharField(_("way"), max_length=15, choices=Way.choices)
    point = models.ForeignKey(ContactPoint, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    due_at = models.DateTimeField(_("due by"))
    responsible = models.UUIDField(null=True, editable=False)
    planned_at = models.DateTimeField(_("planned on"))
    planned_by = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(_("when"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)
    words = VaultTextField(null=True)
    risk = VaultTextField(null=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(
                fields=["responsible", "due_at"],
                condition=Q(state="planned"),
                name="assistance_contacts_due",
            ),
            models.Index(fields=["case", "due_at"], name="assistance_contacts_of_case"),
            # What is late, oldest first, and which cases have a plan, without a look at the rows.
            models.Index(
                fields=["due_at", "id", "case", "organisation", "person"],
                condition=Q(state="planned"),
                name="assistance_contacts_planned",
            ),
            models.Index(
                fields=["case"], condition=Q(state="missed"), name="assistance_contacts_missed"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="planned", ended_at=None)
                | Q(state__in=["held", "missed", "cancelled"], ended_at__isnull=False),
                name="assistance_contact_ended",
            ),
        ]


class Voice(AboutPerson):
    """What the person says of the help they get. told_to: another than who helps, if they like."""

    class Mark(models.TextChoices):
        HELPS = "helps", _("it works")
        PARTLY = "partly", _("it works a little")
        NOT = "not", _("it does not work")
        HARMS = "harms", _("it makes things worse")
        NOT_SAID = "not_said", _("not said")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="voices")
    mark = models.CharField(_("answer"), max_length=10, choices=Mark.choices)
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("what the person says")
        verbose_name_plural = _("what people say")
