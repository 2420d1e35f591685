"""Open data from case records: figures and synthetic records with a promise to each person."""

from marfa.methods.disclosure.private.domains import read_domains
from marfa.methods.disclosure.private.ledger import Account, says_mixed, spend, total_epsilon
from marfa.methods.disclosure.private.measurement import Promise
from marfa.methods.disclosure.private.noise import Noise, SecureNoise
from marfa.methods.disclosure.private.outputs import open_folder, write_release
from marfa.methods.disclosure.private.records import Records, read_records
from marfa.methods.disclosure.private.release import (
    DEFAULT_DELTA,
    LONGEST,
    Release,
    check_promise,
    make_release,
)

__all__ = [
    "DEFAULT_DELTA",
    "LONGEST",
    "Account",
    "Noise",
    "Promise",
    "Records",
    "Release",
    "SecureNoise",
    "check_promise",
    "make_release",
    "open_folder",
    "read_domains",
    "read_records",
    "says_mixed",
    "spend",
    "total_epsilon",
    "write_release",
]
