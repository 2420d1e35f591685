"""A study of how well an instrument works: what is planned, who is enrolled, what came of it.

    protocol = read_protocol(text, "study.toml")
    records = add_rows(protocol, library, records, rows, "interviews", today=day)
    found = report(protocol, records)

A protocol is bound to the instrument with its words by digest. Nobody is enrolled without the
approval of an ethics body that has not ended. The panel that assesses does not see the screening.
"""

from marfa.methods.screening.study.protocol import (
    Protocol,
    digest_of_words,
    new_protocol,
    read_protocol,
)
from marfa.methods.screening.study.records import (
    KINDS,
    Kind,
    Record,
    add_rows,
    read_records,
    write_records,
)
from marfa.methods.screening.study.report import Report, report

__all__ = [
    "KINDS",
    "Kind",
    "Protocol",
    "Record",
    "Report",
    "add_rows",
    "digest_of_words",
    "new_protocol",
    "read_protocol",
    "read_records",
    "report",
    "write_records",
]
