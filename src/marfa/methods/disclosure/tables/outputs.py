"""Which function writes a file, by its ending."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.ctdc_map import CtdcMap
from marfa.methods.disclosure.tables.out_flat import write_csv, write_ctdc
from marfa.methods.disclosure.tables.out_html import write_html
from marfa.methods.disclosure.tables.out_rows import replace_file
from marfa.methods.disclosure.tables.out_sdmx import Indicator, write_sdmx
from marfa.methods.disclosure.tables.out_xlsx import write_xlsx
from marfa.methods.disclosure.tables.protected_table import ProtectedTable

Writer = Callable[[ProtectedTable, Path], None]


def write_json(table: ProtectedTable, path: Path) -> None:
    """The table as it may be published: one mark for every withheld cell."""
    _write_json(table.with_one_mark().as_json(), path)


def write_working_json(table: ProtectedTable, path: Path) -> None:
    """The working copy, with the reason of each withheld cell: for the desk, never for readers."""
    _write_json({"working_copy": True, **table.as_json()}, path, mode=0o600)


def _write_json(data: dict[str, Any], path: Path, mode: int = 0o644) -> None:
    with replace_file(path, mode=mode) as temporary:
        text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
        temporary.write_text(text, encoding="utf-8")


def writer(
    path: Path,
    *,
    language: str = "en",
    area: str = "",
    period: str = "",
    fit: Mapping[str, str] | None = None,
    ctdc: CtdcMap | None = None,
) -> Writer:
    """The writer for a file's ending.

    language: of workbook and page. area, period, fit: of SDMX (see ``out_sdmx.Indicator``).
    ctdc: from columns of one's own to the variables of CTDC.
    Raises InputError for an ending that is not known and a folder that is not there.
    """
    name = path.name.lower()
    if not path.parent.is_dir():
        raise InputError.at(Message("methods.disclosure.tables:no-folder"), file=str(path))
    for kind in ("xml", "json", "csv"):
        if name.endswith(f".sdmx.{kind}"):
            indicator = Indicator(area, period or None, **dict(fit or {}))
            return _sdmx(indicator, kind)
    if name.endswith(".working.json"):
        return write_working_json
    if name.endswith(".ctdc.csv"):
        return lambda table, target: write_ctdc(table, target, ctdc)
    if name.endswith(".html"):
        return lambda table, target: write_html(table, target, language)
    if name.endswith(".xlsx"):
        return lambda table, target: write_xlsx(table, target, language)
    plain: dict[str, Writer] = {".csv": write_csv, ".json": write_json}
    if path.suffix.lower() not in plain:
        raise InputError.at(Message("methods.disclosure.tables:out-unknown"), file=path.name)
    return plain[path.suffix.lower()]


def writer_of_ending(ending: str, *, language: str) -> Writer:
    """The writer of one of the plain forms: json, csv, html."""
    if ending == "html":
        return lambda table, target: write_html(table, target, language)
    return {"json": write_json, "csv": write_csv}[ending]


def _sdmx(indicator: Indicator, kind: str) -> Writer:
    return lambda table, target: write_sdmx(table, target, indicator, kind=kind)
