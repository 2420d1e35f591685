"""Evidence that outlives the software: an archive is a folder that anybody can read and check.

``create_archive`` makes one, ``open_writer`` gives the one who writes, ``verify_archive`` holds it
against its log. Nothing here needs a server or a network. ``docs/methods/archive.md`` says how it
is laid out, what was measured, and what it cannot show.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marfa.methods.archive.exports import Export, export_items
    from marfa.methods.archive.foreign import Package, check_package
    from marfa.methods.archive.item_list import list_archive
    from marfa.methods.archive.problems import CODES, Problem, Report
    from marfa.methods.archive.proofs import does_proof_hold
    from marfa.methods.archive.stamps import ask_for_stamp, keep_stamp
    from marfa.methods.archive.store import create_archive
    from marfa.methods.archive.verification import verify_archive
    from marfa.methods.archive.witnesses import Witnessed, ask_witness, take_note
    from marfa.methods.archive.writer import Added, Disposed, Event, Writer, open_writer

_PLACES = {
    "Added": "writer",
    "CODES": "problems",
    "Disposed": "writer",
    "Event": "writer",
    "Export": "exports",
    "Package": "foreign",
    "Problem": "problems",
    "Report": "problems",
    "Witnessed": "witnesses",
    "Writer": "writer",
    "ask_for_stamp": "stamps",
    "ask_witness": "witnesses",
    "check_package": "foreign",
    "create_archive": "store",
    "does_proof_hold": "proofs",
    "export_items": "exports",
    "keep_stamp": "stamps",
    "list_archive": "item_list",
    "open_writer": "writer",
    "take_note": "witnesses",
    "verify_archive": "verification",
}
"""Loaded when asked for: who verifies a large archive does not wait for what checks web sites."""


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)


__all__ = [
    "CODES",
    "Added",
    "Disposed",
    "Event",
    "Export",
    "Package",
    "Problem",
    "Report",
    "Witnessed",
    "Writer",
    "ask_for_stamp",
    "ask_witness",
    "check_package",
    "create_archive",
    "does_proof_hold",
    "export_items",
    "keep_stamp",
    "list_archive",
    "open_writer",
    "take_note",
    "verify_archive",
]
