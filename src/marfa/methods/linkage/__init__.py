"""Which records of lists are one person's: who is twice in a list, and who is on two.

A score is never a probability and a match never a finding: a person looks before two records become
one. Nationality, religion and ethnicity are never compared.
"""

from marfa.methods.linkage.fields import FIELDS, ColumnMapping, Field
from marfa.methods.linkage.links import (
    VERSION,
    FieldWeight,
    Link,
    Linkage,
    Options,
    link_lists,
)
from marfa.methods.linkage.records import Record
from marfa.methods.linkage.register import Register
from marfa.methods.linkage.signs import Sign

__all__ = [
    "FIELDS",
    "VERSION",
    "ColumnMapping",
    "Field",
    "FieldWeight",
    "Link",
    "Linkage",
    "Options",
    "Record",
    "Register",
    "Sign",
    "link_lists",
]
