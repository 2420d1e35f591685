"""Private conversations: a few questions, each of which may stay open."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.reception.models.queue import QueueEntry
from marfa.apps.registry.models.person import AboutPerson
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultJSONField, VaultTextField

LONGEST_QUESTION = 40


class PrivateConversation(Versioned, AboutPerson):
    """One talk. conditions: what was confirmed before it began. interpreter: a code, no name.
    addressee: the form of address that the person chose, whatever their papers say. way: how they
    answer. supporter: who is beside them because they asked for it when alone; no name.

    state: a talk that was stopped keeps what was said before and takes nothing more.
    """

    class State(models.TextChoices):
        OPEN = "open", _("in progress")
        FINISHED = "finished", _("finished")
        STOPPED = "stopped", _("stopped")

    entry = models.ForeignKey(QueueEntry, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    held_by = models.UUIDField(editable=False)
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    addressee = models.CharField(_("form of address"), max_length=12, default="feminine")
    language = VaultTextField(null=True)
    way = VaultTextField(null=True)
    supporter = VaultTextField(null=True)
    interpreter = VaultTextField(null=True)
    conditions = VaultJSONField(null=True)

    class Meta:
        verbose_name = _("private conversation")
        verbose_name_plural = _("private conversations")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | Q(state__in=["finished", "stopped"], ended_at__isnull=False),
                name="reception_talk_ended_when_over",
            ),
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(state="open"),
                name="reception_one_talk_at_a_time",
            ),
        ]


class ConversationAnswer(Versioned, AboutPerson):
    """What was said to one question, and, apart from it, what was seen.

    stated, observed: yes, no, unknown or refused. note: what was seen or heard, in a sentence.
    """

    conversation = models.ForeignKey(
        PrivateConversation, on_delete=models.CASCADE, related_name="answers"
    )
    question = models.CharField(max_length=LONGEST_QUESTION, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True)
    stated = VaultTextField(null=True)
    observed = VaultTextField(null=True)
    note = VaultTextField(null=True)

    class Meta:
        verbose_name = _("answer in a private conversation")
        verbose_name_plural = _("answers in private conversations")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "conversation", "question"],
                name="reception_question_once",
            ),
        ]
