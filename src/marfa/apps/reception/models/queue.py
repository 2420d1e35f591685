"""Places in the queue, and reasons to see somebody soon."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.registry.models.person import AboutPerson, Person
from marfa.domain.ids import new_id, new_reference
from marfa.platform.revisions.models import Versioned
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.vault.fields import VaultJSONField, VaultTextField

TICKET_LENGTH = 8
OPEN_STATES = ("waiting", "called", "being_seen", "left")
ENDED_STATES = ("done", "declined", "gone")


class QueueEntry(models.Model):
    """Somebody waits to be seen alone, at a site. It says nothing of why.

    ticket: what is called out and shown on the wall: random, the same in kind for everybody.
    first: children without care, before all others. urgency: 0 routine, 1 days, 2 now.
    sooner: at least how soon, without a reason; sooner_at: since when. Nothing says why.
    since: from when they wait; it is never moved. due_at: it only ever comes sooner.
    again_on: the day on which who left without being seen is looked for again.
    """

    class Step(models.TextChoices):
        PRIVATE = "private_step", _("seen alone")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CALLED = "called", _("called")
        BEING_SEEN = "being_seen", _("in interview")
        LEFT = "left", _("left without being seen")
        DONE = "done", _("seen")
        DECLINED = "declined", _("said no")
        GONE = "gone", _("no longer at the site")

    owned_rows = OwnedRows(kind="Person", object_key="person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="queue_entries")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=20, choices=Step.choices, default=Step.PRIVATE)
    ticket = models.CharField(_("ticket"), max_length=TICKET_LENGTH, editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.WAITING
    )
    first = models.BooleanField(default=False, editable=False)
    urgency = models.PositiveSmallIntegerField(default=0, editable=False)
    sooner = models.PositiveSmallIntegerField(default=0, editable=False)
    sooner_at = models.DateTimeField(null=True, editable=False)
    since = models.DateTimeField(_("waiting since"))
    due_at = models.DateTimeField(_("to be seen by"))
    called_at = models.DateTimeField(null=True)
    called_by = models.UUIDField(null=True, editable=False)
    again_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("place in the queue")
        verbose_name_plural = _("places in the queue")
        indexes = [
            models.Index(
                fields=["site", "-first", "-urgency", "since", "id"],
                condition=Q(ended_at=None),
                name="reception_queue_order",
            ),
            models.Index(fields=["person"], name="reception_queue_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "step"],
                condition=Q(ended_at=None),
                name="reception_queue_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "site", "ticket"],
                condition=Q(ended_at=None),
                name="reception_ticket_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, ended_at=None)
                | Q(state__in=ENDED_STATES, ended_at__isnull=False),
                name="reception_queue_ended_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="left") | Q(again_on__isnull=False),
                name="reception_queue_left_comes_again",
            ),
            models.CheckConstraint(condition=Q(urgency__lte=2), name="reception_queue_urgency"),
            models.CheckConstraint(
                condition=Q(sooner=0, sooner_at=None)
                | Q(sooner__gte=1, sooner__lte=2, sooner_at__isnull=False),
                name="reception_queue_sooner",
            ),
            models.CheckConstraint(condition=Q(step="private_step"), name="reception_queue_step"),
        ]

    def __str__(self) -> str:
        return f"place {self.reference}"


class ScreeningReason(Versioned, AboutPerson):
    """Why somebody should be seen: by a rule, with the facts behind it, or by an officer, with a
    sentence. It is taken away by two people and by no rule.

    code: of ``screening_reasons``. facts: ``[fact, basis]`` pairs, as they were known then.
    """

    class Origin(models.TextChoices):
        RULE = "rule", _("a rule")
        OFFICER = "officer", _("an officer")

    code = VaultTextField(null=True)
    facts = VaultJSONField(null=True)
    sentence = VaultTextField(null=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.RULE)
    urgency = models.PositiveSmallIntegerField(default=0, editable=False)
    raised_at = models.DateTimeField(_("raised"))
    raised_by = models.UUIDField(null=True, editable=False)
    asked_at = models.DateTimeField(null=True)
    asked_by = models.UUIDField(null=True, editable=False)
    asked_why = VaultTextField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.UUIDField(null=True, editable=False)
    removed_why = VaultTextField(null=True)

    class Meta:
        verbose_name = _("reason to see a person")
        verbose_name_plural = _("reasons to see people")
        indexes = [models.Index(fields=["person"], name="reception_reason_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False)
                & Q(asked_by__isnull=False)
                & ~Q(removed_by=F("asked_by")),
                name="reception_reason_removed_by_two",
            ),
            models.CheckConstraint(condition=Q(urgency__lte=2), name="reception_reason_urgency"),
            models.CheckConstraint(
                condition=Q(origin__in=["rule", "officer"]), name="reception_reason_origin"
            ),
        ]
