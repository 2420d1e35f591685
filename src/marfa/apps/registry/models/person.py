"""A person who is registered: known by a code, and by no more than what they told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation, Site, Team
from marfa.domain.codelists import codelist
from marfa.domain.codes import CODE_LENGTH
from marfa.domain.ids import new_reference
from marfa.platform.files.models import StoredFile
from marfa.platform.revisions.merge import MergeKind
from marfa.platform.revisions.models import Versioned
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.vault.fields import Vaulted, VaultJSONField, VaultTextField

SEXES = codelist("sex").codes
LONGEST_WORD = 40


class Person(Versioned, Vaulted):
    """One person. Everything but the code may be empty.

    code: nine digits that are said and written; ``reference`` is what stands in addresses.
    born: a partial date as ``dates.to_storage`` writes it, also where only an age is known.
    age_disputed: somebody says that the person is a child and somebody that not; a child until
        ``age_decided_at``.
    child_until: day after which nobody can say any more that the person is a child; None: treat
        as a child. Kept by the action that writes ``born``.
    languages: codes of ISO 639-3, best understood first. citizenships: codes of ISO 3166-1.
    functioning: domain -> level of the Washington Group Short Set.
    left_at: when they departed or died; from then the time runs for which all of it is kept.
    ethnicity, religion: in the person's own words where they ask that it be known (an interpreter,
        a burial, a meal); nothing is decided by them, nor by citizenships.
    photo: a drawing of a picture that the person agreed to; there may always be none.
    """

    class Presence(models.TextChoices):
        PRESENT = "present", _("present")
        DEPARTED = "departed", _("departed")
        DIED = "died", _("died")

    vault_subject = "id"
    owned_rows = OwnedRows(kind="Person")
    sealed_kinds = {"languages": MergeKind.LIST, "citizenships": MergeKind.SET}

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    code = models.CharField(_("code"), max_length=CODE_LENGTH, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", null=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    presence = models.CharField(
        _("presence"), max_length=20, choices=Presence.choices, default=Presence.PRESENT
    )
    sex = models.CharField(_("sex"), max_length=LONGEST_WORD, default="unknown")
    age_disputed = models.BooleanField(_("age in doubt"), default=False)
    age_decided_at = models.DateTimeField(_("age decided"), null=True)
    child_until = models.DateField(_("child until"), null=True)
    protected = models.BooleanField(_("protected"), default=False)
    protected_at = models.DateTimeField(_("protected since"), null=True)
    erased_at = models.DateTimeField(_("erased"), null=True)
    registered_at = models.DateTimeField(_("registered"))
    left_at = models.DateTimeField(_("left the site"), null=True)

    born = VaultTextField(null=True)
    birth_basis = VaultTextField(null=True)
    birth_place = VaultTextField(null=True)
    gender = VaultTextField(null=True)
    languages = VaultJSONField(null=True)
    interpreter = VaultTextField(null=True)
    citizenships = VaultJSONField(null=True)
    statelessness = VaultTextField(null=True)
    displacement = VaultTextField(null=True)
    migration_status = VaultTextField(null=True)
    marital_status = VaultTextField(null=True)
    education = VaultTextField(null=True)
    functioning = VaultJSONField(null=True)
    ethnicity = VaultTextField(null=True)
    religion = VaultTextField(null=True)
    photo = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["site", "registered_at"], name="registry_at_site"),
            models.Index(fields=["code"], name="registry_by_code"),
            models.Index(fields=["registered_at", "id"], name="registry_by_registration"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="registry_code_once"),
            models.CheckConstraint(condition=Q(sex__in=SEXES), name="registry_sex_known"),
            models.CheckConstraint(
                condition=Q(presence__in=["present", "departed", "died"]),
                name="registry_presence_known",
            ),
            models.CheckConstraint(
                condition=Q(protected=False) | Q(protected_at__isnull=False),
                name="registry_protected_since",
            ),
            models.CheckConstraint(
                condition=Q(presence="present", left_at=None)
                | Q(presence__in=["departed", "died"], left_at__isnull=False),
                name="registry_left_when_gone",
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.reference}"

    @property
    def time_zone(self) -> str:
        """Of the site where they are."""
        return self.site.time_zone if self.site else "UTC"


class AboutPerson(Vaulted):
    """A row that tells something of one person and belongs to whoever registered them."""

    vault_subject = "person_id"
    owned_rows = OwnedRows(kind="Person", object_key="person")

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.reference}"
