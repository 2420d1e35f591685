"""Tables of counts: recorded queries, protection, audit, and outputs that agree cell by cell."""

from marfa.methods.disclosure.tables.audit import Audit, audit
from marfa.methods.disclosure.tables.audit_rounded import attack_rounded
from marfa.methods.disclosure.tables.cells import Cells, build_cells
from marfa.methods.disclosure.tables.count import count
from marfa.methods.disclosure.tables.dimension import Dimension, build_dimension
from marfa.methods.disclosure.tables.hierarchy import read_hierarchy
from marfa.methods.disclosure.tables.microdata import Anonymity, anonymity
from marfa.methods.disclosure.tables.out_sdmx import Indicator
from marfa.methods.disclosure.tables.protected_table import ProtectedTable, from_json
from marfa.methods.disclosure.tables.protection import make_table, protect_cells
from marfa.methods.disclosure.tables.quality import Score, scorecard
from marfa.methods.disclosure.tables.query import TableQuery, query_from_json
from marfa.methods.disclosure.tables.rounding import Rounding, controlled_rounding
from marfa.methods.disclosure.tables.source import RecordFile, open_source
from marfa.methods.disclosure.tables.suppression import Suppression, suppress

__all__ = [
    "Anonymity",
    "Audit",
    "Cells",
    "Dimension",
    "Indicator",
    "ProtectedTable",
    "RecordFile",
    "Rounding",
    "Score",
    "Suppression",
    "TableQuery",
    "anonymity",
    "attack_rounded",
    "audit",
    "build_cells",
    "build_dimension",
    "controlled_rounding",
    "count",
    "from_json",
    "make_table",
    "open_source",
    "protect_cells",
    "query_from_json",
    "read_hierarchy",
    "scorecard",
    "suppress",
]
