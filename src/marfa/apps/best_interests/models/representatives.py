"""Who speaks for a child: representatives, doubts about adults, capacity, and the agency."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.models import Recipient
from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models.households import Relationship
from marfa.apps.registry.models.person import AboutPerson, Person
from marfa.domain.ids import new_id
from marfa.platform.migration.guards import TableGuards
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField


class AdultDoubt(Versioned, AboutPerson):
    """An indicator concerns an adult near a child: as long as it stands, they answer for nothing.

    adult: the adult, where they are registered; else ``who`` says it. It is taken back by another
    than who wrote it down.
    """

    class Sign(models.TextChoices):
        CONTROL = "control", _("answers for the child, or does not let it be spoken with alone")
        STORY = "story", _("what the adult and the child tell does not fit together")
        HARM = "harm", _("may exploit, traffic or hurt the child")
        FEAR = "fear", _("the child is afraid of the adult")
        OTHER = "other", _("another sign")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="adult_doubts")
    adult = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    sign = models.CharField(_("sign"), max_length=10, choices=Sign.choices)
    who = VaultTextField(null=True)
    words = VaultTextField(null=True)
    began_at = models.DateTimeField(_("recorded on"))
    began_by = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)
    ended_why = VaultTextField(null=True)

    class Meta:
        verbose_name = _("doubt about an adult")
        verbose_name_plural = _("doubts about adults")
        indexes = [
            models.Index(
                fields=["adult"], condition=Q(ended_at=None), name="best_interests_doubt_open"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_by=F("began_by")),
                name="best_interests_doubt_ended_by_another",
            ),
        ]


class Representative(Versioned, AboutPerson):
    """The guardian, lawyer or interpreter of a child.

    basis: an authority appointed them (``appointed_by``), or a verified tie (``relationship``): a
    guardian has one of both. adult: the representative, where they are registered.
    until: the last day; review_on: when somebody looks at it again; one of both stands there.
    reached_at: when somebody here last reached them.
    """

    class Kind(models.TextChoices):
        GUARDIAN = "guardian", _("guardian")
        LAWYER = "lawyer", _("lawyer")
        INTERPRETER = "interpreter", _("interpreter")

    class Basis(models.TextChoices):
        AUTHORITY = "authority", _("appointed by an authority")
        TIE = "tie", _("verified tie to the child")
        ASKED = "asked", _("asked by the organisation")

    table_guards = TableGuards("marfa.apps.best_interests.guards.representatives")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="representatives")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    basis = models.CharField(_("appointed"), max_length=10, choices=Basis.choices)
    adult = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, null=True, related_name="representatives"
    )
    name = VaultTextField(null=True)
    appointed_by = VaultTextField(null=True)
    reach = VaultTextField(null=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True)
    review_on = models.DateField(_("review by"), null=True)
    reached_at = models.DateTimeField(_("last reached"), null=True)
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)
    ended_why = VaultTextField(null=True)

    class Meta:
        verbose_name = _("representative of a child")
        verbose_name_plural = _("representatives of children")
        constraints = [
            models.CheckConstraint(
                condition=Q(basis="authority", appointed_by__isnull=False)
                | Q(basis="tie", relationship__isnull=False, adult__isnull=False)
                | Q(basis="asked") & ~Q(kind="guardian"),
                name="best_interests_representative_appointed",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=False, until__gte=F("since"))
                | Q(until=None, review_on__isnull=False, review_on__gt=F("since")),
                name="best_interests_representative_until",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="best_interests_representative_ended",
            ),
        ]


class CapacityNote(AboutPerson):
    """What was explained to a child in its words, and whether it can decide on it by itself.

    about: the step for which it was asked. explained: the words that were used. said: what the
    child said. A later note on the same stands beside it; none is changed.
    """

    class Level(models.TextChoices):
        ALONE = "alone", _("understands, and decides")
        SUPPORTED = "supported", _("understands and decides with someone whom the child chose")
        NOT_YET = "not_yet", _("cannot decide on this yet: what the child wants is heard")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="capacity_notes")
    level = models.CharField(_("capacity"), max_length=10, choices=Level.choices)
    about = VaultTextField(null=True)
    explained = VaultTextField(null=True)
    said = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("capacity of a child")
        verbose_name_plural = _("capacities of children")
        constraints = [
            models.CheckConstraint(
                condition=Q(explained__isnull=False), name="best_interests_capacity_explained"
            ),
        ]


class AgencyDecision(Versioned, AboutPerson):
    """The agency with the mandate decides in place of a guardian, by two, until there is one.

    agency: the agency; None: this organisation. mandate: on what its mandate rests. why: why nobody
    can be appointed. what: on what it decides. review_on: after it, the yes is none any more.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a second person")
        AGREED = "agreed", _("decided: yes")
        NOT_AGREED = "not_agreed", _("decided: no")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="agency_decisions")
    agency = models.ForeignKey(Recipient, on_delete=models.PROTECT, null=True, related_name="+")
    mandate = VaultTextField(null=True)
    why = VaultTextField(null=True)
    what = VaultTextField(null=True)
    child_view = VaultTextField(null=True)
    review_on = models.DateField(_("review by"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    asked_at = models.DateTimeField(_("prepared"))
    asked_by = models.UUIDField(editable=False)
    due_at = models.DateTimeField(_("to be decided by"))
    decided_on = models.DateField(_("day of the decision"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.UUIDField(null=True, editable=False)
    words = VaultTextField(null=True)

    class Meta:
        verbose_name = _("decision in place of a guardian")
        verbose_name_plural = _("decisions in place of a guardian")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None, decided_on=None)
                | Q(
                    state__in=["agreed", "not_agreed"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    decided_on__isnull=False,
                )
                & ~Q(decided_by=F("asked_by")),
                name="best_interests_agency_by_two",
            ),
            models.CheckConstraint(
                condition=Q(decided_on=None) | Q(review_on__gt=F("decided_on")),
                name="best_interests_agency_reviewed",
            ),
        ]
