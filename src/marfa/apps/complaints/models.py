"""What people complain of, and what was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.codes import CODE_LENGTH
from marfa.domain.ids import new_id, new_reference
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.vault.fields import Vaulted, VaultTextField


class Complaint(Vaulted):
    """One complaint, sealed by a key of its own. Who complains stays unknown if they want.

    code: what the person is given, to ask what became of it; nobody is found by it.
    about, matter: unsaid where the person left it open; who reads it adds what becomes clear.
    site: the place that it is about; None: of no one place, or left open. excluded: accounts that
        readers found to be named in it.
    """

    class About(models.TextChoices):
        STAFF = "staff", _("someone who works here")
        GUARD = "guard", _("a guard or a police officer")
        INTERPRETER = "interpreter", _("an interpreter")
        PEACEKEEPER = "peacekeeper", _("a peacekeeper or a soldier")
        PARTNER = "partner", _("someone from another organisation")
        PLACE = "place", _("the place or the rules, no one person")
        OTHER = "other", _("someone else")
        UNSAID = "unsaid", _("I do not want to say, or do not know")

    class Matter(models.TextChoices):
        SEXUAL = "sexual", _("sexual exploitation, abuse or harassment")
        VIOLENCE = "violence", _("violence, threats or insults")
        MONEY = "money", _("money, work or favours asked for help")
        SECRET = "secret", _("something told in confidence was passed on")
        REFUSED = "refused", _("help was refused or came too late")
        OTHER = "other", _("something else")
        UNSAID = "unsaid", _("I do not want to say, or do not know")

    class State(models.TextChoices):
        RECEIVED = "received", _("received, not looked into yet")
        IN_HAND = "in_hand", _("being looked into")
        SETTLED = "settled", _("settled: it was looked into")

    vault_subject = "id"
    owned_rows = OwnedRows(kind="Complaint")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    code = models.CharField(_("code"), max_length=CODE_LENGTH, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", null=True)
    about = models.CharField(_("about"), max_length=20, choices=About.choices)
    matter = models.CharField(_("what about"), max_length=20, choices=Matter.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("answer due by"))
    settled_at = models.DateTimeField(_("settled"), null=True)
    text = VaultTextField(null=True)
    contact = VaultTextField(null=True)

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="complaints_code_once"),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False)
                | (Q(state__in=["received", "in_hand"]) & Q(settled_at=None)),
                name="complaints_settled_with_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    about__in=[
                        *("staff", "guard", "interpreter", "peacekeeper"),
                        *("partner", "place", "other", "unsaid"),
                    ]
                ),
                name="complaints_about_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    matter__in=[
                        *("sexual", "violence", "money"),
                        *("secret", "refused", "other", "unsaid"),
                    ]
                ),
                name="complaints_matter_known",
            ),
        ]

    def __str__(self) -> str:
        return f"complaint {self.reference}"

    @property
    def about_whom(self) -> str:
        """About whom it is, as who reads it is told."""
        unsaid = self.about == self.About.UNSAID
        return gettext("left open") if unsaid else self.get_about_display()

    @property
    def about_what(self) -> str:
        """What it is about, as who reads it is told."""
        unsaid = self.matter == self.Matter.UNSAID
        return gettext("left open") if unsaid else self.get_matter_display()

    @property
    def open_parts(self) -> list[str]:
        """What of it was left open, by the names of its fields."""
        return [
            *(["about"] if self.about == self.About.UNSAID else []),
            *(["matter"] if self.matter == self.Matter.UNSAID else []),
            *(["site"] if self.site_id is None else []),
        ]


class SealedAnswer(Vaulted):
    """What somebody said when they were asked in private whether who gives aid takes advantage of
    it. It is sealed as a complaint is, by a key of its own, and names nobody.

    Whoever was asked has a row, whatever they said: that there is one tells nothing. question: key
    of the question that was put. site: where: who works there does not read it. said_on: the day
    alone; with the hour it would lead to one conversation.
    """

    vault_subject = "id"
    owned_rows = OwnedRows(kind="Complaint")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", null=True)
    question = models.UUIDField(unique=True, editable=False)
    said_on = models.DateField(_("said on"))
    answer = VaultTextField(null=True)

    class Meta:
        verbose_name = _("sealed answer")
        verbose_name_plural = _("sealed answers")

    def __str__(self) -> str:
        return f"sealed answer {self.pk}"


class NamedInComplaint(models.Model):
    """An account that a complaint names: it neither reads nor answers it."""

    owned_rows = OwnedRows(kind="Complaint", object_key="complaint")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="named")
    account = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("account named in a complaint")
        verbose_name_plural = _("accounts named in complaints")
        constraints = [
            models.UniqueConstraint(fields=["complaint", "account"], name="complaints_named_once"),
        ]

    def __str__(self) -> str:
        return f"named {self.pk}"


class ComplaintNote(Vaulted):
    """What was done about a complaint, step by step."""

    vault_subject = "complaint_id"
    owned_rows = OwnedRows(kind="Complaint", object_key="complaint")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="notes")
    text = VaultTextField(null=True)
    written_at = models.DateTimeField(_("written"))
    written_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("note on a complaint")
        verbose_name_plural = _("notes on complaints")

    def __str__(self) -> str:
        return f"note {self.pk}"
