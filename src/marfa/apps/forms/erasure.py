"""What erasing a person means for forms that came in, beyond the rows."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.forms.models import Submission
from marfa.platform import clock
from marfa.safeguards.fields.footprint import Footprint, split_keys
from marfa.safeguards.fields.shredder import Shredder
from marfa.safeguards.vault.erasure import destroy_key

REASON = "with_person"


class SubmissionShredder(Shredder):
    """Deletes submissions, and puts the keys by which they were sealed before their person was
    known on the erased list: an older backup would open them otherwise."""

    code = "submissions"
    handles = frozenset({"forms.Submission", "forms.Attachment"})

    def found(self, footprint: Footprint) -> int:
        return len(footprint.of("forms.Submission"))

    def shred(self, footprint: Footprint) -> int:
        for part in split_keys(footprint.of("forms.Submission")):
            rows = Submission.objects.filter(pk__in=part)
            former = rows.filter(sealed_before_by__isnull=False)
            for key in list(former.values_list("sealed_before_by", flat=True)):
                _put_on_list(key)
            rows.delete()
        return self.found(footprint)


def _put_on_list(key: UUID | None) -> None:
    if key is not None:
        destroy_key(key, clock.now(), REASON)
