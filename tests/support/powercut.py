"""Power that fails: what SQLite wrote and synced is recorded, and the disk is put together anew.

A shim is laid around SQLite's own file layer (its VFS), in the library that Python's ``sqlite3``
uses, so that Django and our code run unchanged. It passes every call on, and records writes,
truncations, deletions and syncs in their order, together with marks of the test ("this was
acknowledged"). From the record the files are built as a disk may hold them after a power cut at
any point: everything that was synced, and of what was written since the last sync nothing, or
everything, or any part of it, torn at sectors.

sqlite.org/c3ref/vfs.html and c3ref/io_methods.html describe the layer.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import random
import sqlite3
from collections.abc import Callable, Iterator
from ctypes import c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECTOR = 512
OPEN_DELETEONCLOSE = 0x8


IO_METHODS = """
xClose xRead xWrite xTruncate xSync xFileSize xLock xUnlock xCheckReservedLock xFileControl
xSectorSize xDeviceCharacteristics xShmMap xShmLock xShmBarrier xShmUnmap xFetch xUnfetch
"""
VFS_METHODS = """
xOpen xDelete xAccess xFullPathname xDlOpen xDlError xDlSym xDlClose xRandomness xSleep
xCurrentTime xGetLastError xCurrentTimeInt64 xSetSystemCall xGetSystemCall xNextSystemCall
"""


class IoMethods(ctypes.Structure):
    _fields_ = [("iVersion", c_int), *((name, c_void_p) for name in IO_METHODS.split())]


class File(ctypes.Structure):
    _fields_ = [("pMethods", ctypes.POINTER(IoMethods))]


class Vfs(ctypes.Structure):
    _fields_ = [
        ("iVersion", c_int),
        ("szOsFile", c_int),
        ("mxPathname", c_int),
        ("pNext", c_void_p),
        ("zName", c_char_p),
        ("pAppData", c_void_p),
        *((name, c_void_p) for name in VFS_METHODS.split()),
    ]


# Names are passed on as the pointers they are: SQLite keeps them and looks behind their end.
OPEN = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
DELETE = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
WRITE = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
TRUNCATE = ctypes.CFUNCTYPE(c_int, c_void_p, c_int64)
SYNC = ctypes.CFUNCTYPE(c_int, c_void_p, c_int)


@dataclass(frozen=True)
class Event:
    """One thing that happened to a file, or a mark of the test."""

    what: str
    name: str = ""
    offset: int = 0
    data: bytes = b""


@dataclass
class Record:
    """What happened, in its order."""

    events: list[Event] = field(default_factory=list)

    def mark(self, name: str) -> None:
        """Note that something was acknowledged at this point."""
        self.events.append(Event("mark", name))


class Shim:
    """The recording layer; registered as the default one for the length of a block."""

    def __init__(self, library: Any, record: Record) -> None:
        self.library, self.record = library, record
        library.sqlite3_vfs_find.restype = ctypes.POINTER(Vfs)
        self.real = library.sqlite3_vfs_find(None)
        self.names: dict[int, str] = {}
        self.methods: dict[int, IoMethods] = {}
        self.kept: list[Any] = []
        self.vfs = Vfs.from_buffer_copy(self.real.contents)
        self.vfs.zName = b"powercut"
        self.vfs.xOpen = self._keep(OPEN, self._open)
        self.vfs.xDelete = self._keep(DELETE, self._delete)

    def _keep(self, kind: Any, function: Callable[..., int]) -> int:
        callback = kind(function)
        self.kept.append(callback)
        return ctypes.cast(callback, c_void_p).value or 0

    def _open(self, vfs: int, name: int | None, file: int, flags: int, out: int) -> int:
        real = OPEN(self.real.contents.xOpen)
        code = real(ctypes.addressof(self.real.contents), name, file, flags, out)
        opened = File.from_address(file)
        if code == 0 and name and not flags & OPEN_DELETEONCLOSE and opened.pMethods:
            self.names[file] = base_name(name)
            opened.pMethods = ctypes.pointer(self._recording(opened.pMethods))
        return int(code)

    def _recording(self, methods: Any) -> IoMethods:
        """The file's own methods, with those replaced that change it; one set for each kind."""
        address = ctypes.addressof(methods.contents)
        if address not in self.methods:
            own = methods.contents
            copy = IoMethods.from_buffer_copy(own)
            copy.xWrite = self._keep(WRITE, self._write(WRITE(own.xWrite)))
            copy.xTruncate = self._keep(TRUNCATE, self._truncate(TRUNCATE(own.xTruncate)))
            copy.xSync = self._keep(SYNC, self._sync(SYNC(own.xSync)))
            self.methods[address] = copy
        return self.methods[address]

    def _write(self, real: Any) -> Callable[..., int]:
        def write(file: int, data: int, size: int, offset: int) -> int:
            code: int = real(file, data, size, offset)
            if code == 0:
                written = ctypes.string_at(data, size)
                self.record.events.append(Event("write", self.names[file], offset, written))
            return code

        return write

    def _truncate(self, real: Any) -> Callable[..., int]:
        def truncate(file: int, size: int) -> int:
            code: int = real(file, size)
            self.record.events.append(Event("truncate", self.names[file], size))
            return code

        return truncate

    def _sync(self, real: Any) -> Callable[..., int]:
        def sync(file: int, flags: int) -> int:
            code: int = real(file, flags)
            if code == 0:
                self.record.events.append(Event("sync", self.names[file]))
            return code

        return sync

    def _delete(self, vfs: int, name: int, directory: int) -> int:
        real = DELETE(self.real.contents.xDelete)
        code = real(ctypes.addressof(self.real.contents), name, directory)
        self.record.events.append(Event("delete", base_name(name)))
        return int(code)


def base_name(pointer: int) -> str:
    """The last part of a path that SQLite passes."""
    return Path(ctypes.string_at(pointer).decode()).name


def library() -> Any | None:
    """The shared SQLite that Python's ``sqlite3`` uses; None where it is built in."""
    found = ctypes.util.find_library("sqlite3")
    if found is None:
        return None
    loaded = ctypes.CDLL(found)
    loaded.sqlite3_libversion.restype = c_char_p
    loaded.sqlite3_vfs_register.argtypes = [ctypes.POINTER(Vfs), c_int]
    same = loaded.sqlite3_libversion().decode() == sqlite3.sqlite_version
    return loaded if same else None


@contextlib.contextmanager
def recording(loaded: Any) -> Iterator[Record]:
    """Record all that SQLite does to files it opens within the block, and closes there."""
    record = Record()
    shim = Shim(loaded, record)
    loaded.sqlite3_vfs_register(ctypes.byref(shim.vfs), 1)
    try:
        yield record
    finally:
        loaded.sqlite3_vfs_register(shim.real, 1)
        loaded.sqlite3_vfs_unregister(ctypes.byref(shim.vfs))


def disk_after(
    record: Record, cut: int, begun: dict[str, bytes], chance: random.Random | None, kept: float
) -> dict[str, bytes]:
    """The files as the disk may hold them when power fails before event number ``cut``.

    begun: the files before the record. kept: share of what was written and not synced that
    reached the disk all the same, sector by sector; 0 is none, 1 is all.
    """
    durable = {name: bytearray(data) for name, data in begun.items()}
    pending: dict[str, list[Event]] = {}
    for event in record.events[:cut]:
        if event.what in ("write", "truncate"):
            pending.setdefault(event.name, []).append(event)
        elif event.what == "sync":
            for waiting in pending.pop(event.name, []):
                apply(durable, waiting)
        elif event.what == "delete":
            pending.pop(event.name, None)
            durable.pop(event.name, None)
    for waits in pending.values():
        for waiting in waits:
            for part in sectors(waiting):
                if kept == 1 or (chance is not None and chance.random() < kept):
                    apply(durable, part)
    return {name: bytes(data) for name, data in durable.items()}


def sectors(event: Event) -> Iterator[Event]:
    """A write in pieces that a disk writes whole."""
    if event.what != "write":
        yield event
        return
    at = 0
    while at < len(event.data):
        size = SECTOR - (event.offset + at) % SECTOR
        yield Event("write", event.name, event.offset + at, event.data[at : at + size])
        at += size


def apply(files: dict[str, bytearray], event: Event) -> None:
    """Do to the files what an event did."""
    content = files.setdefault(event.name, bytearray())
    if event.what == "truncate":
        del content[event.offset :]
        return
    end = event.offset + len(event.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[event.offset : end] = event.data
