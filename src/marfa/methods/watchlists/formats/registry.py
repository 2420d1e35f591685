"""Which reader reads a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from marfa.methods.watchlists.formats.eu import read_eu
from marfa.methods.watchlists.formats.ftm import read_ftm
from marfa.methods.watchlists.formats.list_file import Listing, refusal
from marfa.methods.watchlists.formats.ofac_csv import read_ofac_csv
from marfa.methods.watchlists.formats.ofac_xml import read_ofac_xml
from marfa.methods.watchlists.formats.uk import read_uk, read_uk_csv
from marfa.methods.watchlists.formats.un import read_un

LISTS = ("un", "ofac", "eu", "uk", "ftm")
HEAD = 1 << 16
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_BY_ROOT: Mapping[bytes, tuple[str, Callable[[Path], Listing]]] = {
    b"CONSOLIDATED_LIST": ("un", read_un),
    b"sdnList": ("ofac", read_ofac_xml),
    b"export": ("eu", read_eu),
    b"Designations": ("uk", read_uk),
}
_XML: Mapping[str, Callable[[Path], Listing]] = dict(_BY_ROOT.values())
_OTHER: Mapping[str, Callable[[Path], Listing]] = {
    "ofac": read_ofac_csv,
    "uk": read_uk_csv,
    "ftm": read_ftm,
}


def open_listing(source: Path, publisher: str | None = None) -> tuple[str, Listing]:
    """The publisher of a file (a word of ``LISTS``) and what it lists.

    publisher: None to tell it from the file. Raises InputError for a file that cannot be read, or
    is not one of that publisher's.
    """
    start = _start(source)
    if not start.strip():
        raise refusal(source, "file-empty")
    if start.lstrip().startswith(b"<"):
        return _open_xml(source, start, publisher)
    if publisher is None:
        publisher = _told(source, start)
    if publisher not in _OTHER:
        raise refusal(source, "file-not-xml")
    return publisher, _OTHER[publisher](source)


def _open_xml(source: Path, start: bytes, publisher: str | None) -> tuple[str, Listing]:
    root = _ROOT.search(start)
    known = _BY_ROOT.get(root[1]) if root else None
    if publisher is None:
        if known is None:
            raise refusal(source, "list-unknown", lists=", ".join(LISTS))
        return known[0], known[1](source)
    if publisher not in _XML:
        raise refusal(source, "list-unknown", lists=", ".join(LISTS))
    return publisher, _XML[publisher](source)


def _told(source: Path, start: bytes) -> str:
    if start.lstrip().startswith(b"{"):
        return "ftm"
    if start.lower().startswith((b"last updated", b"\xef\xbb\xbflast updated", b"report date")):
        return "uk"
    if re.match(rb"\s*\d+,\"", start):
        return "ofac"
    raise refusal(source, "list-unknown", lists=", ".join(LISTS))


def _start(source: Path) -> bytes:
    try:
        with source.open("rb") as stream:
            start = stream.read(HEAD)
    except OSError:
        raise refusal(source, "file-unreadable") from None
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.decode("utf-16", "ignore").encode()
    return start.removeprefix(b"\xef\xbb\xbf")
