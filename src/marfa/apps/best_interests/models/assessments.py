"""Quick assessments of what is best for a child."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models.person import AboutPerson
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id
from marfa.safeguards.vault.fields import VaultJSONField, VaultTextField

DOMAINS = codelist("best_interests_domains").codes


class BestInterestsAssessment(AboutPerson):
    """What is best for a child as somebody sees it now; the next one stands beside it.

    domains: code of ``best_interests_domains`` -> what was found. view: what the child thinks;
    view_how: how it was learned. follows: what is done now.
    """

    class ViewHow(models.TextChoices):
        TOLD = "told", _("the child told us")
        SEEN = "seen", _("by what the child shows: too young, or without words")
        NO_WISH = "no_wish", _("the child did not want to say, and was not pressed")
        NOT_YET = "not_yet", _("not asked yet")

    class Concern(models.TextChoices):
        NONE = "none", _("no danger seen")
        SOME = "some", _("something has to change soon")
        DANGER = "danger", _("the child is in danger")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="best_interests_assessments"
    )
    concern = models.CharField(_("safety"), max_length=10, choices=Concern.choices)
    domains = VaultJSONField(null=True)
    view_how = models.CharField(_("view of the child"), max_length=10, choices=ViewHow.choices)
    view = VaultTextField(null=True)
    follows = VaultTextField(null=True)
    done_on = models.DateField(_("day"))
    review_on = models.DateField(_("review by"))
    at = models.DateTimeField(_("recorded on"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("best-interests assessment")
        verbose_name_plural = _("best-interests assessments")
        indexes = [models.Index(fields=["case", "at"], name="best_interests_assessed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(review_on__gt=F("done_on")), name="best_interests_assessed_again"
            ),
        ]
