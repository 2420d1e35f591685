"""Who takes part in a study, what its panel finds, and interviews that several people score."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation
from marfa.apps.registry.models.person import AboutPerson
from marfa.apps.screening.models import Screening
from marfa.apps.studies.models.studies import KIND, Study
from marfa.domain.codes import CODE_LENGTH
from marfa.domain.ids import new_id
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.vault.fields import Vaulted, VaultJSONField, VaultTextField


class Enrolment(AboutPerson):
    """One person in one study, by their own consent, which is asked for nothing else.

    code: under which the panel knows the person, and no other page. drawn: whether the panel reads
    their assessment: everybody whom screening flagged, and of the others whom the lot fell on.
    told: the interview as the study counts it, in codes: it does not change when what was found is
    raised or lowered later.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="enrolments")
    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="enrolments")
    code = models.CharField(_("code"), max_length=CODE_LENGTH, editable=False)
    officer = models.UUIDField(editable=False)
    drawn = models.BooleanField(_("drawn"))
    language = models.CharField(_("language"), max_length=20)
    understood = models.BooleanField(_("understood"))
    consented_at = models.DateTimeField(_("agreed on"))
    asked_by = models.UUIDField(editable=False)
    told = VaultJSONField()

    class Meta:
        verbose_name = _("participation in a study")
        verbose_name_plural = _("participations in studies")
        constraints = [
            models.UniqueConstraint(fields=["study", "person"], name="studies_person_once"),
            models.UniqueConstraint(fields=["study", "code"], name="studies_code_once"),
            models.CheckConstraint(condition=Q(understood=True), name="studies_understood"),
        ]


class PanelReading(AboutPerson):
    """What one reader of the panel finds from the assessment. found: "yes" or "no".

    in_help: whether the person's case was open then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="readings")
    reader = models.UUIDField(editable=False)
    found = VaultTextField()
    in_help = models.BooleanField(_("in help"))
    read_at = models.DateTimeField(_("read on"))

    class Meta:
        verbose_name = _("reading by a panel")
        verbose_name_plural = _("readings by panels")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "reader"], name="studies_read_once")
        ]


class Scoring(Vaulted):
    """One interview, observed or scripted, as one person scored it. script: what the interview is
    called among those who score it; it is of nobody in the study.

    later: of a later talk with the same person: it is kept apart, and no agreement of raters.
    """

    owned_rows = OwnedRows(kind=KIND, object_key="study")
    vault_subject = "study_id"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="scorings")
    script = models.CharField(_("interview"), max_length=40)
    rater = models.UUIDField(editable=False)
    later = models.BooleanField(_("a later interview with the same person"), default=False)
    scored_at = models.DateTimeField(_("scored on"))
    answers = VaultJSONField()

    class Meta:
        verbose_name = _("scored interview")
        verbose_name_plural = _("scored interviews")
        constraints = [
            models.UniqueConstraint(
                fields=["study", "script", "rater", "later"], name="studies_scored_once"
            )
        ]

    def __str__(self) -> str:
        return f"scoring {self.pk}"
