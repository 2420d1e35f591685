"""Referrals and transfers: asked, answered, returned."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.models import Recipient
from marfa.apps.assistance.models.assistance import SUPPORT, Help
from marfa.apps.cases.models.case import URGENCIES, Case
from marfa.apps.consents.models import Sharing
from marfa.apps.organisations.models import Site
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.ids import new_id
from marfa.platform.files.models import StoredFile
from marfa.platform.revisions.models import Versioned
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.vault.fields import VaultJSONField, VaultTextField

OPEN = ("sent", "question")
ENDED = ("accepted", "declined", "returned", "withdrawn", "came_back", "finished")


class Referral(Versioned, AboutPerson):
    """A part of the help (referral), or the whole case (transfer), is asked of somebody else.

    site: another site of the same organisation, or that of the case, where another person takes a
    child; or ``recipient``: a guest partner or somebody outside.
    due_at: after it, what nobody answered comes back to the sender.
    note: the least that the other needs. told: field such as ``Person.code`` -> what was sent of
    it, which is all that the other is shown. sharing: the disclosure by which it left.

    The row is opened to a guest by itself, without the person's record.
    """

    owned_rows = OwnedRows(kind="Referral")

    class Kind(models.TextChoices):
        REFERRAL = "referral", _("referral: a part of the help")
        TRANSFER = "transfer", _("transfer: the whole case")

    class Way(models.TextChoices):
        INSIDE = "inside", _("within this installation")
        PACKAGE = "package", _("encrypted package")
        PAGE = "page", _("page that opens once")

    class State(models.TextChoices):
        SENT = "sent", _("sent, waiting for an answer")
        QUESTION = "question", _("they have a question")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        RETURNED = "returned", _("returned")
        WITHDRAWN = "withdrawn", _("withdrawn by the sender")
        CAME_BACK = "came_back", _("no answer: back with the sender")
        FINISHED = "finished", _("finished, with an outcome")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    help = models.ForeignKey(Help, on_delete=models.SET_NULL, null=True, related_name="referrals")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    way = models.CharField(_("way"), max_length=10, choices=Way.choices)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, null=True, related_name="referrals"
    )
    purpose = models.CharField(_("purpose"), max_length=LONGEST_WORD)
    support = models.CharField(_("kind of help"), max_length=LONGEST_WORD, blank=True)
    urgency = models.CharField(_("urgency"), max_length=10, default="days")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SENT)
    note = VaultTextField(null=True)
    told = VaultJSONField(null=True)
    sharing = models.ForeignKey(
        Sharing, on_delete=models.SET_NULL, null=True, related_name="referrals"
    )
    package = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.UUIDField(editable=False)
    due_at = models.DateTimeField(_("answer by"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.UUIDField(null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)
    outcome = VaultTextField(null=True)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["sent", "question"]),
                name="referrals_referrals_open",
            ),
            models.Index(fields=["recipient", "state"], name="referrals_referrals_to"),
            models.Index(fields=["site", "state"], name="referrals_referrals_to_site"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=models.F("sent_by")),
                name="referrals_answered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(site__isnull=False, recipient=None, way="inside")
                | Q(site=None, recipient__isnull=False),
                name="referrals_referred_to_one",
            ),
            models.CheckConstraint(
                condition=Q(support="") | Q(support__in=SUPPORT), name="referrals_referred_for"
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=URGENCIES), name="referrals_referral_urgency"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "question", "accepted"], ended_at=None)
                | Q(
                    state__in=["declined", "returned", "withdrawn", "came_back", "finished"],
                    ended_at__isnull=False,
                ),
                name="referrals_referral_ended",
            ),
        ]


class ReferralWord(AboutPerson):
    """What one side said to the other about a referral. theirs: said by who was asked."""

    owned_rows = OwnedRows(kind="Referral", object_key="referral")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="words")
    theirs = models.BooleanField()
    words = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("message about a referral")
        verbose_name_plural = _("messages about referrals")


class ReferralPage(AboutPerson):
    """A page outside the desks that shows a referral once to who holds its secret.

    digest: of the secret, which is stored nowhere. tries: wrong words typed; at the limit it
    shuts. word_digest: of a word told on another way, so that a forwarded link opens nothing.
    """

    owned_rows = OwnedRows(kind="Referral", object_key="referral")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="page")
    digest = models.CharField(max_length=64, editable=False)
    word_digest = models.CharField(max_length=128, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField(_("until"))
    opened_at = models.DateTimeField(_("opened"), null=True)
    shut_at = models.DateTimeField(_("shut"), null=True)

    class Meta:
        verbose_name = _("page that opens once")
        verbose_name_plural = _("pages that open once")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="referrals_page_digest")
        ]
