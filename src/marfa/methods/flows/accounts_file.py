"""What is known of accounts: their kind, when they were opened, and whom they belong to.

Region, nationality and name of a holder are not read: no finding may rest on them.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.flows.ledger import SECONDS, connect, load_rows
from marfa.methods.flows.row_checks import MOST_PROBLEMS

STANDINGS = ("suspect", "unknown", "family", "witness", "possible_victim", "victim", "child")
PROTECTED = frozenset(STANDINGS) - {"suspect"}
ORGANISATIONS = frozenset(
    {"agency", "bank", "business", "charity", "company", "exchange", "merchant", "msb", "npo"}
)
"""First words of kinds of account that are no person's."""
_SPEAKS = re.compile(r"victim|survivor|child|minor|witness|family|relative")
_DAY = re.compile(r"[+-]?\d+(\.\d+)?")


@dataclass(frozen=True)
class Account:
    """kind: a word such as ``person``, ``business``, ``npo``; "" where nothing is known.

    opened: seconds on the clock of the transactions, or None. standing: what a person who knows
    the holder says of them (one of ``STANDINGS``), or "".
    """

    kind: str = ""
    opened: int | None = None
    standing: str = ""

    @property
    def is_protected(self) -> bool:
        return self.standing in PROTECTED

    @property
    def is_organisation(self) -> bool:
        """Whether its kind says that it is no person's: nothing known is a person's."""
        return self.kind.partition("_")[0] in ORGANISATIONS


def read_accounts(path: Path, *, unit: str = "s") -> Mapping[str, Account]:
    """Accounts of a CSV or Parquet file with ``account,kind``; ``open_day`` (a number of days),
    ``opened`` (a time as in the transactions) and ``standing`` if they are there. Where there is
    no standing, a kind or ``role`` that speaks of a victim, child, witness or family protects.

    Raises InputError by row: an account that is missing or there twice, a time that is none, a
    standing that is none of the list.
    """
    optional = ("open_day", "opened", "standing", "role")
    with tempfile.TemporaryDirectory(prefix="marfa-") as folder:
        connection = connect(folder)
        try:
            columns = load_rows(connection, path, ("account", "kind"), optional)
            rows = connection.execute(
                f"SELECT row, {', '.join(columns)} FROM raw ORDER BY row"  # noqa: S608
            ).fetchall()
        finally:
            connection.close()
    return _accounts([dict(zip(("row", *columns), row, strict=True)) for row in rows], path, unit)


def _accounts(rows: list[dict[str, object]], path: Path, unit: str) -> Mapping[str, Account]:
    found: dict[str, Account] = {}
    problems: list[Problem] = []
    for row in rows:
        values = {name: str(value) for name, value in row.items()}
        wrong = _wrong(values, found)
        if wrong:
            key, column = wrong
            place = Place(path.name, int(values["row"]), column)
            problems.append(Problem(Message(f"methods.flows:{key}"), place))
            continue
        kind = values["kind"].casefold()
        told = f"{kind} {values.get('role', '').casefold()}"
        spoken = "possible_victim" if _SPEAKS.search(told) else ""
        standing = values.get("standing", "").casefold() or spoken
        found[values["account"]] = Account(kind, _opened(values, unit), standing)
    if problems:
        raise InputError(*problems[:MOST_PROBLEMS])
    if not found:
        raise InputError.at(Message("methods.flows:file-empty"), file=path.name)
    return found


def _wrong(values: Mapping[str, str], known: Mapping[str, Account]) -> tuple[str, str] | None:
    if not values["account"]:
        return "account-empty", "account"
    if values["account"] in known:
        return "account-twice", "account"
    if values.get("standing", "").casefold() not in {"", *STANDINGS}:
        return "standing-unknown", "standing"
    if values.get("open_day") and not _DAY.fullmatch(values["open_day"]):
        return "not-a-day", "open_day"
    if values.get("opened") and _moment(values["opened"], "s") is None:
        return "not-a-time", "opened"
    return None


def _opened(values: Mapping[str, str], unit: str) -> int | None:
    if values.get("opened"):
        return _moment(values["opened"], unit)
    if values.get("open_day"):
        return int(float(values["open_day"]) * SECONDS["day"])
    return None


def _moment(text: str, unit: str) -> int | None:
    if _DAY.fullmatch(text):
        return int(float(text) * SECONDS[unit])
    try:
        return int(np.datetime64(text.removesuffix("Z")).astype("datetime64[s]").astype(np.int64))
    except ValueError:
        return None
