"""Findings, cases and traces as tables and as data for JSON."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from marfa.domain.catalogue import render_message
from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import TableWriter
from marfa.methods.flows.cases import Case, rows_of_accounts
from marfa.methods.flows.findings import Found
from marfa.methods.flows.indicators import benign_message, indicator_message
from marfa.methods.flows.ledger import FRACTION, Ledger
from marfa.methods.flows.tracing import Trace

NOTICE = Message("methods.flows:notice")


def patterns_table(found: Found) -> str:
    """CSV: one row a transaction of a finding."""
    return _table(("finding", "pattern", "id", "src", "dst"), found.rows())


def case_tables(cases: Sequence[Case], ledger: Ledger, language: str) -> Mapping[str, str]:
    """Three CSV files by name: cases, their transactions, and who stands in them."""
    transactions = ((case.name, ledger.ids[row]) for case in cases for row in case.draft.rows)
    accounts = (
        (name, case.name, entry.role, entry.handling, _sentences(entry.why, language))
        for name, case, entry in rows_of_accounts(cases, ledger)
    )
    told = (
        (
            case.name,
            case.draft.typology,
            ";".join(case.draft.met),
            ";".join(case.draft.missing),
            _benign(case, language),
        )
        for case in cases
    )
    return {
        "cases.csv": _table(
            ("case", "typology", "indicators_met", "indicators_missing", "benign"), told
        ),
        "transactions.csv": _table(("case", "id"), transactions),
        "accounts.csv": _table(("account", "case", "role", "handling", "why"), accounts),
    }


def cases_as_json(cases: Sequence[Case], ledger: Ledger, language: str) -> list[object]:
    """Each case with its transactions, indicators, other explanations, and what would decide."""
    return [
        {
            "case": case.name,
            "typology": case.draft.typology,
            "urgent": case.is_urgent,
            "transactions": [ledger.ids[row] for row in case.draft.rows],
            "indicators_met": {
                each: {
                    "indicator": render_message(indicator_message(each), language),
                    "numbers": dict(numbers),
                }
                for each, numbers in case.draft.met.items()
            },
            "indicators_missing": list(case.draft.missing),
            "families": sorted(case.draft.families),
            "benign": _benign(case, language),
            "confirms": render_message(case.confirms, language),
            "refutes": render_message(case.refutes, language),
            "accounts": [
                {
                    "account": ledger.names[entry.account],
                    "role": entry.role,
                    "handling": entry.handling,
                    "why": _sentences(entry.why, language),
                }
                for entry in case.entries
            ],
        }
        for case in cases
    ]


def trace_table(ledger: Ledger, found: Trace) -> str:
    """CSV: transactions that the money passed, with how much of each belongs to it."""
    rows = (
        (
            ledger.ids[row],
            ledger.names[ledger.src[row]],
            ledger.names[ledger.dst[row]],
            in_units(int(ledger.amount[row])),
            in_units(amount),
        )
        for row, amount in sorted(found.amounts.items())
    )
    return _table(("id", "src", "dst", "amount", "traced"), rows)


def trace_as_json(ledger: Ledger, found: Trace) -> dict[str, object]:
    return {
        "from": ledger.ids[found.start],
        "direction": "back" if found.back else "forward",
        "method": found.method,
        "amount": int(ledger.amount[found.start]) / FRACTION,
        "transactions": [
            {
                "id": ledger.ids[row],
                "src": ledger.names[ledger.src[row]],
                "dst": ledger.names[ledger.dst[row]],
                "amount": int(ledger.amount[row]) / FRACTION,
                "traced": amount / FRACTION,
            }
            for row, amount in sorted(found.amounts.items())
        ],
        "ends": {
            ledger.names[account]: amount / FRACTION
            for account, amount in sorted(found.ends.items())
        },
    }


def in_units(thousandths: int) -> str:
    """Thousandths as a decimal number, without zeros at its end."""
    whole, rest = divmod(thousandths, FRACTION)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")


def write_files(files: Mapping[Path, str]) -> None:
    """All files or none: each beside its place first, then moved there."""
    parts = {target.with_name(target.name + ".part"): target for target in files}
    try:
        for part, target in parts.items():
            part.write_text(files[target], encoding="utf-8", newline="")
        for part, target in parts.items():
            part.replace(target)
    except OSError as error:
        raise InputError.at(Message("methods.flows:unwritable")) from error
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Files in a folder, which is made if it is absent; all or none."""
    if folder.is_dir():
        write_files({folder / name: text for name, text in files.items()})
        return
    made = None
    try:
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        for name, text in files.items():
            (made / name).write_text(text, encoding="utf-8", newline="")
        made.chmod(0o700)
        made.rename(folder)
    except OSError as error:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)
        raise InputError.at(Message("methods.flows:unwritable"), file=folder.name) from error


def _benign(case: Case, language: str) -> str:
    told = [render_message(benign_message(each), language) for each in case.benign_of]
    return "; ".join(dict.fromkeys(told))


def _sentences(messages: Iterable[Message], language: str) -> str:
    return " ".join(render_message(message, language) for message in messages)


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = TableWriter(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()
