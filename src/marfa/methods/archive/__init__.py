"""Evidence that outlives the software: an archive is a folder that anybody can read and check.

``create_archive`` makes one, ``open_writer`` gives the one who writes, ``verify_archive`` holds it
against its log. Nothing here needs a server or a network. ``docs/methods/archive.md`` says how it
is laid out, what was measured, and what it cannot show.
"""

from marfa.methods.archive.exports import Export, export_items
from marfa.methods.archive.foreign import Package, check_package
from marfa.methods.archive.listing import list_archive
from marfa.methods.archive.problems import CODES, Problem, Report
from marfa.methods.archive.proofs import does_proof_hold
from marfa.methods.archive.stamps import ask_for_stamp, keep_stamp
from marfa.methods.archive.store import create_archive
from marfa.methods.archive.verification import verify_archive
from marfa.methods.archive.witnesses import Witnessed, ask_witness, take_note
from marfa.methods.archive.writer import Added, Disposed, Event, Writer, open_writer

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
