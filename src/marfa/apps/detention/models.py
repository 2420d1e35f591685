"""A detention, the places of it, what was looked at, and what was done about it.

No row says that a detention is lawful or may go on, and none has room for acts of the person.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marfa.apps.cases.models import Case, CountryProfile
from marfa.apps.detention.clocks import ADULT_DAYS, CHILD_DAYS
from marfa.apps.detention.within_days import WithinDays
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id, new_reference
from marfa.platform.facts.columns import CodesColumn, FlagColumn, KeyColumn
from marfa.platform.facts.models import PersonFact
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultJSONField, VaultTextField

GROUNDS = codelist("detention_grounds").codes
AUTHORITIES = codelist("detention_authorities").codes
MEASURES = codelist("detention_measures").codes
ALTERNATIVES = codelist("detention_alternatives").codes
CONDITIONS = codelist("detention_conditions").codes
ARMED = tuple(
    each.code for each in codelist("detention_authorities").entries if each.attributes["armed"]
)
"""Authorities from which a person is handed over to civilian actors."""
GOING_ON = ("held", "unknown")
OVER = ("released", "died", "escaped")
LONGEST_DAY = 80
"""Of a partial date as it is stored, a Hijri range with what was given being the longest."""


def reviewed_in_time(earlier: str, later: str) -> Q:
    """The condition on a row: the next review is at most a week away for a child, two else."""
    within = {
        days: Q(WithinDays(F(later), F(earlier), days=days)) for days in (CHILD_DAYS, ADULT_DAYS)
    }
    return Q(is_child=True) & within[CHILD_DAYS] | Q(is_child=False) & within[ADULT_DAYS]


class Detention(Versioned, AboutPerson):
    """Somebody is held. A person has one at a time, over as many places as they are moved to.

    looked_on: day of the last review, at first of the record. review_on: by when the next is due.
    is_child: whether they were treated as a child at that review. measure: of
    ``detention_measures``: what is in force, as somebody saw it.
    ended_*: who wrote down how it ended, and when. Where nobody knows where the person is, it goes
    on.
    """

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("detention", "held")
        UNKNOWN = "unknown", pgettext_lazy("detention", "whereabouts unknown")
        RELEASED = "released", pgettext_lazy("detention", "released")
        DIED = "died", pgettext_lazy("detention", "died")
        ESCAPED = "escaped", pgettext_lazy("detention", "escaped")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="detentions")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)
    is_child = models.BooleanField(_("treated as a child"))
    looked_on = models.DateField(_("last review"))
    review_on = models.DateField(_("next review"))
    measure = models.CharField(_("measure in force"), max_length=LONGEST_WORD, blank=True)
    measure_words = VaultTextField(null=True)
    ended_on = models.DateField(_("ended on"), null=True)
    ended_at = models.DateTimeField(_("end recorded"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)
    end_words = VaultTextField(null=True)

    class Meta:
        verbose_name = _("detention")
        verbose_name_plural = _("detentions")
        indexes = [
            models.Index(
                fields=["review_on", "id"],
                condition=Q(state__in=GOING_ON),
                name="detention_going_on",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(state__in=GOING_ON),
                name="detention_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=GOING_ON, ended_on=None, ended_at=None, ended_by=None)
                | Q(
                    state__in=OVER,
                    ended_on__isnull=False,
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                ),
                name="detention_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=reviewed_in_time("looked_on", "review_on"),
                name="detention_review_is_near",
            ),
            models.CheckConstraint(
                condition=Q(measure="") | Q(measure__in=MEASURES), name="detention_measure_known"
            ),
        ]


class Stay(Versioned, AboutPerson):
    """One place of a detention.

    ground: what whoever holds the person says, of ``detention_grounds``. authority: of
    ``detention_authorities``; authority_name: which one. reason: what is told of it.
    began: a partial date as ``dates.to_storage`` writes it; began_on: its earliest possible day,
    from which days and clocks count.
    hand_over_hours: of the national protocol, where there was one; hand_over_at: by when.
    """

    detention = models.ForeignKey(Detention, on_delete=models.CASCADE, related_name="stays")
    ground = models.CharField(_("ground that is told"), max_length=LONGEST_WORD)
    authority = models.CharField(_("held by"), max_length=LONGEST_WORD)
    authority_name = VaultTextField(null=True)
    place = VaultTextField(null=True)
    reason = VaultTextField(null=True)
    began = models.CharField(_("since"), max_length=LONGEST_DAY)
    began_on = models.DateField(_("since, at the earliest"))
    ended_on = models.DateField(_("until"), null=True)
    hand_over_hours = models.PositiveSmallIntegerField(_("hand-over within hours"), null=True)
    hand_over_at = models.DateTimeField(_("hand-over by"), null=True)
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("place of a detention")
        verbose_name_plural = _("places of detentions")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "detention"],
                condition=Q(ended_on=None),
                name="detention_one_place_now",
            ),
            models.CheckConstraint(condition=Q(ground__in=GROUNDS), name="detention_ground_known"),
            models.CheckConstraint(
                condition=Q(authority__in=AUTHORITIES), name="detention_authority_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")),
                name="detention_place_in_time",
            ),
            models.CheckConstraint(
                condition=Q(authority__in=ARMED, hand_over_at__isnull=False)
                | (~Q(authority__in=ARMED) & Q(hand_over_at=None, hand_over_hours=None)),
                name="detention_hand_over_has_a_clock",
            ),
        ]


class DetentionReview(AboutPerson):
    """Somebody looked at a detention. It has no field for what would let it go on.

    next_on: by when the next one is due; there is always one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    detention = models.ForeignKey(Detention, on_delete=models.CASCADE, related_name="reviews")
    is_child = models.BooleanField(_("treated as a child"))
    held_on = models.DateField(_("reviewed on"))
    next_on = models.DateField(_("next review"))
    found = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("review of a detention")
        verbose_name_plural = _("reviews of detentions")
        constraints = [
            models.CheckConstraint(
                condition=reviewed_in_time("held_on", "next_on") & Q(next_on__gt=F("held_on")),
                name="detention_next_review_is_near",
            ),
        ]


class ConditionsSeen(AboutPerson):
    """How the person is held, as somebody saw it or was told. answers: code of
    ``detention_conditions`` -> yes, no or unknown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    detention = models.ForeignKey(Detention, on_delete=models.CASCADE, related_name="conditions")
    answers = VaultJSONField(null=True)
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("conditions of a detention")
        verbose_name_plural = _("conditions of detentions")


class AlternativeConsidered(AboutPerson):
    """Something else than holding the person, and why it is not done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    detention = models.ForeignKey(Detention, on_delete=models.CASCADE, related_name="alternatives")
    kind = models.CharField(_("alternative"), max_length=LONGEST_WORD)
    why_not = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("alternative to a detention")
        verbose_name_plural = _("alternatives to detentions")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ALTERNATIVES), name="detention_alternative_known"
            ),
        ]


class DetentionStep(AboutPerson):
    """What was done about a detention. whom: who was told or asked, by name or office."""

    class Kind(models.TextChoices):
        VISITED = "visited", _("visited the person")
        RELEASE = "release", _("asked for release")
        LAWYER = "lawyer", _("asked for a lawyer")
        GUARDIAN = "guardian", _("asked for a guardian, or told the guardian")
        COURT = "court", _("went to a court or another body that decides")
        FAMILY = "family", _("told the family, as the person wished")
        ESCALATED = "escalated", _("told someone above, by name")
        LOST = "lost", _("no longer knew where the person is")
        AGREEMENT = "agreement", _("was asked to agree to it, and did not")
        OTHER = "other", _("did something else")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    detention = models.ForeignKey(Detention, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("what was done"), max_length=10, choices=Kind.choices)
    whom = VaultTextField(null=True)
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("step about a detention")
        verbose_name_plural = _("steps about detentions")
        indexes = [models.Index(fields=["detention", "at"], name="detention_steps_in_time")]


class HandOverProtocol(Versioned):
    """Within how many hours the military of a country hands a child over to civilian actors.

    hours: as the protocol says; without a row here there is none on record, and none is assumed.
    source: its name and date, so that a reader can look it up.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    profile = models.OneToOneField(
        CountryProfile, on_delete=models.CASCADE, related_name="hand_over_protocol"
    )
    hours = models.PositiveSmallIntegerField(_("hand-over within hours"))
    source = models.TextField(_("protocol"))
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("hand-over protocol")
        verbose_name_plural = _("hand-over protocols")
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gte=1, hours__lte=720), name="detention_protocol_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over protocol {self.profile_id}"


class DetentionFact(PersonFact):
    """Whether somebody is held, without saying who. held: also while nobody knows where they are.
    grounds: what is told of it."""

    site = KeyColumn(null=True)
    held = FlagColumn(leaves="never")
    grounds = CodesColumn(list_name="detention_grounds", leaves="never")

    class Meta(PersonFact.Meta):
        verbose_name = _("fact of a detention")
        verbose_name_plural = _("facts of detentions")
