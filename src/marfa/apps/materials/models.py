"""What was printed at a site in a month, and how many people came or called with it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.codes import CODE_LENGTH
from marfa.domain.ids import new_id, new_reference
from marfa.platform.rowsecurity.ownership import OwnedRows

FEWEST_COPIES, MOST_COPIES = 200, 100_000
"""Of a batch. With fewer copies its code could be traced to the few who were given one."""
SAME_SHEET = (
    *("site", "month", "material", "language", "manner", "tone", "addressee"),
    *("words", "numbers"),
)
"""What copies have in common that share a code. What changed meanwhile gets another one, so that
the older copies stay known as those that are given no more."""


class PrintBatch(models.Model):
    """All copies of one sheet at one site in one month. They share a code, which tells how many
    people got in touch because of them, and never who.

    month: its first day. words, numbers: digests of the words and of the
    numbers to call. contacts: how many people gave the code.
    """

    class Material(models.TextChoices):
        LEAFLET = "leaflet", _("Leaflet")
        CARD = "card", _("Pocket card")
        POSTER = "poster", _("Poster")

    class Manner(models.TextChoices):
        WORDS = "words", _("In words")
        PICTURES = "pictures", _("In pictures, for people who do not read")

    class Tone(models.TextChoices):
        DISCREET = "discreet", _("Discreet: it says nothing that puts anyone in danger")
        OPEN = "open", _("Open: it also says what no one may do to people")

    class Addressee(models.TextChoices):
        FEMININE = "feminine", _("Feminine")
        MASCULINE = "masculine", _("Masculine")

    owned_rows = OwnedRows(kind="Organisation", object_key="organisation")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(_("month"))
    material = models.CharField(_("what is printed"), max_length=10, choices=Material.choices)
    language = models.CharField(_("language"), max_length=20)
    manner = models.CharField(_("how it tells"), max_length=10, choices=Manner.choices)
    tone = models.CharField(_("what it says"), max_length=10, choices=Tone.choices)
    addressee = models.CharField(_("addressed to"), max_length=10, choices=Addressee.choices)
    code = models.CharField(_("code"), max_length=CODE_LENGTH, editable=False)
    copies = models.PositiveIntegerField(_("copies"))
    words = models.CharField(max_length=64, editable=False)
    numbers = models.CharField(max_length=64, editable=False)
    printed_at = models.DateTimeField(_("printed last"))
    printed_by = models.UUIDField(editable=False)
    contacts = models.PositiveIntegerField(_("contacts"), default=0)

    class Meta:
        verbose_name = _("print batch")
        verbose_name_plural = _("print batches")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="materials_code_once"),
            models.UniqueConstraint(
                fields=SAME_SHEET,
                name="materials_one_batch_a_month",
            ),
            models.CheckConstraint(
                condition=Q(copies__gte=FEWEST_COPIES), name="materials_never_for_one_person"
            ),
        ]

    def __str__(self) -> str:
        return f"print batch {self.reference}"
