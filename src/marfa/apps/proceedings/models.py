"""Cooperation, the measures that the law ties to it, and acts under compulsion."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.consents.models import Sharing
from marfa.apps.registry.models.person import AboutPerson
from marfa.domain.ids import new_id
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField


class Cooperation(AboutPerson):
    """What the person answered to an investigation or a court. Nothing follows from it for help."""

    class Answer(models.TextChoices):
        ASKED = "asked", _("was asked, no answer yet")
        WILLING = "willing", _("wants to cooperate")
        UNWILLING = "unwilling", _("does not want to cooperate")
        COMPLAINED = "complained", _("has filed a complaint")
        TESTIFIED = "testified", _("has testified")
        STOPPED = "stopped", _("no longer wants to take part")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices)
    authority = VaultTextField(null=True)
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("answer to an investigation")
        verbose_name_plural = _("answers to investigations")


class Measure(Versioned, AboutPerson):
    """A measure that the law may tie to cooperation: it is no help, and help is not tied to it."""

    class Kind(models.TextChoices):
        RESIDENCE = "residence", _("residence permit")
        WITNESS = "witness", _("witness protection")
        COMPENSATION = "compensation", _("compensation in a trial")
        OTHER = "other", _("another measure")

    class State(models.TextChoices):
        ASKED = "asked", _("requested, not decided")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        ENDED = "ended", _("no longer in force")

    kind = models.CharField(_("measure"), max_length=15, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    until = models.DateField(_("in force until"), null=True)
    words = VaultTextField(null=True)
    asked_at = models.DateTimeField(_("recorded on"))
    asked_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("measure tied to proceedings")
        verbose_name_plural = _("measures tied to proceedings")


class NonPunishment(Versioned, AboutPerson):
    """That the person may not be to be punished for acts that being trafficked led to, and that
    counsel was asked for. What the acts were does not stand here. One a person."""

    asked_at = models.DateTimeField(_("counsel requested"))
    asked_by = models.UUIDField(editable=False)
    counsel_at = models.DateTimeField(_("counsel found"), null=True)
    counsel = VaultTextField(null=True)

    class Meta:
        verbose_name = _("possible non-punishment")
        verbose_name_plural = _("possible non-punishments")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"], name="proceedings_nonpunishment_once"
            )
        ]


class CompelledAct(AboutPerson):
    """What the person may have been compelled to, written down with their counsel and only then.

    It leaves only after somebody else than who wrote it down and who sends it has found that it
    may. reviewed_at, reviewed_by, review, may_leave: the review that stands; what one before it
    said is an EarlierReview. may_leave: None without a review, or for one that did not say.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    with_counsel = models.BooleanField(_("counsel was there"))
    words = VaultTextField(null=True)
    entered_at = models.DateTimeField(_("recorded on"))
    entered_by = models.UUIDField(editable=False)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    reviewed_by = models.UUIDField(null=True, editable=False)
    review = VaultTextField(null=True)
    may_leave = models.BooleanField(_("may be sent"), null=True)

    class Meta:
        verbose_name = _("act under compulsion")
        verbose_name_plural = _("acts under compulsion")
        constraints = [
            models.CheckConstraint(
                condition=Q(with_counsel=True), name="proceedings_act_with_counsel"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None, reviewed_at=None)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False)
                & ~Q(reviewed_by=F("entered_by")),
                name="proceedings_act_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(may_leave=None) | Q(reviewed_by__isnull=False),
                name="proceedings_act_leaves_after_review",
            ),
        ]


class EarlierReview(AboutPerson):
    """A review of an act in whose place a later one stands: what it said stays."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    act = models.ForeignKey(CompelledAct, on_delete=models.CASCADE, related_name="earlier")
    may_leave = models.BooleanField(_("may be sent"), null=True)
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("earlier review of an act")
        verbose_name_plural = _("earlier reviews of acts")


class ActDisclosed(AboutPerson):
    """An act that left, to whom, and who sent it: never who reviewed it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    act = models.ForeignKey(CompelledAct, on_delete=models.CASCADE, related_name="disclosed")
    sharing = models.ForeignKey(Sharing, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("disclosure of an act")
        verbose_name_plural = _("disclosures of acts")
