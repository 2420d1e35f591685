"""What is sent with a form, in memory: nothing of it is put on a disk in clear.

Django leaves larger uploads to temporary files. A view that must not have them says how much it
takes; what is beyond is read and dropped, so that the form can say so.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

V = TypeVar("V", bound=Callable[..., object])
LARGEST = "largest_in_memory"


def taken_in_memory(largest: int) -> Callable[[V], V]:
    """Decorates a view, outermost. largest: bytes that are kept of one file.

    A file that is larger comes with its true size and no content.
    """

    def mark(view: V) -> V:
        vars(view)[LARGEST] = largest
        return view

    return mark


class InMemory(FileUploadHandler):
    """Takes every file of a request to a view that was marked so; leaves all others alone.

    The middleware against forged requests reads the form before the view is called, so the
    view cannot choose by itself.
    """

    largest: int | None = None

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        match = self.request.resolver_match if self.request else None
        self.largest = getattr(match.func, LARGEST, None) if match else None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.largest is not None:
            self._kept = io.BytesIO()
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.largest is None:
            return raw_data
        if start + len(raw_data) <= self.largest:
            self._kept.write(raw_data)
        else:
            self._kept = io.BytesIO()
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        if self.largest is None:
            return None
        self._kept.seek(0)
        return InMemoryUploadedFile(
            file=self._kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
