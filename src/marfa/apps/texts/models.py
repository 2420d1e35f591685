"""Reviews of texts. A review is only added; a second person confirms it in its row."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.ids import new_id

TEXT_LENGTH, COMMENT_LENGTH, NAME_LENGTH = 2000, 2000, 120


class TextReview(models.Model):
    """What one person said of one text in one language.

    set, key: of the text pack. base: digest of what was looked at: the text as it stands in its
    file, and its source. Another text or source is reviewed anew.
    text, feminine, masculine: the words that were agreed to, in full; empty for a stop or comment.
    reviewer: who looked at it without an account here, where somebody entered it for them.
    until: the last day on which a confirmed review holds.
    """

    class Decision(models.TextChoices):
        AGREE = "agree", _("agreed to the words")
        CHANGE = "change", _("changed the words")
        STOP = "stop", _("stopped their use")
        COMMENT = "comment", _("commented")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    set = models.CharField(_("set of texts"), max_length=80)
    language = models.CharField(_("language"), max_length=20)
    key = models.CharField(_("text"), max_length=120)
    base = models.CharField(max_length=64)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    text = models.TextField(_("words"), blank=True)
    feminine = models.TextField(_("words to a woman"), blank=True)
    masculine = models.TextField(_("words to a man"), blank=True)
    comment = models.TextField(_("comment"), blank=True)
    reviewer = models.CharField(_("reviewer without an account"), max_length=120, blank=True)
    at = models.DateTimeField(_("reviewed"))
    by = models.UUIDField(editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    confirmed_by = models.UUIDField(null=True, editable=False)
    until = models.DateField(_("until"), null=True)

    class Meta:
        verbose_name = _("review of a text")
        verbose_name_plural = _("reviews of texts")
        indexes = [
            models.Index(fields=["set", "language", "key", "at"], name="texts_review_of"),
            models.Index(fields=["until"], name="texts_review_until"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["agree", "change", "stop", "comment"]),
                name="texts_review_decision",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, until=None)
                | Q(
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                    until__isnull=False,
                    decision__in=["agree", "change"],
                )
                & ~Q(confirmed_by=F("by")),
                name="texts_review_by_two",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["agree", "change"]) & ~Q(text="", feminine="")
                | Q(decision__in=["stop", "comment"], text="", feminine="", masculine=""),
                name="texts_review_has_words",
            ),
            models.CheckConstraint(
                condition=~Q(decision="comment") | ~Q(comment=""), name="texts_comment_says"
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.id}"
