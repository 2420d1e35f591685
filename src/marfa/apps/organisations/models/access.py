"""Who is let to one object beyond their role, and who is shut out of it.

An object is named by its kind, as the charter's schema calls it (``Person``, ``Case``), and its
key. There is no foreign key: the objects belong to apps above this one.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models.places import Organisation, Team
from marfa.domain.ids import new_id, new_reference


class AboutObject(models.Model):
    """What an assignment, an exclusion and an opening share."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    object_kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    starts_at = models.DateTimeField(_("from"))
    # Who decided it. Their account may go; that it was decided stays, and the log says by whom.
    decided_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


class Assignment(AboutObject):
    """A person works on an object."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "object_kind", "object_id"],
                condition=Q(ends_at=None),
                name="organisations_assigned_once",
            ),
        ]
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="organisations_assigned_to")
        ]


class Exclusion(AboutObject):
    """One person, one team or one organisation is shut out of an object, whatever their role."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="exclusions", null=True, blank=True
    )
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="exclusions", null=True, blank=True
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="exclusions", null=True, blank=True
    )
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(user__isnull=False, team=None, organisation=None)
                    | Q(user=None, team__isnull=False, organisation=None)
                    | Q(user=None, team=None, organisation__isnull=False)
                ),
                name="organisations_exclusion_of_one",
            ),
        ]
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="organisations_excluded_from")
        ]


class AccessGrant(AboutObject):
    """Another organisation may see one object, until a moment. The database itself asks it too."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="access_grants"
    )
    # Whose the object is. The database lets nobody write about an opened object in another's name.
    owner = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="opened_objects"
    )
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("opened object")
        verbose_name_plural = _("opened objects")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("starts_at")), name="organisations_access_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "object_kind", "object_id"], name="organisations_opened_to"
            )
        ]
