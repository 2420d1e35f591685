"""How columns and values of one's own stand in the variables of CTDC: a file in TOML.

    [columns]
    sex = "gender"
    form = ["isForcedLabour", "isSexualExploit"]

    [values.sex]
    F = "Woman"

    [values.form]
    labour = "isForcedLabour"
    sexual = { isSexualExploit = "1" }

columns: the variable of each column, or the variables over which its values are spread. values: the
code of each value; where there are several variables, the one that is 1, or codes by variable. A
column without values keeps them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message

Codes = Mapping[str, str]
"""By variable, the code."""


@dataclass(frozen=True)
class CtdcMap:
    """columns: by column, its variables. values: by column and value, the codes; a column that is
    not among them keeps its values."""

    columns: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, Codes]] = field(default_factory=dict)

    def variables(self, column: str) -> tuple[str, ...]:
        """Where a column stands; one that is not named is a variable itself."""
        return self.columns.get(column, (column,))

    def codes(self, column: str, value: str) -> Codes:
        """The codes of a value. Raises InputError for one that the file leaves out."""
        if column not in self.values:
            return {self.variables(column)[0]: value}
        if value not in self.values[column]:
            raise InputError.at(
                Message("methods.disclosure.tables:ctdc-value", {"value": value}), column=column
            )
        return self.values[column][value]


def read_ctdc_map(path: Path, variables: tuple[str, ...]) -> CtdcMap:
    """The map in a file. variables: those that CTDC has.

    Raises InputError that names what is wrong.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError.at(Message("methods.disclosure.tables:no-file"), file=str(path)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _error(path, str(error)[:200]) from error
    if set(data) - {"columns", "values"} or not isinstance(data.get("columns"), dict):
        raise _error(path, ", ".join(sorted(set(data) - {"columns", "values"})) or "columns")
    columns = {name: _names(path, name, value) for name, value in data["columns"].items()}
    for name in (variable for names in columns.values() for variable in names):
        if name not in variables:
            raise _error(path, name)
    values: dict[str, dict[str, Codes]] = {}
    for column, codes in dict(data.get("values", {})).items():
        if column not in columns or not isinstance(codes, dict):
            raise _error(path, column)
        values[column] = {v: _codes(path, columns[column], v, c) for v, c in codes.items()}
    for column, names in columns.items():
        if len(names) > 1 and column not in values:
            raise _error(path, column)
    return CtdcMap(columns, values)


def _names(path: Path, column: str, value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise _error(path, column)
    return tuple(names)


def _codes(path: Path, names: tuple[str, ...], value: str, codes: Any) -> Codes:
    if isinstance(codes, str):
        if len(names) == 1:
            return {names[0]: codes}
        codes = {codes: "1"}
    if not isinstance(codes, dict) or set(codes) - set(names):
        raise _error(path, value)
    return {name: str(code) for name, code in codes.items()}


def _error(path: Path, name: str) -> InputError:
    return InputError.at(
        Message("methods.disclosure.tables:ctdc-map", {"name": name}), file=path.name
    )
