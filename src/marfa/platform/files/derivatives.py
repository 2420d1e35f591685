"""Derivatives: kept encrypted like the original, each under a key of its own."""

from __future__ import annotations

import os

from marfa.crypto.stream import CHUNK, StreamSealer, chunks_of
from marfa.platform import clock
from marfa.platform.files import blobs
from marfa.platform.files.contents import Contents
from marfa.platform.files.keys import FileKeys
from marfa.platform.files.kinds import Check, FileKind
from marfa.platform.files.models import Derivative, StoredFile
from marfa.platform.files.pictures import MEDIA_TYPE, make_preview


def preview_of(file: StoredFile, contents: Contents, kind: FileKind) -> Derivative | None:
    """The preview of a picture, its blob written and its row not yet saved; None for others.

    Raises InputError where the picture is refused. A blob whose row is never saved belongs to
    nobody and is swept.
    """
    if kind.check is not Check.PICTURE:
        return None
    preview = make_preview(contents, kind)
    derivative = Derivative(
        file=file,
        kind=Derivative.Kind.PREVIEW,
        media_type=MEDIA_TYPE,
        size=len(preview.data),
        width=preview.width,
        height=preview.height,
        isolated=preview.isolated,
        created_at=clock.now(),
    )
    blobs.create_blob(derivative.blob)
    # Its name is part of the context: a preview made again does not open in place of this one.
    key, context = FileKeys.of(file).stream(f"{derivative.kind}/{derivative.blob}")
    sealer = StreamSealer(key, context)
    last = chunks_of(len(preview.data)) - 1
    with blobs.lock_blob(derivative.blob) as descriptor:
        os.lseek(descriptor, 0, os.SEEK_END)
        for number in range(last + 1):
            piece = preview.data[number * CHUNK : (number + 1) * CHUNK]
            sealed = sealer.seal(number, piece, last=number == last)
            blobs.write_all(descriptor, memoryview(sealed))
        os.fsync(descriptor)
    return derivative
