"""Cases of the Human Trafficking Case Data Standard 2.0 (HTCDS), read, checked and written.

    from marfa.methods.htcds import Case, Person, problems, read_json, write_csv

A ``Case`` is built from whatever a program has; ``problems(case, today=...)`` says what is wrong
with it; ``write_json`` and ``write_csv`` leave out what identifies unless asked for it.
"""

from marfa.methods.htcds.csv_io import SEPARATORS, columns, read_csv, scan_csv, write_csv
from marfa.methods.htcds.csv_rows import DELIMITERS
from marfa.methods.htcds.identity import IDENTIFYING, coded
from marfa.methods.htcds.json_io import read_json, scan_json, write_json
from marfa.methods.htcds.mapping import (
    Loss,
    Sent,
    ctdc,
    exploitation,
    possible_forms,
    support_plan_type,
    trafficking_status,
)
from marfa.methods.htcds.plain_data import exchange_date, from_plain, to_plain
from marfa.methods.htcds.record import (
    Case,
    Comment,
    Event,
    IncomingReferral,
    Marfa,
    Organisation,
    OutgoingReferral,
    Perpetrator,
    Person,
    Service,
    SupportPlan,
    Victim,
)
from marfa.methods.htcds.rules import MOST_PROBLEMS, RULES, problems
from marfa.methods.htcds.schema import json_schema
from marfa.methods.htcds.whole_file import Refused, limited

__all__ = [
    "DELIMITERS",
    "IDENTIFYING",
    "MOST_PROBLEMS",
    "RULES",
    "SEPARATORS",
    "Case",
    "Comment",
    "Event",
    "IncomingReferral",
    "Loss",
    "Marfa",
    "Organisation",
    "OutgoingReferral",
    "Perpetrator",
    "Person",
    "Refused",
    "Sent",
    "Service",
    "SupportPlan",
    "Victim",
    "coded",
    "columns",
    "ctdc",
    "exchange_date",
    "exploitation",
    "from_plain",
    "json_schema",
    "limited",
    "possible_forms",
    "problems",
    "read_csv",
    "read_json",
    "scan_csv",
    "scan_json",
    "support_plan_type",
    "to_plain",
    "trafficking_status",
    "write_csv",
    "write_json",
]
