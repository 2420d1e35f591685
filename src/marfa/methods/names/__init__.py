"""Names across scripts: compare two, find one among many, say why.

A score is never a probability and a match never a finding about a person.
"""

from marfa.methods.names.bands import Band, Limits, limits_for
from marfa.methods.names.bulk import pairs
from marfa.methods.names.compare import VERSION, Comparer, Comparison, compare
from marfa.methods.names.context import Context, Document, Facts, Feature
from marfa.methods.names.dates import Born
from marfa.methods.names.fields import PersonName
from marfa.methods.names.frequencies import Frequencies
from marfa.methods.names.hits import Hit
from marfa.methods.names.index import NameIndex
from marfa.methods.names.kinds import Kind
from marfa.methods.names.text import normalise
from marfa.methods.names.tokens import Token, skeleton, tokens
from marfa.methods.names.versions import comparer_of

__all__ = [
    "VERSION",
    "Band",
    "Born",
    "Comparer",
    "Comparison",
    "Context",
    "Document",
    "Facts",
    "Feature",
    "Frequencies",
    "Hit",
    "Kind",
    "Limits",
    "NameIndex",
    "PersonName",
    "Token",
    "compare",
    "comparer_of",
    "limits_for",
    "normalise",
    "pairs",
    "skeleton",
    "tokens",
]
