"""Who is shut out of a person's record: why, on whose wish, and how it came and went."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Exclusion
from marfa.apps.registry.models.person import AboutPerson
from marfa.domain.ids import new_id
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField


class RecordExclusion(Versioned, AboutPerson):
    """Somebody is shut out of a record, from the moment that one person says so.

    access: what the charter asks; whom it names is shut out as long as it holds.
    confirm_by: until when a second person confirms it. Then it goes to the data-protection officer;
    it never ends by itself. It is lifted by two people: one asks, and another one does it.
    """

    class Wish(models.TextChoices):
        PERSON = "person", _("the person does not want them")
        COLLEAGUE = "colleague", _("a colleague has a reason")
        OWN = "own", _("they asked for it themselves")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    access = models.OneToOneField(Exclusion, on_delete=models.CASCADE, related_name="record")
    wish = models.CharField(max_length=10, choices=Wish.choices)
    reason = VaultTextField(null=True)
    began_at = models.DateTimeField(_("blocked since"))
    began_by = models.UUIDField(editable=False)
    confirm_by = models.DateTimeField(_("confirm by"))
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.UUIDField(null=True, editable=False)
    asked_at = models.DateTimeField(null=True)
    asked_by = models.UUIDField(null=True, editable=False)
    asked_why = VaultTextField(null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("exclusion from a record")
        verbose_name_plural = _("exclusions from records")
        constraints = [
            models.CheckConstraint(
                condition=Q(wish__in=["person", "colleague", "own"]),
                name="registry_exclusion_wish_known",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                & ~Q(confirmed_by=F("began_by")),
                name="registry_exclusion_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False, asked_by__isnull=False)
                & ~Q(ended_by=F("asked_by")),
                name="registry_exclusion_ended_by_two",
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None, asked_by=None)
                | Q(asked_at__isnull=False, asked_by__isnull=False),
                name="registry_exclusion_asked_by_one",
            ),
        ]
