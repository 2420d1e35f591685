"""Lists of sanctions: kept whole by version, compared, and names screened against them.

Whoever receives help is not screened: no app of protection imports this, and the command refuses
its files. No hit is no clearance, and a hit is no ground to refuse help to anybody.
"""

from marfa.methods.watchlists.decisions import Decision, Decisions, Stand, Standing, Verdict
from marfa.methods.watchlists.delta import Delta, FieldChange, compare_fields, compare_versions
from marfa.methods.watchlists.entries import (
    Entry,
    ListedBirth,
    ListedDocument,
    ListedName,
    Quality,
)
from marfa.methods.watchlists.formats import LISTS
from marfa.methods.watchlists.rescreening import Touched, Watch
from marfa.methods.watchlists.screening import METHOD, Result, Screener
from marfa.methods.watchlists.screenings import Doubt, Screenings, replay_decisions
from marfa.methods.watchlists.store import Store, Version, read_source
from marfa.methods.watchlists.subjects import Subject, read_mapping, read_subjects

__all__ = [
    "LISTS",
    "METHOD",
    "Decision",
    "Decisions",
    "Delta",
    "Doubt",
    "Entry",
    "FieldChange",
    "ListedBirth",
    "ListedDocument",
    "ListedName",
    "Quality",
    "Result",
    "Screener",
    "Screenings",
    "Stand",
    "Standing",
    "Store",
    "Subject",
    "Touched",
    "Verdict",
    "Version",
    "Watch",
    "compare_fields",
    "compare_versions",
    "read_mapping",
    "read_source",
    "read_subjects",
    "replay_decisions",
]
