"""The key of a file, wrapped. The one seam to what stands above: whoever brings a hierarchy of
keys changes :func:`_above` and nothing else here.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from marfa.crypto.context import Context
from marfa.crypto.derive import derive
from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.keys import Key
from marfa.crypto.sealing import open_sealed, seal
from marfa.crypto.wrapping import unwrap, wrap
from marfa.platform.files.models import StoredFile

KEY_VERSION = 1
TABLE = "files_storedfile"


def _above(key_version: int) -> Key:
    """The key that wraps the keys of files."""
    if key_version != KEY_VERSION:
        raise NotAuthenticError
    instance_key: Key = settings.FOLDER.instance_key
    return derive(instance_key, "files/wrap")


def new_wrapped_key(file_id: UUID) -> tuple[Key, bytes, int]:
    """A new key for a file: the key, its wrap, and the version of the key above."""
    key = Key.random()
    context = _context(file_id, "wrapped_key", KEY_VERSION)
    return key, wrap(key, under=_above(KEY_VERSION), context=context), KEY_VERSION


class FileKeys:
    """What the key of one file opens: its content, its fields, its derivatives.

    Each use has a key of its own, derived; all go when the one wrap is destroyed.
    """

    def __init__(self, file_id: UUID, key: Key, key_version: int) -> None:
        self._file_id = file_id
        self._key = key
        self._version = key_version

    @classmethod
    def of(cls, file: StoredFile) -> FileKeys:
        """Raises NotAuthenticError where the wrap is gone or is not this file's."""
        if file.wrapped_key is None:
            raise NotAuthenticError
        context = _context(file.pk, "wrapped_key", file.key_version)
        key = unwrap(bytes(file.wrapped_key), under=_above(file.key_version), context=context)
        return cls(file.pk, key, file.key_version)

    def stream(self, part: str = "content") -> tuple[Key, bytes]:
        """Key and context of a stream: ``content``, or the kind of a derivative."""
        return derive(self._key, f"stream/{part}"), self._place(part).encode()

    def seal(self, column: str, value: bytes) -> bytes:
        return seal(derive(self._key, "fields"), value, self._place(column))

    def open(self, column: str, sealed: bytes | memoryview) -> bytes:
        return open_sealed(derive(self._key, "fields"), bytes(sealed), self._place(column))

    def _place(self, column: str) -> Context:
        return _context(self._file_id, column, self._version)


def _context(file_id: UUID, column: str, key_version: int) -> Context:
    return Context(TABLE, column, str(file_id), key_version)
