"""The individual assessment, area by area, and episodes of exploitation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.codelists import codelist
from marfa.platform.revisions.merge import MergeKind
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultJSONField, VaultTextField

AREAS = codelist("assessment_areas").codes
NEEDS = codelist("assessment_needs").codes


class Assessment(Versioned, AboutPerson):
    """One assessment of one person: begun, put down, taken up again, finished.

    released: the person was with an armed or terrorist group, or is held to have been: then no
    area may be left out before it is finished (resolution 2388, OP17). Sealed, since it can kill.
    """

    class State(models.TextChoices):
        OPEN = "open", _("under way")
        DONE = "done", _("finished")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assessments")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField(_("begun"))
    started_by = models.UUIDField(editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True)
    finished_by = models.UUIDField(null=True, editable=False)
    released = VaultJSONField(null=True)

    class Meta:
        verbose_name = _("individual assessment")
        verbose_name_plural = _("individual assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "case"],
                condition=Q(state="open"),
                name="cases_one_assessment_open",
            ),
            models.CheckConstraint(
                condition=Q(state="open", finished_at=None)
                | Q(state="done", finished_at__isnull=False, finished_by__isnull=False),
                name="cases_assessment_finished",
            ),
        ]


class AssessmentArea(Versioned, AboutPerson):
    """One area of an assessment. need: what the worker and the person find; sealed with the rest.

    answers: question -> answer, of the guide. words: in the person's words. seen: what was seen.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("discussed")
        LATER = "later", _("put off")
        DECLINED = "declined", _("the person does not want to discuss it")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="areas")
    area = models.CharField(_("area"), max_length=LONGEST_WORD)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    need = VaultTextField(null=True)
    answers = VaultJSONField(null=True)
    words = VaultTextField(null=True)
    seen = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("area of an assessment")
        verbose_name_plural = _("areas of assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "assessment", "area"], name="cases_area_once"
            ),
            models.CheckConstraint(condition=Q(area__in=AREAS), name="cases_area_known"),
        ]


class ExploitationEpisode(Versioned, AboutPerson):
    """One stretch of exploitation, as the person tells it. All of it is sealed.

    forms: of ``exploitation_forms``. recruitment, control, industries, sexual, relation: lists of
    HTCDS. countries: ISO 3166-1 of the way, in order. since, until: partial dates as stored.
    conflict_links: of ``conflict_link``, several. group: of which armed group, in the person's
    words. state_actor: "yes" or "no", whether an agent of a State took part. age: in completed
    years when it began.
    """

    sealed_kinds = {
        **dict.fromkeys(("forms", "recruitment", "control", "industries"), MergeKind.SET),
        **dict.fromkeys(("sexual", "conflict_links"), MergeKind.SET),
        "countries": MergeKind.LIST,
    }

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="episodes")
    forms = VaultJSONField(null=True)
    recruitment = VaultJSONField(null=True)
    control = VaultJSONField(null=True)
    industries = VaultJSONField(null=True)
    sexual = VaultJSONField(null=True)
    relation = VaultTextField(null=True)
    countries = VaultJSONField(null=True)
    place = VaultTextField(null=True)
    since = VaultTextField(null=True)
    until = VaultTextField(null=True)
    age = VaultJSONField(null=True)
    conflict_links = VaultJSONField(null=True)
    group = VaultTextField(null=True)
    state_actor = VaultJSONField(null=True)
    words = VaultTextField(null=True)
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("episode of exploitation")
        verbose_name_plural = _("episodes of exploitation")
