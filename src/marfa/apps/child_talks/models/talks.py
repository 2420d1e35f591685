"""Talks with a child, what adults told, and what an officer said of an age."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.child_talks.models.trainings import TalkTraining
from marfa.apps.organisations.models import Site
from marfa.apps.registry.models.households import Relationship
from marfa.apps.registry.models.person import AboutPerson, Person
from marfa.domain.ids import new_id
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultJSONField, VaultTextField


class ChildTalk(Versioned, AboutPerson):
    """One talk with one child, by somebody who is trained. No question of a list stands here: what
    the child tells, and what is seen, each apart.

    training: by which whoever talks may, as long as it is kept. beside: the adult whom the child
    wishes to have there; None where the child is apart. supporter: whom the child chose; empty
    where it wants nobody. minutes: for how long it goes on at most. spent: seconds until it was
    paused last; since: when it began to run again, None where it does not. signs: codes of what was
    seen.
    """

    class State(models.TextChoices):
        OPEN = "open", _("going on")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("over")
        DECLINED = "declined", _("the child said no")
        ANOTHER_DAY = "another_day", _("put off to another day")

    class Way(models.TextChoices):
        SPOKEN = "spoken", _("speaking")
        SIGN = "sign", _("a sign language")
        PICTURES = "pictures", _("pictures and drawing")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    officer = models.UUIDField(editable=False)
    training = models.ForeignKey(
        TalkTraining, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    way = models.CharField(_("way to communicate"), max_length=10, choices=Way.choices)
    with_list = models.BooleanField(_("a list of questions may follow"), default=False)
    apart = models.BooleanField(_("apart from adults who came along"))
    beside = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    told_first = models.BooleanField(_("what must be reported was said before"))
    began_at = models.DateTimeField(_("begun"))
    minutes = models.PositiveSmallIntegerField(_("minutes at most"))
    spent = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    language = VaultTextField(null=True)
    interpreter = VaultTextField(null=True)
    supporter = VaultTextField(null=True)
    told = VaultTextField(null=True)
    seen = VaultTextField(null=True)
    signs = VaultJSONField(null=True)

    class Meta:
        verbose_name = _("conversation with a child")
        verbose_name_plural = _("conversations with children")
        indexes = [models.Index(fields=["person", "began_at"], name="child_talks_of_child")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(state__in=["open", "paused"]),
                name="child_talks_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="open", since__isnull=False, ended_at=None)
                | Q(state="paused", since=None, ended_at=None)
                | Q(
                    state__in=["ended", "declined", "another_day"],
                    since=None,
                    ended_at__isnull=False,
                ),
                name="child_talks_clock",
            ),
            models.CheckConstraint(
                condition=Q(told_first=True) | Q(state__in=["declined", "another_day"]),
                name="child_talks_told_first",
            ),
            models.CheckConstraint(
                condition=Q(apart=True, beside=None) | Q(apart=False), name="child_talks_apart"
            ),
        ]


class AdultAccount(AboutPerson):
    """What an adult of verified tie told about a child, apart from what the child tells."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    talk = models.ForeignKey(ChildTalk, on_delete=models.CASCADE, related_name="adults")
    tie = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="+")
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("what an adult told about a child")
        verbose_name_plural = _("what adults told about children")


class AgeStatement(AboutPerson):
    """What an officer says of a child whose age is only estimated: whether it certainly has the
    age from which a list may be put. age: which age that was then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    age = models.PositiveSmallIntegerField(_("lowest age for a list"))
    reached = models.BooleanField(_("certainly that old"))
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("statement on the age of a child")
        verbose_name_plural = _("statements on the age of children")
        indexes = [models.Index(fields=["person", "at"], name="child_talks_age_said")]
