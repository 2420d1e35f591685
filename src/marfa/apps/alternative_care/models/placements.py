"""A child in a place: how they came there, visits, reviews, and how they left."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.alternative_care.models.places import CareDoubt, CarePlace, Vetting
from marfa.apps.best_interests.models import Determination
from marfa.apps.best_interests.models.agreement import AgreedRow, agreed_constraints
from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models.person import AboutPerson
from marfa.domain.ids import new_id
from marfa.platform.migration.guards import TableGuards
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField


class Placement(AgreedRow, Versioned, AboutPerson):
    """A child lives in a place. It ends because they move, go back or leave, and never because
    they grow up.

    vetting: on which it rests; none for an emergency. view: what the child says of it.
    determination: of best interests, for a lasting one. grown_up: somebody grown up decided by
    themselves. settle_by: of an emergency, by when the agreement is there and the place is vetted,
    or the child moves. review_at: when it is looked at again.
    """

    class Sort(models.TextChoices):
        EMERGENCY = "emergency", _("an emergency, for safety")
        SHORT = "short", _("for a time")
        LASTING = "lasting", _("lasting")

    class State(models.TextChoices):
        CURRENT = "current", _("lives there")
        ENDED = "ended", _("ended")

    class End(models.TextChoices):
        MOVED = "moved", _("moved to another place")
        REUNITED = "reunited", _("is back with the family")
        OWN_HOME = "own_home", _("lives on their own, as they decided")
        WENT_AWAY = "went_away", _("went away, and is looked for")
        DIED = "died", _("died")

    table_guards = TableGuards("marfa.apps.alternative_care.guards.placements")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="placements")
    place = models.ForeignKey(CarePlace, on_delete=models.PROTECT, related_name="placements")
    vetting = models.ForeignKey(Vetting, on_delete=models.PROTECT, null=True, related_name="+")
    determination = models.ForeignKey(
        Determination, on_delete=models.CASCADE, null=True, related_name="+"
    )
    grown_up = models.BooleanField(default=False, editable=False)
    sort = models.CharField(_("sort"), max_length=10, choices=Sort.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.CURRENT
    )
    view = VaultTextField(null=True)
    words = VaultTextField(null=True)
    begun_at = models.DateTimeField(_("since"))
    begun_by = models.UUIDField(editable=False)
    settle_by = models.DateTimeField(_("to be settled by"), null=True)
    review_at = models.DateTimeField(_("review"))
    visit_by = models.DateTimeField(_("next visit by"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)
    end = models.CharField(_("why it ended"), max_length=10, choices=End.choices, blank=True)

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        indexes = [
            models.Index(
                fields=["place"], condition=Q(state="current"), name="alternative_care_lives_there"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(state="current"),
                name="alternative_care_one_place",
            ),
            models.CheckConstraint(
                condition=Q(sort="emergency", settle_by__isnull=False)
                | Q(sort__in=["short", "lasting"], settle_by=None, vetting__isnull=False),
                name="alternative_care_vetted_or_emergency",
            ),
            models.CheckConstraint(
                condition=~Q(sort="lasting") | Q(determination__isnull=False),
                name="alternative_care_lasting_determined",
            ),
            models.CheckConstraint(
                condition=Q(sort="emergency") | Q(grown_up=True) | Q(agreed_answer="given"),
                name="alternative_care_with_a_yes",
            ),
            *agreed_constraints("alternative_care_placement"),
            models.CheckConstraint(
                condition=Q(settle_by=None) | Q(settle_by__gt=F("begun_at")),
                name="alternative_care_settled_later",
            ),
            models.CheckConstraint(
                condition=Q(review_at__gt=F("begun_at"), visit_by__gt=F("begun_at")),
                name="alternative_care_reviewed_later",
            ),
            models.CheckConstraint(
                condition=Q(state="current", ended_at=None, end="")
                | Q(
                    state="ended",
                    ended_at__isnull=False,
                    end__in=["moved", "reunited", "own_home", "went_away", "died"],
                ),
                name="alternative_care_ended_for_a_reason",
            ),
        ]


class CareReview(AboutPerson):
    """Somebody has looked whether a child is safe where they live. next_at: the next look."""

    class Outcome(models.TextChoices):
        STAYS = "stays", _("is safe and stays")
        WATCHED = "watched", _("stays for now, with more visits")
        MOVES = "moves", _("has to move")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="reviews")
    doubt = models.ForeignKey(CareDoubt, on_delete=models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    view = VaultTextField(null=True)
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)
    next_at = models.DateTimeField(_("next review"))

    class Meta:
        verbose_name = _("review of a placement")
        verbose_name_plural = _("reviews of placements")
        constraints = [
            models.CheckConstraint(
                condition=Q(next_at__gt=F("at")), name="alternative_care_review_has_next"
            ),
        ]


class CareVisit(AboutPerson):
    """A visit to a child in a place: seen alone, and what they say."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="visits")
    alone = models.BooleanField(_("seen without the caregiver"))
    announced = models.BooleanField(_("announced before"), default=True)
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("visit to a child in care")
        verbose_name_plural = _("visits to children in care")
