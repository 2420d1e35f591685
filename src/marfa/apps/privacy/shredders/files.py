"""Files that the rows had, and nobody else has."""

from __future__ import annotations

from marfa.domain.message import InputError, Message
from marfa.platform.files.actions import delete_file
from marfa.platform.files.errors import BusyError
from marfa.platform.files.models import StoredFile
from marfa.safeguards.fields.footprint import Footprint, split_keys
from marfa.safeguards.fields.shredder import Shredder


class FileShredder(Shredder):
    """Destroys the key of each file, its content on the disk, and the copies made of it."""

    code = "files"
    handles = frozenset({"files.StoredFile", "files.Derivative"})

    def found(self, footprint: Footprint) -> int:
        return len(footprint.of("files.StoredFile"))

    def shred(self, footprint: Footprint) -> int:
        for part in split_keys(footprint.of("files.StoredFile")):
            for file in StoredFile.objects.filter(pk__in=part):
                try:
                    delete_file(file=file)
                except BusyError:
                    raise InputError.at(Message("apps.privacy:file-busy")) from None
        return self.found(footprint)
