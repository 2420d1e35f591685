"""A process of its own that works on one upload, to be killed or measured.

python -m tests.platform.files.child start SIZE      begins an upload, prints its reference
python -m tests.platform.files.child append REF      goes on with it to its end
python -m tests.platform.files.child settle REF      settles it, prints state and digest
python -m tests.platform.files.child whole SIZE      all of it, with reading back; prints peak KiB
"""

from __future__ import annotations

import os
import resource
import sys

from marfa.platform.rowsecurity.ownership import INSTALLATION

os.environ["DJANGO_SETTINGS_MODULE"] = "marfa.web.settings"
HEAD = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm"
SMALL_CHECKPOINT = 1 << 20


def start(size: int) -> str:
    from marfa.apps.accounts.models import User
    from marfa.platform.files.actions import start_upload

    user = User.objects.get()
    file = start_upload(
        uploader_id=user.pk, size=size, name="", media_type="video/webm", owner=INSTALLATION
    )
    return file.reference


def append(reference: str) -> None:
    from marfa.platform.files.actions import append_to_upload
    from marfa.platform.files.models import StoredFile
    from tests.platform.files.conftest import Generated

    file = StoredFile.objects.get(reference=reference)
    source = Generated(file.size, HEAD, start=file.received)
    print(file.received, flush=True)
    append_to_upload(file=file, offset=file.received, source=source)


def settle(reference: str) -> None:
    from marfa.platform.files.actions import settle_upload
    from marfa.platform.files.models import StoredFile
    from marfa.platform.files.queries import sha256_of

    file = settle_upload(file=StoredFile.objects.get(reference=reference))
    print(file.state, sha256_of(file))


def whole(size: int) -> None:
    from marfa.platform.files.actions import append_to_upload, delete_file, settle_upload
    from marfa.platform.files.digests import running
    from marfa.platform.files.models import StoredFile
    from marfa.platform.files.queries import open_file
    from marfa.platform.files.responses import attachment_response
    from tests.platform.files.conftest import Generated

    file = StoredFile.objects.get(reference=start(size))
    append_to_upload(file=file, offset=0, source=Generated(size, HEAD))
    running._kept.clear()  # so that it is read back once more for its digest
    file = settle_upload(file=file)
    response = attachment_response(file, open_file(file))
    assert sum(map(len, response)) == size
    response.close()
    delete_file(file=file)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main() -> None:
    import django

    django.setup()
    from marfa.platform.files import receiver

    mode, given = sys.argv[1:]
    if mode == "append":
        receiver.CHECKPOINT = SMALL_CHECKPOINT
    match mode:
        case "start":
            print(start(int(given)))
        case "append":
            append(given)
        case "settle":
            settle(given)
        case "whole":
            whole(int(given))


if __name__ == "__main__":
    main()
