"""Coded answers of an organisation's own questions, where the form says that they are counted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marfa.apps.forms.models.definitions import FormDefinition
from marfa.apps.forms.models.submissions import Submission
from marfa.apps.registry.models.person import AboutPerson
from marfa.domain.ids import new_id

LONGEST_PATH, LONGEST_CODE = 200, 100


class CodedAnswer(AboutPerson):
    """What one person answered to one question of a form: a code that the form offers, and never a
    text. question: its path. Of a person only what the newest accepted form says is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="coded")
    question = models.CharField(_("question"), max_length=LONGEST_PATH)
    code = models.CharField(_("answer"), max_length=LONGEST_CODE)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("coded answer")
        verbose_name_plural = _("coded answers")
        indexes = [
            models.Index(fields=["form", "question", "code"], name="forms_coded_answers"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "question", "code"], name="forms_coded_once"
            ),
        ]
