"""Patterns of trafficking money: exact, explained, and never turned against its victims.

``open_ledger`` reads transactions; ``find_patterns`` finds shapes, ``find_typologies`` cases with
the role of each account and what may be done about it, which ``decide_handling`` alone decides.
``docs/methods/flows.md`` says what each of them is and what lawful lives look the same.
"""

from marfa.methods.flows.accounts_file import Account, read_accounts
from marfa.methods.flows.cases import TYPOLOGIES, Case
from marfa.methods.flows.features import COLUMNS, compute_features, write_features
from marfa.methods.flows.findings import KINDS, Finding, Found
from marfa.methods.flows.handling import HANDLINGS, ROLES, Circumstances, decide_handling
from marfa.methods.flows.indicators import Indicator, indicators
from marfa.methods.flows.ledger import Ledger, open_ledger
from marfa.methods.flows.patterns import Parameters, find_patterns
from marfa.methods.flows.tracing import METHODS, Trace, trace
from marfa.methods.flows.typologies import find_typologies

__all__ = [
    "COLUMNS",
    "HANDLINGS",
    "KINDS",
    "METHODS",
    "ROLES",
    "TYPOLOGIES",
    "Account",
    "Case",
    "Circumstances",
    "Finding",
    "Found",
    "Indicator",
    "Ledger",
    "Parameters",
    "Trace",
    "compute_features",
    "decide_handling",
    "find_patterns",
    "find_typologies",
    "indicators",
    "open_ledger",
    "read_accounts",
    "trace",
    "write_features",
]
