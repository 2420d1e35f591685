"""The tables of the search: keyed digests, searches, notices."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.ids import new_id, new_reference
from marfa.platform.rowsecurity.ownership import OwnedRows

LONGEST_WORD = 20


class LookupKey(models.Model):
    """The key under which digests are made, wrapped by the instance key. There is one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveSmallIntegerField(default=1, unique=True, editable=False)
    wrapped_key = models.BinaryField()
    key_version = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("key of digests")
        verbose_name_plural = _("keys of digests")
        constraints = [
            models.CheckConstraint(condition=Q(number=1), name="name_search_one_key"),
        ]

    def __str__(self) -> str:
        return "key of digests"


class LookupDigest(models.Model):
    """That a person has something exact: a document or a phone with this digest.

    rule: by which it was made of what is written; those of an earlier one are made anew.
    """

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("document")
        PHONE = "phone", _("telephone")

    owned_rows = OwnedRows(kind="Person", object_key="subject")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    subject = models.UUIDField(editable=False)
    kind = models.CharField(max_length=LONGEST_WORD, choices=Kind.choices)
    digest = models.BinaryField(max_length=32)
    rule = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("digest of a number")
        verbose_name_plural = _("digests of numbers")
        indexes = [
            models.Index(fields=["digest"], name="name_search_by_digest"),
            models.Index(fields=["subject"], name="name_search_by_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "subject", "kind", "digest"], name="name_search_digest_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["document", "phone"]), name="name_search_digest_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"digest {self.pk}"


class Way(models.TextChoices):
    """How somebody looked for people."""

    SEARCH = "search", _("by searching")
    ADDRESS = "address", _("by the address of a page")
    DUPLICATE = "duplicate", _("while registering a person")
    TRACING = "tracing", _("in tracing")


class Search(models.Model):
    """That somebody searched, and never what for. found: how many they were shown.

    organisation: for whom they searched. met: protected people whom the search would have met,
    each as the key of the organisation that protects them and their own, until the review has
    told of them. The row is written in one statement whether there are any or not.
    """

    owned_rows = OwnedRows(kind="Search")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.SET_NULL, null=True, related_name="+")
    searcher = models.UUIDField(editable=False)
    at = models.DateTimeField()
    way = models.CharField(max_length=LONGEST_WORD, choices=Way.choices, default=Way.SEARCH)
    found = models.PositiveSmallIntegerField()
    met = models.JSONField(default=list)
    reviewed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        indexes = [
            models.Index(fields=["searcher", "at"], name="name_search_by_searcher"),
            models.Index(fields=["at"], condition=Q(reviewed=False), name="name_search_unreviewed"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(way__in=Way.values), name="name_search_way_known"),
        ]

    def __str__(self) -> str:
        return f"search {self.pk}"


class Notice(models.Model):
    """What whoever answers for it is told of searching; never the searcher.

    organisation: who is told: the one that protects the person, whoever searched; of searching
    that is out of the ordinary, the one for which was searched.
    subject: the protected person who would have been met; None where it is about the searching.
    way: how, the first time on that day. day: notices of one kind about one searcher and person
    come once a day. at: when it came, or was opened again. count: how many searches it is about;
    of those who met protected people again and again, how many such notices within the week.
    """

    class Kind(models.TextChoices):
        PROTECTED = "protected", _("would have met a protected person")
        MANY = "many", _("far more searches than usual")
        NOTHING = "nothing", _("many searches without a result")
        AGAIN = "again", _("repeatedly met protected people")

    owned_rows = OwnedRows(kind="Search")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.SET_NULL, null=True, related_name="+")
    searcher = models.UUIDField(editable=False)
    subject = models.UUIDField(null=True, editable=False)
    kind = models.CharField(_("what"), max_length=LONGEST_WORD, choices=Kind.choices)
    way = models.CharField(
        _("how"), max_length=LONGEST_WORD, choices=Way.choices, default=Way.SEARCH
    )
    day = models.DateField()
    at = models.DateTimeField(_("when"))
    count = models.PositiveIntegerField(default=1)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("notice of searching")
        verbose_name_plural = _("notices of searching")
        indexes = [
            models.Index(
                fields=["organisation", "at"],
                condition=Q(settled_at=None),
                name="name_search_open_notices",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "searcher", "kind", "subject", "day"],
                condition=Q(subject__isnull=False),
                name="name_search_person_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["organisation", "searcher", "kind", "day"],
                condition=Q(subject=None),
                name="name_search_notice_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["protected", "many", "nothing", "again"]),
                name="name_search_notice_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(settled_at__gte=F("at")),
                name="name_search_settled_after_it_came",
            ),
            models.CheckConstraint(
                condition=Q(way__in=Way.values), name="name_search_notice_way_known"
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.reference}"
