"""Names across scripts: compare two, find one among many, say why.

A score is never a probability and a match never a finding about a person.
"""

from marfa.methods.names.bands import Band, Limits, limits_for
from marfa.methods.names.compare import Comparer, Comparison, compare
from marfa.methods.names.context import Context, Document, Facts
from marfa.methods.names.dates import Born
from marfa.methods.names.index import Hit, NameIndex
from marfa.methods.names.text import normalise
from marfa.methods.names.tokens import Token, skeleton, tokens

__all__ = [
    "Band",
    "Born",
    "Comparer",
    "Comparison",
    "Context",
    "Document",
    "Facts",
    "Hit",
    "Limits",
    "NameIndex",
    "Token",
    "compare",
    "limits_for",
    "normalise",
    "skeleton",
    "tokens",
]
