"""Where help is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marfa.apps.organisations.models import Organisation
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_reference
from marfa.platform.revisions.merge import MergeKind
from marfa.platform.revisions.models import Versioned

NEEDS = codelist("support_types").codes
NAME_LENGTH, PHONE_LENGTH, LINE_LENGTH, NOTE_LENGTH = 200, 40, 300, 2000
OLDEST = 120


class Service(Versioned):
    """One place that helps with one need. Who helps with two has two entries, as in HSDS. It tells
    of a place and of no person.

    keeper: for whom the entry is kept; everybody who works with people reads it.
    confidential: where it is may not be known, so no place is stored.
    safe_contact: how one gets in touch without putting anyone in danger.
    age_from, age_to: whole years, both included; empty: no limit.
    languages, access: codes. called_at, called_by: who last asked whether it takes people.
    on_sheets: it stands on leaflets, where a stranger may read it.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("service", "takes people")
        FULL = "full", pgettext_lazy("service", "has no room now")
        CLOSED = "closed", pgettext_lazy("service", "closed")

    class Sexes(models.TextChoices):
        ALL = "all", pgettext_lazy("service", "everyone")
        FEMALE = "female", _("women and girls only")
        MALE = "male", _("men and boys only")

    class Cost(models.TextChoices):
        FREE = "free", _("nothing")
        PAID = "paid", _("something is paid")
        UNKNOWN = "unknown", pgettext_lazy("service", "not known")

    class Asked(models.TextChoices):
        NO = "no", pgettext_lazy("service", "no")
        YES = "yes", pgettext_lazy("service", "yes")
        UNKNOWN = "unknown", pgettext_lazy("service", "not known")

    class Access(models.TextChoices):
        STEP_FREE = "step_free", _("Without steps")
        SIGN_LANGUAGE = "sign_language", _("Sign language")
        EASY_WORDS = "easy_words", _("Easy words and pictures")
        COMES_TO_PEOPLE = "comes_to_people", _("Comes to people")
        CHILDREN_STAY = "children_stay", _("Children stay with their parents")

    merge_kinds = {"languages": MergeKind.SET, "access": MergeKind.SET}

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    keeper = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    provider = models.CharField(_("given by"), max_length=NAME_LENGTH, blank=True)
    need = models.CharField(_("need"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    phone = models.CharField(_("telephone"), max_length=PHONE_LENGTH, blank=True)
    safe_contact = models.CharField(_("safe contact"), max_length=LINE_LENGTH, blank=True)
    opening = models.CharField(_("open when"), max_length=LINE_LENGTH, blank=True)
    confidential = models.BooleanField(_("place not told"), default=False)
    address = models.CharField(_("address"), max_length=LINE_LENGTH, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    sexes = models.CharField(_("for whom"), max_length=10, choices=Sexes.choices, default=Sexes.ALL)
    age_from = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("up to age"), null=True, blank=True)
    languages = models.JSONField(_("languages spoken"), default=list, blank=True)
    access = models.JSONField(_("access"), default=list, blank=True)
    cost = models.CharField(_("cost"), max_length=10, choices=Cost.choices, default=Cost.UNKNOWN)
    papers = models.CharField(
        _("asks for papers"), max_length=10, choices=Asked.choices, default=Asked.UNKNOWN
    )
    police_report = models.CharField(
        _("asks for a police report"),
        max_length=10,
        choices=Asked.choices,
        default=Asked.UNKNOWN,
    )
    on_sheets = models.BooleanField(_("on leaflets"), default=False)
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    called_at = models.DateTimeField(_("called last"), null=True, editable=False)
    called_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        indexes = [
            models.Index(fields=["need", "state", "called_at"], name="directory_by_need"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(need__in=NEEDS), name="directory_need_known"),
            models.CheckConstraint(
                condition=Q(confidential=False) | Q(address="", latitude=None, longitude=None),
                name="directory_confidential_has_no_place",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="directory_place_whole",
            ),
            models.CheckConstraint(
                condition=Q(age_from=None) | Q(age_to=None) | Q(age_from__lte=F("age_to")),
                name="directory_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(called_at=None, called_by=None)
                | Q(called_at__isnull=False, called_by__isnull=False),
                name="directory_called_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"service {self.reference}"
