"""What is known of a file in the clear: who sent it, its declared type, its size, its state.

Its name and the digest of its content are sealed by its own key: a name names people, and the
digest of a known file would tell that it is here.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from marfa.domain.ids import new_id, new_reference
from marfa.platform.rowsecurity.tables import OfAnOwner, says_whose_it_is


class StoredFile(OfAnOwner):
    """One file, from the first byte on. Its content is the blob in the data folder."""

    class State(models.TextChoices):
        RECEIVING = "receiving"
        QUARANTINED = "quarantined"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVING)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    blob = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    wrapped_key = models.BinaryField(null=True)
    key_version = models.PositiveIntegerField()
    name = models.BinaryField()
    # The bytes after the last full chunk, sealed; they change in the same statement as `received`.
    tail = models.BinaryField(default=b"")
    digest = models.BinaryField(null=True)
    # Why it was refused: a Message as data, without anything of its content.
    refusal = models.JSONField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=F("size")),
                name="files_received_within_size",
            ),
            models.CheckConstraint(
                condition=Q(state="receiving", received__lt=F("size"))
                | Q(state__in=["quarantined", "accepted"], received=F("size"))
                | Q(state="refused"),
                name="files_state_fits_received",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="refused", wrapped_key=None, refusal__isnull=False)
                    | (~Q(state="refused") & Q(wrapped_key__isnull=False))
                ),
                name="files_refused_without_key",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(digest__isnull=False),
                name="files_accepted_with_digest",
            ),
            says_whose_it_is("files_file_owned"),
        ]
        indexes = [models.Index(fields=["state", "changed_at"], name="files_state_changed")]

    def __str__(self) -> str:
        return f"file {self.reference}"


class Derivative(models.Model):
    """Something made anew from a file, without its metadata; the original stays as it came."""

    class Kind(models.TextChoices):
        PREVIEW = "preview"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="derivatives")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    blob = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    # Whether it was made without network and away from all files, or with limits alone.
    isolated = models.BooleanField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "kind"], name="files_one_derivative_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of file {self.file_id}"


class Usage(models.Model):
    """Bytes reserved, for the installation and for each uploader; one row each.

    A row and not a sum: two uploads that begin at once must not both find room for one.
    """

    holder = models.CharField(max_length=60, primary_key=True)
    bytes = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(bytes__gte=0), name="files_usage_not_negative"),
        ]

    def __str__(self) -> str:
        return f"usage of {self.holder}"
