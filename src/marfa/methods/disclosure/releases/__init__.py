"""Several tables of the same people: a register of what is out, and protection beside all of it."""

from marfa.methods.disclosure.releases.comparison import (
    Comparison,
    as_release,
    attack_together,
    compare,
    mark_small,
    sort_tables,
)
from marfa.methods.disclosure.releases.daily import Day, next_day
from marfa.methods.disclosure.releases.guards import find_open_guards
from marfa.methods.disclosure.releases.past import Past, past_from_text
from marfa.methods.disclosure.releases.protection import (
    Draft,
    make_draft,
    protect_dated,
    protect_set,
)
from marfa.methods.disclosure.releases.publication import Publication, make_publication
from marfa.methods.disclosure.releases.register import (
    FileRegister,
    Register,
    find_population,
    open_register,
)
from marfa.methods.disclosure.releases.release import Released
from marfa.methods.disclosure.releases.set_file import SetEntry, read_set
from marfa.methods.disclosure.releases.source_version import version_of

__all__ = [
    "Comparison",
    "Day",
    "Draft",
    "FileRegister",
    "Past",
    "Publication",
    "Register",
    "Released",
    "SetEntry",
    "as_release",
    "attack_together",
    "compare",
    "find_open_guards",
    "find_population",
    "make_draft",
    "make_publication",
    "mark_small",
    "next_day",
    "open_register",
    "past_from_text",
    "protect_dated",
    "protect_set",
    "read_set",
    "sort_tables",
    "version_of",
]
