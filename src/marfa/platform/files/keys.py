"""The key of a file, wrapped by a version of the instance key; a rotation wraps it anew."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from marfa.crypto.aead import open_sealed, seal_bytes
from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.key_derivation import derive_key
from marfa.crypto.key_wrap import unwrap_key, wrap_key
from marfa.crypto.keys import Key
from marfa.platform.files.models import StoredFile
from marfa.platform.keys.instance import current_version, instance_key

TABLE = "files_storedfile"


def _above(key_version: int) -> Key:
    """The key that wraps the keys of files."""
    return instance_key(key_version, "files/wrap")


def new_wrapped_key(file_id: UUID) -> tuple[Key, bytes, int]:
    """A new key for a file: the key, its wrap, and the version of the key above."""
    key, version = Key.random(), current_version()
    return key, _wrap(file_id, key, version), version


def rewrap_file_key(file: StoredFile, version: int) -> Mapping[str, object]:
    """The columns of a file whose key is wrapped by another version."""
    return {"wrapped_key": _wrap(file.pk, _unwrap(file), version), "key_version": version}


def _wrap(file_id: UUID, key: Key, version: int) -> bytes:
    return wrap_key(key, under=_above(version), context=_context(file_id, "wrapped_key", version))


def _unwrap(file: StoredFile) -> Key:
    if file.wrapped_key is None:
        raise NotAuthenticError
    context = _context(file.pk, "wrapped_key", file.key_version)
    return unwrap_key(bytes(file.wrapped_key), under=_above(file.key_version), context=context)


class FileKeys:
    """What the key of one file opens: its content, its fields, its derivatives.

    Each use has a key of its own, derived; all go when the one wrap is destroyed.
    """

    def __init__(self, file_id: UUID, key: Key) -> None:
        self._file_id = file_id
        self._key = key

    @classmethod
    def of(cls, file: StoredFile) -> FileKeys:
        """Raises NotAuthenticError where the wrap is gone or is not this file's."""
        return cls(file.pk, _unwrap(file))

    def stream(self, part: str = "content") -> tuple[Key, bytes]:
        """Key and context of a stream: ``content``, or the kind of a derivative."""
        return derive_key(self._key, f"stream/{part}"), self._place(part).encode()

    def seal(self, column: str, value: bytes) -> bytes:
        return seal_bytes(derive_key(self._key, "fields"), value, self._place(column))

    def open(self, column: str, sealed: bytes | memoryview) -> bytes:
        return open_sealed(derive_key(self._key, "fields"), bytes(sealed), self._place(column))

    def _place(self, column: str) -> Context:
        # The key of a file has one version: only its wrap is made anew.
        return _context(self._file_id, column, 1)


def _context(file_id: UUID, column: str, key_version: int) -> Context:
    return Context(TABLE, column, str(file_id), key_version)
